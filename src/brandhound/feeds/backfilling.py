"""A new feed's past: what the site's news sitemap knows beyond the feed's few items."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select, update

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.http.client import FetchFailed, FetchRequest, fetcher
from brandhound.core.system import system_session
from brandhound.feeds.looking import read_answer
from brandhound.feeds.models import FeedDocument, FeedEntry
from brandhound.feeds.queueing import queue_articles
from brandhound.feeds.reading import ParsedEntry, ParsedFeed
from brandhound.feeds.sitemaps import news_first
from brandhound.feeds.sites import folders_of, same_site, section_of
from brandhound.feeds.storing import store_entries

USUAL = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/googlenews.xml")
TRIED = 6
TRIED_INSIDE = 3
"""Sitemaps of one index that are looked at, those whose names speak of news first."""
MOST_REQUESTS = 9
ENOUGH = 3
"""Pages of a feed from which on it is believed that they all lie in one section of the site."""
MOST = 1000
REACH = timedelta(days=35)


async def backfill(document_id: UUID, organization_id: UUID) -> int:
    """Store the articles of the last weeks that the site's news sitemap names; says how many were new.

    Of a feed whose pages all lie in one section of the site only those of that section. Costs at most ten requests.
    Never raises for the web's sake.
    """
    async with system_session() as db:
        document = await db.get(FeedDocument, document_id)
    if document is None or document.private or document.kind == "sitemap":
        return 0
    found = await _news(document)
    now = clock.now()
    async with system_session() as db:
        await db.execute(update(FeedDocument).where(FeedDocument.id == document_id).values(backfilled_at=now))
        section = await _section(db, document)
        recent = [
            entry
            for entry in found
            if entry.published
            and now - REACH < entry.published <= now
            and folders_of(entry.link or "")[: len(section)] == section
        ][:MOST]
        if not recent:
            return 0
        sitemap = ParsedFeed("sitemap", "newssitemap", "", None, None, tuple(recent))
        stored = await store_entries(db, document, sitemap, now, backfilled=True)
        await queue_articles(db, document, stored.article_ids, organization_id)
    return stored.entries


async def _section(db: Db, document: FeedDocument) -> tuple[str, ...]:
    """Where on its site the pages of a feed lie, as far as enough of them tell."""
    links = await db.scalars(
        select(FeedEntry.link).where(FeedEntry.document_id == document.id, FeedEntry.link.is_not(None)).limit(200)
    )
    own = [link for link in links if link and same_site(link, document.site_url or document.url)]
    return section_of(own) if len(own) >= ENOUGH else ()


async def _news(document: FeedDocument) -> list[ParsedEntry]:
    parts = urlsplit(document.site_url or document.url)
    site = f"{parts.scheme}://{parts.netloc}"
    if not same_site(site, document.url):
        # A feed served by somebody else (FeedBurner, a planet) does not speak for the site it names.
        return []
    try:
        named = list((await fetcher().robots(site + "/")).sitemaps)
    except FetchFailed:
        named = []
    waiting = [url for url in [*news_first(named), *(site + place for place in USUAL)] if same_site(url, site)][:TRIED]
    for _ in range(MOST_REQUESTS):
        if not waiting:
            break
        feed = await _sitemap(waiting.pop(0))
        if feed is not None and feed.version == "newssitemap":
            return list(feed.entries)
        if feed is not None and feed.version == "sitemapindex":
            inner = news_first(entry.link for entry in feed.entries if entry.link and same_site(entry.link, site))
            waiting[:0] = inner[:TRIED_INSIDE]
    return []


async def _sitemap(url: str) -> ParsedFeed | None:
    try:
        answer = await fetcher().fetch(FetchRequest(url=url, purpose="discovery"))
    except FetchFailed:
        return None
    reading = await read_answer(answer) if answer.status == 200 else None
    return reading if isinstance(reading, ParsedFeed) and reading.kind == "sitemap" else None
