"""What was learned of tones, put together for the trust panel."""

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.jobs.models import RunRow
from brandhound.jobs.states import ACTIVE
from brandhound.mentions.tone_knowledge import main_eyes
from brandhound.mentions.tone_lessons.lessons import serves, tone_lessons_of
from brandhound.mentions.tone_lessons.models import ToneLesson
from brandhound.mentions.tone_lessons.schemas import ToneLessonOut, ToneLessonsOut
from brandhound.mentions.tone_lessons.training import tone_readiness


async def tone_lessons_out(db: Db) -> ToneLessonsOut:
    """What there is to learn from, what was learned, and what reads now."""
    ready = await tone_readiness(db)
    applied = await db.scalar(select(ToneLesson).where(ToneLesson.state == "applied"))
    latest = next(iter(await tone_lessons_of(db, 1)), None)
    learning = await db.scalar(
        select(RunRow.id).where(RunRow.job == "mentions.learn_tones", RunRow.state.in_(ACTIVE)).limit(1)
    )
    return ToneLessonsOut(
        said=ready.said,
        new=ready.new,
        missing=ready.missing,
        learning=learning is not None,
        engine=main_eyes(),
        applied=ToneLessonOut.model_validate(applied) if applied else None,
        idle=applied is not None and not serves(applied),
        latest=ToneLessonOut.model_validate(latest) if latest else None,
    )
