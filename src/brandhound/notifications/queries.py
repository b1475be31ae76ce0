"""Reads of notices, as one person sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.live import publish
from brandhound.core.pages import from_cursor
from brandhound.core.problems import NotThere
from brandhound.notifications.models import (
    Audience,
    Notification,
    NotificationMute,
    NotificationReceipt,
    Severity,
)

T = TypeVar("T")

REMEMBERED = timedelta(days=30)
"""An unread notice that is older does not count any more."""


@dataclass(frozen=True)
class Reader:
    """Who reads: a person or a key, and which notices for several are theirs too."""

    id: UUID
    audiences: tuple[Audience, ...] = ("everyone",)


@dataclass(frozen=True)
class Notice:
    """A notice, whether this person has read it, and whether and until when they want no call for it."""

    notification: Notification
    read: bool
    muted: bool = False
    muted_until: datetime | None = None


@dataclass(frozen=True)
class NoticeFilter:
    """Which notices are wanted; what is empty does not narrow."""

    unread: bool = False
    muted: bool | None = None
    kinds: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    words: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def notices_newest_first(
    db: Db, reader: Reader, wanted: NoticeFilter, cursor: str | None, limit: int
) -> list[Notice]:
    """The notices after the cursor, and one more than the limit if there are more."""
    query = _seen_by(reader).order_by(Notification.last_at.desc(), Notification.id.desc()).limit(limit + 1)
    if wanted.unread:
        query = query.where(_is_unread())
    if wanted.muted is not None:
        query = query.where(_is_muted(reader) == wanted.muted)
    if wanted.kinds:
        query = query.where(Notification.kind.in_(wanted.kinds))
    if wanted.severities:
        query = query.where(Notification.severity.in_(wanted.severities))
    if wanted.since:
        query = query.where(Notification.last_at >= wanted.since)
    if wanted.until:
        query = query.where(Notification.last_at < wanted.until)
    for word in (wanted.words or "").split()[:8]:
        query = query.where(
            or_(Notification.title.icontains(word, autoescape=True), Notification.body.icontains(word, autoescape=True))
        )
    if cursor:
        last_at, notice_id = from_cursor(cursor, datetime, UUID)
        query = query.where(
            tuple_(Notification.last_at, Notification.id) < tuple_(literal(last_at), literal(notice_id))
        )
    return [Notice(*row) for row in await db.execute(query)]


async def notice_by_id(db: Db, reader: Reader, notice_id: UUID) -> Notice:
    """One notice as this person sees it. Raises NotThere."""
    row = (await db.execute(_seen_by(reader).where(Notification.id == notice_id))).first()
    if row is None:
        raise NotThere("notification")
    return Notice(*row)


async def count_unread(db: Db, reader: Reader) -> int:
    """How many of the last 30 days' notices this person has not read, without those that were muted."""
    query = select(func.count()).select_from(Notification).outerjoin(NotificationReceipt, _receipt_of(reader))
    query = query.where(_is_for(reader), _is_unread(), ~_is_muted(reader))
    return int(await db.scalar(query.where(Notification.last_at > clock.now() - REMEMBERED)) or 0)


async def mark_read(db: Db, reader: Reader, notice_id: UUID) -> None:
    """This person has read it. Raises NotThere."""
    found = select(Notification.id).where(Notification.id == notice_id, _is_for(reader))
    if await db.scalar(found) is None:
        raise NotThere("notification")
    await _give_receipts(db, reader, found)


async def mark_unread(db: Db, reader: Reader, notice_id: UUID) -> None:
    """This person wants to read it again. Raises NotThere."""
    notice = await notice_by_id(db, reader, notice_id)
    receipt = await db.get(NotificationReceipt, (organization_of(db), reader.id, notice.notification.id))
    if receipt is not None:
        await db.delete(receipt)
    publish(db, "notifications", notice_id)


async def mark_all_read(db: Db, reader: Reader) -> None:
    """This person has read everything there is, but for what they put off until later."""
    await _give_receipts(
        db,
        reader,
        select(Notification.id)
        .outerjoin(NotificationReceipt, _receipt_of(reader))
        .where(_is_for(reader), _is_unread(), _mute_of(reader, func.max(NotificationMute.until_at)).is_(None)),
    )


async def _give_receipts(db: Db, reader: Reader, notices: Select[UUID]) -> None:
    now = clock.now()
    rows = notices.add_columns(literal(organization_of(db)), literal(reader.id), literal(now))
    receipt = insert(NotificationReceipt).from_select(
        ["notification_id", "organization_id", "user_id", "read_at"], rows
    )
    await db.execute(
        receipt.on_conflict_do_update(
            index_elements=["organization_id", "user_id", "notification_id"], set_={"read_at": now}
        )
    )
    publish(db, "notifications", reader.id)


def _seen_by(reader: Reader) -> Select[Notification, bool, bool, datetime | None]:
    return (
        select(Notification, ~_is_unread(), _is_muted(reader), _mute_of(reader, func.max(NotificationMute.until_at)))
        .outerjoin(NotificationReceipt, _receipt_of(reader))
        .where(_is_for(reader))
    )


def _is_for(reader: Reader) -> ColumnElement[bool]:
    shared = and_(Notification.user_id.is_(None), Notification.audience.in_(reader.audiences))
    return or_(shared, Notification.user_id == reader.id)


def _receipt_of(reader: Reader) -> ColumnElement[bool]:
    return and_(NotificationReceipt.notification_id == Notification.id, NotificationReceipt.user_id == reader.id)


def _is_unread() -> ColumnElement[bool]:
    return or_(NotificationReceipt.read_at.is_(None), NotificationReceipt.read_at < Notification.alerted_at)


def _is_muted(reader: Reader) -> ColumnElement[bool]:
    return func.coalesce(_mute_of(reader, func.bool_or(true())), false()).is_(True)


def _mute_of(reader: Reader, wanted: ColumnElement[T]) -> ScalarSelect[T]:
    """Something about the mutes of this reader that fit a notice now; null without any."""
    return (
        select(wanted)
        .where(
            NotificationMute.user_id == reader.id,
            NotificationMute.subject.in_(
                [
                    literal("kind:") + Notification.kind,
                    literal("incident:") + Notification.incident_key,
                    literal("notice:") + cast(Notification.id, Text),
                ]
            ),
            or_(NotificationMute.until_at.is_(None), NotificationMute.until_at > clock.now()),
        )
        .correlate(Notification)
        .scalar_subquery()
    )
