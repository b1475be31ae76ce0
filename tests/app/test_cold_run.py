"""A cold run in which everything dies that can: nothing is missing at the end, and nothing is there twice."""

import asyncio
import errno
import os
import tempfile
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from brandhound.core import clock, files, secrets
from brandhound.core.postgres import EmbeddedPostgres
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.twins.news import NewsServer, make_library, serve
from tests.app.cold import ColdRun, page_of
from tests.databases import UNSAFE, TestDatabase, pointing_at
from tests.jobs.workers import Workers, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
FEEDS, PAGES = 12, 10
TABLES = "runs, articles, feed_documents, organizations, users, workers"


@pytest.fixture(scope="module")
def server() -> Generator[EmbeddedPostgres]:
    """A server that is nobody else's, so that it can be stopped."""
    # Not in pytest's own folders: every session of pytest closes those to the server's user again.
    with tempfile.TemporaryDirectory(prefix="brandhound-cold-") as folder:
        Path(folder).chmod(0o755)
        started = EmbeddedPostgres(Path(folder) / "postgres", UNSAFE).start()
        yield started
        started.stop()


@pytest.fixture(scope="module")
def migrated(server: EmbeddedPostgres) -> Generator[TestDatabase]:
    from brandhound.app.preparing import prepare_database

    made = TestDatabase(server.url(), server.folder.parent)
    with pointing_at(made):
        prepare_database()
        yield made
    secrets._keys.cache_clear()  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def database(migrated: TestDatabase, server: EmbeddedPostgres) -> TestDatabase:
    """Empty of what an earlier test left."""
    with psycopg.connect(server.url(role="postgres"), autocommit=True) as connection:
        connection.execute(f"truncate {TABLES} cascade".encode())
        connection.execute("truncate dbos.workflow_status cascade")
        connection.execute("insert into organizations (id, name) values (%s, 'Installation')", ["0" * 32])
    return migrated


@pytest.fixture
def workers(database: TestDatabase, tmp_path: Path) -> Generator[Workers]:
    made = Workers(database, tmp_path)
    yield made
    made.end()


@pytest.fixture
def news(tmp_path: Path) -> Generator[NewsServer]:
    """A dozen publishers, with pages that no other test has."""
    pages = [page_of(number, tmp_path.name) for number in range(FEEDS * PAGES)]
    with serve(make_library(pages, FEEDS, PAGES)) as server:
        yield server


async def test_a_killed_workers_articles_are_read_by_another_none_missing_and_none_twice(
    connected: TestDatabase, workers: Workers, news: NewsServer
) -> None:
    news.fault("/*", "slow", seconds=0.7)
    workers.start()
    workers.start()
    cold = await ColdRun.begin(connected, news)
    await cold.in_the_middle()
    busiest = cold.busiest()
    killed = next(process for process in workers.processes if f"-{process.pid}-" in busiest)
    killed.kill()
    killed.wait()
    stored = cold.read()
    assert len(stored) < cold.articles
    news.clear_faults()
    await cold.completed()
    cold.assert_nothing_is_missing_and_nothing_twice()
    asked = cold.asked()
    assert [url for url in stored if asked[url] > 1] == []
    assert cold.count("select sum(interruptions) from runs") > 0


async def test_a_server_that_is_down_for_longer_than_workers_may_be_silent_costs_nothing(
    connected: TestDatabase, workers: Workers, news: NewsServer, server: EmbeddedPostgres
) -> None:
    news.fault("/*", "slow", seconds=0.7)
    worker = workers.start()
    cold = await ColdRun.begin(connected, news)
    stored = await cold.in_the_middle()
    await asyncio.to_thread(server.stop)
    news.clear_faults()
    # Half as long again as it takes until a worker counts as dead: in the product, 30 seconds.
    await asyncio.sleep(12)
    await asyncio.to_thread(server.start)
    assert len(stored) < cold.articles
    await cold.completed()
    assert worker.poll() is None
    cold.assert_nothing_is_missing_and_nothing_twice()


async def test_a_disk_that_is_full_for_a_while_leaves_articles_waiting_and_says_why(
    connected: TestDatabase, news: NewsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = 30

    def sync(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    unfinished = connected.data_dir / "files" / files.UNFINISHED
    left_by_the_killed = set(unfinished.glob("*"))
    cold = await ColdRun.begin(connected, news)
    with monkeypatch.context() as full:
        full.setattr(files.os, "fsync", sync)
        await run_until_idle()
    assert 0 < len(cold.read()) < cold.articles
    assert cold.count("select count(*) from articles where state not in ('pending', 'fetched')") == 0
    # Workers that an earlier test killed leave theirs, until they are swept.
    assert set(unfinished.glob("*")) <= left_by_the_killed
    reason = "the disk is full; nothing is lost, and it goes on by itself"
    assert cold.count(f"select count(*) from runs where state = 'waiting' and reason = '{reason}'") > 0
    clock.freeze(clock.now() + timedelta(minutes=6))
    try:
        await run_until_idle()
    finally:
        clock.unfreeze()
    cold.assert_nothing_is_missing_and_nothing_twice()


async def test_one_feed_checked_by_two_workers_at_once_is_asked_and_stored_once(
    connected: TestDatabase, workers: Workers, news: NewsServer
) -> None:
    news.fault("/site-000/feed.xml", "slow", seconds=2)
    workers.start()
    workers.start()
    with psycopg.connect(connected.url, autocommit=True) as owner:
        # The look at all feeds that are due, once a minute, would be a third one.
        owner.execute("delete from schedules where job = 'feeds.poll'")
        ended = "select count(*) = 0 from runs where job = 'feeds.poll' and finished_at is null"
        wait_until(lambda: (owner.execute(ended).fetchone() or (False,))[0], 60, "the last look at all feeds is over")
    cold = await ColdRun.begin(connected, news)
    async with system_session() as db:
        again = await enqueue(db, "feeds.refresh", {"feed_id": cold.feed_ids[0]}, organization_id=cold.organization_id)
    await cold.completed()
    cold.assert_nothing_is_missing_and_nothing_twice()
    assert cold.asked()[f"{news.url}/site-000/feed.xml"] <= 2
    async with system_session() as db:
        mine = RunRow.parameters["feed_id"].astext == str(cold.feed_ids[0])
        runs = await db.scalars(select(RunRow).where(RunRow.job == "feeds.refresh", mine))
        outcomes = sorted(str(run.outcome) for run in runs)
    # Whichever came first stored them; the other one waited, or found nothing new.
    assert again.id
    assert [outcome for outcome in outcomes if outcome.endswith("new items")] == outcomes[:1]
    assert set(outcomes[1:]) <= {"checked by another run at the same time", "nothing new"}
