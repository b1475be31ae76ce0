"""Indexes for the screens of mentions."""

revision = "0010_mention_speed"
down_revision = "0009_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
