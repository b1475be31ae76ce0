"""Feeds looked at again and again: over jobs, against a real database and a publisher on the loopback."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, update

from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.feeds.models import Article, FeedDocument, FeedEntry, FeedValidator
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.twins.news import Item, NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address, publish
from tests.feeds.test_following import follow

pytestmark = pytest.mark.anyio

NOTHING: list[Any] = []


async def document_of(url: str) -> FeedDocument:
    async with system_session() as db:
        return (await db.execute(select(FeedDocument).where(FeedDocument.url == url))).scalar_one()


async def poll(run_jobs: RunJobs, *, due: str | None = None) -> None:
    """Let the installation look at what is due; `due` is the address of a feed that shall be."""
    async with system_session() as db:
        if due:
            # Only this one, since other tests left feeds behind.
            await db.execute(update(FeedDocument).where(FeedDocument.url != due).values(next_check_at=None))
            await db.execute(update(FeedDocument).where(FeedDocument.url == due).values(next_check_at=clock.now()))
        await enqueue(db, "feeds.poll", organization_id=SYSTEM_ORGANIZATION)
    await run_jobs()


async def refresh(client: httpx.AsyncClient, feed: dict[str, Any], run_jobs: RunJobs) -> dict[str, Any]:
    run = (await client.post(f"/api/feeds/{feed['id']}/refresh")).json()
    await run_jobs()
    found: dict[str, Any] = (await client.get(f"/api/runs/{run['id']}")).json()
    return found


async def seen(client: httpx.AsyncClient, feed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/api/feeds/{feed['id']}")).json()
    return found


async def test_an_unchanged_feed_is_asked_for_conditionally_and_costs_nothing(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    await follow(client, address(news, site))
    await run_jobs()
    news.publisher.forget_requests()
    await poll(run_jobs, due=address(news, site))
    [request] = news.requests()
    assert request.status == 304
    assert "if-none-match" in request.headers
    document = await document_of(address(news, site))
    assert (document.state, document.failures) == ("active", 0)


async def test_the_same_body_again_without_validators_is_unchanged_too(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    site.put(
        "/fixed.xml", "<rss version='2.0'><channel><title>Fixed</title><item><guid>1</guid></item></channel></rss>"
    )
    news.fault(f"/{site.name}/fixed.xml", "no-validators")
    feed = await follow(client, address(news, site, "/fixed.xml"))
    await run_jobs()
    assert (await refresh(client, feed, run_jobs))["outcome"] == "nothing new"
    assert [request.status for request in news.requests(f"/{site.name}/fixed.xml")][-1] == 200


async def test_new_items_are_stored_once_and_their_pages_read(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await follow(client, address(news, site))
    await run_jobs()
    publish(site, "Fresh")
    await poll(run_jobs, due=address(news, site))
    await poll(run_jobs, due=address(news, site))
    read = await seen(client, feed)
    assert read["entries"] == 4
    assert (read["latest"][0]["title"], read["latest"][0]["article_state"]) == ("Fresh", "fetched")


async def test_followers_are_told_of_new_articles_in_their_own_organization(
    client: httpx.AsyncClient, organization_id: UUID, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    await follow(client, address(news, site))
    await run_jobs()
    async with system_session() as db:
        runs = await db.scalars(
            select(RunRow).where(RunRow.organization_id == organization_id, RunRow.job == "mentions.match")
        )
        told = [article for run in runs for article in run.parameters["article_ids"]]
        stored = set(
            await db.scalars(
                select(Article.id).where(Article.url.startswith(f"{news.url}/{site.name}/", autoescape=True))
            )
        )
    assert {UUID(article) for article in told} == stored
    assert len(stored) == 3


async def test_two_refreshes_at_once_are_one_look(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    mine = await follow(client, address(news, site))
    theirs = await follow(other_client, address(news, site))
    await run_jobs()
    first = (await client.post(f"/api/feeds/{mine['id']}/refresh")).json()
    twice = (await client.post(f"/api/feeds/{mine['id']}/refresh")).json()
    assert first["id"] == twice["id"]
    await other_client.post(f"/api/feeds/{theirs['id']}/refresh")
    news.fault(f"/{site.name}/feed.xml", "slow", seconds=2.0)
    news.publisher.forget_requests()
    await run_jobs()
    assert len(news.requests(f"/{site.name}/feed.xml")) == 1


async def test_a_feed_that_nobody_follows_is_parked_and_woken_by_the_next_follower(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await follow(client, address(news, site))
    await run_jobs()
    await client.delete(f"/api/feeds/{feed['id']}")
    news.publisher.forget_requests()
    await poll(run_jobs, due=address(news, site))
    assert news.requests() == NOTHING
    assert (await document_of(address(news, site))).state == "parked"
    await follow(other_client, address(news, site))
    document = await document_of(address(news, site))
    assert (document.state, document.next_check_at is not None) == ("active", True)


@pytest.mark.parametrize(
    ("fault", "code", "state"),
    [
        ("missing", "not-found", "failing"),
        ("forbidden", "forbidden", "failing"),
        ("payment", "paywall", "failing"),
        ("bot-wall", "bot-wall", "failing"),
        ("not-a-feed", "not-a-feed", "failing"),
        ("redirect-loop", "redirect-loop", "failing"),
        ("gzip-bomb", None, "failing"),
        ("huge", "too-large", "failing"),
        ("error", "server-error", "active"),
        ("empty", "empty", "active"),
        ("reset", None, "active"),
    ],
)
async def test_a_failing_feed_says_why_keeps_what_it_has_and_is_tried_again(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs, fault: Any, code: str | None, state: str
) -> None:
    feed = await follow(client, address(news, site))
    await run_jobs()
    news.fault(f"/{site.name}/feed.xml", fault)
    run = await refresh(client, feed, run_jobs)
    assert run["state"] == "partial"
    failed = await seen(client, feed)
    assert failed["state"] == state
    assert failed["error_code"] == code or code is None
    assert failed["next_check_at"] > clock.now().isoformat()
    assert failed["entries"] == 3
    health = (await client.get("/api/feeds/health")).json()
    assert [item["feed_id"] for item in health["items"]] == ([feed["id"]] if state == "failing" else [])
    assert all(item["reason"] and item["next_step"] for item in health["items"])
    news.clear_faults()
    assert (await refresh(client, feed, run_jobs))["state"] == "done"
    mended = await seen(client, feed)
    assert (mended["state"], mended["error_code"], mended["failures"]) == ("active", None, 0)


async def test_a_server_that_asks_for_patience_gets_it(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await follow(client, address(news, site))
    await run_jobs()
    news.fault(f"/{site.name}/feed.xml", "unavailable", retry_after=3600)
    await refresh(client, feed, run_jobs)
    read = await document_of(address(news, site))
    assert read.next_check_at is not None
    assert timedelta(minutes=59) < read.next_check_at - clock.now() <= timedelta(minutes=60)
    assert "asks us to wait 60 minutes" in (await seen(client, feed))["check_reason"]


async def followed_where_another_feed_is(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> tuple[str, dict[str, Any]]:
    """The address of a feed that is followed, and the feed; its site names another one."""
    url = address(news, site)
    feed = await follow(client, url)
    await run_jobs()
    publish(site, "Elsewhere", feed="/new.xml")
    site.put("/", f'<link rel="alternate" type="application/rss+xml" href="/{site.name}/new.xml">')
    async with system_session() as db:
        home = {"site_url": address(news, site, "/")}
        await db.execute(update(FeedDocument).where(FeedDocument.url == url).values(home))
    return url, feed


async def test_a_feed_that_is_gone_is_told_after_three_days_with_the_one_that_its_site_names_now(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    url, feed = await followed_where_another_feed_is(client, news, site, run_jobs)
    news.fault(f"/{site.name}/feed.xml", "gone")
    for hours in (0, 37, 37):
        clock.freeze(clock.now() + timedelta(hours=hours))
        await poll(run_jobs, due=url)
    gone = await seen(client, feed)
    assert (gone["state"], gone["next_check_at"]) == ("gone", None)
    assert gone["replacement_url"] == address(news, site, "/new.xml")
    assert "not checked any more, because" in gone["check_reason"]
    notices = (await client.get("/api/notifications")).json()["items"]
    assert [notice["kind"] for notice in notices if notice["kind"].startswith("feed_")] == ["feed_gone"]
    clock.unfreeze()


async def test_a_permanent_move_is_followed_at_once_and_believed_after_two_days(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    old, new = address(news, site), address(news, site, "/moved.xml")
    feed = await follow(client, old)
    await run_jobs()
    site.feeds["/moved.xml"] = site.feeds["/feed.xml"]
    news.fault(f"/{site.name}/feed.xml", "moved", location=f"/{site.name}/moved.xml")
    for hours in (0, 25, 25):
        assert (await seen(client, feed))["url"] == old
        clock.freeze(clock.now() + timedelta(hours=hours))
        publish(site, f"After {hours}")
        await poll(run_jobs, due=old)
    moved = await seen(client, feed)
    assert (moved["url"], moved["moved_from"]) == (new, old)
    assert any(old in note for note in moved["notes"])
    clock.unfreeze()


async def test_validators_belong_to_the_address_that_gave_them(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    site.feeds["/b.xml"] = site.feeds["/feed.xml"]
    news.fault(f"/{site.name}/feed.xml", "moved-temporarily", location=f"/{site.name}/b.xml")
    feed = await follow(client, address(news, site))
    await run_jobs()
    news.publisher.forget_requests()
    await refresh(client, feed, run_jobs)
    first, second = news.requests()[:2]
    assert "if-none-match" not in first.headers
    assert (second.status, "if-none-match" in second.headers) == (304, True)
    async with system_session() as db:
        document = await document_of(address(news, site))
        urls = await db.scalars(select(FeedValidator.url).where(FeedValidator.document_id == document.id))
        assert list(urls) == [address(news, site, "/b.xml")]


async def test_a_silent_feed_is_found_although_it_answers(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    for day in range(40):
        publish(site, f"Day {day}", hours_ago=24 * day + 5, feed="/daily.xml")
    feed = await follow(client, address(news, site, "/daily.xml"))
    await run_jobs()
    assert (await seen(client, feed))["state"] == "active"
    clock.freeze(clock.now() + timedelta(days=12))
    news.set_clock(clock.now())
    await poll(run_jobs, due=address(news, site, "/daily.xml"))
    assert (await seen(client, feed))["state"] == "silent"
    health = (await client.get("/api/feeds/health")).json()
    assert (health["silent"], health["items"][0]["state"]) == (1, "silent")
    assert "12 days" in health["items"][0]["reason"]
    publish(site, "Back", feed="/daily.xml")
    await poll(run_jobs, due=address(news, site, "/daily.xml"))
    assert (await seen(client, feed))["state"] == "active"
    clock.unfreeze()


async def test_guids_that_change_every_time_bring_nothing_twice(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    pages = [f"{news.url}/{site.name}/page-{number}.html" for number in range(6)]

    def write(session: int, count: int) -> None:
        items = "".join(
            f"<item><guid isPermaLink='false'>{session}-{page}</guid><link>{page}</link><title>T</title></item>"
            for page in pages[:count]
        )
        site.put("/sid.xml", f"<rss version='2.0'><channel><title>S</title>{items}</channel></rss>")

    write(0, 5)
    feed = await follow(client, address(news, site, "/sid.xml"))
    await run_jobs()
    for session in (1, 2, 3):
        write(session, 5)
        await refresh(client, feed, run_jobs)
        assert (await seen(client, feed))["entries"] == 5
    write(4, 6)
    await refresh(client, feed, run_jobs)
    read = await seen(client, feed)
    assert read["entries"] == 6
    assert any("new ids at every look" in note for note in read["notes"])


async def test_a_changed_headline_is_an_update_and_no_new_item(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await follow(client, address(news, site))
    await run_jobs()
    items = site.feeds["/feed.xml"].items
    old = items[0]
    items[0] = Item("A better headline", old.link, old.published_at, old.description, guid=old.guid)
    await refresh(client, feed, run_jobs)
    read = await seen(client, feed)
    assert read["entries"] == 3
    assert "A better headline" in [entry["title"] for entry in read["latest"]]


async def test_a_feed_of_a_hundred_thousand_items_is_read_as_far_as_ten_thousand(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    items = "".join(f"<item><guid isPermaLink='false'>{n}</guid><title>N{n}</title></item>" for n in range(100_000))
    site.put("/long.xml", f"<rss version='2.0'><channel><title>Long</title>{items}</channel></rss>")
    feed = await follow(client, address(news, site, "/long.xml"))
    await run_jobs()
    read = await seen(client, feed)
    assert read["entries"] == 10_000
    assert read["notes"] == ["The feed has more than is read at once: the rest of its items was left out."]


async def test_a_new_feeds_past_is_taken_from_the_sites_news_sitemap(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    old = publish(site, "Older than the feed", hours_ago=40, feed="/archive.xml")
    places = "".join(
        f"<url><loc>{news.url}/{site.name}{item.link}</loc><news:news><news:publication><news:name>Paper</news:name>"
        f"<news:language>en</news:language></news:publication><news:publication_date>{item.published_at.isoformat()}"
        f"</news:publication_date><news:title>{item.title}</news:title></news:news></url>"
        for item in [*site.feeds["/feed.xml"].items, old]
    )
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    site.put("/news-sitemap.xml", f"<urlset {names}>{places}</urlset>", "application/xml")
    news.library.robots = f"User-agent: *\nAllow: /\nSitemap: {address(news, site, '/news-sitemap.xml')}\n"
    feed = await follow(client, address(news, site))
    await run_jobs()
    read = await seen(client, feed)
    assert read["entries"] == 4
    assert "Older than the feed" in [entry["title"] for entry in read["latest"]]


async def test_looks_that_meet_in_storing_store_nothing_twice(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    from brandhound.feeds.looking import look_at
    from brandhound.feeds.recording import judge, store_look

    await follow(client, address(news, site))
    document = await document_of(address(news, site))
    looks = [await look_at(document, {}, None, clock.now()) for _ in range(4)]
    await asyncio.gather(*(store_look(look, judge(look)) for look in looks))
    async with system_session() as db:
        query = select(func.count()).select_from(FeedEntry).where(FeedEntry.document_id == document.id)
        assert await db.scalar(query) == 3
