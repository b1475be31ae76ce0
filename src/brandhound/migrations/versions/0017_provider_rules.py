"""What operators allow of providers."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import open_table

revision = "0017_provider_rules"
down_revision = "0016_admin"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "provider_rules",
        sa.Column("provider", sa.Text(), nullable=False, comment="Whose service it is, such as openai."),
        sa.Column("requests_a_minute", sa.Integer(), nullable=True, comment="Of each key and model; empty: not set."),
        sa.Column("requests_a_day", sa.Integer(), nullable=True, comment="Of each key and model; empty: not set."),
        sa.Column(
            "calls_at_once",
            sa.Integer(),
            nullable=True,
            comment="Calls at the same time of each key and model; empty: not set.",
        ),
        sa.Column(
            "retry_share",
            sa.Double[float](),
            nullable=True,
            comment="Which part of its calls may be calls made again; empty: a tenth.",
        ),
        sa.Column(
            "retries_at_least",
            sa.Integer(),
            nullable=True,
            comment="Calls made again in ten minutes that are allowed in any case; empty: five.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was set last.",
        ),
        sa.CheckConstraint("requests_a_minute > 0", name="ck_provider_rules_requests_a_minute"),
        sa.CheckConstraint("requests_a_day > 0", name="ck_provider_rules_requests_a_day"),
        sa.CheckConstraint("calls_at_once > 0", name="ck_provider_rules_calls_at_once"),
        sa.CheckConstraint("retry_share between 0 and 1", name="ck_provider_rules_retry_share"),
        sa.CheckConstraint("retries_at_least >= 0", name="ck_provider_rules_retries_at_least"),
        sa.PrimaryKeyConstraint("provider", name="pk_provider_rules"),
        comment="What operators allow of providers: limits for each key and model, and the budget of retries.",
    )
    open_table("provider_rules")


def downgrade() -> None:
    """Remove it."""
    op.drop_table("provider_rules")
