"""Weighs names for which nothing can speak but the text around them: their brands have only names, their text no address.

What can be said of a name as it is written is put together once and kept; brands that share a name share what is said of it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from brandhound.brands.folding import fold
from brandhound.brands.names import NameKind
from brandhound.mentions.as_written import capitals_sign, signs_beside, small_sign
from brandhound.mentions.confidence import LEAST_CONFIDENCE, WEIGHTS, Sign, odds_of, probability
from brandhound.mentions.cues import word_at
from brandhound.mentions.name_facts import NameFacts
from brandhound.mentions.places import Candidate, Match, Place, matches_of
from brandhound.mentions.sentences import Sentences
from brandhound.mentions.surroundings import Surroundings, surroundings_of
from brandhound.mentions.weighing import (
    ACTING,
    BEGINS,
    BEGINS_AND_ACTS,
    BOILERPLATE,
    NEAR_SENTENCES,
    other_names,
    question,
    supported,
    without_longer_name,
)
from brandhound.mentions.zones import ENOUGH_FOR_SUBJECT, LEAD_SENTENCES, Zones, may_have_parts

_match = Match._make


Repeated = Literal["", "alike", "otherwise"]
"""Whether a brand is named at several places of a text: not, always by the same name written the same, or otherwise."""
_Weighed = tuple[Place, NameFacts, list[Sign], bool]


class _Word(NamedTuple):
    """A name of many meanings, as the words around it are asked about it."""

    folded: str
    is_common: bool
    is_lower: bool
    category_words: frozenset[str]


class _Alike(NamedTuple):
    """Names of which a place says the same, as they are written there."""

    signs: tuple[Sign, ...]
    """What speaks for and against them wherever they are written so."""
    odds: float
    small: Sign | None
    """That one of the signs that says that it is written small."""
    has_capitals: bool
    """Whether it hangs on the line what the writing says."""
    word: _Word | None
    """None: the words around say nothing of it."""
    lacks_context: bool
    members: tuple[tuple[str, NameKind], ...]
    """The brands with the kind of the name."""
    names: tuple[NameFacts, ...]
    """The same names as they are known."""


class Written(NamedTuple):
    """Some names as they are written: those that may count without another name of their brand, and all their brands."""

    alike: tuple[_Alike, ...]
    brands: frozenset[str]
    is_plain: bool
    """Whether nothing but its own place and other names of its brand can speak for or against any."""
    waiting: frozenset[str]
    """The brands of the others."""
    is_whole: bool
    """Whether they are written as they are, but for case and accents."""


def written(surface: str, names: Sequence[NameFacts]) -> Written:
    """What can be said of these names, written like that, before any text is seen."""
    brands = frozenset(name.brand.key for name in names)
    counting = [name for name in names if not name.needs_company]
    is_plain = len(brands) == len(names) and all(name.is_simple and not name.may_be_small for name in counting)
    groups: list[list[NameFacts]] = []
    for name in counting if is_plain else ():
        if groups and name.is_weighed_like(groups[-1][-1]):
            groups[-1].append(name)
        else:
            groups.append([name])
    waiting = frozenset(name.brand.key for name in names if name.needs_company)
    is_whole = all(name.folded == fold(surface) for name in names)
    return Written(tuple(_alike(surface, group) for group in groups), brands, is_plain, waiting, is_whole)


def _alike(surface: str, names: Sequence[NameFacts]) -> _Alike:
    name = names[0]
    small = small_sign(surface, name)
    signs = name.signs if small is None else (*name.signs, small)
    return _Alike(
        signs=signs,
        odds=odds_of(signs),
        small=small,
        has_capitals=surface.isupper() and not name.text.isupper() and name.kind not in {"domain", "handle"},
        word=_Word(name.folded, name.is_common, surface.islower(), name.brand.category_words)
        if name.is_ambiguous
        else None,
        lacks_context=name.lacks_context,
        members=tuple((one.brand.key, one.kind) for one in names),
        names=tuple(names),
    )


def repeated_in(names: Sequence[Written]) -> Repeated | None:
    """Whether any brand has several of these; None if one that has has a name that waits for others."""
    repeated: Repeated = ""
    known: set[int] = set()
    brands = again = waiting = frozenset[str]()
    for name in names:
        if id(name) in known:
            again |= name.brands
            repeated = "otherwise" if repeated == "otherwise" or not name.is_whole else "alike"
            continue
        known.add(id(name))
        if not brands.isdisjoint(name.brands):
            again |= brands & name.brands
            repeated = "otherwise"
        brands |= name.brands
        waiting |= name.waiting
    return repeated if again.isdisjoint(waiting) else None


def weigh_plain(
    text: str, spots: Sequence[tuple[int, int, str, Written]], cues: Sequence[tuple[int, int]], repeated: Repeated
) -> list[Match]:
    """The matches of a text where names stand so written from one offset to another, all plain.

    No brand that is repeated may have a name among them that is waiting for others.
    """
    matches: list[Match] = []
    weighed: list[_Weighed] = []
    counted: list[Written] = []
    sentences, zones = Sentences(text), Zones(text) if may_have_parts(text) else None
    cue_words: list[tuple[int, str]] | None = None
    for start, end, surface, name in spots:
        if not name.alike:
            continue
        number, sentence = sentences.numbered(start, end)
        if zones is None:
            zone = "subject" if number < LEAD_SENTENCES else "mentioned"
        else:
            zone = zones.zone_of(start, end, number, sentence)
        beside, is_sure = signs_beside(text, start, end)
        if zone == "boilerplate":
            beside.insert(0, BOILERPLATE)
        elif zone != "list":
            counted.append(name)
        opens, closes = sentence
        if is_sure and repeated == "alike":
            return weigh_plain(text, spots, cues, "otherwise")
        around: Surroundings | None = None
        for alike in name.alike:
            signs, odds, small, has_capitals, word, lacks_context, members, names = alike
            more = beside
            if small is not None and beside:
                signs, more = signs[:-1], [*beside, small]
                odds = odds_of(signs)
            elif has_capitals:
                more = [*beside, capitals_sign(text, start, end)]
            if word is not None:
                if cue_words is None:
                    cue_words = [(at, word_at(text, at, to)) for at, to in cues] if cues else []
                if around is None:
                    around = _surroundings(text, start, end, sentence, cue_words, is_sure)
                more = [*more, *around.signs, *_more_around(text, start, end, word, around, cue_words, sentences)]
            if repeated == "otherwise":
                here = Place("text", start, end, surface, sentence, beside, zone, is_sure)
                weighed += [(here, one, [*signs, *more], is_sure) for one in names]
                continue
            if lacks_context and not is_sure:
                more = [*more, question(surface, [*signs, *more])]
            if more:
                for code, amount, _ in more:
                    odds += WEIGHTS[code] * amount
                signs = (*signs, *more)
            confidence = probability(odds)
            if confidence >= LEAST_CONFIDENCE:
                confidence = round(confidence, 4)
                for brand, kind in members:
                    match = (brand, start, end, surface, kind, "text", opens, closes, zone, confidence, signs)
                    matches.append(_match(match))
    if repeated == "otherwise":
        return _weighed_together(weighed)
    return _with_subjects(matches, counted) if repeated and len(counted) >= ENOUGH_FOR_SUBJECT else matches


def _surroundings(
    text: str, start: int, end: int, sentence: tuple[int, int], cue_words: Sequence[tuple[int, str]], is_sure: bool
) -> Surroundings:
    opens, closes = sentence
    words = [word for at, word in cue_words if opens <= at < closes] if cue_words else ()
    around = surroundings_of(text, start, end, sentence, words)
    return around if not is_sure else Surroundings(without_longer_name(around.signs), around.opens_sentence)


def _more_around(
    text: str,
    start: int,
    end: int,
    word: _Word,
    around: Surroundings,
    cue_words: Sequence[tuple[int, str]],
    sentences: Sentences,
) -> list[Sign]:
    """What the surroundings say of that name rather than of any that stands there."""
    signs: list[Sign] = []
    folded, is_common, is_lower, category_words = word
    if is_common and around.opens_sentence and not text[end + 1 : end + 2].isupper():
        signs.append(BEGINS_AND_ACTS if any(sign.code in ACTING for sign in around.signs) else BEGINS)
    if cue_words and not category_words.isdisjoint([cue for _, cue in cue_words]):
        first, last = sentences.window(start, end, NEAR_SENTENCES)
        fits = category_words.intersection([cue for at, cue in cue_words if first <= at < last]) - {folded}
        if fits:
            signs.append(Sign("category", min(len(fits), 4) ** 0.5, min(fits)))
    if is_common and not is_lower and f" {folded} " in text:
        signs.append(Sign("other_sense", 1.0, folded))
    return signs


def _with_subjects(matches: list[Match], counted: list[Written]) -> list[Match]:
    """The matches where what the article names several times is its subject."""
    times = Counter(map(id, counted))
    often = frozenset[str]().union(*(name.brands for name in counted if times[id(name)] >= ENOUGH_FOR_SUBJECT))
    return [
        match._replace(salience="subject") if match.salience == "mentioned" and match.brand in often else match
        for match in matches
    ]


def _weighed_together(weighed: Sequence[_Weighed]) -> list[Match]:
    """The matches where brands are named in several ways: what their names say for each other is added."""
    by_brand: dict[str, list[_Weighed]] = {}
    for one in weighed:
        by_brand.setdefault(one[1].brand.key, []).append(one)
    kept: list[Candidate] = []
    for found in by_brand.values():
        has_others = len(found) > 1 and len(found[0][1].brand.names) > 1
        support = other_names((place.surface, name) for place, name, _, _ in found) if has_others else ()
        kept += supported(found, support)
    kept.sort(key=lambda one: one.place.start)
    return matches_of(kept)
