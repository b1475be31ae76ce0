"""Addresses of what people do to stories by hand."""

from typing import Annotated, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.mentions.deeds import headlines, marking, regrouping, undoing
from brandhound.mentions.deeds.choosing import articles_named, count_matching, count_matching_mentions, deeds_page
from brandhound.mentions.deeds.models import StoryDeed
from brandhound.mentions.deeds.schemas import (
    DeedDetail,
    DeedOut,
    DeedPage,
    DeedProblem,
    MatchCount,
    Matching,
    MatchingMentions,
    MentionCount,
    NewDeed,
    NewHeadline,
    NewMentionDeed,
    NewMerge,
    NewSplit,
    TagList,
)
from brandhound.mentions.deeds.tags import tags_in_use
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer
from brandhound.tenancy.people import Caller

router = APIRouter(prefix="/api/stories", tags=["stories"])
of_mentions = APIRouter(prefix="/api/mentions", tags=["mentions"])

MOST_PROBLEMS = 200


M = TypeVar("M", Matching, MatchingMentions)


def _in_zone(matching: M, caller: Caller) -> M:
    """A moment without a zone is meant in the organization's."""
    zone = ZoneInfo(caller.time_zone)
    moments = {
        name: moment.replace(tzinfo=zone)
        for name in ("since", "until")
        if (moment := getattr(matching, name)) and moment.tzinfo is None
    }
    return matching.model_copy(update=moments)


@router.get("/tags")
async def list_story_tags(db: TenantDb, _: Viewer) -> TagList:
    """The organization's tags, the most used first."""
    return TagList.of(await tags_in_use(db))


@router.post("/matching")
async def count_matching_stories(matching: Matching, db: TenantDb, caller: Viewer) -> MatchCount:
    """How many stories match these filters."""
    return await count_matching(db, _in_zone(matching, caller).as_filter())


@router.get("/deeds")
async def list_story_deeds(
    db: TenantDb, _: Viewer, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 30
) -> DeedPage:
    """What people did to stories, the latest first."""
    return await deeds_page(db, cursor, limit)


@router.post("/deeds", status_code=201, response_model=DeedOut)
async def mark_stories(new: NewDeed, db: TenantDb, caller: Analyst) -> StoryDeed:
    """Star, archive, tag or delete stories: some by name, or all that match. More than 500 are done by a run."""
    matching = _in_zone(new.matching, caller).as_filter() if new.matching else None
    return await marking.mark_stories(
        db, caller, new.kind, clock.now(), tag=new.tag, story_ids=new.stories, matching=matching
    )


@of_mentions.post("/matching")
async def count_mentions_that_match(matching: MatchingMentions, db: TenantDb, caller: Viewer) -> MentionCount:
    """How many mentions match these filters."""
    return await count_matching_mentions(db, _in_zone(matching, caller).as_filter())


@of_mentions.post("/deeds", status_code=201, response_model=DeedOut)
async def say_of_mentions(new: NewMentionDeed, db: TenantDb, caller: Analyst) -> StoryDeed:
    """Judge mentions or say their tone: some by name, or all that match. More than 500 are done by a run.

    It stands among the deeds of stories, and is taken back there.
    """
    matching = _in_zone(new.matching, caller).as_filter() if new.matching else None
    return await marking.say_of_mentions(
        db, caller, new.kind, clock.now(), tone=new.tone, mention_ids=new.mentions, matching=matching
    )


@router.get("/deeds/{deed_id}")
async def read_story_deed(deed_id: UUID, db: TenantDb, _: Viewer) -> DeedDetail:
    """How far a deed is, and what it could not be done to."""
    deed = await marking.deed_by_id(db, deed_id)
    problems = await marking.problems_of(db, deed_id, MOST_PROBLEMS)
    return DeedDetail(
        **DeedOut.model_validate(deed).model_dump(),
        problems=[DeedProblem.model_validate(item) for item in problems],
    )


@router.put("/deeds/{deed_id}/undoing", response_model=DeedOut)
async def undo_story_deed(deed_id: UUID, db: TenantDb, caller: Analyst) -> StoryDeed:
    """Take a deed back. Of a deletion for 30 days, of all else for ever."""
    return await undoing.undo_deed(db, caller, deed_id, clock.now())


@router.post("/merges", status_code=201, response_model=DeedOut)
async def merge_stories(new: NewMerge, db: TenantDb, caller: Analyst) -> StoryDeed:
    """Make one story of several. Matching respects it: what copies an article of any of them comes to the one."""
    return await regrouping.merge_stories(db, caller, new.into, new.stories, clock.now())


@router.post("/{story_id}/splits", status_code=201, response_model=DeedOut)
async def split_story(story_id: UUID, new: NewSplit, db: TenantDb, caller: Analyst) -> StoryDeed:
    """Put articles into a story of their own, which the answer names. New copies of them come to it."""
    chosen = await articles_named(db, story_id, new.articles, new.mentions)
    return await regrouping.split_story(db, caller, story_id, chosen, clock.now(), with_copies=new.with_copies)


@router.put("/{story_id}/headline", response_model=DeedOut)
async def choose_story_headline(story_id: UUID, new: NewHeadline, db: TenantDb, caller: Analyst) -> StoryDeed:
    """Let an article speak for the story, whatever comes in later."""
    return await headlines.choose_headline(db, caller, story_id, new.article_id, clock.now())


@router.delete("/{story_id}/headline", response_model=DeedOut)
async def withdraw_story_headline(story_id: UUID, db: TenantDb, caller: Analyst) -> StoryDeed:
    """Give the choice of the headline back."""
    return await headlines.choose_headline(db, caller, story_id, None, clock.now())
