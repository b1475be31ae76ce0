"""A new password: by a one-time link for whoever has forgotten theirs, or in place of the old one."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.clock import now
from brandhound.core.db import Db
from brandhound.core.secrets import fingerprint, token
from brandhound.core.system import system_session
from brandhound.identity.errors import BadResetLink, NotYourPassword, WrongPassword
from brandhound.identity.models import PasswordReset, SignIn, User
from brandhound.identity.passwords import check_strength, hash_password
from brandhound.identity.signing_in import authenticate, forgive, hold_password

LASTS = timedelta(hours=1)


async def make_reset_link(db: Db, user_id: UUID, *, made_by: UUID | None, made_in: UUID) -> str:
    """The secret of a fresh one-time link, in a system session. An older one of the same person ends.

    `made_in` is the organization whose book tells of it. The caller has made sure that `made_by` may; None is the command line.
    """
    secret = token()
    made = {
        "token_hash": fingerprint(secret),
        "made_by": made_by,
        "made_in": made_in,
        "created_at": now(),
        "expires_at": now() + LASTS,
    }
    await db.execute(
        insert(PasswordReset)
        .values(user_id=user_id, **made)
        .on_conflict_do_update(index_elements=[PasswordReset.user_id], set_=made)
    )
    return secret


async def open_reset_link(db: Db, secret: str) -> tuple[PasswordReset, User]:
    """What is behind a link, and whose password it is about, in a system session. Raises BadResetLink."""
    found = (
        await db.execute(
            select(PasswordReset, User)
            .join(User, User.id == PasswordReset.user_id)
            .where(
                PasswordReset.token_hash == fingerprint(secret),
                PasswordReset.expires_at > now(),
                User.disabled_at.is_(None),
            )
        )
    ).first()
    if found is None:
        raise BadResetLink
    return found.PasswordReset, found.User


async def use_reset_link(db: Db, link: PasswordReset, user: User, password_hash: str) -> None:
    """Spend an open link. Every session of the person ends. Raises BadResetLink; two at once cannot both succeed."""
    spent = await db.execute(
        delete(PasswordReset).where(PasswordReset.token_hash == link.token_hash).returning(PasswordReset.user_id)
    )
    if spent.first() is None:
        raise BadResetLink
    await _take(db, user, password_hash)
    # Whoever was shut out by wrong guesses may come in now.
    await forgive(db, user.email)


async def change_password(user: User, present: str, new: str, *, network: str, session: str) -> None:
    """Take a new password in place of the present one; all sessions but this one end, and so does a link that waits.

    `session` is the secret of the cookie. Raises NotYourPassword, WeakPassword, or TooManyRequests while the address or the
    network is blocked: an open browser is no place to guess either.
    """
    try:
        known = await authenticate(user.email, present, network=network)
    except WrongPassword as error:
        raise NotYourPassword from error
    check_strength(new, user.email)
    password_hash = await hash_password(new)
    async with system_session() as db:
        # The link before the person, in the order in which a link is spent: neither waits for the other.
        await db.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id))
        try:
            await hold_password(db, known)
        except WrongPassword as error:
            raise NotYourPassword from error
        await _take(db, user, password_hash, but=session)


async def _take(db: Db, user: User, password_hash: str, *, but: str = "") -> None:
    """Keep the new password, and end the sessions that the old one had opened."""
    await db.execute(update(User).where(User.id == user.id).values(password_hash=password_hash))
    await db.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.token_hash != fingerprint(but)))
