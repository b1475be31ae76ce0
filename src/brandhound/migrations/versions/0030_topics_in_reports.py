"""What the mentions of a report were about, kept with its evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0030_topics_in_reports"
down_revision = "0029_mention_deeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the topics of mentions; reports of before told of none."""
    op.add_column(
        "report_mentions",
        sa.Column(
            "topic_ids",
            sa.ARRAY(sa.Uuid()),
            nullable=False,
            server_default="{}",
            comment="Topics that it was about, where the report tells of topics.",
        ),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("report_mentions", "topic_ids")
