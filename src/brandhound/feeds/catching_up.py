"""Pages that were stored but never read, because a run that should have read them was lost or given up."""

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.feeds.models import Article, FeedDocument, FeedEntry
from brandhound.feeds.queueing import queue_articles

AFTER = timedelta(hours=2)
WITHIN = timedelta(days=3)
AT_ONCE = 500


async def queue_forgotten_articles() -> int:
    """Queue the pages that have been waiting for hours, at most once an hour for each feed; says how many they are."""
    now = clock.now()
    async with system_session() as db:
        rows = await db.execute(
            select(Article.id, FeedEntry.document_id)
            .join(FeedEntry, FeedEntry.article_id == Article.id)
            .where(
                Article.state == "pending",
                Article.first_seen_at < now - AFTER,
                Article.first_seen_at > now - WITHIN,
                FeedEntry.published_at > now - timedelta(days=30),
            )
            .limit(AT_ONCE)
        )
        of_document: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for article_id, document_id in rows:
            of_document[document_id].append(article_id)
        for document_id, article_ids in of_document.items():
            if document := await db.get(FeedDocument, document_id):
                await queue_articles(db, document, article_ids, key=f"again:{document_id}:{now:%Y%m%d%H}")
    return sum(map(len, of_document.values()))
