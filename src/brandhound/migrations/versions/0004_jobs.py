"""Tables of jobs."""

revision = "0004_jobs"
down_revision = "0003_tenancy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what jobs needs."""


def downgrade() -> None:
    """Take it away again."""
