"""Finding by words: text folded once when it is stored, words folded the same way when they are asked for."""

import re
import unicodedata

LONGEST = 2500
"""Bytes: it is kept in an index, whose entries may have 2,704."""

_WORD = re.compile(r"\S+")


def folded(text: str) -> str:
    """Lower case, without accents, spaces made single."""
    plain = "".join(  # A text of the database cannot hold a zero byte.
        c for c in unicodedata.normalize("NFKD", text.casefold()) if c != "\0" and not unicodedata.combining(c)
    )
    return " ".join(plain.split())


def search_text(*parts: str) -> str:
    """What a mention can be found by: each part once, folded, at most 2,500 bytes."""
    text = " | ".join(dict.fromkeys(folded(part) for part in parts if part))
    return text.encode()[:LONGEST].decode(errors="ignore")


def like_patterns(words: str) -> list[str]:
    """One pattern for each word asked for; all must match. Nothing in the words is a wildcard."""
    escaped = (re.sub(r"([\\%_])", r"\\\1", word) for word in _WORD.findall(folded(words)))
    return [f"%{word}%" for word in list(escaped)[:10]]
