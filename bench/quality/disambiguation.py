"""How well names of many meanings are told apart, cold and after judgements: `python -m bench.quality.disambiguation --data DIR`.

Prints JSON. The sentences are real ones from open collections, labelled by hand in two passes (labels are kept by hash and
offset, beside this file). *Cold* knows the name and a one-line profile, and looks up what else the name means (*line_alone* does
not); its few numbers are fitted on the other names, never on the one that is measured (leave one brand out). *Taught* is asked
about each sentence after lessons from thirty others of its name. A place that the product does not even look at (a common word in
lower case, of a name of which nobody knows what else it means) counts as answered “no, quite sure”. *Untouched* are the names
that no choice was made with: their numbers are fitted on the others alone.
`--catalogue` tells of the companies that the catalogue has what it says of them, in place of the line by hand.
`--fit` prints the numbers for profiles.py; `--worst N` shows errors; `--candidates FILE` writes the places to be labelled.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from bench.quality.places import LABELS, Brand, Place, brands, chosen, hash_of, labelled
from brandhound.brands.catalogue.profiles import profile_of as of_catalogue
from brandhound.brands.dictionary import is_word
from brandhound.brands.names import BrandNames, name_with_rules
from brandhound.mentions.confidence import odds_of
from brandhound.mentions.learning import profiles
from brandhound.mentions.learning.fitting import Cases, Floats, Hold, chance, fit, learn
from brandhound.mentions.learning.profiles import (
    Numbers,
    Profile,
    heard_odds,
    is_silent,
    known_longer_name,
    likeness,
    longer_name,
)
from brandhound.mentions.learning.scoring import amounts_of
from brandhound.mentions.learning.sights import Sight, sight_at, vectors_of
from brandhound.mentions.learning.training import Seen, cases_of
from brandhound.mentions.matching import Matcher
from brandhound.mentions.standings import thresholds
from brandhound.providers.embedding import embedder

FOLDS = 4
"""Thirty of forty sentences teach, the other ten are asked about, in turn."""
NOT_SEEN = -8.0
CHOSEN_WITH = frozenset(
    (
        *("Amazon", "Apple", "Atlantic", "Guardian", "Independent", "Office", "Post"),
        *("Sky", "Supreme", "Target", "Time", "Times", "United"),
    )
)
"""Half of the names, by a hash: what the cold start looks at was chosen with these, each left out in turn."""
IN_CATALOGUE = {
    **{"Target": "Q1046951", "Amazon": "Q3884", "Ford": "Q44294"},
    **{"Gap": "Q420822", "Sky": "Q918390", "Chipotle": "Q465751"},
}
"""The names whose company the catalogue has, by its number at Wikidata."""
STARTS: Mapping[str, Numbers] = {
    "line_alone": profiles.WITHOUT,
    "profile": profiles.BY_DICTIONARY,
    "profile_and_namesakes": profiles.WITH_NAMESAKES,
}
INPUTS = 5
OWN_START = 1.5
"""How far the starts of names lie apart, in log-odds."""

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Case:
    """A labelled place as the product sees it; no sight where it does not look."""

    place: Place
    sight: Sight | None
    vector: Floats


@dataclass(frozen=True, eq=False)
class Way:
    """What is known of each name, what is seen by that, and what the cold start weighs; `plain` is that by the line alone."""

    told: Mapping[str, Profile]
    cases: Mapping[str, Sequence[Case]]
    rows: Mapping[str, Floats]
    plain: Mapping[str, Floats]

    def numbers(self, name: str, others: Collection[str]) -> Numbers:
        """The numbers of the cold start for a name, fitted on those of the other names of which as much is known."""
        if not means_more(self.told[name]):
            return fitted([self.plain[one] for one in others if one != name], profiles.WITHOUT.signs)
        return fitted(
            [self.rows[one] for one in others if one != name and means_more(self.told[one])],
            start_of(self.told[name]).signs,
        )


def way_of(told: Mapping[str, Profile], told_apart: Mapping[str, Sequence[Case]]) -> Way:
    """Places in lower case are looked at only where it is known what else the name means."""
    plain = {name: without_small(of) for name, of in told_apart.items()}
    cases = {name: of if means_more(told[name]) else plain[name] for name, of in told_apart.items()}
    bare = {name: Profile(one.name, one.line, looks_up=False) for name, one in told.items()}
    return Way(
        told,
        cases,
        {name: similarities(cases[name], one) for name, one in told.items()},
        {name: similarities(plain[name], one) for name, one in bare.items()},
    )


def start_of(profile: Profile) -> Numbers:
    """The product's own numbers: what signs weigh is taken from them."""
    if profile.namesakes:
        return profiles.WITH_NAMESAKES
    return profiles.BY_DICTIONARY if means_more(profile) else profiles.WITHOUT


def means_more(profile: Profile) -> bool:
    """Whether it is known what else the name means."""
    return bool(profile.namesakes) or (profile.looks_up and is_word(profile.name))


def seen(places: Sequence[Place], brand: Brand, *, told_apart: bool = False) -> list[Case]:
    """The places through the product's own eyes."""
    matcher = Matcher([BrandNames(brand.name, brand.name, (name_with_rules(brand.name),), told_apart=told_apart)])
    sights: list[Sight | None] = []
    for place in places:
        here = [match for match in matcher.find(place.text) if match.start <= place.start < match.end]
        sights.append(sight_at(here[0], place.text) if here else None)
    there = [sight for sight in sights if sight is not None]
    vectors = iter(vectors_of(there, embedder()))
    nothing = np.zeros(384)
    return [
        Case(place, sight, nothing if sight is None else next(vectors))
        for place, sight in zip(places, sights, strict=True)
    ]


def is_small(case: Case) -> bool:
    """Whether it is looked at only since namesakes are told."""
    return case.sight is not None and any(sign.code == "small_letters" for sign in case.sight.signs)


def without_small(cases: Sequence[Case]) -> list[Case]:
    """The same places where no namesakes are told."""
    return [replace(case, sight=None, vector=np.zeros(384)) if is_small(case) else case for case in cases]


def similarities(cases: Sequence[Case], profile: Profile) -> Floats:
    """What the cold start weighs, a row for each place on which the profile has a say: signs' odds, likeness to the profile and
    to what else the name means, whether the name is part of a longer one, and of one that is in the dictionary; then whether
    the brand is meant."""
    rows: list[list[float]] = []
    for case in cases:
        if case.sight is not None and not is_silent(case.sight, profile):
            meanings = profile.meanings(case.sight)
            found = likeness(case.vector, profile, meanings)
            assert found is not None, "the sentence model is not installed"
            longer, known = longer_name(case.sight, profile), known_longer_name(case.sight, meanings)
            heard = heard_odds(case.sight, profile)
            rows.append(
                [heard, found.brand, found.besides, bool(longer), bool(known), case.place.right],
            )
    return np.array(rows, dtype=np.float64).reshape(len(rows), INPUTS + 1)


def fitted(rows: Sequence[Floats], signs: float) -> Numbers:
    """The numbers of the cold start by penalized logistic regression; what signs weigh is held.

    Each name has a start of its own while the numbers are fitted (normal around the common one), or they would say which of
    these names are meant often, instead of what tells the places of a name apart.
    """
    every = np.concatenate(rows)
    inputs, right = every[:, :INPUTS], every[:, INPUTS]
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    of_name = np.repeat(np.eye(len(rows)), [len(one) for one in rows], axis=0)
    table = np.hstack([(inputs - mean) / spread, np.ones((len(every), 1)), of_name])
    held = np.zeros(table.shape[1])
    held[0] = signs * spread[0]
    pull = np.array([1e4, *[1.0] * (INPUTS - 1), 0.01, *[OWN_START**-2] * len(rows)])
    found = held.copy()
    for _ in range(60):
        said = chance(table @ found)
        bend = (table * (said * (1 - said))[:, None]).T @ table + np.diag(pull)
        found -= np.linalg.solve(bend, table.T @ (said - right) + pull * (found - held))
    weights = found[:INPUTS] / spread
    own, profile, besides, longer, in_dictionary = (float(one) for one in weights)
    return Numbers(own, profile, besides, longer, in_dictionary, float(found[INPUTS] - weights @ mean))


def measure(said: Floats, right: Bools) -> dict[str, Any]:
    """F1 with precision and recall at even odds, precision and recall at .8, area under the curve, calibration, Brier."""
    result: dict[str, Any] = {"places": len(right), "right": int(right.sum())}
    for limit in (0.5, 0.8):
        kept = said >= limit
        both = int((kept & right).sum())
        precision, recall = both / max(1, int(kept.sum())), both / max(1, int(right.sum()))
        name = "" if limit == 0.5 else "_at_0.8"
        result |= {f"precision{name}": round(precision, 3), f"recall{name}": round(recall, 3)}
        if limit == 0.5:
            result["f1"] = round(2 * precision * recall / max(1e-9, precision + recall), 3)
    bins = np.minimum((said * 15).astype(int), 14)
    gaps = [abs(said[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    result["ece"] = round(float(sum(gaps)), 3)
    result["brier"] = round(float(((said - right) ** 2).mean()), 3)
    order = said.argsort(kind="stable")
    ranks = np.empty(len(said))
    ranks[order] = np.arange(1, len(said) + 1)
    for value in np.unique(said):
        ranks[said == value] = ranks[said == value].mean()
    yes, no = int(right.sum()), int((~right).sum())
    if yes and no:
        result["auc"] = round(float((ranks[right].sum() - yes * (yes + 1) / 2) / (yes * no)), 3)
    return result


def rights(cases: Sequence[Case]) -> Bools:
    return np.array([case.place.right for case in cases], dtype=np.bool_)


def by_signs(cases: Sequence[Case]) -> Floats:
    """What the signs alone say."""
    return chance(np.array([NOT_SEEN if case.sight is None else odds_of(case.sight.signs) for case in cases]))


def taught(cases: Sequence[Case], cold: Floats, teach: int, hold: Hold) -> Floats:
    """What is said of each after a lesson from `teach` others of its name; places not looked at, or not kept, teach nothing."""
    ranked = sorted(range(len(cases)), key=lambda at: hash_of(f"{cases[at].place.text} {cases[at].place.start}"))
    said = chance(cold)
    likely = said >= thresholds().doubtful
    for fold in range(FOLDS):
        asked = [at for at in ranked[fold::FOLDS] if cases[at].sight is not None]
        others = [at for at in ranked if at not in ranked[fold::FOLDS]][:teach]
        known = [at for at in others if cases[at].sight is not None and (likely[at] or not is_small(cases[at]))]
        right = np.array([cases[at].place.right for at in known], dtype=np.bool_)
        if len(known) < 2 or not asked:
            continue
        codes, made = cases_of(_as_seen(cases, known, cold))
        # Of one verdict alone nothing can be set aside and asked: then it is not calibrated.
        learned = fit(made, right, hold) if right.all() or not right.any() else learn(made, right, hold).fit
        said[asked] = chance(learned.odds(_with_signs(cases_of(_as_seen(cases, asked, cold))[1], cases, asked, codes)))
    return said


def _as_seen(cases: Sequence[Case], some: Sequence[int], cold: Floats) -> list[Seen]:
    found: list[Seen] = []
    for at in some:
        sight = cases[at].sight
        assert sight is not None
        found.append(Seen(UUID(int=at), sight, cases[at].vector, float(cold[at])))
    return found


def _with_signs(made: Cases, cases: Sequence[Case], some: Sequence[int], codes: tuple[str, ...]) -> Cases:
    """The cases with just these signs."""
    sights = [sight for at in some if (sight := cases[at].sight) is not None]
    amounts = np.array([amounts_of(sight, codes) for sight in sights]).reshape(len(some), len(codes))
    return Cases(made.cold, amounts, made.vectors, made.keys)


def agreement() -> dict[str, Any]:
    """How far the two passes agree (Cohen's kappa)."""
    rows = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    same = sum(row["first"] == row["second"] for row in rows) / len(rows)
    first, second = Counter(row["first"] for row in rows), Counter(row["second"] for row in rows)
    by_chance = sum(first[label] * second[label] for label in first) / len(rows) ** 2
    kappa = (same - by_chance) / (1 - by_chance)
    return {"labelled": len(rows), "agree": round(same, 3), "kappa": round(kappa, 3)}


def run(
    data: Path, worst: int, hold: Hold, *, fit_numbers: bool = False, from_catalogue: bool = False
) -> dict[str, Any]:
    """All figures."""
    of_brand: defaultdict[str, list[Place]] = defaultdict(list)
    for place in labelled(data):
        of_brand[place.brand].append(place)
    known = [brand for brand in brands() if of_brand[brand.name]]
    if from_catalogue:
        known = [
            replace(brand, line=of_catalogue(IN_CATALOGUE[brand.name]).description)
            if brand.name in IN_CATALOGUE
            else brand
            for brand in known
        ]
    told_apart = {brand.name: seen(of_brand[brand.name], brand, told_apart=True) for brand in known}
    ways = {way: way_of({brand.name: profile_of(brand, way) for brand in known}, told_apart) for way in STARTS}
    said: dict[str, list[Floats]] = defaultdict(list)
    split: dict[str, Any] = {}
    for name, of_name in told_apart.items():
        found = {"signs": by_signs(without_small(of_name))}
        for way, of in ways.items():
            cold = cold_odds(name, of)
            found[way] = chance(cold)
            for teach in (10, 20, 30):
                found[f"{way}_after_{teach}"] = taught(of.cases[name], cold, teach, hold)
        for way, values in found.items():
            said[way].append(values)
        split[name] = {way: measure(values, rights(of_name)) for way, values in found.items()}
        _show_worst(of_name, found, worst)
    right = np.concatenate([rights(of) for of in told_apart.values()])
    there = np.array([case.sight is not None for of in ways["line_alone"].cases.values() for case in of])
    together = {way: np.concatenate(values) for way, values in said.items()}
    result: dict[str, Any] = {
        "bench": "quality.disambiguation",
        "names": len(known),
        "passes": agreement(),
        "all": {way: measure(values, right) for way, values in together.items()},
        "places_looked_at": {way: measure(values[there], right[there]) for way, values in together.items()},
        "untouched": {way: _untouched(of, hold) for way, of in ways.items()},
        "mean_f1_of_brands": {way: _mean_f1(split, way) for way in said},
        "brands": split,
    }
    if fit_numbers:
        for way, of in ways.items():
            rows = [own for name, own in of.rows.items() if means_more(of.told[name])] or list(of.plain.values())
            result[f"numbers_{way}"] = [round(one, 2) for one in fitted(rows, STARTS[way].signs)]
    return result


def _untouched(of: Way, hold: Hold) -> dict[str, Any]:
    """The names that nothing was chosen with, by numbers that were fitted on the other half alone."""
    names = [name for name in of.cases if name not in CHOSEN_WITH]
    chosen_with = [name for name in of.cases if name in CHOSEN_WITH]
    odds = {name: _odds(of.cases[name], of.told[name], of.numbers(name, chosen_with)) for name in names}
    right = np.concatenate([rights(of.cases[name]) for name in names])
    after = [taught(of.cases[name], odds[name], 30, hold) for name in names]
    return {
        "cold": measure(np.concatenate([chance(odds[name]) for name in names]), right),
        "after_30": measure(np.concatenate(after), right),
    }


def cold_odds(name: str, of: Way) -> Floats:
    """What the product's cold start says of each place of a name, by numbers that are fitted on the other names."""
    return _odds(of.cases[name], of.told[name], of.numbers(name, list(of.cases)))


def _odds(cases: Sequence[Case], profile: Profile, numbers: Numbers) -> Floats:
    return np.array(
        [
            NOT_SEEN if case.sight is None else profiles.cold_odds(case.sight, case.vector, profile, numbers).odds
            for case in cases
        ]
    )


def profile_of(brand: Brand, way: str) -> Profile:
    namesakes = brand.namesakes if way == "profile_and_namesakes" else ()
    return Profile(brand.name, f"{brand.name}: {brand.line}", namesakes, looks_up=way != "line_alone")


def _show_worst(cases: Sequence[Case], found: dict[str, Floats], worst: int) -> None:
    for way in ("profile", "profile_after_30"):
        off = np.abs(found[way] - rights(cases))
        for at in map(int, off.argsort()[::-1][:worst]):
            place = cases[at].place
            around = place.text[max(0, place.start - 60) : place.start + 60]
            print(f"{way} {found[way][at]:.2f} {place.right} {place.source} {around!r}", file=sys.stderr)


def _mean_f1(split: dict[str, Any], way: str) -> float:
    """Over the brands that are meant at least five times: of fewer an F1 says little."""
    kept = [figures[way]["f1"] for figures in split.values() if figures[way]["right"] >= 5]
    return round(sum(kept) / max(1, len(kept)), 3)


def main() -> None:
    """Measure, fit, or list what is to be labelled."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--fit", action="store_true")
    arguments.add_argument("--catalogue", action="store_true")
    arguments.add_argument("--worst", type=int, default=0)
    arguments.add_argument("--candidates", type=Path)
    given = arguments.parse_args()
    if given.candidates:
        with given.candidates.open("w", encoding="utf-8") as file:
            for name, places in chosen(given.data, [brand.name for brand in brands()]).items():
                for source, text, start in places:
                    row = {"brand": name, "hash": hash_of(text), "start": start, "source": source, "text": text}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    print(
        json.dumps(
            run(given.data, given.worst, Hold(), fit_numbers=given.fit, from_catalogue=given.catalogue), indent=1
        )
    )


if __name__ == "__main__":
    main()
