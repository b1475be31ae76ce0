"""Weights, trees and how words lean, from the worn sets and further pairs of the catalogue, and the limit: `pairs --fit`."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from bench.quality.pair_labels import undecidable
from bench.quality.pair_leanings import leanings, vocabulary
from bench.quality.pair_mining import holding, mined
from bench.quality.pair_sources import FOLDS, Pair, fold_of, strange_to
from bench.quality.pair_synthesis import MADE, made_of_list
from bench.quality.pair_trees import grown, said_by, written
from brandhound.brands.comparing.knowing import SHORTEST_KNOWN, known_names, signs_also
from brandhound.brands.comparing.likeness import signs_of
from brandhound.brands.comparing.parts import parts_of
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.comparing.together import ODDS, Tree
from brandhound.brands.comparing.trades import NOTHING, trades_known
from brandhound.brands.comparing.weighing import STATED, Sign, SignCode

CODES: tuple[SignCode, ...] = get_args(SignCode)
COLUMNS = (*CODES, ODDS)
BY_HAND_COUNTS = 4.0
MINED_COUNTS = 0.5
MADE_COUNTS = 0.25
LISTED: tuple[SignCode, ...] = (
    "listed_as_one",
    "listed_apart",
    "listed_alone",
    "listed_bearers",
    "listed_bearers_of_parts",
)
ALONE = 0.3
"""How many pairs made of the list are asked as though only one of both names stood in it."""
KEPT = 0.5
LISTED_PLACES = [1 + CODES.index(code) for code in LISTED]
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fold:
    """Pairs by their numbers, and which names may teach what they are judged by."""

    asked: list[int]
    may_teach: Callable[[str], bool]

    def teaches(self, pair: Pair) -> bool:
        """Whether neither company of a pair is in one of these."""
        return self.may_teach(pair.one) and self.may_teach(pair.other)


def fitted(
    sets: Sequence[Sequence[Pair]], entries: Sequence[dict[str, Any]], asked_last: Sequence[Pair]
) -> dict[str, Any]:
    """Weights, trees, how words lean, and from which probability on the precision is what is wanted.

    `sets` are the worn sets, which all teach, with further pairs of the catalogue and some made of the list of companies;
    nothing of a company in `asked_last` does. `entries` are those of the whole catalogue.
    """
    is_new = strange_to(asked_last, entries)
    worn = [pair for each in sets for pair in each]
    of_catalogue = [*worn, *mined(entries, is_new)]
    taught = [*of_catalogue, *made_of_list(is_new)]
    for_leanings = [*of_catalogue, *holding(entries, is_new)]
    words = vocabulary(for_leanings)
    of_sets, others = folds_of(sets, taught, entries)
    by_fold = [leanings([pair for pair in for_leanings if fold.teaches(pair)], words) for fold in (*of_sets, *others)]
    ways = ways_by_fold(taught, entries, [*of_sets, *others], by_fold)
    found = fitted_to(taught, of_sets, undecidable(worn, entries), ways)
    return {**found, "leanings": leanings(for_leanings, words)}


def folds_of(
    sets: Sequence[Sequence[Pair]], taught: Sequence[Pair], entries: Sequence[dict[str, Any]]
) -> tuple[list[Fold], list[Fold]]:
    """The worn sets, each without its companies everywhere else, and fifths of the other pairs that teach."""
    starts = np.cumsum([0, *map(len, sets)]).tolist()
    of_sets = [
        Fold(list(range(start, end)), strange_to(each, entries))
        for start, end, each in zip(starts, starts[1:], sets, strict=False)
    ]
    others = [
        Fold(
            [at for at in range(starts[-1], len(taught)) if fold_of(taught[at].one) == fold],
            lambda name, fold=fold: fold_of(name) != fold,
        )
        for fold in range(FOLDS)
    ]
    return of_sets, others


def fitted_to(
    taught: Sequence[Pair], of_sets: Sequence[Fold], undecided: Sequence[bool], ways: Sequence[Floats]
) -> dict[str, Any]:
    """The same from ways that are at hand. Each worn set is judged by what pairs of other companies in the others taught."""
    same = np.array([pair.same for pair in taught])
    worn = len(undecided)
    counts = np.array([_counts(pair, is_worn=at < worn) for at, pair in enumerate(taught)])
    chances = np.zeros(len(taught))
    for fold in of_sets:
        asked = set(fold.asked)
        learns = [at for at, pair in enumerate(taught) if at not in asked and fold.teaches(pair)]
        head = Head([ways[at] for at in learns], same[learns], counts[learns])
        for at in fold.asked:
            chances[at] = head.chance(ways[at])
    chosen_by = np.flatnonzero(~np.array(undecided))
    limit = limit_of(chances[chosen_by], same[chosen_by])
    head = Head(ways, same, counts)
    return {
        "START": round(head.weights[0], 2),
        **{code: round(weight, 2) for code, weight in zip(CODES, head.weights[1:], strict=True)},
        "limit": limit,
        "trees": [written(tree) for tree in head.trees],
        "worn, each set by the others": _told(chances[:worn], same[:worn], limit),
        "… that can be decided": _told(chances[chosen_by], same[chosen_by], limit),
        "… each of them, from 0.5 on": [_told(chances[fold.asked], same[fold.asked], 0.5) for fold in of_sets],
    }


def _counts(pair: Pair, *, is_worn: bool) -> float:
    """How much a pair teaches: what was read by hand much, what was made little."""
    if is_worn:
        return BY_HAND_COUNTS if pair.source == "by hand" else 1.0
    return MADE_COUNTS if pair.source == MADE else MINED_COUNTS


class Head:
    """What was learned of some pairs: a sum of signs, and trees upon it."""

    def __init__(self, ways: Sequence[Floats], same: Truths, counts: Floats) -> None:
        self.weights = _weights(ways, same, counts)
        best = np.array([of_pair[int((of_pair @ self.weights).argmax())] for of_pair in ways])
        odds = best @ self.weights
        told = ~best[:, [1 + CODES.index(code) for code in STATED]].any(axis=1)
        rows = np.column_stack((best[:, 1:], odds))
        self.trees: list[Tree] = grown(rows[told], COLUMNS, odds[told], same[told], counts[told])

    def chance(self, ways: Floats) -> float:
        """How likely a pair with these ways is one brand."""
        odds = ways @ self.weights
        asked = ~ways[:, [1 + CODES.index(code) for code in STATED]].any(axis=1)
        odds = odds + asked * said_by(self.trees, np.column_stack((ways[:, 1:], odds)), COLUMNS)
        return 1 / (1 + math.exp(-float(odds.max())))


def _told(chances: Floats, same: Truths, limit: float) -> dict[str, float]:
    told = chances >= limit
    right = int((told & same).sum())
    kept = np.clip(np.where(same, chances, 1 - chances), 1e-6, 1)
    return {
        "pairs": len(same),
        "precision": round(right / max(int(told.sum()), 1), 4),
        "recall": round(right / int(same.sum()), 4),
        "logarithmic loss": round(-float(np.log(kept).mean()), 4),
    }


def limit_of(chances: Floats, same: Truths, wanted: float = 0.97) -> float:
    """The lowest limit from which on the precision is what is wanted; the best there is, where none is."""
    for limit in sorted({round(float(chance), 3) for chance in chances if chance >= 0.3}):
        told = chances >= limit
        if told.any() and same[told].sum() / told.sum() >= wanted:
            return limit
    return 0.9


def left_out(entries: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How often a word is what one name of a company has more than another, beside how often it parts two companies."""
    dropped: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    both, apart = 0, 0
    owners: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for entry in entries:
        name, seen = parts_of(entry["name"]).words, set[str]()
        owners[name].add(entry["wikidata"])
        for alias in entry.get("aliases", ()):
            short, long = sorted((name, parts_of(alias).words), key=len)
            if short and set(short) < set(long):
                both += 1
                dropped.update(set(long) - set(short) - seen)
                seen |= set(long) - set(short)
    for long in list(owners):
        for start, end in combinations(range(len(long) + 1), 2):
            short = long[start:end]
            if end - start < len(long) and short in owners and not owners[short] & owners[long]:
                apart += 1
                kept.update(set(long) - set(short))
    found: dict[str, float] = {}
    for word in sorted({*dropped, *kept}):
        seen_often = dropped[word] + kept[word]
        odds = math.log((dropped[word] + 0.5) / (kept[word] + 0.5) / (both / max(apart, 1)))
        # Of few places little is believed.
        weight = odds / 2 * seen_often / (seen_often + 10)
        if seen_often >= 3 and abs(weight) >= 0.1:
            found[word] = round(max(-1.0, min(1.0, weight)), 2)
    return found


def _weights(ways: Sequence[Floats], same: npt.NDArray[np.bool_], counts: Floats, rounds: int = 4) -> Floats:
    """Logistic regression. By which of its ways a pair is judged hangs on the weights: so both are found in turn."""
    weights = _regression(np.array([of_pair[0] for of_pair in ways]), same, counts)
    for _ in range(rounds):
        best = np.array([of_pair[int((of_pair @ weights).argmax())] for of_pair in ways])
        weights = _regression(best, same, counts)
    return weights


def _regression(rows: Floats, same: npt.NDArray[np.bool_], counts: Floats, pull: float = 0.3) -> Floats:
    """Weights, each drawn a little to zero, but for the first, which stands for what is so with all."""
    weights = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], pull)
    penalty[0] = 1e-3
    for _ in range(60):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ ((chances - same) * counts) + penalty * weights
        bend = (rows * (chances * (1 - chances) * counts)[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def ways_by_fold(
    pairs: Sequence[Pair],
    entries: Sequence[dict[str, Any]],
    folds: Sequence[Fold],
    leanings_of_fold: Sequence[Mapping[str, float]],
) -> list[Floats]:
    """What is left out is counted, and how words lean is learned, without the fold of a pair."""
    dice = random.Random(64)
    found: list[Floats] = [np.zeros((0, 0))] * len(pairs)
    for fold, leaning in zip(folds, leanings_of_fold, strict=True):
        counted = left_out([entry for entry in entries if fold.may_teach(entry["name"])])
        rarity = Rarity(left_out=counted, leanings=leaning)
        for at in fold.asked:
            ways = _ways(pairs[at], rarity)
            found[at] = _without_list(ways, dice) if pairs[at].source == MADE else ways
    return found


def _without_list(ways: Floats, dice: random.Random) -> Floats:
    """The two names by themselves, as though the list, which these were made of, had neither of them or, at times, only one.

    Of those that it has for one, it may say that in half.
    """
    alone, is_kept = float(dice.random() < ALONE), dice.random() < KEPT
    as_one = 1 + CODES.index("listed_as_one")
    bare = ways[:1].copy()
    bare[:, LISTED_PLACES] = 0.0
    if is_kept and ways[0, as_one]:
        bare[:, as_one] = 1.0
    else:
        bare[:, 1 + CODES.index("listed_alone")] = alone
    return bare


def _ways(pair: Pair, rarity: Rarity) -> Floats:
    """The signs of the two names, then those with each other name that the catalogue has for one of them: a row each.

    What the first one sells is known.
    """
    names, sold = (pair.one, pair.other), (trades_known(pair.one), NOTHING)
    rows = [_row(signs_of(parts_of(pair.one), parts_of(pair.other), rarity, sold))]
    for mine, theirs, trades in ((pair.one, pair.other, sold), (pair.other, pair.one, (sold[1], sold[0]))):
        if len(theirs) >= SHORTEST_KNOWN:
            rows += [_row(signs_also(mine, also, theirs, rarity, trades)) for also in known_names(mine, names)]
    return np.array(rows)


def _row(signs: Iterable[Sign]) -> list[float]:
    amounts = dict.fromkeys(CODES, 0.0)
    for code, amount, _ in signs:
        amounts[code] = max(amounts[code], amount)
    return [1.0, *amounts.values()]
