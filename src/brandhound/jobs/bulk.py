"""Doing one thing to many runs: all that match, a chunk at a time, and taking it back for a minute."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.pages import from_cursor, to_cursor
from brandhound.core.problems import NotThere, Problem
from brandhound.core.wording import count_of
from brandhound.jobs import controlling
from brandhound.jobs.errors import RunOver, TooLateToUndo
from brandhound.jobs.models import RunRow
from brandhound.jobs.outcomes import Done, Outcome, Partial
from brandhound.jobs.queries import RunFilter, conditions
from brandhound.jobs.registry import Run, enqueue
from brandhound.jobs.states import ACTIVE, Deed, State, before
from brandhound.jobs.sweeping import sweep
from brandhound.jobs.waiting import before_run

BULK = "jobs.bulk"
MOST = 10_000
"""So many runs are changed at once; what lies beyond is left, and the answer says so."""

_CHUNK = 500
_FAILURES_TOLD = 200

Action = Literal["pause", "resume", "cancel", "replay"]
_DONE: dict[Action | Literal["undo"], str] = {
    "pause": "paused",
    "resume": "resumed",
    "cancel": "cancelled",
    "replay": "replayed",
    "undo": "put back",
}


class Which(BaseModel):
    """Which runs are meant; what is left out does not narrow."""

    job: list[str] = []
    state: list[State] = []
    error_class: str | None = None
    error_code: str | None = None
    schedule_id: UUID | None = None
    since: datetime | None = None

    def as_filter(self, deed: Deed, until: datetime) -> RunFilter:
        """The same, narrowed to runs to which it can be done."""
        possible = tuple(state for state in before(deed) if not self.state or state in self.state)
        return RunFilter(
            tuple(self.job),
            # Nothing that can be done is not the same as nothing that narrows.
            possible or ("none",),
            schedule_id=self.schedule_id,
            since=self.since,
            until=until,
            error_class=self.error_class,
            error_code=self.error_code,
            but_not=BULK,
        )


class BulkChange(BaseModel):
    """What is done to which runs; with `undo_of`, taking back what that run did."""

    action: Action
    which: Which = Which()
    until: datetime
    """Runs that were made later are left alone."""
    undo_of: UUID | None = None


class Chunk(BaseModel):
    """What came of some of the runs, and the mark from which the next ones follow."""

    seen: int
    done: int
    failures: list[dict[str, str]]
    next: str | None


async def start_bulk(db: Db, action: Action, which: Which, by: UUID | None) -> tuple[RunRow, int]:
    """Queue the change of all runs that match; the run that does it, and how many match (at most one more than MOST)."""
    until = clock.now()
    count = await _count(db, which.as_filter(action, until), MOST + 1)
    change = BulkChange(action=action, which=which, until=until)
    return await enqueue(db, BULK, change, title=f"{action.capitalize()} many runs", requested_by=by), count


async def start_undo(db: Db, run_id: UUID, by: UUID | None) -> RunRow:
    """Queue taking back what a bulk change did: pauses, and cancellations of what had not begun.

    One that is still at work is stopped first, and taken back when it has come to its end.

    Raises NotThere, or TooLateToUndo after a minute, or when nothing of it can be taken back.
    """
    run = await db.get(RunRow, run_id)
    if run is None or run.job != BULK:
        raise NotThere("run")
    change = BulkChange.model_validate(run.parameters)
    late = run.finished_at is not None and run.finished_at < clock.now() - controlling.UNDO_FOR
    if late or change.undo_of or change.action not in ("pause", "cancel"):
        raise TooLateToUndo
    undo = change.model_copy(update={"undo_of": run_id})
    at_work = run.state in ACTIVE
    with contextlib.suppress(RunOver):
        at_work = at_work and (await controlling.cancel_run(db, run_id, by)).state in ACTIVE
    return await enqueue(
        db,
        BULK,
        undo,
        key=f"undo {run_id}",
        once=True,
        title=f"Undo: {run.title.lower()}",
        requested_by=by,
        waiting_for=before_run(run_id) if at_work else None,
        reason="Waits for the change to stop" if at_work else None,
    )


async def change_many(run: Run, change: BulkChange) -> Outcome:
    """Do it, chunk by chunk. Safe to repeat: what is done already does not match any more."""
    wanted = _wanted(change)
    async with run.session() as db:
        total = await _count(db, wanted, MOST)
    words = _DONE["undo" if change.undo_of else change.action]
    cursor: str | None = None
    done = failed = seen = 0
    while seen < MOST:
        # Each chunk is remembered with its mark, so that after a crash it goes on from there.
        plain = change.model_dump(mode="json")
        chunk = await run.step_as(Chunk, f"runs {seen}", _change_chunk, run.organization_id, run.id, plain, cursor)
        for failure in chunk.failures[: max(0, _FAILURES_TOLD - failed)]:
            await run.log("warning", f"{failure['run_id']} was left: {failure['why']}", **failure)
        done, failed, seen = done + chunk.done, failed + len(chunk.failures), seen + chunk.seen
        await run.progress(min(seen, total), total, words.capitalize())
        if (cursor := chunk.next) is None:
            break
    summary = f"{count_of(done, 'run')} {words}"
    return Partial(f"{summary}, {count_of(failed, 'was', 'were')} left: see the log") if failed else Done(summary)


async def _count(db: Db, wanted: RunFilter, most: int) -> int:
    some = select(RunRow.id).where(*conditions(wanted)).limit(most).subquery()
    return await db.scalar(select(func.count()).select_from(some)) or 0


def _wanted(change: BulkChange) -> RunFilter:
    if change.undo_of is None:
        return change.which.as_filter(change.action, change.until)
    if change.action == "pause":
        # One that a worker has may still be coming to rest.
        return RunFilter(states=("paused", "running"), to_pause=True, changed_by=change.undo_of, but_not=BULK)
    return RunFilter(states=("cancelled",), changed_by=change.undo_of, but_not=BULK)


async def _change_chunk(owner: UUID, by_run: UUID, plain: dict[str, Any], cursor: str | None) -> Chunk:
    change = BulkChange.model_validate(plain)
    wanted = replace(_wanted(change), after=from_cursor(cursor, datetime, UUID) if cursor else None)
    failures: list[dict[str, str]] = []
    async with tenant_session(owner) as db:
        query = select(RunRow.created_at, RunRow.id).where(*conditions(wanted))
        found = (await db.execute(query.order_by(RunRow.created_at, RunRow.id).limit(_CHUNK))).all()
        deed, do = _UNDONE_BY[change.action] if change.undo_of else (change.action, _DEEDS[change.action])
        swept = await sweep(db, deed, [run_id for _, run_id in found], by_run)
    # Each in a transaction of its own: whoever holds one of them may be waiting for another.
    for run_id in [run_id for _, run_id in found if run_id not in swept]:
        try:
            async with tenant_session(owner) as db:
                changed = await do(db, run_id)
                changed.changed_by_run = by_run
        except Problem as problem:
            failures.append({"run_id": str(run_id), "why": problem.title(), "code": problem.code})
    more = to_cursor(*found[-1]) if len(found) == _CHUNK else None
    return Chunk(seen=len(found), done=len(found) - len(failures), failures=failures, next=more)


_One = Callable[[Db, UUID], Awaitable[RunRow]]
_DEEDS: dict[Action, _One] = {
    "pause": lambda db, run_id: controlling.pause_run(db, run_id, None),
    "resume": controlling.resume_run,
    "cancel": lambda db, run_id: controlling.cancel_run(db, run_id, None),
    "replay": controlling.replay_run,
}
_UNDONE_BY: dict[Action, tuple[Deed, _One]] = {
    "pause": ("resume", controlling.take_back_pause),
    "cancel": ("take_back", controlling.take_back_cancellation),
}
