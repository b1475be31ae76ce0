"""Addresses that change many runs, and of dead letters."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core.pages import page_of
from brandhound.jobs import bulk, queries
from brandhound.jobs.controlling import UNDO_FOR
from brandhound.jobs.presenting import run_out, runs_out
from brandhound.jobs.schemas import Bulk, BulkOut, DeadGroupOut, RunOut, RunPage, WhichDead
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(tags=["jobs"])


@router.post("/api/runs/bulk", status_code=202)
async def change_runs(change: Bulk, db: TenantDb, caller: Analyst) -> BulkOut:
    """Pause, resume, cancel or replay all runs that match, up to 10,000. The run that does it tells what was left, and why."""
    run, matched = await bulk.start_bulk(db, change.action, change.filter, caller.user_id)
    facts: dict[str, object] = {**change.model_dump(mode="json", exclude_defaults=True), "matched": matched}
    await record(db, caller, "jobs.runs-changed", "run", run.id, facts)
    undoable = change.action in ("pause", "cancel")
    return BulkOut(
        run=await run_out(db, run),
        matched=min(matched, bulk.MOST),
        more=matched > bulk.MOST,
        undo=run.id if undoable else None,
        undo_seconds=int(UNDO_FOR.total_seconds()) if undoable else 0,
    )


@router.post("/api/runs/bulk/{run_id}/undo", status_code=202)
async def undo_change_of_runs(run_id: UUID, db: TenantDb, caller: Analyst) -> RunOut:
    """Take back, within a minute of its end, a pause of many runs, or the cancellation of those that had not begun."""
    run = await bulk.start_undo(db, run_id, caller.user_id)
    await record(db, caller, "jobs.runs-put-back", "run", run_id, {})
    return await run_out(db, run)


@router.get("/api/dead-letters")
async def list_dead_letters(
    db: TenantDb,
    _: Viewer,
    error_class: Annotated[str | None, Query(description="Only of this class")] = None,
    error_code: Annotated[str | None, Query(description="Only with this code")] = None,
    job: Annotated[list[str] | None, Query(description="Only of these jobs")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RunPage:
    """List the runs that were given up, newest first."""
    wanted = queries.RunFilter(tuple(job or ()), ("dead",), error_class=error_class, error_code=error_code)
    page = page_of(
        await queries.runs_newest_first(db, wanted, cursor, limit), limit, lambda run: (run.created_at, run.id)
    )
    return RunPage(items=await runs_out(db, page.items), next=page.next)


@router.get("/api/dead-letters/groups")
async def count_dead_letters(db: TenantDb, _: Viewer) -> list[DeadGroupOut]:
    """Count the dead letters by what can be done about them."""
    return [DeadGroupOut.model_validate(group) for group in await queries.dead_groups(db)]


@router.post("/api/dead-letters/replay", status_code=202)
async def replay_dead_letters(which: WhichDead, db: TenantDb, caller: Analyst) -> BulkOut:
    """Do all dead letters of a class again, each after the steps that it had finished."""
    wanted = bulk.Which(state=["dead"], job=which.job, error_class=which.error_class, error_code=which.error_code)
    run, matched = await bulk.start_bulk(db, "replay", wanted, caller.user_id)
    await record(db, caller, "jobs.dead-letters-replayed", "run", run.id, which.model_dump(mode="json"))
    return BulkOut(
        run=await run_out(db, run), matched=min(matched, bulk.MOST), more=matched > bulk.MOST, undo=None, undo_seconds=0
    )
