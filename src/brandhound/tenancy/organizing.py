"""Making organizations, starting with the first one."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from brandhound.core.db import SYSTEM_ORGANIZATION, Db
from brandhound.core.system import system_session
from brandhound.identity.models import User
from brandhound.identity.signing_in import add_user, open_session, use_setup_token
from brandhound.tenancy.errors import UnknownTimeZone
from brandhound.tenancy.models import Member, Organization
from brandhound.tenancy.people import memberships_of
from brandhound.tenancy.roles import Role


@dataclass(frozen=True)
class NewAdministrator:
    """What the first visitor says."""

    email: str
    name: str
    password: str
    organization_name: str
    time_zone: str


def check_time_zone(name: str) -> str:
    """The name back. Raises UnknownTimeZone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZone from error
    return name


async def set_up(setup_token: str, new: NewAdministrator, *, user_agent: str) -> str:
    """Make the administrator with their organization, and sign them in; returns the cookie's secret.

    Raises BadSetupLink, SetupIsOver, WeakPassword, UnknownTimeZone.
    """
    check_time_zone(new.time_zone)
    async with system_session() as db:
        await use_setup_token(db, setup_token)
        user = await add_user(db, new.email, new.name, new.password)
        organization = await add_organization(db, new.organization_name, new.time_zone, owner=user)
        # This makes them an operator; and so they see the work that belongs to no organization.
        db.add(Member(organization_id=SYSTEM_ORGANIZATION, user_id=user.id, role=Role.OWNER.word))
        return await open_session(db, user.id, user_agent=user_agent, organization_id=organization.id)


async def add_organization(db: Db, name: str, time_zone: str, *, owner: User) -> Organization:
    """A new organization with its owner, in a system session. Raises UnknownTimeZone."""
    organization = Organization(name=name.strip(), time_zone=check_time_zone(time_zone))
    db.add(organization)
    await db.flush()
    db.add(Member(organization_id=organization.id, user_id=owner.id, role=Role.OWNER.word))
    await db.flush()
    return organization


async def organizations_of(user_id: UUID) -> list[tuple[Organization, str]]:
    """The organizations of a user with the role in each."""
    async with system_session() as db:
        return [(row.Organization, row.Member.role) for row in await db.execute(memberships_of(user_id))]


async def time_zone_of(db: Db, organization_id: UUID) -> str:
    """The zone in which the organization counts its days."""
    zone = await db.scalar(select(Organization.time_zone).where(Organization.id == organization_id))
    return zone or "UTC"
