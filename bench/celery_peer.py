"""Runs that do nothing: ours beside Celery with Redis, in the same run and in turn. Prints JSON.

    python -m bench.celery_peer --celery FOLDER [--runs 1500] [--idle 40] [--rounds 2]

FOLDER has Celery and redis-py (`uv pip install --target FOLDER celery redis`); `redis-server` is the machine's. Two worker
processes on either side. Drained: all were queued before the workers started; from the first beginning to the last.
End to end: queued one by one while the workers run; from the first queuing to the last beginning. Celery with acknowledgement
on receipt, as it comes, and after the work (`acks_late`), without which a killed worker's tasks are lost. Results are kept on
both sides. PostgreSQL waits for the disk at each commit; Redis, as Debian ships it, never does.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from bench.jobs import ROOT, end_in_order, enqueue_many, running, start_latency
from tests.databases import TestDatabase
from tests.jobs.chaos import own_server
from tests.jobs.workers import wait_until

SIDES = ("celery", "celery_acks_late", "ours")
WORKERS = 2
CLIENTS = 2
"""Who queue at the same time: threads there, coroutines here."""

LOOK = 0.5
"""Seconds between two looks at whether all is done. Counting the runs twenty times a second took a tenth of what was measured."""


def main() -> None:
    end_in_order()
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--celery", type=Path, required=True)
    options.add_argument("--runs", type=int, default=1500)
    options.add_argument("--idle", type=int, default=40)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--side", choices=SIDES, help="measure only this one, and print its figures")
    chosen = options.parse_args()
    if chosen.side:
        with tempfile.TemporaryDirectory(prefix="brandhound-peer-") as folder:
            print(json.dumps(measure(chosen.side, Path(folder), chosen)))
        return
    found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    loads = [os.getloadavg()[0]]
    for _ in range(chosen.rounds):
        for side, rounds in found.items():
            # A process for each, since Celery reads its settings once.
            command = [sys.executable, "-m", "bench.celery_peer", *sys.argv[1:], "--side", side]
            rounds.append(json.loads(subprocess.check_output(command, cwd=ROOT)))
            loads.append(round(os.getloadavg()[0], 1))
    medians = {
        side: {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
        for side, rounds in found.items()
    }
    ratios = {
        f"{key} against {side}": round(medians["ours"][key] / medians[side][key], 2)
        for side in ("celery", "celery_acks_late")
        for key in ("drained_per_second", "end_to_end_per_second")
    }
    print(
        json.dumps(
            {"runs": chosen.runs, "median": medians, "ratios": ratios, "rounds": found, "loads": loads}, indent=1
        )
    )


def measure(side: str, folder: Path, chosen: argparse.Namespace) -> dict[str, float]:
    """The figures of one side."""
    if side == "ours":
        return ours(folder, chosen.runs, chosen.idle)
    sys.path.append(str(chosen.celery))
    with redis_server(folder) as address:
        return celerys(address, chosen.celery, chosen.runs, chosen.idle, late=side == "celery_acks_late")


def ours(folder: Path, runs: int, idle: int) -> dict[str, float]:
    with own_server(folder, {}) as (_, database):
        return asyncio.run(_ours(database, runs, idle))


async def _ours(database: TestDatabase, runs: int, idle: int) -> dict[str, float]:
    from brandhound.core import live
    from brandhound.core.db import close_engines
    from tests.factories.people import make_person

    organization_id, _, _ = await make_person()
    await enqueue_many(organization_id, runs, "samples.nothing")
    with running(WORKERS):
        await asyncio.to_thread(wait_until, lambda: _done(database) == runs, 300, "all are drained", LOOK)
        drained = runs / _seconds(database, "max(started_at) - min(started_at)", 0)
        began = time.time()
        each = runs // CLIENTS
        await asyncio.gather(*(_one_by_one(organization_id, each) for _ in range(CLIENTS)))
        queued = time.time() - began
        everything = runs + each * CLIENTS
        await asyncio.to_thread(wait_until, lambda: _done(database) == everything, 300, "all are done", LOOK)
        last = _seconds(database, "max(started_at) - to_timestamp(0)", began)
        latencies = [await start_latency(organization_id, database) for _ in range(idle)]
    live.drain()
    await close_engines()
    return figures_of(drained, each * CLIENTS / (last - began), each * CLIENTS / queued, latencies)


async def _one_by_one(organization_id: UUID, runs: int) -> None:
    for _ in range(runs):
        await enqueue_many(organization_id, 1, "samples.nothing")


def _done(database: TestDatabase) -> int:
    with psycopg.connect(database.url) as connection:
        row = connection.execute(
            "select count(*) from runs where job = 'samples.nothing' and state = 'done'"
        ).fetchone()
    return int(str(row[0])) if row else 0


def _seconds(database: TestDatabase, what: str, since: float) -> float:
    query = (
        f"select extract(epoch from {what}) from runs where job = 'samples.nothing' and created_at >= to_timestamp(%s)"
    )
    with psycopg.connect(database.url) as connection:
        row = connection.execute(query.encode(), [since]).fetchone()
    assert row
    return float(str(row[0]))


@contextmanager
def redis_server(folder: Path) -> Generator[str]:
    """The machine's own Redis on a free port of the loopback interface, with its own defaults."""
    program = shutil.which("redis-server")
    assert program, "there is no redis-server on this machine"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)], stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _answers(port), 20, "Redis starts")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def celerys(address: str, library: Path, runs: int, idle: int, *, late: bool) -> dict[str, float]:
    """The same with Celery, whose worker has two processes."""
    os.environ["CELERY_ADDRESS"], os.environ["CELERY_ACKS_LATE"] = address, "1" if late else "0"
    from bench import celery_tasks

    nothing: Any = celery_tasks.nothing
    results = [nothing.delay() for _ in range(runs)]
    environment = {**os.environ, "PYTHONPATH": f"{library}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "celery", "-A", "bench.celery_tasks", "worker", "-c", str(WORKERS), "-l", "ERROR"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        starts = [float(result.get(timeout=300)) for result in results]
        drained = runs / (max(starts) - min(starts))
        each = runs // CLIENTS
        found: list[Any] = []
        began = time.time()
        clients = [
            threading.Thread(target=lambda: found.extend([nothing.delay() for _ in range(each)]))
            for _ in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        queued = time.time() - began
        last = max(float(result.get(timeout=300)) for result in found)
        latencies: list[float] = []
        for _ in range(idle):
            time.sleep(0.25)
            at = time.time()
            latencies.append(float(nothing.delay().get(timeout=30)) - at)
    finally:
        worker.terminate()
        worker.wait(60)
    return figures_of(drained, len(found) / (last - began), len(found) / queued, latencies)


def figures_of(drained: float, end_to_end: float, queued: float, latencies: list[float]) -> dict[str, float]:
    return {
        "drained_per_second": round(drained, 1),
        "end_to_end_per_second": round(end_to_end, 1),
        "queued_per_second": round(queued, 1),
        "idle_start_p50_ms": round(statistics.median(latencies) * 1000, 1),
        "idle_start_p95_ms": round(statistics.quantiles(latencies, n=20)[-1] * 1000, 1),
    }


if __name__ == "__main__":
    main()
