"""Merges of brands with many mentions are done by a run: how far they are."""

import sqlalchemy as sa
from alembic import op

revision = "0028_moving_merges"
down_revision = "0027_ads"
branch_labels = None
depends_on = None

_STATE = "doing, done, undoing or undone: many mentions are moved in portions."


def upgrade() -> None:
    """Say of each merge whether it is done; those of before are, or are taken back."""
    op.add_column("brand_merges", sa.Column("state", sa.Text(), nullable=False, server_default="done", comment=_STATE))
    op.add_column(
        "brand_merges",
        sa.Column("run_id", sa.Uuid(), nullable=True, comment="The run that moves the mentions, where there are many."),
    )
    op.execute("update brand_merges set state = 'undone' where undone_at is not null")
    op.create_check_constraint(
        op.f("ck_brand_merges_state"), "brand_merges", "state in ('doing', 'done', 'undoing', 'undone')"
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_constraint(op.f("ck_brand_merges_state"), "brand_merges", type_="check")
    op.drop_column("brand_merges", "run_id")
    op.drop_column("brand_merges", "state")
