"""Addresses of jobs, runs and schedules."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.core.pages import page_of
from brandhound.jobs import cancelling, queries, scheduling
from brandhound.jobs.errors import UnknownJob
from brandhound.jobs.models import ACTIVE, LEVELS, Level, RunLine, RunRow, Schedule, State
from brandhound.jobs.registry import JOBS, enqueue
from brandhound.jobs.schemas import (
    JobOut,
    LastRun,
    LogLineOut,
    LogOut,
    NewRun,
    NewSchedule,
    NextRuns,
    RunError,
    RunOut,
    RunPage,
    RunProgress,
    ScheduleChange,
    ScheduleOut,
    SchedulePreview,
)
from brandhound.jobs.timing import check_cron, next_dues
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Admin, Analyst, TenantDb, Viewer

router = APIRouter(tags=["jobs"])

_LEVEL_NAMES: dict[int, Level] = {number: name for name, number in LEVELS.items()}


@router.get("/api/jobs")
async def list_jobs(_: Viewer) -> list[JobOut]:
    """List the jobs that can be started and scheduled."""
    return [
        JobOut(
            name=job.name,
            title=job.title,
            description=job.description,
            queue=job.queue,
            timeout_seconds=job.timeout.total_seconds(),
            parameters=job.parameters.model_json_schema(),
        )
        for job in sorted(JOBS.values(), key=lambda job: job.name)
        if job.startable
    ]


@router.get("/api/runs")
async def list_runs(
    db: TenantDb,
    _: Viewer,
    job: Annotated[list[str] | None, Query(description="Only runs of these jobs")] = None,
    state: Annotated[list[State] | None, Query(description="Only runs in these states")] = None,
    active: Annotated[bool, Query(description="Only runs that wait or run")] = False,
    schedule_id: UUID | None = None,
    parent_id: UUID | None = None,
    since: datetime | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RunPage:
    """List runs, newest first."""
    wanted = queries.RunFilter(tuple(job or ()), tuple(state or ()), active, schedule_id, parent_id, since)
    runs = await queries.runs_newest_first(db, wanted, cursor, limit)
    page = page_of(runs, limit, lambda run: (run.created_at, run.id))
    return RunPage(items=[_run_out(run) for run in page.items], next=page.next)


@router.post("/api/runs", status_code=201)
async def start_run(new: NewRun, db: TenantDb, caller: Analyst) -> RunOut:
    """Start a job now. With a `key`, a run of this job that is active under the same key is returned instead."""
    if new.job not in JOBS or not JOBS[new.job].startable:
        raise UnknownJob(new.job)
    run = await enqueue(
        db,
        new.job,
        new.parameters,
        key=new.key,
        time_limit=timedelta(seconds=new.timeout_seconds) if new.timeout_seconds else None,
        requested_by=caller.user_id,
    )
    await record(db, caller, "jobs.run-started", "run", run.id, {"job": run.job})
    return _run_out(run)


@router.get("/api/runs/{run_id}")
async def get_run(run_id: UUID, db: TenantDb, _: Viewer) -> RunOut:
    """Read one run."""
    return _run_out(await queries.run_by_id(db, run_id))


@router.put("/api/runs/{run_id}/cancellation")
async def cancel_run(run_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Stop a run: at once if it waits, within seconds if it runs."""
    run = await cancelling.request_cancellation(db, run_id, caller.user_id)
    await record(db, caller, "jobs.run-cancelled", "run", run.id, {"job": run.job})
    return _run_out(run)


@router.get("/api/runs/{run_id}/log")
async def read_run_log(
    run_id: UUID,
    db: TenantDb,
    _: Viewer,
    after: Annotated[int, Query(ge=0, description="`last` of the answer before")] = 0,
    level: Annotated[Level, Query(description="This level and above")] = "debug",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> LogOut:
    """Read the log of a run, oldest line first."""
    run = await queries.run_by_id(db, run_id)
    lines = await queries.lines_after(db, run_id, after, LEVELS[level], limit)
    shown = lines[:limit]
    return LogOut(
        items=[_line_out(line) for line in shown],
        last=shown[-1].seq if shown else after,
        more=len(lines) > limit,
        over=run.state not in ACTIVE,
    )


@router.get("/api/schedules")
async def list_schedules(db: TenantDb, _: Viewer) -> list[ScheduleOut]:
    """List the schedules, by title."""
    return await _schedules_out(db, *await queries.schedules_by_title(db))


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


@router.get("/api/schedules/{schedule_id}")
async def get_schedule(schedule_id: UUID, db: TenantDb, _: Viewer) -> ScheduleOut:
    """Read one schedule."""
    return (await _schedules_out(db, await queries.schedule_by_id(db, schedule_id)))[0]


@router.patch("/api/schedules/{schedule_id}")
async def change_schedule(schedule_id: UUID, change: ScheduleChange, db: TenantDb, caller: Admin) -> ScheduleOut:
    """Change a schedule; it holds from now on."""
    schedule = await queries.schedule_by_id(db, schedule_id)
    await scheduling.change_schedule(db, schedule, scheduling.Changes(**change.model_dump()))
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
    return _run_out(run)


def _run_out(run: RunRow) -> RunOut:
    told = run.progress_total is not None or run.progress_done > 0 or run.progress_text is not None
    return RunOut.model_validate(
        {
            **{name: getattr(run, name) for name in RunOut.model_fields if hasattr(run, name)},
            "error": RunError(code=run.error_code, detail=run.error_detail or "") if run.error_code else None,
            "progress": RunProgress(done=run.progress_done, total=run.progress_total, text=run.progress_text)
            if told
            else None,
            "can_cancel": run.state in ACTIVE and run.cancel_requested_at is None,
        }
    )


def _line_out(line: RunLine) -> LogLineOut:
    return LogLineOut(seq=line.seq, at=line.at, level=_LEVEL_NAMES[line.level], text=line.text, facts=line.facts)


async def _schedules_out(db: TenantDb, *schedules: Schedule) -> list[ScheduleOut]:
    runs = await queries.runs_by_id(db, [schedule.last_run_id for schedule in schedules if schedule.last_run_id])
    now = clock.now()
    return [
        ScheduleOut.model_validate(
            {
                **{name: getattr(schedule, name) for name in ScheduleOut.model_fields if hasattr(schedule, name)},
                "next_runs": scheduling.upcoming(schedule, now),
                "last_run": _last_run(runs.get(schedule.last_run_id)) if schedule.last_run_id else None,
            }
        )
        for schedule in schedules
    ]


def _last_run(run: RunRow | None) -> LastRun | None:
    return LastRun.model_validate(run, from_attributes=True) if run else None
