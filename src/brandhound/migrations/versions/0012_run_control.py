"""Runs that wait, pause, get lost or die, and schedules that overlap."""

revision = "0012_run_control"
down_revision = "0010_mention_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
