"""Links by which clients connect their ad accounts, for those who send them."""

from uuid import UUID

from fastapi import APIRouter, Request

from brandhound.ads import inviting
from brandhound.ads.routes.connecting import here
from brandhound.ads.schemas import ConnectLinkList, ConnectLinkMade, NewConnectLink
from brandhound.tenancy.callers import Admin, TenantDb

router = APIRouter(prefix="/api/ad-accounts/connect-links", tags=["ad-accounts"])


@router.get("")
async def list_connect_links(db: TenantDb, _: Admin, brand_id: UUID | None = None) -> ConnectLinkList:
    """Links by which clients connect, the latest first: of one brand, or of all."""
    return ConnectLinkList(items=await inviting.links_made(db, brand_id))


@router.post("", status_code=201)
async def make_connect_link(wish: NewConnectLink, request: Request, db: TenantDb, caller: Admin) -> ConnectLinkMade:
    """Make a link by which a client connects their ad accounts with a brand, once. Its address is told this once."""
    return await inviting.make_link(db, caller, wish, here(request))


@router.delete("/{link_id}", status_code=204)
async def take_back_connect_link(link_id: UUID, db: TenantDb, caller: Admin) -> None:
    """End a link now."""
    await inviting.take_back(db, caller, link_id)
