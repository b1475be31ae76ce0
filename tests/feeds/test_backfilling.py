"""A new feed's past out of its site's sitemap: found where it lies, told apart from what the feed itself brings."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.http.client import fetcher
from brandhound.core.system import system_session
from brandhound.feeds.models import FeedEntry
from brandhound.feeds.sitemaps import news_first
from brandhound.feeds.sites import section_of
from brandhound.jobs.models import RunRow
from brandhound.twins.news import Item, NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address, publish
from tests.feeds.test_following import follow
from tests.feeds.test_polling import document_of, poll, refresh, seen

pytestmark = pytest.mark.anyio

NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def name_sitemap(news: NewsServer, site: Site, path: str) -> None:
    news.library.robots = f"User-agent: *\nAllow: /\nSitemap: {address(news, site, path)}\n"
    fetcher().forget_robots()


def put_news(news: NewsServer, site: Site, path: str, pages: dict[str, timedelta]) -> None:
    """A news sitemap of these pages, with how long ago they came."""
    places = "".join(
        f"<url><loc>{news.url}/{site.name}{page}</loc><news:news><news:publication><news:name>P</news:name><news:language>en"
        f"</news:language></news:publication><news:publication_date>{(clock.now() - ago).isoformat()}"
        f"</news:publication_date><news:title>Of {page}</news:title></news:news></url>"
        for page, ago in pages.items()
    )
    site.put(path, f"<urlset {NAMES}>{places}</urlset>", "application/xml")


def put_index(news: NewsServer, site: Site, path: str, inner: list[str]) -> None:
    places = "".join(f"<sitemap><loc>{address(news, site, one)}</loc></sitemap>" for one in inner)
    site.put(path, f"<sitemapindex {NAMES}>{places}</sitemapindex>", "application/xml")


async def many_from_the_sitemap(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> dict[str, Any]:
    """A feed of four items a day, on a site with a hundred."""
    for number in range(20):
        publish(site, f"Tech {number}", hours_ago=6 * number + 2, feed="/tech.xml")
    put_news(news, site, "/news.xml", {f"/all{n}.html": timedelta(minutes=14 * n + 200) for n in range(200)})
    name_sitemap(news, site, "/news.xml")
    feed = await follow(client, address(news, site, "/tech.xml"))
    await run_jobs()
    return feed


async def test_the_past_out_of_a_sitemap_is_no_part_of_a_feeds_rhythm(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await many_from_the_sitemap(client, news, site, run_jobs)
    before = await seen(client, feed)
    publish(site, "Tech new", feed="/tech.xml")
    await refresh(client, feed, run_jobs)
    after = await seen(client, feed)
    assert (before["entries"], after["entries"]) == (220, 221)
    assert after["per_week"] == pytest.approx(before["per_week"], rel=0.1)
    assert "200 older items were not in the feed but in the site's news sitemap." in after["notes"]
    start = clock.now()
    for hours in (4, 8, 12):
        clock.freeze(start + timedelta(hours=hours))
        news.set_clock(clock.now())
        await poll(run_jobs, due=address(news, site, "/tech.xml"))
        assert (await seen(client, feed))["state"] == "active"


async def test_what_the_feed_brings_after_the_sitemap_is_its_own(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await many_from_the_sitemap(client, news, site, run_jobs)
    at = clock.now() - timedelta(minutes=200)
    site.publish("/tech.xml", Item("Its headline", "/all0.html", at, "", guid="late"), "<p>Late</p>")
    await refresh(client, feed, run_jobs)
    read = await seen(client, feed)
    document = await document_of(feed["url"])
    async with system_session() as db:
        own = select(func.count()).where(FeedEntry.document_id == document.id, ~FeedEntry.backfilled)
        assert (read["entries"], await db.scalar(own)) == (220, 21)
    assert "Its headline" in [entry["title"] for entry in read["latest"]]


async def test_what_the_sitemap_had_before_the_feed_is_stored_once_however_often_the_feed_is_read(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await many_from_the_sitemap(client, news, site, run_jobs)
    at = clock.now() - timedelta(minutes=200)
    site.publish("/tech.xml", Item("Its headline", "/all0.html", at, "", guid="late"), "<p>Late</p>")
    await refresh(client, feed, run_jobs)
    for number in range(2):
        publish(site, f"Tech later {number}", feed="/tech.xml")
        assert (await refresh(client, feed, run_jobs))["outcome"] == "1 new item"
        assert (await seen(client, feed))["entries"] == 221 + number


async def test_of_a_sections_feed_only_the_sections_past_is_taken(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    items = "".join(
        f"<item><title>T{n}</title><link>{address(news, site)[:-9]}/tech/a{n}.html</link></item>" for n in range(3)
    )
    site.put("/tech.xml", f"<rss version='2.0'><channel><title>Tech</title>{items}</channel></rss>")
    hour = timedelta(hours=1)
    put_news(
        news, site, "/news.xml", {"/tech/old.html": 30 * hour, "/sport/old.html": 30 * hour, "/old.html": 30 * hour}
    )
    name_sitemap(news, site, "/news.xml")
    feed = await follow(client, address(news, site, "/tech.xml"))
    await run_jobs()
    assert "Of /tech/old.html" in {entry["title"] for entry in (await seen(client, feed))["latest"]}
    assert (await seen(client, feed))["entries"] == 4


@pytest.mark.parametrize("inner", [["/gn.xml", "/posts.xml"], ["/posts.xml", "/gn.xml"]])
async def test_the_news_of_an_index_of_sitemaps_is_found_on_whatever_host(
    client: httpx.AsyncClient, news: NewsServer, run_jobs: RunJobs, site: Site, inner: list[str]
) -> None:
    site = news.library.site(f"news-{site.name}")
    publish(site, "A", hours_ago=1)
    put_news(news, site, "/gn.xml", {"/old.html": timedelta(hours=30)})
    site.put("/posts.xml", f"<urlset {NAMES}><url><loc>{address(news, site, '/p.html')}</loc></url></urlset>")
    put_index(news, site, "/index.xml", inner)
    name_sitemap(news, site, "/index.xml")
    feed = await follow(client, address(news, site))
    await run_jobs()
    assert (await seen(client, feed))["entries"] == 2


async def test_an_index_of_sitemaps_is_no_feed_and_its_news_can_be_followed(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    put_index(news, site, "/empty.xml", ["/nothing.xml"])
    refused = (await client.post("/api/feeds", json={"url": address(news, site, "/empty.xml")})).json()
    looked = (await client.post("/api/feeds/test", json={"url": address(news, site, "/empty.xml")})).json()
    assert (refused["code"], refused["reason"]) == ("feeds/not-a-feed", "This is a list of sitemaps, not a feed.")
    assert (looked["problem"]["code"], looked["problem"]["detail"]) == ("not-a-feed", refused["reason"])
    put_news(news, site, "/gn.xml", {"/a.html": timedelta(hours=1)})
    put_index(news, site, "/index.xml", ["/gn.xml"])
    assert (await follow(client, address(news, site, "/index.xml")))["url"] == address(news, site, "/gn.xml")


async def test_the_past_is_looked_for_when_a_feed_can_first_be_read(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    document = f'<opml><body><outline text="x" xmlUrl="{address(news, site)}"/></body></opml>'
    news.fault(f"/{site.name}/feed.xml", "missing")
    await client.post("/api/feeds/opml", content=document, headers={"content-type": "text/xml"})
    await run_jobs()
    assert (await document_of(address(news, site))).backfilled_at is None
    news.clear_faults()
    for _ in range(2):
        await poll(run_jobs, due=address(news, site))
    read = await document_of(address(news, site))
    async with system_session() as db:
        mine = RunRow.parameters["document_id"].astext == str(read.id)
        runs = list(await db.scalars(select(RunRow.state).where(RunRow.job == "feeds.backfill", mine)))
    assert (read.backfilled_at is not None, runs) == (True, ["done"])


def test_a_section_is_what_all_pages_have_in_common_without_dates() -> None:
    assert section_of(["https://p.example/tech/ai/a", "https://p.example/tech/b/"]) == ("tech",)
    assert section_of(["https://p.example/tech/2026/11/a", "https://p.example/tech/2026/11/b"]) == ("tech",)
    assert section_of(["https://p.example/a", "https://p.example/tech/b"]) == ()
    assert section_of([]) == ()


def test_sitemaps_are_of_news_by_their_own_name_not_by_their_hosts() -> None:
    urls = [
        "https://news.example/posts.xml",
        "https://news.example/news/tags.xml?news",
        "https://news.example/gnews.xml",
    ]
    assert news_first(urls) == [urls[2], urls[0], urls[1]]
