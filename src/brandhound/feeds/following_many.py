"""Following thousands of feeds at once, as an OPML file brings them: a few statements for each five hundred."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.feeds.following import tell_of_articles_at_hand
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.feeds.schemas import Credentials

BATCH = 500
MOST_TAGS = 20
SEEN = 50
"""Open lists read themselves anew whichever feed came; more names would be rows for nobody."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A feed to follow: its address, that address as a key, what it shall be called and sorted under, and the way in."""

    url: str
    key: str
    title: str | None
    tags: tuple[str, ...]
    credentials: Credentials | None = None

    def joined(self, other: "Wish") -> "Wish":
        """The same feed, wished for twice."""
        tags = tuple(dict.fromkeys([*self.tags, *other.tags]))[:MOST_TAGS]
        return replace(
            self, title=self.title or other.title, tags=tags, credentials=self.credentials or other.credentials
        )


async def follow_many(db: Db, wishes: Sequence[Wish], now: datetime) -> list[UUID]:
    """Follow the feeds at these addresses, without credentials; nobody is asked.

    Gives those that are now followed, in order, without those that were. Each key is there once at most.
    """
    followed: list[UUID] = []
    for start in range(0, len(wishes), BATCH):
        followed += await _follow(db, wishes[start : start + BATCH], now)
    publish(db, "feeds", *followed[:SEEN])
    return followed


async def _follow(db: Db, wishes: Sequence[Wish], now: datetime) -> list[UUID]:
    documents, before = await _documents(db, wishes, now)
    rows = [
        {
            "id": uuid7(),
            "document_id": documents[wish.key],
            "title": wish.title,
            "tags": list(wish.tags),
            "paused": False,
            "created_at": now,
        }
        for wish in wishes
    ]
    added = insert(Feed).values(rows).on_conflict_do_nothing(index_elements=["organization_id", "document_id"])
    new = {row.document_id: row.id for row in await db.execute(added.returning(Feed.id, Feed.document_id))}
    for document_id in new.keys() & before:
        await tell_of_articles_at_hand(db, document_id, now)
    return [new[documents[wish.key]] for wish in wishes if documents[wish.key] in new]


async def _documents(db: Db, wishes: Sequence[Wish], now: datetime) -> tuple[dict[str, UUID], set[UUID]]:
    """The shared rows by key, made or woken up; and those of them that were there before."""
    # In one order for everybody, so that two who bring the same list at once wait for each other and not for ever.
    rows = [
        {
            "id": uuid7(),
            "url": wish.url,
            "url_key": wish.key,
            "private": False,
            "state": "active",
            "next_check_at": now,
            "check_reason": "it is new here",
            "created_at": now,
        }
        for wish in sorted(wishes, key=lambda wish: wish.key)
    ]
    made = insert(FeedDocument).values(rows).on_conflict_do_nothing(index_elements=["url_key"])
    new = set(await db.scalars(made.returning(FeedDocument.id)))
    keys = [wish.key for wish in wishes]
    await db.execute(
        update(FeedDocument)
        .where(FeedDocument.url_key.in_(keys), FeedDocument.next_check_at.is_(None))
        .values(state="active", next_check_at=now, check_reason="it is followed again", gone_count=0, gone_since=None)
    )
    found = await db.execute(select(FeedDocument.url_key, FeedDocument.id).where(FeedDocument.url_key.in_(keys)))
    documents = {row.url_key: row.id for row in found}
    return documents, set(documents.values()) - new
