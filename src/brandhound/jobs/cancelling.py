"""Stopping a run that somebody does not want any more."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select, text

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.errors import RunOver
from brandhound.jobs.events import RunEnded
from brandhound.jobs.models import ACTIVE, RunRow, WorkerRow
from brandhound.jobs.registry import announce

CHANNEL = "brandhound_jobs"
DEAD_AFTER = timedelta(seconds=20)
"""A worker that has said nothing for that long is taken for dead."""


async def request_cancellation(db: Db, run_id: UUID, by: UUID | None) -> RunRow:
    """Stop a run: at once if it waits, within seconds if a worker has it. Safe to repeat while it is active.

    Raises NotThere, or RunOver if it has ended.
    """
    run = await db.scalar(select(RunRow).where(RunRow.id == run_id).with_for_update())
    if run is None:
        raise NotThere("run")
    if run.state not in ACTIVE:
        raise RunOver(run.state)
    now = clock.now()
    run.cancel_requested_at = run.cancel_requested_at or now
    run.cancel_requested_by = run.cancel_requested_by or by
    if run.state == "running" and await _is_alive(db, run.worker):
        # The worker that has it listens; it writes the end, with what the job still had to say.
        await db.execute(
            text("select pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": f"cancel {run.id}"}
        )
    else:
        run.state = "cancelled"
        run.outcome = "Stopped on request"
        run.finished_at = now
        # A worker that was thought dead and comes back is behind this number, and may not write.
        run.attempts += 1 if run.started_at else 0
        await announce(db, _ended(run))
    await db.flush()
    publish(db, "runs", run.id)
    return run


async def _is_alive(db: Db, worker: str | None) -> bool:
    alive = select(exists().where(WorkerRow.executor_id == worker, WorkerRow.beat_at > text("now() - :dead")))
    return bool(await db.scalar(alive, {"dead": DEAD_AFTER}))


def _ended(run: RunRow) -> RunEnded:
    now = clock.now()
    return RunEnded(
        run_id=run.id,
        organization_id=run.organization_id,
        job=run.job,
        title=run.title,
        state="cancelled",
        outcome=run.outcome,
        error_code=None,
        error_detail=None,
        requested_by=run.requested_by,
        schedule_id=run.schedule_id,
        parent_id=run.parent_id,
        seconds=(now - (run.started_at or now)).total_seconds(),
        ended_at=now,
    )
