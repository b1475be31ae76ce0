"""How the queues do: what waits and for how long, what failed and why, and whose it is."""

from typing import Any
from uuid import UUID

from brandhound.admin.reading import rows
from brandhound.core.db import Db
from brandhound.jobs.models import ACTIVE, QUEUES

# Written as the partial index of active runs has it, so that only those are read.
ACTIVE_STATES = ", ".join(f"'{state}'" for state in ACTIVE)

# Since it came into its queue: before that it was put off on purpose, ran, or had failed.
_OLDEST = "greatest(0, max(extract(epoch from now() - queued_at)) filter (where state = 'queued'))::float"

_STANDING = f"""
select queue, state, count(*) as runs, {_OLDEST} as oldest_wait
  from runs where state in ({ACTIVE_STATES}) group by queue, state
"""

# A run's wait ends when it is first begun. Of one that came into its queue again since, nobody knows any more how long that was.
# The clocks of the server and of the worker may differ a little.
_WAIT = """case when coalesce(queued_at, created_at) < started_at + interval '5 seconds'
       then greatest(0, extract(epoch from started_at - coalesce(queued_at, created_at))) end"""

_LAST_HOUR = f"""
select queue, count(*) as ended,
       count(*) filter (where state in ('failed', 'timed_out', 'dead', 'lost')) as failed,
       percentile_disc(0.95) within group (order by {_WAIT}) filter (where started_at is not null) as wait_p95,
       percentile_disc(0.95) within group (order by extract(epoch from finished_at - started_at))
         filter (where started_at is not null) as run_p95
  from runs where finished_at > now() - interval '1 hour' group by queue
"""

_FAILURES = """
select coalesce(error_code, 'unknown') as code, job, count(*) as runs, max(finished_at) as last_at,
       count(distinct organization_id) as organizations
  from runs where finished_at > now() - make_interval(hours => :hours) and state in ('failed', 'timed_out', 'dead', 'lost')
 group by 1, 2 order by runs desc, last_at desc limit 50
"""

_BY_ORGANIZATION = f"""
with active as (
  select organization_id, count(*) filter (where state = 'running') as running,
         count(*) filter (where state = 'queued') as queued, {_OLDEST} as oldest_wait
    from runs where state in ({ACTIVE_STATES}) group by organization_id),
ended as (
  select organization_id, count(*) as ended, count(*) filter (where state in ('failed', 'timed_out', 'dead', 'lost')) as failed,
         percentile_disc(0.95) within group (order by {_WAIT}) filter (where started_at is not null) as wait_p95
    from runs where finished_at > now() - interval '1 hour' group by organization_id)
select organization_id, o.name, coalesce(running, 0) as running, coalesce(queued, 0) as queued,
       coalesce(oldest_wait, 0) as oldest_wait, coalesce(ended, 0) as ended, coalesce(failed, 0) as failed, wait_p95
  from active full join ended using (organization_id) left join organizations o on o.id = organization_id
 order by queued desc, running desc, ended desc limit 100
"""


async def queue_standings(db: Db) -> list[dict[str, Any]]:
    """Each queue: depth, running, waiting for something, oldest wait, and the last hour."""
    return _by_queue(await rows(db, _STANDING), await rows(db, _LAST_HOUR))


async def organization_standings(db: Db, organization_id: UUID) -> list[dict[str, Any]]:
    """The same of one organization's runs alone."""
    mine = "organization_id = :owner and"
    standing = await rows(db, _STANDING.replace("from runs where", f"from runs where {mine}"), owner=organization_id)
    hour = await rows(db, _LAST_HOUR.replace("from runs where", f"from runs where {mine}"), owner=organization_id)
    return _by_queue(standing, hour)


def _by_queue(standing: list[dict[str, Any]], ended: list[dict[str, Any]]) -> list[dict[str, Any]]:
    hour = {row["queue"]: row for row in ended}
    names = [*QUEUES, *sorted({row["queue"] for row in standing} - set(QUEUES))]
    return [_of_queue(name, standing, hour.get(name, {})) for name in names]


def _of_queue(name: str, standing: list[dict[str, Any]], hour: dict[str, Any]) -> dict[str, Any]:
    mine = {row["state"]: row for row in standing if row["queue"] == name}
    here = {state: int(row["runs"]) for state, row in mine.items()}
    return {
        "queue": name,
        "depth": here.get("queued", 0),
        "running": here.get("running", 0),
        "waiting": sum(number for state, number in here.items() if state not in ("queued", "running")),
        "oldest_wait_seconds": float(mine["queued"]["oldest_wait"]) if "queued" in mine else 0.0,
        "ended_last_hour": int(hour.get("ended", 0)),
        "failed_last_hour": int(hour.get("failed", 0)),
        "wait_p95_seconds": _float(hour.get("wait_p95")),
        "run_p95_seconds": _float(hour.get("run_p95")),
    }


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


async def failures_by_class(db: Db, hours: int) -> list[dict[str, Any]]:
    """What failed in the last hours, by code and job, the most frequent first."""
    return await rows(db, _FAILURES, hours=hours)


async def queues_by_organization(db: Db) -> list[dict[str, Any]]:
    """Who has how much waiting and running, and what came of the last hour."""
    return await rows(db, _BY_ORGANIZATION)
