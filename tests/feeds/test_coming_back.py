"""Feeds that are well again, or quiet: nothing stale is said of them, and they are asked as often as they deserve."""

import asyncio
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.feeds.listing import check_words
from brandhound.feeds.models import FeedDocument
from brandhound.feeds.rhythm import LONGEST, adaptive_wait, count_rhythm
from brandhound.notifications.models import Notification
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address
from tests.feeds.test_following import follow
from tests.feeds.test_polling import followed_where_another_feed_is, poll, refresh, seen

pytestmark = pytest.mark.anyio


async def test_another_feed_of_the_site_is_forgotten_when_this_one_is_back(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    url, feed = await followed_where_another_feed_is(client, news, site, run_jobs)
    news.fault(f"/{site.name}/feed.xml", "missing")
    await poll(run_jobs, due=url)
    assert (await seen(client, feed))["replacement_url"] == address(news, site, "/new.xml")
    news.clear_faults()
    await poll(run_jobs, due=url)
    assert ((await seen(client, feed))["state"], (await seen(client, feed))["replacement_url"]) == ("active", None)
    news.fault(f"/{site.name}/feed.xml", "unavailable")
    for _ in range(2):
        await poll(run_jobs, due=url)
    assert (await seen(client, feed))["next_step"] == "Nothing to do yet: it is asked again by itself."


async def test_the_notice_of_a_feed_that_cannot_be_read_ends_when_it_can_also_after_a_pause(
    client: httpx.AsyncClient, organization_id: UUID, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    async def notices() -> list[tuple[str, bool]]:
        async with system_session() as db:
            rows = select(Notification.kind, Notification.settled_at).where(
                Notification.organization_id == organization_id, Notification.kind.startswith("feed_")
            )
            return [(kind, settled_at is not None) for kind, settled_at in await db.execute(rows)]

    url = address(news, site)
    feed = await follow(client, url)
    await run_jobs()
    news.fault(f"/{site.name}/feed.xml", "missing")
    for hours in (0, 40, 40):
        clock.freeze(clock.now() + timedelta(hours=hours))
        await poll(run_jobs, due=url)
    assert await notices() == [("feed_failing", False)]
    await client.put(f"/api/feeds/{feed['id']}/pause")
    await poll(run_jobs, due=url)
    news.clear_faults()
    await client.delete(f"/api/feeds/{feed['id']}/pause")
    await poll(run_jobs, due=url)
    assert ((await seen(client, feed))["state"], await notices()) == ("active", [("feed_failing", True)])


def undated(site: Site, numbers: range) -> None:
    items = "".join(f"<item><guid isPermaLink='false'>{n}</guid><title>U{n}</title></item>" for n in numbers)
    site.put("/u.xml", f"<rss version='2.0'><channel><title>U</title>{items}</channel></rss>")


async def test_items_without_dates_are_no_burst_when_they_are_first_read(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    undated(site, range(20))
    feed = await follow(client, address(news, site, "/u.xml"))
    await run_jobs()
    read = await seen(client, feed)
    assert (read["per_week"], read["check_reason"].partition("because ")[2]) == (None, "its rhythm is not known yet")
    clock.freeze(clock.now() + timedelta(days=7))
    undated(site, range(1, 21))
    await refresh(client, feed, run_jobs)
    # One item in the week since it is watched.
    assert (await seen(client, feed))["per_week"] == pytest.approx(1, rel=0.05)


def test_a_feed_that_brings_nothing_is_asked_less_and_less_often() -> None:
    now = clock.now()
    rhythm = count_rhythm([now - timedelta(minutes=6 * n) for n in range(100)], now)
    waits = [adaptive_wait(rhythm, now + timedelta(days=days)).interval for days in (0, 1, 3, 30)]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=10) < waits[1]
    busy = count_rhythm([now - timedelta(minutes=n) for n in range(20_000)], now)
    year_later = adaptive_wait(busy, now + timedelta(weeks=52))
    assert (year_later.interval, year_later.because) == (LONGEST, "it has brought nothing new for 52 weeks")


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(minutes=-5), "next check 12:05, because it is new here"),
        (timedelta(minutes=5), "next check 11:55, because it is new here"),
        (timedelta(hours=1), "its check has been overdue since 11:00"),
        (timedelta(days=2), "its check has been overdue since Fri 12:00"),
        (timedelta(days=20), "its check has been overdue since 02 Nov 12:00"),
    ],
)
def test_a_check_that_should_have_been_is_called_overdue(late: timedelta, words: str) -> None:
    now = clock.now().replace(year=2026, month=11, day=22, hour=12, minute=0, second=0)
    document = FeedDocument(url="https://p.example/f", next_check_at=now - late, check_reason="it is new here")
    assert check_words(document, "active", ZoneInfo("UTC"), now) == words


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (203, None, None),
        (202, "http-202", "The server answers without giving the feed: answer 202"),
        (204, "http-204", "The server answers without giving the feed: answer 204"),
        (500, "http-500", "The server has a fault: answer 500"),
    ],
)
async def test_a_feed_that_a_proxy_has_changed_is_a_feed_and_an_answer_without_one_is_no_fault(
    client: httpx.AsyncClient, status: int, code: str | None, words: str | None
) -> None:
    feed = b"<rss version='2.0'><channel><title>S</title><item><guid>1</guid></item></channel></rss>"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"" if status == 204 else feed
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed.xml"
        looked = (await client.post("/api/feeds/test", json={"url": url})).json()
    problem: dict[str, str] = looked["problem"] or {}
    assert (looked["entry_count"] == 1, problem.get("code"), problem.get("detail")) == (code is None, code, words)
