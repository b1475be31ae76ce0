"""What a schedule does when it has come due: it queues its run as its policies say, and reckons when it is due again."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.problems import Problem
from brandhound.jobs.errors import BadCron, BadParameters, NeverDue, UnknownJob, UnknownTimeZone
from brandhound.jobs.events import SchedulePaused
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.registry import announce, enqueue
from brandhound.jobs.states import ACTIVE
from brandhound.jobs.timing import next_due
from brandhound.jobs.waiting import BEHIND, before_run, stands_behind

PUNCTUAL = timedelta(minutes=1)
"""One that is queued within this time of its moment was not missed."""


async def fire(db: Db, schedule: Schedule, now: datetime) -> Sequence[RunRow]:
    """Queue it if it is due, and say when it is next; the runs that are to make way for the new one.

    One that would fail each time is paused with the reason, and somebody is told. Nothing else in the transaction suffers.
    """
    try:
        async with db.begin_nested():
            return await _fire(db, schedule, now)
    except (UnknownJob, BadParameters, UnknownTimeZone, BadCron, NeverDue) as problem:
        await db.refresh(schedule)
        await _pause(db, schedule, _why(schedule, problem))
        return ()


async def queue_run(
    db: Db, schedule: Schedule, requested_by: UUID | None = None, behind: RunRow | None = None
) -> RunRow:
    """Queue what the schedule queues, now or behind that run.

    Raises UnknownJob or BadParameters.
    """
    run = await enqueue(
        db,
        schedule.job,
        schedule.parameters,
        title=schedule.title if schedule.registered is None else None,
        time_limit=timedelta(seconds=schedule.timeout_seconds) if schedule.timeout_seconds else None,
        soft_limit=timedelta(seconds=schedule.soft_timeout_seconds) if schedule.soft_timeout_seconds else None,
        limit_from="schedule",
        waiting_for=before_run(behind.id) if behind else None,
        reason=BEHIND if behind else None,
        schedule_id=schedule.id,
        requested_by=requested_by,
        organization_id=schedule.organization_id,
    )
    schedule.last_run_id = run.id
    return run


async def _fire(db: Db, schedule: Schedule, now: datetime) -> Sequence[RunRow]:
    replaced: Sequence[RunRow] = ()
    due_at: datetime | None = None
    is_made_up = False
    jumped = schedule.fired_at is not None and schedule.fired_at > now + timedelta(minutes=1)
    if schedule.next_at is not None and not jumped:
        late, due_at = now - schedule.next_at, _due_before_chance(schedule, schedule.next_at)
        schedule.fired_at = schedule.next_at
        if schedule.misfire == "skip" and late > PUNCTUAL:
            schedule.missed += 1
        else:
            replaced = await _queue_by_policy(db, schedule)
            is_made_up = late > PUNCTUAL
    elif jumped:
        schedule.fired_at = now
    elif schedule.every_seconds and schedule.fired_at is None:
        # New: its first time is now.
        schedule.fired_at = now
        await queue_run(db, schedule)
    if schedule.cron:
        _plan(schedule, schedule.cron, due_at, now, is_made_up=is_made_up)
    else:
        schedule.next_at = _next_beat(schedule, now)
    return replaced


def _plan(schedule: Schedule, cron: str, due_at: datetime | None, now: datetime, *, is_made_up: bool) -> None:
    """Say when it is due after that time, and when it begins then. A start that chance made late costs none of the next ones.

    `is_made_up`: the run that was just queued stands for every start that was missed until now.
    """
    chance = timedelta(seconds=schedule.jitter_seconds)
    due = next_due(cron, schedule.time_zone, max(due_at, now - chance) if due_at else now)
    start = due + random.uniform(0, 1) * chance
    # Where chance reaches as far as the next time, that one's start may have passed though nothing was missed.
    while is_made_up and start <= now and due_at and due > due_at + chance:
        due = next_due(cron, schedule.time_zone, due)
        start = due + random.uniform(0, 1) * chance
    schedule.due_at, schedule.next_at = due, max(now, start)


def _due_before_chance(schedule: Schedule, next_at: datetime) -> datetime:
    """When it was due without the chance of a later start."""
    earliest = next_at - timedelta(seconds=schedule.jitter_seconds)
    # Another version of the product, or another limit, may have put its start where it is.
    is_known = schedule.due_at is not None and earliest <= schedule.due_at <= next_at
    return schedule.due_at if schedule.due_at and is_known else next_at


def _next_beat(schedule: Schedule, now: datetime) -> datetime:
    """The next time after now on the schedule's own grid, so that it does not drift."""
    every = timedelta(seconds=schedule.every_seconds or 0)
    base = schedule.fired_at or now
    missed = max(0, (now - base) // every)
    return base + every * (missed + 1)


async def _queue_by_policy(db: Db, schedule: Schedule) -> Sequence[RunRow]:
    active = await _active_runs(db, schedule)
    if not active:
        await queue_run(db, schedule)
    elif schedule.overlap == "skip" or (schedule.overlap == "queue" and any(map(stands_behind, active))):
        # One may stand in line behind the one that runs; a longer line would only grow.
        schedule.skipped += 1
    else:
        await queue_run(db, schedule, behind=active[-1])
        return active if schedule.overlap == "replace" else ()
    return ()


async def _active_runs(db: Db, schedule: Schedule) -> Sequence[RunRow]:
    """What it queued, or a person by its name, and is not over; the newest last."""
    active = (
        select(RunRow)
        .where(
            RunRow.organization_id == schedule.organization_id,
            RunRow.schedule_id == schedule.id,
            RunRow.state.in_(ACTIVE),
        )
        .order_by(RunRow.created_at, RunRow.id)
    )
    # Held, so that none can end unheard between this look and the one that will wait for it.
    return (await db.scalars(active.with_for_update())).all()


async def _pause(db: Db, schedule: Schedule, why: str) -> None:
    schedule.paused, schedule.paused_because = True, why
    await announce(
        db,
        SchedulePaused(
            schedule_id=schedule.id,
            organization_id=schedule.organization_id,
            job=schedule.job,
            title=schedule.title,
            reason=why,
        ),
    )


def _why(schedule: Schedule, problem: Problem) -> str:
    match problem:
        case BadParameters(errors=errors):
            return "; ".join(errors)
        case UnknownJob():
            return f"There is no job named {schedule.job}"
        case UnknownTimeZone():
            return f"There is no time zone named {schedule.time_zone}"
        case _:
            return f"{problem.title().rstrip('.')} ({schedule.cron})"
