"""Credentials at rest: sealed with AES-GCM under a named key, so that keys can be changed without reading everything."""

import base64
import hashlib
import hmac
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from brandhound.core.settings import settings

_NONCE = 12
_USER_AND_PASSWORD = re.compile(r"^([a-z][a-z0-9+.-]*:)?(//)?[^/?#\s:]*:[^/?#\s]*@", re.IGNORECASE)


class CannotUnseal(Exception):
    """The key that sealed this is not among those configured, or the text was changed."""


def seal(plain: str, context: str) -> str:
    """Encrypt; `context` (a table and column, say) must be the same when unsealing, so that values cannot be swapped."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), context.encode())
    return f"v1:{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, context: str) -> str:
    """Decrypt what `seal` made. Raises CannotUnseal."""
    try:
        version, key_id, body = sealed.split(":")
        raw = base64.b64decode(body)
        if version != "v1":
            raise CannotUnseal
        return AESGCM(_keys()[key_id]).decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise CannotUnseal from error


def token() -> str:
    """A secret of 256 random bits, fit for a link or a cookie."""
    return secrets.token_urlsafe(32)


def without_password(address: str) -> str:
    """An address that somebody typed as it may be repeated to them: without user and password."""
    return _USER_AND_PASSWORD.sub(lambda found: f"{found[1] or ''}{found[2] or ''}", address.strip())


def fingerprint(secret: str) -> str:
    """What is stored instead of a random secret: SHA-256 in hexadecimal (enough, because the secret is not guessable)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_fingerprint(secret: str, purpose: str) -> str:
    """What stands for a secret that could be guessed: only who has our key can tell which it is. Changes with that key."""
    key = next(iter(_keys().values()))
    return hmac.new(key, f"{purpose}:{secret}".encode(), hashlib.sha256).hexdigest()


def key_marks() -> list[str]:
    """Four bytes for each key that is known, in hexadecimal, by which it is told from others; the one that seals is first.

    Whoever has what a key sealed learns nothing more by them: its name is written there, which is as short.
    """
    return [hmac.new(key, b"brandhound:mark", hashlib.sha256).hexdigest()[:8] for key in _keys().values()]


@lru_cache(maxsize=1)
def _keys() -> dict[str, bytes]:
    configured = settings().secret_key
    texts = [configured.get_secret_value() if configured else _own_key(settings().data_dir / "secret.key")]
    if previous := settings().previous_secret_keys:
        texts += [text.strip() for text in previous.get_secret_value().split(",") if text.strip()]
    return {fingerprint(text)[:8]: hashlib.sha256(b"brandhound:" + text.encode()).digest() for text in texts}


def _own_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(token())
    return path.read_text().strip()
