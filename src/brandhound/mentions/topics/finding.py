"""Looks through mentions for topics, and keeps what is found. Safe to repeat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import case, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from brandhound.core.clock import now
from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.mentions.holding import hold_stories
from brandhound.mentions.learning.fitting import Floats
from brandhound.mentions.models import Mention
from brandhound.mentions.reading import text_of
from brandhound.mentions.standings import Judgement
from brandhound.mentions.storing import storable
from brandhound.mentions.topic_models import Topic, TopicFinding
from brandhound.mentions.topics.likening import Found, Likeness, nearest, standing_of, taught
from brandhound.mentions.topics.passages import Passage, passages_of
from brandhound.providers.embedding import Embedder

MOST_ANSWERS = 500
"""The latest answers of a topic, of which is learned."""
LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class Source:
    """A mention as far as its topics are concerned."""

    mention_id: UUID
    brand_id: UUID
    title: str
    text_sha256: str | None
    evidence: Sequence[Mapping[str, Any]]
    published_at: datetime


@dataclass(frozen=True, eq=False)
class Read:
    """A mention's passages with their vectors."""

    source: Source
    passages: list[Passage]
    vectors: Floats


@dataclass(frozen=True)
class FoundTopic:
    """A mention that is, or may be, about a topic."""

    topic_id: UUID
    source: Source
    found: Found


class Learned(NamedTuple):
    """What answers taught, as it is kept: weights, and those of a passage's vector."""

    weights: dict[str, Any]
    direction: bytes


async def active_topics(db: Db) -> list[Topic]:
    """The topics that are looked for."""
    return list((await db.scalars(select(Topic).where(Topic.archived.is_(False)).order_by(Topic.id))).all())


SOURCE = (
    Mention.id,
    Mention.brand_id,
    Mention.title,
    Mention.text_sha256,
    Mention.evidence,
    Mention.published_at,
)


async def sources_of_articles(db: Db, article_ids: Sequence[UUID]) -> list[Source]:
    """The mentions in these articles that are not rejected and not in a language that nobody reads here."""
    rows = await db.execute(select(*SOURCE).where(Mention.article_id == one_of(article_ids), *_readable()))
    return [Source(*row) for row in rows]


async def sources_since(
    db: Db, since: datetime, after: tuple[datetime, UUID] | None, brand_id: UUID | None, limit: int
) -> list[Source]:
    """So many mentions published since, in order of time, after the last one of the batch before."""
    conditions = [*_readable(), Mention.published_at >= since]
    if brand_id is not None:
        conditions.append(Mention.brand_id == brand_id)
    if after is not None:
        # Compared as a row, which an index can begin from; with an `or` each batch would start over.
        conditions.append(tuple_(Mention.published_at, Mention.id) > tuple_(*after))
    rows = await db.execute(select(*SOURCE).where(*conditions).order_by(Mention.published_at, Mention.id).limit(limit))
    return [Source(*row) for row in rows]


def _readable() -> list[Any]:
    """The sentence model reads English."""
    return [
        Mention.standing.in_(("accepted", "doubtful")),
        or_(Mention.language.is_(None), Mention.language == "en"),
    ]


def read(sources: Sequence[Source], model: Embedder) -> list[Read]:
    """Passages and their vectors. About 8 ms a passage; in a thread."""
    made: list[Read] = []
    for source in sources:
        text = (text_of(source.text_sha256) or "")[:LONGEST_TEXT]
        passages = passages_of(source.title, text, source.evidence)
        vectors = model.encode([passage.words for passage in passages]).astype(np.float64)
        made.append(Read(source, passages, vectors))
    return made


def likeness_of(topic: Topic, model: Embedder) -> Likeness:
    """A topic made ready to be compared with."""
    line = f"{topic.title}: {topic.line}" if topic.sort == "topic" else topic.line
    vectors = model.encode([line, *topic.examples]).astype(np.float64)
    return Likeness(
        topic.sort,
        vectors[0],
        vectors[1:],
        float(topic.learned.get("bias", 0.0)),
        float(topic.learned.get("trust", 1.0)),
        np.frombuffer(topic.direction, dtype=np.float32).astype(np.float64) if topic.direction else None,
    )


def look(made: Sequence[Read], topics: Sequence[tuple[UUID, UUID | None, Likeness]]) -> list[FoundTopic]:
    """The topics that the mentions are about, or may be. Topics of another brand are not looked for in them."""
    hits: list[FoundTopic] = []
    for one in made:
        for topic_id, brand_id, like in topics:
            if brand_id is not None and brand_id != one.source.brand_id:
                continue
            found = nearest(like, one.passages, one.vectors)
            if found is not None and standing_of(found.probability) != "no":
                hits.append(FoundTopic(topic_id, one.source, found))
    return hits


async def keep(db: Db, looked: Sequence[Source], topics: Sequence[Topic], hits: Sequence[FoundTopic]) -> set[UUID]:
    """Store what was found, and remove what is not found any more; what a person said stays.

    Returns the topics that are still what they were when they were looked for; of others nothing is stored.
    """
    await hold_stories(db)
    as_read = {topic.id: topic.updated_at for topic in topics}
    # Held until the end: whoever changes a topic meanwhile waits, and looks again after us.
    rows = await db.execute(
        select(Topic.id, Topic.updated_at)
        .where(Topic.id.in_(as_read), Topic.archived.is_(False))
        .order_by(Topic.id)
        .with_for_update(read=True)
    )
    still = {topic_id for topic_id, updated_at in rows if as_read[topic_id] == updated_at}
    # Mentions too may have gone since they were looked at.
    known = set(await db.scalars(select(Mention.id).where(Mention.id == one_of(hit.source.mention_id for hit in hits))))
    values = [_values(hit) for hit in hits if hit.source.mention_id in known and hit.topic_id in still]
    there = {(value["topic_id"], value["mention_id"]) for value in values}
    old = await db.execute(
        select(TopicFinding.id, TopicFinding.topic_id, TopicFinding.mention_id).where(
            TopicFinding.mention_id == one_of(source.mention_id for source in looked),
            TopicFinding.topic_id.in_(still),
            TopicFinding.said.is_(None),
        )
    )
    if gone := [row[0] for row in old if (row[1], row[2]) not in there]:
        await db.execute(delete(TopicFinding).where(TopicFinding.id == one_of(gone)))
    if values:
        statement = upsert(TopicFinding)
        names = ("probability", "field", "start", "end", "words", "found_at")
        changes: dict[str, Any] = {name: statement.excluded[name] for name in names}
        unsaid = TopicFinding.said.is_(None)
        changes["standing"] = case((unsaid, statement.excluded.standing), else_=TopicFinding.standing)
        keys = ["organization_id", "topic_id", "mention_id"]
        await db.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), values)
    publish(db, "topics", *sorted(still))
    return still


def _values(hit: FoundTopic) -> dict[str, Any]:
    passage = hit.found.passage
    return {
        "id": uuid7(),
        "topic_id": hit.topic_id,
        "mention_id": hit.source.mention_id,
        "probability": hit.found.probability,
        "standing": standing_of(hit.found.probability),
        "field": passage.field,
        "start": passage.start,
        "end": passage.end,
        "words": storable(passage.words),
        "published_at": hit.source.published_at,
        "found_at": now(),
    }


async def answered(db: Db, topic_id: UUID) -> list[tuple[Source, Judgement]]:
    """The mentions of which people said whether they are about the topic, the latest answers first."""
    rows = await db.execute(
        select(*SOURCE, TopicFinding.said)
        .join(TopicFinding, TopicFinding.mention_id == Mention.id)
        .where(TopicFinding.topic_id == topic_id, TopicFinding.said.is_not(None))
        .order_by(TopicFinding.said_at.desc(), TopicFinding.id)
        .limit(MOST_ANSWERS)
    )
    return [(Source(*row[:6]), said) for row in rows if (said := row[6]) is not None]


async def number_of_answers(db: Db, topic_id: UUID) -> int:
    """How many mentions people spoke of, also those of which nothing is learned any more."""
    said = select(func.count()).where(TopicFinding.topic_id == topic_id, TopicFinding.said.is_not(None))
    return await db.scalar(said) or 0


def learned_from(like: Likeness, made: Sequence[Read], said: Sequence[Judgement]) -> Learned:
    """What answers teach of a topic, as it is kept; what it knew before is left behind.

    A yes is about the passage that is nearest; a no is taken for that one too, since it is the one that misled.
    """
    cold = Likeness(like.sort, like.line, like.examples)
    rows: list[tuple[float, Floats, str, bool]] = []
    for one, verdict in zip(made, said, strict=True):
        if one.passages:
            odds = cold.cold(one.vectors)
            at = int(odds.argmax())
            rows.append((float(odds[at]), one.vectors[at], one.passages[at].words, verdict == "yes"))
    yes = sum(right for *_, right in rows)
    lesson = None
    if rows:
        vectors = np.stack([vector for _, vector, _, _ in rows])
        lesson = taught(np.array([row[0] for row in rows]), vectors, [row[2] for row in rows], [row[3] for row in rows])
    if lesson is None:
        return Learned({}, b"")
    weights = {"bias": lesson.bias, "trust": lesson.trust, "yes": yes, "no": len(rows) - yes}
    return Learned(weights, lesson.direction.astype(np.float32).tobytes())
