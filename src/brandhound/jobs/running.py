"""What a job gets in hand: durable steps, its organization's database, progress and log."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, Literal, ParamSpec, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json, to_jsonable_python
from sqlalchemy import text

from brandhound.core.db import Db, organization_of, tenant_session, unfenced
from brandhound.core.system import system_session
from brandhound.jobs.logs import RunLog
from brandhound.jobs.models import LEVELS, Level
from brandhound.jobs.progress import Progress, Standing
from brandhound.jobs.retrying import (
    RETRIES,
    Retries,
    StepFailed,
    code_of,
    detail_of,
    facts_of,
    is_database_away,
    provider_of,
    retry_after_of,
    spend_retry,
)
from brandhound.providers.parking import Parked

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

LARGEST_RESULT = 1_000_000
_console = logging.getLogger("brandhound.run")


class Durable(Protocol):
    """What remembers the steps that were finished, so that a crash does not repeat them."""

    async def remember(self, step: str, do: Callable[[], Awaitable[Any]]) -> Any:
        """The plain result of `do`, from memory if it was finished before."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; after a crash only for what is left of the wait."""
        ...


Request = Literal["cancel", "pause", "time"]


class RunStopped(Exception):
    """The run is to stop here, at a safe point."""


class RunCancelled(RunStopped):
    """Somebody asked to stop the run."""


class RunPaused(RunStopped):
    """Somebody asked to pause the run: it goes on later, after the steps that are finished."""


class RunTimeUp(RunStopped):
    """The run has used the time after which it is to stop at a safe point. A job may catch it and return Partial."""


class RunTaken(RunStopped):
    """Another worker has the run by now, or it is over: what was written since is rolled back."""


class ResultTooLarge(ValueError):
    """A step returned more than may be remembered: put it into a file and return its hash."""

    code = "jobs/result-too-large"


class Attempt:
    """One attempt of a run in this process; the attempt's number is its right to write."""

    def __init__(self, run_id: UUID, organization_id: UUID, number: int, standing: Standing) -> None:
        self.run_id = run_id
        self.organization_id = organization_id
        self.number = number
        self.log = RunLog(number)
        self.progress = Progress(standing)
        self.doing: str | None = None
        self.request: Request | None = None
        self.asked = asyncio.Event()
        """Set with every change of the request."""
        self.writing = asyncio.Lock()

    def ask(self, request: Request) -> None:
        """It is to stop. To cancel outdoes to pause, and to pause outdoes that its time is up."""
        order: tuple[Request | None, ...] = (None, "time", "pause", "cancel")
        if order.index(request) > order.index(self.request):
            self.request = request
            self.asked.set()

    def let_go_on(self) -> None:
        """It need not pause any more, if that is what it was asked for."""
        if self.request == "pause":
            self.request = None
            self.asked.set()

    def check(self) -> None:
        """A safe point: here it may be stopped. Raises RunCancelled, RunPaused or RunTimeUp."""
        match self.request:
            case "cancel":
                raise RunCancelled
            case "pause":
                raise RunPaused
            case "time":
                raise RunTimeUp
            case None:
                pass


class Run:
    """One execution of a job, as the job sees it."""

    def __init__(self, attempt: Attempt, durable: Durable) -> None:
        self._attempt = attempt
        self._durable = durable
        self.id = attempt.run_id
        self.organization_id = attempt.organization_id
        self.attempt = attempt.number

    def session(self) -> AbstractAsyncContextManager[Db]:
        """One transaction in the run's organization. Do not wait for the network inside it.

        Rolled back, with RunTaken, when the run is not this attempt's any more: a worker that was frozen and comes back
        writes nothing.
        """
        return _session(self.organization_id)

    async def step(
        self,
        name: str,
        do: Callable[P, Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do something that a crash does not repeat once it is finished. Until then it may be repeated: it must be safe to.

        The result must be plain JSON (identifiers and times become text) of at most 1 MB. Failures are tried again as
        the table in `retrying` says for their code.

        Raises StepFailed with the code and the words of the last failure.
        """
        return await self.step_with(RETRIES, name, do, *args, **kwargs)

    async def step_as(
        self, model: type[M], name: str, do: Callable[P, Awaitable[M]], *args: P.args, **kwargs: P.kwargs
    ) -> M:
        """A step whose result is checked against a model, also when it was remembered by an older version of the product.

        Raises StepFailed with the code jobs/bad-handover if it does not fit.
        """
        result: object = await self.step(name, do, *args, **kwargs)
        try:
            return model.model_validate(result)
        except ValidationError as error:
            raise StepFailed(name, "jobs/bad-handover", detail_of(error), 1) from error

    async def step_with(
        self, retries: Retries, name: str, do: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """A step with a table of retries of its own; `NO_RETRIES` for a caller that decides by itself."""
        failures = 0
        while True:
            await self.check()
            self._attempt.doing = name
            self._attempt.progress.enter(name)
            answer = await self._durable.remember(name, lambda: _as_data(do, *args, **kwargs))
            if "ok" in answer:
                return answer["ok"]
            failures += 1
            failure = answer["error"]
            policy = retries.get(failure["code"])
            wait = policy.wait(failures, failure["retry_after"]) if policy else None
            if wait is None:
                known = failure.get("facts")
                raise StepFailed(name, failure["code"], failure["detail"], failures, failure["retry_after"], known)
            if provider := failure.get("provider"):
                await self._spend_retry(name, provider)
            self._attempt.log.add(
                "warning",
                f"{name}: {failure['detail']}; trying again in {wait.total_seconds():.1f} s",
                {"step": name, "code": failure["code"], "failures": failures, **failure.get("facts", {})},
            )
            await self._durable.sleep(wait.total_seconds())

    async def _spend_retry(self, name: str, provider: str) -> None:
        """A step of its own: a replay after a crash does not spend it again, and a refusal is not remembered."""
        await self._durable.remember(f"{name}: again", lambda: _as_data(spend_retry, provider))

    def plan(self, steps: Sequence[tuple[str, float]]) -> None:
        """Say which steps there will be, in order, each with its weight: what is shown then is the whole, and how long yet.

        A step named `page 7` belongs to the planned step `page`. Progress is then that of the step within the whole.
        """
        self._attempt.progress.plan(steps)

    async def sleep(self, wait: timedelta) -> None:
        """Wait without forgetting it. For more than a minute return Snooze instead: it holds no worker."""
        await self.check()
        await self._durable.sleep(wait.total_seconds())

    async def progress(self, done: int, total: int | None = None, text: str | None = None) -> None:
        """Say how far it is. Cheap: at most four reports a second are written."""
        self._attempt.progress.report(done, total, text)
        await self.check()

    async def log(self, level: Level, text: str, **facts: object) -> None:
        """Say something into the run's log. Cheap: lines are written in batches."""
        self._attempt.log.add(level, text, facts)
        _console.log(LEVELS[level], text, extra={"run_id": str(self.id), "facts": facts})

    async def check(self) -> None:
        """A safe point: a request to stop or to pause gets through, and other runs have their turn.

        Raises RunCancelled, RunPaused or RunTimeUp.
        """
        await asyncio.sleep(0)
        self._attempt.check()


async def _as_data(do: Callable[P, Awaitable[Any]], *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
    """The result or the failure as plain data: a replay gives exactly what the first time gave."""
    try:
        result = to_jsonable_python(await do(*args, **kwargs))
        if len(to_json(result)) > LARGEST_RESULT:
            raise ResultTooLarge
    except (RunStopped, Parked):
        # Not remembered as the step's result: when the run goes on, the step is done again.
        raise
    except Exception as error:
        code = code_of(error)
        if code == "jobs/unexpected":
            _console.warning("a step failed unexpectedly", exc_info=error)
        facts = {"code": code, "detail": detail_of(error), "retry_after": retry_after_of(error)}
        provider = provider_of(error)
        return {"error": facts if provider is None else {**facts, "provider": provider, "facts": facts_of(error)}}
    return {"ok": result}


_PATIENCE = (0.2, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, None)


# Looked at last, so that as little time as can be lies between this and the commit. No lock: a frozen worker would hold it.
_MINE = text("select exists (select from runs where id = :id and attempts = :number and state = 'running')")


def fence_of(attempt: Attempt) -> Callable[[Db], Awaitable[None]]:
    """What every session that this attempt opens, in its steps too, looks at before it commits.

    Raises RunTaken when the run is not this attempt's any more.
    """

    async def check(db: Db) -> None:
        values = {"id": attempt.run_id, "number": attempt.number}
        if db.info.get("sees_all") or organization_of(db) == attempt.organization_id:
            is_mine = await db.scalar(_MINE, values)
        else:
            # The run cannot be seen from another organization.
            with unfenced():
                async with system_session() as seeing:
                    is_mine = await seeing.scalar(_MINE, values)
        if not is_mine:
            raise RunTaken

    return check


@asynccontextmanager
async def _session(organization_id: UUID) -> AsyncGenerator[Db]:
    async with AsyncExitStack() as stack:
        yield await _opened(stack, organization_id)


async def _opened(stack: AsyncExitStack, organization_id: UUID) -> Db:
    """A session that has reached the database. A database that is away is waited for here, before anything was done."""
    for wait in _PATIENCE:
        try:
            async with AsyncExitStack() as trial:
                db = await trial.enter_async_context(tenant_session(organization_id))
                await db.connection()
                await stack.enter_async_context(trial.pop_all())
                return db
        except Exception as error:
            if wait is None or not is_database_away(error):
                raise
            await asyncio.sleep(wait)
    raise AssertionError("unreachable: the last wait is None")
