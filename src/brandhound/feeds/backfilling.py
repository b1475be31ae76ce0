"""A new feed's past: what the site's news sitemap knows beyond the feed's few items."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import update

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.http.client import FetchFailed, FetchRequest, fetcher
from brandhound.core.system import system_session
from brandhound.feeds.looking import read_answer
from brandhound.feeds.models import FeedDocument
from brandhound.feeds.queueing import queue_articles
from brandhound.feeds.reading import ParsedEntry, ParsedFeed
from brandhound.feeds.sites import same_site
from brandhound.feeds.storing import store_entries
from brandhound.jobs.registry import enqueue

USUAL = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/googlenews.xml")
TRIED = 6
MOST = 1000
REACH = timedelta(days=35)


async def queue_backfill(db: Db, document_id: UUID) -> None:
    """Have the past of a feed looked for, once."""
    await enqueue(db, "feeds.backfill", {"document_id": str(document_id)}, key=str(document_id), once=True)


async def backfill(document_id: UUID, organization_id: UUID) -> int:
    """Store the articles of the last weeks that the site's news sitemap names; says how many were new.

    Costs at most eight requests. Never raises for the web's sake.
    """
    async with system_session() as db:
        document = await db.get(FeedDocument, document_id)
    if document is None or document.private or document.kind == "sitemap":
        return 0
    found = await _news(document)
    now = clock.now()
    async with system_session() as db:
        await db.execute(update(FeedDocument).where(FeedDocument.id == document_id).values(backfilled_at=now))
        recent = [entry for entry in found if entry.published and now - REACH < entry.published <= now][:MOST]
        if not recent:
            return 0
        sitemap = ParsedFeed("sitemap", "newssitemap", "", None, None, tuple(recent))
        stored = await store_entries(db, document, sitemap, now, rule="url")
        await queue_articles(db, document, stored.article_ids, organization_id)
    return stored.entries


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
    news = [url for url in named if "news" in url.lower()]
    others = [url for url in named if url not in news]
    entries: list[ParsedEntry] = []
    for url in [*news, *others, *(site + place for place in USUAL)][:TRIED]:
        if not same_site(url, site):
            continue
        feed = await _sitemap(url)
        if feed is None:
            continue
        if feed.version == "sitemapindex":
            inner = [entry.link for entry in feed.entries if entry.link and "news" in entry.link.lower()]
            feed = await _sitemap(inner[0]) if inner and same_site(inner[0], site) else None
        if feed is not None and feed.version == "newssitemap":
            entries += feed.entries
            break
    return entries


async def _sitemap(url: str) -> ParsedFeed | None:
    try:
        answer = await fetcher().fetch(FetchRequest(url=url, purpose="discovery"))
    except FetchFailed:
        return None
    reading = await read_answer(answer) if answer.status == 200 else None
    return reading if isinstance(reading, ParsedFeed) and reading.kind == "sitemap" else None
