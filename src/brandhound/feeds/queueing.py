"""Queuing the reading of pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.feeds.models import Article, FeedDocument
from brandhound.jobs.registry import enqueue

A_RUN = 25
"""Pages read by one run: enough to be worth a run, few enough to be soon told of."""


async def queue_articles(
    db: Db,
    document: FeedDocument,
    article_ids: Sequence[UUID],
    organization_id: UUID | None = None,
    *,
    key: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Have these pages read, and the followers of the feed told, in the transaction that stored them.

    With a `key` it is done once, however often it is asked for.
    """
    name = document.title or document.url
    for start in range(0, len(article_ids), A_RUN):
        some = [str(article_id) for article_id in article_ids[start : start + A_RUN]]
        await enqueue(
            db,
            "feeds.fetch_articles",
            {"document_id": str(document.id), "article_ids": some},
            title=f"Read {len(some)} pages of {name}"[:200] if len(some) > 1 else f"Read a page of {name}"[:200],
            organization_id=organization_id,
            key=f"{key}:{start}" if key else None,
            once=key is not None,
            due_at=due_at,
        )


async def queue_backfill(db: Db, document_id: UUID, organization_id: UUID | None = None) -> None:
    """Have the past of a feed looked for, once."""
    await enqueue(
        db,
        "feeds.backfill",
        {"document_id": str(document_id)},
        organization_id=organization_id,
        key=str(document_id),
        once=True,
    )


async def queue_pending(
    db: Db, document_id: UUID, article_ids: Sequence[UUID], organization_id: UUID, wait: timedelta
) -> int:
    """Have those of these pages that could not be had yet tried again after a while; says how many they are."""
    pending = list(await db.scalars(select(Article.id).where(Article.id.in_(article_ids), Article.state == "pending")))
    document = await db.get(FeedDocument, document_id)
    if pending and document is not None:
        await queue_articles(db, document, pending, organization_id, due_at=clock.now() + wait)
    return len(pending)
