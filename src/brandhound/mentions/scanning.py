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
from brandhound.mentions.laying import Laid, batches
from brandhound.mentions.name_forms import Form, Hit, Pull, forms_of, verified, words_of
from brandhound.mentions.scripts import UNPARTED_CHARACTER, is_word_character
from brandhound.mentions.word_keys import INVISIBLE, UNPARTED, Flags, KeyFlags, Offsets, key_of, pair_key_of, pair_keys

KNOWN_SURFACES = 1 << 13
_SHORT_WORD_COMMONNESS = 7.0

# What may stand at a word: a name, one with a capital letter, the same of names that wait, a cue.
_NAME, _CAPITAL_NAME, _WAITING, _CAPITAL_WAITING, _CUE = 1, 2, 4, 8, 16
# And at a pair of words: a name, the same of names of more words, the pair that stands before or after such a name's own.
_LONGER, _CAPITAL_LONGER, _BESIDE = 4, 8, 16
_ANY_PAIR = _NAME | _CAPITAL_NAME | _LONGER | _CAPITAL_LONGER

Span = tuple[int, int]
Spot = tuple[int, int, tuple[int, ...]]
"""Where names stand: from this offset to that, and the numbers that the caller gave them."""
_Automaton: TypeAlias = "ahocorasick.Automaton[tuple[int, list[Form]]]"


@dataclass(slots=True)
class Seen:
    """What stands in one text: spots in no particular order, overlapping ones included; and cues."""

    spots: list[Spot] = field(default_factory=list[Spot])
    cues: list[Span] = field(default_factory=list[Span])


class Wanted(NamedTuple):
    """A name to be found: with the number that the caller gives it, and whether cues are to be seen beside it."""

    text: str
    owner: int
    case_sensitive: bool = False
    pull: Pull = "counts"
    wants_cues: bool = True


class _Named(NamedTuple):
    """Whose a word is, whether those call for names that wait, and whether they want cues."""

    owners: tuple[int, ...]
    calls: bool
    wants_cues: bool


class _Known(NamedTuple):
    """What is filed under a word as it is written: whose that word is, whose it is if called, and what it is a part of."""

    named: _Named | None
    waiting: _Named | None
    parted: tuple[Form, ...]
    """Forms with signs or a prefix, which have to be looked at where they stand."""
    befores: frozenset[str]
    afters: frozenset[str]
    """The folded characters of which one must stand beside the word for any of these; none: any may."""


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

    def keep(self, number: int, start: int, end: int, named: _Named) -> None:
        owners, calls, wants_cues = named
        seen = self.seen.get(number)
        if seen is None:
            self.seen[number] = Seen([(start, end, owners)])
        else:
            seen.spots.append((start, end, owners))
        if calls:
            self.is_called[number] = True
        if wants_cues:
            self.wants_cues[number] = True

    def keep_hit(self, number: int, hit: Hit) -> None:
        start, end, form = hit
        self.keep(number, start, end, _Named((form.owner,), form.pull == "calls", form.wants_cues))


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
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(words) - 1:
                self._pair_table.mark(pair_key_of(words[beside], words[beside + 1]), _BESIDE)

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
        return found.seen

    def _scan_batch(self, laid: Laid, texts: Sequence[str], found: _Found) -> None:
        words = laid.words
        flags = self._word_table.look(words.keys)
        # Few words have any flag: all that follows looks at these alone.
        marked = np.flatnonzero(flags != 0)
        flags = self._word_table.confirmed(words.keys.take(marked), flags.take(marked))
        capital = words.is_capital(marked)
        known_surfaces, keep = self._known, found.keep
        for number, start, end, key in laid.places(_marked(flags, marked, capital, _NAME, _CAPITAL_NAME)):
            text = texts[number]
            surface = text[start:end]
            known = known_surfaces.get(surface)
            if known is None:
                known = self._learn(surface, key)
            named, _, parted, befores, afters = known
            if named is not None:
                keep(number, start, end, named)
            if parted and (
                not (befores or afters)
                or (afters and fold(text[end : end + 1]) in afters)
                or (befores and fold(text[start - 1 : start]) in befores)
            ):
                for form in parted:
                    if not form.is_parted:
                        found.keep_hit(number, (start + form.lead, end, form))
                    elif (hit := verified(text, start, form)) is not None:
                        found.keep_hit(number, hit)
        self._scan_pairs(laid, texts, found)
        is_called = laid.of_texts(found.is_called)
        if is_called.any():
            waiting = _marked(flags, marked, capital, _WAITING, _CAPITAL_WAITING)
            for number, start, end, key in laid.places(laid.inside(waiting, is_called)):
                surface = texts[number][start:end]
                if named := (known_surfaces.get(surface) or self._learn(surface, key)).waiting:
                    keep(number, start, end, named)
        wants_cues = laid.of_texts(found.wants_cues)
        if wants_cues.any():
            seen = found.seen
            cues = marked[(flags & _CUE) != 0]
            for number, start, end, _ in laid.places(laid.inside(cues, wants_cues)):
                seen[number].cues.append((start, end))

    def _scan_pairs(self, laid: Laid, texts: Sequence[str], found: _Found) -> None:
        words = laid.words
        keys = pair_keys(words.keys)
        flags = self._pair_table.look(keys)
        pairs = np.flatnonzero((flags & _ANY_PAIR) != 0)
        kept = self._pair_table.confirmed(keys[pairs], flags[pairs])
        # A longer name is there only if the words around its pair are, too.
        around = flags.take(pairs - 1, mode="wrap") | flags.take(pairs + 1, mode="wrap")
        kept &= np.where((around & _BESIDE) != 0, np.uint8(_ANY_PAIR), np.uint8(_NAME | _CAPITAL_NAME))
        firsts = _marked(kept, pairs, words.is_capital(pairs), _NAME | _LONGER, _CAPITAL_NAME | _CAPITAL_LONGER)
        if not len(firsts):
            return
        befores = words.keys[np.maximum(firsts - 1, 0)].tolist()
        afters = words.keys[np.minimum(firsts + 2, len(words.keys) - 1)].tolist()
        filed = self._pairs
        for (number, start, _, _), key, before, after in zip(
            laid.places(firsts), keys[firsts].tolist(), befores, afters, strict=True
        ):
            for form in filed.get(key, ()):
                if (form.before is None or form.before == before) and (form.after is None or form.after == after):
                    hit = verified(texts[number], start, form)
                    if hit is not None:
                        found.keep_hit(number, hit)

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


def _named(forms: list[Form]) -> _Named | None:
    if not forms:
        return None
    owners = tuple(dict.fromkeys(form.owner for form in forms))
    return _Named(owners, any(form.pull == "calls" for form in forms), any(form.wants_cues for form in forms))


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


def _search_all(automaton: _Automaton, texts: Sequence[str], numbers: Iterable[int], found: _Found) -> None:
    for number in numbers:
        for hit in _search(automaton, texts[number]):
            found.keep_hit(number, hit)


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
