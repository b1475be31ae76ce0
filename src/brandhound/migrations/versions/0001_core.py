"""What changed, for open screens; and who may see the schema at all."""

import sqlalchemy as sa
from alembic import op

from brandhound.core.addresses import APP_ROLE, SYSTEM_ROLE
from brandhound.migrations.rls import grant_sequence, secure

revision = "0001_core"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("revoke create on schema public from public")
    op.execute(f"grant usage on schema public to {APP_ROLE}, {SYSTEM_ROLE}")
    op.create_table(
        "live_events",
        sa.Column("organization_id", sa.Uuid(), nullable=False, comment="Whose screens are told."),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Ordered by commit."),
        sa.Column("topic", sa.Text(), nullable=False, comment="What kind of thing changed."),
        sa.Column("key", sa.Text(), nullable=False, comment="Which one."),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False, comment="When."),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_live_events"),
        comment="What changed, kept for an hour so that a screen that was away catches up.",
    )
    op.create_index("ix_live_events_id", "live_events", ["id"])
    op.create_index("ix_live_events_at", "live_events", ["at"])
    secure("live_events", system=True)
    grant_sequence("live_events_id_seq")


def downgrade() -> None:
    op.drop_table("live_events")
    op.execute(f"revoke usage on schema public from {APP_ROLE}, {SYSTEM_ROLE}")
