"""Tables of reports."""

revision = "0009_reports"
down_revision = "0008_mentions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what reports needs."""


def downgrade() -> None:
    """Take it away again."""
