"""The latest articles of the feeds that an organization follows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from brandhound.core.db import Db
from brandhound.feeds.models import Feed, FeedEntry


async def recent_articles(db: Db, since: datetime, most: int) -> list[UUID]:
    """At most so many articles published since then, the latest first."""
    latest = func.max(FeedEntry.published_at)
    rows = await db.scalars(_in_feeds(since).order_by(latest.desc()).limit(most))
    return [article_id for article_id in rows if article_id is not None]


async def count_recent_articles(db: Db, since: datetime) -> int:
    """How many articles were published since then."""
    return await db.scalar(select(func.count()).select_from(_in_feeds(since).subquery())) or 0


def _in_feeds(since: datetime) -> Select[UUID | None]:
    return (
        select(FeedEntry.article_id)
        .join(Feed, Feed.document_id == FeedEntry.document_id)
        .where(FeedEntry.article_id.is_not(None), FeedEntry.published_at >= since)
        .group_by(FeedEntry.article_id)
    )
