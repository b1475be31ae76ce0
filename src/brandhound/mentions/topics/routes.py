"""Addresses of topics and key messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.jobs.presenting import run_out
from brandhound.jobs.schemas import RunOut
from brandhound.mentions.topic_models import TopicStanding
from brandhound.mentions.topics import keeping, saying, showing
from brandhound.mentions.topics.schemas import (
    BrandTopicsOut,
    Filling,
    FindingOut,
    NewTopic,
    NewTopicWord,
    TopicList,
    TopicMentionPage,
    TopicOut,
)
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer
from brandhound.tenancy.people import Caller

router = APIRouter(tags=["topics"])

Since = Annotated[datetime | None, Query(description="Published at this moment or later; by default 90 days ago")]
Until = Annotated[datetime | None, Query(description="Published before this moment")]


def _in_zone(moment: datetime | None, caller: Caller) -> datetime | None:
    return moment.replace(tzinfo=ZoneInfo(caller.time_zone)) if moment and moment.tzinfo is None else moment


@router.get("/api/topics")
async def list_topics(db: TenantDb, _: Viewer) -> TopicList:
    """All topics and key messages, with what was found in the last 30 days."""
    return await keeping.all_topics(db, clock.now())


@router.post("/api/topics", status_code=201)
async def make_topic(new: NewTopic, db: TenantDb, caller: Analyst) -> TopicOut:
    """Look for a topic from now on, and in the mentions of the last 90 days."""
    topic = await keeping.make_topic(db, new, caller, clock.now())
    return await keeping.topic_out(db, topic.id, clock.now())


@router.get("/api/topics/{topic_id}")
async def read_topic(topic_id: UUID, db: TenantDb, _: Viewer) -> TopicOut:
    """One topic."""
    return await keeping.topic_out(db, topic_id, clock.now())


@router.put("/api/topics/{topic_id}")
async def change_topic(topic_id: UUID, new: NewTopic, db: TenantDb, caller: Analyst) -> TopicOut:
    """Rename a topic, or say it in other words; then the mentions of the last 90 days are looked through anew."""
    await keeping.change_topic(db, topic_id, new, caller, clock.now())
    return await keeping.topic_out(db, topic_id, clock.now())


@router.put("/api/topics/{topic_id}/archive", status_code=204)
async def archive_topic(topic_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Put a topic away with what was found; nothing new is looked for."""
    await keeping.archive_topic(db, topic_id, caller, archived=True)


@router.delete("/api/topics/{topic_id}/archive", status_code=204)
async def restore_topic(topic_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Take a topic out again."""
    await keeping.archive_topic(db, topic_id, caller, archived=False)


@router.post("/api/topics/{topic_id}/filling", status_code=202)
async def fill_topic(topic_id: UUID, how_far: Filling, db: TenantDb, caller: Analyst) -> RunOut:
    """Learn from all answers, and look for a topic in the mentions of the last days."""
    topic = await keeping.topic_by_id(db, topic_id)
    return await run_out(db, await keeping.fill(db, topic, how_far.days, caller))


@router.get("/api/topics/{topic_id}/mentions")
async def list_topic_mentions(
    topic_id: UUID,
    db: TenantDb,
    _: Viewer,
    standing: TopicStanding | None = None,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> TopicMentionPage:
    """Mentions about a topic with the words that show it, newest first."""
    return await showing.mentions_about(db, topic_id, standing, cursor, limit)


@router.get("/api/stories/{story_id}/topics")
async def list_story_topics(story_id: UUID, db: TenantDb, _: Viewer) -> list[FindingOut]:
    """What a story's mentions are about, and which key messages they tell."""
    return await showing.topics_of_story(db, story_id)


@router.get("/api/brands/{brand_id}/topics")
async def read_brand_topics(
    brand_id: UUID, db: TenantDb, caller: Viewer, since: Since = None, until: Until = None
) -> BrandTopicsOut:
    """How much of what is said of a brand is about which topic."""
    return await showing.topics_of_brand(db, brand_id, _in_zone(since, caller), _in_zone(until, caller), clock.now())


@router.put("/api/mentions/{mention_id}/topics/{topic_id}", status_code=204)
async def say_mention_topic(mention_id: UUID, topic_id: UUID, new: NewTopicWord, db: TenantDb, caller: Analyst) -> None:
    """Say whether a mention is about a topic, or tells a key message."""
    await saying.say_topic(db, mention_id, topic_id, new.verdict, caller, clock.now())


@router.delete("/api/mentions/{mention_id}/topics/{topic_id}", status_code=204)
async def withdraw_mention_topic(mention_id: UUID, topic_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Take the word back; the machine's reading holds again."""
    await saying.say_topic(db, mention_id, topic_id, None, caller, clock.now())
