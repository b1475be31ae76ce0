"""How long a feed may be read: by what it takes itself, not by how busy the others keep the machine."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from time import thread_time

import httpx
import pytest

from brandhound.feeds import tolerant
from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.reading import ParsedFeed
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address
from tests.feeds.test_following import follow
from tests.feeds.test_polling import refresh, seen

ITEMS = "".join(f"<item><guid isPermaLink='false'>{n}</guid><title>Story <b>{n}</b></title></item>" for n in range(400))
LONG = f"<rss version='2.0'><channel><title>Long</title>{ITEMS}</channel></rss>"


def read_long(_: int = 0) -> ParsedFeed:
    return parse_feed(LONG.encode(), "https://example.com/feed.xml", {})


def test_feeds_that_are_read_at_the_same_time_lose_nothing_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    began = thread_time()
    read_long()
    monkeypatch.setattr(tolerant, "DEADLINE", 6 * (thread_time() - began))
    with ThreadPoolExecutor(12) as threads:
        read = list(threads.map(read_long, range(12)))
    assert [(len(feed.entries), feed.truncated) for feed in read] == [(400, False)] * 12


@pytest.mark.anyio
async def test_a_feed_that_took_too_long_is_read_again_although_it_is_the_same(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/long.xml", LONG, "application/rss+xml")
    seconds = count()
    with monkeypatch.context() as slow:
        # One goes by with every element.
        slow.setattr(tolerant, "thread_time", lambda: float(next(seconds)))
        feed = await follow(client, address(news, site, "/long.xml"))
        await run_jobs()
    cut = await seen(client, feed)
    assert 0 < cut["entries"] < 20
    assert cut["notes"] == ["The feed has more than is read at once: the rest of its items was left out."]
    await refresh(client, feed, run_jobs)
    whole = await seen(client, feed)
    assert (whole["entries"], whole["notes"]) == (400, [])
    assert (await refresh(client, feed, run_jobs))["outcome"] == "nothing new"


@pytest.mark.anyio
async def test_a_feed_that_always_takes_too_long_is_not_read_again_for_ever(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.put("/long.xml", LONG, "application/rss+xml")
    read: list[float] = []

    def slow() -> float:
        read.append(float(len(read)))
        return read[-1]

    monkeypatch.setattr(tolerant, "thread_time", slow)
    feed = await follow(client, address(news, site, "/long.xml"))
    await run_jobs()
    await refresh(client, feed, run_jobs)
    read.clear()
    await refresh(client, feed, run_jobs)
    assert read == []
    assert 0 < (await seen(client, feed))["entries"] < 20
