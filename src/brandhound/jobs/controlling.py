"""What a person can do to a run: pause it, let it go on, cancel it, and have a failed one done again."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select, text
from sqlalchemy.exc import IntegrityError

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.classes import BEGIN_ANEW
from brandhound.jobs.errors import AlreadyActive, CannotDoThat, RunOver
from brandhound.jobs.events import RunEnded
from brandhound.jobs.models import RunRow, WorkerRow
from brandhound.jobs.registry import announce
from brandhound.jobs.shares import DEAD_AFTER, admit
from brandhound.jobs.states import ACTIVE, Deed, State, may
from brandhound.jobs.waiting import BEHIND, stands_behind

CHANNEL = "brandhound_jobs"

GO_ON = "go-on"
"""What a worker is told of a run that it need not pause any more."""

UNDO_FOR = timedelta(seconds=60)
"""How long what was done to many runs can be taken back."""


async def cancel_run(db: Db, run_id: UUID, by: UUID | None) -> RunRow:
    """Stop a run: at once if it waits, within seconds if a worker has it. Safe to repeat while it is active.

    Raises NotThere, or RunOver if it has ended.
    """
    run = await _locked(db, run_id)
    if not may("cancel", run.state):
        raise RunOver(run.state)
    now = clock.now()
    run.cancel_requested_at = run.cancel_requested_at or now
    run.cancel_requested_by = run.cancel_requested_by or by
    if run.state == "running" and await _is_alive(db, run.worker):
        # The worker that has it listens; it writes the end, with what the job still had to say.
        await _tell_worker(db, f"cancel {run.id}")
    else:
        run.state = "cancelled"
        run.outcome = "Stopped on request"
        run.finished_at = now
        run.reason = None
        if run.started_at is not None:
            run.waiting_for = run.due_at = None
            # A worker that was thought dead and comes back is behind this number, and may not write.
            run.attempts, run.put_offs = run.attempts + 1, run.put_offs + 1
        await announce(db, told(run))
    return await _changed(db, run)


async def pause_run(db: Db, run_id: UUID, by: UUID | None) -> RunRow:
    """Let a run rest: at once if it has not begun, at its next safe point if it runs. Safe to repeat.

    Raises NotThere, RunOver if it has ended.
    """
    run = await _locked(db, run_id)
    if run.state == "paused":
        return run
    if not may("pause", run.state):
        raise RunOver(run.state)
    run.pause_requested_at = run.pause_requested_at or clock.now()
    run.pause_requested_by = run.pause_requested_by or by
    if run.state == "running":
        # Should its worker have died, whoever begins it next finds the request.
        await _tell_worker(db, f"pause {run.id}")
    else:
        run.state = "paused"
        run.reason = "Paused on request"
        run.admitted = False
    return await _changed(db, run)


async def resume_run(db: Db, run_id: UUID) -> RunRow:
    """Let a paused run go on after the steps it has finished; one that waits for its time, or for something, begins now.

    One that was paused before its time or its turn had come waits for it again.

    Raises NotThere, RunOver if it has ended, CannotDoThat if it runs already or is still coming to rest.
    """
    run = await _locked(db, run_id)
    if not may("resume", run.state):
        raise _refusal("resume", run)
    return await _activate(db, run, await _place_of(db, run) if run.state == "paused" else "queued")


async def take_back_pause(db: Db, run_id: UUID) -> RunRow:
    """Let go on what was paused; one that is still coming to rest does not come to rest.

    Raises NotThere, or RunOver if it has ended.
    """
    run = await _locked(db, run_id)
    if run.state != "running":
        return await resume_run(db, run_id)
    run.pause_requested_at = run.pause_requested_by = None
    await _tell_worker(db, f"{GO_ON} {run.id}")
    return await _changed(db, run)


async def replay_run(db: Db, run_id: UUID) -> RunRow:
    """Do a failed run again: the same run, after the steps that it finished.

    Raises NotThere, CannotDoThat if it has not failed, AlreadyActive if another run with its key is active.
    """
    run = await _locked(db, run_id)
    if not may("replay", run.state):
        raise _refusal("replay", run)
    await _refuse_twin(db, run)
    run.keep_steps = run.error_code not in BEGIN_ANEW
    return await _activate(db, run, "queued")


async def take_back_cancellation(db: Db, run_id: UUID) -> RunRow:
    """Put back what was cancelled before it had begun: before its time, behind the run it waited for, or into its queue.

    Raises NotThere, CannotDoThat if it had begun, AlreadyActive if another run with its key is active.
    """
    run = await _locked(db, run_id)
    if not may("take_back", run.state) or run.started_at is not None:
        raise _refusal("take_back", run)
    await _refuse_twin(db, run)
    return await _activate(db, run, await _place_of(db, run))


def told(run: RunRow, last_lines: tuple[str, ...] = ()) -> RunEnded:
    """The end of a run that no worker writes."""
    now = clock.now()
    return RunEnded.model_validate(
        {
            **{name: getattr(run, name) for name in RunEnded.model_fields if hasattr(run, name)},
            "run_id": run.id,
            "attempts": max(0, run.attempts - run.put_offs),
            "last_lines": last_lines,
            "seconds": (now - (run.started_at or now)).total_seconds(),
            "ended_at": now,
        }
    )


async def _place_of(db: Db, run: RunRow) -> State:
    """Where it stood before it was paused or cancelled, if its time or its turn has not come yet."""
    if run.started_at is not None:
        return "queued"
    if run.waiting_for is None:
        return "scheduled" if run.due_at is not None and run.due_at > clock.now() else "queued"
    before = UUID(run.waiting_for.removeprefix("run:")) if stands_behind(run) else None
    is_active = exists().where(RunRow.id == before, RunRow.state.in_(ACTIVE))
    return "waiting" if before and await db.scalar(select(is_active)) else "queued"


async def _activate(db: Db, run: RunRow, state: State) -> RunRow:
    run_id, job, key = run.id, run.job, run.key
    try:
        async with db.begin_nested():
            run.state = state
            run.admitted = False
            run.interruptions = 0
            run.outcome = run.error_code = run.error_detail = run.error_class = run.finished_at = None
            run.reason = BEHIND if state == "waiting" else None
            if state != "waiting":
                run.waiting_for = None
            if state != "scheduled":
                run.due_at = run.put_off_at = None
            run.cancel_requested_at = run.cancel_requested_by = None
            run.pause_requested_at = run.pause_requested_by = None
            await db.flush()
    except IntegrityError as error:
        # A twin was queued since we looked: the index of keys is what decides.
        raise AlreadyActive(await _twin(db, run_id, job, key) or run_id) from error
    await admit(db, run.organization_id, run.queue)
    return await _changed(db, run)


async def _locked(db: Db, run_id: UUID) -> RunRow:
    run = await db.scalar(select(RunRow).where(RunRow.id == run_id).with_for_update())
    if run is None:
        raise NotThere("run")
    return run


async def _changed(db: Db, run: RunRow) -> RunRow:
    await db.flush()
    await db.refresh(run)
    publish(db, "runs", run.id, organization_id=run.organization_id)
    return run


async def _tell_worker(db: Db, words: str) -> None:
    await db.execute(text("select pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": words})


async def _refuse_twin(db: Db, run: RunRow) -> None:
    if other := await _twin(db, run.id, run.job, run.key):
        raise AlreadyActive(other)


async def _twin(db: Db, run_id: UUID, job: str, key: str | None) -> UUID | None:
    """Another run that is active with the same key."""
    twin = select(RunRow.id).where(RunRow.job == job, RunRow.key == key, RunRow.state.in_(ACTIVE), RunRow.id != run_id)
    return None if key is None else await db.scalar(twin.limit(1))


def _refusal(deed: Deed, run: RunRow) -> Exception:
    return RunOver(run.state) if deed == "resume" and run.state not in ACTIVE else CannotDoThat(deed, run.state)


async def _is_alive(db: Db, worker: str | None) -> bool:
    alive = select(exists().where(WorkerRow.executor_id == worker, WorkerRow.beat_at > text("now() - :dead")))
    return bool(await db.scalar(alive, {"dead": DEAD_AFTER}))
