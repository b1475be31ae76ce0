"""How fast lines come into the log, how soon words are found among two million of them, and what letting go of them costs.

python -m bench.logs [--lines 2000000] [--said 40000]    A server of its own that syncs to disk, as in life. Prints JSON.
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
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg

from brandhound.core.logs.shipping import SEARCHED
from brandhound.core.postgres import EmbeddedPostgres
from tests.databases import TestDatabase, pointing_at

BIG = UUID(int=1)
"""The organization with a quarter of all lines; 49 others share the rest."""
SMALL = UUID(int=7)
DAYS = 30
BATCH = 2_000
ROUNDS = 20

# What a process writes in one batch: 2,000 lines of many organizations that follow one another, and their pages.
_FILL = f"""
with stored as (
  insert into log_lines (organization_id, at, id, level, text, logger, process, host, pid, boot, seq, run_id, facts)
  select ('00000000-0000-0000-0000-0000000000' || lpad(to_hex(case when n %% 4 = 0 then 1 else 2 + n %% 49 end), 2, '0'))::uuid,
    %(since)s::timestamptz + %(step)s * n * interval '1 second', gen_random_uuid(),
    case when n %% 100 = 3 then 40 when n %% 20 = 7 then 30 else 20 end,
    (array['feed checked', 'article stored', 'step finished', 'POST /api/reports answered 201', 'mention matched'])[1 + n %% 5]
      || ' ' || md5(n::text) || ' for https://news' || n %% 300 || '.example/path/' || n,
    'brandhound.' || (array['web', 'jobs', 'feeds'])[1 + n %% 3], 'worker', 'bench', 1, 'bench', n,
    case when n %% 3 = 0 then md5((n / 900)::text)::uuid end,
    jsonb_build_object('ms', n %% 997, 'status', 200, 'article', md5((n * 7)::text))
  from generate_series(%(first)s::int, %(last)s::int) n
  returning organization_id, at, level, {SEARCHED} as folded)
insert into log_pages (organization_id, to_at, from_at, level, lines, folded)
select organization_id, max(at), min(at), level, count(*), string_agg(folded, e'\\n' order by at)
from stored group by organization_id, level, date_trunc('week', at at time zone 'UTC')
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=2_000_000)
    arguments.add_argument("--said", type=int, default=40_000)
    arguments.add_argument("--only-said", action="store_true", help="leave out searching and letting go")
    chosen = arguments.parse_args()
    figures: dict[str, Any] = {"load": os.getloadavg()}
    with own_server() as database:
        for processes in (1, 2, 4):
            figures[f"said by {processes}"] = said(processes, chosen.said, database)
        print(json.dumps(figures), file=sys.stderr)
        if not chosen.only_said:
            figures["filled, lines/s"] = fill(database, chosen.lines)
            figures |= asyncio.run(measured(database))
    figures["load at the end"] = os.getloadavg()
    print(json.dumps(figures, indent=2))


@contextmanager
def own_server() -> Generator[TestDatabase]:
    from brandhound.app.preparing import prepare_database

    with tempfile.TemporaryDirectory(prefix="brandhound-bench-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres").start()
        database = TestDatabase(server.url(), Path(folder))
        with pointing_at(database):
            prepare_database()
            yield database
        server.stop()


def said(processes: int, lines: int, database: TestDatabase) -> dict[str, float]:
    """So many processes say so many lines each, as fast as they can, until all are stored.

    Processor time tells more than lines a second where others work too.
    """
    began, theirs, servers = time.perf_counter(), os.times(), _servers_time(database)
    children = [_speaker(lines) for _ in range(processes)]
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    took, ended = time.perf_counter() - began, os.times()
    all_lines = processes * lines
    own = ended.children_user + ended.children_system - theirs.children_user - theirs.children_system
    return {
        "lines/s": round(all_lines / took),
        "process, us of a core a line": round(own / all_lines * 1e6, 1),
        "server, us of a core a line": round((_servers_time(database) - servers) / all_lines * 1e6, 1),
    }


def _servers_time(database: TestDatabase) -> float:
    """Processor seconds of the server, its children that have ended included."""
    postmaster = psutil.Process(int((database.data_dir / "postgres/data/postmaster.pid").read_text().split()[0]))
    total = sum(postmaster.cpu_times()[:4])
    for child in postmaster.children():
        with suppress(psutil.Error):
            total += sum(child.cpu_times()[:2])
    return total


def _speaker(lines: int) -> int:
    from brandhound.core.logs import recording
    from brandhound.core.logs.context import bound

    child = os.fork()
    if child:
        return child
    recording.start("worker", stream=Path("/dev/null").open("w"))  # noqa: SIM115
    log = logging.getLogger("brandhound.bench")
    with bound(organization_id=BIG):
        for number in range(lines):
            log.info("article stored", extra={"number": number, "url": f"https://news.example/{number}", "ms": 12.5})
    recording.stop(120)
    os._exit(0)


def fill(database: TestDatabase, lines: int) -> int:
    """Put that many lines into the last 30 days."""
    since = datetime.now(UTC) - timedelta(days=DAYS)
    began = time.perf_counter()
    with psycopg.connect(database.url, autocommit=True) as connection:
        for monday in range(DAYS // 7 + 2):
            day = (since - timedelta(days=since.weekday()) + timedelta(days=7 * monday)).date()
            for parent in ("log_lines_details", "log_lines_troubles", "log_pages_details", "log_pages_troubles"):
                name = f"{parent}_{day:%Y%m%d}"
                if connection.execute("select to_regclass(%s)", [f"brandhound_logs.{name}"]).fetchone() == (None,):
                    connection.execute("select make_log_partition(%s, %s, %s)", [parent, name, day])
        for first in range(0, lines, BATCH):
            values = {"since": since, "step": DAYS * 86_400 / lines, "first": first, "last": first + BATCH - 1}
            connection.execute(_FILL, values)
        connection.execute("vacuum analyze log_lines, log_pages")
    return round(lines / (time.perf_counter() - began))


async def measured(database: TestDatabase) -> dict[str, Any]:
    from brandhound.admin.logs import keeping
    from brandhound.core.db import close_engines

    began = time.perf_counter()
    joined = await keeping.join_small_pages()
    figures: dict[str, Any] = {"small pages joined": joined, "joining them, s": round(time.perf_counter() - began, 1)}
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("vacuum analyze log_pages")
        for table in ("log_lines", "log_pages"):
            query = "select sum(pg_total_relation_size(relid)) / 1e6 from pg_partition_tree(%s::text::regclass)"
            row = connection.execute(query, [table]).fetchone()
            assert row is not None
            figures[f"{table}, MB"] = round(float(row[0]))
    figures["searches, p50, p95 and processor time in ms"] = await searches(database)
    print(json.dumps(figures), file=sys.stderr)
    figures["letting go"] = await letting_go()
    await close_engines()
    return figures


async def searches(database: TestDatabase) -> dict[str, list[int]]:
    """Each kind of search in turns, over the whole 31 days, by the big organization and by a small one."""
    from brandhound.admin.logs.searching import find_lines
    from brandhound.admin.logs.wanted import LONGEST, Wanted, Window

    now = datetime.now(UTC)
    window = Window(now - LONGEST, now)
    chance = random.Random(5)

    def rare() -> str:
        return _md5(chance.randrange(0, 2_000_000) // 4 * 4)

    def many(owner: UUID) -> dict[str, Callable[[], Wanted]]:
        return {
            "a rare word": lambda: Wanted(owner, window, q=rare()),
            "an absent word": lambda: Wanted(owner, window, q=f"nobody says {chance.random()}"),
            "a common phrase": lambda: Wanted(owner, window, q="article stored"),
            "a rare word, errors": lambda: Wanted(owner, window, q=rare(), least_level=40),
            "one run": lambda: Wanted(owner, window, run_id=UUID(_md5(chance.randrange(0, 2_000)))),
            "no words": lambda: Wanted(owner, window),
        }

    times: dict[str, list[float]] = {}
    processor: dict[str, float] = {}
    for _ in range(ROUNDS):
        for owner, name in ((BIG, "big"), (SMALL, "small")):
            for kind, wanted in many(owner).items():
                asked = wanted()
                key = f"{name}: {kind}"
                began, cores = time.perf_counter(), time.process_time() + _servers_time(database)
                await find_lines(asked, None, 200)
                times.setdefault(key, []).append((time.perf_counter() - began) * 1000)
                cores = time.process_time() + _servers_time(database) - cores
                processor[key] = processor.get(key, 0) + cores * 1000 / ROUNDS
    return {name: [*_percentiles(taken), round(processor[name])] for name, taken in times.items()}


async def letting_go() -> dict[str, Any]:
    """What reading costs while the older weeks are dropped, against reading in quiet."""
    from brandhound.admin.logs import keeping
    from brandhound.admin.logs.searching import find_lines
    from brandhound.admin.logs.wanted import Wanted, Window
    from brandhound.core.settings import reload_settings

    now = datetime.now(UTC)
    wanted = Wanted(BIG, Window(now - timedelta(hours=6), now))

    async def reading(until: Callable[[], bool]) -> list[int]:
        taken: list[float] = []
        while not until():
            began = time.perf_counter()
            await find_lines(wanted, None, 200)
            taken.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.01)
        return [*_percentiles(taken), round(max(taken))]

    end = time.monotonic() + 8
    quiet = await reading(lambda: time.monotonic() > end)
    os.environ |= {"BRANDHOUND_LOG_DAYS": "1", "BRANDHOUND_LOG_DAYS_TROUBLES": "1"}
    reload_settings()
    began = time.perf_counter()
    work = asyncio.create_task(_timed(keeping.let_go_of_old()))
    meanwhile = await reading(work.done)
    (dropped, deleted), took = await work
    return {
        "dropped and deleted": [dropped, deleted],
        "took, s": round(took or time.perf_counter() - began, 2),
        "reading in quiet, p50, p95, worst in ms": quiet,
        "reading meanwhile, p50, p95, worst in ms": meanwhile,
    }


async def _timed(work: Awaitable[tuple[int, int]]) -> tuple[tuple[int, int], float]:
    began = time.perf_counter()
    return await work, time.perf_counter() - began


def _percentiles(taken: list[float]) -> list[int]:
    return [round(statistics.median(taken)), round(statistics.quantiles(taken, n=20)[-1])] if len(taken) > 1 else [0, 0]


def _md5(number: int) -> str:
    import hashlib

    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    main()
