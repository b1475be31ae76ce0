"""A hunt from a terminal: it ends with what is there, or says what keeps it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from brandhound.app import hunting, hunting_worker
from brandhound.app.hunting_worker import HuntingWorker, WorkerEnds
from brandhound.brands.schemas import BrandChanges, NewBrand
from brandhound.brands.watching import change_brand, watch_brand
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.feeds.following import follow_document
from brandhound.tenancy.people import Caller
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests import forks
from tests.commands import CLI, brandhound, only
from tests.databases import TestDatabase
from tests.feeds.conftest import address, publish
from tests.jobs.workers import wait_until

pytestmark = pytest.mark.anyio

WORKERS = "select pid from workers where beat_at > now() - interval '10 seconds'"


@pytest.fixture
def hunts(connected: TestDatabase) -> Generator[dict[str, str]]:
    """The settings of a hunt in this database; what its worker had is forgotten afterwards."""
    forget(connected)
    yield {
        "DATABASE_URL": connected.url,
        "BRANDHOUND_DATA_DIR": str(connected.data_dir),
        "BRANDHOUND_PRIVATE_NETWORKS": "127.0.0.0/8",
        "BRANDHOUND_TONE_ENGINE": "lexicon",
    }
    forget(connected)


def forget(database: TestDatabase) -> None:
    with psycopg.connect(database.url, autocommit=True) as owner:
        for table in ("workers", "runs", "schedules", "dbos.workflow_status"):
            owner.execute(f"delete from {table}".encode())


def hunt(settings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    done = brandhound("hunt", *words, **settings)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout, " ".join(done.stderr.split()))


def headline(report: Path) -> Any:
    return json.loads(report.read_text("utf-8"))["headline"]


@pytest.mark.slow
async def test_a_hunt_goes_on_with_another_worker_when_its_own_is_killed(
    hunts: dict[str, str], connected: TestDatabase, news: NewsServer, site: Site, tmp_path: Path
) -> None:
    stories = [publish(site, f"Norvella opens shop {number}") for number in range(4)]
    for story in stories:
        news.fault(f"/{site.name}{story.link}", "slow", seconds=20)
    report, said = tmp_path / "report.json", tmp_path / "said"
    words = ["hunt", "Norvella", "--feed", address(news, site), "--out", str(report), "--minutes", "3"]
    with said.open("wb") as output:
        process = forks.fork(CLI, words, only(hunts), output)
    try:
        wait_until(lambda: bool(news.requests(f"/{site.name}{stories[0].link}")), 90, "a page is asked for")
        [(pid,)] = connected.look(WORKERS)
        os.kill(int(pid), signal.SIGKILL)
        news.clear_faults()
        assert process.wait(150) == 0, said.read_text()
    finally:
        process.kill()
    assert headline(report)["mentions"]["value"] == 4


async def test_a_hunt_starts_a_worker_beside_one_that_is_silent_and_gives_up_on_its_own_after_four_that_ended(
    hunts: dict[str, str], connected: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]))
        return started[-1]

    monkeypatch.setattr(hunting_worker, "_start", start)
    with psycopg.connect(connected.url, autocommit=True) as owner:
        beat = "insert into workers (executor_id, host, pid, version, beat_at) values ('other', 'here', 1, '1', now() - %s)"
        owner.execute(beat, [timedelta()])
        worker = HuntingWorker()
        await worker.keep()
        assert started == []
        owner.execute("update workers set beat_at = now() - interval '12 seconds'")
    for number in range(1, 5):
        await worker.keep()
        assert len(started) == number
        started[-1].wait()
    with pytest.raises(WorkerEnds, match="started 4 times and ended each time"):
        await worker.keep()
    assert not await worker.lives()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("Acme", "--alias", "x" * 400),
            "--alias cannot be “" + "x" * 40 + "…”: string should have at most 200 characters",
        ),
        (("y" * 400,), "the brand cannot be “" + "y" * 40 + "…”: string should have at most 200 characters"),
        (("Acme", "--context", "z" * 400), "--context cannot be “" + "z" * 40 + "…”: string should have at most 200"),
        (("",), "A name has at least one letter"),
    ],
)
def test_a_hunt_for_what_cannot_be_a_name_says_which_word_it_is(words: tuple[str, ...], said: str) -> None:
    # Nothing is asked of a database that is not there.
    done = hunt({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none?connect_timeout=2"}, *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "setting" not in done.stderr


async def hunting_organization() -> Caller:
    return await hunting._caller()  # pyright: ignore[reportPrivateUsage]


async def test_a_hunt_finds_its_brand_under_other_accents_and_says_that_it_is_paused(
    hunts: dict[str, str], news: NewsServer, site: Site
) -> None:
    caller = await hunting_organization()
    async with tenant_session(caller.organization_id) as db:
        brand = await watch_brand(db, caller, NewBrand(name="Zellow"), clock.now())
        await change_brand(db, caller, brand.id, BrandChanges(paused=True), clock.now())
    done = hunt(hunts, "Zëllow", "--feed", address(news, site))
    assert done.returncode == 1
    assert "Zellow is paused, so nobody looks for it: resume it under Brands" in done.stderr


async def test_a_hunt_for_a_name_that_was_merged_looks_for_what_it_was_merged_into(
    hunts: dict[str, str], news: NewsServer, site: Site
) -> None:
    caller = await hunting_organization()
    async with tenant_session(caller.organization_id) as db:
        kept = await watch_brand(db, caller, NewBrand(name="Quillow"), clock.now())
        gone = await watch_brand(db, caller, NewBrand(name="Quillow Foods"), clock.now())
        gone.merged_into = kept.id
    news.fault(f"/{site.name}/*", "missing")
    done = hunt(hunts, "quillow foods", "--feed", address(news, site))
    assert "quillow foods is watched as Quillow." in done.stderr
    assert "none of these feeds can be read" in done.stderr


async def test_a_hunt_says_that_the_feed_it_is_given_is_paused(
    hunts: dict[str, str], news: NewsServer, site: Site
) -> None:
    caller = await hunting_organization()
    async with tenant_session(caller.organization_id) as db:
        feed = await follow_document(db, address(news, site), clock.now())
        feed.paused = True
    done = hunt(hunts, "Brimmow", "--feed", address(news, site))
    assert done.returncode == 1
    assert f"✗ {address(news, site)}: it is followed and paused: resume it under Feeds" in done.stderr
    assert "none of these feeds can be read" in done.stderr
