"""Who is calling, for which organization, and what they may do there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.identity.errors import BadKey, NotSignedIn
from brandhound.identity.keys import holder_of
from brandhound.identity.models import User
from brandhound.identity.signing_in import remember, session_of
from brandhound.tenancy.errors import NoOrganization, OrganizationLeft
from brandhound.tenancy.models import Member, Organization
from brandhound.tenancy.operating import operates
from brandhound.tenancy.roles import Role, role_of


@dataclass(frozen=True)
class Caller:
    """A person or a program, in one organization."""

    organization_id: UUID
    role: Role
    time_zone: str
    user_id: UUID | None = None
    key_id: UUID | None = None
    scopes: tuple[str, ...] | None = None
    """None for a person, who is bound by the role alone."""
    operator: bool = False


@dataclass(frozen=True)
class Place:
    """An organization that somebody belongs to, and as what."""

    organization: Organization
    role: Role


@dataclass(frozen=True)
class Visit:
    """A browser that is signed in: whose it is, where they belong to, and where they are."""

    secret: str = field(repr=False)
    user: User
    places: list[Place]
    here: Place | None
    left: bool
    """Whether they are nowhere because they were taken out of where they were."""

    @property
    def organization_id(self) -> UUID | None:
        return self.here.organization.id if self.here else None

    @property
    def operator(self) -> bool:
        return any(operates(place.organization.id, place.role) for place in self.places)


async def visit_by_cookie(secret: str, *, move_on: bool = False) -> Visit:
    """The visit behind a session's cookie. Raises NotSignedIn.

    Who has not been anywhere yet is in the first organization that they belong to. Who was taken out of the one they were in is
    nowhere until they move on: what they send was meant for that one, and must not land in another.
    """
    # Written at the end alone: a session that was used may not be held before its person, since a new password takes both.
    async with system_session() as db:
        with db.no_autoflush:
            found = await session_of(db, secret)
            if found is None:
                raise NotSignedIn
            session, user = found
            places = [
                Place(row.Organization, role_of(row.Member.role)) for row in await db.execute(memberships_of(user.id))
            ]
            here = next((place for place in places if place.organization.id == session.organization_id_now), None)
            if here is None and (move_on or session.organization_id_now is None):
                here = places[0] if places else None
                organization_id = here.organization.id if here else None
                await remember(db, user.id, organization_id)
                session.organization_id_now = organization_id
            return Visit(secret, user, places, here, left=here is None and session.organization_id_now is not None)


async def caller_by_cookie(secret: str, *, meant_for: str | None = None) -> Caller:
    """The person behind a session's cookie, in the organization where they are.

    Raises NotSignedIn, NoOrganization, or OrganizationLeft, also when that is not the one which the request is meant for.
    """
    visit = await visit_by_cookie(secret)
    if visit.left:
        raise OrganizationLeft
    check_meant_for(meant_for, visit.organization_id)
    if visit.here is None:
        raise NoOrganization
    return Caller(
        organization_id=visit.here.organization.id,
        role=visit.here.role,
        time_zone=visit.here.organization.time_zone,
        user_id=visit.user.id,
        operator=visit.operator,
    )


def check_meant_for(meant_for: str | None, organization_id: UUID | None) -> None:
    """Let nothing in that says it is meant for another organization than this one. Raises OrganizationLeft."""
    if meant_for is not None and meant_for.lower() != str(organization_id):
        raise OrganizationLeft


def memberships_of(user_id: UUID):
    """Members and organizations of a user, the installation's own organization last."""
    return (
        select(Member, Organization)
        .join(Organization, Organization.id == Member.organization_id)
        .where(Member.user_id == user_id)
        .order_by(Member.organization_id == SYSTEM_ORGANIZATION, Organization.name, Organization.id)
    )


async def caller_by_key(secret: str) -> Caller:
    """The program behind an API key. Raises BadKey or KeyHasEnded."""
    holder = await holder_of(secret)
    if holder is None:
        raise BadKey
    async with system_session() as db:
        organization = await db.get(Organization, holder.organization_id)
    if organization is None:
        raise BadKey
    return Caller(
        organization_id=holder.organization_id,
        role=role_of(holder.role),
        time_zone=organization.time_zone,
        key_id=holder.key_id,
        scopes=holder.scopes,
    )


async def names_of(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What these people are called, members or not: also whoever has left is named in what they did."""
    wanted = {one for one in user_ids if one is not None}
    async with system_session() as db:
        found = await db.execute(select(User.id, User.name).where(User.id.in_(wanted)))
        return dict(found.all())


async def user_by_id(user_id: UUID) -> User | None:
    async with system_session() as db:
        return await db.get(User, user_id)
