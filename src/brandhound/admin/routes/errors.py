"""The error inbox."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.admin import inbox
from brandhound.admin.models import GroupState
from brandhound.admin.reading import looking
from brandhound.admin.schemas.errors import ErrorGroupChange, ErrorGroupDetail, ErrorGroupPage
from brandhound.core.pages import from_cursor, page_of
from brandhound.core.system import system_session
from brandhound.tenancy.callers import Operator

router = APIRouter(prefix="/api/admin/errors")


@router.get("")
async def list_error_groups(
    _: Operator,
    state: Annotated[GroupState | None, Query(description="Only faults in this state")] = "open",
    everything: Annotated[bool, Query(description="Faults in all states")] = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ErrorGroupPage:
    """List faults, the last seen first."""
    before = None
    if cursor:
        at, group_id = from_cursor(cursor, datetime, UUID)
        before = (at, group_id)
    async with looking() as db:
        found = await inbox.error_groups(db, None if everything else state, before, limit)
    page = page_of(found, limit, lambda group: (group["last_seen_at"], group["id"]))
    return ErrorGroupPage.model_validate({"items": page.items, "next": page.next})


@router.get("/{group_id}")
async def get_error_group(group_id: UUID, _: Operator) -> ErrorGroupDetail:
    """Read one fault: its places, whom it met, and how often in the last week."""
    async with looking() as db:
        return ErrorGroupDetail.model_validate(await inbox.error_group(db, group_id))


@router.patch("/{group_id}")
async def change_error_group(group_id: UUID, change: ErrorGroupChange, _: Operator) -> ErrorGroupDetail:
    """Resolve, ignore or reopen a fault. A resolved one that comes again is opened and marked as a regression."""
    async with system_session() as db:
        await inbox.change_state(db, group_id, change.state)
    return await get_error_group(group_id, _)
