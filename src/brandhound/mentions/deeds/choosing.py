"""Which stories and articles a person means."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_

from brandhound.core.db import Db, one_of
from brandhound.core.pages import from_cursor, page_of
from brandhound.core.problems import NotThere
from brandhound.mentions.deeds.errors import NotInTheStory
from brandhound.mentions.deeds.models import StoryDeed
from brandhound.mentions.deeds.schemas import DeedOut, DeedPage, MatchCount, MentionCount
from brandhound.mentions.models import Mention
from brandhound.mentions.queries import MentionFilter, StoryFilter, matching_mentions, matching_stories
from brandhound.mentions.story_models import Story

MOST_COUNTED = 1_000_000


async def count_matching(db: Db, wanted: StoryFilter) -> MatchCount:
    """How many stories match. Raises RangeUpsideDown."""
    found = matching_stories(wanted).limit(MOST_COUNTED + 1).subquery("found")
    number = await db.scalar(select(func.count()).select_from(found)) or 0
    return MatchCount(stories=min(number, MOST_COUNTED), more=number > MOST_COUNTED)


async def count_matching_mentions(db: Db, wanted: MentionFilter) -> MentionCount:
    """How many mentions match. Raises RangeUpsideDown."""
    found = matching_mentions(wanted).limit(MOST_COUNTED + 1).subquery("found")
    number = await db.scalar(select(func.count()).select_from(found)) or 0
    return MentionCount(mentions=min(number, MOST_COUNTED), more=number > MOST_COUNTED)


async def articles_named(
    db: Db, story_id: UUID, article_ids: Sequence[UUID], mention_ids: Sequence[UUID]
) -> list[UUID]:
    """The articles that are named, by themselves or by mentions of the story. Raises NotThere or NotInTheStory."""
    if await db.get(Story, story_id) is None:
        raise NotThere("story")
    statement = select(Mention.id, Mention.article_id).where(
        Mention.id == one_of(mention_ids), Mention.story_id == story_id
    )
    named = dict((await db.execute(statement)).all())
    if strange := set(mention_ids) - named.keys():
        raise NotInTheStory(sorted(map(str, strange)))
    return list(dict.fromkeys([*article_ids, *named.values()]))


async def deeds_page(db: Db, cursor: str | None, limit: int) -> DeedPage:
    """What people did, the latest first. Raises BadCursor."""
    when = (StoryDeed.created_at, StoryDeed.id)
    statement = select(StoryDeed).order_by(*(column.desc() for column in when)).limit(limit + 1)
    if cursor:
        statement = statement.where(tuple_(*when) < tuple_(*from_cursor(cursor, datetime, UUID)))
    page = page_of((await db.scalars(statement)).all(), limit, lambda deed: (deed.created_at, deed.id))
    return DeedPage(items=[DeedOut.model_validate(deed) for deed in page.items], next=page.next)
