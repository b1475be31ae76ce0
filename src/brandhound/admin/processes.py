"""The processes of the installation: those that live, and those that have ended."""

from typing import Any

from brandhound.admin.reading import rows
from brandhound.admin.stalling import stall_of
from brandhound.core.db import Db

_PROCESSES = """
select p.id, p.kind, p.host, p.pid, p.version, p.started_at, p.seen_at, p.ended_at, p.end_reason, p.rss_bytes,
       p.cpu_seconds, p.threads, p.active, w.beat_at, p.figures,
       extract(epoch from now() - coalesce(w.beat_at, p.seen_at))::float as silent_seconds,
       (select count(*) from processes before where before.host = p.host and before.kind = p.kind
         and before.started_at < p.started_at and before.started_at > p.started_at - interval '1 day') as restarts
  from processes p left join workers w on w.executor_id = p.id
 where p.ended_at is null or p.ended_at > now() - make_interval(days => :days)
 order by p.ended_at desc nulls first, p.kind, p.started_at desc limit 200
"""

_RUNS = """
select r.worker, r.id, r.organization_id, r.job, r.title, r.started_at
  from runs r where r.state = 'running' and r.worker = any(:workers) order by r.started_at limit 500
"""


async def processes(db: Db, days: int) -> list[dict[str, Any]]:
    """Living processes first, each with the runs that it has now; then those that ended in the last days."""
    found = await rows(db, _PROCESSES, days=days)
    living = [row["id"] for row in found if row["ended_at"] is None]
    runs = await rows(db, _RUNS, workers=living)
    for row in found:
        row["stall_seconds"] = stall_of(row.pop("figures")) if row["ended_at"] is None else 0.0
        row["runs"] = [run for run in runs if run["worker"] == row["id"] and row["ended_at"] is None]
    return found
