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

_HEAD, _TAIL, _LENGTH, _PAIR = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93
_MIX = _PAIR
_MASK = (1 << 64) - 1
_TABLE_BITS, _AGAIN_AT = 20, 22
_WIDE = 8
PADDING = _WIDE
"""How many characters stand before a text, so that each word has that many before its end."""
_PAD = bytes(PADDING)
_LAST_PLAIN = 127
_CAPITAL, _LETTERS = ord("A"), 26

# What a character can be.
_CHANGES, UNPARTED, INVISIBLE = 1, 2, 4
_FIRST = np.array([(1 << (8 * min(length, _WIDE))) - 1 for length in range(_WIDE + 1)], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order: where each begins and ends, and its key. All offsets are greater by `PADDING`."""

    starts: Offsets
    ends: Offsets
    keys: Keys
    letters: Bytes
    """The characters of the padded text; of those that are not plain only whether they are capitals."""
    others: Offsets
    """Where those stand that are not plain."""
    kinds: npt.NDArray[np.uint32]
    """What these are."""

    def is_capital(self, which: Offsets) -> Flags:
        """Whether each of these words begins with a capital letter."""
        # Of plain letters; what is below wraps around.
        return self.letters.take(self.starts[which]) - np.uint8(_CAPITAL) < _LETTERS

    def places_of(self, trait: int) -> Offsets:
        """Where the characters of that trait stand; none that is plain has any."""
        is_such = (np.take(_traits(), self.kinds, mode="clip") & trait) != 0
        if trait == UNPARTED:
            is_such |= self.kinds >= FIRST_IDEOGRAPH_BEYOND
        return self.others[is_such]


def words_in(text: str, others: str = "") -> Words:
    """The words of a text, or of a plain one and another laid behind it. Characters beyond the basic plane part words."""
    if not text.isascii():
        text, others = "", text + others
    plain = text.encode("ascii")
    if not others:
        raw = bytearray().join((_PAD, plain, _PAD))
        places = np.empty(0, dtype=np.intp)
        kinds = places.astype(np.uint32)
    else:
        codes = np.frombuffer(others.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        raw = bytearray().join((_PAD, plain, codes.astype(np.uint8).data, _PAD))
        # Few characters are others than the plain ones; those are looked up one by one.
        places = np.flatnonzero(codes > _LAST_PLAIN)
        kinds = codes.take(places)
        places += PADDING + len(plain)
    letters, written = (np.frombuffer(each, dtype=np.uint8) for each in (raw.translate(_ascii_table()), raw))
    if len(places):
        letters[places] = np.take(_table(), kinds, mode="clip")
        written[places] = np.where(np.take(_traits(), kinds, mode="clip") & _CHANGES, np.uint8(_CAPITAL), np.uint8(0))
    starts, ends = _bounds(letters)
    return Words(starts, ends, _keys(letters, starts, ends), written, places, kinds)


class KeyFlags:
    """Flags of keys, in two small tables that rule out nearly all keys without any."""

    def __init__(self) -> None:
        self._flags = np.zeros(1 << _TABLE_BITS, dtype=np.uint8)
        self._again = np.zeros(1 << _TABLE_BITS, dtype=np.uint8)

    def mark(self, key: int, flag: int) -> None:
        """Adds a flag to a key."""
        self._flags[key >> (64 - _TABLE_BITS)] |= flag
        self._again[(((key * _MIX) & _MASK) >> _AGAIN_AT) & ((1 << _TABLE_BITS) - 1)] |= flag

    def look(self, keys: Keys) -> Bytes:
        """For each key the flags that it may have: none for nearly all that were never marked."""
        # The highest bits of a key hang on all letters. They are never outside the table: to wrap them is to ask for no check.
        return self._flags.take((keys >> np.uint64(64 - _TABLE_BITS)).view(np.int64), mode="wrap")

    def confirmed(self, keys: Keys, flags: Bytes) -> Bytes:
        """Of the flags of keys those that are left when they are looked up elsewhere."""
        second = ((keys * np.uint64(_MIX)) >> np.uint64(_AGAIN_AT)) & np.uint64((1 << _TABLE_BITS) - 1)
        return flags & self._again.take(second.view(np.int64))


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


def pair_keys(keys: Keys, which: Offsets) -> Keys:
    """The keys of these words, each together with the word after it; what would be outside is none of a pair."""
    paired = keys.take(which, mode="wrap")
    paired *= np.uint64(_PAIR)
    paired += keys.take(which + 1, mode="wrap")
    return paired


def _bounds(letters: Bytes) -> tuple[Offsets, Offsets]:
    """Where words begin and end, in offsets of the text with its padding."""
    inside = letters != 0
    edges = (inside[1:] != inside[:-1]).nonzero()[0]
    edges += 1
    return edges[0::2], edges[1::2]


def _keys(letters: Bytes, starts: Offsets, ends: Offsets) -> Keys:
    eights: np.ndarray[Any, np.dtype[np.uint64]] = np.ndarray(
        (len(letters) - _WIDE + 1,), dtype="<u8", buffer=letters.data, strides=(1,)
    )
    lengths = ends - starts
    keys: Keys = eights[starts]
    keys &= _FIRST.take(lengths, mode="clip")
    keys *= np.uint64(_HEAD)
    long = np.flatnonzero(lengths > _WIDE)
    lengths = lengths.take(long)
    tails: Keys = eights[ends[long] - _WIDE]
    tails *= np.uint64(_TAIL)
    tails += lengths.view(np.uint64) * np.uint64(_LENGTH)
    keys[long] += tails
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
