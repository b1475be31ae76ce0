"""Tables of feeds."""

revision = "0007_feeds"
down_revision = "0006_brands"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what feeds needs."""


def downgrade() -> None:
    """Take it away again."""
