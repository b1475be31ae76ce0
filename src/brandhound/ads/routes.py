"""Ad accounts over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from brandhound.ads.queries import account_by_id, all_accounts, links_of
from brandhound.ads.schemas import AdAccountList, AdAccountOut
from brandhound.ads.showing import shown_account
from brandhound.core import clock
from brandhound.tenancy.callers import TenantDb, Viewer

router = APIRouter(prefix="/api/ad-accounts", tags=["ad-accounts"])


@router.get("")
async def list_ad_accounts(db: TenantDb, _: Viewer) -> AdAccountList:
    """All ad accounts with the brands they serve, by name."""
    links, now = await links_of(db), clock.now()
    return AdAccountList(
        items=[shown_account(account, links.get(account.id, []), now) for account in await all_accounts(db)]
    )


@router.get("/{account_id}")
async def read_ad_account(account_id: UUID, db: TenantDb, _: Viewer) -> AdAccountOut:
    """One ad account."""
    account = await account_by_id(db, account_id)
    return shown_account(account, (await links_of(db, [account.id])).get(account.id, []), clock.now())
