"""One attempt of a run, from its beginning to its end."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import ValidationError

from brandhound.core import clock
from brandhound.core.db import fence
from brandhound.core.logs.context import bound
from brandhound.jobs.bookkeeping import CANCELLED, PAUSED, Begun, Bookkeeper, Ending, Finished, Ticket
from brandhound.jobs.classes import class_of
from brandhound.jobs.fitting import misfit, problems_of
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial, Snooze
from brandhound.jobs.progress import Standing
from brandhound.jobs.recording import Recorder
from brandhound.jobs.registry import JOBS, Run, current_run
from brandhound.jobs.retrying import StepFailed, code_of, detail_of, is_database_away
from brandhound.jobs.running import Attempt, Durable, Request, RunStopped, RunTaken, RunTimeUp, fence_of
from brandhound.jobs.states import State
from brandhound.jobs.stuck import MOST_INTERRUPTIONS
from brandhound.providers.parking import Parked

T = TypeVar("T")

SAFE_POINT = 5.0
"""Seconds that a run gets to come to a safe point after it was asked to pause; then it is stopped where it is."""

_GRACE = 2.0
"""Seconds that a job gets to clean up after it was told to stop."""

_SUSPECTED = MOST_INTERRUPTIONS - 1
_TO_ONES_SIDE = 1.0
"""Seconds for those that were given to this worker at the same moment to step aside."""

_AWAY_AGAIN = timedelta(seconds=5)
_MOST_ATTEMPTS_AWAY = 20
_console = logging.getLogger("brandhound.jobs")
_TAKEN = Ending("lost")
"""Never written: whoever has the run by now writes how it ends."""


def failure(code: str, detail: str, *, state: State = "failed", error: Exception | None = None) -> Ending:
    """An end that is not a good one, with the class that says what can be done about it."""
    return Ending(state, error_code=code, error_detail=detail, error_class=class_of(code, error))


class Performer:
    """Does attempts of runs in this process."""

    def __init__(self, recorder: Recorder, books: Bookkeeper) -> None:
        self._recorder = recorder
        self._books = books
        self._suspect = False
        self._aside = 0

    async def perform(self, ticket: Ticket, durable: Durable) -> str:
        """Do one attempt of a run and write how it ended. Returns the state that it reached."""
        begun = await persistently(lambda: self._books.begin(ticket))
        if begun is None:
            return "superseded"
        attempt = Attempt(
            begun.run_id,
            begun.organization_id,
            begun.attempts,
            Standing(begun.progress_done, begun.progress_total, begun.progress_text, begun.progress_share),
        )
        self._recorder.watch(attempt)
        feed_id = begun.parameters.get("feed_id")
        async with self._apart(begun) as may_begin:
            try:
                with bound(organization_id=begun.organization_id, run_id=begun.run_id, feed_id=feed_id):
                    ending = (await _ending(begun, attempt, durable)).in_writing() if may_begin else _aside()
                    _tell(begun, ending)
            finally:
                self._recorder.forget(attempt)
            async with attempt.writing:
                finished = Finished(begun, attempt, ending, clock.now(), attempt.log.close())
                await persistently(lambda: self._books.finish(finished))
        return ending.state

    @asynccontextmanager
    async def _apart(self, begun: Begun) -> AsyncGenerator[bool]:
        """Whether it may begin. Of runs that would be given up with one more death of their worker, one at a time does.

        Whoever died beside a run that kills its workers has as many deaths to its name as that one. Apart from each other,
        the next death is only counted against the one that was at work.
        """
        if begun.interruptions != _SUSPECTED:
            yield True
        elif self._suspect:
            self._aside += 1
            try:
                yield False
            finally:
                self._aside -= 1
        else:
            self._suspect = True
            try:
                await asyncio.sleep(_TO_ONES_SIDE)
                while self._aside:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                yield True
            finally:
                self._suspect = False


def _aside() -> Ending:
    reason = "Its workers died several times: it is begun apart from other runs of which that is true"
    return Ending("waiting", reason=reason, wait=timedelta(seconds=random.uniform(10, 30)), keep_steps=True)


def _tell(begun: Begun, ending: Ending) -> None:
    """One line a run in the log, so that it is found there by its words too."""
    if ending.state == "lost":
        return  # It goes on elsewhere, and its end is told there.
    words = ending.outcome or ending.error_detail or ending.reason
    level = logging.WARNING if ending.error_code else logging.INFO
    text = f"{begun.job} {ending.state.replace('_', ' ')}" + (f": {words}" if words else "")
    _console.log(level, "%s", text, extra={"facts": {"attempt": begun.attempts, "code": ending.error_code}})


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
        return CANCELLED
    if begun.pause_requested_at is not None:
        return PAUSED
    if begun.interruptions >= MOST_INTERRUPTIONS:
        detail = f"Its worker died under it {begun.interruptions} times, so it is not begun again."
        attempt.log.add("error", detail, {})
        return failure("jobs/poison", detail, state="dead")
    if begun.interruptions and begun.attempts > 1:
        attempt.log.add("warning", "Resumed: its worker had gone", {"attempt": begun.attempts})
    if begun.job not in JOBS:
        return failure("jobs/unknown-job", f"There is no job named {begun.job} any more.")
    try:
        parameters = JOBS[begun.job].parameters.model_validate(begun.parameters)
    except ValidationError as error:
        # Somebody has to look: it was handed over by another version of the product, or by something that speaks otherwise.
        words = misfit(f"What was handed over to {begun.job}", problems_of(error))
        return failure("jobs/bad-parameters", words, state="dead")
    run = Run(attempt, durable)
    task = asyncio.create_task(_in_context(begun, attempt, run, parameters), name=f"run {begun.job}")
    try:
        request = await _until_stopped(begun, attempt, task)
        if task.done() and not task.cancelled():
            return _of_task(begun, attempt, task)
    finally:
        if not task.done():
            task.cancel()
        elif not task.cancelled():
            task.exception()
    return _of_request(begun, attempt, request)


async def _until_stopped(begun: Begun, attempt: Attempt, task: asyncio.Task[Outcome]) -> Request | None:
    """Wait for the end of the work; or for a request to stop or the end of its time, see to it, and say which it was."""
    loop = asyncio.get_running_loop()
    hard = loop.time() + begun.timeout_seconds
    soft = loop.time() + begun.soft_timeout_seconds if begun.soft_timeout_seconds else hard
    rest_by: float | None = None
    asked = asyncio.create_task(attempt.asked.wait())
    try:
        while not task.done() and (now := loop.time()) < hard:
            if soft <= now and attempt.request is None:
                attempt.log.add("warning", "Its time is nearly up: it stops at its next safe point", {})
                attempt.ask("time")
            # It goes on to its next safe point; a step that takes too long for that is done again later.
            rest_by = (rest_by or now + SAFE_POINT) if attempt.request == "pause" else None
            if attempt.request == "cancel" or (rest_by is not None and rest_by <= now):
                break
            until = min(rest_by or hard, soft if now < soft else hard)
            both: set[asyncio.Task[Any]] = {task, asked}
            await asyncio.wait(both, timeout=until - now, return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                attempt.asked.clear()
                asked = asyncio.create_task(attempt.asked.wait())
    finally:
        asked.cancel()
    request = attempt.request
    if not task.done():
        task.cancel()
        # What does not let go in time is left behind: the row says the truth, whatever the task still does.
        await asyncio.wait({task}, timeout=_GRACE)
        if task.done() and not task.cancelled() and task.exception() is not None and attempt.request is None:
            # It was told to stop and failed over that: that its time was up is the better reason.
            attempt.ask("time")
    return request


def _of_request(begun: Begun, attempt: Attempt, request: Request | None) -> Ending:
    if request == "cancel":
        attempt.log.add("info", "Stopped on request", {})
        return CANCELLED
    if request == "pause":
        attempt.log.add("info", "Paused on request", {"step": attempt.doing})
        return PAUSED
    return _timed_out(attempt, begun.timeout_seconds)


def _timed_out(attempt: Attempt, seconds: float) -> Ending:
    doing = f" at {attempt.doing}" if attempt.doing else ""
    detail = f"It was stopped{doing} after {seconds:g} s, which is its limit."
    attempt.log.add("error", detail, {"step": attempt.doing})
    return failure("jobs/timed-out", detail, state="timed_out")


async def _in_context(begun: Begun, attempt: Attempt, run: Run, parameters: Any) -> Outcome:
    current_run.set((begun.organization_id, begun.run_id))
    fence.set(fence_of(attempt))
    return await JOBS[begun.job].do(run, parameters)


def _of_task(begun: Begun, attempt: Attempt, task: asyncio.Task[Outcome]) -> Ending:
    try:
        return _of_outcome(task.result())
    except RunTimeUp:
        return _timed_out(attempt, begun.soft_timeout_seconds or begun.timeout_seconds)
    except RunTaken:
        return _TAKEN
    except RunStopped:
        # At the end it is looked at once more whether it is still to pause.
        return _of_request(begun, attempt, "cancel" if attempt.request == "cancel" else "pause")
    except Parked as parked:
        words = detail_of(parked)
        attempt.log.add("info", f"Waits for {parked.provider}: {words}", {"until": parked.until})
        wait = max(timedelta(0), parked.until - clock.now())
        breaker_id = parked.breaker_id if parked.for_breaker else None
        return Ending(
            "waiting", reason=words, wait=wait, waiting_for=parked.provider, breaker_id=breaker_id, keep_steps=True
        )
    except StepFailed as failed:
        facts = {"step": failed.step, "code": failed.code, "attempts": failed.attempts, **failed.facts}
        attempt.log.add("error", failed.detail, facts)
        # What might have healed, and did not however often it was tried, is for a person to look at; so is what does not fit.
        is_given_up = failed.attempts > 1 or failed.code == "jobs/bad-handover"
        return failure(failed.code, failed.detail, state="dead" if is_given_up else "failed", error=failed)
    except Exception as error:
        if is_database_away(error) and begun.attempts < _MOST_ATTEMPTS_AWAY:
            attempt.log.add("warning", "The database went away; beginning again", {"detail": detail_of(error)})
            return Ending("waiting", reason="The database went away", wait=_AWAY_AGAIN, waiting_for="database")
        attempt.log.add_error(detail_of(error), error)
        _console.error("run %s (%s) failed", begun.run_id, begun.job, exc_info=error)
        return failure(code_of(error), detail_of(error), error=error)


def _of_outcome(outcome: Outcome) -> Ending:
    match outcome:
        case Done(summary):
            return Ending("done", summary or None)
        case Partial(summary):
            return Ending("partial", summary)
        case Snooze(wait, reason):
            return Ending("waiting", reason=reason or None, wait=wait)
        case Cancel(reason):
            return Ending("cancelled", reason)
