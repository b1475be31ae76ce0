"""Signing in and out, slowed down for whoever guesses."""

import hashlib
import math
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.clock import now
from brandhound.core.db import Db
from brandhound.core.problems import TooManyRequests
from brandhound.core.secrets import fingerprint, token
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.identity.errors import BadSetupLink, SetupIsOver, WrongPassword
from brandhound.identity.models import SetupToken, SignIn, SignInFailure, User
from brandhound.identity.passwords import check_strength, hash_password, password_matches

FREE_FAILURES = 5
FORGIVEN_AFTER = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=15)


def email_key(email: str) -> str:
    return email.strip().casefold()


async def authenticate(email: str, password: str, *, network: str) -> User:
    """The user with that address and password. An empty network says nothing of who asks, and is not counted.

    Raises WrongPassword, or TooManyRequests while the address or the network is blocked.
    """
    keys = [_person(email), *([_hashed(f"network:{network}")] if network else [])]
    async with system_session() as db:
        # Counted before the password is looked at: a hundred guesses at once are not a hundred free ones.
        await _count_attempt(db, keys)
        user = await db.scalar(select(User).where(User.email_key == email_key(email), User.disabled_at.is_(None)))
    if not await password_matches(user.password_hash if user else None, password) or user is None:
        raise WrongPassword
    async with system_session() as db:
        await _uncount(db, *keys)
    return user


async def hold_password(db: Db, user: User) -> None:
    """Let no other password come before the end of the transaction that acts on what `authenticate` said.

    Raises WrongPassword if one came since: whoever chooses a new one ends what the old one opens, also a moment later.
    """
    same = User.id == user.id, User.password_hash == user.password_hash, User.disabled_at.is_(None)
    if await db.scalar(select(User.id).where(*same).with_for_update(key_share=True)) is None:
        raise WrongPassword


async def forgive(db: Db, email: str) -> None:
    """Forget the failures of a person: they have shown in another way who they are."""
    await _uncount(db, _person(email))


async def sign_in(email: str, password: str, *, network: str, user_agent: str) -> tuple[User, str]:
    """The user, and the secret for the cookie of a new session.

    Raises WrongPassword, or TooManyRequests while the address or the network is blocked.
    """
    user = await authenticate(email, password, network=network)
    async with system_session() as db:
        await hold_password(db, user)
        return user, await open_session(db, user.id, user_agent=user_agent)


async def open_session(db: Db, user_id: UUID, *, user_agent: str, organization_id: UUID | None = None) -> str:
    """A new session; returns the secret for its cookie. Old sessions of the user that have ended are removed.

    It looks at the organization, which the user belongs to, or else at the one that they looked at last.
    """
    at = now()
    ends = at + timedelta(days=settings().session_days)
    if organization_id is None:
        organization_id = await db.scalar(select(User.organization_id_last).where(User.id == user_id))
    else:
        await remember(db, user_id, organization_id)
    await db.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at < at))
    secret = token()
    db.add(
        SignIn(
            user_id=user_id,
            token_hash=fingerprint(secret),
            organization_id_now=organization_id,
            user_agent=user_agent[:300],
            seen_at=at,
            created_at=at,
            expires_at=ends,
            kept_until=ends,
        )
    )
    await db.flush()
    return secret


async def sign_out(secret: str) -> None:
    """End the session. Safe to repeat."""
    async with system_session() as db:
        await db.execute(delete(SignIn).where(SignIn.token_hash == fingerprint(secret)))


async def session_of(db: Db, secret: str) -> tuple[SignIn, User] | None:
    """The session and its user, if it has not ended; its end moves on as it is used."""
    found = (
        await db.execute(
            select(SignIn, User)
            .join(User, User.id == SignIn.user_id)
            .where(SignIn.token_hash == fingerprint(secret), SignIn.expires_at > now(), User.disabled_at.is_(None))
        )
    ).first()
    if found is None:
        return None
    session, user = found
    if now() - session.seen_at > timedelta(minutes=5):
        session.seen_at = now()
        session.expires_at = now() + timedelta(days=settings().session_days)
    return session, user


async def outlasts_cookie(secret: str) -> bool:
    """Whether the session's end has moved on past what the browser was told; then it is noted that it is told now."""
    async with system_session() as db:
        moved = await db.execute(
            update(SignIn)
            .where(
                SignIn.token_hash == fingerprint(secret),
                SignIn.kept_until < SignIn.expires_at - timedelta(hours=1),
            )
            .values(kept_until=SignIn.expires_at)
            .returning(SignIn.id)
        )
        return moved.first() is not None


async def look_at(secret: str, organization_id: UUID) -> None:
    """Switch the organization that a session looks at. The caller has made sure that the user belongs to it."""
    async with system_session() as db:
        mine = SignIn.token_hash == fingerprint(secret)
        user_id = await db.scalar(select(SignIn.user_id).where(mine))
        if user_id is not None:
            await remember(db, user_id, organization_id)
            await db.execute(update(SignIn).where(mine).values(organization_id_now=organization_id))


async def remember(db: Db, user_id: UUID, organization_id: UUID | None) -> None:
    """Note where a person looked last. Before their session is touched, since a new password takes both in that order."""
    await db.execute(update(User).where(User.id == user_id).values(organization_id_last=organization_id))


async def add_user(db: Db, email: str, name: str, password: str) -> User:
    """A new user. Raises WeakPassword."""
    check_strength(password, email)
    user = User(
        email=email.strip(),
        email_key=email_key(email),
        name=name.strip(),
        password_hash=await hash_password(password),
    )
    db.add(user)
    await db.flush()
    return user


async def is_set_up(db: Db) -> bool:
    """Whether there is an administrator."""
    return await db.scalar(select(User.id).limit(1)) is not None


async def new_setup_token() -> str | None:
    """The secret of a fresh one-time link that makes the administrator; None if there is one. Older links end."""
    async with system_session() as db:
        if await is_set_up(db):
            return None
        await db.execute(delete(SetupToken))
        secret = token()
        db.add(SetupToken(token_hash=fingerprint(secret)))
        return secret


async def use_setup_token(db: Db, secret: str) -> None:
    """Spend the one-time link. Raises BadSetupLink or SetupIsOver; two at once cannot both succeed."""
    await db.execute(text("select pg_advisory_xact_lock(hashtextextended('brandhound:setup', 0))"))
    if await is_set_up(db):
        raise SetupIsOver
    spent = await db.execute(
        delete(SetupToken).where(SetupToken.token_hash == fingerprint(secret)).returning(SetupToken.token_hash)
    )
    if spent.first() is None:
        raise BadSetupLink


async def _count_attempt(db: Db, keys: list[str]) -> None:
    """Take it for a failure until it succeeds. Raises TooManyRequests, and then counts nothing."""
    at = now()
    unknown = [{"key": key, "failures": 0, "failed_at": at} for key in sorted(keys)]
    await db.execute(insert(SignInFailure).on_conflict_do_nothing(), unknown)
    rows = await db.scalars(
        select(SignInFailure).where(SignInFailure.key.in_(keys)).order_by(SignInFailure.key).with_for_update()
    )
    by_key = {row.key: row for row in rows}
    ends = [row.blocked_until for row in by_key.values()]
    # One that ends later than any block can was made before the clock was put back.
    waits = [(until - at).total_seconds() for until in ends if until is not None and at < until <= at + LONGEST_WAIT]
    if waits:
        raise TooManyRequests(math.ceil(max(waits)))
    for key, free in zip(keys, (FREE_FAILURES, FREE_FAILURES * 4), strict=False):
        row = by_key[key]
        row.failures = 1 if at - row.failed_at > FORGIVEN_AFTER else row.failures + 1
        row.failed_at = at
        row.blocked_until = _blocked_until(at, row.failures - free)


async def _uncount(db: Db, person: str, network: str = "") -> None:
    """It succeeded: the person begins anew, and the network has one failure less."""
    await db.execute(delete(SignInFailure).where(SignInFailure.key == person))
    await db.execute(
        update(SignInFailure)
        .where(SignInFailure.key == network, SignInFailure.failures > 0)
        .values(failures=SignInFailure.failures - 1, blocked_until=None)
    )


def _blocked_until(at: datetime, over: int) -> datetime | None:
    """Each failure over the free ones doubles the wait: 2 s, 4 s, 8 s … a quarter of an hour."""
    return None if over < 0 else at + min(timedelta(seconds=2 ** min(over + 1, 12)), LONGEST_WAIT)


def _person(email: str) -> str:
    # Whoever signs in may type anything: what they call an account must not be counted as somebody's network.
    return _hashed(f"person:{email_key(email)}")


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
