"""Signing in, setting up, accepting invitations."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import func, select

from brandhound.core.db import tenant_session
from brandhound.core.models import LiveEvent
from brandhound.core.networks import network_of
from brandhound.core.problems import NotThere
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.identity.models import User
from brandhound.identity.signing_in import email_key, is_set_up, look_at, outlasts_cookie, sign_in, sign_out
from brandhound.tenancy.callers import COOKIE, MEANT_FOR, current_visit
from brandhound.tenancy.inviting import accept_as_newcomer, accept_signed_in, open_invitation
from brandhound.tenancy.organizing import SYSTEM_ORGANIZATION, NewAdministrator, set_up
from brandhound.tenancy.people import Place, Visit, check_meant_for, visit_by_cookie
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

SignedIn = Annotated[Visit, Depends(current_visit)]


@router.get("/api/session")
async def read_session(request: Request, response: Response, visit: SignedIn) -> SessionOut:
    """Who is signed in, and where they are; who was taken out of where they were moves on."""
    if visit.left:
        visit = await visit_by_cookie(visit.secret, move_on=True)
    check_meant_for(request.headers.get(MEANT_FOR), visit.organization_id)
    if await outlasts_cookie(visit.secret):
        _keep(request, response, visit.secret)
    return await _session(visit)


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
async def choose_organization(choice: ChosenOrganization, visit: SignedIn) -> SessionOut:
    """Look at another organization of one's own."""
    if choice.organization_id not in {place.organization.id for place in visit.places}:
        raise NotThere("organization")
    await look_at(visit.secret, choice.organization_id)
    return await _session(await visit_by_cookie(visit.secret, move_on=True))


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
async def accept_invitation_signed_in(token: str, visit: SignedIn) -> SessionOut:
    """Become a member as the signed-in user, whose address must be the invited one."""
    await look_at(visit.secret, await accept_signed_in(token, visit.user.id))
    return await _session(await visit_by_cookie(visit.secret, move_on=True))


def _network(request: Request) -> str:
    return network_of(request.client, request.headers.getlist("x-forwarded-for"))


async def _signed_in(request: Request, response: Response, secret: str) -> SessionOut:
    _keep(request, response, secret)
    return await _session(await visit_by_cookie(secret, move_on=True))


def _keep(request: Request, response: Response, secret: str) -> None:
    """Let the browser keep the cookie as long as the session lasts from now on."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=settings().session_days * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or urlsplit(settings().public_url).scheme == "https",
    )


async def _session(visit: Visit) -> SessionOut:
    user = visit.user
    last_change = 0
    if visit.here:
        async with tenant_session(visit.here.organization.id) as db:
            last_change = await db.scalar(select(func.max(LiveEvent.id))) or 0
    return SessionOut(
        user=UserOut(id=user.id, name=user.name, email=user.email, operator=visit.operator),
        organization=_place(visit.here) if visit.here else None,
        organizations=[_place(place) for place in visit.places],
        last_change=last_change,
    )


def _place(place: Place) -> OrganizationOut:
    return OrganizationOut.model_validate(
        {
            "id": place.organization.id,
            "name": place.organization.name,
            "time_zone": place.organization.time_zone,
            "role": place.role.word,
            "is_installation": place.organization.id == SYSTEM_ORGANIZATION,
        }
    )
