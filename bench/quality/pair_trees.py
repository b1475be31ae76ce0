"""Small trees upon a sum of signs: each asks four questions, the later ones by what was answered, and so has sixteen drawers.

They are grown one after the other, each toward what the sum and the trees before it still have wrong (gradient boosting with
second derivatives), and each sees by chance half of the signs and seven of ten pairs, so that no few of them decide. Rows are
pairs, columns signs.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from brandhound.brands.comparing.together import PLACES, QUESTIONS, Tree

Floats = npt.NDArray[np.float64]

TREES = 300
LEARNS = 0.05
"""How much of what a tree says is believed."""
PULL = 5.0
"""How much each drawer is drawn to zero, in pairs."""
MOST_BINS = 100
SIGNS_SEEN = 0.5
PAIRS_SEEN = 0.7


def grown(rows: Floats, names: Sequence[str], odds: Floats, same: npt.NDArray[np.bool_], counts: Floats) -> list[Tree]:
    """Trees for these rows, beginning with their log-odds."""
    dice = np.random.default_rng(65)
    limits = [_limits(rows[:, column]) for column in range(rows.shape[1])]
    binned = np.array([np.searchsorted(each, rows[:, column]) for column, each in enumerate(limits)])
    found: list[Tree] = []
    odds = odds.copy()
    for _ in range(TREES):
        chances = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        slopes, bends = counts * (same - chances), counts * chances * (1 - chances)
        columns = np.flatnonzero(dice.random(len(names)) < SIGNS_SEEN)
        seen = dice.random(len(rows)) < PAIRS_SEEN
        if not len(columns):
            continue
        drawer = np.zeros(len(rows), dtype=np.int64)
        asked: list[tuple[str, float]] = []
        for question in range(QUESTIONS):
            chosen, places = _best_questions(
                binned[np.ix_(columns, seen)], drawer[seen], 2**question, slopes[seen], bends[seen]
            )
            chosen = columns[chosen]
            for one, place in zip(map(int, chosen), map(int, places), strict=True):
                asked.append((names[one], round(float(limits[one][place]), 4)))
            drawer = drawer * 2 + (binned[chosen[drawer], np.arange(len(rows))] > places[drawer])
        size = 2**QUESTIONS
        sums = np.bincount(drawer[seen], slopes[seen], size) / (np.bincount(drawer[seen], bends[seen], size) + PULL)
        values = np.round(LEARNS * sums, 4)
        odds += values[drawer]
        found.append(Tree(tuple(asked), tuple(values.tolist())))
    return found


def said_by(trees: Sequence[Tree], rows: Floats, names: Sequence[str]) -> Floats:
    """What the trees add to the log-odds of each row."""
    column = {name: number for number, name in enumerate(names)}
    total = np.zeros(len(rows))
    for tree in trees:
        columns = np.array([column[sign] for sign, _ in tree.questions])
        amounts = np.array([amount for _, amount in tree.questions])
        place = np.zeros(len(rows), dtype=np.int64)
        for _ in range(QUESTIONS):
            place = 2 * place + 1 + (rows[np.arange(len(rows)), columns[place]] > amounts[place])
        total += np.array(tree.drawers)[place - PLACES]
    return total


def written(tree: Tree) -> str:
    """A tree as a line of the table that the product reads."""
    return "\t".join((*(f"{sign} {amount}" for sign, amount in tree.questions), *map(str, tree.drawers)))


def _limits(values: Floats) -> Floats:
    """Between which amounts a question may part the pairs: quantiles of those that have the sign at all, and none or some."""
    some = values[values != 0]
    if not len(some):
        return np.array([0.0])
    inner = np.quantile(some, np.linspace(0, 1, MOST_BINS)[1:-1])
    return np.unique(np.round(np.concatenate((np.zeros(1), inner)), 4)).astype(np.float64)


def _best_questions(
    binned: npt.NDArray[np.int64], drawer: npt.NDArray[np.int64], drawers: int, slopes: Floats, bends: Floats
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each drawer, by which column and above which limit it is best parted."""
    bins = MOST_BINS + 2
    best = np.full(drawers, -1.0)
    columns, places = np.zeros(drawers, dtype=np.int64), np.zeros(drawers, dtype=np.int64)
    for column, each in enumerate(binned):
        place = drawer * bins + each
        slope, bend = (
            np.bincount(place, amounts, drawers * bins).reshape(drawers, bins).cumsum(axis=1)
            for amounts in (slopes, bends)
        )
        above_slope, above_bend = slope[:, -1:] - slope, bend[:, -1:] - bend
        gains = slope**2 / (bend + PULL) + above_slope**2 / (above_bend + PULL)
        at = gains[:, : max(1, int(each.max(initial=0)))].argmax(axis=1)
        gain = gains[np.arange(drawers), at]
        is_better = gain > best + 1e-12
        best[is_better], columns[is_better], places[is_better] = gain[is_better], column, at[is_better]
    return columns, places
