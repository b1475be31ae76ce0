"""Addresses of notices."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core.pages import page_of
from brandhound.notifications import queries
from brandhound.notifications.schemas import NotificationOut, NotificationPage, Unread
from brandhound.tenancy.callers import Caller, TenantDb, Viewer

router = APIRouter(prefix="/api/notifications", tags=["notifications"])


@router.get("")
async def list_notifications(
    db: TenantDb,
    caller: Viewer,
    unread: Annotated[bool, Query(description="Only what is unread")] = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> NotificationPage:
    """List notices, newest first, with the number of unread ones."""
    reader = _reader(caller)
    notices = await queries.notices_newest_first(db, reader, cursor, limit, only_unread=unread)
    page = page_of(notices, limit, lambda notice: (notice.notification.last_at, notice.notification.id))
    return NotificationPage(
        items=[_notice_out(notice) for notice in page.items],
        next=page.next,
        unread=await queries.count_unread(db, reader),
    )


@router.put("/reading")
async def read_all_notifications(db: TenantDb, caller: Viewer) -> Unread:
    """Mark every notice as read by the caller."""
    await queries.mark_all_read(db, _reader(caller))
    return Unread(unread=await queries.count_unread(db, _reader(caller)))


@router.put("/{notification_id}/reading")
async def read_notification(notification_id: UUID, db: TenantDb, caller: Viewer) -> Unread:
    """Mark one notice as read by the caller."""
    await queries.mark_read(db, _reader(caller), notification_id)
    return Unread(unread=await queries.count_unread(db, _reader(caller)))


def _reader(caller: Caller) -> UUID:
    """A key reads for itself, not for the person who made it."""
    reader = caller.user_id or caller.key_id
    assert reader is not None
    return reader


def _notice_out(notice: queries.Notice) -> NotificationOut:
    row = notice.notification
    return NotificationOut.model_validate(
        {**{name: getattr(row, name) for name in NotificationOut.model_fields if name != "read"}, "read": notice.read}
    )
