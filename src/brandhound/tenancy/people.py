"""Who is calling, for which organization, and what they may do there."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.identity.errors import BadKey, NotSignedIn
from brandhound.identity.keys import holder_of
from brandhound.identity.models import User
from brandhound.identity.signing_in import session_of
from brandhound.tenancy.errors import NoOrganization
from brandhound.tenancy.models import Member, Organization
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


async def caller_by_cookie(secret: str) -> Caller:
    """The person behind a session's cookie.

    Looks at the organization chosen last, else the first they belong to. Raises NotSignedIn or NoOrganization.
    """
    async with system_session() as db:
        found = await session_of(db, secret)
        if found is None:
            raise NotSignedIn
        session, user = found
        memberships = (await db.execute(memberships_of(user.id))).all()
        chosen = next((m for m in memberships if m.Member.organization_id == session.organization_id_now), None)
        chosen = chosen or next((m for m in memberships), None)
        if chosen is None:
            raise NoOrganization
        return Caller(
            organization_id=chosen.Member.organization_id,
            role=role_of(chosen.Member.role),
            time_zone=chosen.Organization.time_zone,
            user_id=user.id,
            operator=user.operator,
        )


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


async def user_by_id(user_id: UUID) -> User | None:
    async with system_session() as db:
        return await db.get(User, user_id)
