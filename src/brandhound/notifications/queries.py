"""Reads of notices, as one person sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.live import publish
from brandhound.core.pages import from_cursor
from brandhound.core.problems import NotThere
from brandhound.notifications.models import Notification, NotificationReceipt

REMEMBERED = timedelta(days=30)
"""An unread notice that is older does not count any more."""


@dataclass(frozen=True)
class Notice:
    """A notice, and whether this person has read it."""

    notification: Notification
    read: bool


async def notices_newest_first(
    db: Db, reader: UUID, cursor: str | None, limit: int, *, only_unread: bool = False
) -> list[Notice]:
    """The notices after the cursor, and one more than the limit if there are more."""
    query = (
        select(Notification, _is_unread())
        .outerjoin(NotificationReceipt, _receipt_of(reader))
        .where(_is_for(reader))
        .order_by(Notification.last_at.desc(), Notification.id.desc())
        .limit(limit + 1)
    )
    if only_unread:
        query = query.where(_is_unread())
    if cursor:
        last_at, notice_id = from_cursor(cursor, datetime, UUID)
        query = query.where(
            tuple_(Notification.last_at, Notification.id) < tuple_(literal(last_at), literal(notice_id))
        )
    return [Notice(notification, not unread) for notification, unread in await db.execute(query)]


async def count_unread(db: Db, reader: UUID) -> int:
    """How many of the last 30 days' notices this person has not read."""
    query = select(func.count()).select_from(Notification).outerjoin(NotificationReceipt, _receipt_of(reader))
    query = query.where(_is_for(reader), _is_unread(), Notification.last_at > clock.now() - REMEMBERED)
    return int(await db.scalar(query) or 0)


async def mark_read(db: Db, reader: UUID, notice_id: UUID) -> None:
    """This person has read it. Raises NotThere."""
    found = select(Notification.id).where(Notification.id == notice_id, _is_for(reader))
    if await db.scalar(found) is None:
        raise NotThere("notification")
    await _give_receipts(db, reader, found)


async def mark_all_read(db: Db, reader: UUID) -> None:
    """This person has read everything there is."""
    await _give_receipts(
        db,
        reader,
        select(Notification.id)
        .outerjoin(NotificationReceipt, _receipt_of(reader))
        .where(_is_for(reader), _is_unread()),
    )


async def _give_receipts(db: Db, reader: UUID, notices: Select[UUID]) -> None:
    now = clock.now()
    rows = notices.add_columns(literal(organization_of(db)), literal(reader), literal(now))
    receipt = insert(NotificationReceipt).from_select(
        ["notification_id", "organization_id", "user_id", "read_at"], rows
    )
    await db.execute(
        receipt.on_conflict_do_update(
            index_elements=["organization_id", "user_id", "notification_id"], set_={"read_at": now}
        )
    )
    publish(db, "notifications", reader)


def _is_for(reader: UUID) -> ColumnElement[bool]:
    return or_(Notification.user_id.is_(None), Notification.user_id == reader)


def _receipt_of(reader: UUID) -> ColumnElement[bool]:
    return and_(NotificationReceipt.notification_id == Notification.id, NotificationReceipt.user_id == reader)


def _is_unread() -> ColumnElement[bool]:
    return or_(NotificationReceipt.read_at.is_(None), NotificationReceipt.read_at < Notification.alerted_at)
