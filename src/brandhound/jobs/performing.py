"""One attempt of a run, from its beginning to its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import ValidationError

from brandhound.core import clock
from brandhound.core.logs.context import bound
from brandhound.jobs.bookkeeping import Begun, Bookkeeper, Ending, Finished, Ticket
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial, Snooze
from brandhound.jobs.progress import Standing
from brandhound.jobs.recording import Recorder
from brandhound.jobs.registry import JOBS, Run, current_run
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


class Performer:
    """Does attempts of runs in this process."""

    def __init__(self, recorder: Recorder, books: Bookkeeper) -> None:
        self._recorder = recorder
        self._books = books

    async def perform(self, ticket: Ticket, durable: Durable) -> str:
        """Do one attempt of a run and write how it ended. Returns the state that it reached."""
        begun = await persistently(lambda: self._books.begin(ticket))
        if begun is None:
            return "superseded"
        attempt = Attempt(
            begun.run_id,
            begun.organization_id,
            begun.attempts,
            Standing(begun.progress_done, begun.progress_total, begun.progress_text),
        )
        self._recorder.watch(attempt)
        feed_id = begun.parameters.get("feed_id")
        try:
            with bound(organization_id=begun.organization_id, run_id=begun.run_id, feed_id=feed_id):
                ending = await _ending(begun, attempt, durable)
        finally:
            self._recorder.forget(attempt)
        async with attempt.writing:
            finished = Finished(begun, attempt, ending, clock.now(), attempt.log.close())
            await persistently(lambda: self._books.finish(finished))
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
