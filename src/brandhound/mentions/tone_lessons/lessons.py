"""Lessons of tone as rows: which there are, and how one is read for use."""

from functools import lru_cache
from uuid import UUID

import numpy as np
from sqlalchemy import func, select

from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.mentions.tone_head import shipped_head
from brandhound.mentions.tone_knowledge import main_eyes
from brandhound.mentions.tone_lessons.models import ToneLesson
from brandhound.mentions.tone_pull import TONES, PullEngine, TonePull


async def tone_lesson_by_id(db: Db, lesson_id: UUID, *, for_update: bool = False) -> ToneLesson:
    """Raises NotThere."""
    statement = select(ToneLesson).where(ToneLesson.id == lesson_id)
    lesson = await db.scalar(statement.with_for_update() if for_update else statement)
    if lesson is None:
        raise NotThere("lesson")
    return lesson


async def tone_lessons_of(db: Db, limit: int = 20) -> list[ToneLesson]:
    """The organization's lessons, newest first."""
    return list((await db.scalars(select(ToneLesson).order_by(ToneLesson.number.desc()).limit(limit))).all())


async def next_tone_number(db: Db) -> int:
    """The number of the next lesson."""
    return (await db.scalar(select(func.max(ToneLesson.number))) or 0) + 1


async def tone_pull_of(db: Db) -> TonePull | None:
    """What was learned and accepted, ready for use; None where nothing is, or where tone is read by something else now."""
    lesson = await db.scalar(select(ToneLesson).where(ToneLesson.state == "applied"))
    return pull_from(lesson) if lesson is not None and serves(lesson) else None


async def applied_number(db: Db) -> int:
    """The number of the lesson that decides; 0 where none does."""
    return await db.scalar(select(ToneLesson.number).where(ToneLesson.state == "applied")) or 0


def serves(lesson: ToneLesson) -> bool:
    """Whether it was learned for what tone is read by here and now."""
    if lesson.engine == "lexicon":
        return True
    head = shipped_head()
    return main_eyes() == "model" and head is not None and head.version == lesson.head


def pull_from(lesson: ToneLesson) -> TonePull:
    """A lesson as it is applied."""
    return _pull(lesson.engine, lesson.weights, lesson.number)


@lru_cache(maxsize=64)
def _pull(engine: PullEngine, weights: bytes, number: int) -> TonePull:
    # The same one for the same lesson: by it is remembered what was read with it.
    return TonePull(engine, np.frombuffer(weights, dtype="<f4").astype(np.float64).reshape(-1, TONES), number)
