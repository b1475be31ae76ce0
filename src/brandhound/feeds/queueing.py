"""Queuing the reading of pages."""

from collections.abc import Sequence
from uuid import UUID

from brandhound.core.db import Db
from brandhound.feeds.models import FeedDocument
from brandhound.jobs.registry import enqueue

A_RUN = 25
"""Pages read by one run: enough to be worth a run, few enough to be soon told of."""


async def queue_articles(
    db: Db, document: FeedDocument, article_ids: Sequence[UUID], organization_id: UUID | None = None
) -> None:
    """Have these pages read, and the followers of the feed told, in the transaction that stored them."""
    name = document.title or document.url
    for start in range(0, len(article_ids), A_RUN):
        some = [str(article_id) for article_id in article_ids[start : start + A_RUN]]
        await enqueue(
            db,
            "feeds.fetch_articles",
            {"document_id": str(document.id), "article_ids": some},
            title=f"Read {len(some)} pages of {name}"[:200] if len(some) > 1 else f"Read a page of {name}"[:200],
            organization_id=organization_id,
        )
