"""What was read of a feed into tables: entries once, the pages they lead to once for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.feeds.dates import believable
from brandhound.feeds.encoding import without_controls
from brandhound.feeds.identity import Identified, churns, identify, page_identity
from brandhound.feeds.models import Article, FeedDocument, FeedEntry, IdentityRule
from brandhound.feeds.reading import ParsedEntry, ParsedFeed
from brandhound.feeds.rhythm import MEMORY, Rhythm, count_rhythm
from brandhound.feeds.sites import site_of

CHUNK = 500
MOST_FETCHED = 1000
"""Pages fetched of one reading, the newest ones; a feed with more has its older pages listed, not read."""
FETCH_BACK = timedelta(days=400)
TITLE, SUMMARY, RAW_DATE = 1000, 2000, 100
SESSION_IDS_AFTER = 2
"""Readings in a row with new guids on known pages, after which guids are not believed any more."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a reading added. `article_ids` are the pages of new entries, newest first, read or still to be read."""

    entries: int
    updated: int
    article_ids: tuple[UUID, ...]
    rule: IdentityRule
    churned: int
    rhythm: Rhythm | None
    """The rhythm counted anew; None if nothing was added."""
    known_items: int
    """Items that were stored before: this is the same feed."""


async def store_entries(
    db: Db, document: FeedDocument, parsed: ParsedFeed, now: datetime, rule: IdentityRule | None = None
) -> Stored:
    """Add the entries that are new, note changed titles, and make a row for each page not known yet.

    `rule` says what tells them apart, if not what the document says. Safe to repeat.
    Readings of one document wait for one another, so that nothing is stored twice.
    """
    await db.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7))"), {"key": str(document.id)})
    if parsed.version == "sitemapindex":
        return Stored(0, 0, (), document.identity_rule, document.churned, None, 0)
    rule, churned = rule or document.identity_rule, document.churned
    found = identify(parsed.entries, document.url, rule)
    known = await _known(db, document, found)
    pages = await _known_pages(db, document, found) if len(known) < len(found) else frozenset[str]()
    new = [one for one in found if one.identity not in known]
    if rule == "url":
        new = [one for one in new if one.link_key not in pages]
    elif churns(found, frozenset(known), pages):
        churned += 1
        new = [one for one in new if one.link_key not in pages]
        rule = "url" if churned >= SESSION_IDS_AFTER else rule
    else:
        churned = 0
    articles = await _articles(db, document, new, now)
    added = await _add(db, document, new, articles, now)
    return Stored(
        entries=len(added),
        updated=await _note_changes(db, document.id, found, known),
        article_ids=_to_fetch(new, articles, now),
        rule=rule,
        churned=churned,
        rhythm=await counted_rhythm(db, document.id, now) if added else None,
        known_items=len(known) + sum(one.link_key in pages for one in found),
    )


async def counted_rhythm(db: Db, document_id: UUID, now: datetime) -> Rhythm:
    """The rhythm of what is stored of the last twelve weeks."""
    times = await db.scalars(
        select(FeedEntry.published_at)
        .where(FeedEntry.document_id == document_id, FeedEntry.published_at > now - MEMORY)
        .order_by(FeedEntry.published_at.desc())
        .limit(20_000)
    )
    return count_rhythm(times, now)


async def _known(db: Db, document: FeedDocument, found: Sequence[Identified]) -> dict[str, str]:
    """Titles of the entries that are stored already, by identity."""
    # What came from the site's sitemap is stored under its page, whatever guid the feed gives it later.
    by_page = {page_identity(one.link_key): one.identity for one in found if one.link_key and document.backfilled_at}
    known: dict[str, str] = {}
    for some in _chunks([*(one.identity for one in found), *by_page], 5000):
        rows = await db.execute(
            select(FeedEntry.identity, FeedEntry.title).where(
                FeedEntry.document_id == document.id, FeedEntry.identity.in_(some)
            )
        )
        known.update((by_page.get(identity, identity), title) for identity, title in rows)
    return known


async def _known_pages(db: Db, document: FeedDocument, found: Sequence[Identified]) -> frozenset[str]:
    """Those pages of these entries that entries of this feed led to before."""
    keys = [one.link_key for one in found if one.link_key]
    pages: set[str] = set()
    for some in _chunks(keys, 5000):
        rows = await db.scalars(
            select(Article.url_key)
            .join(FeedEntry, FeedEntry.article_id == Article.id)
            .where(FeedEntry.document_id == document.id, Article.url_key.in_([_key(document, key) for key in some]))
        )
        pages.update(key.removeprefix(_key(document, "")) for key in rows)
    return frozenset(pages)


def _key(document: FeedDocument, link_key: str) -> str:
    """Pages of a private feed are not shared: their addresses may hold what only the subscriber may know."""
    return f"private:{document.id}:{link_key}" if document.private else link_key


async def _articles(db: Db, document: FeedDocument, new: Sequence[Identified], now: datetime) -> dict[str, UUID]:
    """The rows of the pages that new entries lead to, made where there are none, by the entries' link_key."""
    wanted: dict[str, Identified] = {}
    for one in new:
        if one.link_key and one.link:
            wanted.setdefault(one.link_key, one)
    # In one order everywhere, so that two feeds that name the same pages do not wait for each other in a circle.
    keys = sorted(wanted)
    for some in _chunks(keys, CHUNK):
        rows = [_article(document, wanted[key], key, now) for key in some]
        # As a list of rows the statement is compiled once for all, however many rows there are.
        await db.execute(insert(Article).on_conflict_do_nothing(index_elements=["url_key"]), rows)
    ids: dict[str, UUID] = {}
    for some in _chunks(keys, 5000):
        shared = {_key(document, key): key for key in some}
        found = await db.execute(select(Article.url_key, Article.id).where(Article.url_key.in_(list(shared))))
        ids.update({shared[key]: article_id for key, article_id in found})
    return ids


def _article(document: FeedDocument, one: Identified, key: str, now: datetime) -> dict[str, Any]:
    link = one.link or ""
    published = one.entry.published
    return {
        "id": uuid7(),
        "url": link,
        "url_key": _key(document, key),
        "site": site_of(link) or "",
        "outlet": None if one.entry.source is None else _cut(one.entry.source.title or "", 200) or None,
        "title": _cut(one.entry.title_text, TITLE) or None,
        "authors": [_cut(name, 200) for name in one.entry.authors[:20]],
        "published_at": believable(published, now)[0] if published else None,
        "state": "pending",
        "first_seen_at": now,
    }


async def _add(
    db: Db, document: FeedDocument, new: Sequence[Identified], articles: dict[str, UUID], now: datetime
) -> list[UUID]:
    added: list[UUID] = []
    for some in _chunks(list(new), CHUNK):
        rows = [_row(document.id, one, articles.get(one.link_key or ""), now) for one in some]
        statement = insert(FeedEntry).on_conflict_do_nothing(index_elements=["document_id", "identity"])
        added += await db.scalars(statement.returning(FeedEntry.id), rows)
    return added


def _row(document_id: UUID, one: Identified, article_id: UUID | None, now: datetime) -> dict[str, Any]:
    entry = one.entry
    published_at, confidence = believable(entry.published, now)
    return {
        "id": uuid7(),
        "document_id": document_id,
        "identity": one.identity,
        "guid": _cut(entry.id, 1000) if entry.id else None,
        "title": _cut(entry.title_text, TITLE),
        "link": one.link,
        "article_id": article_id,
        "published_at": published_at,
        "published_raw": _cut(entry.published_raw, RAW_DATE) if entry.published_raw else None,
        "published_confidence": entry.published_confidence if confidence == "stated" else confidence,
        "updated_at": entry.updated,
        "first_seen_at": now,
        "authors": [_cut(name, 200) for name in entry.authors[:20]],
        "summary": _summary(entry),
        "categories": [_cut(term, 100) for term in entry.categories[:30]],
        "enclosures": [
            {"url": _cut(file.url, 2000), "type": file.type, "length": file.length} for file in entry.enclosures[:10]
        ],
        "source_title": _cut(entry.source.title, 300) if entry.source and entry.source.title else None,
        "source_url": _cut(entry.source.url, 2000) if entry.source and entry.source.url else None,
    }


def _summary(entry: ParsedEntry) -> str:
    """The summary as words; the beginning of the content where there is none."""
    return _cut(entry.summary_text or entry.content_text, SUMMARY)


def _cut(words: str, length: int) -> str:
    return without_controls(words)[:length]


async def _note_changes(db: Db, document_id: UUID, found: Sequence[Identified], known: dict[str, str]) -> int:
    """Publishers change headlines: the same item with other words is an update, not a new item."""
    changed = [
        (one.identity, title)
        for one in found
        if one.identity in known and (title := _cut(one.entry.title_text, TITLE)) and title != known[one.identity]
    ]
    for identity, title in changed[:MOST_FETCHED]:
        await db.execute(
            update(FeedEntry)
            .where(FeedEntry.document_id == document_id, FeedEntry.identity == identity)
            .values(title=title)
        )
    return len(changed)


def _to_fetch(new: Sequence[Identified], articles: dict[str, UUID], now: datetime) -> tuple[UUID, ...]:
    dated = [
        (believable(one.entry.published, now)[0], articles[one.link_key]) for one in new if one.link_key in articles
    ]
    recent = sorted((pair for pair in dated if pair[0] > now - FETCH_BACK), reverse=True)
    return tuple(dict.fromkeys(article_id for _, article_id in recent))[:MOST_FETCHED]


def _chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
