"""How well two names are told to mean one brand or two: `python -m bench.quality.pairs --data DIR`. Prints JSON.

Pairs come from four places, none of which asks our own comparing:
- names and other names of one entry of the brand catalogue (same); entries of other companies that share a word with them, or are
  spelled most alike by a public measure (different);
- companies of the S&P 500, rewritten as people write them (same); those that share a word or look alike (different; shares of one
  company, by its CIK, are left out);
- traps written by hand, kept in `tests/brands/name_pairs.tsv`.

Pairs are parted in two by a hash of the first name. Weights and the limit (`--fit`), and which words are left out of names
(`--left-out`) come from one half, the figures of `held_out` from the other. For the fit nearly four more pairs of that half are
taken for each one (some minutes), and what is counted of left-out words for a pair is counted without the entries of its fifth.
The limit is where the precision is .975 when each fifth is judged by weights of the four others.

`drawn anew` are further pairs, with further traps, that nothing was looked at by when they were drawn: see `pair_sources`.

Two comparings are measured. One knows the two names, and how many companies of the catalogue, but for theirs, have their words.
The other asks the catalogue besides what else it calls a company, as the product does; there the very name that is asked about is
taken out of it, however it is written, so that the label is nowhere looked up.
"""

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, utils

from bench.quality.pair_labels import undecidable
from bench.quality.pair_sources import (
    FOLDS,
    OTHER_NAMES,
    Pair,
    catalogue_entries,
    drawn_anew,
    drawn_third,
    fold_of,
    hand_made,
    of_catalogue,
    of_companies,
    teaching_entries,
)
from brandhound.brands.comparing.knowing import SHORTEST_KNOWN, compare_known, known_names, signs_also
from brandhound.brands.comparing.likeness import Likeness, Sign, SignCode, compare_names, signs_of
from brandhound.brands.comparing.parts import parts_of
from brandhound.brands.comparing.rarity import Rarity

CODES: tuple[SignCode, ...] = get_args(SignCode)

MOST_TO_FIT = 6000
LIMITS = (0.5, 0.7, 0.75, 0.8, 0.85, 0.9)
LIMIT = 0.76
"""What `--fit` says: where the half that teaches has the precision wanted, each fifth judged by weights of the others."""

Floats = npt.NDArray[np.float64]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="the folder of collections; without it only the hand-made pairs")
    options.add_argument("--fit", action="store_true", help="print weights fitted on the one half")
    options.add_argument("--left-out", action="store_true", help="print the words that are left out of names, or never")
    options.add_argument(
        "--worst", type=int, default=0, help="print so many errors of each kind of the half that teaches"
    )
    chosen = options.parse_args()
    if chosen.left_out:
        for word, weight in sorted(left_out(teaching_entries(chosen.data)).items()):
            print(f"{word}\t{weight:.2f}")
        return
    pairs = [
        *hand_made(),
        *(of_catalogue(chosen.data) if chosen.data else []),
        *(of_companies(chosen.data) if chosen.data else []),
    ]
    if chosen.fit:
        teaching = [pair for pair in pairs if pair.teaches]
        known = {frozenset((pair.one, pair.other)) for pair in pairs}
        more = [
            pair
            for pair in of_catalogue(chosen.data, MOST_TO_FIT)
            if pair.teaches and frozenset((pair.one, pair.other)) not in known
        ]
        print(json.dumps(fitted(teaching, more, teaching_entries(chosen.data)), indent=1))
        return
    entries = catalogue_entries(chosen.data) if chosen.data else []
    board = measured(pairs, entries, chosen.worst)
    if chosen.data:
        anew = drawn_anew(chosen.data, pairs)
        board["drawn anew"] = measured_anew(anew, entries)
        board["drawn a third time"] = measured_anew(drawn_third(chosen.data, [*pairs, *anew]), entries)
    print(json.dumps(board, indent=1, ensure_ascii=False))


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


def fitted(pairs: Sequence[Pair], more: Sequence[Pair], entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Weights, and from which probability on the precision is what is wanted on pairs that weights were not fitted on."""
    together = [*pairs, *more]
    ways = _ways_by_fold(together, entries)
    same = np.array([pair.same for pair in together])
    counts = np.array([1.0] * len(pairs) + [0.5] * len(more))
    chances = np.zeros(len(together))
    of_fold = np.array([fold_of(pair.one) for pair in together])
    for fold in range(FOLDS):
        learns = np.flatnonzero(of_fold != fold)
        weights = _weights([ways[at] for at in learns], same[learns], counts[learns])
        for at in np.flatnonzero(of_fold == fold):
            chances[at] = 1 / (1 + math.exp(-float((ways[at] @ weights).max())))
    asked = slice(len(pairs))
    limit = _limit(chances[asked], same[asked])
    weights = _weights(ways, same, counts)
    return {
        "START": round(weights[0], 2),
        **{code: round(weight, 2) for code, weight in zip(CODES, weights[1:], strict=True)},
        "limit": limit,
        "on what each fold did not see": figures(chances[asked], same[asked], limit),
    }


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


_RARITY = Rarity()


def _ways_by_fold(pairs: Sequence[Pair], entries: Sequence[dict[str, Any]]) -> list[Floats]:
    found: list[Floats] = [np.zeros((0, 0))] * len(pairs)
    for fold in range(FOLDS):
        rarity = Rarity(left_out=left_out([entry for entry in entries if fold_of(entry["name"]) != fold]))
        for at, pair in enumerate(pairs):
            if fold_of(pair.one) == fold:
                found[at] = _ways(pair, rarity)
    return found


def _ways(pair: Pair, rarity: Rarity) -> Floats:
    """The signs of the two names, then those with each other name that the catalogue has for one of them: a row each."""
    rows = [_row(signs_of(parts_of(pair.one), parts_of(pair.other), rarity))]
    for mine, theirs in ((pair.one, pair.other), (pair.other, pair.one)):
        if len(theirs) >= SHORTEST_KNOWN:
            rows += [_row(signs_also(mine, also, theirs, rarity)) for also in known_names(mine, (pair.one, pair.other))]
    return np.array(rows)


def _row(signs: Iterable[Sign]) -> list[float]:
    amounts = dict.fromkeys(CODES, 0.0)
    for code, amount, _ in signs:
        amounts[code] = max(amounts[code], amount)
    return [1.0, *amounts.values()]


def measured(pairs: Sequence[Pair], entries: Sequence[dict[str, Any]], worst: int = 0) -> dict[str, Any]:
    """Precision and recall with the limit that the teaching half asks for, on both halves and for each source."""
    same = np.array([pair.same for pair in pairs])
    taught = np.array([pair.teaches for pair in pairs])
    board: dict[str, Any] = {"pairs": len(pairs), "same": int(same.sum())}
    by_names = np.array([compare_names(pair.one, pair.other, _RARITY).probability for pair in pairs])
    known = np.array([_known(pair).probability for pair in pairs])
    board["by the names alone"] = _board(pairs, by_names)
    board["with the catalogue"] = _board(pairs, known)
    open_ones = np.array(undecidable(pairs, entries))
    for half, chosen in (("taught", taught), ("held_out", ~taught)):
        board[f"with the catalogue, {half}, without undecidable"] = _decidable(known, same, chosen, open_ones)
    peer = np.array([fuzz.WRatio(pair.one, pair.other, processor=utils.default_process) / 100 for pair in pairs])
    board["peer: rapidfuzz WRatio, held_out"] = figures(
        peer[~taught], same[~taught], _limit(peer[taught], same[taught])
    )
    if worst:
        order = sorted(range(len(pairs)), key=lambda number: float(known[number]))
        shown = [number for number in order if taught[number]]
        board["missed"] = [_told(pairs[one]) for one in shown if pairs[one].same][:worst]
        board["false"] = [_told(pairs[one]) for one in shown[::-1] if not pairs[one].same][:worst]
    return board


def measured_anew(pairs: Sequence[Pair], entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Precision and recall of pairs that are all held out, together and for each source."""
    same = np.array([pair.same for pair in pairs])
    known = np.array([_known(pair).probability for pair in pairs])
    by_names = np.array([compare_names(pair.one, pair.other, _RARITY).probability for pair in pairs])
    written_alike = np.array([not pair.same and _is_one_name(pair) for pair in pairs])
    every, open_ones = np.ones(len(pairs), dtype=np.bool_), np.array(undecidable(pairs, entries))
    return {
        "with the catalogue, without undecidable": _decidable(known, same, every, open_ones),
        "with the catalogue": {f"from {least} on": figures(known, same, least) for least in (LIMIT, *LIMITS)},
        "by the names alone": {f"from {least} on": figures(by_names, same, least) for least in (LIMIT, *LIMITS)},
        "different ones that are one name": int(written_alike.sum()),
        "with the catalogue, without those": figures(known[~written_alike], same[~written_alike], LIMIT),
        **{
            source: figures(known[chosen], same[chosen], LIMIT)
            for source in dict.fromkeys(pair.source for pair in pairs)
            for chosen in [np.array([pair.source == source for pair in pairs])]
        },
    }


def _decidable(
    chances: Floats, same: npt.NDArray[np.bool_], chosen: npt.NDArray[np.bool_], open_ones: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    kept = chosen & ~open_ones
    return {
        "left out, said to be the same": int((chosen & open_ones & same).sum()),
        "left out, said to be different": int((chosen & open_ones & ~same).sum()),
        **{f"from {least} on": figures(chances[kept], same[kept], least) for least in (LIMIT, *LIMITS)},
    }


def _is_one_name(pair: Pair) -> bool:
    """Two companies of one name, but for an article, an accent or the like: no name says which is meant."""
    signs = signs_of(parts_of(pair.one), parts_of(pair.other), _RARITY)
    return any(code in {"same_words", "same_letters"} for code, _, _ in signs)


def _known(pair: Pair) -> Likeness:
    return compare_known(pair.one, pair.other, _RARITY, without=(pair.one, pair.other))


def _board(pairs: Sequence[Pair], chances: Floats) -> dict[str, Any]:
    same = np.array([pair.same for pair in pairs])
    taught = np.array([pair.teaches for pair in pairs])
    findable = np.array([pair.source != OTHER_NAMES for pair in pairs]) & ~taught
    board: dict[str, Any] = {"limit": LIMIT, "taught": figures(chances[taught], same[taught], LIMIT)}
    for least in (LIMIT, *LIMITS):
        told = "" if least == LIMIT else f" from {least} on"
        board[f"held_out{told}"] = figures(chances[~taught], same[~taught], least)
        board[f"held_out{told}, without other names altogether"] = figures(chances[findable], same[findable], least)
    for source in dict.fromkeys(pair.source for pair in pairs):
        chosen = np.array([pair.source == source for pair in pairs]) & ~taught
        board[f"held_out, {source}"] = figures(chances[chosen], same[chosen], LIMIT)
    return board


def _told(pair: Pair) -> str:
    likeness = _known(pair)
    reasons = ", ".join(f"{one.code} {one.weight:+}" for one in likeness.evidence)
    return f"{pair.one} | {pair.other} | {likeness.probability:.2f} ({pair.source}; {reasons})"


def _limit(chances: Floats, same: npt.NDArray[np.bool_], wanted: float = 0.975) -> float:
    """The lowest limit from which on the precision is what is wanted; the best there is, where none is."""
    for limit in sorted({round(float(chance), 3) for chance in chances if chance >= 0.3}):
        if _precision(chances, same, limit) >= wanted:
            return limit
    return 0.9


def _precision(chances: Floats, same: npt.NDArray[np.bool_], limit: float) -> float:
    told = chances >= limit
    return float(same[told].mean()) if told.any() else 0.0


def figures(chances: Floats, same: npt.NDArray[np.bool_], limit: float) -> dict[str, Any]:
    """How right the answers are from a limit on."""
    told = chances >= limit
    right = int((told & same).sum())
    return {
        "pairs": len(same),
        "precision": round(right / max(int(told.sum()), 1), 4),
        "recall": round(right / max(int(same.sum()), 1), 4),
        "calibration_error": round(calibration_error(chances, same), 4),
    }


def calibration_error(chances: Floats, same: npt.NDArray[np.bool_], bins: int = 10) -> float:
    """How far the probabilities are from how often they come true, on average."""
    of_bin = np.minimum((chances * bins).astype(int), bins - 1)
    gaps: Iterable[float] = (
        float(abs(chances[of_bin == one].mean() - same[of_bin == one].mean()) * (of_bin == one).sum())
        for one in np.unique(of_bin)
    )
    return sum(gaps) / max(len(same), 1)


if __name__ == "__main__":
    main()
