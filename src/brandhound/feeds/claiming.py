"""Taking feeds to look at, so that no two look at the same one at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from brandhound.core import clock
from brandhound.core.db import Db, rows_affected
from brandhound.core.http.client import Validators
from brandhound.core.secrets import CannotUnseal
from brandhound.core.system import system_session
from brandhound.feeds.credentials import opened_credentials
from brandhound.feeds.models import Feed, FeedDocument, FeedValidator

CLAIM = timedelta(minutes=5)
"""How long a look may take before somebody else may look."""
SKEW = timedelta(minutes=5)
"""Clocks of several machines differ by less than this; what lies further ahead was written before a clock was put back."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A feed that is ours to look at for a while, with what the look needs."""

    document: FeedDocument
    validators: Mapping[str, Validators]
    credentials: tuple[str, str] | None


async def claim_due(limit: int) -> tuple[list[Claimed], int]:
    """Take up to `limit` feeds that are due; those that nobody follows any more are parked instead, and counted."""
    now = clock.now()
    async with system_session() as db:
        due = (
            select(FeedDocument.id)
            .where(FeedDocument.next_check_at <= now, _nobody_looks(now))
            .order_by(FeedDocument.next_check_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = list(await db.scalars(due))
        if not ids:
            return [], 0
        followed = set(await db.scalars(select(Feed.document_id).where(Feed.document_id.in_(ids), ~Feed.paused)))
        if unfollowed := [document_id for document_id in ids if document_id not in followed]:
            parked = {"state": "parked", "next_check_at": None, "check_reason": "nobody follows it"}
            await db.execute(update(FeedDocument).where(FeedDocument.id.in_(unfollowed)).values(parked))
        claimed = await _claimed(db, [document_id for document_id in ids if document_id in followed])
    return claimed, len(unfollowed)


async def claim_one(document_id: UUID) -> Claimed | None:
    """Take one feed, due or not; None while somebody else is looking at it."""
    now = clock.now()
    async with system_session() as db:
        free = await db.scalar(
            select(FeedDocument.id).where(FeedDocument.id == document_id, _nobody_looks(now)).with_for_update()
        )
        return (await _claimed(db, [document_id]))[0] if free else None


def _nobody_looks(now: datetime) -> ColumnElement[bool]:
    until = FeedDocument.claimed_until
    return or_(until.is_(None), until < now, until > now + CLAIM + SKEW)


async def distrust_the_future() -> int:
    """Look soon at feeds that were last looked at by a clock that has been put back since; says how many they are."""
    now = clock.now()
    async with system_session() as db:
        ahead = (
            update(FeedDocument)
            .where(FeedDocument.last_checked_at > now + SKEW, FeedDocument.next_check_at > now)
            .values(next_check_at=now, check_reason="the clock was put back")
        )
        return rows_affected(await db.execute(ahead))


async def _claimed(db: Db, ids: Sequence[UUID]) -> list[Claimed]:
    until = clock.now() + CLAIM
    await db.execute(update(FeedDocument).where(FeedDocument.id.in_(ids)).values(claimed_until=until))
    documents = list(await db.scalars(select(FeedDocument).where(FeedDocument.id.in_(ids))))
    validators: defaultdict[UUID, dict[str, Validators]] = defaultdict(dict)
    for row in await db.execute(
        select(FeedValidator.document_id, FeedValidator.url, FeedValidator.etag, FeedValidator.last_modified).where(
            FeedValidator.document_id.in_(ids)
        )
    ):
        validators[row.document_id][row.url] = Validators(row.etag, row.last_modified)
    private = [document.id for document in documents if document.private]
    sealed: dict[UUID, str | None] = {}
    if private:
        rows = await db.execute(select(Feed.document_id, Feed.credentials_sealed).where(Feed.document_id.in_(private)))
        sealed.update((document_id, credentials) for document_id, credentials in rows)
    return [Claimed(document, validators[document.id], _credentials(sealed.get(document.id))) for document in documents]


def _credentials(sealed: str | None) -> tuple[str, str] | None:
    try:
        return opened_credentials(sealed) if sealed else None
    except CannotUnseal:
        # The key was lost or changed: the server's 401 then says what to do, on the feed itself.
        return None


async def is_free(document_id: UUID) -> bool:
    """Whether nobody is looking at a feed at the moment."""
    async with system_session() as db:
        free = select(FeedDocument.id).where(FeedDocument.id == document_id, ~_nobody_looks(clock.now()))
        return await db.scalar(free) is None
