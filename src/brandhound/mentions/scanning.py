"""Finds every place in many texts where one of very many names may stand.

Each name is filed under its word, or under the least common pair of its words. The texts of a batch are laid end to end
as an array of code points, folded, cut into words and hashed by whole-array operations, so that Python looks only at
places where a filed word or pair stands.
Scripts that do not part their words (Chinese, Japanese, Korean, Thai …) are searched by an automaton instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TypeAlias

import ahocorasick
import numpy as np
import numpy.typing as npt

from brandhound.brands.folding import fold, fold_character
from brandhound.brands.words import commonness

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]

BATCH_CHARACTERS = 1 << 16
_TABLE_BITS = 20
_PAIR = 0xC2B2AE3D27D4EB4F
_BASE = 0x9E3779B97F4A7C15
_MIX = 0xD6E8FEB86659FD93
_MASK = (1 << 64) - 1
_ANY_CASE, _CAPITAL = 1, 2

# Ranges of scripts written without blanks between words, and Korean, whose particles cling to the noun.
_UNPARTED = ((0x0E00, 0x0EFF), (0x0F00, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0xA4CF), (0xA960, 0xA97F),
             (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC), (0x20000, 0x3FFFF))  # fmt: skip

_UNPARTED_CHARACTER = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _UNPARTED) + "]")
_ARABIC_PREFIXES = ("و", "ب", "ل", "ال", "وال", "بال")
_HEBREW_PREFIXES = ("ו", "ה", "ב", "ל", "מ", "ש", "כ")
_RUSSIAN_ENDINGS = ("а", "у", "ом", "е", "ы", "и", "ов", "ам", "ами", "ах")
_RUSSIAN_VOWEL_ENDINGS = {"а": ("ы", "е", "у", "ой", "и"), "я": ("и", "е", "ю", "ей")}


def is_word_character(character: str) -> bool:
    """Letters, digits, the underscore and the signs that stand on letters; not those of unparted scripts."""
    if character.isascii():
        return character.isalnum() or character == "_"
    if is_unparted(character):
        return False
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def is_unparted(character: str) -> bool:
    """True for a character of a script that puts no blanks between words."""
    code = ord(character)
    return code >= 0x0E00 and any(first <= code <= last for first, last in _UNPARTED)


@lru_cache(maxsize=1)
def _fold_table() -> npt.NDArray[np.uint64]:
    """For each code point of the basic plane the folded one, or 0 where it parts words."""
    table = np.zeros(1 << 16, dtype=np.uint64)
    for code in range(0xD800):
        character = chr(code)
        if is_word_character(character):
            folded = fold_character(character)
            table[code] = ord(folded) if is_word_character(folded) else 0
    for code in range(0xFB00, 0xFF66):
        character = chr(code)
        if is_word_character(character):
            table[code] = min(ord(fold_character(character)), 0xFFFF)
    return table


@dataclass(slots=True)
class _Powers:
    """The powers of the hash base and their inverses, grown as longer batches come."""

    up: Hashes = field(default_factory=lambda: np.ones(1, dtype=np.uint64))
    down: Hashes = field(default_factory=lambda: np.ones(1, dtype=np.uint64))

    def grow(self, length: int) -> None:
        if len(self.up) >= length:
            return
        size = 1 << max(length - 1, 1).bit_length()
        self.up = np.cumprod(np.full(size, _BASE, dtype=np.uint64)) * np.uint64(pow(_BASE, -1, 1 << 64))
        inverse = np.uint64(pow(_BASE, -1, 1 << 64))
        self.down = np.cumprod(np.full(size, inverse, dtype=np.uint64)) * np.uint64(_BASE)


_POWERS = _Powers()


def _word_hash(word: str) -> int:
    value = 0
    for place, character in enumerate(word):
        value += ord(character) * pow(_BASE, place, 1 << 64)
    return value & _MASK


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a name: its folded text, where its own part begins, and whose it is.

    `lead` is how many characters of clinging prefix come before the name. `exact` holds a text that must be met letter
    by letter in this case, or as all capitals. `owner` is a number that the caller gave.
    """

    folded: str
    owner: int
    exact: str | None = None
    lead: int = 0
    anchor_at: int = 0
    opens_with_word: bool = True
    closes_with_word: bool = True
    is_parted: bool = False

    def placed(self, anchor_at: int) -> Form:
        """The same, filed under the word that stands at that offset."""
        return replace(
            self,
            anchor_at=anchor_at,
            opens_with_word=is_word_character(self.folded[0]),
            closes_with_word=is_word_character(self.folded[-1]),
            is_parted=not self.folded.isalnum(),
        )

    @property
    def needs_capital(self) -> bool:
        """Whether the word it is filed under must begin with a capital letter in the text."""
        return self.exact is not None and self.lead == 0 and self.exact[self.anchor_at].isupper()


Hit = tuple[int, int, Form]
_Automaton: TypeAlias = "ahocorasick.Automaton[tuple[int, list[Form]]]"


class _Drawer:
    """Forms under hashes, with a small table that rules nearly all other hashes out."""

    def __init__(self) -> None:
        self.filed: dict[int, list[Form]] = {}
        self._flags = np.zeros(1 << _TABLE_BITS, dtype=np.uint8)

    def file(self, key: int, form: Form) -> None:
        self.filed.setdefault(key, []).append(form)
        self._flags[((key * _MIX) & _MASK) >> (64 - _TABLE_BITS)] |= _CAPITAL if form.needs_capital else _ANY_CASE

    def look(
        self, hashes: Hashes, starts: npt.NDArray[np.int64], capital: npt.NDArray[np.bool_]
    ) -> tuple[list[int], list[int]]:
        """The starts where a filed form may stand, with its hash; it has to be checked letter by letter."""
        if not self.filed:
            return [], []
        flags = self._flags[((hashes * np.uint64(_MIX)) >> np.uint64(64 - _TABLE_BITS)).astype(np.int64)]
        maybe = np.flatnonzero(flags)
        maybe = maybe[((flags[maybe] & _ANY_CASE) != 0) | capital[maybe]]
        return starts[maybe].tolist(), hashes[maybe].tolist()


class Scanner:
    """Built once from all names; finds them in any number of texts."""

    def __init__(self, names: Iterable[tuple[str, int, bool]]) -> None:
        """Takes (text, owner, case_sensitive); texts that are blank are passed over."""
        self._words = _Drawer()
        self._pairs = _Drawer()
        self.forms = 0
        unparted: dict[str, list[Form]] = {}
        for text, owner, case_sensitive in names:
            for form in _forms_of(text.strip(), owner, case_sensitive):
                self.forms += 1
                words = _words_of(form)
                if not words:
                    unparted.setdefault(form.folded, []).append(form)
                elif len(words) == 1:
                    self._words.file(_word_hash(words[0][0]), form.placed(words[0][1]))
                else:
                    first, second = min(
                        pairwise(words), key=lambda pair: commonness(pair[0][0]) + commonness(pair[1][0])
                    )
                    key = (_word_hash(first[0]) * _PAIR + _word_hash(second[0])) & _MASK
                    self._pairs.file(key, form.placed(first[1]))
        # Names of signs alone (“+++”) may stand in any text, the others only where their script is.
        self._signs = _automaton(
            {name: forms for name, forms in unparted.items() if not _UNPARTED_CHARACTER.search(name)}
        )
        self._unparted = _automaton(
            {name: forms for name, forms in unparted.items() if _UNPARTED_CHARACTER.search(name)}
        )

    def scan(self, texts: Sequence[str]) -> list[list[Hit]]:
        """For each text its hits (start, end, form), in no particular order, overlapping ones included."""
        found: list[list[Hit]] = [[] for _ in texts]
        if self._words.filed or self._pairs.filed:
            batch: list[int] = []
            size = 0
            for number, text in enumerate(texts):
                if size + len(text) > BATCH_CHARACTERS and batch:
                    self._scan_batch([texts[one] for one in batch], [found[one] for one in batch])
                    batch, size = [], 0
                batch.append(number)
                size += len(text) + 1
            if batch:
                self._scan_batch([texts[one] for one in batch], [found[one] for one in batch])
        for automaton, script in ((self._signs, None), (self._unparted, _UNPARTED_CHARACTER)):
            if automaton is not None:
                for text, hits in zip(texts, found, strict=True):
                    if script is None or (not text.isascii() and script.search(text)):
                        hits.extend(_search(automaton, text))
        return found

    def _scan_batch(self, texts: list[str], found: list[list[Hit]]) -> None:
        joined = "\n".join(texts)
        codes: Codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        if not len(codes):
            return
        _POWERS.grow(len(codes) + 1)
        folded = np.take(_fold_table(), codes, mode="clip")
        bounds = np.flatnonzero(np.diff((folded != 0).view(np.int8), prepend=0, append=0))
        starts, ends = bounds[0::2], bounds[1::2]
        if not len(starts):
            return
        sums: Hashes = np.empty(len(codes) + 1, dtype=np.uint64)
        sums[0] = 0
        np.cumsum(folded * _POWERS.up[: len(codes)], out=sums[1:])
        hashes: Hashes = (sums[ends] - sums[starts]) * _POWERS.down[starts]
        capital = folded[starts] != codes[starts]
        opens_list = list(accumulate((len(text) + 1 for text in texts), initial=0))
        opens = np.array(opens_list)
        pairs: Hashes = hashes[:-1] * np.uint64(_PAIR) + hashes[1:]
        for drawer, (begins, keys) in (
            (self._words, self._words.look(hashes, starts, capital)),
            (self._pairs, self._pairs.look(pairs, starts[:-1], capital[:-1])),
        ):
            documents: list[int] = (np.searchsorted(opens, begins, side="right") - 1).tolist()
            for begin, key, document in zip(begins, keys, documents, strict=True):
                for form in drawer.filed.get(key, ()):
                    if not form.is_parted:
                        # One word and nothing else: only its case is left to be checked.
                        start = begin - opens_list[document]
                        end = start + len(form.folded)
                        if (
                            form.exact is None
                            or (surface := texts[document][start:end]) == form.exact
                            or surface.isupper()
                        ):
                            found[document].append((start + form.lead, end, form))
                    elif (hit := _verified(texts[document], begin - opens_list[document], form)) is not None:
                        found[document].append(hit)


def _automaton(names: dict[str, list[Form]]) -> _Automaton | None:
    if not names:
        return None
    automaton: _Automaton = ahocorasick.Automaton()
    for folded, forms in names.items():
        automaton.add_word(folded, (len(folded), forms))
    automaton.make_automaton()
    return automaton


def _search(automaton: _Automaton, text: str) -> Iterator[Hit]:
    folded = fold(text)
    for last, (length, forms) in automaton.iter(folded):
        start, end = last - length + 1, last + 1
        if start and is_word_character(folded[start]) and is_word_character(folded[start - 1]):
            continue
        if end < len(text) and is_word_character(folded[last]) and is_word_character(folded[end]):
            continue
        surface = text[start:end]
        yield from ((start, end, form) for form in forms if form.exact is None or surface == form.exact)


def _verified(text: str, anchor: int, form: Form) -> Hit | None:
    start = anchor - form.anchor_at
    end = start + len(form.folded)
    if start < 0 or end > len(text):
        return None
    surface = text[start:end]
    if "  " in surface or "\r" in surface:
        return _verified_loosely(text, start, form)
    if form.exact is not None and form.exact != surface:
        if not surface.isupper() or fold(surface) != form.folded:
            return None
    elif fold(surface).replace("-", " ") != form.folded.replace("-", " "):
        return None
    if form.opens_with_word and start and is_word_character(text[start - 1]):
        return None
    if end < len(text):
        if form.closes_with_word:
            if is_word_character(text[end]):
                return None
        elif text[end] == surface[-1]:
            return None
    return start + form.lead, end, form


def _verified_loosely(text: str, start: int, form: Form) -> Hit | None:
    """The name with more than one blank between its words, as badly extracted text has them."""
    found = _loose_pattern(form.folded).match(fold(text[start : start + 2 * len(form.folded) + 8]))
    if found is None:
        return None
    end = start + found.end()
    if (start and is_word_character(text[start - 1])) or (end < len(text) and is_word_character(text[end])):
        return None
    surface = text[start:end]
    if form.exact is not None and " ".join(surface.split()) != form.exact and not surface.isupper():
        return None
    return start + form.lead, end, form


@lru_cache(maxsize=4096)
def _loose_pattern(folded: str) -> re.Pattern[str]:
    return re.compile(r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", folded)))


def _forms_of(text: str, owner: int, case_sensitive: bool) -> Iterator[Form]:
    folded = fold(text)
    if not folded.strip():
        return
    exact = text if case_sensitive else None
    yield Form(folded, owner, exact)
    bare = text.rstrip("!?., ")
    if bare != text and sum(map(str.isalnum, bare)) >= 4 and not commonness(fold(bare)):
        yield Form(fold(bare), owner, bare if case_sensitive else None)
    if "'s" in folded and not case_sensitive and not commonness(joined := folded.replace("'", "")):
        # McDonald's is written McDonalds as often; Love's is never loves.
        yield Form(joined, owner)
    first = folded[0]
    if len(folded) < 3 or not folded[-1].isalpha():
        return
    if "؀" <= first <= "ۿ":
        yield from (Form(prefix + folded, owner, None, len(prefix)) for prefix in _ARABIC_PREFIXES)
    elif "\u0590" <= first <= "\u05ff":
        yield from (Form(prefix + folded, owner, None, len(prefix)) for prefix in _HEBREW_PREFIXES)
    elif "а" <= folded[-1] <= "я" and len(folded) > 3 and not case_sensitive:
        if endings := _RUSSIAN_VOWEL_ENDINGS.get(folded[-1]):
            yield from (Form(folded[:-1] + ending, owner) for ending in endings)
        elif folded[-1] not in "оеиуыэюйьъё":
            yield from (Form(folded + ending, owner) for ending in _RUSSIAN_ENDINGS)


_WORDS = re.compile(r"\S+")


def _words_of(form: Form) -> list[tuple[str, int]]:
    """The words of the form with their offsets; none for names that must be searched as substrings."""
    if any(is_unparted(character) for character in form.folded):
        return []
    parted = "".join(
        character if is_word_character(character) and ord(character) < 1 << 16 else " " for character in form.folded
    )
    return [(match.group(), match.start()) for match in _WORDS.finditer(parted)]
