"""What could not be said of ads, and for want of what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035_unsaid_of_ads"
down_revision = "0034_tone_lessons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more column; empty until the ads are judged again."""
    op.add_column(
        "ad_verdicts",
        sa.Column(
            "unsaid",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="By rule that could not be looked at: of what there was too little.",
        ),
    )


def downgrade() -> None:
    """Verdicts are made anew after each sync."""
    op.drop_column("ad_verdicts", "unsaid")
