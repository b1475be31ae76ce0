"""Addresses of trust: a brand's limit and promise, its lessons, its weekly samples."""

import asyncio
from uuid import UUID

from fastapi import APIRouter

from brandhound.brands.queries import brand_by_id
from brandhound.core import clock
from brandhound.core.problems import NotThere
from brandhound.jobs.presenting import run_out
from brandhound.jobs.registry import enqueue
from brandhound.jobs.schemas import RunOut
from brandhound.mentions.learning import applying, lessons, moving, sampling, trusting
from brandhound.mentions.learning.meanings import meanings_of_names
from brandhound.mentions.learning.profiles import line_of
from brandhound.mentions.learning.schemas import (
    LessonDetail,
    LessonList,
    LessonOut,
    MeaningList,
    MeaningOut,
    MeaningsWish,
    NewAnswer,
    NewLimit,
    NewPromise,
    SampleOut,
    TrustOut,
)
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(tags=["mentions"])


@router.post("/api/brands/meanings")
async def look_up_meanings(wish: MeaningsWish, _: Viewer) -> MeaningList:
    """What a brand's names also mean, by the dictionary that comes along. Nothing is stored."""
    line = line_of(wish.name, wish.description, wish.context_words)
    found = await asyncio.to_thread(meanings_of_names, [wish.name, *wish.names], line)
    return MeaningList(
        items=[
            MeaningOut(
                key=one.sense.key, name=one.name, gloss=one.sense.gloss, uses=one.sense.uses, is_brand=one.is_brand
            )
            for one in found
        ]
    )


@router.get("/api/brands/{brand_id}/trust")
async def read_brand_trust(brand_id: UUID, db: TenantDb, _: Viewer) -> TrustOut:
    """How far the brand's mentions can be trusted: what a limit keeps and how much of it is right, and what was learned."""
    return await trusting.trust_of(db, brand_id, clock.now())


@router.put("/api/brands/{brand_id}/trust/limit")
async def set_brand_limit(brand_id: UUID, new: NewLimit, db: TenantDb, caller: Analyst) -> TrustOut:
    """Choose from which confidence on the brand's mentions count; null goes back to the installation's."""
    await moving.set_limit(db, brand_id, new.limit, caller, clock.now())
    return await trusting.trust_of(db, brand_id, clock.now())


@router.put("/api/brands/{brand_id}/trust/promise")
async def promise_brand_precision(brand_id: UUID, new: NewPromise, db: TenantDb, caller: Analyst) -> TrustOut:
    """Promise that so much of what is shown is really the brand; the limit moves by itself from now on."""
    await moving.make_promise(db, brand_id, new.target, caller, clock.now())
    return await trusting.trust_of(db, brand_id, clock.now())


@router.delete("/api/brands/{brand_id}/trust/promise")
async def withdraw_brand_promise(brand_id: UUID, db: TenantDb, caller: Analyst) -> TrustOut:
    """Take the promise back; the limit stays where it is."""
    await moving.take_promise_back(db, brand_id, caller)
    return await trusting.trust_of(db, brand_id, clock.now())


@router.get("/api/brands/{brand_id}/lessons")
async def list_brand_lessons(brand_id: UUID, db: TenantDb, _: Viewer) -> LessonList:
    """The brand's last twenty lessons, newest first."""
    await brand_by_id(db, brand_id)
    return LessonList(items=[trusting.lesson_out(one) for one in await lessons.lessons_of(db, brand_id)])


@router.post("/api/brands/{brand_id}/lessons", status_code=202)
async def learn_from_brand_judgements(brand_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Learn from the brand's judgements. What was learned is proposed and changes nothing before it is accepted."""
    await brand_by_id(db, brand_id)
    run = await enqueue(db, "mentions.learn", {"brand_id": brand_id}, key=str(brand_id), requested_by=caller.user_id)
    return await run_out(db, run)


@router.get("/api/lessons/{lesson_id}")
async def read_brand_lesson(lesson_id: UUID, db: TenantDb, _: Viewer) -> LessonDetail:
    """A lesson, and the mentions of the last 30 days that it would move."""
    return await trusting.lesson_detail(db, lesson_id)


@router.put("/api/lessons/{lesson_id}/acceptance")
async def accept_brand_lesson(lesson_id: UUID, db: TenantDb, caller: Analyst) -> LessonOut:
    """Let it decide from now on, and on the last 30 days exactly as it was shown."""
    return trusting.lesson_out(await applying.accept_lesson(db, lesson_id, caller, clock.now()))


@router.delete("/api/lessons/{lesson_id}/acceptance")
async def undo_brand_lesson(lesson_id: UUID, db: TenantDb, caller: Analyst) -> LessonOut:
    """Take it back: the mentions are again what they were, and the lesson before it decides."""
    return trusting.lesson_out(await applying.undo_lesson(db, lesson_id, caller, clock.now()))


@router.put("/api/lessons/{lesson_id}/refusal")
async def decline_brand_lesson(lesson_id: UUID, db: TenantDb, caller: Analyst) -> LessonOut:
    """Leave everything as it is."""
    return trusting.lesson_out(await applying.decline_lesson(db, lesson_id, caller, clock.now()))


@router.get("/api/brands/{brand_id}/sample")
async def read_brand_sample(brand_id: UUID, db: TenantDb, _: Viewer) -> SampleOut:
    """The brand's last weekly sample. Who answers it does not see what the machine believed."""
    await brand_by_id(db, brand_id)
    audit = await sampling.newest_audit(db, brand_id)
    if audit is None:
        raise NotThere("sample")
    return await trusting.sample_out(db, audit)


@router.post("/api/brands/{brand_id}/sample", status_code=201)
async def draw_brand_sample(brand_id: UUID, db: TenantDb, caller: Analyst) -> SampleOut:
    """Draw this week's sample now, from the last four weeks; if it was drawn already, that one."""
    audit = await sampling.draw_now(db, brand_id, clock.now(), caller.time_zone)
    return await trusting.sample_out(db, audit)


@router.put("/api/sampled/{sampled_id}/answer", status_code=204)
async def answer_brand_sample(sampled_id: UUID, new: NewAnswer, db: TenantDb, caller: Analyst) -> None:
    """Say whether a sampled mention is the brand. When the sample is complete, a promised limit moves to where it holds."""
    if await sampling.answer_item(db, sampled_id, new.answer, caller, clock.now(), new.tone):
        await moving.keep_promise(db, (await sampling.audit_of_item(db, sampled_id)).brand_id, clock.now())


@router.delete("/api/sampled/{sampled_id}/answer", status_code=204)
async def withdraw_brand_sample_answer(sampled_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Take an answer back."""
    await sampling.answer_item(db, sampled_id, None, caller, clock.now())
