"""Addresses of jobs and runs."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from brandhound.core.pages import page_of
from brandhound.jobs import controlling, queries
from brandhound.jobs.errors import UnknownJob
from brandhound.jobs.models import LEVELS, Level
from brandhound.jobs.presenting import line_out, log_as_text, run_out, runs_out
from brandhound.jobs.registry import JOBS, enqueue
from brandhound.jobs.schemas import JobOut, LogOut, NewRun, RunOut, RunPage
from brandhound.jobs.states import ACTIVE, State
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(tags=["jobs"])


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
            soft_timeout_seconds=job.soft_timeout.total_seconds() if job.soft_timeout else None,
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
    error_class: Annotated[str | None, Query(description="Only failures of this class")] = None,
    error_code: Annotated[str | None, Query(description="Only failures with this code")] = None,
    small: Annotated[bool, Query(description="Also small runs that went well: a notice that was brought")] = True,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RunPage:
    """List runs, newest first."""
    wanted = queries.RunFilter(
        tuple(job or ()),
        tuple(state or ()),
        active,
        schedule_id,
        parent_id,
        since,
        error_class=error_class,
        error_code=error_code,
        without_small=not small,
    )
    runs = await queries.runs_newest_first(db, wanted, cursor, limit)
    page = page_of(runs, limit, lambda run: (run.created_at, run.id))
    return RunPage(items=await runs_out(db, page.items), next=page.next)


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
        soft_limit=timedelta(seconds=new.soft_timeout_seconds) if new.soft_timeout_seconds else None,
        requested_by=caller.user_id,
        due_at=new.due_at,
    )
    if new.due_at:
        # A wish for a time of day, not for a wait: it stands, whatever the clock said when it was made.
        run.put_off_at = None
    await record(db, caller, "jobs.run-started", "run", run.id, {"job": run.job})
    return await run_out(db, run)


@router.get("/api/runs/{run_id}")
async def get_run(run_id: UUID, db: TenantDb, _: Viewer) -> RunOut:
    """Read one run."""
    return await run_out(db, await queries.run_by_id(db, run_id))


@router.put("/api/runs/{run_id}/cancellation")
async def cancel_run(run_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Stop a run: at once if it waits, within seconds if it runs."""
    run = await controlling.cancel_run(db, run_id, caller.user_id)
    await record(db, caller, "jobs.run-cancelled", "run", run.id, {"job": run.job})
    return await run_out(db, run)


@router.put("/api/runs/{run_id}/pause")
async def pause_run(run_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Pause a run: at once if it has not begun, at its next safe point within seconds if it runs."""
    run = await controlling.pause_run(db, run_id, caller.user_id)
    await record(db, caller, "jobs.run-paused", "run", run.id, {"job": run.job})
    return await run_out(db, run)


@router.delete("/api/runs/{run_id}/pause")
async def resume_run(run_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Let a paused run go on after the steps it has finished, or begin one now that waits."""
    run = await controlling.resume_run(db, run_id)
    await record(db, caller, "jobs.run-resumed", "run", run.id, {"job": run.job})
    return await run_out(db, run)


@router.post("/api/runs/{run_id}/replay")
async def replay_run(run_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Do a failed run again, after the steps that it finished."""
    run = await controlling.replay_run(db, run_id)
    await record(db, caller, "jobs.run-replayed", "run", run.id, {"job": run.job})
    return await run_out(db, run)


@router.get("/api/runs/{run_id}/log.txt", response_class=StreamingResponse)
async def download_run_log(run_id: UUID, db: TenantDb, caller: Viewer) -> StreamingResponse:
    """The whole log of a run as text, to take away."""
    await queries.run_by_id(db, run_id)
    return StreamingResponse(
        log_as_text(caller.organization_id, run_id),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="run-{run_id}.log"'},
    )


@router.get("/api/runs/{run_id}/log")
async def read_run_log(
    run_id: UUID,
    db: TenantDb,
    _: Viewer,
    after: Annotated[int, Query(ge=0, lt=2**63, description="`last` of the answer before")] = 0,
    level: Annotated[Level, Query(description="This level and above")] = "debug",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> LogOut:
    """Read the log of a run, oldest line first."""
    run = await queries.run_by_id(db, run_id)
    lines = await queries.lines_after(db, run_id, after, LEVELS[level], limit)
    shown = lines[:limit]
    return LogOut(
        items=[line_out(line) for line in shown],
        last=shown[-1].seq if shown else after,
        more=len(lines) > limit,
        over=run.state not in ACTIVE,
    )
