"""Accepting a lesson of tone, declining it, and taking it back: tones are read again, and by the same sentences as before."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db, one_of
from brandhound.core.live import publish
from brandhound.jobs.registry import Run, enqueue
from brandhound.mentions.holding import hold_stories, lock_mentions
from brandhound.mentions.learning.errors import LessonDecided
from brandhound.mentions.models import Mention
from brandhound.mentions.storing import tone_evidence_of
from brandhound.mentions.summing import sum_up_stories
from brandhound.mentions.tone import ToneOfMention
from brandhound.mentions.tone_lessons.lessons import applied_number, tone_lesson_by_id, tone_pull_of
from brandhound.mentions.tone_lessons.looking import read_again
from brandhound.mentions.tone_lessons.models import ToneLesson, ToneLessonState
from brandhound.mentions.tone_pull import TonePull
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

LOOK_BACK = timedelta(days=30)
BATCH = 100
MOST = 50_000


async def accept_tone_lesson(db: Db, lesson_id: UUID, caller: Caller, at: datetime) -> ToneLesson:
    """Let a proposed lesson read tones from now on; the last 30 days follow as a run. Raises NotThere or LessonDecided."""
    await hold_stories(db)
    lesson = await tone_lesson_by_id(db, lesson_id, for_update=True)
    if lesson.state not in ("proposed", "declined"):
        raise LessonDecided(lesson.state)
    before = await db.scalar(select(ToneLesson).where(ToneLesson.state == "applied").with_for_update())
    if before is not None:
        before.state = "replaced"
    await _decide(db, lesson, "applied", caller, at)
    await enqueue(db, "mentions.read_tones_again", requested_by=caller.user_id)
    return lesson


async def decline_tone_lesson(db: Db, lesson_id: UUID, caller: Caller, at: datetime) -> ToneLesson:
    """Leave all as it is. Raises NotThere or LessonDecided."""
    lesson = await tone_lesson_by_id(db, lesson_id, for_update=True)
    if lesson.state != "proposed":
        raise LessonDecided(lesson.state)
    await _decide(db, lesson, "declined", caller, at)
    return lesson


async def undo_tone_lesson(db: Db, lesson_id: UUID, caller: Caller, at: datetime) -> ToneLesson:
    """Take an accepted lesson back: the one before it, or none, reads again. Raises NotThere or LessonDecided."""
    await hold_stories(db)
    lesson = await tone_lesson_by_id(db, lesson_id, for_update=True)
    if lesson.state != "applied":
        raise LessonDecided(lesson.state)
    await _decide(db, lesson, "undone", caller, at)
    before = await db.scalar(
        select(ToneLesson)
        .where(ToneLesson.state == "replaced")
        # The one accepted last, whatever its number: a lesson that was declined at first may be accepted after later ones.
        .order_by(ToneLesson.decided_at.desc().nulls_last(), ToneLesson.number.desc())
        .limit(1)
    )
    if before is not None:
        before.state = "applied"
    await db.flush()
    await enqueue(db, "mentions.read_tones_again", requested_by=caller.user_id)
    return lesson


async def _decide(db: Db, lesson: ToneLesson, state: ToneLessonState, caller: Caller, at: datetime) -> None:
    lesson.state = state
    lesson.decided_at, lesson.decided_by = at, caller.user_id
    await db.flush()
    await record(db, caller, f"mentions.tone_lesson_{state}", "tone_lesson", lesson.id, {"lesson": lesson.number})
    publish(db, "mentions")


async def read_tones_again(run: Run, at: datetime) -> tuple[int, int]:
    """Read the tones of the last 30 days as they are read now: how many were looked at, and changed. Safe to repeat.

    What people said stays; what is read is then kept beside it. When another lesson is accepted meanwhile, its own run goes on.
    """
    async with run.session() as db:
        # The number first: a lesson that is accepted in between is seen below.
        number = await applied_number(db)
        pull = await tone_pull_of(db)
        recent = (
            select(Mention.id)
            .where(Mention.published_at >= at - LOOK_BACK)
            .order_by(Mention.published_at.desc(), Mention.id.desc())
            .limit(MOST)
        )
        ids = list((await db.scalars(recent)).all())
    changed = 0
    for first in range(0, len(ids), BATCH):
        await run.progress(first, len(ids), "Reading tones again")
        await run.check()
        async with run.session() as db:
            some = select(Mention).where(Mention.id == one_of(ids[first : first + BATCH]))
            mentions = (await db.scalars(some)).all()
            db.expunge_all()
        read = await asyncio.to_thread(_again, mentions, pull)
        async with run.session() as db:
            await hold_stories(db)
            if await applied_number(db) != number:
                return first, changed
            changed += await _write(db, read)
    return len(ids), changed


def _again(mentions: Sequence[Mention], pull: TonePull | None) -> dict[UUID, tuple[dict[str, Any], ToneOfMention]]:
    """By mention: the evidence that it was read from, and its tone now."""
    return {mention.id: (mention.tone_evidence or {}, tone) for mention, tone in read_again(mentions, pull)}


async def _write(db: Db, read: dict[UUID, tuple[dict[str, Any], ToneOfMention]]) -> int:
    different = [id_ for id_, (evidence, tone) in read.items() if evidence.get("reasons") != list(tone.reasons)]
    if not different:
        return 0
    changed: list[Mention] = []
    for mention in await lock_mentions(db, different):
        evidence, tone = read[mention.id]
        # Matched anew meanwhile: that was by the same lesson already.
        if mention.tone_evidence == evidence:
            mention.read_tone(tone.label, tone.confidence, tone.quote, tone_evidence_of(tone))
            changed.append(mention)
    await db.flush()
    stories = sorted({mention.story_id for mention in changed})
    await sum_up_stories(db, stories)
    publish(db, "mentions", *(mention.id for mention in changed))
    publish(db, "stories", *stories)
    return len(changed)
