"""The slowest requests and runs of the last hours, with the statements and the steps that took their time."""

from typing import Any

from brandhound.admin.reading import rows
from brandhound.core.db import Db

_REQUESTS = """
select s.id, s.at, s.organization_id, o.name as organization, s.request, s.request_id, s.process, s.status, s.seconds,
       s.database_seconds, s.statements, s.slowest
  from slow_requests s left join organizations o on o.id = s.organization_id
 where s.at > now() - make_interval(hours => :hours) order by s.seconds desc limit :limit
"""

# By its index of what has ended: an hour of a busy installation is read, and never all runs.
_RUNS = """
select r.id, r.organization_id, o.name as organization, r.job, r.title, r.state, r.started_at, r.finished_at, r.round,
       extract(epoch from r.finished_at - r.started_at)::float as seconds,
       extract(epoch from r.started_at - r.created_at)::float as waited_seconds
  from runs r left join organizations o on o.id = r.organization_id
 where r.finished_at > now() - make_interval(hours => :hours) and r.started_at is not null
 order by r.finished_at - r.started_at desc limit :limit
"""

# What the engine remembers of each step; never what came of it, which may be anybody's data. One that is done again and
# again is named by how far it had come, which tells the engine its rounds apart and the reader nothing.
_STEPS = """
select split_part(workflow_uuid, ':', 1)::uuid as run_id,
       regexp_replace(function_name, ',? (after|as of) (the first|[0-9a-f-]{36}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ,]+)', '', 'g')
         as name,
       count(*)::int as times,
       sum(completed_at_epoch_ms - started_at_epoch_ms)::float / 1000 as seconds
  from dbos.operation_outputs
 where workflow_uuid = any(:workflows) and started_at_epoch_ms is not null and completed_at_epoch_ms is not null
   and function_name not like 'DBOS.%'
 group by 1, 2 order by 4 desc
"""
_ROUNDS = 20
_STEPS_SHOWN = 12


async def slow_requests(db: Db, hours: int, limit: int = 50) -> list[dict[str, Any]]:
    """The slowest requests first."""
    return await rows(db, _REQUESTS, hours=hours, limit=limit)


async def slow_runs(db: Db, hours: int, limit: int = 30) -> list[dict[str, Any]]:
    """The runs that took longest first, each with its steps, the longest first."""
    found = await rows(db, _RUNS, hours=hours, limit=limit)
    names = [f"{run['id']}:{round_}" for run in found for round_ in range(min(run["round"], _ROUNDS) + 1)]
    steps = await rows(db, _STEPS, workflows=names) if names else []
    for run in found:
        mine = [step for step in steps if step["run_id"] == run["id"]]
        run["steps"] = [{"name": one["name"], "times": one["times"], "seconds": one["seconds"]} for one in mine][
            :_STEPS_SHOWN
        ]
    return found
