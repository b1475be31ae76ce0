"""Reads of notices, as one person sees them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    and_,
    cast,
    delete,
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
    NotificationPreference,
    NotificationReceipt,
    Severity,
)

T = TypeVar("T")

REMEMBERED = timedelta(days=30)
"""An unread notice that is older does not count any more."""

UNREAD = datetime(1970, 1, 1, tzinfo=UTC)
"""When a notice was read that is to be read again."""

MOST_COUNTED = 1_000
"""Nobody reads a larger number, and every screen asks for it whenever something happens."""


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
        query = query.where(_is_unread(reader))
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
    """How many of the last 30 days' notices this person has not read, without those that were muted; at most 1,000."""
    unread = (
        select(Notification.id)
        .outerjoin(NotificationReceipt, _receipt_of(reader))
        .where(Notification.last_at > clock.now() - REMEMBERED, _is_for(reader), _is_unread(reader), ~_is_muted(reader))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return int(await db.scalar(select(func.count()).select_from(unread)) or 0)


async def mark_read(db: Db, reader: Reader, notice_id: UUID) -> None:
    """This person has read it. Raises NotThere."""
    await notice_by_id(db, reader, notice_id)
    await give_receipt(db, reader.id, notice_id, clock.now())


async def mark_unread(db: Db, reader: Reader, notice_id: UUID) -> None:
    """This person wants to read it again. Raises NotThere."""
    await notice_by_id(db, reader, notice_id)
    await give_receipt(db, reader.id, notice_id, UNREAD)


async def mark_all_read(db: Db, reader: Reader) -> None:
    """This person has read everything there is, but for what they put off until later."""
    now = clock.now()
    put_off = (
        select(NotificationReceipt.notification_id)
        .join(Notification, Notification.id == NotificationReceipt.notification_id)
        .where(NotificationReceipt.user_id == reader.id, NotificationReceipt.read_at == UNREAD)
        .where(_mute_of(reader, func.max(NotificationMute.until_at)).is_not(None))
    )
    kept = list(await db.scalars(put_off))
    await db.execute(
        delete(NotificationReceipt).where(
            NotificationReceipt.user_id == reader.id, NotificationReceipt.notification_id.not_in(kept)
        )
    )
    moment = insert(NotificationPreference).values(
        organization_id=organization_of(db), user_id=reader.id, read_before_at=now, updated_at=now
    )
    await db.execute(
        moment.on_conflict_do_update(index_elements=["organization_id", "user_id"], set_={"read_before_at": now})
    )
    publish(db, "notifications", reader.id)


async def give_receipt(db: Db, reader: UUID, notice_id: UUID, read_at: datetime) -> None:
    """This reader read a notice then; `UNREAD`: they want to read it again."""
    receipt = insert(NotificationReceipt).values(
        organization_id=organization_of(db), user_id=reader, notification_id=notice_id, read_at=read_at
    )
    await db.execute(
        receipt.on_conflict_do_update(
            index_elements=["organization_id", "user_id", "notification_id"], set_={"read_at": read_at}
        )
    )
    publish(db, "notifications", reader, notice_id)


async def has_read(db: Db, reader: UUID, notice_id: UUID) -> bool:
    """Whether this person has read a notice since it last called."""
    as_reader = Reader(reader)
    query = (
        select(~_is_unread(as_reader)).select_from(Notification).outerjoin(NotificationReceipt, _receipt_of(as_reader))
    )
    return bool(await db.scalar(query.where(Notification.id == notice_id)))


def _seen_by(reader: Reader) -> Select[Notification, bool, bool, datetime | None]:
    return (
        select(
            Notification, ~_is_unread(reader), _is_muted(reader), _mute_of(reader, func.max(NotificationMute.until_at))
        )
        .outerjoin(NotificationReceipt, _receipt_of(reader))
        .where(_is_for(reader))
    )


async def unread_since(db: Db, reader: Reader, kind: str, job: str, since: datetime) -> str | None:
    """The incident of the latest notice of that kind, for this person alone, about runs of that job, that they have not read."""
    found = (
        select(Notification.incident_key)
        .outerjoin(NotificationReceipt, _receipt_of(reader))
        .where(
            Notification.user_id == reader.id,
            Notification.kind == kind,
            Notification.facts["job"].astext == job,
            Notification.incident_key.is_not(None),
            Notification.settled_at.is_(None),
            Notification.last_at >= since,
            _is_unread(reader),
        )
        .order_by(Notification.last_at.desc())
    )
    return await db.scalar(found.limit(1))


def _is_for(reader: Reader) -> ColumnElement[bool]:
    shared = and_(Notification.user_id.is_(None), Notification.audience.in_(reader.audiences))
    return or_(shared, Notification.user_id == reader.id)


def _receipt_of(reader: Reader) -> ColumnElement[bool]:
    return and_(NotificationReceipt.notification_id == Notification.id, NotificationReceipt.user_id == reader.id)


def _is_unread(reader: Reader) -> ColumnElement[bool]:
    before = select(NotificationPreference.read_before_at).where(NotificationPreference.user_id == reader.id)
    return func.coalesce(NotificationReceipt.read_at, before.scalar_subquery(), UNREAD) < Notification.alerted_at


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
