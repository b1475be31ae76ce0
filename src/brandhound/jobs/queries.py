"""Reads of runs, their logs and schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from brandhound.core.db import Db
from brandhound.core.pages import from_cursor
from brandhound.core.problems import NotThere
from brandhound.jobs.models import RunLine, RunRow, Schedule
from brandhound.jobs.registry import JOBS
from brandhound.jobs.states import ACTIVE


@dataclass(frozen=True)
class RunFilter:
    """Which runs are wanted; what is empty does not narrow."""

    jobs: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    active: bool = False
    schedule_id: UUID | None = None
    parent_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    error_class: str | None = None
    error_code: str | None = None
    changed_by: UUID | None = None
    but_not: str | None = None
    to_pause: bool = False
    """Only those that somebody paused, or asked to."""
    after: tuple[object, ...] | None = None
    without_small: bool = False
    """Without runs of small jobs that went well. One that waits, runs or failed is there all the same."""


def conditions(wanted: RunFilter) -> list[ColumnElement[bool]]:
    """What holds for the runs that are wanted."""
    found: list[ColumnElement[bool]] = []
    if wanted.jobs:
        found.append(RunRow.job.in_(wanted.jobs))
    if wanted.states or wanted.active:
        found.append(RunRow.state.in_(wanted.states or ACTIVE))
    if wanted.since:
        found.append(RunRow.created_at >= wanted.since)
    if wanted.until:
        found.append(RunRow.created_at <= wanted.until)
    if wanted.to_pause:
        found.append(RunRow.pause_requested_at.is_not(None))
    if wanted.but_not:
        found.append(RunRow.job != wanted.but_not)
    if wanted.without_small:
        small = [name for name, job in JOBS.items() if job.small]
        found.append(or_(RunRow.job.not_in(small), RunRow.state != "done"))
    if wanted.after:
        found.append(tuple_(RunRow.created_at, RunRow.id) > tuple_(*wanted.after))
    equal: list[tuple[ColumnElement[Any] | InstrumentedAttribute[Any], object]] = [
        (RunRow.schedule_id, wanted.schedule_id),
        (RunRow.parent_id, wanted.parent_id),
        (RunRow.error_class, wanted.error_class),
        (RunRow.error_code, wanted.error_code),
        (RunRow.changed_by_run, wanted.changed_by),
    ]
    return found + [column == value for column, value in equal if value is not None]


async def runs_newest_first(db: Db, wanted: RunFilter, cursor: str | None, limit: int) -> Sequence[RunRow]:
    """The runs after the cursor, and one more than the limit if there are more."""
    query = (
        select(RunRow).where(*conditions(wanted)).order_by(RunRow.created_at.desc(), RunRow.id.desc()).limit(limit + 1)
    )
    if cursor:
        created_at, run_id = from_cursor(cursor, datetime, UUID)
        query = query.where(tuple_(RunRow.created_at, RunRow.id) < tuple_(created_at, run_id))
    return (await db.scalars(query)).all()


@dataclass(frozen=True)
class DeadGroup:
    """Dead letters of one kind."""

    error_class: str
    error_code: str
    job: str
    title: str
    count: int
    first_at: datetime
    last_at: datetime


async def dead_groups(db: Db) -> list[DeadGroup]:
    """The dead letters by what can be done about them, the most first."""
    count = func.count().label("count")
    query = (
        select(
            func.coalesce(RunRow.error_class, "fatal"),
            func.coalesce(RunRow.error_code, ""),
            RunRow.job,
            func.max(RunRow.title),
            count,
            func.min(RunRow.finished_at),
            func.max(RunRow.finished_at),
        )
        .where(RunRow.state == "dead")
        .group_by(RunRow.error_class, RunRow.error_code, RunRow.job)
        .order_by(count.desc(), RunRow.job)
    )
    return [DeadGroup(*row) for row in await db.execute(query)]


async def run_by_id(db: Db, run_id: UUID) -> RunRow:
    """The run. Raises NotThere."""
    run = await db.get(RunRow, run_id)
    if run is None:
        raise NotThere("run")
    return run


async def lines_after(db: Db, run_id: UUID, after: int, level: int, limit: int) -> Sequence[RunLine]:
    """Lines of a run after that number, of at least that level, in order; one more than the limit if there are more."""
    query = select(RunLine).where(RunLine.run_id == run_id, RunLine.seq > after).order_by(RunLine.seq).limit(limit + 1)
    if level > 10:
        query = query.where(RunLine.level >= level)
    return (await db.scalars(query)).all()


async def skipped_after(db: Db, run_id: UUID, after: int, level: int) -> tuple[int, int]:
    """The number of the last line of at least that level, and how many there are after the given one."""
    query = select(func.coalesce(func.max(RunLine.seq), after), func.count()).where(
        RunLine.run_id == run_id, RunLine.seq > after, RunLine.level >= level
    )
    last, count = (await db.execute(query)).one()
    return int(last), int(count)


async def schedules_by_title(db: Db) -> Sequence[Schedule]:
    """Every schedule of the organization."""
    return (await db.scalars(select(Schedule).order_by(Schedule.title, Schedule.id))).all()


async def page_of_schedules(db: Db, search: str, cursor: str | None, limit: int) -> Sequence[Schedule]:
    """Schedules by title after the cursor whose title or job holds the words, and one more than the limit if there are more."""
    query = select(Schedule).order_by(Schedule.title, Schedule.id).limit(limit + 1)
    if search:
        query = query.where(
            or_(Schedule.title.icontains(search, autoescape=True), Schedule.job.icontains(search, autoescape=True))
        )
    if cursor:
        query = query.where(tuple_(Schedule.title, Schedule.id) > tuple_(*from_cursor(cursor, str, UUID)))
    return (await db.scalars(query)).all()


async def schedule_by_id(db: Db, schedule_id: UUID) -> Schedule:
    """The schedule. Raises NotThere."""
    schedule = await db.get(Schedule, schedule_id)
    if schedule is None:
        raise NotThere("schedule")
    return schedule


async def runs_by_id(db: Db, ids: Sequence[UUID]) -> dict[UUID, RunRow]:
    """The runs of these ids that are still there."""
    if not ids:
        return {}
    return {run.id: run for run in await db.scalars(select(RunRow).where(RunRow.id.in_(ids)))}
