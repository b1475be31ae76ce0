# pyright: reportAttributeAccessIssue=false, reportUnknownVariableType=false
"""Fingerprints of a text: one that only the same text has, one that near copies nearly share."""

import hashlib
import re
import struct
from collections.abc import Callable
from typing import Any, cast

from rensa import RMinHash

PERMUTATIONS = 128
SHINGLE = 3
SEED = 42
WORD = re.compile(r"\w+")

_minhash = cast("Callable[..., Any]", RMinHash)


def text_hash(text: str) -> str:
    """SHA-256 of the text as UTF-8: also the name of its file."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def shingles(text: str) -> list[str]:
    """Every run of three words, lower-case, without punctuation."""
    words = WORD.findall(text.lower())
    if len(words) < SHINGLE:
        return [" ".join(words)] if words else []
    return [" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]


def minhash_of(text: str) -> bytes | None:
    """A signature of 128 numbers of 32 bits, little-endian; the share of equal numbers estimates how alike two texts are.

    None for a text without words.
    """
    if not (parts := shingles(text)):
        return None
    signature = _minhash(num_perm=PERMUTATIONS, seed=SEED)
    signature.update(parts)
    return struct.pack(f"<{PERMUTATIONS}I", *signature.digest())


def likeness(first: bytes, second: bytes) -> float:
    """The estimated share of shingles that two texts have in common, from 0 to 1."""
    pairs = zip(struct.unpack(f"<{PERMUTATIONS}I", first), struct.unpack(f"<{PERMUTATIONS}I", second), strict=True)
    return sum(a == b for a, b in pairs) / PERMUTATIONS
