"""Passwords, kept as Argon2id."""

import asyncio
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from brandhound.identity.errors import WeakPassword

LEAST = 10

_hasher = PasswordHasher()


def check_strength(password: str, email: str) -> None:
    """Raises WeakPassword."""
    if len(password) < LEAST or password.casefold() == email.casefold():
        raise WeakPassword


async def hash_password(password: str) -> str:
    """Takes some 50 ms on purpose, off the event loop."""
    return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password. Takes as long for a user who does not exist (None)."""
    return await asyncio.to_thread(_matches, password_hash, password)


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobodys(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
