"""Tables of core."""

revision = "0001_core"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what core needs."""


def downgrade() -> None:
    """Take it away again."""
