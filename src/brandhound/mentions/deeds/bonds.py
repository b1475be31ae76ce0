"""What people decided about where articles belong. The machine asks here before it places one, and never overrules."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from brandhound.core.db import Db, one_of
from brandhound.core.problems import NotThere
from brandhound.mentions.deeds.models import REGROUPINGS, StoryDeed, StoryDeedItem
from brandhound.mentions.story_models import Story, StoryArticle, StoryTag

MOST_HOPS = 20
"""Merges of merges that an old address is followed through."""


async def placed_by_hand(db: Db, article_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By article: the story that a person's latest merge or split left it in. Nothing of those taken back."""
    if not article_ids:
        return {}
    wanted = and_(StoryDeed.kind.in_(REGROUPINGS), StoryDeedItem.to_story_id.is_not(None))
    found: dict[UUID, UUID] = {}
    for article_id, story_id in await db.execute(_standing(article_ids).where(wanted).order_by(StoryDeed.id)):
        if article_id is not None and story_id is not None:
            found[article_id] = story_id
    return found


async def kin_before(db: Db, article_ids: Sequence[UUID]) -> defaultdict[UUID, list[tuple[str, UUID, float | None]]]:
    """By article: whom it copied before people moved it, how and how much, the latest move first."""
    found: defaultdict[UUID, list[tuple[str, UUID, float | None]]] = defaultdict(list)
    if not article_ids:
        return found
    moves = _standing(article_ids).with_only_columns(StoryDeedItem.article_id, StoryDeedItem.before)
    for article_id, before in await db.execute(
        moves.where(StoryDeed.kind.in_(REGROUPINGS)).order_by(StoryDeed.id.desc())
    ):
        if article_id is not None and before is not None and before["reprint_of"]:
            found[article_id].append((before["relation"], UUID(before["reprint_of"]), before["containment"]))
    return found


async def deleted_by_hand(db: Db, article_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these articles whose story a person deleted: they are not taken in again."""
    if not article_ids:
        return set()
    rows = await db.execute(_standing(article_ids).where(StoryDeed.kind == "delete", StoryDeedItem.state == "done"))
    return {article_id for article_id, _ in rows if article_id is not None}


def is_kept_by_people() -> ColumnElement[bool]:
    """Whether a story (a row of `Story`) bears what people put on it, and what would be lost with it: star, tag or headline."""
    tagged = exists(select(StoryTag.id).where(StoryTag.story_id == Story.id).correlate(Story))
    return or_(Story.starred.is_(True), Story.chosen_headline_id.is_not(None), tagged)


def is_regrouped() -> ColumnElement[bool]:
    """Whether people merged a story (a row of `Story`) or split it."""
    moved = (
        select(StoryDeedItem.id)
        .join(StoryDeed, StoryDeed.id == StoryDeedItem.deed_id)
        .join(StoryArticle, StoryArticle.article_id == StoryDeedItem.article_id)
        .where(StoryArticle.story_id == Story.id, StoryDeed.kind.in_(REGROUPINGS), StoryDeed.undone_at.is_(None))
    )
    return exists(moved.correlate(Story))


async def story_at(db: Db, story_id: UUID) -> Story:
    """The story at this address; of one that was merged away the one that it went into. Raises NotThere."""
    story = await db.get(Story, story_id)
    if story is None and (merged := await _where_it_went(db, story_id)):
        story = await db.get(Story, merged)
    if story is None:
        raise NotThere("story")
    return story


async def where_they_went(db: Db, story_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By story that is not there any more: the one that it was merged into. Nothing of those deleted."""
    there = set(await db.scalars(select(Story.id).where(Story.id == one_of(story_ids))))
    went = {one: await _where_it_went(db, one) for one in set(story_ids) - there}
    return {one: into for one, into in went.items() if into is not None}


async def _where_it_went(db: Db, story_id: UUID) -> UUID | None:
    """The story that a story which is not there any more was merged into."""
    here = story_id
    for _ in range(MOST_HOPS):
        here = await db.scalar(
            select(StoryDeedItem.to_story_id)
            .join(StoryDeed, StoryDeed.id == StoryDeedItem.deed_id)
            .where(
                StoryDeedItem.story_id == here,
                StoryDeedItem.to_story_id != here,
                StoryDeed.kind == "merge",
                StoryDeed.undone_at.is_(None),
            )
            .order_by(StoryDeed.id.desc())
            .limit(1)
        )
        if here is None:
            return None
        if await db.get(Story, here) is not None:
            return here
    return None


def _standing(article_ids: Sequence[UUID]) -> Select[UUID | None, UUID | None]:
    return (
        select(StoryDeedItem.article_id, StoryDeedItem.to_story_id)
        .join(StoryDeed, StoryDeed.id == StoryDeedItem.deed_id)
        .where(StoryDeedItem.article_id == one_of(article_ids), StoryDeed.undone_at.is_(None))
    )
