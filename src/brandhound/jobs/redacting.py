"""Nothing secret in a log line."""

import re
from typing import Any, cast

MASK = "•••"

_SECRET_NAME = re.compile(
    r"(?i)(pass(word|wd|phrase)?|secret|token|api[_-]?key|authorization|cookie|credential|private[_-]?key|signature)"
)
_PATTERNS = (
    # user:password@host
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s/:@]*):[^\s/@]+@"), rf"\1:{MASK}@"),
    (re.compile(r"(?i)\b(bearer|authorization\W{1,4}(?:basic|token))\s+[a-z0-9._~+/=-]{8,}"), rf"\1 {MASK}"),
    # name=value and "name": "value"
    (
        re.compile(
            r"""(?i)(["']?[\w-]*(?:password|passwd|secret|token|api[_-]?key|apikey|authorization|signature)["']?\s*[=:]\s*["']?)"""
            r"""(?!bearer|basic)[^\s"'&,;}]+"""
        ),
        rf"\1{MASK}",
    ),
    # Keys that are known by their beginning, wherever they stand.
    (re.compile(r"\b(sk-|pk-|ghp_|gho_|xox[abp]-|EAA|AIza|bh_)[A-Za-z0-9_-]{12,}"), rf"\1{MASK}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), MASK),
)


def redact(text: str) -> str:
    """The text without what looks like a password, a key or a token."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    # PostgreSQL stores no NUL in text.
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def redact_facts(value: Any, name: str = "") -> Any:
    """Plain JSON without secrets: by the name of the field, or by the look of the value."""
    if name and _SECRET_NAME.search(name) and value not in (None, "", True, False):
        return MASK
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {str(key): redact_facts(item, str(key)) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [redact_facts(item) for item in cast("list[Any]", value)]
    return value
