"""Channels, preferences and deliveries of notices."""

revision = "0015_notification_channels"
down_revision = "0014_logs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
