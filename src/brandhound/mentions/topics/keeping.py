"""Makes, changes and puts away topics and key messages. After each change earlier mentions are looked through anew."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from brandhound.brands.models import Brand
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.mentions.learning.sights import sentence_model_is_there
from brandhound.mentions.topic_models import Topic, TopicFinding
from brandhound.mentions.topics.errors import TooManyTopics, TopicNamedAlready, TopicOnUnknownBrand
from brandhound.mentions.topics.schemas import NewTopic, TopicList, TopicOut
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

MOST = 60
"""Topics that are looked for at once."""
SHOWN_DAYS = timedelta(days=30)
FILLED_DAYS = 90
"""So far back a topic is looked for by itself: as far as the shares of a brand look, or they would be of texts nobody read."""
UNDER_WAY = ("queued", "running", "scheduled", "waiting", "snoozed")


async def make_topic(db: Db, new: NewTopic, caller: Caller, at: datetime) -> Topic:
    """Look for a topic from now on, and in the mentions of the last 90 days.

    Raises TopicNamedAlready, TooManyTopics or TopicOnUnknownBrand.
    """
    await _check(db, new, None)
    await _check_room(db)
    topic = Topic(**new.model_dump(), created_by=caller.user_id, created_at=at, updated_at=at)
    db.add(topic)
    await db.flush()
    await record(db, caller, "topics.made", "topic", topic.id, {"title": topic.title, "sort": topic.sort})
    publish(db, "topics", topic.id)
    await fill(db, topic, FILLED_DAYS, caller)
    return topic


async def change_topic(db: Db, topic_id: UUID, new: NewTopic, caller: Caller, at: datetime) -> Topic:
    """Put other words in place of a topic's. Answers that people gave stay; what they taught is learned anew.

    Raises NotThere, TopicNamedAlready or TopicOnUnknownBrand.
    """
    topic = await topic_by_id(db, topic_id)
    await _check(db, new, topic_id)
    before = {name: getattr(topic, name) for name in new.model_dump()}
    if before == new.model_dump():
        return topic
    for name, value in new.model_dump().items():
        setattr(topic, name, value)
    topic.updated_at = at
    await db.flush()
    facts: dict[str, object] = {
        "title": topic.title,
        "before": {**before, "brand_id": str(before["brand_id"] or "") or None},
    }
    await record(db, caller, "topics.changed", "topic", topic.id, facts)
    publish(db, "topics", topic.id)
    if not topic.archived:
        await fill(db, topic, FILLED_DAYS, caller)
    return topic


async def archive_topic(db: Db, topic_id: UUID, caller: Caller, *, archived: bool) -> None:
    """Put a topic away with what was found, or take it out again. Safe to repeat. Raises NotThere or TooManyTopics."""
    topic = await topic_by_id(db, topic_id)
    if topic.archived == archived:
        return
    if not archived:
        await _check_room(db)
    topic.archived = archived
    await db.flush()
    await record(db, caller, "topics.archived" if archived else "topics.restored", "topic", topic.id, {})
    publish(db, "topics", topic.id)
    if not archived:
        await fill(db, topic, FILLED_DAYS, caller)


async def fill(db: Db, topic: Topic, days: int, caller: Caller | None = None, mark: str = "") -> RunRow:
    """Have the mentions of the last days looked through for a topic; while that goes on, it is not asked for twice.

    After a change it is another run, and the one under way gives up: it knows the old words.
    """
    parameters = {"topic_id": topic.id, "days": days}
    key = f"{topic.id}:{topic.updated_at.isoformat()}:{days}:{mark}"
    by = caller.user_id if caller else None
    return await enqueue(db, "mentions.fill_topic", parameters, key=key, requested_by=by)


async def topic_by_id(db: Db, topic_id: UUID) -> Topic:
    """Raises NotThere."""
    topic = await db.get(Topic, topic_id)
    if topic is None:
        raise NotThere("topic")
    return topic


async def all_topics(db: Db, at: datetime) -> TopicList:
    """All topics by name, those put away last, with what was found in the last 30 days."""
    topics = (await db.scalars(select(Topic).order_by(Topic.archived, Topic.sort.desc(), Topic.title))).all()
    found: dict[tuple[UUID, str], int] = {}
    for topic_id, standing, number in await db.execute(
        select(TopicFinding.topic_id, TopicFinding.standing, func.count())
        .where(TopicFinding.published_at >= at - SHOWN_DAYS)
        .group_by(TopicFinding.topic_id, TopicFinding.standing)
    ):
        found[topic_id, standing] = number
    answers: dict[UUID, int] = {}
    for topic_id, number in await db.execute(
        select(TopicFinding.topic_id, func.count())
        .where(TopicFinding.said.is_not(None))
        .group_by(TopicFinding.topic_id)
    ):
        answers[topic_id] = number
    filling = await _being_filled(db)
    items: list[TopicOut] = []
    for topic in topics:
        more = {
            "yes": found.get((topic.id, "yes"), 0),
            "maybe": found.get((topic.id, "maybe"), 0),
            "answers": answers.get(topic.id, 0),
            "learned_from": int(topic.learned.get("yes", 0)) + int(topic.learned.get("no", 0)),
            "filling": str(topic.id) in filling,
        }
        own = {name: getattr(topic, name) for name in TopicOut.model_fields if name not in more}
        items.append(TopicOut.model_validate(own | more))
    return TopicList(items=items, model=sentence_model_is_there())


async def topic_out(db: Db, topic_id: UUID, at: datetime) -> TopicOut:
    """One topic as it is listed. Raises NotThere."""
    await topic_by_id(db, topic_id)
    return next(one for one in (await all_topics(db, at)).items if one.id == topic_id)


async def _being_filled(db: Db) -> set[str]:
    rows = await db.scalars(
        select(RunRow.parameters["topic_id"].astext).where(
            RunRow.job == "mentions.fill_topic", RunRow.state.in_(UNDER_WAY)
        )
    )
    return set(rows)


async def _check_room(db: Db) -> None:
    if (await db.scalar(select(func.count()).select_from(Topic).where(Topic.archived.is_(False))) or 0) >= MOST:
        raise TooManyTopics(MOST)


async def _check(db: Db, new: NewTopic, topic_id: UUID | None) -> None:
    there = await db.scalar(select(Topic.id).where(Topic.title == new.title))
    if there is not None and there != topic_id:
        raise TopicNamedAlready(there)
    if new.brand_id is not None and await db.get(Brand, new.brand_id) is None:
        raise TopicOnUnknownBrand(new.brand_id)
