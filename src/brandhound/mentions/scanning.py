"""Finds every place in many texts where one of very many names may stand.

Each name is filed under its word, or under the rarest pair of its words. The texts of a batch are laid end to end and cut into
words with keys by whole-array operations, so that Python looks only at places where a filed word or pair stands.
Scripts that do not part their words (Chinese, Japanese, Korean, Thai …) are searched by an automaton instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import ahocorasick
import numpy as np
import numpy.typing as npt

from brandhound.brands.folding import fold
from brandhound.brands.words import commonness
from brandhound.mentions.name_forms import Form, Hit, Pull, forms_of, verified, words_of
from brandhound.mentions.scripts import UNPARTED_CHARACTER, is_word_character
from brandhound.mentions.word_keys import (
    INVISIBLE,
    UNPARTED,
    Flags,
    Keys,
    Offsets,
    key_of,
    pair_key_of,
    pair_keys,
    words_in,
)

BATCH_CHARACTERS = 1 << 17
KNOWN_SURFACES = 1 << 13
_TABLE_BITS = 20
_AGAIN_AT = 22
_MIX = 0xD6E8FEB86659FD93
_MASK = (1 << 64) - 1
_SHORT_WORD_COMMONNESS = 7.0

# What may stand at a word: a name, one with a capital letter, the same of names that wait, a pair of which it is the first or
# the second word, a cue.
_NAME, _CAPITAL_NAME, _WAITING, _CAPITAL_WAITING, _OPENS_PAIR, _CLOSES_PAIR, _CUE = 1, 2, 4, 8, 16, 32, 64
_ANY_NAME = _NAME | _CAPITAL_NAME | _WAITING | _CAPITAL_WAITING

Span = tuple[int, int]
_Automaton: TypeAlias = "ahocorasick.Automaton[tuple[int, list[Form]]]"


@dataclass(slots=True)
class Seen:
    """What stands in one text: hits (start, end, form), in no particular order, overlapping ones included; and cues."""

    hits: list[Hit] = field(default_factory=list[Hit])
    cues: list[Span] = field(default_factory=list[Span])


class Wanted(NamedTuple):
    """A name to be found: with the number that the caller gives it, and whether cues are to be seen beside it."""

    text: str
    owner: int
    case_sensitive: bool = False
    pull: Pull = "counts"
    wants_cues: bool = True


class _Known(NamedTuple):
    """The forms filed under a word as it is written: those that are that word, those with signs, those that wait."""

    whole: tuple[Form, ...]
    parted: tuple[Form, ...]
    waiting: tuple[Form, ...]


class _Found:
    """What was seen so far, by the number of the text, and the texts where more is asked for."""

    __slots__ = ("hidden", "is_called", "seen", "wants_cues")

    def __init__(self, texts: int, awaited: Iterable[int] | None) -> None:
        self.seen: dict[int, Seen] = {}
        self.hidden: set[int] = set()
        self.wants_cues = np.zeros(texts, dtype=np.bool_)
        self.is_called = np.zeros(texts, dtype=np.bool_)
        if awaited is None:
            self.is_called[:] = True
        else:
            self.is_called[np.fromiter(awaited, dtype=np.int64)] = True

    def keep(self, number: int, hits: list[Hit]) -> None:
        seen = self.seen.get(number)
        if seen is None:
            self.seen[number] = Seen(hits)
        else:
            seen.hits += hits
        for _, _, form in hits:
            if form.pull == "calls":
                self.is_called[number] = True
            if form.wants_cues:
                self.wants_cues[number] = True


class _Table:
    """Flags of keys, in two small tables that rule out nearly all keys without any."""

    def __init__(self) -> None:
        self._flags = np.zeros(1 << _TABLE_BITS, dtype=np.uint8)
        self._again = np.zeros(1 << _TABLE_BITS, dtype=np.uint8)

    def mark(self, key: int, flag: int) -> None:
        mixed = (key * _MIX) & _MASK
        self._flags[mixed >> (64 - _TABLE_BITS)] |= flag
        self._again[(mixed >> _AGAIN_AT) & ((1 << _TABLE_BITS) - 1)] |= flag

    def look(self, keys: Keys) -> npt.NDArray[np.uint8]:
        """For each key the flags that it may have: none for nearly all that were never marked."""
        return self._flags[self._mixed(keys) >> np.uint64(64 - _TABLE_BITS)]

    def confirmed(self, keys: Keys, flags: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Of the flags of keys those that are left when they are looked up elsewhere."""
        second = (self._mixed(keys) >> np.uint64(_AGAIN_AT)) & np.uint64((1 << _TABLE_BITS) - 1)
        return flags & self._again[second]

    @staticmethod
    def _mixed(keys: Keys) -> Keys:
        return keys * np.uint64(_MIX)


class Scanner:
    """Built once from all names; finds them in any number of texts."""

    def __init__(self, names: Iterable[Wanted], cues: Iterable[str] = ()) -> None:
        """Names that are blank are passed over."""
        self._words: dict[int, list[Form]] = {}
        self._pairs: dict[int, list[Form]] = {}
        self._word_table, self._pair_table = _Table(), _Table()
        self._known: dict[str, _Known] = {}
        self.forms = 0
        unparted: dict[str, list[Form]] = {}
        for text, owner, case_sensitive, pull, wants_cues in names:
            # A place of one word hides no other place; only such a one may wait.
            unwaiting: Pull = "counts" if pull == "waits" else pull
            for form in forms_of(text.strip(), owner, case_sensitive):
                self.forms += 1
                words = words_of(form)
                if not words:
                    placed = form.placed(0, unwaiting, wants_cues=wants_cues)
                    unparted.setdefault(form.folded, []).append(placed)
                elif len(words) == 1:
                    may_wait = form.folded.isalnum() and form.lead == 0
                    self._file_word(
                        words[0][0],
                        form.placed(words[0][1], pull if may_wait else unwaiting, wants_cues=wants_cues),
                    )
                else:
                    at = min(
                        range(len(words) - 1), key=lambda at: _commonness(words[at][0]) + _commonness(words[at + 1][0])
                    )
                    placed = form.placed(
                        words[at][1],
                        unwaiting,
                        wants_cues=wants_cues,
                        before=key_of(words[at - 1][0]) if at else None,
                        after=key_of(words[at + 2][0]) if at + 2 < len(words) else None,
                    )
                    self._file_pair(words[at][0], words[at + 1][0], placed)
        for cue in cues:
            # A cue may hold an apostrophe (“customer's”): it is seen at its first part.
            self._word_table.mark(key_of(fold(cue.split("'")[0])), _CUE)
        # Names of signs alone (“+++”) may stand in any text, the others only where their script is.
        self._signs = _automaton(
            {name: forms for name, forms in unparted.items() if not UNPARTED_CHARACTER.search(name)}
        )
        self._unparted = _automaton(
            {name: forms for name, forms in unparted.items() if UNPARTED_CHARACTER.search(name)}
        )

    def _file_word(self, word: str, form: Form) -> None:
        key = key_of(word)
        self._words.setdefault(key, []).append(form)
        plain, capital = (_WAITING, _CAPITAL_WAITING) if form.pull == "waits" else (_NAME, _CAPITAL_NAME)
        self._word_table.mark(key, capital if form.needs_capital else plain)

    def _file_pair(self, first: str, second: str, form: Form) -> None:
        key = pair_key_of(first, second)
        self._pairs.setdefault(key, []).append(form)
        self._word_table.mark(key_of(first), _OPENS_PAIR)
        self._word_table.mark(key_of(second), _CLOSES_PAIR)
        self._pair_table.mark(key, _CAPITAL_NAME if form.needs_capital else _NAME)

    def scan(
        self, texts: Sequence[str], awaited: Iterable[int] | None = None, hidden: set[int] | None = None
    ) -> dict[int, Seen]:
        """What is seen in each text that has any hit, by its number.

        Names that wait are seen in the texts of the numbers `awaited` (None: in all), and where another name calls them.
        Texts with invisible characters, which may part what is one name, are added to `hidden`.
        """
        found = _Found(len(texts), awaited)
        if self._signs is not None:
            _search_all(self._signs, texts, range(len(texts)), found)
        plain = np.fromiter(map(str.isascii, texts), dtype=np.bool_, count=len(texts))
        sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
        # Texts of plain letters are cut faster by themselves.
        for batch in _batches(np.flatnonzero(plain), sizes):
            self._scan_batch(_Laid(batch, texts, sizes[batch]), texts, found)
        for batch in _batches(np.flatnonzero(~plain), sizes):
            laid = _Laid(batch, texts, sizes[batch])
            if hidden is not None:
                hidden.update(laid.holding(INVISIBLE))
            if self._unparted is not None:
                _search_all(self._unparted, texts, laid.holding(UNPARTED), found)
            self._scan_batch(laid, texts, found)
        return found.seen

    def _scan_batch(self, laid: _Laid, texts: Sequence[str], found: _Found) -> None:
        words = laid.words
        flags = self._word_table.look(words.keys)
        names = np.flatnonzero((flags & _ANY_NAME) != 0)
        name_flags = self._word_table.confirmed(words.keys[names], flags[names])
        capital = words.is_capital(names)
        text_of_all, known_surfaces = laid.text, self._known
        for number, opens, start, end, key in laid.places(_marked(name_flags, names, capital, _NAME, _CAPITAL_NAME)):
            surface = text_of_all[start:end]
            known = known_surfaces.get(surface)
            if known is None:
                known = self._learn(surface, key)
            whole, parted, _ = known
            if whole or parted:
                hits = [(start - opens + form.lead, end - opens, form) for form in whole]
                if parted:
                    text, at = texts[number], start - opens
                    hits += [hit for form in parted if (hit := verified(text, at, form)) is not None]
                if hits:
                    found.keep(number, hits)
        self._scan_pairs(laid, flags, texts, found)
        is_called = laid.of_texts(found.is_called)
        if is_called.any():
            waiting = _marked(name_flags, names, capital, _WAITING, _CAPITAL_WAITING)
            for number, opens, start, end, key in laid.places(laid.inside(waiting, is_called)):
                surface = text_of_all[start:end]
                if forms := (known_surfaces.get(surface) or self._learn(surface, key)).waiting:
                    found.keep(number, [(start - opens, end - opens, form) for form in forms])
        wants_cues = laid.of_texts(found.wants_cues)
        if wants_cues.any():
            seen = found.seen
            cues = np.flatnonzero((flags & _CUE) != 0)
            cues = cues[self._word_table.confirmed(words.keys[cues], flags[cues]) & _CUE != 0]
            for number, opens, start, end, _ in laid.places(laid.inside(cues, wants_cues)):
                seen[number].cues.append((start - opens, end - opens))

    def _scan_pairs(self, laid: _Laid, flags: npt.NDArray[np.uint8], texts: Sequence[str], found: _Found) -> None:
        words = laid.words
        pairs = np.flatnonzero(((flags[:-1] & _OPENS_PAIR) != 0) & ((flags[1:] & _CLOSES_PAIR) != 0))
        keys = pair_keys(words.keys, pairs)
        pair_flags = self._pair_table.look(keys)
        maybe = np.flatnonzero(pair_flags != 0)
        pairs, keys = pairs[maybe], keys[maybe]
        pair_flags = self._pair_table.confirmed(keys, pair_flags[maybe])
        sure = _marked(pair_flags, np.arange(len(pairs)), words.is_capital(pairs), _NAME, _CAPITAL_NAME)
        if not len(sure):
            return
        firsts = pairs[sure]
        befores = words.keys[np.maximum(firsts - 1, 0)].tolist()
        afters = words.keys[np.minimum(firsts + 2, len(words.keys) - 1)].tolist()
        filed = self._pairs
        for (number, opens, start, _, _), key, before, after in zip(
            laid.places(firsts), keys[sure].tolist(), befores, afters, strict=True
        ):
            for form in filed.get(key, ()):
                if (form.before is None or form.before == before) and (form.after is None or form.after == after):
                    hit = verified(texts[number], start - opens, form)
                    if hit is not None:
                        found.keep(number, [hit])

    def _learn(self, surface: str, key: int) -> _Known:
        """The forms filed under a word as it is written, kept for when it is met again."""
        filed = self._words.get(key, ())
        folded, is_upper = fold(surface), surface.isupper()
        whole = [
            form
            for form in filed
            if not form.is_parted
            and (surface == form.exact or ((form.exact is None or is_upper) and folded == form.folded))
        ]
        known = _Known(
            tuple(form for form in whole if form.pull != "waits"),
            tuple(form for form in filed if form.is_parted),
            tuple(form for form in whole if form.pull == "waits"),
        )
        if len(self._known) >= KNOWN_SURFACES:
            self._known.clear()
        self._known[surface] = known
        return known


class _Laid:
    """Some of the texts laid end to end, cut into words. `sizes` are their lengths with the break between."""

    def __init__(self, numbers: Offsets, texts: Sequence[str], sizes: Offsets) -> None:
        chosen: list[int] = numbers.tolist()
        self.text: str = "\n".join([texts[number] for number in chosen])
        self.words = words_in(self.text)
        self._numbers = numbers
        self._opens = np.cumsum(sizes) - sizes

    def places(self, which: Offsets) -> Iterator[tuple[int, int, int, int, int]]:
        """Of each of these words the number of its text, where that text begins, its own bounds and its key."""
        words, starts = self.words, self.words.starts[which]
        at = self._at(starts)
        columns = (self._numbers[at], self._opens[at], starts, words.ends[which], words.keys[which])
        return zip(*(column.tolist() for column in columns), strict=True)

    def of_texts(self, flags: Flags) -> Flags:
        """The flags of these texts, of those of all."""
        return flags[self._numbers]

    def inside(self, which: Offsets, is_wanted: Flags) -> Offsets:
        """Those of the words that stand in texts that are wanted."""
        return which[is_wanted[self._at(self.words.starts[which])]]

    def holding(self, trait: int) -> list[int]:
        """The numbers of the texts that hold characters of that trait."""
        at = self.words.places_of(trait)
        return self._numbers[np.unique(self._at(at))].tolist() if len(at) else []

    def _at(self, starts: Offsets) -> Offsets:
        return np.searchsorted(self._opens, starts, side="right") - 1


def _marked(flags: npt.NDArray[np.uint8], which: Offsets, capital: Flags, plain: int, with_capital: int) -> Offsets:
    return which[((flags & plain) != 0) | (((flags & with_capital) != 0) & capital)]


def _batches(numbers: Offsets, sizes: Offsets) -> Iterator[Offsets]:
    ends = np.cumsum(sizes[numbers])
    first = 0
    while first < len(numbers):
        before = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, before + BATCH_CHARACTERS, side="right")), first + 1)
        yield numbers[first:last]
        first = last


def _commonness(word: str) -> float:
    """How common a word is; initials and the like stand everywhere."""
    return commonness(word) if len(word) > 2 else max(commonness(word), _SHORT_WORD_COMMONNESS)


def _automaton(names: dict[str, list[Form]]) -> _Automaton | None:
    if not names:
        return None
    automaton: _Automaton = ahocorasick.Automaton()
    for folded, forms in names.items():
        automaton.add_word(folded, (len(folded), forms))
    automaton.make_automaton()
    return automaton


def _search_all(automaton: _Automaton, texts: Sequence[str], numbers: Iterable[int], found: _Found) -> None:
    for number in numbers:
        if hits := list(_search(automaton, texts[number])):
            found.keep(number, hits)


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
