"""Addresses of notices."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core.pages import page_of
from brandhound.notifications import muting, queries
from brandhound.notifications.kinds import kind_named
from brandhound.notifications.models import Severity
from brandhound.notifications.routes.readers import reader_of
from brandhound.notifications.schemas import (
    MuteOut,
    NewMute,
    NotificationDetail,
    NotificationOut,
    NotificationPage,
    Unread,
)
from brandhound.tenancy.callers import TenantDb, Viewer

router = APIRouter(prefix="/api/notifications", tags=["notifications"])


@router.get("")
async def list_notifications(
    db: TenantDb,
    caller: Viewer,
    unread: Annotated[bool, Query(description="Only what is unread")] = False,
    muted: Annotated[bool | None, Query(description="Only what is muted or put off, or only what is not")] = None,
    kind: Annotated[list[str] | None, Query(description="Only these kinds")] = None,
    severity: Annotated[list[Severity] | None, Query(description="Only these severities")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Only with these words in title or text")] = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> NotificationPage:
    """List notices, newest first, with the number of unread ones."""
    reader = reader_of(caller)
    wanted = queries.NoticeFilter(unread, muted, tuple(kind or ()), tuple(severity or ()), q, since, until)
    notices = await queries.notices_newest_first(db, reader, wanted, cursor, limit)
    page = page_of(notices, limit, lambda notice: (notice.notification.last_at, notice.notification.id))
    return NotificationPage(
        items=[_notice_out(notice) for notice in page.items],
        next=page.next,
        unread=await queries.count_unread(db, reader),
    )


@router.put("/reading")
async def read_all_notifications(db: TenantDb, caller: Viewer) -> Unread:
    """Mark every notice as read by the caller, but for what they put off until later."""
    reader = reader_of(caller)
    await queries.mark_all_read(db, reader)
    return Unread(unread=await queries.count_unread(db, reader))


@router.get("/{notification_id}")
async def get_notification(notification_id: UUID, db: TenantDb, caller: Viewer) -> NotificationDetail:
    """Read one notice with everything that is known of it. Does not mark it as read."""
    notice = await queries.notice_by_id(db, reader_of(caller), notification_id)
    return NotificationDetail(
        **_notice_out(notice).model_dump(),
        facts=notice.notification.facts,
        personal=notice.notification.user_id is not None,
    )


@router.put("/{notification_id}/reading")
async def read_notification(notification_id: UUID, db: TenantDb, caller: Viewer) -> Unread:
    """Mark one notice as read by the caller."""
    reader = reader_of(caller)
    await queries.mark_read(db, reader, notification_id)
    return Unread(unread=await queries.count_unread(db, reader))


@router.delete("/{notification_id}/reading")
async def unread_notification(notification_id: UUID, db: TenantDb, caller: Viewer) -> Unread:
    """Mark one notice as not read by the caller."""
    reader = reader_of(caller)
    await queries.mark_unread(db, reader, notification_id)
    return Unread(unread=await queries.count_unread(db, reader))


@router.put("/{notification_id}/mute")
async def mute_notification(notification_id: UUID, new: NewMute, db: TenantDb, caller: Viewer) -> MuteOut:
    """Do not call the caller for this notice, its incident or its kind: until a moment, or for good."""
    reader = reader_of(caller)
    notice = await queries.notice_by_id(db, reader, notification_id)
    return MuteOut.model_validate(await muting.mute(db, reader.id, notice.notification, new.scope, new.until))


def _notice_out(notice: queries.Notice) -> NotificationOut:
    row = notice.notification
    return NotificationOut(
        id=row.id,
        kind=row.kind,
        kind_title=kind_named(row.kind).title,
        severity=_severity(row.severity),
        title=row.title,
        body=row.body,
        href=row.href,
        count=row.count,
        created_at=row.created_at,
        last_at=row.last_at,
        settled_at=row.settled_at,
        read=notice.read,
        muted=notice.muted,
        muted_until=notice.muted_until,
        incident=row.incident_key is not None,
    )


def _severity(word: str) -> Severity:
    return "critical" if word == "critical" else "warning" if word == "warning" else "info"
