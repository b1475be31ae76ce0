"""Addresses of links to a report."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.reports import sharing
from brandhound.reports.sending_schemas import NewShare, ShareMade, ShareOut
from brandhound.tenancy.callers import Analyst, TenantDb

router = APIRouter(prefix="/api/reports", tags=["reports"])


@router.get("/{report_id}/shares")
async def list_report_shares(report_id: UUID, db: TenantDb, _: Analyst) -> list[ShareOut]:
    """List the links to a report, newest first, with how often each was opened."""
    return await sharing.shares_of(db, report_id)


@router.post("/{report_id}/shares", status_code=201)
async def share_report(report_id: UUID, wish: NewShare, db: TenantDb, caller: Analyst) -> ShareMade:
    """Make a link that opens this report without signing in. Its address is told this once."""
    return await sharing.share_report(db, caller, report_id, wish)


@router.delete("/{report_id}/shares/{share_id}", status_code=204)
async def take_back_report_share(report_id: UUID, share_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """End a link now."""
    await sharing.take_back(db, caller, report_id, share_id)
