"""Second opinions on places of names of many meanings: what is asked as the product asks it, and what the answers come to.

An opinion is a choice and no probability. To be held against the others it gets one: how often that choice was right on the
other 24 names. Where the model cannot tell, or quotes nothing that stands in the text, what the cold start says is left.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from bench.quality import disambiguation
from bench.quality.disambiguation import Bools, Case, cold_odds, is_small, profile_of, rights, seen, way_of
from bench.quality.places import Brand, Place, brands, hash_of, labelled
from brandhound.brands.names import BrandNames, is_only_word, name_with_rules
from brandhound.mentions.learning.fitting import Floats, chance
from brandhound.mentions.matching import Matcher
from brandhound.mentions.opinion_models import OpinionVerdict
from brandhound.mentions.opinions.reaching import may_mean_more
from brandhound.mentions.reconsidering import Opinion, Passage, opinion_of, question_of, window_around
from brandhound.mentions.standings import standing_of, thresholds
from brandhound.providers.ai.asking import ask

VERDICTS: tuple[OpinionVerdict, ...] = ("yes", "no", "unsure")
ONE_IN = 4
"""Of the places with namesakes told that part is asked about, by a hash: they are other questions, answered by themselves."""

Said = Mapping[str, Sequence[Opinion | None]]


@dataclass(frozen=True)
class Places:
    """Places by name: as the product sees them, what the cold start says, what is asked about, and which are measured."""

    cases: Mapping[str, Sequence[Case]]
    cold: Mapping[str, Floats]
    passages: Mapping[str, Sequence[Passage | None]]
    drawn: Mapping[str, Bools]
    told: bool


def gathered(data: Path, *, told: bool) -> Places:
    """The places of names of which a line is known; `told`: and what else they mean.

    Told, a part of the places is asked about, and all that are looked at only since then, as far as they are kept by what is
    told and by the dictionary: the answers are from before there was one. Names that only the dictionary knows as words were
    looked at in small letters before, too.
    """
    of_brand: defaultdict[str, list[Place]] = defaultdict(list)
    for place in labelled(data):
        of_brand[place.brand].append(place)
    known = [brand for brand in brands() if of_brand[brand.name]]
    profiles = {brand.name: profile_of(brand, "profile_and_namesakes" if told else "profile") for brand in known}
    cases = {brand.name: seen(of_brand[brand.name], brand, told_apart=told) for brand in known}
    way = way_of(profiles, cases)
    cold = {name: chance(cold_odds(name, way)) for name in cases}
    before = way_of({name: one._replace(looks_up=False) for name, one in profiles.items()}, cases)
    asked_of = {name: np.minimum(cold[name], chance(cold_odds(name, before))) for name in cases}
    drawn = {name: np.array([not told or is_drawn(case.place) for case in of]) for name, of in cases.items()}
    passages = {
        brand.name: [
            passage_of(case.place, brand, told=told)
            if is_kept(case, sure) and (is_measured or (is_small(case) and not is_only_word(brand.name)))
            else None
            for case, sure, is_measured in zip(
                cases[brand.name], asked_of[brand.name].tolist(), drawn[brand.name].tolist(), strict=True
            )
        ]
        for brand in known
    }
    return Places(cases, cold, passages, drawn, told)


def is_drawn(place: Place) -> bool:
    """Whether it is among those that are asked about with namesakes told: by chance that anybody can repeat."""
    return int(hash_of(f"told {place.brand} {hash_of(place.text)} {place.start}"), 16) % ONE_IN == 0


def is_kept(case: Case, sure: float) -> bool:
    """Whether the product makes a mention of it: of names in small letters only of the likely ones."""
    return case.sight is not None and (not is_small(case) or sure >= thresholds().doubtful)


def passage_of(place: Place, brand: Brand, *, told: bool) -> Passage | None:
    """The place as a mention is put to a model; None where the product does not look. No outlet and title are known."""
    names = BrandNames(brand.name, brand.name, (name_with_rules(brand.name),), told_apart=told)
    here = [one for one in Matcher([names]).find(place.text) if one.start <= place.start < one.end]
    if not here:
        return None
    start, end = window_around(place.text, [(here[0].start, here[0].end)])
    namesakes = brand.namesakes if told else ()
    return Passage(names, brand.line, "", "", place.text[start:end], start, namesakes)


async def asked(organization_id: UUID, places: Places) -> dict[str, list[Opinion | None]]:
    """What a model says of each, as the product makes it out."""
    return {
        name: [
            None if passage is None else opinion_of(await ask(organization_id, question_of(passage)), passage)
            for passage in passages
        ]
        for name, passages in places.passages.items()
    }


def figures(places: Places, said: Said) -> dict[str, Any]:
    """As bench.quality.disambiguation measures: cold, with the model on all that is looked at, on what the job asks about by
    itself, and on what is in doubt."""
    right = {name: rights(of) for name, of in places.cases.items()}
    ways: defaultdict[str, dict[str, Floats]] = defaultdict(dict)
    questions: Counter[str] = Counter()
    for name, of in said.items():
        cold = places.cold[name]
        trust = shares_right({other: one for other, one in said.items() if other != name}, right)
        read = np.array([_read(one, trust, before) for one, before in zip(of, cold.tolist(), strict=True)])
        there = np.array([one is not None for one in of])
        doubtful = there & np.array([standing_of(one, None, thresholds()) == "doubtful" for one in cold.tolist()])
        by_the_job = there & (doubtful | places.told | np.array([_may_mean_more(case) for case in places.cases[name]]))
        ways["cold"][name] = cold
        for way, some in (("each", there), ("as the job asks", by_the_job), ("in doubt", doubtful)):
            ways[f"model, {way}"][name] = np.where(some, read, cold)
            questions[way] += int((some & places.drawn[name]).sum())
    given = [one for of in said.values() for one in of if one is not None]
    return {
        "places": sum(int(of.sum()) for of in places.drawn.values()),
        "asked": dict(questions),
        "verdicts": Counter(one.verdict for one in given),
        "quotations": sum(len([q for q in one.quotes if q.kind == "identity"]) for one in given),
        "dropped quotations": sum(one.dropped for one in given),
        "share that is the brand, by verdict": shares_right(said, right),
        "all": {way: _measure(of, right, places.drawn) for way, of in ways.items()},
        "places asked about": {way: _measure(of, right, _there(said, places)) for way, of in ways.items()},
        "read otherwise than it stands": _otherwise(places, said),
        "in small letters": _small(places, said, right),
        "brands": {
            name: {way: disambiguation.measure(of[name], right[name])["f1"] for way, of in ways.items()}
            for name in said
        },
    }


def _may_mean_more(case: Case) -> bool:
    return case.sight is not None and may_mean_more(sign.code for sign in case.sight.signs)


def _there(said: Said, places: Places) -> dict[str, Bools]:
    return {name: np.array([one is not None for one in of]) & places.drawn[name] for name, of in said.items()}


def _measure(of: Mapping[str, Floats], right: Mapping[str, Bools], where: Mapping[str, Bools]) -> dict[str, Any]:
    names = list(of)
    kept = np.concatenate([where[name] for name in names])
    both = np.concatenate([of[name] for name in names]), np.concatenate([right[name] for name in names])
    return disambiguation.measure(both[0][kept], both[1][kept])


def _otherwise(places: Places, said: Said) -> dict[str, int]:
    """What the product would list as read otherwise: rejected and yes, accepted and no; and what is in doubt besides."""
    found: Counter[str] = Counter()
    for name, of in said.items():
        for one, sure in zip(of, places.cold[name].tolist(), strict=True):
            if one is not None:
                found[f"{standing_of(sure, None, thresholds())}, {one.verdict}"] += 1
    return {key: found[key] for key in ("accepted, no", "rejected, yes", "doubtful, yes", "doubtful, no")}


def _small(places: Places, said: Said, right: Mapping[str, Bools]) -> dict[str, int]:
    """Of the places that are looked at only since namesakes are told: how many, how many are kept, and what is said of those."""
    found: Counter[str] = Counter()
    for name, cases in places.cases.items():
        for case, one, is_right in zip(cases, said[name], right[name].tolist(), strict=True):
            if is_small(case):
                found.update({"looked at": 1, "looked at, the brand": is_right})
                found.update({"asked": one is not None, "asked, the brand": one is not None and is_right})
                found["read right"] += one is not None and one.verdict == ("yes" if is_right else "no")
    return dict(found)


def shares_right(said: Said, right: Mapping[str, Bools]) -> dict[OpinionVerdict, float]:
    """How often it was the brand, by verdict; one of each is added, so that nothing is certain."""
    found: dict[OpinionVerdict, float] = {}
    for verdict in VERDICTS:
        held = [
            bool(is_right)
            for name, of in said.items()
            for one, is_right in zip(of, right[name], strict=True)
            if one is not None and one.verdict == verdict
        ]
        found[verdict] = round((sum(held) + 1) / (len(held) + 2), 4)
    return found


def _read(opinion: Opinion | None, trust: Mapping[OpinionVerdict, float], before: float) -> float:
    return before if opinion is None or opinion.verdict == "unsure" else trust[opinion.verdict]
