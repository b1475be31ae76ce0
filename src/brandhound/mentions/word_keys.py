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
from brandhound.mentions.scripts import FIRST_IDEOGRAPH_BEYOND, INVISIBLE_RANGES, is_unparted, is_word_character

Bytes = npt.NDArray[np.uint8]
Keys = npt.NDArray[np.uint64]
Offsets = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint32]

_HEAD, _TAIL, _LENGTH, _PAIR = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93
_MASK = (1 << 64) - 1
_WIDE = 8
_PAD = bytes(_WIDE)
_LAST_PLAIN = 127
_LETTERS = 26

# What a character can be.
_CHANGES, UNPARTED, INVISIBLE = 1, 2, 4
_FIRST = np.array([(1 << (8 * min(length, _WIDE))) - 1 for length in range(_WIDE + 1)], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order: where each begins and ends, and its key."""

    starts: Offsets
    ends: Offsets
    keys: Keys
    codes: Codes
    """The characters of the text."""
    others: Offsets
    """Where those stand that are not plain."""

    def is_capital(self, which: Offsets) -> Flags:
        """Whether each of these words begins with a capital letter."""
        first = self.codes[self.starts[which]]
        if first.dtype == np.uint8:
            # Of plain letters; what is below wraps around.
            return first - np.uint8(ord("A")) < _LETTERS
        return np.take(_traits(), first, mode="clip") & _CHANGES != 0

    def places_of(self, trait: int) -> Offsets:
        """Where the characters of that trait stand; none that is plain has any."""
        kinds = self.codes[self.others]
        is_such = (np.take(_traits(), kinds, mode="clip") & trait) != 0
        if trait == UNPARTED:
            is_such |= kinds >= FIRST_IDEOGRAPH_BEYOND
        return self.others[is_such]


def words_in(text: str) -> Words:
    """The words of a text. Characters beyond the basic plane part words."""
    if text.isascii():
        raw = text.encode("ascii")
        letters = np.frombuffer(b"".join((_PAD, raw.translate(_ascii_table()), _PAD)), dtype=np.uint8)
        codes = np.frombuffer(raw, dtype=np.uint8)
        others = np.empty(0, dtype=np.intp)
    else:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        raw = codes.astype(np.uint8).tobytes().translate(_ascii_table())
        letters = np.frombuffer(bytearray().join((_PAD, raw, _PAD)), dtype=np.uint8)
        # Few characters are others than the plain ones; those are looked up one by one.
        others = np.flatnonzero(codes > _LAST_PLAIN)
        letters[others + _WIDE] = np.take(_table(), codes[others], mode="clip")
    starts, ends = _bounds(letters)
    return Words(starts, ends, _keys(letters, starts, ends), codes, others)


@lru_cache(maxsize=1 << 12)
def key_of(word: str) -> int:
    """The key of one folded word."""
    letters = bytes(map(_byte_of, word))
    key = int.from_bytes(letters[:_WIDE], "little") * _HEAD
    if len(letters) > _WIDE:
        key += int.from_bytes(letters[-_WIDE:], "little") * _TAIL + len(letters) * _LENGTH
    return key & _MASK


def pair_key_of(first: str, second: str) -> int:
    """The key of two folded words after each other."""
    return (key_of(first) * _PAIR + key_of(second)) & _MASK


def pair_keys(keys: Keys, firsts: Offsets) -> Keys:
    """The keys of those words together with the word after each."""
    return keys[firsts] * np.uint64(_PAIR) + keys[firsts + 1]


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
def _traits() -> Bytes:
    """For each code point of the basic plane what it is."""
    traits = np.zeros(1 << 16, dtype=np.uint8)
    for code in range(1 << 16):
        character = chr(code)
        if is_unparted(character):
            traits[code] |= UNPARTED
        elif is_word_character(character) and fold_character(character) != character:
            traits[code] |= _CHANGES
    for first, last in INVISIBLE_RANGES:
        traits[first : last + 1] |= INVISIBLE
    return traits


@lru_cache(maxsize=1)
def _table() -> Bytes:
    """For each code point of the basic plane its byte, or 0 where it parts words."""
    table = np.zeros(1 << 16, dtype=np.uint8)
    for code in (*range(0xD800), *range(0xFB00, 0xFF66)):
        character = chr(code)
        if is_word_character(character):
            folded = fold_character(character)
            table[code] = _byte_of(folded) if is_word_character(folded) else 0
    return table


@lru_cache(maxsize=1)
def _ascii_table() -> bytes:
    return bytes(_table()[:128]) + bytes(128)
