"""The same deed done to many runs in one statement, where nothing about a single run has to be looked at."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.jobs.classes import BEGIN_ANEW
from brandhound.jobs.controlling import told
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import announce
from brandhound.jobs.shares import admit
from brandhound.jobs.states import ACTIVE, Deed
from brandhound.jobs.waiting import BEHIND

_ACTIVE = ", ".join(f"'{state}'" for state in ACTIVE)
_FREE = """
 admitted = false, interruptions = 0, outcome = null, error_code = null, error_detail = null, error_class = null,
 finished_at = null, cancel_requested_at = null, cancel_requested_by = null, pause_requested_at = null, pause_requested_by = null
"""
_QUEUE_AGAIN = f"state = 'queued', due_at = null, put_off_at = null, waiting_for = null, reason = null, {_FREE}"

# What was paused or cancelled before its time had come goes on waiting for it; what stood behind another run stands there again,
# if that one is not over, or is put back together with it.
_NOT_BEGUN = "state in ('paused', 'cancelled') and started_at is null"
_EARLY = f"{_NOT_BEGUN} and waiting_for is null and due_at > cast(:now as timestamptz)"
_FIRST = "case when runs.waiting_for like 'run:%' then cast(substr(runs.waiting_for, 5) as uuid) end"
_BEHIND = f"""{_NOT_BEGUN} and exists (
   select from runs before where before.id = {_FIRST}
      and (before.state in ({_ACTIVE}) or before.id = any(:ids)))"""
_PUT_BACK = f"""
 state = case when {_EARLY} then 'scheduled' when {_BEHIND} then 'waiting' else 'queued' end,
 due_at = case when {_EARLY} then due_at end, put_off_at = case when {_EARLY} then put_off_at end,
 waiting_for = case when {_BEHIND} then waiting_for end, reason = case when {_BEHIND} then '{BEHIND}' end, {_FREE}
"""

# deed: (what becomes of a run, which runs it can become of without a look at each). Runs that a worker has, and failed ones
# that a twin may have replaced, are not among them.
_SWEEPS: dict[Deed, tuple[str, str]] = {
    "pause": (
        "state = 'paused', reason = 'Paused on request', admitted = false,"
        " pause_requested_at = cast(:now as timestamptz)",
        "state in ('scheduled', 'queued', 'waiting')",
    ),
    "resume": (_PUT_BACK, "state in ('paused', 'scheduled', 'waiting')"),
    "cancel": (
        # Where it waited, if it had not begun, is kept for whoever takes this back.
        "state = 'cancelled', outcome = 'Stopped on request', reason = null,"
        " waiting_for = case when started_at is null then waiting_for end,"
        " due_at = case when started_at is null then due_at end,"
        " cancel_requested_at = cast(:now as timestamptz), finished_at = cast(:now as timestamptz),"
        " attempts = attempts + case when started_at is null then 0 else 1 end,"
        " put_offs = put_offs + case when started_at is null then 0 else 1 end",
        "state in ('scheduled', 'queued', 'waiting', 'paused')",
    ),
    "replay": (
        f"{_QUEUE_AGAIN}, keep_steps = coalesce(error_code <> all(:anew), true)",
        "state in ('failed', 'timed_out', 'lost', 'dead') and key is null",
    ),
    "take_back": (_PUT_BACK, "state = 'cancelled' and started_at is null and key is null"),
}


async def sweep(db: Db, deed: Deed, ids: Sequence[UUID], by_run: UUID) -> set[UUID]:
    """Do it to those of these runs for which it is simple, and say which those were; the others need a look each."""
    becomes, where = _SWEEPS[deed]
    # A run that a worker is just beginning is not waited for: it is one of those that need a look.
    statement = text(
        f"update runs set {becomes}, changed_by_run = :by where id in ("
        f"select id from runs where id = any(:ids) and {where} order by id for update skip locked) returning id, queue"
    )
    values: dict[str, object] = {"ids": list(ids), "now": clock.now(), "by": by_run, "anew": list(BEGIN_ANEW)}
    values = {name: value for name, value in values.items() if f":{name}" in statement.text}
    swept = (await db.execute(statement, values)).all()
    done = {run_id for run_id, _ in swept}
    publish(db, "runs", *done)
    if deed == "cancel" and done:
        for run in await db.scalars(
            select(RunRow).where(RunRow.id.in_(done)).execution_options(populate_existing=True)
        ):
            await announce(db, told(run))
    elif deed != "pause":
        for queue in {queue for _, queue in swept}:
            await admit(db, db.info["organization_id"], queue)
    return done
