"""An organization's people, keys and book of deeds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlalchemy import delete, select, tuple_

from brandhound.core.clock import now
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.pages import Page, from_cursor, page_of
from brandhound.core.problems import NotThere
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.identity.errors import NotSignedIn
from brandhound.identity.keys import add_key, scope_allows
from brandhound.identity.models import ApiKey
from brandhound.tenancy.asking_again import MEMBERS
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Admin, Owner, TenantDb, Viewer
from brandhound.tenancy.errors import AboveYourRole, EndsBeforeItBegins, OutlivesItsMaker, OutOfScope, UnknownScope
from brandhound.tenancy.inviting import change_role, invite, members_of, remove_member, withdraw
from brandhound.tenancy.models import AuditEntry, Invitation, Organization
from brandhound.tenancy.organizing import SYSTEM_ORGANIZATION, add_organization, check_time_zone, organizations_of
from brandhound.tenancy.people import Caller, names_of, user_by_id
from brandhound.tenancy.roles import role_of
from brandhound.tenancy.routes.parts import parts_of
from brandhound.tenancy.schemas import (
    AuditEntryOut,
    InvitationMade,
    InvitationOut,
    KeyMade,
    KeyOut,
    MemberOut,
    NewInvitation,
    NewKey,
    NewOrganization,
    OrganizationChange,
    OrganizationOut,
    RoleChange,
)

router = APIRouter(tags=["organization"])


@router.get("/api/organizations")
async def list_organizations(caller: Viewer) -> list[OrganizationOut]:
    """The organizations of the signed-in user."""
    if caller.user_id is None:
        raise NotSignedIn
    return [_organization(organization, role) for organization, role in await organizations_of(caller.user_id)]


@router.post("/api/organizations", status_code=201)
async def create_organization(new: NewOrganization, caller: Owner) -> OrganizationOut:
    """Make a further organization, kept apart from all others; whoever makes it owns it."""
    user = await user_by_id(caller.user_id) if caller.user_id else None
    if user is None:
        raise NotSignedIn
    async with system_session() as db:
        made = await add_organization(db, new.name, new.time_zone, owner=user)
    # Its own book begins with this; nobody else's tells that there is such an organization.
    async with tenant_session(made.id) as db:
        facts: dict[str, object] = {"name": made.name, "time_zone": made.time_zone}
        await record(db, caller, "organization.made", "organization", made.id, facts)
    return _organization(made, "owner")


@router.patch("/api/organization")
async def change_organization(change: OrganizationChange, db: TenantDb, caller: Admin) -> OrganizationOut:
    """Rename the organization, or count its days in another zone."""
    organization = await db.get(Organization, caller.organization_id)
    if organization is None:
        raise NotThere("organization")
    if change.name is not None:
        organization.name = change.name
    if change.time_zone is not None:
        organization.time_zone = check_time_zone(change.time_zone)
    await record(
        db, caller, "organization.changed", "organization", organization.id, change.model_dump(exclude_none=True)
    )
    return _organization(organization, caller.role.word)


@router.get("/api/members")
async def list_members(caller: Viewer) -> list[MemberOut]:
    """Everybody in the organization."""
    return [MemberOut.model_validate(person) for person in await members_of(caller.organization_id)]


@router.patch("/api/members/{member_id}", status_code=204)
async def change_member(member_id: UUID, change: RoleChange, db: TenantDb, caller: Admin) -> None:
    """Give a member another role, at most one's own."""
    about = await _about(caller, member_id)
    await change_role(db, caller, member_id, role_of(change.role))
    facts = {**about, "role": change.role, "role_before": about.get("role")}
    await record(db, caller, "members.role-changed", "member", member_id, facts)
    publish(db, MEMBERS, member_id)


@router.delete("/api/members/{member_id}", status_code=204)
async def remove_from_organization(member_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Take a member out of the organization. The account stays."""
    about = await _about(caller, member_id)
    await remove_member(db, caller, member_id)
    await record(db, caller, "members.removed", "member", member_id, about)
    publish(db, MEMBERS, member_id)


@router.get("/api/invitations")
async def list_invitations(db: TenantDb, _: Admin) -> list[InvitationOut]:
    """Invitations that wait for an answer."""
    waiting = select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.expires_at > now())
    return [InvitationOut.model_validate(row) for row in await db.scalars(waiting.order_by(Invitation.created_at))]


@router.post("/api/invitations", status_code=201)
async def invite_member(new: NewInvitation, request: Request, db: TenantDb, caller: Admin) -> InvitationMade:
    """Invite somebody. The link is shown once; it is sent by whoever invites."""
    invitation, secret = await invite(db, caller, str(new.email), role_of(new.role))
    await record(
        db, caller, "members.invited", "invitation", invitation.id, {"email": invitation.email, "role": new.role}
    )
    base = settings().public_url or str(request.base_url).rstrip("/")
    return InvitationMade(
        **InvitationOut.model_validate(invitation).model_dump(),
        link=f"{base}/invitation/{secret}",
    )


@router.delete("/api/invitations/{invitation_id}", status_code=204)
async def withdraw_invitation(invitation_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Take an invitation back before it is answered."""
    invitation = await db.get(Invitation, invitation_id)
    facts: dict[str, object] = {"email": invitation.email, "role": invitation.role} if invitation else {}
    await withdraw(db, invitation_id)
    await record(db, caller, "members.invitation-withdrawn", "invitation", invitation_id, facts)


@router.get("/api/keys")
async def list_keys(db: TenantDb, _: Admin) -> list[KeyOut]:
    """API keys of the organization, without their secrets."""
    keys = (await db.scalars(select(ApiKey).order_by(ApiKey.created_at))).all()
    names = await names_of(key.created_by for key in keys)
    return [_key(key, names) for key in keys]


@router.get("/api/keys/parts")
async def list_key_parts(request: Request, _: Admin) -> list[str]:
    """The parts of the product that a key's scopes can name, beside `*` for all of them."""
    return parts_of(request.app)


@router.post("/api/keys", status_code=201)
async def create_key(new: NewKey, request: Request, db: TenantDb, caller: Admin) -> KeyMade:
    """Make a key for a program. Its secret is in this answer and nowhere else."""
    if role_of(new.role) > caller.role:
        raise AboveYourRole
    parts = ("*", *parts_of(request.app))
    for scope in new.scopes:
        part, _, verb = scope.partition(":")
        if verb not in ("read", "write") or part not in parts:
            raise UnknownScope(scope=scope)
    if new.expires_at is not None and new.expires_at <= now():
        raise EndsBeforeItBegins
    await _check_within(db, caller, new)
    key, secret = await add_key(
        db, new.name, new.role, new.scopes, created_by=caller.user_id, expires_at=new.expires_at
    )
    await record(db, caller, "keys.made", "key", key.id, {"name": key.name, "role": key.role, "scopes": key.scopes})
    return KeyMade(**_key(key, await names_of([key.created_by])).model_dump(), secret=secret)


@router.delete("/api/keys/{key_id}", status_code=204)
async def remove_key(key_id: UUID, db: TenantDb, caller: Admin) -> None:
    """End a key at once."""
    gone = await db.scalar(delete(ApiKey).where(ApiKey.id == key_id).returning(ApiKey))
    if gone is None:
        raise NotThere("key")
    facts: dict[str, object] = {"name": gone.name, "role": gone.role, "scopes": gone.scopes}
    await record(db, caller, "keys.removed", "key", key_id, facts)
    publish(db, MEMBERS, key_id)


@router.get("/api/audit")
async def list_audit(
    db: TenantDb, _: Admin, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Page[AuditEntryOut]:
    """Who did what, newest first."""
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(*from_cursor(cursor, datetime, UUID)))
    rows = (await db.scalars(query)).all()
    names = await names_of(row.user_id for row in rows)
    entries = [
        AuditEntryOut.model_validate(row).model_copy(
            update={"user_name": names.get(row.user_id) if row.user_id else None}
        )
        for row in rows
    ]
    return page_of(entries, limit, lambda entry: (entry.at, entry.id))


async def _about(caller: Caller, member_id: UUID) -> dict[str, object]:
    """Who a member is, for the book: afterwards nobody could say any more. Empty for none."""
    for one in await members_of(caller.organization_id):
        if one.id == member_id:
            return {"user_id": str(one.user_id), "email": one.email, "role": one.role}
    return {}


async def _check_within(db: Db, caller: Caller, new: NewKey) -> None:
    """A key gives no more than it has, nor for longer. Raises OutOfScope or OutlivesItsMaker."""
    if caller.key_id is None:
        return
    for scope in new.scopes:
        part, _, verb = scope.partition(":")
        if not scope_allows(caller.scopes or (), part, write=verb == "write"):
            raise OutOfScope(scope)
    until = (await db.get_one(ApiKey, caller.key_id)).expires_at
    if until is not None and (new.expires_at is None or new.expires_at > until):
        raise OutlivesItsMaker(until=until.isoformat())


def _key(key: ApiKey, names: Mapping[UUID, str]) -> KeyOut:
    made_by = names.get(key.created_by) if key.created_by else None
    return KeyOut.model_validate(key).model_copy(update={"made_by": made_by})


def _organization(organization: Organization, role: str) -> OrganizationOut:
    return OrganizationOut.model_validate(
        {
            "id": organization.id,
            "name": organization.name,
            "time_zone": organization.time_zone,
            "role": role,
            "is_installation": organization.id == SYSTEM_ORGANIZATION,
        }
    )
