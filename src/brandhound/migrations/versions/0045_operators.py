"""Operators are the owners and administrators of the installation's own organization, and nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0045_operators"
down_revision = "0044_converted_sums"
branch_labels = None
depends_on = None

_BEFORE = "Whether they run this installation."
_NOW = "Read by the release before alone: whether they run this installation."


def upgrade() -> None:
    """Put the mark right that a user had beside their roles: whoever was taken out of that organization kept it.

    It stays for the release before, which works on these tables while machines are updated one after the other.
    """
    op.execute(_RIGHT)
    op.alter_column("users", "operator", existing_type=sa.Boolean(), comment=_NOW, existing_comment=_BEFORE)


def downgrade() -> None:
    """Mark those who run the installation now."""
    op.execute(_RIGHT)
    op.alter_column("users", "operator", existing_type=sa.Boolean(), comment=_BEFORE, existing_comment=_NOW)


_RIGHT = (
    "update users set operator = id in (select user_id from members where role in ('admin', 'owner')"
    " and organization_id = '00000000-0000-0000-0000-000000000000')"
)
