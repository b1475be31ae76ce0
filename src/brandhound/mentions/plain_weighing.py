"""Weighs names for which nothing can speak but the text around them: their brands have only names, their text no address.

One thing is asked about all places of many texts before the next thing is. Each place asked everything, one after the other,
takes twice as long, since every step finds the processor's caches full of what the other steps needed.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from brandhound.mentions.as_written import capitals_sign, is_made_sure, signs_beside
from brandhound.mentions.confidence import WEIGHTS, Sign, odds_of, rounded_confidence
from brandhound.mentions.cues import word_at
from brandhound.mentions.name_facts import NameFacts
from brandhound.mentions.places import Candidate, Match, Place, matches_of
from brandhound.mentions.sentences import Sentences, number_places
from brandhound.mentions.sightings import Sightings, Span, runs
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
from brandhound.mentions.written_names import Repeated, Written
from brandhound.mentions.zones import ENOUGH_FOR_SUBJECT, LEAD_SENTENCES, LEAST_COMMAS, Salience, Zones, may_have_parts

_match: Callable[[tuple[object, ...]], Match] = partial(cast("Any", tuple).__new__, Match)
"""What `Match._make` does, without counting."""
_ASIDE = frozenset(("list", "boilerplate"))
_Weighed = tuple[Place, NameFacts, list[Sign], bool]


@dataclass(slots=True)
class PlainTexts:
    """Texts, what was seen there, and the places of names that are plain and may count: one entry a place in each list.

    The places of one text follow each other in their order. No brand that is repeated in a text may have a name there that is
    waiting for others.
    """

    texts: Sequence[str]
    sightings: Sightings
    repeated: dict[int, Repeated] = field(default_factory=dict[int, Repeated])
    """Of the texts where any brand is."""
    numbers: list[int] = field(default_factory=list[int])
    """Of the texts where the places are."""
    starts: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])
    surfaces: list[str] = field(default_factory=list[str])
    names: list[Written] = field(default_factory=list[Written])


@dataclass(slots=True)
class _Sentences:
    """The sentence of each place: its number in the text, and from where to where it goes."""

    numbers: list[int]
    opens: list[int]
    closes: list[int]

    def limits(self) -> Iterator[Span]:
        """Each from where to where."""
        return zip(self.opens, self.closes, strict=True)


def weigh_plain(plain: PlainTexts) -> dict[int, list[Match]]:
    """The matches of each text that has any, by its number."""
    sentences = _sentences_of(plain)
    zones = _zones_of(plain, sentences)
    beside = [
        signs_beside(plain.texts[number], start, end)
        for number, start, end in zip(plain.numbers, plain.starts, plain.ends, strict=True)
    ]
    said = _said(plain, sentences, beside)
    found = _summed(plain, sentences, zones, beside, said)
    return {number: matches for number, matches in found.items() if matches}


def _sentences_of(plain: PlainTexts) -> _Sentences:
    limits: list[int] = []
    for number, first, last in runs(plain.numbers):
        number_places(plain.texts[number], plain.starts, plain.ends, first, last, LEAD_SENTENCES, limits)
    return _Sentences(limits[0::3], limits[1::3], limits[2::3])


def _zones_of(plain: PlainTexts, sentences: _Sentences) -> list[Salience]:
    known: dict[int, Zones] = {}
    zones: list[Salience] = []
    parted = {number for number in dict.fromkeys(plain.numbers) if may_have_parts(plain.texts[number])}
    counted, has_commas = (-1, (-1, -1)), False
    for of, start, end, number, sentence in zip(
        plain.numbers, plain.starts, plain.ends, sentences.numbers, sentences.limits(), strict=True
    ):
        text = plain.texts[of]
        if of not in parted and counted != (of, sentence):
            counted, has_commas = (of, sentence), text.count(",", *sentence) >= LEAST_COMMAS
        if of in parted or has_commas:
            parts = known.get(of)
            if parts is None:
                parts = known[of] = Zones(text)
            zones.append(parts.zone_of(start, end, number, sentence))
        else:
            zones.append("subject" if number < LEAD_SENTENCES else "mentioned")
    return zones


def _said(plain: PlainTexts, sentences: _Sentences, all_beside: Sequence[Sequence[Sign]]) -> list[Sequence[Sign]]:
    """What the words around say of each name of which they say anything, in the order of their places."""
    texts, numbers, starts, ends = plain.texts, plain.numbers, plain.starts, plain.ends
    asked = [at for at, name in enumerate(plain.names) if name.is_asked]
    cues = [plain.sightings.cues_of(numbers[at]) for at in asked]
    words, cue_starts = _cue_words(plain, asked), plain.sightings.cue_starts
    seen: list[Surroundings] = []
    for at, (first, last) in zip(asked, cues, strict=True):
        opens, closes = sentences.opens[at], sentences.closes[at]
        inside: Sequence[str] = ()
        if first < last:
            left = bisect_left(cue_starts, opens, first, last)
            inside = words[left : bisect_left(cue_starts, closes, left, last)]
        seen.append(surroundings_of(texts[numbers[at]], starts[at], ends[at], (opens, closes), inside))
    said: list[Sequence[Sign]] = []
    of, stands = -1, dict[str, bool]()
    cut: Sentences | None = None
    for at, (first, last), around in zip(asked, cues, seen, strict=True):
        text, end, near = texts[numbers[at]], ends[at], words[first:last]
        if numbers[at] != of:
            of, stands, cut = numbers[at], {}, None
        is_sure = all_beside[at] and is_made_sure(all_beside[at])
        signs = without_longer_name(around.signs) if is_sure else around.signs
        for alike in plain.names[at].alike:
            if alike.word is None:
                continue
            folded, is_common, alone, category_words = alike.word
            more: list[Sign] = []
            if is_common and around.opens_sentence and not text[end + 1 : end + 2].isupper():
                more.append(BEGINS_AND_ACTS if any(sign.code in ACTING for sign in signs) else BEGINS)
            if near and category_words and not category_words.isdisjoint(near):
                own = [cue for cue in range(first, last) if words[cue] in category_words and words[cue] != folded]
                if own and not sentences.opens[at] <= cue_starts[own[0]] <= cue_starts[own[-1]] < sentences.closes[at]:
                    # Only what stands in other sentences asks how far those are.
                    cut = cut or Sentences(text)
                    opens, closes = cut.window(starts[at], end, NEAR_SENTENCES)
                    own = [cue for cue in own if opens <= cue_starts[cue] < closes]
                if own:
                    fits = {words[cue] for cue in own}
                    more.append(Sign("category", min(len(fits), 4) ** 0.5, min(fits)))
            if alone and alone not in stands:
                stands[alone] = alone in text
            if alone and stands[alone]:
                more.append(Sign("other_sense", 1.0, folded))
            said.append([*signs, *more] if more else signs)
    return said


def _cue_words(plain: PlainTexts, asked: Sequence[int]) -> list[str]:
    """The words at the cues of the texts of these places; of others the word is empty."""
    starts, ends = plain.sightings.cue_starts, plain.sightings.cue_ends
    words = [""] * len(starts)
    for number in dict.fromkeys([plain.numbers[at] for at in asked]):
        text = plain.texts[number]
        for at in range(*plain.sightings.cues_of(number)):
            words[at] = word_at(text, starts[at], ends[at])
    return words


def _summed(
    plain: PlainTexts,
    sentences: _Sentences,
    zones: Sequence[Salience],
    all_beside: Sequence[Sequence[Sign]],
    all_said: Sequence[Sequence[Sign]],
) -> dict[int, list[Match]]:
    """The matches of each text, of all that was found out about its places."""
    found: dict[int, list[Match]] = {number: [] for number in plain.numbers}
    repeated = plain.repeated.copy()
    for number, beside in zip(plain.numbers, all_beside, strict=True):
        if beside and number in repeated and is_made_sure(beside):
            repeated[number] = "otherwise"
    weighed: dict[int, list[_Weighed]] = {}
    counted: dict[int, list[Written]] = {}
    next_said = iter(all_said).__next__
    places = zip(plain.numbers, plain.starts, plain.ends, plain.surfaces, plain.names, strict=True)
    for (number, start, end, surface, name), sentence, zone, beside in zip(
        places, sentences.limits(), zones, all_beside, strict=True
    ):
        (opens, closes), matches, again = sentence, found[number], repeated.get(number)
        here = [BOILERPLATE, *beside] if zone == "boilerplate" else beside
        if again and zone not in _ASIDE:
            counted.setdefault(number, []).append(name)
        for own_signs, own_odds, small, has_capitals, word, lacks_context, members, names in name.alike:
            signs, odds, more = own_signs, own_odds, here
            if small is not None and here:
                signs, more = signs[:-1], [*here, small]
                odds = odds_of(signs)
            elif has_capitals:
                more = [*here, capitals_sign(plain.texts[number], start, end)]
            if word is not None:
                more = [*more, *next_said()] if more else next_said()
            if again == "otherwise":
                is_sure = is_made_sure(beside)
                place = Place("text", start, end, surface, sentence, [*here], zone, is_sure)
                weighed.setdefault(number, []).extend((place, one, [*signs, *more], is_sure) for one in names)
                continue
            if lacks_context and not is_made_sure(beside):
                more = [*more, question(surface, [*signs, *more])]
            if more:
                for code, amount, _ in more:
                    odds += WEIGHTS[code] * amount
                signs = (*signs, *more)
            confidence = rounded_confidence(odds)
            if confidence is not None:
                for brand, kind in members:
                    match = (brand, start, end, surface, kind, "text", opens, closes, zone, confidence, signs)
                    matches.append(_match(match))
    for number, names in counted.items():
        if len(names) >= ENOUGH_FOR_SUBJECT and repeated[number] == "alike":
            found[number] = _with_subjects(found[number], names)
    for number, places in weighed.items():
        found[number] = _weighed_together(places)
    return found


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
