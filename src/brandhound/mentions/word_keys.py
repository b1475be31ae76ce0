"""The words of a long text as keys of 64 bits: folded, cut and hashed by whole-array operations.

A character becomes one byte, so that a word's first and last eight characters are two numbers. The key is not the word:
what is found under a key has to be compared with the text.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from brandhound.brands.folding import fold_character
from brandhound.mentions.scripts import is_word_character

Bytes = npt.NDArray[np.uint8]
Keys = npt.NDArray[np.uint64]
Offsets = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_HEAD, _TAIL, _LENGTH, _PAIR = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93
_MASK = (1 << 64) - 1
_WIDE = 8
_PAD = bytes(_WIDE)
_FIRST = np.array([(1 << (8 * min(length, _WIDE))) - 1 for length in range(_WIDE + 1)], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order: where each begins, its key, and whether its first letter is a capital."""

    starts: Offsets
    keys: Keys
    capital: Flags

    def pairs(self) -> Keys:
        """The key of each word with the word after it."""
        return self.keys[:-1] * np.uint64(_PAIR) + self.keys[1:]


def words_in(text: str) -> Words:
    """The words of a text. Characters beyond the basic plane part words."""
    if text.isascii():
        raw = text.encode("ascii")
        padded = b"".join((_PAD, raw.translate(_ascii_table()), _PAD))
        letters = np.frombuffer(padded, dtype=np.uint8)
        starts, ends = _bounds(letters)
        codes = np.frombuffer(raw, dtype=np.uint8)
        capital = codes[starts] != letters[starts + _WIDE]
    else:
        table, changes = _tables()
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        letters = np.zeros(len(wide) + 2 * _WIDE, dtype=np.uint8)
        np.take(table, wide, mode="clip", out=letters[_WIDE:-_WIDE])
        starts, ends = _bounds(letters)
        capital = np.take(changes, wide[starts], mode="clip")
    return Words(starts, _keys(letters, starts, ends), capital)


def key_of(word: str) -> int:
    """The key of one folded word."""
    letters = np.frombuffer(b"".join((_PAD, bytes(map(_byte_of, word)), _PAD)), dtype=np.uint8)
    return int(_keys(letters, np.array([0]), np.array([len(word)]))[0])


def pair_key_of(first: str, second: str) -> int:
    """The key of two folded words after each other."""
    return (key_of(first) * _PAIR + key_of(second)) & _MASK


def _bounds(letters: Bytes) -> tuple[Offsets, Offsets]:
    """Where words begin and end, in offsets of the text without its padding."""
    inside = letters != 0
    edges = np.flatnonzero(inside[1:] != inside[:-1]) - (_WIDE - 1)
    return edges[0::2], edges[1::2]


def _keys(letters: Bytes, starts: Offsets, ends: Offsets) -> Keys:
    eights: np.ndarray[Any, np.dtype[np.uint64]] = np.ndarray(
        (len(letters) - _WIDE + 1,), dtype="<u8", buffer=letters.data, strides=(1,)
    )
    lengths = ends - starts
    keys: Keys = (eights[starts + _WIDE] & np.take(_FIRST, lengths, mode="clip")) * np.uint64(_HEAD)
    long = np.flatnonzero(lengths > _WIDE)
    keys[long] += eights[ends[long]] * np.uint64(_TAIL) + lengths[long].astype(np.uint64) * np.uint64(_LENGTH)
    return keys


def _byte_of(folded: str) -> int:
    code = ord(folded)
    return code if code < 128 else 128 + ((code * 40503) >> 5 & 127)


@lru_cache(maxsize=1)
def _tables() -> tuple[Bytes, Flags]:
    """For each code point of the basic plane its byte, or 0 where it parts words; and whether folding changes it."""
    table, changes = np.zeros(1 << 16, dtype=np.uint8), np.zeros(1 << 16, dtype=np.bool_)
    for code in (*range(0xD800), *range(0xFB00, 0xFF66)):
        character = chr(code)
        if is_word_character(character):
            folded = fold_character(character)
            changes[code] = folded != character
            table[code] = _byte_of(folded) if is_word_character(folded) else 0
    return table, changes


@lru_cache(maxsize=1)
def _ascii_table() -> bytes:
    return bytes(_tables()[0][:128]) + bytes(128)
