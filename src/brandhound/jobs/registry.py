"""The table of jobs: a name that is stored in rows, the function that it runs, and how runs come to be."""

import inspect
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast, get_type_hints
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, Db, organization_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.jobs.errors import BadParameters, UnknownJob
from brandhound.jobs.models import QUEUED, Queue, RunRow
from brandhound.jobs.outcomes import Outcome
from brandhound.jobs.running import Run
from brandhound.jobs.shares import is_within_share
from brandhound.jobs.states import ACTIVE

__all__ = ["JOBS", "About", "Event", "Job", "NoParameters", "Run", "announce", "enqueue", "hears", "job", "job_named"]

F = TypeVar("F", bound=Callable[..., Awaitable[Outcome]])
E = TypeVar("E", bound="Event")


class NoParameters(BaseModel):
    """A job that needs to be told nothing."""

    model_config = ConfigDict(extra="forbid")


class Event(BaseModel):
    """Something that happened. Subclasses hold identifiers and a few facts."""

    model_config = ConfigDict(frozen=True)


class HandoverFailed(Event):
    """An event was announced that does not fit the model of a job that it starts. Who announced it is not to blame."""

    event: str
    job: str
    parameters: dict[str, Any]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class About:
    """What each run of a job is about. Its title names it, and its failures are told apart from those about others."""

    parameter: str
    """Which of the job's parameters is its identifier; runs may be about none."""
    title: str
    """Of a run, with {} where the name stands."""
    name: Callable[[Db, UUID], Awaitable[str | None]]


@dataclass(frozen=True)
class Job:
    """A kind of work."""

    name: str
    title: str
    description: str
    queue: Queue
    timeout: timedelta
    soft_timeout: timedelta | None
    parameters: type[BaseModel]
    do: Callable[[Run, Any], Awaitable[Outcome]]
    every: timedelta | None
    startable: bool
    """Whether a person may start and schedule it."""
    about: About | None = None
    small: bool = False
    """Whether it runs often and by itself, so that one that went well is seen only by who asks for it."""

    def subject(self, parameters: Mapping[str, Any]) -> str | None:
        """The identifier of what a run with these parameters is about."""
        return parameters.get(self.about.parameter) if self.about else None


JOBS: dict[str, Job] = {}
_BY_EVENT: defaultdict[type[Event], list[str]] = defaultdict(list)
_HEARERS: defaultdict[type[Event], list[Callable[[Db, Any], Awaitable[None]]]] = defaultdict(list)

current_run: ContextVar[tuple[UUID, UUID] | None] = ContextVar("current_run", default=None)
"""The organization and the run that this code is part of: what it queues there is its child."""


def job(
    name: str,
    *,
    queue: Queue = "interactive",
    timeout: timedelta,
    soft_timeout: timedelta | None = None,
    title: str | None = None,
    on: type[Event] | None = None,
    every: timedelta | None = None,
    startable: bool | None = None,
    about: About | None = None,
    small: bool = False,
) -> Callable[[F], F]:
    """Register a job: `async def work(run: Run, parameters: SomeModel) -> Outcome`.

    `on` queues it when that event is announced, with the event's fields as parameters. `every` queues it by itself, in
    the installation's own organization. After `timeout` an attempt is killed; after `soft_timeout` it is asked to stop at
    its next safe point. The name is stored in rows, so it outlives the function's own name.
    """

    def register(function: F) -> F:
        if name in JOBS:
            raise ValueError(f"two jobs are named {name!r}")
        parameters, do = _unpacked(function)
        JOBS[name] = Job(
            name=name,
            title=title or name.replace(".", ": ").replace("_", " ").capitalize(),
            description=inspect.cleandoc(function.__doc__ or "").split("\n\n")[0],
            queue=queue,
            timeout=timeout,
            soft_timeout=soft_timeout,
            parameters=parameters,
            do=do,
            every=every,
            startable=(every is None and on is None) if startable is None else startable,
            about=about,
            small=small,
        )
        if on is not None:
            _BY_EVENT[on].append(name)
        return function

    return register


def hears(event: type[E]) -> Callable[[Callable[[Db, E], Awaitable[None]]], Callable[[Db, E], Awaitable[None]]]:
    """Do something small inside the transaction that announces this event. It must not wait for anything but `db`."""

    def register(function: Callable[[Db, E], Awaitable[None]]) -> Callable[[Db, E], Awaitable[None]]:
        _HEARERS[event].append(function)
        return function

    return register


def job_named(name: str) -> Job:
    """The job of that name.

    Raises UnknownJob.
    """
    if name not in JOBS:
        raise UnknownJob(name)
    return JOBS[name]


def checked_parameters(job: Job, given: object) -> dict[str, Any]:
    """The parameters as they are stored: plain JSON, complete with defaults.

    Raises BadParameters, which names each that is wrong.
    """
    try:
        return job.parameters.model_validate(given).model_dump(mode="json")
    except ValidationError as error:
        raise BadParameters(job.name, [(one["loc"], one["msg"]) for one in error.errors()]) from error


async def title_of(db: Db, job: Job, parameters: Mapping[str, Any]) -> str:
    """What a run or a schedule with these parameters is called, unless it is called otherwise."""
    subject = job.subject(parameters)
    name = await job.about.name(db, UUID(subject)) if job.about and subject else None
    return job.about.title.format(name)[:200] if job.about and name else job.title


async def enqueue(
    db: Db,
    name: str,
    parameters: BaseModel | dict[str, Any] | None = None,
    *,
    queue: Queue | None = None,
    key: str | None = None,
    once: bool = False,
    time_limit: timedelta | None = None,
    soft_limit: timedelta | None = None,
    limit_from: str = "run",
    title: str | None = None,
    requested_by: UUID | None = None,
    schedule_id: UUID | None = None,
    due_at: datetime | None = None,
    waiting_for: str | None = None,
    reason: str | None = None,
    organization_id: UUID | None = None,
) -> RunRow:
    """Put one run on the queue inside the caller's transaction: both or neither are there after it.

    While a run of this job with the same `key` is active, that one is returned instead of a second; with `once=True`
    also when it has long ended. `due_at` puts the start off; `waiting_for` until somebody wakes what waits for that.
    `time_limit` and `soft_limit` replace the job's own, and `limit_from` says who wished that.

    Raises UnknownJob or BadParameters.
    """
    job = job_named(name)
    given = parameters.model_dump() if isinstance(parameters, BaseModel) else parameters or {}
    owner = organization_id or organization_of(db)
    checked = checked_parameters(job, given)
    values = {
        "id": uuid7(),
        "organization_id": owner,
        "job": job.name,
        "title": title or await title_of(db, job, checked),
        "queue": queue or job.queue,
        "parameters": checked,
        "state": "waiting" if waiting_for else "scheduled" if due_at else "queued",
        "reason": reason,
        "waiting_for": waiting_for,
        "admitted": False if due_at or waiting_for else is_within_share(owner, queue or job.queue),
        "key": key,
        "once": once,
        **_limits(job, time_limit, soft_limit, limit_from),
        "requested_by": requested_by,
        "schedule_id": schedule_id,
        "parent_id": _parent_in(owner),
        "created_at": clock.now(),
        "due_at": due_at,
        "put_off_at": clock.now() if due_at else None,
    }
    run: RunRow | None = None
    # Twice, because the run in the way may end between the two statements.
    for _ in range(3):
        if run := await db.scalar(insert(RunRow).values(values).on_conflict_do_nothing().returning(RunRow)):
            publish(db, "runs", run.id, organization_id=owner)
            if run.admitted:
                publish(db, QUEUED, run.queue, organization_id=SYSTEM_ORGANIZATION)
            return run
        if run := await _run_with_key(db, owner, job.name, key, once):
            return run
    raise AssertionError(f"run {name} {key} could neither be queued nor found")


async def announce(db: Db, event: Event) -> None:
    """Tell what happened, inside the caller's transaction: those who hear it act at once, the jobs it starts are queued.

    What does not fit a job's model becomes a dead letter of that job, and nothing of what led to it is lost.
    """
    for hear in _HEARERS[type(event)]:
        await hear(db, event)
    for name in _BY_EVENT[type(event)]:
        told = event.model_dump(mode="json")
        try:
            await enqueue(db, name, told)
        except BadParameters as problem:
            words = tuple(problem.errors)
            await announce(db, HandoverFailed(event=type(event).__name__, job=name, parameters=told, problems=words))


def _limits(job: Job, hard: timedelta | None, soft: timedelta | None, limit_from: str) -> dict[str, Any]:
    longest = hard or job.timeout
    # A limit of the job's own that is not below the one that was wished says nothing.
    soft = soft or (job.soft_timeout if job.soft_timeout and job.soft_timeout < longest else None)
    return {
        "timeout_seconds": longest.total_seconds(),
        "soft_timeout_seconds": soft.total_seconds() if soft else None,
        "timeout_from": limit_from if hard or soft not in (None, job.soft_timeout) else "job",
    }


def _parent_in(organization_id: UUID) -> UUID | None:
    owner, run_id = current_run.get() or (None, None)
    return run_id if owner == organization_id else None


async def _run_with_key(db: Db, owner: UUID, name: str, key: str | None, once: bool) -> RunRow | None:
    query = select(RunRow).where(RunRow.organization_id == owner, RunRow.job == name, RunRow.key == key)
    query = query.where(or_(RunRow.once, RunRow.state.in_(ACTIVE)) if once else RunRow.state.in_(ACTIVE))
    return await db.scalar(query.order_by(RunRow.created_at.desc()).limit(1))


def _unpacked(
    function: Callable[..., Awaitable[Outcome]],
) -> tuple[type[BaseModel], Callable[[Run, Any], Awaitable[Outcome]]]:
    """The model of a job's parameters, and the job as a function of a run and that model."""
    names = list(inspect.signature(function).parameters)
    if len(names) == 1:
        return NoParameters, lambda run, _: function(run)
    hint = get_type_hints(function).get(names[1]) if len(names) == 2 else None
    if not (isinstance(hint, type) and issubclass(hint, BaseModel)):
        raise TypeError(f"a job takes a run and one model of its parameters: {function.__name__}")
    return hint, cast("Callable[[Run, Any], Awaitable[Outcome]]", function)
