"""What was read of a feed into tables: entries once, the pages they lead to once for everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.feeds.dates import believable
from brandhound.feeds.identity import (
    BEGINNING,
    RAW_DATE,
    Identified,
    Known,
    churns,
    cut,
    identify,
    names_of,
    recognise,
    seen_before,
    summary,
)
from brandhound.feeds.models import Article, FeedDocument, FeedEntry, IdentityRule
from brandhound.feeds.reading import ParsedFeed
from brandhound.feeds.rhythm import MEMORY, Rhythm, count_rhythm
from brandhound.feeds.sites import site_of

CHUNK = 500
MOST_FETCHED = 1000
"""Pages fetched of one reading, the newest ones; a feed with more has its older pages listed, not read."""
FETCH_BACK = timedelta(days=400)
SUMMARY = 2000
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
    db: Db, document: FeedDocument, parsed: ParsedFeed, now: datetime, *, backfilled: bool = False
) -> Stored:
    """Add the entries that are new, note changed titles, and make a row for each page not known yet.

    `backfilled` says that they are of the site's sitemap, not of the feed: they are told apart by their pages, marked,
    and change nothing of what the feed itself brought. Safe to repeat.
    Readings of one document wait for one another, so that nothing is stored twice.
    """
    await db.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7))"), {"key": str(document.id)})
    if parsed.version == "sitemapindex":
        return Stored(0, 0, (), document.identity_rule, document.churned, None, 0)
    rule, churned = document.identity_rule, document.churned
    found = identify(parsed.entries, document.url, "url" if backfilled else rule)
    known = recognise(found, await _stored(db, document, found))
    again = seen_before(found, known, await _stored_at_pages(db, document, found, known))
    if rule == "url" or backfilled:
        known |= again
    elif churns(found, known, again):
        churned += 1
        known |= again
        if churned >= SESSION_IDS_AFTER:
            rule = "url"
        else:
            # Guids that were exchanged once, and stay from now on, are known by then.
            await _exchange_ids(db, found, again)
    else:
        churned = 0
        # What has no id of its own is its page, under whatever name that was stored.
        known |= {one.identity: again[one.identity] for one in found if not one.entry.id and one.identity in again}
    new = [one for one in found if one.identity not in known]
    articles = await _articles(db, document, new, now)
    added = await _add(db, document, new, articles, now, backfilled=backfilled)
    claimed, updated = (0, 0) if backfilled else (await _claim(db, found, known), await _note_changes(db, found, known))
    return Stored(
        entries=len(added),
        updated=updated,
        article_ids=_to_fetch(new, articles, now),
        rule=rule,
        churned=churned,
        rhythm=await counted_rhythm(db, document.id, now) if added or claimed else None,
        known_items=len(known),
    )


async def counted_rhythm(db: Db, document_id: UUID, now: datetime) -> Rhythm:
    """The rhythm of what the feed itself brought in the last twelve weeks."""
    first = await db.scalar(
        select(func.min(FeedEntry.first_seen_at)).where(FeedEntry.document_id == document_id, ~FeedEntry.backfilled)
    )
    times = await db.scalars(
        select(FeedEntry.published_at)
        .where(
            FeedEntry.document_id == document_id,
            ~FeedEntry.backfilled,
            FeedEntry.published_at > now - MEMORY,
            # Undated ones of the first reading came at any time before it.
            or_(FeedEntry.published_at < FeedEntry.first_seen_at, FeedEntry.first_seen_at > first),
        )
        .order_by(FeedEntry.published_at.desc())
        .limit(20_000)
    )
    return count_rhythm(times, now, watched_since=first)


async def _stored(db: Db, document: FeedDocument, found: Sequence[Identified]) -> dict[str, Known]:
    """The entries of this feed that are stored under any name of these, by that name."""
    names = list(dict.fromkeys(name for one in found for name in names_of(one)))
    stored: dict[str, Known] = {}
    for some in _chunks(names, 5000):
        stored.update((row.identity, row) for row in await _rows(db, document, FeedEntry.identity.in_(some)))
    return stored


async def _stored_at_pages(
    db: Db, document: FeedDocument, found: Sequence[Identified], known: Mapping[str, Known]
) -> dict[str, list[Known]]:
    """The entries of this feed that led to the pages of those that are not known, by page, the newest first."""
    keys = list(dict.fromkeys(one.link_key for one in found if one.link_key and one.identity not in known))
    at_pages: dict[str, list[Known]] = {}
    for some in _chunks(keys, 5000):
        for row in await _rows(db, document, Article.url_key.in_([_key(document, key) for key in some])):
            at_pages.setdefault(row.page or "", []).append(row)
    return at_pages


async def _rows(db: Db, document: FeedDocument, which: ColumnElement[bool]) -> list[Known]:
    rows = await db.execute(
        select(
            FeedEntry.id,
            FeedEntry.identity,
            Article.url_key,
            FeedEntry.title,
            FeedEntry.published_raw,
            func.left(FeedEntry.summary, BEGINNING).label("beginning"),
            FeedEntry.backfilled,
        )
        .join(Article, Article.id == FeedEntry.article_id, isouter=True)
        .where(and_(FeedEntry.document_id == document.id, which))
        .order_by(FeedEntry.first_seen_at.desc(), FeedEntry.id.desc())
    )
    return [
        Known(
            row.id,
            row.identity,
            row.url_key.removeprefix(_key(document, "")) if row.url_key else None,
            (row.title, row.published_raw or "", row.beginning),
            row.backfilled,
        )
        for row in rows
    ]


async def _exchange_ids(db: Db, found: Sequence[Identified], again: Mapping[str, Known]) -> None:
    """Give entries the ids under which they came this time."""
    rows = [_named_anew(one, again[one.identity]) for one in found if one.identity in again]
    await db.execute(update(FeedEntry), rows)


async def _claim(db: Db, found: Sequence[Identified], known: Mapping[str, Known]) -> int:
    """What was in the site's sitemap first and is in the feed now is the feed's own; says how many they are."""
    own = [(one, known[one.identity]) for one in found if one.identity in known and known[one.identity].backfilled]
    if own:
        # Under the feed's own ids: that its page alone names it is believed of the sitemap's entries only.
        await db.execute(update(FeedEntry), [{**_named_anew(one, row), "backfilled": False} for one, row in own])
    return len(own)


def _named_anew(one: Identified, row: Known) -> dict[str, Any]:
    return {"id": row.id, "identity": one.identity, "guid": _guid(one)}


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
        "outlet": None if one.entry.source is None else cut(one.entry.source.title or "", 200) or None,
        "title": one.title or None,
        "authors": [cut(name, 200) for name in one.entry.authors[:20]],
        "published_at": believable(published, now)[0] if published else None,
        "state": "pending",
        "first_seen_at": now,
    }


async def _add(
    db: Db,
    document: FeedDocument,
    new: Sequence[Identified],
    articles: dict[str, UUID],
    now: datetime,
    *,
    backfilled: bool,
) -> list[UUID]:
    added: list[UUID] = []
    for some in _chunks(list(new), CHUNK):
        rows = [
            {**_row(document.id, one, articles.get(one.link_key or ""), now), "backfilled": backfilled} for one in some
        ]
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
        "guid": _guid(one),
        "title": one.title,
        "link": one.link,
        "article_id": article_id,
        "published_at": published_at,
        "published_raw": cut(entry.published_raw, RAW_DATE) if entry.published_raw else None,
        "published_confidence": entry.published_confidence if confidence == "stated" else confidence,
        "updated_at": entry.updated,
        "first_seen_at": now,
        "authors": [cut(name, 200) for name in entry.authors[:20]],
        "summary": summary(entry, SUMMARY),
        "categories": [cut(term, 100) for term in entry.categories[:30]],
        "enclosures": [
            {"url": cut(file.url, 2000), "type": file.type, "length": file.length} for file in entry.enclosures[:10]
        ],
        "source_title": cut(entry.source.title, 300) if entry.source and entry.source.title else None,
        "source_url": cut(entry.source.url, 2000) if entry.source and entry.source.url else None,
    }


def _guid(one: Identified) -> str | None:
    return cut(one.entry.id, 1000) if one.entry.id else None


async def _note_changes(db: Db, found: Sequence[Identified], known: Mapping[str, Known]) -> int:
    """Publishers change headlines: the same item with other words is an update, not a new item."""
    changed = [
        {"id": known[one.identity].id, "title": one.title}
        for one in found
        if one.identity in known and one.title and one.title != known[one.identity].title
    ]
    if changed:
        await db.execute(update(FeedEntry), changed[:MOST_FETCHED])
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
