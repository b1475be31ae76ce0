"""Tables of notifications."""

revision = "0005_notifications"
down_revision = "0004_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what notifications needs."""


def downgrade() -> None:
    """Take it away again."""
