"""Writes the beginning and the end of attempts, many in one transaction."""

import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION, Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.events import RunEnded
from brandhound.jobs.gathering import Gathered
from brandhound.jobs.logs import Line
from brandhound.jobs.progress import Standing
from brandhound.jobs.recording import write_lines
from brandhound.jobs.redacting import storable
from brandhound.jobs.registry import announce
from brandhound.jobs.retrying import is_database_away
from brandhound.jobs.running import Attempt
from brandhound.jobs.shares import admit
from brandhound.jobs.states import OVER, State
from brandhound.jobs.waiting import wake_these
from brandhound.providers.breaker import out_of_the_way

T = TypeVar("T")
_console = logging.getLogger("brandhound.jobs")


@dataclass(frozen=True)
class Ticket:
    """A run that this worker was given: which round of it."""

    run_id: UUID
    organization_id: UUID
    round: int


@dataclass(frozen=True)
class Begun:
    """What the row said when an attempt began."""

    run_id: UUID
    organization_id: UUID
    job: str
    title: str
    queue: str
    key: str | None
    parameters: dict[str, Any]
    timeout_seconds: float
    soft_timeout_seconds: float | None
    attempts: int
    put_offs: int
    interruptions: int
    cancel_requested_at: datetime | None
    pause_requested_at: datetime | None
    progress_done: int
    progress_total: int | None
    progress_text: str | None
    progress_share: float | None
    started_at: datetime
    requested_by: UUID | None
    schedule_id: UUID | None
    parent_id: UUID | None


@dataclass(frozen=True)
class Ending:
    """How an attempt ended: the run is over, or it waits or is paused for a reason."""

    state: State
    outcome: str | None = None
    error_code: str | None = None
    error_detail: str | None = None
    error_class: str | None = None
    reason: str | None = None
    wait: timedelta | None = None
    waiting_for: str | None = None
    breaker_id: UUID | None = None
    """What is in the way of it, where that is a breaker."""
    keep_steps: bool = False
    """When it goes on, the steps that are finished are not done again."""

    @property
    def over(self) -> bool:
        """Whether that was the end of the run, not only of the attempt."""
        return self.state in OVER

    def in_writing(self) -> "Ending":
        """The same in words that can be stored, whoever said them: a job, a provider, a page."""
        said = {
            name: getattr(self, name) for name in ("outcome", "error_code", "error_detail", "reason", "waiting_for")
        }
        return replace(self, **{name: storable(words) for name, words in said.items() if words is not None})


CANCELLED = Ending("cancelled", "Stopped on request")
PAUSED = Ending("paused", reason="Paused on request", keep_steps=True)
GOES_ON = Ending("waiting", reason="The pause was taken back: it goes on", wait=timedelta(0), keep_steps=True)


@dataclass(frozen=True)
class Finished:
    """An attempt that has ended, with what it still had to say."""

    begun: Begun
    attempt: Attempt
    ending: Ending
    at: datetime
    lines: list[Line]

    @property
    def standing(self) -> Standing:
        """How far it came; what is done is done in full."""
        progress = self.attempt.progress
        return progress.finish() if self.ending.state == "done" else progress.standing

    @property
    def seconds(self) -> str | None:
        """How long each planned step took, if it was all done in one go."""
        times = self.attempt.progress.seconds
        whole = self.ending.state == "done" and self.attempt.number == 1
        return json.dumps({name: round(value, 3) for name, value in times.items()}) if whole and times else None


_BEGIN = """
update runs set state = 'running', attempts = attempts + 1, worker = :worker, beat_at = now(),
       started_at = coalesce(started_at, cast(:now as timestamptz))
  from unnest(cast(:ids as uuid[]), cast(:owners as uuid[]), cast(:rounds as int[])) as given (id, owner, round)
 where runs.id = given.id and organization_id = given.owner and runs.round = given.round
   and admitted and state in ('queued', 'running') {owned}
returning runs.id as run_id, organization_id, job, title, queue, key, parameters, timeout_seconds, soft_timeout_seconds,
          attempts, put_offs, interruptions, cancel_requested_at, pause_requested_at, progress_done, progress_total,
          progress_text, progress_share, started_at, requested_by, schedule_id, parent_id
"""

# A worker whose attempt is no longer the last one, or whose run was taken from it, changes nothing.
_FINISH = """
update runs set state = ended.state, outcome = ended.outcome, error_code = ended.code, error_detail = ended.detail,
       error_class = ended.class, progress_done = ended.done, progress_total = ended.total, progress_text = ended.words,
       progress_share = ended.share, step = ended.step, step_number = ended.number, step_count = ended.count,
       step_seconds = cast(ended.seconds as jsonb), reason = ended.reason, waiting_for = ended.waiting_for,
       due_at = ended.due_at, put_off_at = case when ended.due_at is not null then ended.at end,
       put_offs = put_offs + case when ended.over then 0 else 1 end, keep_steps = ended.keep_steps,
       admitted = ended.over, finished_at = case when ended.over then ended.at end
  from unnest(cast(:ids as uuid[]), cast(:attempts as int[]), cast(:states as text[]), cast(:outcomes as text[]),
              cast(:codes as text[]), cast(:details as text[]), cast(:classes as text[]), cast(:dones as bigint[]),
              cast(:totals as bigint[]), cast(:words as text[]), cast(:shares as float8[]), cast(:steps as text[]),
              cast(:numbers as int[]), cast(:counts as int[]), cast(:seconds as text[]), cast(:reasons as text[]),
              cast(:waits as text[]), cast(:dues as timestamptz[]), cast(:keeps as bool[]), cast(:overs as bool[]),
              cast(:ats as timestamptz[]))
       as ended (id, attempt, state, outcome, code, detail, class, done, total, words, share, step, number, count, seconds,
                 reason, waiting_for, due_at, keep_steps, over, at)
 where runs.id = ended.id and organization_id = :owner and attempts = ended.attempt and runs.state = 'running'
returning runs.id
"""
_FINISHING = text(_FINISH)


# Held, so that nobody asks between this look and the end.
_ASKED = """
select id, cancel_requested_at is not null as to_cancel, pause_requested_at is not null as to_pause from runs
 where id = any(:ids) and organization_id = :owner and state = 'running' order by id for no key update
"""


class Bookkeeper:
    """Writes for one worker, in its event loop. `owned` is a condition in SQL that holds only for runs it was given."""

    def __init__(self, worker: str, owned: str = "") -> None:
        self._worker = worker
        self._beginning = text(_BEGIN.format(owned=owned))
        self.begin: Callable[[Ticket], Awaitable[Begun | None]] = Gathered(self._begin, is_everybodys=is_database_away)
        """Begin an attempt; None when the run is over, was put off, or belongs to another worker by now."""
        self.finish: Callable[[Finished], Awaitable[None]] = Gathered(self._finish, is_everybodys=is_database_away)
        """Write how an attempt ended, and tell whoever listens."""

    async def _begin(self, tickets: Sequence[Ticket]) -> list[Begun | None]:
        async with system_session() as db:
            rows = await db.execute(
                self._beginning,
                {
                    "ids": [ticket.run_id for ticket in tickets],
                    "owners": [ticket.organization_id for ticket in tickets],
                    "rounds": [ticket.round for ticket in tickets],
                    "worker": self._worker,
                    "now": clock.now(),
                },
            )
            begun = {row["run_id"]: Begun(**cast("dict[str, Any]", dict(row))) for row in rows.mappings()}
            for one in begun.values():
                publish(db, "runs", one.run_id, organization_id=one.organization_id)
        return [begun.get(ticket.run_id) for ticket in tickets]

    async def _finish(self, finished: Sequence[Finished]) -> list[None]:
        by_owner: defaultdict[UUID, list[Finished]] = defaultdict(list)
        for one in finished:
            by_owner[one.begun.organization_id].append(one)
        for owner, of_owner in by_owner.items():
            # Safe to repeat: what was written before a failure is not `running` any more.
            async with tenant_session(owner) as db:
                await _write_ends(db, owner, of_owner)
        await _oversleep_nothing(finished)
        return [None] * len(finished)


async def _write_ends(db: Db, owner: UUID, finished: Sequence[Finished]) -> None:
    finished = await _as_asked(db, owner, finished)
    changed = set(await db.scalars(_FINISHING, _columns(owner, finished)))
    await write_lines(db, [(one.attempt, one.lines) for one in finished])
    for one in finished:
        if one.begun.run_id not in changed:
            _console.warning("run %s was taken over by another worker; its ending here is void", one.begun.run_id)
            continue
        publish(db, "runs", one.begun.run_id)
        if one.ending.over:
            await announce(db, _told(one))
    for queue in {one.begun.queue for one in finished} if owner != SYSTEM_ORGANIZATION else ():
        await admit(db, owner, queue)


async def _oversleep_nothing(finished: Sequence[Finished]) -> None:
    """Let go on what fell asleep just as the provider that it waits for was found well.

    Whoever found that woke all who slept, which these did not yet. Now they do: either that was before, and is seen here, or
    it comes after, and wakes them.
    """
    asleep = {one.begun.run_id: one.ending.breaker_id for one in finished if one.ending.breaker_id is not None}
    if not asleep:
        return
    found = await out_of_the_way(set(asleep.values()))
    if awake := sorted(run_id for run_id, breaker_id in asleep.items() if breaker_id in found):
        async with system_session() as db:
            await wake_these(db, awake)


async def _as_asked(db: Db, owner: UUID, finished: Sequence[Finished]) -> Sequence[Finished]:
    """The same; but what was to be cancelled or paused while its attempt came to wait for something does not wait for that.

    And what was to be paused, and is not any more, goes on.
    """
    ids = [one.begun.run_id for one in finished if not one.ending.over]
    if not ids:
        return finished
    asked = {row.id: row for row in await db.execute(text(_ASKED), {"ids": ids, "owner": owner})}
    return [_heeding(one, asked.get(one.begun.run_id)) for one in finished]


def _heeding(one: Finished, asked: Any) -> Finished:
    if asked is None:
        return one
    if not (asked.to_cancel or asked.to_pause):
        return replace(one, ending=GOES_ON) if one.ending.state == "paused" else one
    paused = replace(PAUSED, keep_steps=one.ending.keep_steps)
    return replace(one, ending=CANCELLED if asked.to_cancel else paused)


def _columns(owner: UUID, finished: Sequence[Finished]) -> dict[str, object]:
    endings = [one.ending for one in finished]
    standings = [one.standing for one in finished]
    return {
        "owner": owner,
        "ids": [one.begun.run_id for one in finished],
        "attempts": [one.attempt.number for one in finished],
        "states": [ending.state for ending in endings],
        "outcomes": [ending.outcome for ending in endings],
        "codes": [ending.error_code for ending in endings],
        "details": [ending.error_detail for ending in endings],
        "classes": [ending.error_class for ending in endings],
        "dones": [standing.done for standing in standings],
        "totals": [standing.total for standing in standings],
        "words": [standing.text for standing in standings],
        "shares": [standing.share for standing in standings],
        "steps": [standing.step for standing in standings],
        "numbers": [standing.number for standing in standings],
        "counts": [standing.count for standing in standings],
        "seconds": [one.seconds for one in finished],
        "reasons": [ending.reason for ending in endings],
        "waits": [ending.waiting_for for ending in endings],
        "dues": [one.at + one.ending.wait if one.ending.wait is not None else None for one in finished],
        "keeps": [ending.keep_steps for ending in endings],
        "overs": [ending.over for ending in endings],
        "ats": [one.at for one in finished],
    }


def _told(one: Finished) -> RunEnded:
    begun, ending = one.begun, one.ending
    return RunEnded(
        run_id=begun.run_id,
        organization_id=begun.organization_id,
        job=begun.job,
        title=begun.title,
        state=ending.state,
        outcome=ending.outcome,
        error_code=ending.error_code,
        error_detail=ending.error_detail,
        error_class=ending.error_class,
        attempts=begun.attempts - begun.put_offs,
        last_lines=tuple(one.attempt.log.last) if ending.error_code else (),
        key=begun.key,
        parameters=begun.parameters,
        queue=begun.queue,
        requested_by=begun.requested_by,
        schedule_id=begun.schedule_id,
        parent_id=begun.parent_id,
        seconds=(one.at - begun.started_at).total_seconds(),
        ended_at=one.at,
    )
