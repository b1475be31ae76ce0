"""Tables of identity."""

revision = "0002_identity"
down_revision = "0001_core"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what identity needs."""


def downgrade() -> None:
    """Take it away again."""
