"""The warm poll: a thousand feeds that have not changed are looked at again, beside a plain script with ETags. Prints JSON.

    python -m bench.warm_poll [--feeds 1000] [--rounds 3]

Ours is `feeds.poll` with everything it does: claiming, conditional requests under the guard, judging rhythm and health,
the next check with its reason in the table. The peer keeps its ETags in a dict and stores nothing. The same publishers in
the same run, in turn; each process is started, and has looked once, before it is measured.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bench.cold_run import follow, installation
from bench.newsroom import DATA, addresses, publishers

AT_ONCE = 20


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--data", type=Path, default=DATA)
    chosen = options.parse_args()
    with (
        publishers(chosen.feeds, 30, chosen.data, heads=True) as publisher,
        tempfile.TemporaryDirectory() as folder,
        installation(Path(folder), "lexicon"),
    ):
        urls = addresses(publisher, chosen.feeds)
        asyncio.run(follow(urls))
        result = asyncio.run(measure(urls, chosen.rounds))
    print(json.dumps(result, indent=1))


async def measure(urls: list[str], rounds: int) -> dict[str, Any]:
    from brandhound.core.db import close_engines
    from brandhound.core.system import system_session
    from brandhound.feeds.claiming import claim_due
    from brandhound.feeds.polling import Tally, check

    async def ours() -> tuple[float, float, Tally]:
        # What is due is one in six minutes at most; here all of it is due at once.
        async with system_session() as db:
            await db.execute(text("update feed_documents set next_check_at = now() - interval '1 second'"))
        tally = Tally()
        began, cpu = time.perf_counter(), time.process_time()
        while claimed := (await claim_due(200))[0]:
            await check(claimed, tally)
        return time.perf_counter() - began, time.process_time() - cpu, tally

    peer = Peer(urls)
    found: dict[str, list[float]] = {"ours": [], "peer": [], "ours_cpu": [], "peer_cpu": []}
    statuses: Counter[int] = Counter()
    unchanged = checked = 0
    await ours()
    await peer.poll()
    for _ in range(rounds):
        seconds, cpu, answered = await peer.poll()
        found["peer"].append(seconds)
        found["peer_cpu"].append(cpu)
        statuses += answered
        seconds, cpu, tally = await ours()
        found["ours"].append(seconds)
        found["ours_cpu"].append(cpu)
        unchanged += tally.unchanged
        checked += tally.checked
    async with system_session() as db:
        kept = await db.scalar(text("select count(*) from feed_documents where state = 'active' and failures = 0"))
    await peer.close()
    await close_engines()
    seconds = {name: round(statistics.median(each), 2) for name, each in found.items()}
    return {
        "feeds": len(urls),
        "rounds": rounds,
        "seconds": seconds,
        "times_as_fast": round(seconds["peer"] / seconds["ours"], 2),
        "ours_unchanged_share": round(unchanged / checked, 4),
        "peer_304_share": round(statuses[304] / sum(statuses.values()), 4),
        "feeds_active": kept,
        "load": os.getloadavg()[0],
        "python": sys.version.split()[0],
    }


class Peer:
    """A client, and a dict with the last ETag of each address."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = urls
        self._etags: dict[str, str] = {}
        self._client = httpx.AsyncClient(timeout=30, follow_redirects=True)

    async def poll(self) -> tuple[float, float, Counter[int]]:
        turns, statuses = asyncio.Semaphore(AT_ONCE), Counter[int]()

        async def one(url: str) -> None:
            headers = {"if-none-match": self._etags[url]} if url in self._etags else {}
            async with turns:
                answer = await self._client.get(url, headers=headers)
            statuses[answer.status_code] += 1
            if answer.status_code == 200:
                self._etags[url] = answer.headers.get("etag", "")

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one(url) for url in self._urls))
        return time.perf_counter() - began, time.process_time() - cpu, statuses

    async def close(self) -> None:
        await self._client.aclose()


if __name__ == "__main__":
    main()
