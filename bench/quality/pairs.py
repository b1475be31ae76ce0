"""How well two names are told to mean one brand or two: `python -m bench.quality.pairs --data DIR`. Prints JSON.

Pairs come from four places, none of which asks our own comparing:
- names and other names of one entry of the brand catalogue (same); entries of other companies that share a word with them, or are
  spelled most alike by a public measure (different);
- companies of the S&P 500, rewritten as people write them (same); those that share a word or look alike (different; shares of one
  company, by its CIK, are left out);
- traps written by hand, kept in `tests/brands/name_pairs.tsv`.

Weights, trees, how words lean and the limit (`--fit`, some minutes) come from this set and those drawn anew and a third to a
ninth time, which were all read error by error, with 8,000 further pairs of the catalogue and some made of the list of
companies, none of them of a company of the tenth set; which words are left out of names (`--left-out`) comes from the
catalogue without companies of that set. The limit is where the nine sets, without what nobody can decide, have a precision of
.97, each set judged by what pairs of other companies taught. So those sets tell how pairs are answered that taught, too. The
traps of the ninth and the tenth are by two who knew neither the comparing nor its errors. The tenth was drawn when the ninth had
been read; it was asked once by these weights, and read since.

`drawn anew` and `a third time` to `a tenth time` are further pairs, with further traps, that nothing was looked at by when they
were drawn: see `pair_sources` and `pair_strangers`. Which pairs nobody can decide says `pair_labels`.

Three comparings are measured. One knows the two names, and how many companies of the catalogue, but for theirs, have their words.
The second asks the catalogue besides what else it calls the company of either name, and what that of the first one sells; there
the very name that is asked about is taken out of it, however it is written. The third asks it for the first name only, as though
it had never heard of the other one.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, utils

from bench.quality.pair_fitting import fitted, left_out, limit_of
from bench.quality.pair_labels import undecidable
from bench.quality.pair_leanings import LEANINGS, packed_leanings
from bench.quality.pair_sources import (
    OTHER_NAMES,
    Pair,
    catalogue_entries,
    drawn_anew,
    drawn_fifth,
    drawn_fourth,
    drawn_third,
    hand_made,
    of_catalogue,
    of_companies,
    strange_to,
)
from bench.quality.pair_strangers import drawn_eighth, drawn_ninth, drawn_seventh, drawn_sixth, drawn_tenth
from brandhound.brands.comparing.knowing import compare_known
from brandhound.brands.comparing.likeness import compare_names, signs_of
from brandhound.brands.comparing.parts import parts_of
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.comparing.trades import NOTHING, trades_known
from brandhound.brands.comparing.weighing import Likeness

LIMITS = (0.5, 0.68, 0.76, 0.85, 0.9)
LIMIT = 0.64
"""What `--fit` says: from where on the worn pairs that can be decided have a precision of .97."""

Floats = npt.NDArray[np.float64]
_RARITY = Rarity()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="the folder of collections; without it only the hand-made pairs")
    options.add_argument(
        "--fit", action="store_true", help="print weights fitted on the worn sets, and write how words lean"
    )
    options.add_argument("--left-out", action="store_true", help="print the words that are left out of names, or never")
    options.add_argument(
        "--worst", type=int, default=0, help="print so many errors of each kind of the half that teaches"
    )
    chosen = options.parse_args()
    pairs = [
        *hand_made(),
        *(of_catalogue(chosen.data) if chosen.data else []),
        *(of_companies(chosen.data) if chosen.data else []),
    ]
    entries = catalogue_entries(chosen.data) if chosen.data else []
    further = _drawn_further(chosen.data, pairs) if chosen.data else {}
    if chosen.left_out or chosen.fit:
        *worn, asked_last = [pairs, *further.values()]
        if chosen.left_out:
            is_new = strange_to(asked_last, entries)
            for word, weight in sorted(left_out([entry for entry in entries if is_new(entry["name"])]).items()):
                print(f"{word}\t{weight:.2f}")
            return
        found = fitted(worn, entries, asked_last)
        LEANINGS.write_bytes(packed_leanings(found.pop("leanings")))
        print(json.dumps(found, indent=1))
        return
    board = measured(pairs, entries, chosen.worst)
    for title, drawn in further.items():
        board[title] = measured_anew(drawn, entries)
    print(json.dumps(board, indent=1, ensure_ascii=False))


def _drawn_further(data: Path, pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """The sets that were drawn later, each of pairs that none before it has; what was asked last comes last."""
    ways = {
        "drawn anew": drawn_anew,
        "drawn a third time": drawn_third,
        "drawn a fourth time": drawn_fourth,
        "drawn a fifth time": drawn_fifth,
        "drawn a sixth time": drawn_sixth,
        "drawn a seventh time": drawn_seventh,
        "drawn an eighth time": drawn_eighth,
        "drawn a ninth time": drawn_ninth,
        "drawn a tenth time": drawn_tenth,
    }
    known, found = list(pairs), dict[str, list[Pair]]()
    for title, way in ways.items():
        found[title] = way(data, known)
        known += found[title]
    return found


def measured(pairs: Sequence[Pair], entries: Sequence[dict[str, Any]], worst: int = 0) -> dict[str, Any]:
    """Precision and recall with the limit that the teaching half asks for, on both halves and for each source."""
    same = np.array([pair.same for pair in pairs])
    taught = np.array([pair.teaches for pair in pairs])
    board: dict[str, Any] = {"pairs": len(pairs), "same": int(same.sum())}
    by_names = np.array([compare_names(pair.one, pair.other, _RARITY).probability for pair in pairs])
    known = np.array([_known(pair).probability for pair in pairs])
    board["by the names alone"] = _board(pairs, by_names)
    board["with the catalogue"] = _board(pairs, known)
    board["with the catalogue, which knows the first only"] = _board(pairs, _first_known(pairs))
    open_ones = np.array(undecidable(pairs, entries))
    for half, chosen in (("taught", taught), ("held_out", ~taught)):
        board[f"with the catalogue, {half}, without undecidable"] = _decidable(known, same, chosen, open_ones)
    peer = np.array([fuzz.WRatio(pair.one, pair.other, processor=utils.default_process) / 100 for pair in pairs])
    board["peer: rapidfuzz WRatio, held_out"] = figures(
        peer[~taught], same[~taught], limit_of(peer[taught], same[taught])
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
    first_known = _first_known(pairs)
    written_alike = np.array([not pair.same and _is_one_name(pair) for pair in pairs])
    every, open_ones = np.ones(len(pairs), dtype=np.bool_), np.array(undecidable(pairs, entries))
    return {
        "nine times of ten": interval(known, same, LIMIT),
        "nine times of ten, from 0.5 on": interval(known, same, 0.5),
        "nine times of ten, without undecidable": interval(known[~open_ones], same[~open_ones], LIMIT),
        "with the catalogue, without undecidable": _decidable(known, same, every, open_ones),
        "with the catalogue": {f"from {least} on": figures(known, same, least) for least in (LIMIT, *LIMITS)},
        "with the catalogue, which knows the first only": {
            f"from {least} on": figures(first_known, same, least) for least in (LIMIT, *LIMITS)
        },
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


def _known(pair: Pair, *, is_other_known: bool = True) -> Likeness:
    return compare_known(
        pair.one,
        pair.other,
        _RARITY,
        without=(pair.one, pair.other),
        trades=(trades_known(pair.one), NOTHING),
        is_other_known=is_other_known,
    )


def _first_known(pairs: Sequence[Pair]) -> Floats:
    return np.array([_known(pair, is_other_known=False).probability for pair in pairs])


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


def interval(
    chances: Floats, same: npt.NDArray[np.bool_], limit: float, draws: int = 4000
) -> dict[str, tuple[float, float]]:
    """Between what precision and recall lie in nine of ten sets of as many pairs, drawn from these with putting back."""
    told = chances >= limit
    taken = np.random.default_rng(7).integers(0, len(same), (draws, len(same)))
    right = (told & same)[taken].sum(axis=1)
    shares = {
        "precision": right / np.maximum(told[taken].sum(axis=1), 1),
        "recall": right / np.maximum(same[taken].sum(axis=1), 1),
    }
    return {
        of: (round(float(np.quantile(each, 0.05)), 4), round(float(np.quantile(each, 0.95)), 4))
        for of, each in shares.items()
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
