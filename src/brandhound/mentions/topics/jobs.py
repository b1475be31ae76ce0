"""Jobs: look through new mentions for all topics, and through earlier ones for a topic that has changed."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, Field

from brandhound.core.clock import now
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Cancel, Done, Outcome
from brandhound.jobs.registry import Run, enqueue, hears, job
from brandhound.mentions.events import MentionsStored
from brandhound.mentions.learning.sights import sentence_model
from brandhound.mentions.topic_models import Topic
from brandhound.mentions.topics import finding
from brandhound.providers.embedding import Embedder

BATCH = 40
NO_MODEL = "The sentence model is not installed: topics are not looked for"


class FindTopics(BaseModel):
    """The articles whose mentions are looked through."""

    article_ids: list[UUID]


class FillTopic(BaseModel):
    """The topic, and how far back it is looked for."""

    topic_id: UUID
    days: int = Field(default=30, ge=1, le=365, description="Mentions of so many last days")


class Filled(BaseModel):
    """What came of a batch, and the mention after which the next one begins; none when there are no more."""

    at: datetime | None = None
    last: UUID | None = None
    found: int = 0
    looked: int = 0
    still: bool = True
    """Whether the topic was still what it was when it was read."""


@job("mentions.find_topics", queue="analyse", timeout=timedelta(minutes=30), title="Find topics", startable=False)
async def find_topics(run: Run, parameters: FindTopics) -> Outcome:
    """Look for the organization's topics and key messages in the mentions of new articles."""
    model = await asyncio.to_thread(sentence_model)
    if model is None:
        return Cancel(NO_MODEL)
    found = looked = 0
    ids = sorted(parameters.article_ids)
    for first in range(0, len(ids), BATCH):
        await run.progress(first, len(ids), "Looking for topics")
        await run.check()
        async with run.session() as db:
            topics = await finding.active_topics(db)
            sources = await finding.sources_of_articles(db, ids[first : first + BATCH])
        if not topics:
            return Done("No topic is looked for")
        hits, _ = await _look(run, topics, sources, model)
        found, looked = found + hits, looked + len(sources)
    await run.progress(len(ids), len(ids), "Done")
    return Done(f"{count_of(found, 'finding')} in {count_of(looked, 'mention')}")


@job("mentions.fill_topic", queue="analyse", timeout=timedelta(hours=2), title="Look for a topic")
async def fill_topic(run: Run, parameters: FillTopic) -> Outcome:
    """Learn a topic from what people answered, and look for it in the mentions of the last days."""
    model = await asyncio.to_thread(sentence_model)
    if model is None:
        return Cancel(NO_MODEL)
    async with run.session() as db:
        topic = await db.get(Topic, parameters.topic_id)
        if topic is None or topic.archived:
            return Cancel("The topic is gone, or put away")
        answers = await finding.answered(db, topic.id)
        number = await finding.number_of_answers(db, topic.id)
    learned = await asyncio.to_thread(_learn, topic, answers, model)
    as_read = topic.updated_at
    async with run.session() as db:
        topic = await db.get(Topic, parameters.topic_id, with_for_update=True)
        if topic is None or topic.updated_at != as_read:
            return Cancel("The topic was changed or is gone meanwhile")
        topic.learned, topic.direction = {**learned.weights, "answers": number}, learned.direction
    since = now() - timedelta(days=parameters.days)
    at = last = None
    found = looked = 0
    while True:
        await run.check()
        # Named by its words as well: after a crash only what was looked through with the same ones is skipped.
        name = f"mentions after {last or 'the first'}, as of {as_read.isoformat()}"
        filled = await run.step_as(Filled, name, _fill_batch, run, topic, since, at, last, model)
        if not filled.still:
            return Cancel("The topic was changed or put away meanwhile: what is new is looked for by another run")
        at, last = filled.at, filled.last
        if at is None:
            break
        found, looked = found + filled.found, looked + filled.looked
        await run.progress(looked, looked, f"Looked through {count_of(looked, 'mention')}, up to {at:%-d %B}")
    async with run.session() as db:
        if (topic := await db.get(Topic, parameters.topic_id)) is not None:
            topic.filled_at = now()
            publish(db, "topics", topic.id)
    if not looked:
        return Done(f"No mention of {count_of(parameters.days, 'day')} to look through")
    words = f"{count_of(found, 'finding')} in {count_of(looked, 'mention')} of {count_of(parameters.days, 'day')}"
    return Done(f"{words}, after {count_of(len(answers), 'answer')}" if answers else words)


def _learn(topic: Topic, answers: list[tuple[finding.Source, finding.Judgement]], model: Embedder) -> finding.Learned:
    made = finding.read([source for source, _ in answers], model)
    return finding.learned_from(finding.likeness_of(topic, model), made, [said for _, said in answers])


async def _fill_batch(
    run: Run, topic: Topic, since: datetime, at: datetime | None, last: UUID | None, model: Embedder
) -> Filled:
    """One batch of earlier mentions. Safe to repeat as a whole."""
    after = (at, last) if at is not None and last is not None else None
    async with run.session() as db:
        sources = await finding.sources_since(db, since, after, topic.brand_id, BATCH)
    if not sources:
        return Filled()
    hits, still = await _look(run, [topic], sources, model)
    end = sources[-1]
    return Filled(at=end.published_at, last=end.mention_id, found=hits, looked=len(sources), still=topic.id in still)


async def _look(run: Run, topics: list[Topic], sources: list[finding.Source], model: Embedder) -> tuple[int, set[UUID]]:
    """One batch: think in a thread, store. How many findings there were, and which topics are still as they were."""

    def think() -> list[finding.FoundTopic]:
        likes = [(topic.id, topic.brand_id, finding.likeness_of(topic, model)) for topic in topics]
        return finding.look(finding.read(sources, model), likes)

    hits = await asyncio.to_thread(think)
    async with run.session() as db:
        still = await finding.keep(db, sources, topics, hits)
    return len(hits), still


@hears(MentionsStored)
async def _look_for_topics(db: Db, event: MentionsStored) -> None:
    """Whoever has no topics is not kept busy with them."""
    if await finding.active_topics(db):
        await enqueue(db, "mentions.find_topics", {"article_ids": event.article_ids})
