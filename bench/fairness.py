"""What a hundred organizations wait for the beginning of their runs while one of them floods the queue. Prints JSON.

python -m bench.fairness [--organizations 100] [--flood 3000] [--seconds 20] [--work 0.2]

Each of the quiet organizations starts a run now and then, first with nobody else there, then beside one that has put
thousands of runs into the same queue, each of which waits for a stranger (it sleeps).
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path
from uuid import UUID

import psycopg

from bench.jobs import running
from tests.databases import TestDatabase, test_database


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--organizations", type=int, default=100)
    arguments.add_argument("--flood", type=int, default=3000)
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--work", type=float, default=0.2)
    arguments.add_argument("--workers", type=int, default=1)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, test_database("bench_fairness", Path(folder)) as database:
        print(json.dumps(asyncio.run(measure(database, chosen)), indent=2))


async def measure(database: TestDatabase, chosen: argparse.Namespace) -> dict[str, float]:
    from brandhound.core import live
    from brandhound.core.db import close_engines
    from tests.factories.people import make_person

    quiet = [(await make_person())[0] for _ in range(chosen.organizations - 1)]
    loud = (await make_person())[0]
    with running(chosen.workers):
        first = await start(quiet[0], 0.01)
        while not begun(database, first):  # noqa: ASYNC110  (another process does it)
            await asyncio.sleep(0.1)
        idle = await waits(database, quiet, chosen.seconds)
        await flood(loud, chosen.flood, chosen.work)
        flooded = await waits(database, quiet, chosen.seconds)
        left = waiting_of(database, loud)
    live.drain()
    await close_engines()
    return {
        "organizations": chosen.organizations,
        "flood": chosen.flood,
        "flood_left_at_the_end": left,
        "idle_runs": len(idle),
        "idle_wait_p50_ms": ms(statistics.median(idle)),
        "idle_wait_p95_ms": ms(statistics.quantiles(idle, n=20)[-1]),
        "flooded_runs": len(flooded),
        "flooded_wait_p50_ms": ms(statistics.median(flooded)),
        "flooded_wait_p95_ms": ms(statistics.quantiles(flooded, n=20)[-1]),
        "p95_ratio": round(statistics.quantiles(flooded, n=20)[-1] / statistics.quantiles(idle, n=20)[-1], 2),
    }


async def waits(database: TestDatabase, quiet: list[UUID], seconds: float) -> list[float]:
    """Seconds from queuing to beginning of the runs that quiet organizations start, about six a second."""
    ids: list[UUID] = []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        ids.append(await start(random.choice(quiet), 0.02))
        await asyncio.sleep(random.expovariate(6.0))
    await asyncio.sleep(3)
    with psycopg.connect(database.url) as connection:
        rows = connection.execute(
            "select extract(epoch from coalesce(started_at, now()) - created_at) from runs where id = any(%s)", [ids]
        ).fetchall()
    return [float(str(row[0])) for row in rows]


async def start(organization_id: UUID, work: float) -> UUID:
    from brandhound.core.db import tenant_session
    from brandhound.jobs.registry import enqueue
    from tests.jobs.sample_jobs import Wait

    async with tenant_session(organization_id) as db:
        return (await enqueue(db, "samples.wait", Wait(seconds=work))).id


async def flood(organization_id: UUID, runs: int, work: float) -> None:
    from brandhound.core.db import tenant_session
    from brandhound.jobs.registry import enqueue
    from tests.jobs.sample_jobs import Wait

    for _ in range(0, runs, 100):
        async with tenant_session(organization_id) as db:
            for _ in range(min(100, runs)):
                await enqueue(db, "samples.wait", Wait(seconds=work))


def begun(database: TestDatabase, run_id: UUID) -> bool:
    with psycopg.connect(database.url) as connection:
        row = connection.execute("select started_at is not null from runs where id = %s", [run_id]).fetchone()
    return bool(row and row[0])


def waiting_of(database: TestDatabase, organization_id: UUID) -> int:
    with psycopg.connect(database.url) as connection:
        row = connection.execute(
            "select count(*) from runs where organization_id = %s and state = 'queued'", [organization_id]
        ).fetchone()
    return int(str(row[0])) if row else 0


def ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    main()
