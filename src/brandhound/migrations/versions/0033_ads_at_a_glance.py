"""When an ad was shown last, beside its sums; what an account's last day tells, beside what is usual."""

import sqlalchemy as sa
from alembic import op

revision = "0033_ads_at_a_glance"
down_revision = "0032_action_values"
branch_labels = None
depends_on = None

BEFORE = "What else the verdicts rest on: the bar of a purchase's cost, how late purchases come, what happened."
AFTER = "What else verdicts rest on (the bar of a cost, how late purchases come), and what the last day tells."


def upgrade() -> None:
    """Both are counted with the next sync."""
    op.add_column(
        "ad_window_sums",
        sa.Column("last_on", sa.Date(), nullable=True, comment="The last of those on which it was shown."),
    )
    op.alter_column("ad_baselines", "facts", existing_type=sa.JSON(), comment=AFTER, existing_comment=BEFORE)


def downgrade() -> None:
    """Forget it."""
    op.alter_column("ad_baselines", "facts", existing_type=sa.JSON(), comment=BEFORE, existing_comment=AFTER)
    op.drop_column("ad_window_sums", "last_on")
