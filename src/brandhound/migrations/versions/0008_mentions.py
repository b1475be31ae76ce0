"""Tables of mentions."""

revision = "0008_mentions"
down_revision = "0007_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what mentions needs."""


def downgrade() -> None:
    """Take it away again."""
