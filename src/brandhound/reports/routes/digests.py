"""Addresses of one's own digest."""

from fastapi import APIRouter

from brandhound.reports import choosing_digests
from brandhound.reports.sending_schemas import DigestIn, DigestOut
from brandhound.tenancy.callers import TenantDb, Viewer

router = APIRouter(prefix="/api/reports", tags=["reports"])


@router.get("/digest")
async def read_report_digest(db: TenantDb, caller: Viewer) -> DigestOut:
    """Whether and when one gets the digest."""
    return await choosing_digests.digest_of(db, caller)


@router.put("/digest")
async def choose_report_digest(wish: DigestIn, db: TenantDb, caller: Viewer) -> DigestOut:
    """Get the digest on these days, or no more."""
    return await choosing_digests.choose_digest(db, caller, wish)


@router.post("/digest/test", status_code=202)
async def test_report_digest(db: TenantDb, caller: Viewer) -> DigestOut:
    """Send one's own digest now, with what the last day brought, even if that is nothing."""
    return await choosing_digests.send_now(db, caller)
