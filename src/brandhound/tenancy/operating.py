"""Who runs this installation: the owners and administrators of its own organization, for as long as they are that.

So they are invited, given a role and taken out where all members are: under Settings of the installation's own organization.
"""

from uuid import UUID

from sqlalchemy import Select, select

from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.identity.models import User
from brandhound.tenancy.models import Member
from brandhound.tenancy.roles import Role


def operates(organization_id: UUID, role: Role) -> bool:
    """Whether whoever has that role in that organization runs the installation."""
    return organization_id == SYSTEM_ORGANIZATION and role >= Role.ADMIN


def operator_ids() -> Select[UUID]:
    """The users who run the installation and may sign in. For a system session."""
    roles = [role.word for role in Role if role >= Role.ADMIN]
    return (
        select(User.id)
        .join(Member, Member.user_id == User.id)
        .where(Member.organization_id == SYSTEM_ORGANIZATION, Member.role.in_(roles), User.disabled_at.is_(None))
    )
