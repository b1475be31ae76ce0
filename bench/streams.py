"""How many open screens one web process holds, and how soon all of them hear of a change. Prints JSON.

python -m bench.streams [--streams 500] [--changes 20]
"""

import argparse
import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

import httpx

from tests.databases import TestDatabase, test_database


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--streams", type=int, default=500)
    arguments.add_argument("--changes", type=int, default=20)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, test_database("bench_streams", Path(folder)) as database:
        print(json.dumps(asyncio.run(measure(database, chosen.streams, chosen.changes)), indent=2))


async def measure(database: TestDatabase, streams: int, changes: int) -> dict[str, float]:
    from brandhound.core import live
    from brandhound.core.db import close_engines
    from tests.factories.people import make_person

    organization_id, _, cookie = await make_person()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "brandhound.app.cli", "web"],
        env=os.environ
        | {"BRANDHOUND_PORT": str(port), "DATABASE_URL": database.url, "BRANDHOUND_DATA_DIR": str(database.data_dir)},
        stdout=subprocess.DEVNULL,
    )
    try:
        await answers(port)
        heard: list[dict[str, float]] = [{} for _ in range(streams)]
        began = time.monotonic()
        readers = [await connected(port, cookie) for _ in range(streams)]
        opened = time.monotonic() - began
        listening = [
            asyncio.create_task(listen(reader, said)) for (reader, _), said in zip(readers, heard, strict=True)
        ]
        sent = {str(number): await change(organization_id, number) for number in range(changes)}
        await asyncio.sleep(3)
        memory = memory_of(web.pid)
        for task in listening:
            task.cancel()
    finally:
        web.terminate()
        web.wait(20)
    live.drain()
    await close_engines()
    waits = [at - sent[key] for one in heard for key, at in one.items()]
    return {
        "streams": streams,
        "opened_per_second": round(streams / opened, 1),
        "changes_heard": len(waits),
        "changes_expected": streams * changes,
        "change_to_screen_p50_ms": round(statistics.median(waits) * 1000, 1),
        "change_to_screen_p95_ms": round(statistics.quantiles(waits, n=20)[-1] * 1000, 1),
        "web_memory_mb": memory,
    }


def memory_of(pid: int) -> int:
    """Resident megabytes of a process."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) // 1024


async def answers(port: int) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                if (await client.get(f"http://127.0.0.1:{port}/api/health")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError


async def connected(port: int, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream that has begun: read by hand, so that five hundred of them cost the reader little."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /api/events HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: brandhound_session={cookie}\r\n\r\n".encode()
    )
    while not (await reader.readline()).startswith(b"retry"):
        pass
    return reader, writer


async def listen(reader: asyncio.StreamReader, heard: dict[str, float]) -> None:
    while line := await reader.readline():
        if line.startswith(b"data: "):
            heard[json.loads(line[6:])["key"]] = time.monotonic()


async def change(organization_id: UUID, number: int) -> float:
    from brandhound.core.db import tenant_session
    from brandhound.core.live import publish

    await asyncio.sleep(0.2)
    async with tenant_session(organization_id) as db:
        publish(db, "runs", number)
    return time.monotonic()


if __name__ == "__main__":
    main()
