"""Accepting a lesson, declining it, and taking it back: what was shown before is what is done, and what was there comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Float, bindparam, select, text
from sqlalchemy.types import Uuid

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.jobs.registry import enqueue
from brandhound.mentions.holding import hold_stories, lock_stories
from brandhound.mentions.learning.errors import LessonDecided
from brandhound.mentions.learning.lessons import lesson_by_id
from brandhound.mentions.learning.models import Lesson, LessonEffect, LessonState
from brandhound.mentions.limits import limits_of
from brandhound.mentions.models import Mention
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

_BINDS = (bindparam("lesson_id", type_=Uuid()),)
_LIMITS = (bindparam("accept", type_=Float()), bindparam("doubtful", type_=Float()))
_REMEMBER = text(
    """
    update lesson_effects e
    set confidence_before = m.confidence, standing_before = m.standing, reasons_before = m.reasons
    from mentions m where m.id = e.mention_id and e.lesson_id = :lesson_id
    """
).bindparams(*_BINDS)


def _writing(when: str) -> str:
    return f"""
    update mentions m
    set confidence = e.confidence_{when}, reasons = e.reasons_{when},
        standing = case when m.judgement is not null then m.standing
                        when e.confidence_{when} >= :accept then 'accepted'
                        when e.confidence_{when} >= :doubtful then 'doubtful' else 'rejected' end
    from lesson_effects e where m.id = e.mention_id and e.lesson_id = :lesson_id
    returning m.story_id
    """


_WRITE = text(_writing("after")).bindparams(*_BINDS, *_LIMITS)
_RESTORE = text(_writing("before")).bindparams(*_BINDS, *_LIMITS)


async def accept_lesson(db: Db, lesson_id: UUID, caller: Caller, at: datetime) -> Lesson:
    """Let a proposed lesson decide from now on; the last 30 days follow as a run. Raises NotThere or LessonDecided."""
    lesson = await _locked(db, lesson_id)
    if lesson.state not in ("proposed", "declined"):
        raise LessonDecided(lesson.state)
    if (before := await _deciding(db, lesson.brand_id)) is not None:
        before.state = "replaced"
    await _decide(db, lesson, "applied", caller, at)
    await enqueue(db, "mentions.apply_lesson", {"lesson_id": lesson.id}, key=str(lesson.id))
    return lesson


async def decline_lesson(db: Db, lesson_id: UUID, caller: Caller, at: datetime) -> Lesson:
    """Leave all as it is. Raises NotThere or LessonDecided."""
    lesson = await _locked(db, lesson_id)
    if lesson.state != "proposed":
        raise LessonDecided(lesson.state)
    await _decide(db, lesson, "declined", caller, at)
    return lesson


async def undo_lesson(db: Db, lesson_id: UUID, caller: Caller, at: datetime) -> Lesson:
    """Take an accepted lesson back: the one before it decides again. Raises NotThere or LessonDecided."""
    lesson = await _locked(db, lesson_id)
    if lesson.state != "applied":
        raise LessonDecided(lesson.state)
    await _decide(db, lesson, "undone", caller, at)
    before = await db.scalar(
        select(Lesson)
        .where(Lesson.brand_id == lesson.brand_id, Lesson.state == "replaced")
        # The one accepted last, whatever its number: a lesson that was declined at first may be accepted after later ones.
        .order_by(Lesson.decided_at.desc().nulls_last(), Lesson.number.desc())
        .limit(1)
    )
    if before is not None:
        before.state = "applied"
    await enqueue(db, "mentions.apply_lesson", {"lesson_id": lesson.id}, key=f"undo {lesson.id}")
    return lesson


class Settled(NamedTuple):
    """How many mentions were written and their stories, and when what was written of them was tried."""

    written: int
    stories: list[UUID]
    tried_at: datetime


async def settle(db: Db, lesson_id: UUID) -> Settled:
    """Bring the mentions to what the lesson's state asks for. Safe to repeat."""
    lesson = await _locked(db, lesson_id)
    written, stories = await _settle(db, lesson)
    tried_at = lesson.created_at
    if lesson.state == "undone" and (deciding := await _deciding(db, lesson.brand_id)) is not None:
        # Another one was accepted before a run had written it: it decides only now that this one is out of the way.
        more, of_it = await _settle(db, deciding)
        written, stories = written + more, sorted({*stories, *of_it})
        tried_at = min(tried_at, deciding.created_at) if more else tried_at
    return Settled(written, stories, tried_at)


async def _settle(db: Db, lesson: Lesson) -> tuple[int, list[UUID]]:
    lesson_id, wanted = lesson.id, lesson.state == "applied"
    if lesson.written == wanted or lesson.state not in ("applied", "undone"):
        return 0, []
    limits = (await limits_of(db, [lesson.brand_id]))[lesson.brand_id]
    effects = select(LessonEffect.mention_id).where(LessonEffect.lesson_id == lesson_id)
    await lock_stories(db, await db.scalars(select(Mention.story_id).where(Mention.id.in_(effects)).distinct()))
    if wanted:
        await db.execute(_REMEMBER, {"lesson_id": lesson_id})
    values = {"lesson_id": lesson_id, "accept": limits.accept, "doubtful": limits.doubtful}
    written = await db.execute(_WRITE if wanted else _RESTORE, values)
    rows: Sequence[Any] = written.all()
    lesson.written = wanted
    publish(db, "brands", lesson.brand_id)
    return len(rows), sorted({row[0] for row in rows})


async def articles_since(db: Db, brand_id: UUID, tried_at: datetime) -> list[UUID]:
    """Articles whose mentions of the brand came after the lesson was tried, and were judged by the one before."""
    statement = select(Mention.article_id).where(Mention.brand_id == brand_id, Mention.created_at > tried_at)
    return sorted((await db.scalars(statement)).all())


async def effects_of(db: Db, lesson_id: UUID, limit: int) -> list[tuple[LessonEffect, Mention]]:
    """What the lesson would move, or did: those that change the most first. Raises NotThere."""
    await lesson_by_id(db, lesson_id)
    change = LessonEffect.confidence_after - LessonEffect.confidence_before
    statement = (
        select(LessonEffect, Mention)
        .join(Mention, Mention.id == LessonEffect.mention_id)
        .where(LessonEffect.lesson_id == lesson_id, LessonEffect.standing_before != LessonEffect.standing_after)
        .order_by((change * change).desc(), LessonEffect.mention_id)
        .limit(limit)
    )
    return list(await db.execute(statement))


async def _locked(db: Db, lesson_id: UUID) -> Lesson:
    await hold_stories(db)
    await lesson_by_id(db, lesson_id)
    return (await db.scalars(select(Lesson).where(Lesson.id == lesson_id).with_for_update())).one()


async def _deciding(db: Db, brand_id: UUID) -> Lesson | None:
    return await db.scalar(select(Lesson).where(Lesson.brand_id == brand_id, Lesson.state == "applied"))


async def _decide(db: Db, lesson: Lesson, state: LessonState, caller: Caller, at: datetime) -> None:
    lesson.state = state
    lesson.decided_at, lesson.decided_by = at, caller.user_id
    await db.flush()
    await record(db, caller, f"brands.lesson_{state}", "brand", lesson.brand_id, {"lesson": lesson.number})
    publish(db, "brands", lesson.brand_id)
