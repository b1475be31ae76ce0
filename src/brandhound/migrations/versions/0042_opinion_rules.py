"""Which new mentions an organization has a model asked about by itself."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0042_opinion_rules"
down_revision = "0043_exchange_rates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table with a row for whoever had chosen a model: until now it was asked when a person said so, and no money is spent otherwise."""
    op.create_table(
        "opinion_rules",
        sa.Column(
            "reach",
            sa.Text(),
            nullable=False,
            comment="other_meanings: of names that may mean something else; doubtful: those in doubt; asked: when a person asks.",
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="When that was last said."),
        sa.Column("id", sa.Uuid(), nullable=False, comment="Sorts by the time it was made."),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.CheckConstraint("reach in ('other_meanings', 'doubtful', 'asked')", name=op.f("ck_opinion_rules_reach")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_rules")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_opinion_rules_organization_id_id")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_opinion_rules_organization_id")),
        comment="Which new mentions a model is asked about by itself; where there is no row, other_meanings.",
    )
    secure("opinion_rules")
    op.execute(
        "insert into opinion_rules (id, organization_id, reach, updated_at)"
        " select gen_random_uuid(), organization_id, 'asked', now() from model_choices"
        " where feature = 'mentions.second_opinion'"
    )


def downgrade() -> None:
    """What was chosen is lost; nothing is asked by itself then."""
    op.drop_table("opinion_rules")
