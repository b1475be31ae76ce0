"""Runs that wait: for their time, for a provider, or for another run; and how they are woken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.models import RunRow
from brandhound.jobs.shares import admit, admit_all

# One that was put off in the future was put off by a clock that has been put back since: its wait is reckoned anew.
_RECKON_ANEW = """
update runs set due_at = cast(:now as timestamptz) + (due_at - put_off_at), put_off_at = cast(:now as timestamptz)
 where state in ('scheduled', 'waiting') and due_at is not null and put_off_at > cast(:now as timestamptz) + interval '1 minute'
"""

_COME_DUE = """
update runs set state = 'queued', admitted = false, due_at = null, put_off_at = null, waiting_for = null, reason = null
 where id in (select id from runs where state in ('scheduled', 'waiting') and due_at <= cast(:now as timestamptz)
               order by due_at limit :at_once for update skip locked)
returning organization_id, queue, id
"""

_WAKE = """
update runs set state = 'queued', admitted = false, due_at = null, put_off_at = null, waiting_for = null, reason = null
 where state = 'waiting' and waiting_for = :what
returning organization_id, queue, id
"""

_WAKE_THESE = """
update runs set state = 'queued', admitted = false, due_at = null, put_off_at = null, waiting_for = null, reason = null
 where state = 'waiting' and id = any(:ids)
returning organization_id, queue, id
"""

# A net: whoever ends wakes those behind it, in the same transaction.
_WAKE_BEHIND_THE_ENDED = """
update runs set state = 'queued', admitted = false, due_at = null, put_off_at = null, waiting_for = null, reason = null
 where state = 'waiting' and waiting_for like 'run:%' and not exists (
   select from runs before where before.id = cast(substr(runs.waiting_for, 5) as uuid)
      and before.state in ('scheduled', 'queued', 'waiting', 'running', 'paused'))
returning organization_id, queue, id
"""

# A person may have started another one by hand: whoever waits for its turn goes on waiting, for that one.
_STAND_BEHIND_ANOTHER = """
update runs set waiting_for = 'run:' || other.id from (
  select id from runs
   where schedule_id = :schedule_id and id <> :ended and state in ('scheduled', 'queued', 'waiting', 'running', 'paused')
     and coalesce(waiting_for, '') not like 'run:%' order by created_at desc limit 1) other
 where state = 'waiting' and waiting_for = :what
returning runs.id
"""

_AT_ONCE = 1000

BEHIND = "Waits for the run before it to end"
"""Why a run stands in line, in words."""


def before_run(run_id: UUID) -> str:
    """What a run waits for that may only begin when another is over."""
    return f"run:{run_id}"


def stands_behind(run: RunRow) -> bool:
    """Whether it waits for another run to end, or did when it was paused or cancelled."""
    return run.waiting_for is not None and run.waiting_for.startswith("run:")


async def pass_the_turn(db: Db, ended: UUID, schedule_id: UUID | None) -> None:
    """Let go on what stood behind a run that has ended; not beside another run of the same schedule, but behind that one.

    Should that one end at this very moment, unseen here, the net of `queue_what_is_due` finds who waits for it.
    """
    if schedule_id is not None:
        values = {"schedule_id": schedule_id, "ended": ended, "what": before_run(ended)}
        publish(db, "runs", *await db.scalars(text(_STAND_BEHIND_ANOTHER), values))
    await wake(db, before_run(ended))


async def wake(db: Db, waiting_for: str) -> int:
    """Let every run go on that waits for this and is visible here; how many that were.

    In a session of the system: those of all organizations.
    """
    return await _go_on(db, _WAKE, {"what": waiting_for})


async def wake_these(db: Db, run_ids: Sequence[UUID]) -> int:
    """Let those of these runs go on that wait; how many that were."""
    return await _go_on(db, _WAKE_THESE, {"ids": list(run_ids)})


async def queue_what_is_due(now: datetime | None = None, *, nets: bool = True) -> int:
    """Let runs go on whose time has come, and held ones for whom there is room. Several processes may do this at once.

    They agree on the database's clock. `nets` looks for what should not be: a clock that was put back, and runs that
    wait for one that ended without a word. That reads every run that waits, and so is done less often.
    """
    async with system_session() as db:
        if now is None:
            now = (await db.execute(text("select clock_timestamp()"))).scalar_one()
        if nets:
            await db.execute(text(_RECKON_ANEW), {"now": now})
        moved = await _go_on(db, _COME_DUE, {"now": now, "at_once": _AT_ONCE})
        if nets:
            moved += await _go_on(db, _WAKE_BEHIND_THE_ENDED, {})
        return moved + await admit_all(db)


async def _go_on(db: Db, statement: str, values: dict[str, object]) -> int:
    moved = (await db.execute(text(statement), values)).all()
    for owner, _, run_id in moved:
        publish(db, "runs", run_id, organization_id=owner)
    for owner, queue in {(owner, queue) for owner, queue, _ in moved}:
        await admit(db, owner, queue)
    return len(moved)


LOOK = timedelta(seconds=1)
"""Between two looks for what has come due."""

NETS = timedelta(seconds=10)
"""Between two looks for what should not be."""
