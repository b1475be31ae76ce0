"""Finds every place in many texts where one of very many names may stand.

Each name is filed under its word, or under the rarest pair of its words. The texts of a batch are laid end to end and cut into
words with keys by whole-array operations, so that Python looks only at places where a filed word or pair stands.
Scripts that do not part their words (Chinese, Japanese, Korean, Thai …) are searched by an automaton instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import ahocorasick
import numpy as np
import numpy.typing as npt

from brandhound.brands.folding import FOLDED, fold
from brandhound.brands.words import commonness
from brandhound.mentions.laying import Laid, batches
from brandhound.mentions.name_forms import Form, Hit, Pull, forms_of, verified, words_of
from brandhound.mentions.scripts import UNPARTED_CHARACTER, is_word_character
from brandhound.mentions.sightings import Named, Sightings
from brandhound.mentions.word_keys import (
    INVISIBLE,
    UNPARTED,
    Bytes,
    Flags,
    KeyFlags,
    Offsets,
    key_of,
    pair_key_of,
    pair_keys,
)

KNOWN_SURFACES = 1 << 13
_SHORT_WORD_COMMONNESS = 7.0

# What may stand at a word: a name, one with a capital letter, the same of names that wait, a cue.
_NAME, _CAPITAL_NAME, _WAITING, _CAPITAL_WAITING, _CUE = 1, 2, 4, 8, 16
_ANY_WORD = _NAME | _CAPITAL_NAME | _WAITING | _CAPITAL_WAITING | _CUE
# The word may be the first or the second of a pair.
_OPENS_PAIR, _CLOSES_PAIR = 32, 64
# And at a pair of words: a name, the same of names of more words, the pair that stands before or after such a name's own.
_LONGER, _CAPITAL_LONGER, _BESIDE = 4, 8, 16
_ANY_PAIR = _NAME | _CAPITAL_NAME | _LONGER | _CAPITAL_LONGER

_Automaton: TypeAlias = "ahocorasick.Automaton[tuple[int, list[Form]]]"


class Wanted(NamedTuple):
    """A name to be found: with the number that the caller gives it, and whether cues are to be seen beside it."""

    text: str
    owner: int
    case_sensitive: bool = False
    pull: Pull = "counts"
    wants_cues: bool = True


class _Known(NamedTuple):
    """What is filed under a word as it is written: whose that word is, whose it is if called, and what it is a part of."""

    named: Named | None
    waiting: Named | None
    parted: tuple[Form, ...]
    """Forms with signs or a prefix, which have to be looked at where they stand."""
    befores: frozenset[str]
    afters: frozenset[str]
    """The folded characters of which one must stand beside the word for any of these; none: any may."""


class Scanner:
    """Built once from all names; finds them in any number of texts."""

    def __init__(self, names: Iterable[Wanted], cues: Iterable[str] = ()) -> None:
        """Names that are blank are passed over."""
        self._words: dict[int, list[Form]] = {}
        self._pairs: dict[int, list[Form]] = {}
        self._word_table, self._pair_table = KeyFlags(), KeyFlags()
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
                    self._file_pair([word for word, _ in words], at, placed)
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

    def _file_pair(self, words: Sequence[str], at: int, form: Form) -> None:
        key = pair_key_of(words[at], words[at + 1])
        self._pairs.setdefault(key, []).append(form)
        plain, capital = (_NAME, _CAPITAL_NAME) if len(words) == 2 else (_LONGER, _CAPITAL_LONGER)
        self._pair_table.mark(key, capital if form.needs_capital else plain)
        self._word_table.mark(key_of(words[at]), _OPENS_PAIR)
        self._word_table.mark(key_of(words[at + 1]), _CLOSES_PAIR)
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(words) - 1:
                self._pair_table.mark(pair_key_of(words[beside], words[beside + 1]), _BESIDE)

    def scan(
        self, texts: Sequence[str], awaited: Iterable[int] | None = None, hidden: set[int] | None = None
    ) -> Sightings:
        """What is seen in the texts, sorted.

        Names that wait are seen in the texts of the numbers `awaited` (None: in all), and where another name calls them.
        Texts with invisible characters, which may part what is one name, are added to `hidden`.
        """
        found = Sightings(len(texts), awaited)
        if self._signs is not None:
            _search_all(self._signs, texts, range(len(texts)), found)
        plain = np.fromiter(map(str.isascii, texts), dtype=np.bool_, count=len(texts))
        sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
        # Texts of plain letters are laid before the others, since these are cut faster.
        others = np.flatnonzero(~plain)
        for batch in batches(np.concatenate((np.flatnonzero(plain), others)), sizes):
            laid = Laid(batch, texts, sizes[batch], int(plain[batch].sum()))
            if len(laid.words.others):
                if hidden is not None:
                    hidden.update(laid.holding(INVISIBLE))
                if self._unparted is not None:
                    _search_all(self._unparted, texts, laid.holding(UNPARTED), found)
            self._scan_batch(laid, texts, found)
        found.sort()
        return found

    def _scan_batch(self, laid: Laid, texts: Sequence[str], found: Sightings) -> None:
        words = laid.words
        all_flags = self._word_table.look(words.keys)
        # Few words have any flag: all that follows looks at these alone.
        marked = np.flatnonzero((all_flags & _ANY_WORD) != 0)
        flags = self._word_table.confirmed(words.keys.take(marked), all_flags.take(marked))
        capital = words.is_capital(marked)
        columns = laid.columns(_marked(flags, marked, capital, _NAME, _CAPITAL_NAME))
        surfaces = [texts[number][start:end] for number, start, end, _ in zip(*columns, strict=True)]
        known_surfaces, keep = self._known, found.keep
        knowns = [known_surfaces.get(surface) for surface in surfaces]
        for (number, start, end, key), surface, known in zip(zip(*columns, strict=True), surfaces, knowns, strict=True):
            named, _, parted, befores, afters = known or self._learn(surface, key)
            if named is not None:
                keep(number, start, end, named)
            if not parted:
                continue
            text = texts[number]
            if (
                not (befores or afters)
                or (afters and end < len(text) and FOLDED[ord(text[end])] in afters)
                or (befores and start and FOLDED[ord(text[start - 1])] in befores)
            ):
                for form in parted:
                    if not form.is_parted:
                        _keep_hit(found, number, (start + form.lead, end, form))
                    elif (hit := verified(text, start, form)) is not None:
                        _keep_hit(found, number, hit)
        self._scan_pairs(laid, all_flags, texts, found)
        is_called = laid.of_texts(found.is_called)
        if is_called.any():
            waiting = _marked(flags, marked, capital, _WAITING, _CAPITAL_WAITING)
            for number, start, end, key in laid.places(laid.inside(waiting, is_called)):
                surface = texts[number][start:end]
                if named := (known_surfaces.get(surface) or self._learn(surface, key)).waiting:
                    keep(number, start, end, named)
        wants_cues = laid.of_texts(found.wants_cues)
        if wants_cues.any():
            cues = marked[(flags & _CUE) != 0]
            numbers, starts, ends, _ = laid.columns(laid.inside(cues, wants_cues))
            found.cue_numbers += numbers
            found.cue_starts += starts
            found.cue_ends += ends

    def _scan_pairs(self, laid: Laid, word_flags: Bytes, texts: Sequence[str], found: Sightings) -> None:
        keys, table = laid.words.keys, self._pair_table
        # A fifth of all words may be the first of a pair and are before one that may be the second.
        pairs = np.flatnonzero(((word_flags[:-1] << 1) & word_flags[1:] & _CLOSES_PAIR) != 0)
        paired = pair_keys(keys, pairs)
        flags = table.look(paired)
        some = np.flatnonzero((flags & _ANY_PAIR) != 0)
        pairs, paired, flags = pairs.take(some), paired.take(some), flags.take(some)
        kept = table.confirmed(paired, flags)
        # A longer name is there only if the words around its pair are, too.
        around = table.look(pair_keys(keys, pairs - 1)) | table.look(pair_keys(keys, pairs + 1))
        kept &= np.where((around & _BESIDE) != 0, np.uint8(_ANY_PAIR), np.uint8(_NAME | _CAPITAL_NAME))
        capital = laid.words.is_capital(pairs)
        which = _marked(kept, np.arange(len(pairs)), capital, _NAME | _LONGER, _CAPITAL_NAME | _CAPITAL_LONGER)
        if not len(which):
            return
        firsts = pairs.take(which)
        befores = keys.take(firsts - 1, mode="clip").tolist()
        afters = keys.take(firsts + 2, mode="clip").tolist()
        filed = self._pairs
        for (number, start, _, _), key, before, after in zip(
            laid.places(firsts), paired.take(which).tolist(), befores, afters, strict=True
        ):
            for form in filed.get(key, ()):
                if (form.before is None or form.before == before) and (form.after is None or form.after == after):
                    hit = verified(texts[number], start, form)
                    if hit is not None:
                        _keep_hit(found, number, hit)

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
        parted = [form for form in filed if form.is_parted]
        parted += [form for form in whole if form.lead]
        befores, afters = _beside(parted, len(surface))
        known = _Known(
            _named([form for form in whole if form.pull != "waits" and not form.lead]),
            _named([form for form in whole if form.pull == "waits"]),
            tuple(parted),
            befores,
            afters,
        )
        if len(self._known) >= KNOWN_SURFACES:
            self._known.clear()
        self._known[surface] = known
        return known


def _named(forms: list[Form]) -> Named | None:
    if not forms:
        return None
    owners = tuple(dict.fromkeys(form.owner for form in forms))
    return Named(owners, any(form.pull == "calls" for form in forms), any(form.wants_cues for form in forms))


def _keep_hit(found: Sightings, number: int, hit: Hit) -> None:
    start, end, form = hit
    found.keep(number, start, end, Named((form.owner,), form.pull == "calls", form.wants_cues))


def _beside(forms: list[Form], length: int) -> tuple[frozenset[str], frozenset[str]]:
    """The characters of which one must stand before or after a word of that length for any of these forms to be there."""
    befores, afters = set[str](), set[str]()
    for form in forms:
        before, after = form.folded[: form.anchor_at][-1:], form.folded[form.anchor_at + length :][:1]
        if form.stretches or not (before or after):
            return frozenset(), frozenset()
        (afters if after else befores).add(after or before)
    return frozenset(befores), frozenset(afters)


def _marked(flags: npt.NDArray[np.uint8], which: Offsets, capital: Flags, plain: int, with_capital: int) -> Offsets:
    return which[((flags & plain) != 0) | (((flags & with_capital) != 0) & capital)]


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


def _search_all(automaton: _Automaton, texts: Sequence[str], numbers: Iterable[int], found: Sightings) -> None:
    for number in numbers:
        for hit in _search(automaton, texts[number]):
            _keep_hit(found, number, hit)


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
