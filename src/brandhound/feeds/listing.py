"""Followed feeds as a screen shows them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, tuple_

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.pages import from_cursor, to_cursor
from brandhound.core.wording import count_of
from brandhound.feeds.health import next_step
from brandhound.feeds.models import Feed, FeedDocument, FeedEntry
from brandhound.feeds.queries import backfilled_count, entry_counts, feed_by_id, latest_entries, seen_state, shown_title
from brandhound.feeds.reading import forgiven
from brandhound.feeds.rhythm import HOURS
from brandhound.feeds.schemas import EntryOut, FeedDetail, FeedOut, FeedPage, FeedState

LATEST = 20
LATE = timedelta(minutes=15)
"""How long after its time a check may still be called the next one: looks come in rounds."""
_sorted_title = func.lower(shown_title)


async def feed_page(
    db: Db,
    time_zone: str,
    *,
    q: str | None = None,
    state: FeedState | None = None,
    tag: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> FeedPage:
    """Followed feeds by title. Raises BadCursor."""
    query = select(Feed, FeedDocument, seen_state, _sorted_title).join(
        FeedDocument, FeedDocument.id == Feed.document_id
    )
    if q:
        pattern = "%" + q.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(or_(_sorted_title.like(pattern), func.lower(FeedDocument.url).like(pattern)))
    if state:
        query = query.where(seen_state == state)
    if tag:
        query = query.where(func.array_position(Feed.tags, tag).is_not(None))
    if cursor:
        title, feed_id = from_cursor(cursor, str, UUID)
        query = query.where(tuple_(_sorted_title, Feed.id) > tuple_(title, feed_id))
    rows = (await db.execute(query.order_by(_sorted_title, Feed.id).limit(limit + 1))).all()
    shown = rows[:limit]
    counts = await entry_counts(db, [document.id for _, document, _, _ in shown], clock.now())
    zone = ZoneInfo(time_zone)
    items = [
        FeedOut(**feed_facts(feed, document, cast("FeedState", seen), counts.get(document.id, (0, 0)), zone))
        for feed, document, seen, _ in shown
    ]
    following = to_cursor(rows[limit - 1][3], rows[limit - 1][0].id) if len(rows) > limit else None
    return FeedPage(items=items, next=following)


async def feed_detail(db: Db, feed_id: UUID, time_zone: str) -> FeedDetail:
    """One followed feed with its latest items. Raises NotThere."""
    feed, document = await feed_by_id(db, feed_id)
    seen = await db.scalar(
        select(seen_state)
        .select_from(Feed)
        .join(FeedDocument, FeedDocument.id == Feed.document_id)
        .where(Feed.id == feed_id)
    )
    counts = await entry_counts(db, [document.id], clock.now())
    facts = feed_facts(feed, document, cast("FeedState", seen), counts.get(document.id, (0, 0)), ZoneInfo(time_zone))
    rhythm = document.known_rhythm
    return FeedDetail(
        **facts,
        latest=_entries(await latest_entries(db, document.id, LATEST)),
        rhythm=list(rhythm.counts) or None,
        timeout_seconds=feed.timeout_seconds,
        moved_from=document.moved_from,
        replacement_url=document.replacement_url,
        notes=_notes(document, await backfilled_count(db, document)),
    )


def feed_facts(
    feed: Feed, document: FeedDocument, state: FeedState, counts: tuple[int, int], zone: ZoneInfo
) -> dict[str, Any]:
    rhythm = document.known_rhythm
    return {
        "id": feed.id,
        "url": document.url,
        "title": feed.title or document.title or document.url,
        "site_url": document.site_url,
        "kind": document.kind,
        "language": document.language,
        "tags": list(feed.tags),
        "state": state,
        "paused": feed.paused,
        "has_credentials": feed.credentials_sealed is not None,
        "next_check_at": None if feed.paused else document.next_check_at,
        "check_reason": check_words(document, state, zone, clock.now()),
        "last_checked_at": document.last_checked_at,
        "last_ok_at": document.last_ok_at,
        "last_entry_at": document.last_entry_at,
        "failures": document.failures,
        "error_code": document.error_code,
        "error_detail": document.error_detail,
        "next_step": next_step(state, document),
        "entries": counts[0],
        "entries_last_week": counts[1],
        "per_week": round(rhythm.mean * HOURS, 1) if rhythm.counts else None,
        "created_at": feed.created_at,
    }


def check_words(document: FeedDocument, state: FeedState, zone: ZoneInfo, now: datetime) -> str | None:
    """When it is looked at next and why, or since when that is overdue.

    "next check 14:05, because about 3 new items can be expected by then".
    """
    if state == "paused":
        return "not checked while it is paused"
    if document.next_check_at is None:
        return f"not checked any more, because {document.check_reason}" if document.check_reason else None
    at, today = document.next_check_at.astimezone(zone), now.astimezone(zone).date()
    when = (
        f"{at:%H:%M}"
        if at.date() == today
        else f"{at:%a %H:%M}"
        if abs((at.date() - today).days) < 7
        else f"{at:%d %b %H:%M}"
    )
    if document.next_check_at < now - LATE:
        return f"its check has been overdue since {when}"
    reason = document.check_reason or "it has not been read yet"
    return f"next check {when}, because {reason}"


def _entries(rows: Sequence[tuple[FeedEntry, str | None]]) -> list[EntryOut]:
    return [
        EntryOut(
            title=entry.title,
            link=entry.link,
            published_at=entry.published_at,
            authors=list(entry.authors),
            summary=entry.summary[:500],
            article_id=entry.article_id,
            article_state=state,
        )
        for entry, state in rows
    ]


def _notes(document: FeedDocument, backfilled: int) -> list[str]:
    notes = forgiven(repaired=document.repaired, truncated=document.truncated)
    if document.identity_rule == "url":
        notes.append("The feed gives its items new ids at every look, so they are told apart by their pages.")
    if backfilled:
        are = "was" if backfilled == 1 else "were"
        notes.append(f"{count_of(backfilled, 'older item')} {are} not in the feed but in the site's news sitemap.")
    if document.moved_from:
        notes.append(f"The feed has moved here from {document.moved_from}.")
    return notes
