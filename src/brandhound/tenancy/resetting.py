"""Who may make a link by which somebody else chooses a new password, and what the books tell of new passwords.

Whoever has the link can sign in as that person. So it may open nothing that its maker could not open.
"""

from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import SYSTEM_ORGANIZATION, Db, tenant_session
from brandhound.core.problems import NotThere
from brandhound.core.system import system_session
from brandhound.identity.errors import BadResetLink, NotSignedIn
from brandhound.identity.models import PasswordReset, User
from brandhound.identity.passwords import check_strength, hash_password
from brandhound.identity.resetting import change_password, make_reset_link, open_reset_link, use_reset_link
from brandhound.identity.signing_in import email_key
from brandhound.tenancy.audit import record
from brandhound.tenancy.errors import NotYoursToReset, OwnPassword
from brandhound.tenancy.models import Member
from brandhound.tenancy.people import Caller, Visit
from brandhound.tenancy.roles import Role, role_of


async def make_link_for(db: Db, caller: Caller, member_id: UUID) -> str:
    """The secret of a link for a member of the caller's organization, noted in its book.

    Raises NotThere, OwnPassword, NotYoursToReset, and NotSignedIn for a program: it is no administrator of anything.
    """
    member = await db.scalar(select(Member).where(Member.id == member_id))
    if member is None:
        raise NotThere("member")
    if caller.user_id is None:
        raise NotSignedIn
    if member.user_id == caller.user_id:
        raise OwnPassword
    async with system_session() as system:
        user = await system.get_one(User, member.user_id)
        if not await _reaches_all_of(system, caller.user_id, user.id, caller.organization_id):
            raise NotYoursToReset
        secret = await make_reset_link(system, user.id, made_by=caller.user_id, made_in=caller.organization_id)
    await record(db, caller, "members.reset-link-made", "member", member.id, {"email": user.email})
    return secret


async def make_link_on_the_machine(email: str) -> str | None:
    """The secret of a link for anybody, noted in the installation's own book; None if nobody has that address."""
    async with system_session() as db:
        wanted = select(User).where(User.email_key == email_key(email), User.disabled_at.is_(None))
        user = await db.scalar(wanted)
        if user is None:
            return None
        secret = await make_reset_link(db, user.id, made_by=None, made_in=SYSTEM_ORGANIZATION)
    await _note(SYSTEM_ORGANIZATION, None, "members.reset-link-made", user)
    return secret


async def person_of_link(secret: str) -> User:
    """Whose password a link is about. Raises BadResetLink."""
    async with system_session() as db:
        _, user = await _still_good(db, secret)
        return user


async def choose_password(secret: str, password: str) -> None:
    """Spend a link for a new password; every session of the person ends. Raises BadResetLink, WeakPassword."""
    user = await person_of_link(secret)
    check_strength(password, user.email)
    password_hash = await hash_password(password)
    async with system_session() as db:
        link, user = await _still_good(db, secret)
        await use_reset_link(db, link, user, password_hash)
    await _note(link.made_in, user.id, "members.password-reset", user)


async def take_new_password(visit: Visit, present: str, new: str, *, network: str) -> None:
    """Change one's own password; one's other sessions end. Raises NotYourPassword, WeakPassword or TooManyRequests."""
    await change_password(visit.user, present, new, network=network, session=visit.secret)
    if visit.organization_id:
        await _note(visit.organization_id, visit.user.id, "members.password-changed", visit.user)


async def _still_good(db: Db, secret: str) -> tuple[PasswordReset, User]:
    """An open link whose maker may still make it: in an hour people join, leave and rise. Raises BadResetLink."""
    link, user = await open_reset_link(db, secret)
    if link.made_by is not None and not await _reaches_all_of(db, link.made_by, user.id, link.made_in):
        raise BadResetLink
    return link, user


async def _reaches_all_of(db: Db, maker_id: UUID, user_id: UUID, organization_id: UUID) -> bool:
    """Whether the maker is an administrator, with no lesser role, everywhere that the person belongs, and so here."""
    maker, theirs = await _roles_of(db, maker_id), await _roles_of(db, user_id)
    reached = all(maker.get(place, Role.GUEST) >= max(role, Role.ADMIN) for place, role in theirs.items())
    return organization_id in theirs and reached


async def _roles_of(db: Db, user_id: UUID) -> dict[UUID, Role]:
    rows = await db.execute(
        select(Member.organization_id, Member.role)
        .join(User, User.id == Member.user_id)
        .where(Member.user_id == user_id, User.disabled_at.is_(None))
    )
    return {row.organization_id: role_of(row.role) for row in rows}


async def _note(organization_id: UUID, user_id: UUID | None, action: str, user: User) -> None:
    """Write it into a book, which its organization alone can do: so after the deed."""
    whoever = Caller(organization_id, Role.GUEST, "UTC", user_id)
    async with tenant_session(organization_id) as db:
        await record(db, whoever, action, "user", user.id, {"email": user.email})
