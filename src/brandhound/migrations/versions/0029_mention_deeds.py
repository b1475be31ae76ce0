"""Deeds over many single mentions: judged, or given a tone."""

import sqlalchemy as sa
from alembic import op

revision = "0029_mention_deeds"
down_revision = "0028_moving_merges"
branch_labels = None
depends_on = None

_OF_STORIES = "'merge', 'split', 'headline', 'star', 'unstar', 'archive', 'unarchive', 'tag', 'untag', 'delete'"
_OF_MENTIONS = "'yes', 'no', 'unjudge', 'tone', 'untone'"
_TONES = "tone in ('positive', 'neutral', 'negative', 'mixed', 'unclear')"
_COMMENTS = {
    "kind": (
        "merge, split, headline, or what was marked.",
        "merge, split, headline, what was marked, or said of mentions.",
    ),
    "total": ("Stories it is about.", "Stories or mentions it is about."),
    "changed": ("Stories that it changed.", "Those that it changed."),
    "failed": ("Stories it could not be done to.", "Those it could not be done to."),
}


def upgrade() -> None:
    """Let deeds be about mentions, too."""
    op.add_column("story_deeds", sa.Column("tone", sa.Text(), nullable=True, comment="The tone that was said."))
    op.add_column(
        "story_deed_items",
        sa.Column("mention_id", sa.Uuid(), nullable=True, comment="The mention, where it is about one."),
    )
    op.create_check_constraint(op.f("ck_story_deeds_tone"), "story_deeds", _TONES)
    _let_be(f"{_OF_STORIES}, {_OF_MENTIONS}", 1)


def downgrade() -> None:
    """Forget what was done to mentions; what they were judged stays."""
    op.execute(f"delete from story_deeds where kind in ({_OF_MENTIONS})")
    _let_be(_OF_STORIES, 0)
    op.drop_constraint(op.f("ck_story_deeds_tone"), "story_deeds", type_="check")
    op.drop_column("story_deed_items", "mention_id")
    op.drop_column("story_deeds", "tone")


def _let_be(kinds: str, which: int) -> None:
    op.drop_constraint(op.f("ck_story_deeds_kind"), "story_deeds", type_="check")
    op.create_check_constraint(op.f("ck_story_deeds_kind"), "story_deeds", f"kind in ({kinds})")
    for column, comments in _COMMENTS.items():
        op.alter_column("story_deeds", column, comment=comments[which])
