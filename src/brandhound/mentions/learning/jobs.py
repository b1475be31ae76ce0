"""Jobs: learn from judgements, let a lesson decide, and put mentions where a moved limit wants them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from brandhound.brands.models import Brand
from brandhound.brands.queries import brand_by_id
from brandhound.core.clock import now
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Cancel, Done, Outcome
from brandhound.jobs.registry import Run, enqueue, hears, job
from brandhound.mentions.events import MentionJudged
from brandhound.mentions.learning.applying import articles_since, settle
from brandhound.mentions.learning.lessons import lesson_by_id, outdated_lessons
from brandhound.mentions.learning.moving import keep_promise, stand_anew
from brandhound.mentions.learning.sights import VECTORS
from brandhound.mentions.learning.training import AGAIN_AFTER, make_lesson, new_judgements, readiness_of
from brandhound.mentions.summing import sum_up_stories
from brandhound.notifications.notifying import notify

STORIES_AT_ONCE = 500


class Learn(BaseModel):
    """The brand whose judgements are learned from."""

    brand_id: UUID


class ApplyLesson(BaseModel):
    """The lesson that was accepted or taken back."""

    lesson_id: UUID


class StandAnew(BaseModel):
    """The brand whose limit has moved."""

    brand_id: UUID


@job("mentions.learn", queue="analyse", timeout=timedelta(minutes=30), title="Learn from judgements", startable=False)
async def learn(run: Run, parameters: Learn) -> Outcome:
    """Learn from a brand's judgements and propose what was learned, with what it would change in the last 30 days."""
    lesson = await make_lesson(run, parameters.brand_id, now())
    if isinstance(lesson, str):
        return Cancel(f"Nothing learned: {lesson}")
    return Done(
        f"Lesson {lesson.number} from {count_of(lesson.yes + lesson.no, 'judgement')}: {lesson.changes:,} of "
        f"{count_of(lesson.looked_at, 'mention')} would change. It waits for your word"
    )


@job(
    "mentions.learn_again",
    queue="analyse",
    timeout=timedelta(minutes=30),
    title="Learn a lesson again",
    startable=False,
)
async def learn_again(run: Run, parameters: Learn) -> Outcome:
    """Learn from the judgements on a brand whose lesson is outdated, and tell those who decide. Nothing holds before that."""
    lesson = await make_lesson(run, parameters.brand_id, now())
    proposed = not isinstance(lesson, str)
    async with run.session() as db:
        brand = await brand_by_id(db, parameters.brand_id)
        for old in await outdated_lessons(db):
            if old.brand_id == brand.id:
                old.weights = {**old.weights, "again": VECTORS}
        what = "It was learned again and waits for your word." if proposed else f"It cannot be learned again: {lesson}."
        await notify(
            db,
            "lesson_outdated",
            f"The lesson of {brand.name} is out of date",
            f"Sentences are read in another way since it was learned, so that only the signs of it count. {what}",
            f"/brands?brand={brand.id}&tab=trust",
            "info",
            f"lesson-outdated:{brand.id}",
        )
    return Done("It waits for a word") if proposed else Cancel(f"Nothing learned: {lesson}")


@job("mentions.apply_lesson", queue="analyse", timeout=timedelta(minutes=30), title="Apply a lesson", startable=False)
async def apply_lesson(run: Run, parameters: ApplyLesson) -> Outcome:
    """Bring the mentions of the last 30 days to what an accepted lesson says of them, or back if it was undone."""
    async with run.session() as db:
        lesson = await lesson_by_id(db, parameters.lesson_id)
        settled = await settle(db, parameters.lesson_id)
        await _sum_up(db, settled.stories)
        if settled.written:
            await _look_again(db, lesson.brand_id, settled.tried_at)
        await keep_promise(db, lesson.brand_id, now())
    return Done(f"{count_of(settled.written, 'mention was', 'mentions were')} gone through")


@job(
    "mentions.stand_anew", queue="analyse", timeout=timedelta(minutes=30), title="Follow a moved limit", startable=False
)
async def follow_limit(run: Run, parameters: StandAnew) -> Outcome:
    """Put a brand's mentions where its limit of confidence wants them now."""
    async with run.session() as db:
        stories = await stand_anew(db, parameters.brand_id)
        await _sum_up(db, stories)
    return Done(f"{count_of(len(stories), 'story', 'stories')} changed")


async def _look_again(db: Db, brand_id: UUID, tried_at: datetime) -> None:
    """What was written is as old as when it was tried: whatever came to pass since is looked at once more."""
    if later := await articles_since(db, brand_id, tried_at):
        await enqueue(db, "mentions.match", {"article_ids": later})
    brand = await db.get(Brand, brand_id)
    if brand is not None and brand.updated_at > tried_at:
        await enqueue(db, "mentions.rematch", {"brand_id": brand_id})


async def _sum_up(db: Db, stories: Sequence[UUID]) -> None:
    for first in range(0, len(stories), STORIES_AT_ONCE):
        some = stories[first : first + STORIES_AT_ONCE]
        await sum_up_stories(db, some)
        publish(db, "stories", *some)


@hears(MentionJudged)
async def _notice(db: Db, event: MentionJudged) -> None:
    """After some judgements more, learn anew by oneself; what was learned is only proposed."""
    if await new_judgements(db, event.brand_id) < AGAIN_AFTER:
        return
    if (await readiness_of(db, event.brand_id)).missing is None:
        await enqueue(db, "mentions.learn", {"brand_id": event.brand_id}, key=str(event.brand_id))
