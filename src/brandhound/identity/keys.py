"""API keys: made and shown once, kept as a hash, ended by removing them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from brandhound.core.clock import now
from brandhound.core.db import Db
from brandhound.core.secrets import fingerprint, token
from brandhound.core.system import system_session
from brandhound.identity.errors import KeyHasEnded
from brandhound.identity.models import ApiKey

PREFIX = "bh_"


@dataclass(frozen=True)
class KeyHolder:
    """What a valid key says about its caller."""

    key_id: UUID
    organization_id: UUID
    role: str
    scopes: tuple[str, ...]


async def add_key(
    db: Db, name: str, role: str, scopes: list[str], *, created_by: UUID | None, expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """A new key in the session's organization, and its secret, which cannot be had a second time."""
    secret = PREFIX + token()
    key = ApiKey(
        name=name.strip(),
        prefix=secret[:9],
        key_hash=fingerprint(secret),
        role=role,
        scopes=scopes,
        created_by=created_by,
        expires_at=expires_at,
        created_at=now(),
    )
    db.add(key)
    await db.flush()
    return key, secret


async def holder_of(secret: str) -> KeyHolder | None:
    """Who the key speaks for; None if it is unknown or was removed. Raises KeyHasEnded."""
    async with system_session() as db:
        key = await db.scalar(select(ApiKey).where(ApiKey.key_hash == fingerprint(secret)))
        if key is None:
            return None
        if key.expires_at is not None and key.expires_at <= now():
            raise KeyHasEnded(expires_at=key.expires_at.isoformat())
        if key.used_at is None or now() - key.used_at > timedelta(minutes=5):
            key.used_at = now()
        return KeyHolder(key.id, key.organization_id, key.role, tuple(key.scopes))


def scope_allows(scopes: tuple[str, ...], part: str, *, write: bool) -> bool:
    """Whether one of the scopes covers reading (or writing) that part of the product. Writing includes reading."""
    for scope in scopes:
        name, _, verb = scope.partition(":")
        if name in ("*", part) and (verb == "write" or (verb == "read" and not write)):
            return True
    return False
