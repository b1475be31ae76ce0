"""The cold run: feeds followed, every page fetched, read and stored, every mention found, beside a plain script. Prints JSON.

    python -m bench.cold_run [--feeds 100] [--pages 30] [--rounds 2] [--tone model] [--spacy FOLDER] [--data ../shared/data]

Ours is one real `brandhound worker` with its embedded PostgreSQL (fsync on) in a fresh folder: bodies and texts are on
disk, entries, articles, mentions and stories in tables, and a kill at any moment loses nothing. The peer (cold_peer.py)
stores nothing. Both read the same publishers in the same run, in turn; starting a process is counted for neither.
`--spacy` is a folder in which spaCy is installed (`pip install --target FOLDER spacy`); without it the peer has a trie.
"""

import argparse
import asyncio
import json
import os
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

import psutil
import psycopg

from bench.newsroom import BRANDS, DATA, ROOT, addresses, publishers
from brandhound.core.db import SYSTEM_ORGANIZATION

Facts = dict[str, Any]
LONGEST = 1800.0
COUNTS = {
    "articles": "select count(*) from articles",
    "articles_read": "select count(*) from articles where state = 'fetched' and error_code is null",
    "articles_pending": "select count(*) from articles where state = 'pending'",
    "articles_failed": "select count(*) from articles where state in ('failed', 'blocked')",
    "mentions": "select count(*) from mentions",
    "mentions_accepted": "select count(*) from mentions where standing = 'accepted'",
    "stories": "select count(*) from stories",
    "runs": "select count(*) from runs where state in ('done', 'partial')",
    "runs_failed": "select count(*) from runs where state not in ('done', 'partial')",
}
# The sentence model is made ready once in the life of an installation, as the tables are; it takes ten seconds.
PREPARE = """
from brandhound.app.preparing import prepare_database
from brandhound.core.settings import settings
from brandhound.providers.embedding import embedder
prepare_database()
if settings().tone_engine == "model":
    embedder()
"""
WORKING = (
    "select count(*) from runs where state in ('scheduled', 'queued', 'running', 'waiting') and job <> 'feeds.poll'"
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=100)
    options.add_argument("--pages", type=int, default=30)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--tone", choices=["model", "lexicon", "both"], default="both")
    options.add_argument("--spacy", type=Path, help="folder with spaCy for the peer")
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--no-peer", action="store_true")
    chosen = options.parse_args()
    tones = ["model", "lexicon"] if chosen.tone == "both" else [chosen.tone]
    rounds: list[dict[str, Facts]] = []
    with publishers(chosen.feeds, chosen.pages, chosen.data) as publisher:
        for _ in range(chosen.rounds):
            found: dict[str, Facts] = {}
            if not chosen.no_peer:
                found["peer"] = peer(publisher, chosen.feeds, chosen.spacy)
                found["peer_fast"] = peer(publisher, chosen.feeds, chosen.spacy, "--fast")
            for tone in tones:
                found[f"ours_tone_{tone}"] = ours(publisher, chosen.feeds, chosen.feeds * chosen.pages, tone)
            rounds.append(found)
            print(json.dumps(found), file=sys.stderr, flush=True)
    medians = {name: statistics.median(each[name]["seconds"] for each in rounds) for name in rounds[0]}
    ratios = {
        f"{name}_to_{other}": round(medians[other] / medians[name], 2)
        for name in medians
        if name.startswith("ours")
        for other in medians
        if other.startswith("peer")
    }
    print(json.dumps({"seconds": medians, "times_as_fast": ratios, "rounds": rounds}, indent=1))


def peer(publisher: str, feeds: int, spacy: Path | None, *more: str) -> Facts:
    with tempfile.TemporaryDirectory() as folder:
        brands = Path(folder) / "brands.json"
        brands.write_text(json.dumps(BRANDS))
        command = [sys.executable, str(ROOT / "bench/cold_peer.py"), publisher, str(feeds), str(brands), *more]
        environment = os.environ | ({"PYTHONPATH": str(spacy)} if spacy else {})
        load = os.getloadavg()[0]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return {**json.loads(done.stdout), "load_before": load}


def ours(publisher: str, feeds: int, expected: int, tone: str) -> Facts:
    """One cold run in a fresh installation."""
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder), tone) as database:
        load = os.getloadavg()[0]
        asyncio.run(follow(addresses(publisher, feeds)))
        with worker() as process, watched(process) as memory:
            began, server = time.time(), server_seconds(Path(folder))
            memory.reset()
            asyncio.run(begin())
            ended = wait_until_done(database, expected, process)
            facts: Facts = {
                "seconds": ended - began,
                "cpu_seconds": {**memory.cpu_seconds(), "postgres": round(server_seconds(Path(folder)) - server, 1)},
                "memory_mb": memory.peaks(),
                "load_before": load,
            }
        with psycopg.connect(database) as connection:
            for name, query in COUNTS.items():
                row = connection.execute(query.encode()).fetchone()
                facts[name] = row[0] if row else None
        return facts


@contextmanager
def installation(folder: Path, tone: str) -> Generator[str]:
    """A migrated installation in a folder; the address at which everything in it is seen. Settings of children point at it."""
    from brandhound.core.postgres import EmbeddedPostgres

    folder.chmod(0o711)  # As root the server runs as another user, who has to get in.
    server = EmbeddedPostgres(folder / "postgres").start()
    os.environ |= {
        "BRANDHOUND_DATA_DIR": str(folder),
        "BRANDHOUND_PRIVATE_NETWORKS": "127.0.0.0/8",
        "BRANDHOUND_TONE_ENGINE": tone,
        "BRANDHOUND_LOG_LEVEL": "warning",
        "DATABASE_URL": server.url(),
    }
    try:
        # In a process of its own: what it leaves in memory would be ours in the next round.
        subprocess.run([sys.executable, "-c", PREPARE], check=True)
        yield server.url(role="postgres")
    finally:
        server.stop()


async def follow(urls: list[str]) -> None:
    """One organization with fifty brands that follows these feeds. Not counted: a person does this once, by hand."""
    from brandhound.app.slices import JOB_MODULES
    from brandhound.brands.schemas import NameIn, NewBrand
    from brandhound.brands.watching import watch_brand
    from brandhound.core import clock
    from brandhound.core.db import close_engines, tenant_session
    from brandhound.core.settings import reload_settings
    from brandhound.core.system import system_session
    from brandhound.feeds.following import follow_document
    from brandhound.tenancy.models import Organization
    from brandhound.tenancy.people import Caller
    from brandhound.tenancy.roles import Role

    assert len(JOB_MODULES) > 0
    reload_settings()
    async with system_session() as db:
        organization = Organization(name="Bench", time_zone="Europe/Berlin")
        db.add(organization)
        await db.flush()
        owner = organization.id
    async with tenant_session(owner) as db:
        caller = Caller(owner, Role.OWNER, "Europe/Berlin")
        for name, more in BRANDS.items():
            await watch_brand(db, caller, NewBrand(name=name, names=[NameIn(text=text) for text in more]), clock.now())
        for url in urls:
            await follow_document(db, url, clock.now())
    # Looking through the past for each new brand is over before the clock starts: there is no past.
    async with system_session() as db:
        from sqlalchemy import text

        await db.execute(text("delete from runs"))
    await close_engines()


async def begin() -> None:
    """Have everything that is due looked at, as the schedule does every minute."""
    from brandhound.core.db import close_engines, tenant_session
    from brandhound.jobs.registry import enqueue

    async with tenant_session(UUID(int=SYSTEM_ORGANIZATION.int)) as db:
        await enqueue(db, "feeds.poll")
    await close_engines()


@contextmanager
def worker() -> Generator[psutil.Process]:
    """`brandhound worker`, ready to take runs."""
    started = subprocess.Popen(
        [sys.executable, "-m", "brandhound.app.cli", "worker"],
        env={**os.environ, "BRANDHOUND_LOG_LEVEL": "info"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    try:
        for line in started.stdout:
            if '"working"' in line:
                break
        threading.Thread(target=started.stdout.read, daemon=True).start()
        yield psutil.Process(started.pid)
    finally:
        started.terminate()
        started.wait(30)


def wait_until_done(database: str, expected: int, process: psutil.Process) -> float:
    """When the last page was read and the last run had ended."""
    ends = time.monotonic() + LONGEST
    with psycopg.connect(database, autocommit=True) as connection:
        while time.monotonic() < ends:
            time.sleep(0.25)
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                raise RuntimeError("the worker has ended")
            there = connection.execute("select count(*) from articles").fetchone()
            working = connection.execute(WORKING).fetchone()
            assert there
            assert working
            if int(there[0]) >= expected and not working[0]:
                last = "select extract(epoch from max(finished_at)) from runs where job <> 'feeds.poll'"
                row = connection.execute(last).fetchone()
                assert row
                return float(row[0])
    raise TimeoutError("the cold run does not come to its end")


def server_seconds(folder: Path) -> float:
    """CPU seconds of all of the server's processes that there are or were."""
    postmaster = psutil.Process(int((folder / "postgres/data/postmaster.pid").read_text().split()[0]))
    times = [postmaster.cpu_times(), *(child.cpu_times() for child in postmaster.children())]
    return sum(one.user + one.system for one in times) + times[0].children_user + times[0].children_system


class Watch:
    """Memory and CPU of a worker and of the processes that read pages for it, looked at twice a second."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._most: dict[str, float] = {}
        self._cpu: dict[int, tuple[str, float]] = {}
        self._before: dict[int, float] = {}
        self._together = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._stop.wait(0.5):
            self._look_once()

    def _look_once(self) -> None:
        together = 0.0
        for process in self._tree():
            try:
                kind = self._kind(process)
                pss = process.memory_full_info().pss / 1e6
                rss = process.memory_info().rss / 1e6
                cpu = process.cpu_times()
            except psutil.Error:
                continue
            self._cpu[process.pid] = (kind, cpu.user + cpu.system)
            self._most[f"{kind}_pss"] = max(self._most.get(f"{kind}_pss", 0), pss)
            self._most[f"{kind}_rss"] = max(self._most.get(f"{kind}_rss", 0), rss)
            together += pss
        self._together = max(self._together, together)

    def _kind(self, process: psutil.Process) -> str:
        if process.pid == self._process.pid:
            return "worker"
        # Once in the life of an installation.
        return "making_the_model" if "brandhound.providers.minilm" in process.cmdline() else "extraction_process"

    def _tree(self) -> list[psutil.Process]:
        try:
            return [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return []

    def reset(self) -> None:
        """Count CPU from here on: starting is not the work."""
        self._look_once()
        self._before = {pid: seconds for pid, (_, seconds) in self._cpu.items()}

    def peaks(self) -> dict[str, float]:
        return {name: round(most) for name, most in {**self._most, "together_pss": self._together}.items()}

    def cpu_seconds(self) -> dict[str, float]:
        self._look_once()
        found: dict[str, float] = {}
        for pid, (kind, seconds) in self._cpu.items():
            found[kind] = round(found.get(kind, 0.0) + seconds - self._before.get(pid, 0.0), 1)
        return found

    def end(self) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def watched(process: psutil.Process) -> Generator[Watch]:
    watch = Watch(process)
    try:
        yield watch
    finally:
        watch.end()


if __name__ == "__main__":
    main()
