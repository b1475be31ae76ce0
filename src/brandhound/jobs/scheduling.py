"""Schedules: making and changing them, and queuing what has come due."""

import contextlib
import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, Db, tenant_session
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.controlling import cancel_run
from brandhound.jobs.errors import BadCron, RunOver, TooMuchJitter, UnknownTimeZone
from brandhound.jobs.firing import fire, queue_run
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.registry import JOBS, checked_parameters, job_named, title_of
from brandhound.jobs.timing import check_cron, due_times, least_gap, next_dues

SHOWN = 10
"""How many of the next times a person is shown."""

_AT_ONCE = 50
"""Few enough that the first of a crowd need not wait for the last to be queued, and that every worker queues a part of it."""

_IDLE = timedelta(seconds=30)


Overlap = Literal["skip", "queue", "replace"]
Misfire = Literal["once", "skip"]


@dataclass(frozen=True)
class Changes:
    """What is to be different about a schedule; None leaves it, zero seconds take a limit off."""

    title: str | None = None
    parameters: dict[str, Any] | None = None
    cron: str | None = None
    time_zone: str | None = None
    timeout_seconds: float | None = None
    soft_timeout_seconds: float | None = None
    overlap: Overlap | None = None
    misfire: Misfire | None = None
    jitter_seconds: float | None = None


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
    soft_limit: timedelta | None = None,
    overlap: Overlap = "skip",
    misfire: Misfire = "once",
    jitter: timedelta = timedelta(0),
    created_by: UUID | None = None,
) -> Schedule:
    """Queue a job by itself from now on.

    Raises UnknownJob, BadParameters, BadCron, NeverDue, UnknownTimeZone or TooMuchJitter.
    """
    kind = job_named(job)
    check_cron(cron, time_zone, clock.now())
    _check_jitter(cron, time_zone, jitter.total_seconds())
    checked = checked_parameters(kind, parameters or {})
    schedule = Schedule(
        job=kind.name,
        title=title or await title_of(db, kind, checked),
        parameters=checked,
        cron=cron,
        time_zone=time_zone,
        paused=paused,
        timeout_seconds=time_limit.total_seconds() if time_limit else None,
        soft_timeout_seconds=soft_limit.total_seconds() if soft_limit else None,
        overlap=overlap,
        misfire=misfire,
        jitter_seconds=jitter.total_seconds(),
        created_by=created_by,
    )
    db.add(schedule)
    await db.flush()
    return await _changed(db, schedule)


async def change_schedule(db: Db, schedule: Schedule, changes: Changes) -> Schedule:
    """Change a schedule; it holds from now on. A title that nobody chose follows what the schedule is about.

    Raises BadParameters, BadCron, NeverDue, UnknownTimeZone or TooMuchJitter.
    """
    times, jitter = (schedule.cron, schedule.time_zone), schedule.jitter_seconds
    schedule.cron = changes.cron or schedule.cron
    schedule.time_zone = changes.time_zone or schedule.time_zone
    if changes.jitter_seconds is not None:
        schedule.jitter_seconds = changes.jitter_seconds
    # What is not changed was right when it was stored: it is no reason to refuse a new title.
    are_other = times != (schedule.cron, schedule.time_zone)
    cron = schedule.cron or ""
    if are_other:
        check_cron(cron, schedule.time_zone, clock.now())
    if cron and (are_other or jitter != schedule.jitter_seconds):
        _check_jitter(cron, schedule.time_zone, schedule.jitter_seconds)
    schedule.overlap = changes.overlap or schedule.overlap
    schedule.misfire = changes.misfire or schedule.misfire
    schedule.title = changes.title or schedule.title
    if changes.parameters is not None:
        await _change_parameters(db, schedule, changes.parameters, keep_title=changes.title is not None)
    if changes.timeout_seconds is not None:
        schedule.timeout_seconds = changes.timeout_seconds or None
    if changes.soft_timeout_seconds is not None:
        schedule.soft_timeout_seconds = changes.soft_timeout_seconds or None
    return await _changed(db, schedule)


async def _change_parameters(db: Db, schedule: Schedule, given: dict[str, Any], *, keep_title: bool) -> None:
    job, before = job_named(schedule.job), schedule.parameters
    schedule.parameters = checked_parameters(job, given)
    if not keep_title and schedule.title == await title_of(db, job, before):
        schedule.title = await title_of(db, job, schedule.parameters)


async def pause_schedule(db: Db, schedule: Schedule, *, paused: bool) -> Schedule:
    """Stop it from coming due, or let it again. What was missed meanwhile is not made up for."""
    schedule.paused = paused
    if not paused:
        schedule.paused_because = None
    return await _changed(db, schedule)


async def remove_schedule(db: Db, schedule: Schedule) -> None:
    """Take it away. Its runs stay."""
    publish(db, "schedules", schedule.id)
    await db.delete(schedule)
    await db.flush()


async def start_now(db: Db, schedule: Schedule, requested_by: UUID | None) -> RunRow:
    """Queue what the schedule queues, now and once."""
    return await queue_run(db, schedule, requested_by=requested_by)


def upcoming(schedule: Schedule, now: datetime) -> list[datetime]:
    """The next times it comes due; none while it is paused, or about to be because they cannot be reckoned."""
    if schedule.paused:
        return []
    if schedule.cron:
        with contextlib.suppress(BadCron, UnknownTimeZone):
            return next_dues(schedule.cron, schedule.time_zone, now, SHOWN)
        return []
    every = timedelta(seconds=schedule.every_seconds or 0)
    first = schedule.next_at or now + every
    return [first + every * number for number in range(SHOWN)]


@dataclass(frozen=True)
class Due:
    """One time at which one schedule comes due."""

    at: datetime
    schedule: Schedule


def calendar(schedules: Sequence[Schedule], now: datetime, until: datetime, most: int) -> list[Due]:
    """The next times of all schedules together, earliest first; paused ones have none."""

    def times(schedule: Schedule) -> Iterator[tuple[datetime, str, Schedule]]:
        if schedule.cron:
            dues = due_times(schedule.cron, schedule.time_zone, now)
        else:
            every = timedelta(seconds=schedule.every_seconds or 60)
            first = schedule.next_at or now + every
            dues = (first + every * number for number in itertools.count())
        with contextlib.suppress(BadCron, UnknownTimeZone):
            for at in dues:
                yield at, str(schedule.id), schedule

    merged = heapq.merge(*(times(schedule) for schedule in schedules if not schedule.paused), key=lambda due: due[:2])
    within = itertools.takewhile(lambda due: due[0] <= until, merged)
    return [Due(at, schedule) for at, _, schedule in itertools.islice(within, most)]


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
        paused_itself = Schedule.paused_because.is_not(None)
        other = or_(Schedule.every_seconds != row.excluded.every_seconds, Schedule.title != row.excluded.title)
        await db.execute(
            row.on_conflict_do_update(
                index_elements=["organization_id", "registered"],
                set_={
                    "every_seconds": row.excluded.every_seconds,
                    "title": row.excluded.title,
                    # What a person paused stays so.
                    "paused": Schedule.paused & ~paused_itself,
                    "paused_because": None,
                },
                where=or_(other, paused_itself),
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
        replaced = [run for schedule in due for run in await fire(db, schedule, now)]
        await db.flush()
        next_at = await db.scalar(select(func.min(Schedule.next_at)).where(~Schedule.paused))
    for run in replaced:
        await _replace(run)
    if len(due) == _AT_ONCE:
        return timedelta(0)
    wait = next_at - now if next_at else _IDLE
    # Never longer than this, so that a clock that was put forward, or a notification that was lost, does little harm.
    return max(timedelta(0), min(wait, _IDLE))


async def _due_schedules(db: Db, now: datetime) -> Sequence[Schedule]:
    # One that fired in the future was seen by a clock that has been put back since: it is reckoned anew.
    due = or_(Schedule.next_at.is_(None), Schedule.next_at <= now, Schedule.fired_at > now + timedelta(minutes=1))
    query = (
        select(Schedule)
        .where(~Schedule.paused, due)
        .order_by(Schedule.next_at.asc().nulls_first())
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return (await db.scalars(query)).all()


async def _replace(run: RunRow) -> None:
    """Cancel what a newer run stands behind. In its organization, so that those who hear of it are there too."""
    async with tenant_session(run.organization_id) as db:
        # It may have ended by itself meanwhile.
        with contextlib.suppress(RunOver):
            await cancel_run(db, run.id, None)


def _check_jitter(cron: str, time_zone: str, seconds: float) -> None:
    if seconds > 0 and (gap := least_gap(cron, time_zone, clock.now())) and timedelta(seconds=seconds) > gap / 2:
        raise TooMuchJitter(gap.total_seconds() / 2)


async def _changed(db: Db, schedule: Schedule) -> Schedule:
    schedule.updated_at = clock.now()
    await db.flush()
    await db.refresh(schedule)
    publish(db, "schedules", schedule.id)
    return schedule
