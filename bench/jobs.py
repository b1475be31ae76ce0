"""How fast runs go through the job layer: what a worker drains, and how soon an idle one begins. Prints JSON.

python -m bench.jobs [--runs 2000] [--workers 1]
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from uuid import UUID

import psycopg

from tests.databases import TestDatabase, test_database

ROOT = Path(__file__).parents[1]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=2000)
    arguments.add_argument("--workers", type=int, default=1)
    arguments.add_argument("--idle", type=int, default=40)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, test_database("bench_jobs", Path(folder)) as database:
        figures = asyncio.run(measure(database, chosen.runs, chosen.workers, chosen.idle))
    print(json.dumps(figures, indent=2))


async def measure(database: TestDatabase, runs: int, workers: int, idle: int) -> dict[str, float]:
    from brandhound.core import live
    from brandhound.core.db import close_engines
    from tests.factories.people import make_person

    organization_id, _, _ = await make_person()
    began = time.perf_counter()
    await enqueue_many(organization_id, runs, "samples.nothing")
    enqueued = time.perf_counter() - began
    with running(workers):
        drained = drain_rate(database, runs)
        latencies = [await start_latency(organization_id, database) for _ in range(idle)]
    live.drain()
    await close_engines()
    return {
        "workers": workers,
        "runs": runs,
        "enqueued_per_second": round(runs / enqueued, 1),
        "drained_per_second": round(drained, 1),
        "idle_start_p50_ms": round(statistics.median(latencies) * 1000, 1),
        "idle_start_p95_ms": round(statistics.quantiles(latencies, n=20)[-1] * 1000, 1),
    }


def end_in_order() -> None:
    """What was started ends with this process, also when it is told to end."""
    signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextmanager
def running(workers: int) -> Generator[None]:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker_process"],
            cwd=ROOT,
            env={**os.environ, "BRANDHOUND_LOG_LEVEL": "error"},
        )
        for _ in range(workers)
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def drain_rate(database: TestDatabase, runs: int) -> float:
    """Runs a second, from the first that began to the last that ended."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        while _count(connection) < runs:
            time.sleep(0.1)
        row = connection.execute(
            "select extract(epoch from max(finished_at) - min(started_at)) from runs where job = 'samples.nothing'"
        ).fetchone()
    assert row
    return runs / float(row[0])


def _count(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    row = connection.execute("select count(*) from runs where job = 'samples.nothing' and state = 'done'").fetchone()
    return int(str(row[0])) if row else 0


async def start_latency(organization_id: UUID, database: TestDatabase) -> float:
    """Seconds from the commit that queues a run to its beginning in an idle worker."""
    await asyncio.sleep(0.25)
    (run_id,) = await enqueue_many(organization_id, 1, "samples.short")
    committed = time.time()
    with psycopg.connect(database.url, autocommit=True) as connection:
        while True:
            row = connection.execute(
                "select extract(epoch from started_at) from runs where id = %s and started_at is not null", [run_id]
            ).fetchone()
            if row:
                return float(row[0]) - committed
            await asyncio.sleep(0.01)


async def enqueue_many(organization_id: UUID, runs: int, name: str) -> list[UUID]:
    from brandhound.core.db import tenant_session
    from brandhound.jobs.registry import enqueue
    from tests.jobs import sample_jobs

    assert sample_jobs
    ids: list[UUID] = []
    for _ in range(0, runs, 100):
        async with tenant_session(organization_id) as db:
            ids += [(await enqueue(db, name)).id for _ in range(min(100, runs - len(ids)))]
    return ids


if __name__ == "__main__":
    main()
