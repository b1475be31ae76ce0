"""Reads of runs, their logs and schedules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from brandhound.core.db import Db
from brandhound.core.pages import from_cursor
from brandhound.core.problems import NotThere
from brandhound.jobs.models import RunLine, RunRow, Schedule
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


async def runs_newest_first(db: Db, wanted: RunFilter, cursor: str | None, limit: int) -> Sequence[RunRow]:
    """The runs after the cursor, and one more than the limit if there are more."""
    query = select(RunRow).order_by(RunRow.created_at.desc(), RunRow.id.desc()).limit(limit + 1)
    if wanted.jobs:
        query = query.where(RunRow.job.in_(wanted.jobs))
    if wanted.states or wanted.active:
        query = query.where(RunRow.state.in_(wanted.states or ACTIVE))
    if wanted.schedule_id:
        query = query.where(RunRow.schedule_id == wanted.schedule_id)
    if wanted.parent_id:
        query = query.where(RunRow.parent_id == wanted.parent_id)
    if wanted.since:
        query = query.where(RunRow.created_at >= wanted.since)
    if cursor:
        created_at, run_id = from_cursor(cursor, datetime, UUID)
        query = query.where(tuple_(RunRow.created_at, RunRow.id) < tuple_(created_at, run_id))
    return (await db.scalars(query)).all()


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


async def schedules_by_title(db: Db) -> Sequence[Schedule]:
    """Every schedule of the organization."""
    return (await db.scalars(select(Schedule).order_by(Schedule.title, Schedule.id))).all()


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
