"""Ad accounts and the brands they serve."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.ads.ending import disconnect, make_primary, unmap
from brandhound.ads.looking_again import look_again
from brandhound.ads.queries import account_by_id, all_accounts
from brandhound.ads.schemas import AdAccountList, AdAccountOut
from brandhound.ads.showing import shown_accounts
from brandhound.core.db import Db, tenant_session
from brandhound.tenancy.callers import Admin, Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/ad-accounts", tags=["ad-accounts"])


@router.get("")
async def list_ad_accounts(db: TenantDb, _: Viewer) -> AdAccountList:
    """All ad accounts with the brands they serve, by name."""
    return AdAccountList(items=await shown_accounts(db, await all_accounts(db)))


@router.get("/{account_id}")
async def read_ad_account(account_id: UUID, db: TenantDb, _: Viewer) -> AdAccountOut:
    """One ad account."""
    return await _shown(db, account_id)


@router.post("/connections/{connection_id}/looks")
async def look_at_ad_connection(connection_id: UUID, caller: Admin) -> AdAccountOut:
    """Ask Meta anew whether a connection that waits for somebody reads its account, with the token that is there."""
    account_id = await look_again(caller, connection_id)
    async with tenant_session(caller.organization_id) as db:
        return await _shown(db, account_id)


@router.delete("/connections/{connection_id}")
async def disconnect_ad_account(connection_id: UUID, db: TenantDb, caller: Admin) -> AdAccountOut:
    """Delete a connection's token. The mapping and all figures stay; it can be connected again."""
    return await _shown(db, await disconnect(db, caller, connection_id))


@router.delete("/{account_id}/brands/{brand_id}", status_code=204)
async def unmap_ad_account(account_id: UUID, brand_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Take an account out of a brand's service. Its figures stay with the account."""
    await unmap(db, caller, account_id, brand_id)


@router.put("/{account_id}/brands/{brand_id}/primary")
async def make_ad_account_primary(account_id: UUID, brand_id: UUID, db: TenantDb, _: Analyst) -> AdAccountOut:
    """Make an account the brand's first one."""
    await make_primary(db, account_id, brand_id)
    return await _shown(db, account_id)


async def _shown(db: Db, account_id: UUID) -> AdAccountOut:
    return (await shown_accounts(db, [await account_by_id(db, account_id)]))[0]
