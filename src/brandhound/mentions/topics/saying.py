"""A person says whether a mention is about a topic. The word counts at once, and teaches the topic a little later."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.mentions.models import Mention
from brandhound.mentions.reading import mention_by_id, text_of
from brandhound.mentions.standings import Judgement
from brandhound.mentions.topic_models import TopicFinding
from brandhound.mentions.topics.finding import number_of_answers
from brandhound.mentions.topics.keeping import FILLED_DAYS, fill, topic_by_id
from brandhound.mentions.topics.likening import standing_of
from brandhound.mentions.topics.passages import passages_of
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

LEARN_AFTER = 5
"""So many new answers, and the topic learns from all of them and looks through the last 90 days anew."""


async def say_topic(
    db: Db, mention_id: UUID, topic_id: UUID, verdict: Judgement | None, caller: Caller, at: datetime
) -> TopicFinding | None:
    """Store what a person says, or take it back with `None`; the finding, or None where nothing is left of it.

    Saying the same again changes nothing. Raises NotThere.
    """
    topic = await topic_by_id(db, topic_id)
    mention = await mention_by_id(db, mention_id)
    finding = await db.scalar(
        select(TopicFinding)
        .where(TopicFinding.topic_id == topic_id, TopicFinding.mention_id == mention_id)
        .with_for_update()
    )
    before = finding.said if finding else None
    if before == verdict:
        return finding
    if finding is None:
        finding = await _unfound(mention, topic_id)
        db.add(finding)
    finding.said = verdict
    finding.said_by = caller.user_id if verdict else None
    finding.said_at = at if verdict else None
    finding.standing = verdict or standing_of(finding.probability)
    if finding.standing == "no" and verdict is None:
        await db.delete(finding)
        finding = None
    await db.flush()
    facts: dict[str, object] = {"topic_id": str(topic_id), "verdict": verdict, "before": before}
    await record(db, caller, "topics.said", "mention", mention_id, facts)
    publish(db, "topics", topic_id)
    # Not all answers are learned from: what counts is how many there were when it last learned.
    taught = int(topic.learned.get("yes", 0)) + int(topic.learned.get("no", 0))
    known = int(topic.learned.get("answers", taught))
    number = await number_of_answers(db, topic_id)
    if abs(number - known) >= LEARN_AFTER and not topic.archived:
        await fill(db, topic, FILLED_DAYS, mark=f"{number // LEARN_AFTER}")
    return finding


async def _unfound(mention: Mention, topic_id: UUID) -> TopicFinding:
    """A mention in which the topic was not seen: its first words around the brand stand for it until it is read."""
    text = await asyncio.to_thread(text_of, mention.text_sha256) or ""
    passages = passages_of(mention.title, text, mention.evidence)
    if not passages:
        raise NotThere("passage")
    passage = passages[-1] if len(passages) == 1 else passages[1]
    return TopicFinding(
        topic_id=topic_id,
        mention_id=mention.id,
        probability=0.0,
        field=passage.field,
        start=passage.start,
        end=passage.end,
        words=passage.words.replace("\0", "\ufffd"),
        published_at=mention.published_at,
    )
