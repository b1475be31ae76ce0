"""Forgetting what is over and serves nobody: the engine's memory, and the installation's own runs."""

from sqlalchemy import text

from brandhound.core.db import SYSTEM_ORGANIZATION, rows_affected
from brandhound.core.pacing import Pace
from brandhound.core.system import system_session

_AT_ONCE = 2_000

# The engine's payload tables have no foreign keys: each is emptied by name. Rows that another process is just deleting are
# passed over: to wait for it would mean to find none of them, and to take that for the end.
_ENGINE = """
with gone as (
  delete from dbos.workflow_status where workflow_uuid in (
    select workflow_uuid from dbos.workflow_status
     where completed_at < (extract(epoch from now() - make_interval(days => :days)) * 1000)::bigint
       and status in ('SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
     order by completed_at limit :at_once for update skip locked) returning workflow_uuid),
inputs as (delete from dbos.workflow_input i using gone where i.workflow_uuid = gone.workflow_uuid),
outputs as (delete from dbos.workflow_output o using gone where o.workflow_uuid = gone.workflow_uuid),
steps as (delete from dbos.operation_outputs s using gone where s.workflow_uuid = gone.workflow_uuid)
select count(*) from gone
"""

_RUNS = "delete from runs where id in (select id from runs where {which} limit :at_once for update skip locked)"


async def forget_engine_rows(days: int) -> int:
    """Delete the engine's rows of runs that ended so many days ago, little by little. Returns how many."""
    total, pace = 0, Pace()
    while True:
        async with system_session() as db:
            gone = int((await db.execute(text(_ENGINE), {"days": days, "at_once": _AT_ONCE})).scalar_one())
        total += gone
        if gone < _AT_ONCE:
            return total
        await pace.rest()


async def forget_system_runs(days: int) -> int:
    """Delete ended runs that belong to no organization, such as the minutely look for due feeds. Returns how many."""
    return await _forget("organization_id = :owner and finished_at < now() - make_interval(days => :days)", days)


async def forget_ended(days: int) -> int:
    """Delete everybody's runs that ended so many days ago, with their logs. Dead letters have a limit of their own."""
    return await _forget("state <> 'dead' and finished_at < now() - make_interval(days => :days)", days)


async def forget_dead(days: int) -> int:
    """Delete dead letters that nobody has looked after for so many days. Returns how many."""
    return await _forget("state = 'dead' and finished_at < now() - make_interval(days => :days)", days)


async def _forget(which: str, days: int) -> int:
    """Delete little by little, each part in a transaction of its own, so that nobody waits for it."""
    total, pace = 0, Pace()
    while True:
        async with system_session() as db:
            values = {"owner": SYSTEM_ORGANIZATION, "days": days, "at_once": _AT_ONCE}
            gone = rows_affected(await db.execute(text(_RUNS.format(which=which)), values))
        total += gone
        if gone < _AT_ONCE:
            return total
        await pace.rest()
