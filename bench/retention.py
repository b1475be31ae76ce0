"""A million ended runs and millions of log lines are forgotten by the product's own jobs while people go on. Prints JSON.

    python -m bench.retention [--runs 1000000] [--lines 3000000] [--seconds 30]

Of the log lines 80 % lie in weeks that nobody keeps, and go as whole tables; 10 % belong to an organization that keeps its own
for a day, and go line by line; 10 % stay. Requests go on from one client before, while `jobs.tidy` and `logs.tidy` run in
a worker, and afterwards. The server waits for the disk at each commit.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import httpx
import psycopg
from sqlalchemy import text

from bench.jobs import end_in_order, running
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.postgres import EmbeddedPostgres
from tests.databases import TestDatabase
from tests.jobs.chaos import own_server

WEEKS_OLD = 4
KEPT = 20_000

FILL: tuple[tuple[str, LiteralString], ...] = (
    ("runs", "alter table runs disable trigger queue_new_run"),
    (
        "runs",
        """insert into runs (id, organization_id, job, title, queue, parameters, state, outcome, attempts, admitted,
             timeout_seconds, created_at, started_at, finished_at)
           select gen_random_uuid(), %(owner)s, 'feeds.refresh', 'Check a feed', 'fetch', '{}', 'done', 'nothing new',
             1, true, 120, at, at, at + interval '1 second'
           from (select now() - case when n <= %(kept)s then interval '1 minute' * (n %% 10000)
                   else interval '100 days' + interval '5 seconds' * n end as at
                 from generate_series(1, %(kept)s::int + %(runs)s::int) n) times""",
    ),
    ("runs", "alter table runs enable trigger queue_new_run"),
    (
        "run_logs",
        """insert into run_logs (organization_id, run_id, seq, at, level, text)
           select organization_id, id, 1000001, created_at, 20, 'nothing new since the last look'
           from runs where job = 'feeds.refresh'""",
    ),
    (
        "engine",
        """insert into dbos.workflow_status (workflow_uuid, status, name, executor_id, created_at, updated_at, completed_at,
             queue_name, priority, application_version, application_name, recovery_attempts)
           select id || ':0', 'SUCCESS', 'brandhound.run', 'gone', ms, ms, ms + 1000, 'fetch', 0, '1', 'brandhound', 1
           from (select id, (extract(epoch from created_at) * 1000)::bigint as ms from runs where job = 'feeds.refresh') r""",
    ),
    (
        "engine",
        """insert into dbos.workflow_input (workflow_uuid, inputs, retention_timestamp)
           select workflow_uuid, '{"positionalArgs": []}', created_at from dbos.workflow_status where executor_id = 'gone'""",
    ),
    (
        "engine",
        """insert into dbos.operation_outputs (workflow_uuid, function_id, function_name, output, retention_timestamp)
           select workflow_uuid, 1, 'fetch', '{"ok": null}', created_at from dbos.workflow_status where executor_id = 'gone'""",
    ),
    # As their owner, as the product makes them.
    ("log_lines", "set role brandhound_owner"),
    (
        "log_lines",
        """select make_log_partition(parent, parent || '_' || to_char(monday, 'YYYYMMDD'), monday)
             from unnest(array['log_lines_details', 'log_pages_details']) parent,
                  (select date_trunc('week', now())::date - 7 * w as monday from generate_series(1, %(weeks)s) w) weeks
            where to_regclass('brandhound_logs.' || parent || '_' || to_char(monday, 'YYYYMMDD')) is null""",
    ),
    ("log_lines", "reset role"),
    (
        "log_lines",
        """insert into log_lines (organization_id, at, id, level, text, logger, process, host, pid, boot, seq, run_id, facts)
           select case when n %% 10 = 9 then %(brief)s::uuid else %(owner)s::uuid end,
             case when n %% 10 < 8 then date_trunc('week', now()) - interval '15 days'
                  - interval '13 days' * (n / %(lines)s::float8)
                  else now() - interval '2 days' - interval '1 hour' * (n / %(lines)s::float8) end,
             gen_random_uuid(), 20, 'looked at feed ' || n || ': nothing new', 'brandhound.feeds', 'worker', 'vm', 1, 'b', n,
             gen_random_uuid(), '{"entries": 20}'
           from generate_series(%(first)s::int, %(last)s::int) n""",
    ),
    (
        "log_pages",
        """insert into log_pages (organization_id, to_at, from_at, level, lines, folded)
           select organization_id, max(at), min(at), 20, count(*), string_agg(lower(text || ' ' || facts::text), E'\\n')
           from (select *, row_number() over (partition by organization_id order by at) / 1000 as page from log_lines) numbered
           group by organization_id, date_trunc('week', at at time zone 'UTC'), page""",
    ),
    (
        "log_pages",
        "insert into log_retention (organization_id, info_days, updated_at) values (%(brief)s, 1, now())",
    ),
)


def main() -> None:
    end_in_order()
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=1_000_000)
    options.add_argument("--lines", type=int, default=3_000_000)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--most", type=float, default=1500)
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="brandhound-retention-") as folder,
        own_server(Path(folder), {"max_wal_size": "4GB"}) as (server, database),
    ):
        print(json.dumps(asyncio.run(measure(server, database, chosen)), indent=1))


async def measure(server: EmbeddedPostgres, database: TestDatabase, chosen: argparse.Namespace) -> dict[str, Any]:
    from brandhound.admin.logs.keeping import make_partitions
    from brandhound.app.web import create_app
    from brandhound.core import live
    from brandhound.core.db import close_engines
    from brandhound.core.system import system_session
    from brandhound.jobs.registry import enqueue
    from brandhound.jobs.scheduling import bring_registered
    from tests.factories.people import make_person, signed_in

    owner, _, _ = await make_person()
    brief, _, _ = await make_person()
    app = create_app()
    loads = [os.getloadavg()[0]]
    # The worker comes afterwards: what it tidies each quarter of an hour would otherwise see the weeks half full, and remember
    # that it is done with them.
    await make_partitions()
    async with system_session() as db:
        # Neither may they come by themselves while the requests before are timed.
        await bring_registered(db)
        await db.execute(text("update schedules set paused = true where job in ('jobs.tidy', 'logs.tidy')"))
    filled = await asyncio.to_thread(fill, server, chosen, owner, brief)
    with running(1):
        await asyncio.sleep(20)
        async with signed_in(app, owner) as (client, _):
            run_id = (await client.get("/api/runs", params={"limit": 1})).json()["items"][0]["id"]
            ends = time.monotonic() + chosen.seconds
            # The first requests of a process are slow.
            await ask(client, run_id, lambda: time.monotonic() < ends - chosen.seconds / 2)
            before = await ask(client, run_id, lambda: time.monotonic() < ends + chosen.seconds)
            async with system_session() as db:
                ids = [
                    (await enqueue(db, job, organization_id=SYSTEM_ORGANIZATION)).id
                    for job in ("jobs.tidy", "logs.tidy")
                ]
            loads.append(os.getloadavg()[0])
            most = time.monotonic() + chosen.most
            while_tidying = await ask(client, run_id, lambda: not over(database, ids) and time.monotonic() < most)
            loads.append(os.getloadavg()[0])
            ends = time.monotonic() + chosen.seconds
            after = await ask(client, run_id, lambda: time.monotonic() < ends)
        outcomes = told(database, ids)
    left = still_there(server)
    live.drain()
    await close_engines()
    return {
        "runs": chosen.runs,
        "lines": chosen.lines,
        "filled_s": filled,
        "jobs": outcomes,
        "left": left,
        "requests": {
            name: figures(each) for name, each in (("before", before), ("while", while_tidying), ("after", after))
        },
        "p95_ratio": {
            name: round(p95(while_tidying[name]) / p95(before[name]), 2) for name in before if while_tidying.get(name)
        },
        "loads": loads,
    }


def fill(server: EmbeddedPostgres, chosen: argparse.Namespace, owner: UUID, brief: UUID) -> dict[str, float]:
    values = {
        "owner": owner,
        "brief": brief,
        "runs": chosen.runs,
        "lines": chosen.lines,
        "kept": KEPT,
        "weeks": WEEKS_OLD,
    }
    took: defaultdict[str, float] = defaultdict(float)

    def insert(statement: LiteralString, more: dict[str, int]) -> None:
        given = {name: value for name, value in (values | more).items() if f"%({name})s" in statement}
        with psycopg.connect(server.url(role="postgres"), autocommit=True) as connection:
            connection.execute(statement, given or None)

    with psycopg.connect(server.url(role="postgres"), autocommit=True) as connection:
        for what, statement in FILL:
            began = time.monotonic()
            if "%(first)s" in statement:
                half = chosen.lines // 2
                with ThreadPoolExecutor(2) as both:
                    halves = ({"first": 1, "last": half}, {"first": half + 1, "last": chosen.lines})
                    list(both.map(insert, (statement, statement), halves))
            else:
                connection.execute(
                    statement, {name: value for name, value in values.items() if f"%({name})s" in statement} or None
                )
            took[what] += round(time.monotonic() - began, 1)
            print(what, round(took[what], 1), file=sys.stderr)
        connection.execute(
            "vacuum analyze runs, run_logs, log_lines, log_pages, dbos.workflow_status, dbos.workflow_input"
        )
        connection.execute("checkpoint")
    return took


def still_there(server: EmbeddedPostgres) -> dict[str, int]:
    """Rows that are left: of what was filled in, only what is kept may be."""
    with psycopg.connect(server.url(role="postgres")) as connection:
        row = connection.execute(
            """select (select count(*) from runs where job = 'feeds.refresh'),
                 (select count(*) from dbos.workflow_status where executor_id = 'gone'),
                 (select count(*) from log_lines where process = 'worker' and host = 'vm')"""
        ).fetchone()
    assert row
    return dict(zip(("runs", "workflows", "log_lines"), row, strict=True))


async def ask(client: httpx.AsyncClient, run_id: str, go_on: Callable[[], bool]) -> dict[str, list[float]]:
    """Seconds that each address took, one request after the other."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    while go_on():
        now = time.time()
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 3 * 86_400))
        for name, query in (
            ("/api/runs", {}),
            (f"/api/runs/{run_id}", {}),
            (f"/api/runs/{run_id}/log", {}),
            ("/api/notifications", {}),
            ("/api/stories", {}),
            ("/api/logs", {"since": since, "q": "nothing"}),
        ):
            began = time.perf_counter()
            answer = await client.get(name, params=query)
            found[name.replace(run_id, "{id}")].append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
            await asyncio.sleep(0.02)
    found["all"] = [seconds for each in list(found.values()) for seconds in each]
    return found


def over(database: TestDatabase, ids: list[UUID]) -> bool:
    return all(state in ("done", "failed", "timed_out", "dead", "lost") for _, state, *_ in rows_of(database, ids))


def told(database: TestDatabase, ids: list[UUID]) -> list[dict[str, Any]]:
    return [
        dict(zip(("job", "state", "outcome", "error", "seconds"), row, strict=True)) for row in rows_of(database, ids)
    ]


def rows_of(database: TestDatabase, ids: list[UUID]) -> list[tuple[Any, ...]]:
    columns = "job, state, outcome, error_detail, extract(epoch from finished_at - started_at)::float8"
    query = f"select {columns} from runs where id = any(%s)"
    with psycopg.connect(database.url) as connection:
        # The owner of the tables is behind row-level security, too.
        connection.execute("select set_config('app.organization_id', %s, false)", [str(SYSTEM_ORGANIZATION)])
        return connection.execute(query, [ids]).fetchall()


def figures(found: dict[str, list[float]]) -> dict[str, list[float]]:
    """Of each address: how many, and the milliseconds of the half and of 95 %."""
    return {
        name: [len(each), round(statistics.median(each) * 1000, 1), round(p95(each) * 1000, 1)]
        for name, each in found.items()
    }


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


if __name__ == "__main__":
    main()
