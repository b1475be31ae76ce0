"""Log lines of every process."""

revision = "0014_logs"
down_revision = "0013_providers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
