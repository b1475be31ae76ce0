"""Access tokens. Each says by itself what it may, signed by its app's secret, so that a new twin knows an old one's."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

Kind = Literal["USER", "SYSTEM_USER", "APP", "PAGE"]
START = "EAAT"
SIGNED = 26


@dataclass(frozen=True)
class App:
    """An app that is registered at Meta."""

    id: str
    secret: str
    name: str = "Brandhound (made up)"
    redirects: tuple[str, ...] = ("http://127.0.0.1", "http://localhost", "https://")
    """What an address to return to must start with."""
    configs: Mapping[str, Kind] = ()  # pyright: ignore[reportAssignmentType]
    """Login configurations of Facebook Login for Business: which kind of token each gives."""
    needs_proof: bool = False
    deauthorize: str = ""
    deletion: str = ""


@dataclass(frozen=True)
class Token:
    """What one access token allows. Times are seconds since 1970; 0 is never."""

    kind: Kind
    app: str
    subject: str
    scopes: tuple[str, ...]
    accounts: tuple[str, ...] | None
    """The ids of the accounts that were chosen; None for all that the person has."""
    issued_at: int
    expires_at: int = 0
    data_access_expires_at: int = 0
    long: bool = False
    number: int = 0

    def renewed(self, now: int, seconds: int, number: int) -> Self:
        """The same permission for longer."""
        return replace(self, issued_at=now, expires_at=now + seconds if seconds else 0, long=True, number=number)


def write_token(token: Token, secret: str) -> str:
    """The token as its holder sees it."""
    body = base64.urlsafe_b64encode(json.dumps(asdict(token), separators=(",", ":")).encode()).decode().rstrip("=")
    return START + _sign(body, secret) + body


def read_token(text: str, apps: Mapping[str, App]) -> Token | None:
    """What a token says; None if no app of these has signed it."""
    signed, body = text[len(START) : len(START) + SIGNED], text[len(START) + SIGNED :]
    try:
        facts: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        app = apps[facts["app"]]
    except (ValueError, KeyError, TypeError):
        return None
    if not text.startswith(START) or not hmac.compare_digest(signed, _sign(body, app.secret)):
        return None
    facts["scopes"] = tuple(facts["scopes"])
    facts["accounts"] = None if facts["accounts"] is None else tuple(facts["accounts"])
    return Token(**facts)


def proof(token: str, secret: str) -> str:
    """The appsecret_proof of a token."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def signed_request(facts: Mapping[str, Any], secret: str) -> str:
    """What Meta posts to an app's callbacks."""
    payload = _plain(json.dumps({"algorithm": "HMAC-SHA256", **facts}).encode())
    return f"{_plain(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest())}.{payload}"


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _sign(body: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:SIGNED]
