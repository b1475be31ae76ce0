"""Which entries came from a site's sitemap, so that a feed's rhythm is that of the feed."""

import sqlalchemy as sa
from alembic import op

revision = "0050_backfilled_entries"
down_revision = "0049_queue_waits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark what the reading of a sitemap stored, and have what was learnt wrongly from it learnt anew.

    Whether guids can be believed is found out anew, too, for feeds of which items share a page: they may have been judged
    wrongly. The others keep the judgement that holds them together.
    """
    op.add_column(
        "feed_entries",
        sa.Column(
            "backfilled",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Found in the site's sitemap, and not yet in the feed itself.",
        ),
    )
    op.execute(
        "update feed_entries set backfilled = true from feed_documents where feed_documents.id = feed_entries.document_id"
        " and feed_entries.first_seen_at = feed_documents.backfilled_at"
    )
    op.execute("update feed_documents set rhythm = null, silent_since = null where backfilled_at is not null")
    op.execute(
        "update feed_documents set identity_rule = 'guid', churned = 0 where identity_rule = 'url' and exists ("
        "  select from feed_entries where feed_entries.document_id = feed_documents.id and article_id is not null"
        "  group by article_id having count(*) > 1"
        ")"
    )


def downgrade() -> None:
    """Nobody can tell any more where an entry came from."""
    op.drop_column("feed_entries", "backfilled")
