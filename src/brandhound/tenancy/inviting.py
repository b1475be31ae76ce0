"""Members: invited by a link, given roles, taken out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.clock import now
from brandhound.core.db import Db, organization_of, tenant_session
from brandhound.core.problems import NotThere
from brandhound.core.secrets import fingerprint, token
from brandhound.core.system import system_session
from brandhound.identity.models import User
from brandhound.identity.signing_in import add_user, authenticate, email_key, hold_password, open_session
from brandhound.tenancy.audit import record
from brandhound.tenancy.errors import AboveYourRole, AlreadyMember, BadInvitation, LastOwner
from brandhound.tenancy.models import Invitation, Member, Organization
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role, role_of

LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Person:
    """A member as others see them."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: str
    created_at: datetime


async def members_of(organization_id: UUID) -> list[Person]:
    """Everybody in the organization, by name."""
    async with system_session() as db:
        rows = await db.execute(
            select(Member, User)
            .join(User, User.id == Member.user_id)
            .where(Member.organization_id == organization_id)
            .order_by(User.name, Member.id)
        )
        return [
            Person(r.Member.id, r.User.id, r.User.name, r.User.email, r.Member.role, r.Member.created_at) for r in rows
        ]


async def invite(db: Db, caller: Caller, email: str, role: Role) -> tuple[Invitation, str]:
    """An invitation and the secret of its link. Raises AboveYourRole or AlreadyMember."""
    _check_not_above(caller, role)
    async with system_session() as system:
        invited = await system.scalar(select(User.id).where(User.email_key == email_key(email)))
        if invited and (already := await _role_of(system, caller.organization_id, invited)):
            raise AlreadyMember(already)
    secret = token()
    invitation = Invitation(
        email=email.strip(),
        role=role.word,
        token_hash=fingerprint(secret),
        invited_by=caller.user_id,
        created_at=now(),
        expires_at=now() + LASTS,
    )
    db.add(invitation)
    await db.flush()
    return invitation, secret


async def open_invitation(db: Db, secret: str) -> tuple[Invitation, Organization]:
    """The invitation behind a link, in a system session. Raises BadInvitation."""
    found = (
        await db.execute(
            select(Invitation, Organization)
            .join(Organization, Organization.id == Invitation.organization_id)
            .where(
                Invitation.token_hash == fingerprint(secret),
                Invitation.accepted_at.is_(None),
                Invitation.expires_at > now(),
            )
            .with_for_update(of=Invitation)
        )
    ).first()
    if found is None:
        raise BadInvitation
    return found.Invitation, found.Organization


async def accept_as_newcomer(secret: str, name: str, password: str, *, network: str, user_agent: str) -> str:
    """Make (or, with their password, recognize) the invited user, make them a member and sign them in.

    Returns the cookie's secret. Raises BadInvitation, WeakPassword, AlreadyMember, or as `authenticate` does when somebody with
    that address exists: who makes invitations must not be able to guess passwords with them.
    """
    async with system_session() as db:
        invitation, _ = await open_invitation(db, secret)
        email = invitation.email
        known = await db.scalar(select(User.id).where(User.email_key == email_key(email)))
    user = await authenticate(email, password, network=network) if known else None
    async with system_session() as db:
        invitation, organization = await open_invitation(db, secret)
        if user is not None:
            await hold_password(db, user)
        user_id = (user or await add_user(db, email, name or email, password)).id
        await _join(db, invitation, user_id)
        secret_of_session = await open_session(db, user_id, user_agent=user_agent, organization_id=organization.id)
    await _record_joined(invitation, user_id, organization)
    return secret_of_session


async def accept_signed_in(secret: str, user_id: UUID) -> UUID:
    """Make the signed-in user a member; returns the organization. Raises BadInvitation or AlreadyMember."""
    async with system_session() as db:
        invitation, organization = await open_invitation(db, secret)
        user = await db.get(User, user_id)
        if user is None or user.email_key != email_key(invitation.email):
            raise BadInvitation
        await _join(db, invitation, user.id)
    await _record_joined(invitation, user_id, organization)
    return organization.id


async def change_role(db: Db, caller: Caller, member_id: UUID, role: Role) -> Member:
    """Raises NotThere, AboveYourRole, LastOwner."""
    await _one_at_a_time(db)
    member = await _member(db, member_id)
    _check_not_above(caller, role)
    _check_not_above(caller, role_of(member.role))
    if role != Role.OWNER:
        await _keep_an_owner(db, member)
    member.role = role.word
    await db.flush()
    return member


async def remove_member(db: Db, caller: Caller, member_id: UUID) -> Member:
    """Raises NotThere, AboveYourRole, LastOwner."""
    await _one_at_a_time(db)
    member = await _member(db, member_id)
    if member.user_id != caller.user_id:
        _check_not_above(caller, role_of(member.role))
    await _keep_an_owner(db, member)
    await db.delete(member)
    await db.flush()
    return member


async def withdraw(db: Db, invitation_id: UUID) -> None:
    """Take an invitation back. Raises NotThere."""
    gone = await db.execute(
        delete(Invitation)
        .where(Invitation.id == invitation_id, Invitation.accepted_at.is_(None))
        .returning(Invitation.id)
    )
    if gone.first() is None:
        raise NotThere("invitation")


async def _join(db: Db, invitation: Invitation, user_id: UUID) -> None:
    """Make them a member, which uses the invitation up. Raises AlreadyMember."""
    owner = invitation.organization_id
    joined = await db.execute(
        insert(Member)
        .values(organization_id=owner, user_id=user_id, role=invitation.role)
        .on_conflict_do_nothing(index_elements=[Member.organization_id, Member.user_id])
        .returning(Member.id)
    )
    if joined.first() is None:
        raise AlreadyMember(await _role_of(db, owner, user_id) or role_of(invitation.role))
    invitation.accepted_at = now()
    await db.flush()


async def _role_of(db: Db, organization_id: UUID, user_id: UUID) -> Role | None:
    """What they are in the organization, in a system session; None for whoever is no member."""
    mine = Member.organization_id == organization_id, Member.user_id == user_id
    word = await db.scalar(select(Member.role).where(*mine))
    return role_of(word) if word else None


async def _record_joined(invitation: Invitation, user_id: UUID, organization: Organization) -> None:
    """Note who has come in. The book can be written by its organization alone, so this is done after they did."""
    caller = Caller(organization.id, role_of(invitation.role), organization.time_zone, user_id)
    async with tenant_session(organization.id) as db:
        await record(
            db,
            caller,
            "members.joined",
            "invitation",
            invitation.id,
            {"email": invitation.email, "role": invitation.role},
        )


async def _one_at_a_time(db: Db) -> None:
    """Let no other change to who belongs to the organization come between: of two owners who step down at once one stays."""
    key = f"tenancy.members:{organization_of(db)}"
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def _member(db: Db, member_id: UUID) -> Member:
    member = await db.scalar(select(Member).where(Member.id == member_id).with_for_update())
    if member is None:
        raise NotThere("member")
    return member


async def _keep_an_owner(db: Db, member: Member) -> None:
    owners = select(func.count()).select_from(Member).where(Member.role == Role.OWNER.word, Member.id != member.id)
    if member.role == Role.OWNER.word and not await db.scalar(owners):
        raise LastOwner


def _check_not_above(caller: Caller, role: Role) -> None:
    if role > caller.role:
        raise AboveYourRole
