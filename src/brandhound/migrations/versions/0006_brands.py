"""Tables of brands."""

revision = "0006_brands"
down_revision = "0005_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what brands needs."""


def downgrade() -> None:
    """Take it away again."""
