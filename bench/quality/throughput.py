"""The whole analysis of articles, embedded: names, confidence, tone, copies, stories, all stored. Prints JSON.

    python -m bench.quality.throughput [--articles 2000] [--workers 2] [--rounds 2] [--tone both] [--data ../shared/data]

Articles are in the database with their texts on disk, as fetching leaves them; what is measured begins when they are announced
and ends with the last run of `mentions.match`, in real `brandhound worker`s with the embedded PostgreSQL (fsync on). Two
organizations with fifty brands each share the articles. The texts are those of real pages, each once as it is and then with its
sentences dealt anew among three, so that most are not copies. `--tone lexicon` is without embeddings, `model` with them.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg

from bench.cold_run import installation, server_seconds, watched, worker
from bench.newsroom import BRANDS, DATA
from bench.quality.reprints import real_articles
from tests.mentions.copying import sentences_of

ORGANIZATIONS = 2
BATCH = 100
LONGEST = 1800.0
WORKING = (
    "select count(*) from runs where state in ('scheduled', 'queued', 'running', 'waiting') and job = 'mentions.match'"
)
LAST = "select extract(epoch from max(finished_at)) from runs where job = 'mentions.match'"
COUNTS = {
    "mentions": "select count(*) from mentions",
    "stories": "select count(*) from stories",
    "runs_failed": "select count(*) from runs where job = 'mentions.match' and state <> 'done'",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--articles", type=int, default=2000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--tone", choices=["model", "lexicon", "both"], default="both")
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    texts = dealt([text for _, text in real_articles(chosen.data)], chosen.articles)
    tones = ["lexicon", "model"] if chosen.tone == "both" else [chosen.tone]
    rounds: dict[str, list[dict[str, Any]]] = {tone: [] for tone in tones}
    for _ in range(chosen.rounds):
        for tone in tones:
            rounds[tone].append(once(texts, tone, chosen.workers))
            print(json.dumps({tone: rounds[tone][-1]}), file=sys.stderr, flush=True)
    result = {
        tone: {
            "articles_a_second": statistics.median(one["articles_a_second"] for one in found),
            "worker_rss_mb": max(one["worker_rss_mb"] for one in found),
            "rounds": found,
        }
        for tone, found in rounds.items()
    }
    print(json.dumps({"articles": len(texts), "workers": chosen.workers, "cores": os.cpu_count(), **result}, indent=1))


def dealt(texts: Sequence[str], wanted: int, seed: int = 5) -> list[str]:
    """So many texts: each as it is, then in threes with the sentences dealt anew."""
    chance = random.Random(seed)
    found = list(texts[:wanted])
    while len(found) < wanted:
        three = chance.sample(list(texts), 3)
        sentences = [sentence for text in three for sentence in sentences_of(text)]
        chance.shuffle(sentences)
        third = max(8, len(sentences) // 3)
        found += ["\n".join(sentences[at : at + third]) for at in range(0, len(sentences) - third + 1, third)]
    return found[:wanted]


def once(texts: Sequence[str], tone: str, workers: int) -> dict[str, Any]:
    """One run in a fresh installation."""
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder), tone) as database, ExitStack() as stack:
        shared = asyncio.run(fill(texts))
        processes = [stack.enter_context(worker()) for _ in range(workers)]
        watches = [stack.enter_context(watched(process)) for process in processes]
        load, server = os.getloadavg()[0], server_seconds(Path(folder))
        for watch in watches:
            watch.reset()
        began = time.time()
        asyncio.run(announced(shared))
        ended = wait(database, processes)
        with psycopg.connect(database) as connection:
            facts = {name: _value(connection, query) for name, query in COUNTS.items()}
        seconds = ended - began
        return {
            "seconds": round(seconds, 2),
            "articles_a_second": round(len(texts) / seconds, 1),
            "cpu_seconds_workers": round(sum(watch.cpu_seconds().get("worker", 0.0) for watch in watches), 1),
            "cpu_seconds_postgres": round(server_seconds(Path(folder)) - server, 1),
            "worker_rss_mb": max(watch.peaks().get("worker_rss", 0.0) for watch in watches),
            "load_before": round(load, 2),
            **facts,
        }


async def fill(texts: Sequence[str]) -> dict[UUID, list[UUID]]:
    """Organizations with brands, and the articles that are to be announced to each."""
    from sqlalchemy import insert, text

    from brandhound.app.slices import JOB_MODULES
    from brandhound.brands.schemas import NameIn, NewBrand
    from brandhound.brands.watching import watch_brand
    from brandhound.core import clock
    from brandhound.core.db import close_engines, tenant_session
    from brandhound.core.files import files
    from brandhound.core.ids import uuid7
    from brandhound.core.settings import reload_settings
    from brandhound.core.system import system_session
    from brandhound.feeds.models import Article
    from brandhound.tenancy.models import Organization
    from brandhound.tenancy.people import Caller
    from brandhound.tenancy.roles import Role

    assert len(JOB_MODULES) > 0
    reload_settings()
    # The store of the round before is gone with its folder.
    files.cache_clear()
    shared: dict[UUID, list[UUID]] = {}
    now = clock.now()
    for number in range(ORGANIZATIONS):
        mine = texts[number::ORGANIZATIONS]
        async with system_session() as db:
            organization = Organization(name=f"Bench {number}", time_zone="Europe/Berlin")
            db.add(organization)
            await db.flush()
            owner = organization.id
        caller = Caller(owner, Role.OWNER, "Europe/Berlin")
        rows: list[dict[str, Any]] = [
            {
                "id": uuid7(),
                "url": f"https://site-{at % 60}.example/{number}/{at}",
                "url_key": f"site-{at % 60}.example/{number}/{at}",
                "site": f"site-{at % 60}.example",
                "outlet": f"Site {at % 60}",
                "title": " ".join(one.split()[:9]),
                "authors": [],
                "language": "en",
                "state": "fetched",
                "published_at": now - timedelta(minutes=5 * (at % 1500)),
                "text_sha256": files().put(one.encode()),
                "text_length": len(one),
                "fetched_at": now,
                "first_seen_at": now,
            }
            for at, one in enumerate(mine)
        ]
        async with tenant_session(owner) as db:
            for name, more in BRANDS.items():
                names = [NameIn(text=other) for other in more]
                await watch_brand(db, caller, NewBrand(name=name, names=names), now)
            await db.execute(insert(Article), rows)
        shared[owner] = [row["id"] for row in rows]
    async with system_session() as db:
        await db.execute(text("delete from runs"))
    await close_engines()
    return shared


async def announced(shared: dict[UUID, list[UUID]]) -> None:
    """Tell that the articles can be read, as fetching does."""
    from brandhound.core.db import close_engines, tenant_session
    from brandhound.feeds.events import ArticlesStored
    from brandhound.jobs.registry import announce

    for owner, ids in shared.items():
        async with tenant_session(owner) as db:
            for first in range(0, len(ids), BATCH):
                await announce(db, ArticlesStored(article_ids=ids[first : first + BATCH]))
    await close_engines()


def wait(database: str, processes: Sequence[psutil.Process]) -> float:
    """When the last run had ended."""
    ends = time.monotonic() + LONGEST
    with psycopg.connect(database, autocommit=True) as connection:
        while time.monotonic() < ends:
            time.sleep(0.25)
            if any(not one.is_running() or one.status() == psutil.STATUS_ZOMBIE for one in processes):
                raise RuntimeError("a worker has ended")
            if not _value(connection, WORKING):
                return float(_value(connection, LAST))
    raise TimeoutError("the analysis does not come to its end")


def _value(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


if __name__ == "__main__":
    main()
