"""Operators are the owners and administrators of the installation's own organization, and nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0045_operators"
down_revision = "0044_converted_sums"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the mark that a user had beside their roles: whoever was taken out of that organization kept it."""
    op.drop_column("users", "operator")


def downgrade() -> None:
    """Mark those who run the installation now."""
    op.add_column(
        "users",
        sa.Column(
            "operator",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether they run this installation.",
        ),
    )
    op.execute(
        "update users set operator = true where id in (select user_id from members where role in ('admin', 'owner')"
        " and organization_id = '00000000-0000-0000-0000-000000000000')"
    )
