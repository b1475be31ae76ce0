"""Addresses of schedules."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from brandhound.core import clock
from brandhound.core.pages import Page, page_of
from brandhound.jobs import queries, scheduling
from brandhound.jobs.errors import UnknownJob
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.presenting import run_out
from brandhound.jobs.registry import JOBS
from brandhound.jobs.schemas import (
    Calendar,
    CalendarEntry,
    LastRun,
    NewSchedule,
    NextRuns,
    RunOut,
    ScheduleChange,
    ScheduleOut,
    SchedulePreview,
)
from brandhound.jobs.timing import check_cron, next_dues
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Admin, Analyst, TenantDb, Viewer

router = APIRouter(tags=["jobs"])

_LIMITS = ("timeout_seconds", "soft_timeout_seconds")


@router.get("/api/schedules")
async def list_schedules(
    db: TenantDb,
    _: Viewer,
    search: Annotated[str, Query(max_length=200, description="Only those whose title or job holds this")] = "",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ScheduleOut]:
    """List the schedules, by title."""
    schedules = await queries.page_of_schedules(db, search.strip(), cursor, limit)
    page = page_of(schedules, limit, lambda schedule: (schedule.title, schedule.id))
    return Page(items=await _schedules_out(db, *page.items), next=page.next)


@router.post("/api/schedules", status_code=201)
async def add_schedule(new: NewSchedule, db: TenantDb, caller: Admin) -> ScheduleOut:
    """Start a job by itself from now on."""
    if new.job not in JOBS or not JOBS[new.job].startable:
        raise UnknownJob(new.job)
    schedule = await scheduling.add_schedule(
        db,
        new.job,
        new.cron,
        new.time_zone or caller.time_zone,
        parameters=new.parameters,
        title=new.title,
        paused=new.paused,
        time_limit=timedelta(seconds=new.timeout_seconds) if new.timeout_seconds else None,
        soft_limit=timedelta(seconds=new.soft_timeout_seconds) if new.soft_timeout_seconds else None,
        overlap=new.overlap,
        misfire=new.misfire,
        jitter=timedelta(seconds=new.jitter_seconds),
        created_by=caller.user_id,
    )
    await record(db, caller, "jobs.schedule-added", "schedule", schedule.id, {"job": new.job, "cron": new.cron})
    return (await _schedules_out(db, schedule))[0]


@router.post("/api/schedules/preview")
async def preview_schedule(preview: SchedulePreview, _: Viewer) -> NextRuns:
    """Say when a schedule would come due, before it is saved."""
    now = clock.now()
    check_cron(preview.cron, preview.time_zone, now)
    return NextRuns(next_runs=next_dues(preview.cron, preview.time_zone, now, scheduling.SHOWN))


@router.get("/api/schedules/calendar")
async def list_next_runs(
    db: TenantDb,
    _: Viewer,
    until: Annotated[AwareDatetime | None, Query(description="At most 92 days ahead; empty: a week")] = None,
    limit: Annotated[int, Query(ge=1, le=2000)] = 500,
) -> Calendar:
    """List when all schedules come due from now on, earliest first."""
    now = clock.now()
    until = min(until or now + timedelta(days=7), now + timedelta(days=92))
    dues = scheduling.calendar(await queries.schedules_by_title(db), now, until, limit + 1)
    return Calendar(
        items=[
            CalendarEntry(
                at=due.at,
                schedule_id=due.schedule.id,
                title=due.schedule.title,
                job=due.schedule.job,
                jitter_seconds=due.schedule.jitter_seconds,
            )
            for due in dues[:limit]
        ],
        more=len(dues) > limit,
    )


@router.get("/api/schedules/{schedule_id}")
async def get_schedule(schedule_id: UUID, db: TenantDb, _: Viewer) -> ScheduleOut:
    """Read one schedule."""
    return (await _schedules_out(db, await queries.schedule_by_id(db, schedule_id)))[0]


@router.patch("/api/schedules/{schedule_id}")
async def change_schedule(schedule_id: UUID, change: ScheduleChange, db: TenantDb, caller: Admin) -> ScheduleOut:
    """Change a schedule; it holds from now on."""
    schedule = await queries.schedule_by_id(db, schedule_id)
    wanted = change.model_dump()
    # A limit that is given and empty is taken off.
    wanted |= {name: wanted[name] or 0.0 for name in _LIMITS if name in change.model_fields_set}
    await scheduling.change_schedule(db, schedule, scheduling.Changes(**wanted))
    facts = change.model_dump(exclude_unset=True, mode="json")
    await record(db, caller, "jobs.schedule-changed", "schedule", schedule.id, facts)
    return (await _schedules_out(db, schedule))[0]


@router.delete("/api/schedules/{schedule_id}", status_code=204)
async def remove_schedule(schedule_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Remove a schedule. Its runs stay."""
    schedule = await queries.schedule_by_id(db, schedule_id)
    await scheduling.remove_schedule(db, schedule)
    await record(db, caller, "jobs.schedule-removed", "schedule", schedule_id, {"job": schedule.job})


@router.put("/api/schedules/{schedule_id}/pause")
async def pause_schedule(schedule_id: UUID, db: TenantDb, caller: Admin) -> ScheduleOut:
    """Stop a schedule from coming due."""
    schedule = await queries.schedule_by_id(db, schedule_id)
    await scheduling.pause_schedule(db, schedule, paused=True)
    await record(db, caller, "jobs.schedule-paused", "schedule", schedule.id, {})
    return (await _schedules_out(db, schedule))[0]


@router.delete("/api/schedules/{schedule_id}/pause")
async def resume_schedule(schedule_id: UUID, db: TenantDb, caller: Admin) -> ScheduleOut:
    """Let a paused schedule come due again."""
    schedule = await queries.schedule_by_id(db, schedule_id)
    await scheduling.pause_schedule(db, schedule, paused=False)
    await record(db, caller, "jobs.schedule-resumed", "schedule", schedule.id, {})
    return (await _schedules_out(db, schedule))[0]


@router.post("/api/schedules/{schedule_id}/runs", status_code=201)
async def start_scheduled_run(schedule_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Start now what the schedule starts."""
    schedule = await queries.schedule_by_id(db, schedule_id)
    run = await scheduling.start_now(db, schedule, caller.user_id)
    await record(db, caller, "jobs.run-started", "run", run.id, {"job": run.job, "schedule": str(schedule.id)})
    return await run_out(db, run)


async def _schedules_out(db: TenantDb, *schedules: Schedule) -> list[ScheduleOut]:
    runs = await queries.runs_by_id(db, [schedule.last_run_id for schedule in schedules if schedule.last_run_id])
    now = clock.now()
    return [
        ScheduleOut.model_validate(
            {
                **{name: getattr(schedule, name) for name in ScheduleOut.model_fields if hasattr(schedule, name)},
                **_inherited(schedule.job),
                "next_runs": scheduling.upcoming(schedule, now),
                "last_run": _last_run(runs.get(schedule.last_run_id)) if schedule.last_run_id else None,
            }
        )
        for schedule in schedules
    ]


def _inherited(name: str) -> dict[str, float | None]:
    job = JOBS.get(name)
    soft = job.soft_timeout if job else None
    return {
        "job_timeout_seconds": job.timeout.total_seconds() if job else None,
        "job_soft_timeout_seconds": soft.total_seconds() if soft else None,
    }


def _last_run(run: RunRow | None) -> LastRun | None:
    return LastRun.model_validate(run, from_attributes=True) if run else None
