"""Schedules: making and changing them, and queuing what has come due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.errors import BadParameters, UnknownJob
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.registry import JOBS, checked_parameters, enqueue, job_named
from brandhound.jobs.states import ACTIVE
from brandhound.jobs.timing import check_cron, next_due, next_dues

SHOWN = 10
"""How many of the next times a person is shown."""

_AT_ONCE = 200
_IDLE = timedelta(seconds=30)


@dataclass(frozen=True)
class Changes:
    """What is to be different about a schedule; None leaves it."""

    title: str | None = None
    parameters: dict[str, Any] | None = None
    cron: str | None = None
    time_zone: str | None = None
    timeout_seconds: float | None = None


async def add_schedule(
    db: Db,
    job: str,
    cron: str,
    time_zone: str,
    *,
    parameters: dict[str, Any] | None = None,
    title: str | None = None,
    paused: bool = False,
    time_limit: timedelta | None = None,
    created_by: UUID | None = None,
) -> Schedule:
    """Queue a job by itself from now on.

    Raises UnknownJob, BadParameters, BadCron, NeverDue or UnknownTimeZone.
    """
    kind = job_named(job)
    check_cron(cron, time_zone, clock.now())
    schedule = Schedule(
        job=kind.name,
        title=title or kind.title,
        parameters=checked_parameters(kind, parameters or {}),
        cron=cron,
        time_zone=time_zone,
        paused=paused,
        timeout_seconds=time_limit.total_seconds() if time_limit else None,
        created_by=created_by,
    )
    db.add(schedule)
    await db.flush()
    return await _changed(db, schedule)


async def change_schedule(db: Db, schedule: Schedule, changes: Changes) -> Schedule:
    """Change a schedule; it holds from now on.

    Raises BadParameters, BadCron, NeverDue or UnknownTimeZone.
    """
    if changes.cron or changes.time_zone:
        check_cron(changes.cron or schedule.cron or "", changes.time_zone or schedule.time_zone, clock.now())
        schedule.cron = changes.cron or schedule.cron
        schedule.time_zone = changes.time_zone or schedule.time_zone
    if changes.parameters is not None:
        schedule.parameters = checked_parameters(job_named(schedule.job), changes.parameters)
    schedule.title = changes.title or schedule.title
    schedule.timeout_seconds = changes.timeout_seconds or schedule.timeout_seconds
    return await _changed(db, schedule)


async def pause_schedule(db: Db, schedule: Schedule, *, paused: bool) -> Schedule:
    """Stop it from coming due, or let it again. What was missed meanwhile is not made up for."""
    schedule.paused = paused
    return await _changed(db, schedule)


async def remove_schedule(db: Db, schedule: Schedule) -> None:
    """Take it away. Its runs stay."""
    publish(db, "schedules", schedule.id)
    await db.delete(schedule)
    await db.flush()


async def start_now(db: Db, schedule: Schedule, requested_by: UUID | None) -> RunRow:
    """Queue what the schedule queues, now and once."""
    return await _queue(db, schedule, requested_by=requested_by)


def upcoming(schedule: Schedule, now: datetime) -> list[datetime]:
    """The next times it comes due; none while it is paused."""
    if schedule.paused:
        return []
    if schedule.cron:
        return next_dues(schedule.cron, schedule.time_zone, now, SHOWN)
    every = timedelta(seconds=schedule.every_seconds or 0)
    first = schedule.next_at or now + every
    return [first + every * number for number in range(SHOWN)]


async def bring_registered(db: Db) -> None:
    """Make the schedules that jobs bring with them (`every=`), and revive those whose job was missing. Safe to repeat."""
    wanted = {job.name: job for job in JOBS.values() if job.every is not None}
    for job in wanted.values():
        assert job.every is not None
        row = insert(Schedule).values(
            id=uuid7(),
            organization_id=SYSTEM_ORGANIZATION,
            job=job.name,
            title=job.title,
            parameters=checked_parameters(job, {}),
            every_seconds=job.every.total_seconds(),
            registered=job.name,
        )
        await db.execute(
            row.on_conflict_do_update(
                index_elements=["organization_id", "registered"],
                set_={"every_seconds": row.excluded.every_seconds, "title": row.excluded.title, "paused": False},
                where=or_(Schedule.every_seconds != row.excluded.every_seconds, Schedule.title != row.excluded.title),
            )
        )


async def queue_due(now: datetime | None = None) -> timedelta:
    """Queue every schedule that has come due, each once however late it is; the time until the next one.

    Several processes may do this at once: each takes rows that no other has. They agree on the database's clock.
    """
    async with system_session() as db:
        if now is None:
            now = cast("datetime", (await db.execute(text("select clock_timestamp()"))).scalar_one())
        due = await _due_schedules(db, now)
        for schedule in due:
            await _fire(db, schedule, now)
        if len(due) == _AT_ONCE:
            return timedelta(0)
        await db.flush()
        next_at = await db.scalar(select(func.min(Schedule.next_at)).where(Schedule.paused.is_(False)))
    wait = next_at - now if next_at else _IDLE
    # Never longer than this, so that a clock that was put forward, or a notification that was lost, does little harm.
    return max(timedelta(0), min(wait, _IDLE))


async def _due_schedules(db: Db, now: datetime) -> Sequence[Schedule]:
    # One that fired in the future was seen by a clock that has been put back since: it is reckoned anew.
    due = or_(Schedule.next_at.is_(None), Schedule.next_at <= now, Schedule.fired_at > now + timedelta(minutes=1))
    query = (
        select(Schedule)
        .where(Schedule.paused.is_(False), due)
        .order_by(Schedule.next_at.asc().nulls_first())
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return (await db.scalars(query)).all()


async def _fire(db: Db, schedule: Schedule, now: datetime) -> None:
    jumped = schedule.fired_at is not None and schedule.fired_at > now + timedelta(minutes=1)
    if schedule.next_at is not None and not jumped:
        schedule.fired_at = schedule.next_at
        if await _still_runs(db, schedule):
            schedule.skipped += 1
        else:
            await _queue_or_pause(db, schedule)
    elif jumped:
        schedule.fired_at = now
    elif schedule.every_seconds and schedule.fired_at is None:
        # New: its first time is now.
        schedule.fired_at = now
        await _queue_or_pause(db, schedule)
    if schedule.cron:
        schedule.next_at = next_due(schedule.cron, schedule.time_zone, now)
    else:
        schedule.next_at = _next_beat(schedule, now)


def _next_beat(schedule: Schedule, now: datetime) -> datetime:
    """The next time after now on the schedule's own grid, so that it does not drift."""
    every = timedelta(seconds=schedule.every_seconds or 0)
    base = schedule.fired_at or now
    missed = max(0, (now - base) // every)
    return base + every * (missed + 1)


async def _still_runs(db: Db, schedule: Schedule) -> bool:
    # Only its newest run can be in the way: an older one would have kept that from being queued.
    active = select(exists().where(RunRow.id == schedule.last_run_id, RunRow.state.in_(ACTIVE)))
    return schedule.last_run_id is not None and bool(await db.scalar(active))


async def _queue_or_pause(db: Db, schedule: Schedule) -> None:
    try:
        await _queue(db, schedule)
    except (UnknownJob, BadParameters) as problem:
        # It would fail each time: it stops, and the title that a person sees says so.
        schedule.paused = True
        schedule.title = f"{schedule.title} (paused: {problem.title().rstrip('.')})"[:200]


async def _queue(db: Db, schedule: Schedule, requested_by: UUID | None = None) -> RunRow:
    run = await enqueue(
        db,
        schedule.job,
        schedule.parameters,
        title=schedule.title if schedule.registered is None else None,
        time_limit=timedelta(seconds=schedule.timeout_seconds) if schedule.timeout_seconds else None,
        schedule_id=schedule.id,
        requested_by=requested_by,
        organization_id=schedule.organization_id,
    )
    schedule.last_run_id = run.id
    return run


async def _changed(db: Db, schedule: Schedule) -> Schedule:
    schedule.updated_at = clock.now()
    await db.flush()
    await db.refresh(schedule)
    publish(db, "schedules", schedule.id)
    return schedule
