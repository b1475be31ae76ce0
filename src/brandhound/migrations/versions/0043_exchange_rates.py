"""Daily rates between currencies, put in by people."""

import sqlalchemy as sa
from alembic import op

from brandhound.migrations.rls import secure

revision = "0043_exchange_rates"
down_revision = "0040_names_read"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table; nothing is converted until somebody has put rates in."""
    op.create_table(
        "exchange_rates",
        sa.Column(
            "organization_id",
            sa.Uuid(),
            server_default=sa.text("current_setting('app.organization_id')::uuid"),
            nullable=False,
            comment="Whose row it is; filled and guarded by the database.",
        ),
        sa.Column("currency", sa.Text(), nullable=False, comment="The currency (ISO 4217)."),
        sa.Column("day", sa.Date(), nullable=False, comment="The day that the rate is of."),
        sa.Column(
            "base",
            sa.Text(),
            nullable=False,
            comment="The currency that all rates of an organization are against.",
        ),
        sa.Column(
            "rate",
            sa.Numeric(26, 12),
            nullable=False,
            comment="How many units of the currency one unit of the base is worth.",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="Where it comes from, in words."),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False, comment="When it was put in."),
        sa.Column("brought_by", sa.Uuid(), nullable=True, comment="Who put it in; empty for an API key."),
        sa.Column(
            "removal_id",
            sa.Uuid(),
            nullable=True,
            comment="The removal that took it away; for a day it can be taken back. Empty while the rate counts.",
        ),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True, comment="When it was taken away."),
        sa.CheckConstraint(
            "currency ~ '^[A-Z]{3}$' and base ~ '^[A-Z]{3}$' and currency <> base",
            name=op.f("ck_exchange_rates_currencies"),
        ),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rates_rate")),
        sa.CheckConstraint("(removal_id is null) = (removed_at is null)", name=op.f("ck_exchange_rates_removal")),
        sa.PrimaryKeyConstraint("organization_id", "currency", "day", name=op.f("pk_exchange_rates")),
        comment="Daily rates between currencies, put in by people; they serve to show money and change no fact.",
    )
    op.create_index(
        "ix_exchange_rates_removal",
        "exchange_rates",
        ["organization_id", "removal_id"],
        postgresql_where=sa.text("removal_id is not null"),
    )
    secure("exchange_rates")


def downgrade() -> None:
    """Forget them. No fact rests on them."""
    op.drop_table("exchange_rates")
