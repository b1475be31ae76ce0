"""Writes the beginning and the end of attempts, many in one transaction."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.events import RunEnded
from brandhound.jobs.gathering import Gathered
from brandhound.jobs.logs import Line
from brandhound.jobs.models import State
from brandhound.jobs.progress import Standing
from brandhound.jobs.recording import write_lines
from brandhound.jobs.registry import announce
from brandhound.jobs.retrying import is_database_away
from brandhound.jobs.running import Attempt

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
    parameters: dict[str, Any]
    timeout_seconds: float
    attempts: int
    interruptions: int
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
        last = self.attempt.progress.standing
        if self.ending.state == "done" and last.total is not None:
            return Standing(last.total, last.total, last.text)
        return last


_BEGIN = """
update runs set state = 'running', attempts = attempts + 1, worker = :worker, due_at = null,
       started_at = coalesce(started_at, cast(:now as timestamptz))
  from unnest(cast(:ids as uuid[]), cast(:owners as uuid[]), cast(:rounds as int[])) as given (id, owner, round)
 where runs.id = given.id and organization_id = given.owner and runs.round = given.round
   and state in ('queued', 'snoozed', 'running') {owned}
returning runs.id as run_id, organization_id, job, title, parameters, timeout_seconds, attempts, interruptions,
          cancel_requested_at, progress_done, progress_total, progress_text, started_at, requested_by, schedule_id, parent_id
"""

# A worker whose attempt is no longer the last one, or whose run was taken from it, changes nothing.
_FINISH = """
update runs set state = ended.state, outcome = ended.outcome, error_code = ended.code, error_detail = ended.detail,
       progress_done = ended.done, progress_total = ended.total, progress_text = ended.words,
       finished_at = case when ended.due_at is null then ended.at end, due_at = ended.due_at,
       round = round + case when ended.due_at is null then 0 else 1 end
  from unnest(cast(:ids as uuid[]), cast(:attempts as int[]), cast(:states as text[]), cast(:outcomes as text[]),
              cast(:codes as text[]), cast(:details as text[]), cast(:dones as bigint[]), cast(:totals as bigint[]),
              cast(:words as text[]), cast(:ats as timestamptz[]), cast(:dues as timestamptz[]))
       as ended (id, attempt, state, outcome, code, detail, done, total, words, at, due_at)
 where runs.id = ended.id and organization_id = :owner and attempts = ended.attempt and runs.state = 'running'
returning runs.id
"""


class Bookkeeper:
    """Writes for one worker, in its event loop. `owned` is a condition in SQL that holds only for runs it was given."""

    def __init__(self, worker: str, owned: str = "") -> None:
        self._worker = worker
        self._owned = owned
        self.begin: Callable[[Ticket], Awaitable[Begun | None]] = Gathered(self._begin, is_everybodys=is_database_away)
        """Begin an attempt; None when the run is over, was put off, or belongs to another worker by now."""
        self.finish: Callable[[Finished], Awaitable[None]] = Gathered(self._finish, is_everybodys=is_database_away)
        """Write how an attempt ended, and tell whoever listens."""

    async def _begin(self, tickets: Sequence[Ticket]) -> list[Begun | None]:
        async with system_session() as db:
            rows = await db.execute(
                text(_BEGIN.format(owned=self._owned)),
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
        return [None] * len(finished)


async def _write_ends(db: Db, owner: UUID, finished: Sequence[Finished]) -> None:
    changed = set(await db.scalars(text(_FINISH), _columns(owner, finished)))
    await write_lines(db, [(one.attempt, one.lines) for one in finished])
    for one in finished:
        if one.begun.run_id not in changed:
            _console.warning("run %s was taken over by another worker; its ending here is void", one.begun.run_id)
            continue
        publish(db, "runs", one.begun.run_id)
        if one.ending.wait is None:
            await announce(db, _told(one))


def _columns(owner: UUID, finished: Sequence[Finished]) -> dict[str, object]:
    return {
        "owner": owner,
        "ids": [one.begun.run_id for one in finished],
        "attempts": [one.attempt.number for one in finished],
        "states": [one.ending.state for one in finished],
        "outcomes": [one.ending.outcome for one in finished],
        "codes": [one.ending.error_code for one in finished],
        "details": [one.ending.error_detail for one in finished],
        "dones": [one.standing.done for one in finished],
        "totals": [one.standing.total for one in finished],
        "words": [one.standing.text for one in finished],
        "ats": [one.at for one in finished],
        "dues": [one.at + one.ending.wait if one.ending.wait is not None else None for one in finished],
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
        requested_by=begun.requested_by,
        schedule_id=begun.schedule_id,
        parent_id=begun.parent_id,
        seconds=(one.at - begun.started_at).total_seconds(),
        ended_at=one.at,
    )
