"""Thousands of schedules and several workers: threads, how soon an edit holds, whether anything comes twice, how punctual it is.

    python -m bench.schedules [--schedules 5000] [--workers 3] [--minutes 2] [--edits 20]

Each schedule is due once an hour, so that a sixtieth of them is due at the same second of each minute. Prints JSON.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psutil
import psycopg

from bench.jobs import end_in_order, running
from tests.databases import TestDatabase
from tests.jobs.chaos import own_server
from tests.jobs.workers import wait_until

FILL: LiteralString = """
insert into schedules (id, organization_id, job, title, parameters, cron)
select gen_random_uuid(), %s, 'samples.nothing', 'Schedule ' || n, '{}', (n %% 60) || ' * * * *' from generate_series(1, %s) n
"""

# From the minute at which a run was due to its row, and to its beginning; and what came more or less often than once.
PUNCTUAL: LiteralString = """
select extract(epoch from created_at - date_trunc('minute', created_at))::float8,
       extract(epoch from started_at - date_trunc('minute', created_at))::float8
  from runs where schedule_id is not null and job = 'samples.nothing' and started_at is not null
"""
DOUBLED: LiteralString = """
select count(*) from (select 1 from runs where schedule_id is not null and job = 'samples.nothing'
                       group by schedule_id, date_trunc('minute', created_at) having count(*) > 1) as twice
"""
MISSING: LiteralString = """
select count(*) from schedules s where s.job = 'samples.nothing' and not edited(s.title) and exists (
  select from generate_series(date_trunc('minute', %s::timestamptz) + interval '1 minute', %s::timestamptz, '1 minute') as due
   where extract(minute from due) = split_part(s.cron, ' ', 1)::int
     and not exists (select from runs where schedule_id = s.id and created_at >= due))
"""


def main() -> None:
    end_in_order()
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--schedules", type=int, default=5000)
    options.add_argument("--workers", type=int, default=3)
    options.add_argument("--minutes", type=int, default=2)
    options.add_argument("--edits", type=int, default=20)
    chosen = options.parse_args()
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="brandhound-schedules-") as folder,
        own_server(Path(folder), {}) as (_, database),
    ):
        result = asyncio.run(measure(database, chosen))
    print(json.dumps({**result, "load_before_and_after": [load, os.getloadavg()[0]]}, indent=1))


async def measure(database: TestDatabase, chosen: argparse.Namespace) -> dict[str, Any]:
    from brandhound.core import live
    from brandhound.core.db import close_engines
    from tests.factories.people import make_person
    from tests.jobs import sample_jobs

    assert sample_jobs
    organization_id, _, _ = await make_person()
    with running(chosen.workers):
        await asyncio.to_thread(
            wait_until, lambda: count(database, "select count(*) from workers") == chosen.workers, 120, "all work"
        )
        await asyncio.sleep(5)
        threads_before = threads()
        began = time.monotonic()
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute(FILL, [organization_id, chosen.schedules])
        unseen: LiteralString = "select count(*) from schedules where next_at is null"
        await asyncio.to_thread(wait_until, lambda: count(database, unseen) == 0, 120, "all are known")
        known = time.monotonic() - began
        since = time.time()
        threads_known = threads()
        edits = [await edit(organization_id, database, number) for number in range(chosen.edits)]
        await asyncio.sleep(max(0, 60 * chosen.minutes - (time.time() - since)))
        # The seconds in which what is due begins.
        until = time.time() // 60 * 60
        await asyncio.sleep(max(0, 20 - (time.time() - until)))
        threads_after = threads()
        memory = [round(process.memory_info().rss / 1e6) for process in workers()]
    live.drain()
    await close_engines()
    return {
        "schedules": chosen.schedules,
        "workers": chosen.workers,
        "all_known_after_s": round(known, 1),
        "threads_of_each_worker_before": threads_before,
        "threads_of_each_worker_with_all_schedules": threads_known,
        "threads_of_each_worker_after_runs": threads_after,
        "memory_of_each_worker_mb": memory,
        "edit_holds_p50_ms": round(statistics.median(edits) * 1000),
        "edit_holds_most_ms": round(max(edits) * 1000),
        **told(database, since, until),
    }


def told(database: TestDatabase, since: float, until: float) -> dict[str, Any]:
    with psycopg.connect(database.url) as connection:
        connection.execute(
            "create function edited(title text) returns bool language sql as $$ select title like 'Edited%' $$"
        )
        rows = connection.execute(PUNCTUAL).fetchall()
        missing = connection.execute(MISSING, [at(since), at(until)]).fetchone()
        queued, started = ([float(str(row[column])) for row in rows] for column in (0, 1))
    return {
        "runs": len(rows),
        "doubled": count(database, DOUBLED),
        "missing": int(str(missing[0])) if missing else None,
        "due_to_queued_p50_ms": round(statistics.median(queued) * 1000),
        "due_to_queued_p95_ms": round(statistics.quantiles(queued, n=20)[-1] * 1000),
        "due_to_start_p50_ms": round(statistics.median(started) * 1000),
        "due_to_start_p95_ms": round(statistics.quantiles(started, n=20)[-1] * 1000),
    }


def at(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S+00", time.gmtime(seconds))


async def edit(organization_id: UUID, database: TestDatabase, number: int) -> float:
    """Change when one is due; seconds from the commit until the scheduler has reckoned with it."""
    from sqlalchemy import select

    from brandhound.core.db import tenant_session
    from brandhound.jobs.models import Schedule
    from brandhound.jobs.scheduling import Changes, change_schedule

    async with tenant_session(organization_id) as db:
        (schedule,) = (await db.scalars(select(Schedule).where(Schedule.title == f"Schedule {number + 1}"))).all()
        await change_schedule(db, schedule, Changes(cron="30 3 1 1 *", title=f"Edited {number}"))
    committed = time.monotonic()
    while True:
        with psycopg.connect(database.url) as connection:
            row = connection.execute(
                "select extract(month from next_at) from schedules where id = %s", [schedule.id]
            ).fetchone()
        if row and row[0] == 1:
            return time.monotonic() - committed
        await asyncio.sleep(0.01)


def count(database: TestDatabase, query: LiteralString) -> int:
    with psycopg.connect(database.url) as connection:
        row = connection.execute(query).fetchone()
    return int(str(row[0])) if row else 0


def workers() -> list[psutil.Process]:
    """The processes that `running` started."""
    return [process for process in psutil.Process().children() if "tests.jobs.worker_process" in process.cmdline()]


def threads() -> list[int]:
    return [process.num_threads() for process in workers()]


if __name__ == "__main__":
    main()
