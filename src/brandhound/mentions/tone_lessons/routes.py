"""Addresses of what tones that people said have taught."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.core import clock
from brandhound.jobs.presenting import run_out
from brandhound.jobs.registry import enqueue
from brandhound.jobs.schemas import RunOut
from brandhound.mentions.tone_lessons import applying
from brandhound.mentions.tone_lessons.lessons import tone_lesson_by_id
from brandhound.mentions.tone_lessons.models import ToneLesson
from brandhound.mentions.tone_lessons.schemas import ToneLessonDetail, ToneLessonOut, ToneLessonsOut
from brandhound.mentions.tone_lessons.showing import tone_lessons_out
from brandhound.mentions.tone_lessons.training import LEARNING
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/tone-lessons", tags=["mentions"])


@router.get("")
async def read_tone_lessons(db: TenantDb, _: Viewer) -> ToneLessonsOut:
    """What people's words on tone teach: what there is to learn from, what was learned last, and what reads now."""
    return await tone_lessons_out(db)


@router.post("", status_code=202)
async def learn_from_said_tones(db: TenantDb, caller: Analyst) -> RunOut:
    """Learn from the tones that people said. What was learned is proposed and changes nothing before it is accepted."""
    run = await enqueue(db, "mentions.learn_tones", key=LEARNING, requested_by=caller.user_id)
    return await run_out(db, run)


@router.get("/{lesson_id}", response_model=ToneLessonDetail)
async def read_tone_lesson(lesson_id: UUID, db: TenantDb, _: Viewer) -> ToneLesson:
    """A lesson, and some of the mentions of the last 30 days that it would read otherwise."""
    return await tone_lesson_by_id(db, lesson_id)


@router.put("/{lesson_id}/acceptance", response_model=ToneLessonOut)
async def accept_tone_lesson(lesson_id: UUID, db: TenantDb, caller: Analyst) -> ToneLesson:
    """Let it read tones from now on; those of the last 30 days are read again by a run."""
    return await applying.accept_tone_lesson(db, lesson_id, caller, clock.now())


@router.delete("/{lesson_id}/acceptance", response_model=ToneLessonOut)
async def undo_tone_lesson(lesson_id: UUID, db: TenantDb, caller: Analyst) -> ToneLesson:
    """Take it back: tones are read as before, those of the last 30 days too."""
    return await applying.undo_tone_lesson(db, lesson_id, caller, clock.now())


@router.put("/{lesson_id}/refusal", response_model=ToneLessonOut)
async def decline_tone_lesson(lesson_id: UUID, db: TenantDb, caller: Analyst) -> ToneLesson:
    """Leave everything as it is."""
    return await applying.decline_tone_lesson(db, lesson_id, caller, clock.now())
