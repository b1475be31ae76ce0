"""Nothing secret in a log line."""

import re
from functools import lru_cache
from typing import Any, cast

from brandhound.core.wording import sayable

MASK = "•••"

_SECRET_NAME = re.compile(
    r"(?i)(pass(word|wd|phrase)?|secret|token|api[_-]?key|authorization|cookie|credential|private[_-]?key|signature)"
)
# “Error validating access token: The session has expired”: words that are no token, where a sentence goes on with one. Behind
# “password” or “secret” any word may be it.
_PROSE = (
    r"(?!(?<=:\s)(?:the|this|that|an?|it|is|was|not|no|you|your|user|sessions?|data|application|cannot|could|may|must|please"
    r"|expired|invalid|invalidated|malformed|missing|revoked|rejected|refused|denied|unknown|unsupported|wrong)[.,;!?)]*(?:\s|$))"
)
_PATTERNS = (
    # user:password@host
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s/:@]*):[^\s/@]+@"), rf"\1:{MASK}@"),
    (re.compile(r"(?i)\b(bearer|authorization\W{1,4}(?:basic|token))\s+[a-z0-9._~+/=-]{8,}"), rf"\1 {MASK}"),
    # name=value and "name": "value"
    (
        re.compile(
            r"""(?i)(["']?[\w-]*(?:(password|passwd|secret)|token|api[_-]?key|apikey|authorization|signature)["']?\s*[=:]\s*["']?)"""
            rf"""(?!bearer|basic)(?(2)|{_PROSE})[^\s"'&,;}}]+"""
        ),
        rf"\1{MASK}",
    ),
    # Keys that are known by their beginning, wherever they stand.
    (re.compile(r"\b(sk-|pk-|ghp_|gho_|xox[abp]-|EAA|AIza|bh_)[A-Za-z0-9_-]{12,}"), rf"\1{MASK}"),
    # Addresses that are keys: of chats, of bots, and what is signed.
    (
        re.compile(
            r"""(?i)\b(hooks\.slack\.com/\w+/|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/|webhook\.office\.com/)[^\s"'<>]+"""
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"\bbot\d{6,}:[\w-]{20,}"), f"bot{MASK}"),
    (re.compile(r"""(?i)([?&](?:key|sig)=)[^\s"'&<>]+"""), rf"\1{MASK}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), MASK),
)
# In small letters: no pattern matches a text that holds none of these. Looking for them costs a tenth of the patterns.
_SIGNS = (
    *("bearer", "authorization", "passw", "secret", "token", "apikey", "api_key", "api-key", "signature"),
    *("sk-", "pk-", "ghp_", "gho_", "xoxa-", "xoxb-", "xoxp-", "eaa", "aiza", "bh_", "eyj", "private key"),
    *("hooks.slack.", "/webhooks/", "webhook.office.", "bot", "key=", "sig="),
)


def redact(text: str) -> str:
    """The text without what looks like a password, a key or a token."""
    small = text.lower()
    if ("://" in small and "@" in small) or any(sign in small for sign in _SIGNS):
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
    return storable(text)


def storable(text: str) -> str:
    """The text as PostgreSQL can hold it: without NUL, and without halves of characters."""
    if "\x00" in text:
        text = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text if text.isascii() else sayable(text)


def redact_facts(value: Any, name: str = "") -> Any:
    """Plain JSON without secrets: by the name of the field, or by the look of the value."""
    if name and is_secret_name(name) and value not in (None, "", True, False):
        return MASK
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(str(key)): redact_facts(item, str(key)) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [redact_facts(item) for item in cast("list[Any]", value)]
    return value


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds something that nobody may read."""
    return _SECRET_NAME.search(name) is not None
