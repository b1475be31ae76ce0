"""Words that people put on stories."""

import re
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.mentions.deeds.errors import TagMissing
from brandhound.mentions.story_models import StoryTag

MOST_TAGS = 20
LONGEST_TAG = 60


async def tags_of_stories(db: Db, story_ids: Sequence[UUID]) -> defaultdict[UUID, set[str]]:
    """By story: its tags."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    statement = select(StoryTag.story_id, StoryTag.tag).where(StoryTag.story_id == one_of(story_ids))
    for story_id, tag in await db.execute(statement):
        found[story_id].add(tag)
    return found


async def tags_in_use(db: Db) -> list[tuple[str, int]]:
    """The organization's tags with how many stories bear each, the most used first."""
    counted = select(StoryTag.tag, func.count()).group_by(StoryTag.tag)
    rows = await db.execute(counted.order_by(func.count().desc(), StoryTag.tag))
    return [(tag, number) for tag, number in rows]


async def put_on(db: Db, story_ids: Sequence[UUID], tag: str) -> None:
    """Put a tag on stories. Safe to repeat."""
    if story_ids:
        values = [{"id": uuid7(), "story_id": one, "tag": tag} for one in story_ids]
        await db.execute(insert(StoryTag).on_conflict_do_nothing(), values)


async def spelled(db: Db, tag: str | None) -> str:
    """The tag as the organization writes it already, whatever its case. Raises TagMissing."""
    word = re.sub(r"\s+", " ", (tag or "").replace("\0", "")).strip()
    if not word or len(word) > LONGEST_TAG:
        raise TagMissing
    known = {one.casefold(): one for one, _ in await tags_in_use(db)}
    return known.get(word.casefold(), word)
