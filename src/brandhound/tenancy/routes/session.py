"""Signing in, setting up, accepting invitations."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response

from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.identity.errors import NotSignedIn
from brandhound.identity.models import User
from brandhound.identity.signing_in import email_key, is_set_up, look_at, sign_in, sign_out
from brandhound.tenancy.callers import COOKIE, Caller, current_caller
from brandhound.tenancy.errors import NoOrganization
from brandhound.tenancy.inviting import accept_as_newcomer, accept_signed_in, open_invitation
from brandhound.tenancy.organizing import SYSTEM_ORGANIZATION, NewAdministrator, organizations_of, set_up
from brandhound.tenancy.people import caller_by_cookie, user_by_id
from brandhound.tenancy.schemas import (
    Acceptance,
    ChosenOrganization,
    InvitationPreview,
    OrganizationOut,
    SessionOut,
    SetupIn,
    SetupOut,
    SignInIn,
    UserOut,
)

router = APIRouter(tags=["session"])

SignedIn = Annotated[Caller, Depends(current_caller)]


@router.get("/api/session")
async def read_session(caller: SignedIn) -> SessionOut:
    """Who is signed in, and where they are."""
    return await _session(caller)


@router.post("/api/session", status_code=201)
async def sign_in_to_session(attempt: SignInIn, request: Request, response: Response) -> SessionOut:
    """Sign in. Failures make the next attempt wait."""
    agent = request.headers.get("user-agent", "")
    _, secret = await sign_in(attempt.email, attempt.password, network=_network(request), user_agent=agent)
    return await _signed_in(request, response, secret)


@router.delete("/api/session", status_code=204)
async def sign_out_of_session(request: Request, response: Response) -> None:
    """Sign out. Safe to repeat."""
    if secret := request.cookies.get(COOKIE):
        await sign_out(secret)
    response.delete_cookie(COOKIE, path="/")


@router.put("/api/session/organization")
async def choose_organization(choice: ChosenOrganization, request: Request, caller: SignedIn) -> SessionOut:
    """Look at another organization of one's own."""
    secret = request.cookies.get(COOKIE)
    if caller.user_id is None or secret is None:
        raise NotSignedIn
    if choice.organization_id not in {organization.id for organization, _ in await organizations_of(caller.user_id)}:
        raise NoOrganization
    await look_at(secret, choice.organization_id)
    return await _session(await caller_by_cookie(secret))


@router.get("/api/setup")
async def read_setup() -> SetupOut:
    """Whether the installation still waits for its administrator."""
    async with system_session() as db:
        return SetupOut(needed=not await is_set_up(db))


@router.post("/api/setup", status_code=201)
async def set_up_installation(new: SetupIn, request: Request, response: Response) -> SessionOut:
    """Make the administrator and the first organization, by the one-time link that the start printed."""
    administrator = NewAdministrator(
        email=str(new.email),
        name=new.name,
        password=new.password,
        organization_name=new.organization_name,
        time_zone=new.time_zone,
    )
    secret = await set_up(new.token, administrator, user_agent=request.headers.get("user-agent", ""))
    return await _signed_in(request, response, secret)


@router.get("/api/invitations/by-token/{token}")
async def read_invitation(token: str) -> InvitationPreview:
    """What an invitation says to whoever opens its link."""
    from sqlalchemy import select

    async with system_session() as db:
        invitation, organization = await open_invitation(db, token)
        known = await db.scalar(select(User.id).where(User.email_key == email_key(invitation.email))) is not None
        return InvitationPreview.model_validate(
            {
                "organization_name": organization.name,
                "email": invitation.email,
                "role": invitation.role,
                "known": known,
            }
        )


@router.post("/api/invitations/by-token/{token}/acceptance", status_code=201)
async def accept_invitation(token: str, answer: Acceptance, request: Request, response: Response) -> SessionOut:
    """Become a member: as a new user, or with the password of the account that exists."""
    agent = request.headers.get("user-agent", "")
    secret = await accept_as_newcomer(token, answer.name, answer.password, network=_network(request), user_agent=agent)
    return await _signed_in(request, response, secret)


@router.put("/api/invitations/by-token/{token}/acceptance")
async def accept_invitation_signed_in(token: str, request: Request, caller: SignedIn) -> SessionOut:
    """Become a member as the signed-in user, whose address must be the invited one."""
    secret = request.cookies.get(COOKIE)
    if caller.user_id is None or secret is None:
        raise NotSignedIn
    await look_at(secret, await accept_signed_in(token, caller.user_id))
    return await _session(await caller_by_cookie(secret))


def _network(request: Request) -> str:
    return request.client.host if request.client else ""


async def _signed_in(request: Request, response: Response, secret: str) -> SessionOut:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=settings().session_days * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or urlsplit(settings().public_url).scheme == "https",
    )
    return await _session(await caller_by_cookie(secret))


async def _session(caller: Caller) -> SessionOut:
    user = await user_by_id(caller.user_id) if caller.user_id else None
    if user is None:
        raise NotSignedIn
    organizations = [
        OrganizationOut.model_validate(
            {
                "id": organization.id,
                "name": organization.name,
                "time_zone": organization.time_zone,
                "role": role,
                "is_installation": organization.id == SYSTEM_ORGANIZATION,
            }
        )
        for organization, role in await organizations_of(user.id)
    ]
    here = next(o for o in organizations if o.id == caller.organization_id)
    me = UserOut(id=user.id, name=user.name, email=user.email, operator=user.operator)
    return SessionOut(user=me, organization=here, organizations=organizations)
