"""What was done to one mention is found without reading all that was done."""

import sqlalchemy as sa
from alembic import op

revision = "0054_deed_mentions"
down_revision = "0053_story_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the mentions that deeds are about."""
    op.create_index(
        "ix_story_deed_items_mention",
        "story_deed_items",
        ["organization_id", "mention_id"],
        postgresql_where=sa.text("mention_id is not null"),
    )


def downgrade() -> None:
    """Only the index goes."""
    op.drop_index("ix_story_deed_items_mention", "story_deed_items")
