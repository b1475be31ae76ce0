"""Reads of feeds that several places need."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select

from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.feeds.links import feed_key
from brandhound.feeds.models import Article, Feed, FeedDocument, FeedEntry

# A feed as a person sees it; the first that holds.
seen_state: ColumnElement[str] = case(
    (Feed.paused, "paused"),
    (FeedDocument.state == "gone", "gone"),
    (FeedDocument.state == "failing", "failing"),
    (FeedDocument.last_checked_at.is_(None), "new"),
    (FeedDocument.silent_since.is_not(None), "silent"),
    else_="active",
)
shown_title: ColumnElement[str] = func.coalesce(Feed.title, FeedDocument.title, FeedDocument.url)


async def followed_keys(db: Db, keys: Iterable[str]) -> dict[str, UUID]:
    """Which of these feed keys the organization follows, with its feed; also with user and password."""
    wanted = set(keys)
    rows = await db.execute(
        select(FeedDocument.url_key, FeedDocument.url, FeedDocument.private, Feed.id)
        .join(Feed, Feed.document_id == FeedDocument.id)
        .where(or_(FeedDocument.url_key.in_(wanted), FeedDocument.private))
        # Where both are there, the shared one is named.
        .order_by(FeedDocument.private.desc())
    )
    found = ((feed_key(row.url) if row.private else row.url_key, row.id) for row in rows)
    return {key: feed_id for key, feed_id in found if key in wanted}


async def feed_by_id(db: Db, feed_id: UUID) -> tuple[Feed, FeedDocument]:
    """One followed feed. Raises NotThere."""
    row = (
        await db.execute(
            select(Feed, FeedDocument).join(FeedDocument, FeedDocument.id == Feed.document_id).where(Feed.id == feed_id)
        )
    ).first()
    if row is None:
        raise NotThere("feed")
    return row[0], row[1]


async def entry_counts(db: Db, document_ids: Sequence[UUID], now: datetime) -> dict[UUID, tuple[int, int]]:
    """Entries stored, and those first seen in the last week, by document."""
    rows = await db.execute(
        select(
            FeedEntry.document_id,
            func.count(),
            func.count().filter(FeedEntry.published_at > now - timedelta(days=7)),
        )
        .where(FeedEntry.document_id.in_(document_ids))
        .group_by(FeedEntry.document_id)
    )
    return {document_id: (total, week) for document_id, total, week in rows}


async def backfilled_count(db: Db, document: FeedDocument) -> int:
    """Entries that the feed itself has not brought; they came from the site's sitemap."""
    if document.backfilled_at is None:
        return 0
    query = select(func.count()).where(FeedEntry.document_id == document.id, FeedEntry.backfilled)
    return await db.scalar(query) or 0


async def latest_entries(db: Db, document_id: UUID, limit: int) -> list[tuple[FeedEntry, str | None]]:
    """The latest items of a feed with the state of their pages."""
    rows = await db.execute(
        select(FeedEntry, Article.state)
        .join(Article, Article.id == FeedEntry.article_id, isouter=True)
        .where(FeedEntry.document_id == document_id)
        .order_by(FeedEntry.published_at.desc(), FeedEntry.id.desc())
        .limit(limit)
    )
    return [(entry, state) for entry, state in rows]


async def articles_at_hand(db: Db, document_id: UUID, since: datetime) -> list[UUID]:
    """Pages of a feed that were read before, published since then."""
    rows = await db.scalars(
        select(Article.id)
        .join(FeedEntry, FeedEntry.article_id == Article.id)
        .where(FeedEntry.document_id == document_id, FeedEntry.published_at >= since, Article.state != "pending")
        .distinct()
    )
    return list(rows)
