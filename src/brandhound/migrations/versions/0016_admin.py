"""What the operator watches."""

revision = "0016_admin"
down_revision = "0015_notification_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
