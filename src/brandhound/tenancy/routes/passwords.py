"""Forgotten passwords and new ones."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from brandhound.core.clock import now
from brandhound.core.networks import network_of
from brandhound.core.settings import settings
from brandhound.identity.resetting import LASTS
from brandhound.tenancy.callers import Admin, TenantDb, current_visit
from brandhound.tenancy.people import Visit
from brandhound.tenancy.resetting import choose_password, make_link_for, person_of_link, take_new_password
from brandhound.tenancy.schemas import NewPassword, PasswordChange, ResetLinkMade, ResetPreview

router = APIRouter(tags=["session"])


@router.put("/api/session/password", status_code=204)
async def change_own_password(
    change: PasswordChange, request: Request, visit: Annotated[Visit, Depends(current_visit)]
) -> None:
    """Take a new password in place of the present one. One's other sessions end; API keys stay."""
    network = network_of(request.client, request.headers.getlist("x-forwarded-for"))
    await take_new_password(visit, change.present, change.new, network=network)


@router.post("/api/members/{member_id}/reset-link", status_code=201, tags=["organization"])
async def make_reset_link_for_member(member_id: UUID, request: Request, db: TenantDb, caller: Admin) -> ResetLinkMade:
    """Make a link by which a member chooses a new password. It is shown once; it is sent by whoever made it."""
    ends = now() + LASTS
    secret = await make_link_for(db, caller, member_id)
    base = settings().public_url or str(request.base_url).rstrip("/")
    return ResetLinkMade(link=f"{base}/reset/{secret}", expires_at=ends)


@router.get("/api/password-resets/{token}")
async def read_password_reset(token: str) -> ResetPreview:
    """Whose password a link is about, for whoever opens it."""
    return ResetPreview.model_validate(await person_of_link(token))


@router.post("/api/password-resets/{token}", status_code=204)
async def reset_password(token: str, new: NewPassword) -> None:
    """Choose a new password by the link, which then is over. Every session of that person ends; API keys stay."""
    await choose_password(token, new.password)
