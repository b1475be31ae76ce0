"""Runs that do not get on: found by their silence, and either taken up by somebody else or given up with the reason.

Looked for by the liveness thread of every worker, which stands outside the queues, and by an operator on request. Each change
compares with what was seen: a run that ends or goes on meanwhile is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select, text

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.jobs.classes import class_of
from brandhound.jobs.controlling import told
from brandhound.jobs.models import RunLine, RunRow
from brandhound.jobs.registry import announce
from brandhound.jobs.shares import admit
from brandhound.jobs.states import State

Action = Literal["resume", "lose", "bury"]
_MOST = 1000

MOST_INTERRUPTIONS = 5
"""A run under which that many workers died or fell silent is given up: most likely it kills them."""

# The engine's row tells whether the run can go on elsewhere. A run that was queued without one (its engine's row was lost, as
# after a partial restore) is given anew; one of which the engine says that it is over while ours says otherwise is lost.
_STUCK = """
select r.id as run_id, r.organization_id, r.job, r.title, r.state, r.worker, r.attempts, r.round, r.interruptions,
       coalesce(r.beat_at, r.started_at, r.created_at) as silent_since, w.status as engine
  from runs r left join dbos.workflow_status w on w.workflow_uuid = r.id || ':' || r.round
 where (r.state = 'running' and coalesce(r.beat_at, r.started_at) < now() - :older_than
        or r.state = 'running' and w.status in ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
        or r.state = 'queued' and r.admitted and coalesce(w.status, 'GONE') not in ('ENQUEUED', 'PENDING', 'DELAYED')
           and r.created_at < now() - :older_than and coalesce(r.beat_at, r.created_at) < now() - :older_than)
   and (cast(:owner as uuid) is null or r.organization_id = :owner)
 order by silent_since limit :most
"""

_RESUME = """
with taken as (
  update runs set state = 'queued', interruptions = interruptions + 1, admitted = false, keep_steps = true, beat_at = now()
   where id = :run_id and state = :state and attempts = :attempts and round = :round
     and (state = 'queued' or coalesce(beat_at, started_at) < now() - :older_than)
  returning id, organization_id, queue),
fenced as (
  update dbos.workflow_status
     set status = 'CANCELLED', owner_xid = null, completed_at = (extract(epoch from now()) * 1000)::bigint
   where workflow_uuid = :run_id || ':' || :round and status in ('PENDING', 'ENQUEUED') and exists (select from taken)
  returning workflow_uuid),
noted as (
  insert into recoveries (by_executor, dead_executor, workflow_id, reason)
  select :by, coalesce(:worker, ''), :run_id || ':' || :round, 'no sign of life of the run' from taken returning workflow_id)
select taken.organization_id, taken.queue from taken
"""


@dataclass(frozen=True)
class Stuck:
    """A run that does not get on, and what is best done about it."""

    run_id: UUID
    organization_id: UUID
    job: str
    title: str
    state: State
    worker: str | None
    attempts: int
    round: int
    silent_since: datetime
    action: Action
    reason: str
    done: bool = False


async def find_stuck(older_than: timedelta, organization_id: UUID | None = None) -> list[Stuck]:
    """The runs that have shown no sign of life for so long, the most silent first; at most a thousand."""
    values = {"older_than": older_than, "owner": organization_id, "most": _MOST}
    async with system_session() as db:
        return [_judged(dict(row)) for row in (await db.execute(text(_STUCK), values)).mappings()]


async def settle(stuck: Sequence[Stuck], older_than: timedelta, by: str) -> list[Stuck]:
    """Do what is best about each; `done` is false for those that went on or ended meanwhile. Safe to repeat."""
    return [replace(one, done=await _settle_one(one, older_than, by)) for one in stuck]


async def care_for_stuck() -> int:
    """Find and settle what has been silent for longer than the setting says. Returns how many."""
    older_than = timedelta(seconds=settings().run_lost_after)
    return sum(one.done for one in await settle(await find_stuck(older_than), older_than, "liveness"))


def _judged(row: dict[str, object]) -> Stuck:
    engine, interruptions = row.pop("engine"), int(str(row.pop("interruptions")))
    silent = f"There has been no sign of life of it since {row['silent_since']:%H:%M:%S} UTC"
    action: Action
    if engine == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        action, reason = "bury", "It was begun again and again and never came to an end."
    elif interruptions >= MOST_INTERRUPTIONS:
        action, reason = "bury", f"{silent}, and {interruptions} workers have had it: it is not begun again."
    elif row["state"] == "queued":
        action, reason = "resume", "It was queued, and the queue does not know it: it is queued anew."
    elif engine == "PENDING":
        action, reason = "resume", f"{silent}: another worker goes on with it."
    else:
        action, reason = "lose", f"{silent}, and its worker is gone. What it had finished is kept: run it again."
    return Stuck(**row, action=action, reason=reason)  # pyright: ignore[reportArgumentType]


async def _settle_one(one: Stuck, older_than: timedelta, by: str) -> bool:
    if one.action == "resume":
        return await _resume(one, older_than, by)
    async with tenant_session(one.organization_id) as db:
        return await _give_up(db, one)


async def _resume(one: Stuck, older_than: timedelta, by: str) -> bool:
    values = {
        "run_id": one.run_id,
        "state": one.state,
        "attempts": one.attempts,
        "round": one.round,
        "older_than": older_than,
        "by": by,
        "worker": one.worker,
    }
    async with system_session() as db:
        taken = (await db.execute(text(_RESUME), values)).first()
        if taken is None:
            return False
        publish(db, "runs", one.run_id, organization_id=one.organization_id)
        await admit(db, one.organization_id, str(taken.queue))
    return True


async def _give_up(db: Db, one: Stuck) -> bool:
    seen = select(RunRow).where(
        RunRow.id == one.run_id,
        RunRow.state == one.state,
        RunRow.attempts == one.attempts,
        RunRow.round == one.round,
    )
    run = await db.scalar(seen.with_for_update(skip_locked=True))
    if run is None or (run.beat_at or run.started_at or run.created_at) > one.silent_since:
        return False
    run.state = "dead" if one.action == "bury" else "lost"
    code = "jobs/poison" if one.action == "bury" else "jobs/lost"
    run.error_code, run.error_class = code, class_of(code)
    run.error_detail = one.reason
    run.finished_at = clock.now()
    # A worker that was thought dead and comes back is behind this number, and may not write.
    run.attempts, run.put_offs = run.attempts + 1, run.put_offs + 1
    last = select(RunLine.text).where(RunLine.run_id == run.id).order_by(RunLine.seq.desc()).limit(5)
    lines = tuple(reversed((await db.scalars(last)).all()))
    await db.flush()
    await announce(db, told(run, lines))
    publish(db, "runs", run.id)
    await admit(db, run.organization_id, run.queue)
    return True
