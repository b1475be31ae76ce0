"""One attempt of a run, from its beginning to its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.events import RunEnded
from brandhound.jobs.models import State
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial, Snooze
from brandhound.jobs.progress import Standing
from brandhound.jobs.recording import Recorder, write
from brandhound.jobs.registry import JOBS, Run, announce, current_run
from brandhound.jobs.retrying import StepFailed, code_of, detail_of, is_database_away
from brandhound.jobs.running import Attempt, Durable, RunCancelled

T = TypeVar("T")

MOST_INTERRUPTIONS = 5
"""A run under which that many workers died is given up: most likely it kills them."""

_GRACE = 2.0
"""Seconds that a job gets to clean up after it was told to stop."""

_AWAY_AGAIN = timedelta(seconds=5)
_MOST_ATTEMPTS_AWAY = 20
_console = logging.getLogger("brandhound.jobs")


@dataclass(frozen=True)
class Begun:
    """What the row said when this attempt began."""

    run_id: UUID
    organization_id: UUID
    job: str
    title: str
    parameters: dict[str, Any]
    timeout_seconds: float
    attempts: int
    interruptions: int
    round: int
    cancel_requested_at: datetime | None
    progress_done: int
    progress_total: int | None
    progress_text: str | None
    started_at: datetime
    requested_by: UUID | None
    schedule_id: UUID | None
    parent_id: UUID | None


@dataclass(frozen=True)
class Ending:
    """How an attempt ended. With a `wait` the run is put off, not over."""

    state: State
    outcome: str | None = None
    error_code: str | None = None
    error_detail: str | None = None
    wait: timedelta | None = None


_BEGIN = """
update runs set state = 'running', attempts = attempts + 1, worker = :worker, due_at = null,
       started_at = coalesce(started_at, cast(:now as timestamptz))
 where organization_id = :organization_id and id = :run_id and round = :round
   and state in ('queued', 'snoozed', 'running') {owned}
returning id as run_id, organization_id, job, title, parameters, timeout_seconds, attempts, interruptions, round,
          cancel_requested_at, progress_done, progress_total, progress_text, started_at, requested_by, schedule_id, parent_id
"""

_FINISH = """
update runs set state = :state, outcome = :outcome, error_code = :error_code, error_detail = :error_detail,
       progress_done = :done, progress_total = :total, progress_text = :progress_text,
       finished_at = case when cast(:due_at as timestamptz) is null then cast(:now as timestamptz) end,
       due_at = cast(:due_at as timestamptz),
       round = round + case when cast(:due_at as timestamptz) is null then 0 else 1 end
 where organization_id = :organization_id and id = :run_id and attempts = :attempt and state = 'running'
"""


async def perform(
    run_id: UUID,
    organization_id: UUID,
    round_: int,
    *,
    durable: Durable,
    recorder: Recorder,
    worker: str,
    owned: str = "",
) -> str:
    """Do one attempt of a run and write how it ended. Returns the state that it reached.

    `owned` is a condition in SQL that holds only for the worker that may do it.
    """
    begun = await persistently(lambda: _begin(run_id, organization_id, round_, worker, owned))
    if begun is None:
        # It is over, was put off, or belongs to another worker by now.
        return "superseded"
    attempt = Attempt(
        begun.run_id,
        begun.organization_id,
        begun.attempts,
        Standing(begun.progress_done, begun.progress_total, begun.progress_text),
    )
    recorder.watch(attempt)
    try:
        ending = await _ending(begun, attempt, durable)
    finally:
        recorder.forget(attempt)
    async with attempt.writing:
        await persistently(lambda: _finish(begun, attempt, ending))
    return ending.state


async def persistently(do: Callable[[], Awaitable[T]]) -> T:
    """Do something with the database, however long the database is away."""
    wait = 0.2
    while True:
        try:
            return await do()
        except Exception as error:
            if not is_database_away(error):
                raise
            _console.info("waiting for the database: %s", error)
        await asyncio.sleep(wait)
        wait = min(wait * 2, 5.0)


async def _begin(run_id: UUID, organization_id: UUID, round_: int, worker: str, owned: str) -> Begun | None:
    async with system_session() as db:
        row = (
            (
                await db.execute(
                    text(_BEGIN.format(owned=owned)),
                    {
                        "run_id": run_id,
                        "organization_id": organization_id,
                        "round": round_,
                        "worker": worker,
                        "now": clock.now(),
                    },
                )
            )
            .mappings()
            .one_or_none()
        )
        publish(db, "runs", run_id, organization_id=organization_id)
    return Begun(**cast("dict[str, Any]", dict(row))) if row else None


async def _ending(begun: Begun, attempt: Attempt, durable: Durable) -> Ending:
    if begun.cancel_requested_at is not None:
        return Ending("cancelled", "Stopped on request")
    if begun.interruptions >= MOST_INTERRUPTIONS:
        detail = f"Its worker died under it {begun.interruptions} times, so it is not begun again."
        attempt.log.add("error", detail, {})
        return Ending("failed", error_code="jobs/lost", error_detail=detail)
    if begun.interruptions and begun.attempts > 1:
        attempt.log.add("warning", "Resumed: its worker had gone", {"attempt": begun.attempts})
    if begun.job not in JOBS:
        return Ending(
            "failed", error_code="jobs/unknown-job", error_detail=f"There is no job named {begun.job} any more."
        )
    try:
        parameters = JOBS[begun.job].parameters.model_validate(begun.parameters)
    except ValidationError as error:
        return Ending("failed", error_code="jobs/bad-parameters", error_detail=detail_of(error))
    run = Run(attempt, durable)
    task = asyncio.create_task(_in_context(begun, run, parameters), name=f"run {begun.job}")
    try:
        await asyncio.wait(
            {task, attempt.cancelled}, timeout=begun.timeout_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if task.done():
            return _of_task(begun, attempt, task)
        task.cancel()
        # What does not let go in time is left behind: the row says the truth, whatever the task still does.
        await asyncio.wait({task}, timeout=_GRACE)
    finally:
        if not task.done():
            task.cancel()
        elif not task.cancelled():
            task.exception()
    if attempt.cancelled.done():
        attempt.log.add("info", "Stopped on request", {})
        return Ending("cancelled", "Stopped on request")
    doing = f" at {attempt.doing}" if attempt.doing else ""
    detail = f"It was stopped{doing} after {begun.timeout_seconds:g} s, which is its limit."
    attempt.log.add("error", detail, {"step": attempt.doing})
    return Ending("timed_out", error_code="jobs/timed-out", error_detail=detail)


async def _in_context(begun: Begun, run: Run, parameters: Any) -> Outcome:
    current_run.set((begun.organization_id, begun.run_id))
    return await JOBS[begun.job].do(run, parameters)


def _of_task(begun: Begun, attempt: Attempt, task: asyncio.Task[Outcome]) -> Ending:
    try:
        return _of_outcome(task.result())
    except RunCancelled:
        return Ending("cancelled", "Stopped on request")
    except StepFailed as failure:
        attempt.log.add(
            "error", failure.detail, {"step": failure.step, "code": failure.code, "attempts": failure.attempts}
        )
        return Ending("failed", error_code=failure.code, error_detail=failure.detail)
    except Exception as error:
        if is_database_away(error) and begun.attempts < _MOST_ATTEMPTS_AWAY:
            attempt.log.add("warning", "The database went away; beginning again", {"detail": detail_of(error)})
            return Ending("snoozed", "Waiting for the database", wait=_AWAY_AGAIN)
        attempt.log.add_error(detail_of(error), error)
        _console.error("run %s (%s) failed", begun.run_id, begun.job, exc_info=error)
        return Ending("failed", error_code=code_of(error), error_detail=detail_of(error))


def _of_outcome(outcome: Outcome) -> Ending:
    match outcome:
        case Done(summary):
            return Ending("done", summary or None)
        case Partial(summary):
            return Ending("partial", summary)
        case Snooze(wait, reason):
            return Ending("snoozed", reason or None, wait=wait)
        case Cancel(reason):
            return Ending("cancelled", reason)


async def _finish(begun: Begun, attempt: Attempt, ending: Ending) -> None:
    now = clock.now()
    attempt.progress.take()
    standing = attempt.progress.standing
    done = standing.total if ending.state == "done" and standing.total is not None else standing.done
    lines = attempt.log.close()
    try:
        async with tenant_session(begun.organization_id) as db:
            result = await db.execute(
                text(_FINISH),
                {
                    "run_id": begun.run_id,
                    "organization_id": begun.organization_id,
                    "attempt": attempt.number,
                    "state": ending.state,
                    "outcome": ending.outcome,
                    "error_code": ending.error_code,
                    "error_detail": ending.error_detail,
                    "done": done,
                    "total": standing.total,
                    "progress_text": standing.text,
                    "now": now,
                    "due_at": now + ending.wait if ending.wait is not None else None,
                },
            )
            await write(db, attempt, None, lines)
            if _changed(result):
                publish(db, "runs", begun.run_id)
                if ending.wait is None:
                    await _tell(db, begun, ending, now)
            else:
                _console.warning("run %s was taken over by another worker; its ending here is void", begun.run_id)
    except Exception:
        attempt.log.give_back(lines)
        raise


def _changed(result: Any) -> bool:
    return int(result.rowcount) > 0


async def _tell(db: Db, begun: Begun, ending: Ending, now: datetime) -> None:
    await announce(
        db,
        RunEnded(
            run_id=begun.run_id,
            organization_id=begun.organization_id,
            job=begun.job,
            title=begun.title,
            state=ending.state,
            outcome=ending.outcome,
            error_code=ending.error_code,
            error_detail=ending.error_detail,
            requested_by=begun.requested_by,
            schedule_id=begun.schedule_id,
            parent_id=begun.parent_id,
            seconds=(now - begun.started_at).total_seconds(),
            ended_at=now,
        ),
    )
