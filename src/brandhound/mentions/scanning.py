"""Finds every place in many texts where one of very many names may stand.

Each name is filed under its word, or under the least common pair of its words. The texts of a batch are laid end to end
and cut into words with keys by whole-array operations, so that Python looks only at places where a filed word or pair
stands.
Scripts that do not part their words (Chinese, Japanese, Korean, Thai …) are searched by an automaton instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TypeAlias

import ahocorasick
import numpy as np

from brandhound.brands.folding import fold
from brandhound.brands.words import commonness
from brandhound.mentions.scripts import UNPARTED_CHARACTER, is_unparted, is_word_character
from brandhound.mentions.word_keys import Flags, Keys, Offsets, key_of, pair_key_of, words_in

BATCH_CHARACTERS = 1 << 17
_TABLE_BITS = 20
_AGAIN_AT = 22
_MIX = 0xD6E8FEB86659FD93
_MASK = (1 << 64) - 1
_ANY_CASE, _CAPITAL = 1, 2

_ARABIC_PREFIXES = ("و", "ب", "ل", "ال", "وال", "بال")
_HEBREW_PREFIXES = ("ו", "ה", "ב", "ל", "מ", "ש", "כ")
_RUSSIAN_ENDINGS = ("а", "у", "ом", "е", "ы", "и", "ов", "ам", "ами", "ах")
_RUSSIAN_VOWEL_ENDINGS = {"а": ("ы", "е", "у", "ой", "и"), "я": ("и", "е", "ю", "ей")}


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
    """Forms under keys, with two small tables that rule nearly all other keys out."""

    def __init__(self) -> None:
        self.filed: dict[int, list[Form]] = {}
        self._flags = np.zeros(1 << _TABLE_BITS, dtype=np.uint8)
        self._again = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)

    def file(self, key: int, form: Form) -> None:
        self.filed.setdefault(key, []).append(form)
        mixed = (key * _MIX) & _MASK
        self._flags[mixed >> (64 - _TABLE_BITS)] |= _CAPITAL if form.needs_capital else _ANY_CASE
        self._again[(mixed >> _AGAIN_AT) & ((1 << _TABLE_BITS) - 1)] = True

    def look(self, keys: Keys, starts: Offsets, capital: Flags) -> tuple[list[int], list[int]]:
        """The starts where a filed form may stand, with its key; it has to be checked letter by letter."""
        if not self.filed:
            return [], []
        mixed = keys * np.uint64(_MIX)
        flags = self._flags[(mixed >> np.uint64(64 - _TABLE_BITS)).view(np.int64)]
        maybe = np.flatnonzero(flags)
        maybe = maybe[((flags[maybe] & _ANY_CASE) != 0) | capital[maybe]]
        second = (mixed[maybe] >> np.uint64(_AGAIN_AT)) & np.uint64((1 << _TABLE_BITS) - 1)
        maybe = maybe[self._again[second.view(np.int64)]]
        return starts[maybe].tolist(), keys[maybe].tolist()


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
                    self._words.file(key_of(words[0][0]), form.placed(words[0][1]))
                else:
                    first, second = min(
                        pairwise(words), key=lambda pair: commonness(pair[0][0]) + commonness(pair[1][0])
                    )
                    self._pairs.file(pair_key_of(first[0], second[0]), form.placed(first[1]))
        # Names of signs alone (“+++”) may stand in any text, the others only where their script is.
        self._signs = _automaton(
            {name: forms for name, forms in unparted.items() if not UNPARTED_CHARACTER.search(name)}
        )
        self._unparted = _automaton(
            {name: forms for name, forms in unparted.items() if UNPARTED_CHARACTER.search(name)}
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
        for automaton, script in ((self._signs, None), (self._unparted, UNPARTED_CHARACTER)):
            if automaton is not None:
                for text, hits in zip(texts, found, strict=True):
                    if script is None or (not text.isascii() and script.search(text)):
                        hits.extend(_search(automaton, text))
        return found

    def _scan_batch(self, texts: list[str], found: list[list[Hit]]) -> None:
        words = words_in("\n".join(texts))
        opens_list = list(accumulate((len(text) + 1 for text in texts), initial=0))
        opens = np.array(opens_list)
        for drawer, (begins, keys) in (
            (self._words, self._words.look(words.keys, words.starts, words.capital)),
            (self._pairs, self._pairs.look(words.pairs(), words.starts[:-1], words.capital[:-1])),
        ):
            filed = drawer.filed
            documents: list[int] = (np.searchsorted(opens, begins, side="right") - 1).tolist()
            for begin, key, document in zip(begins, keys, documents, strict=True):
                forms = filed.get(key)
                if forms is None:
                    continue
                text, begin_here = texts[document], begin - opens_list[document]
                for form in forms:
                    if form.is_parted:
                        if (hit := _verified(text, begin_here, form)) is not None:
                            found[document].append(hit)
                        continue
                    # One word and nothing else: its end is known by its key.
                    end = begin_here + len(form.folded)
                    surface = text[begin_here:end]
                    if surface == form.exact or (
                        (form.exact is None or surface.isupper()) and fold(surface) == form.folded
                    ):
                        found[document].append((begin_here + form.lead, end, form))


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
