"""Names of ads that say what they are: a pattern read into parts, how far names follow it, and which do not."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from brandhound.ads.standings.errors import BadNamingPattern

_PART = re.compile(r"\{([a-z][a-z0-9_]{0,29})\}")
_COPY = re.compile(r"(?:\s+[-–—]\s*(?:copy|kopie|copie|copia|cópia|コピー)(?:\s*\(?\d+\)?)?)+$", re.IGNORECASE)
"""What Meta puts behind the name of an ad that was duplicated."""
_SEPARATORS = (r"\s*\|\s*", r"\s*/\s*", r"\s+[-–—]\s+", r"\s*_\s*", r"\s*[-–—]\s*", r"\s+", r"[\s_|/–—-]+")
"""One of a kind first: what stands between others is part of a word."""
_DATE = re.compile(r"(\d{4}|\d{2})([-._/])(\d{2})\2(\d{4}|\d{2})(?!\d)")
MOST_PARTS = 12


@dataclass(frozen=True)
class Pattern:
    """Parts, and what stands between them."""

    parts: tuple[str, ...]
    between: tuple[str, ...]
    """Before the first part, between each two, after the last: one more than parts."""


def read_pattern(text: str) -> Pattern:
    """The pattern that a text says. Raises BadNamingPattern."""
    parts = tuple(_PART.findall(text))
    between = tuple(_PART.split(text)[::2])
    if not parts:
        raise BadNamingPattern("it has no part in braces")
    if len(parts) > MOST_PARTS:
        raise BadNamingPattern(f"it has more than {MOST_PARTS} parts")
    if len(set(parts)) < len(parts):
        raise BadNamingPattern("a part stands twice")
    if any("{" in piece or "}" in piece for piece in between):
        raise BadNamingPattern("a brace is not closed, or a part's name is not of small letters, digits and _")
    if not all(between[1:-1]):
        raise BadNamingPattern("two parts stand beside each other with nothing between them")
    return Pattern(parts, between)


def read_name(pattern: Pattern, name: str) -> dict[str, str] | str:
    """The parts of a name, or why it does not follow the pattern. Read from left to right; nothing is tried twice."""
    rest = name.strip()
    if not rest:
        return "it has no name"
    if copied := _COPY.search(rest):
        return f"it still ends with “{copied[0].strip()}”"
    if not rest.startswith(pattern.between[0]):
        return f"it does not begin with “{pattern.between[0]}”"
    rest = rest[len(pattern.between[0]) :]
    found: dict[str, str] = {}
    for part, after in zip(pattern.parts[:-1], pattern.between[1:-1], strict=True):
        value, separator, rest = rest.partition(after)
        if not separator:
            return f"“{after}” is missing after {{{part}}}"
        if not value.strip():
            return f"{{{part}}} is empty"
        found[part] = value.strip()
    last, end = pattern.parts[-1], pattern.between[-1]
    if not rest.endswith(end):
        return f"it does not end with “{end}”"
    value = rest.removesuffix(end) if end else rest
    if not value.strip():
        return f"{{{last}}} is empty"
    if len(pattern.parts) > 1 and pattern.between[1] in value:
        return f"there are more than {len(pattern.parts)} parts"
    found[last] = value.strip()
    return found


def suggested_name(pattern: Pattern, name: str) -> str | None:
    """The name with other separators put right and without the mark of a copy, if it then follows the pattern."""
    plain = _COPY.sub("", name.strip())
    if plain != name and isinstance(read_name(pattern, plain), dict):
        return plain
    # A date is one piece, whatever is between its numbers.
    dates = [found[0] for found in _DATE.finditer(plain)]
    masked = _DATE.sub("\0", plain)
    for separator in _SEPARATORS:
        pieces = [piece for piece in re.split(separator, masked) if piece]
        if len(pieces) != len(pattern.parts):
            continue
        put = "".join(f"{before}{piece}" for before, piece in zip(pattern.between, pieces, strict=False))
        put += pattern.between[-1]
        for date in dates:
            put = put.replace("\0", date, 1)
        if put != name and isinstance(read_name(pattern, put), dict):
            return put
    return None


def count_parts(read: Sequence[dict[str, str]]) -> dict[str, Counter[str]]:
    """By part: how many names have which value of it."""
    found: dict[str, Counter[str]] = {}
    for parts in read:
        for part, value in parts.items():
            found.setdefault(part, Counter())[value] += 1
    return found
