"""Small trees upon a sum of signs: each asks three questions, the same of all pairs, and puts a pair into one of eight drawers.

They are grown one after the other, each toward what the sum and the trees before it still have wrong (gradient boosting with
second derivatives). Rows are pairs, columns signs.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from brandhound.brands.comparing.together import Tree

Floats = npt.NDArray[np.float64]

TREES = 400
QUESTIONS = 3
LEARNS = 0.08
"""How much of what a tree says is believed."""
PULL = 16.0
"""How much each drawer is drawn to zero, in pairs."""
MOST_BINS = 12


def grown(rows: Floats, names: Sequence[str], odds: Floats, same: npt.NDArray[np.bool_], counts: Floats) -> list[Tree]:
    """Trees for these rows, beginning with their log-odds."""
    limits = [_limits(rows[:, column]) for column in range(rows.shape[1])]
    binned = np.array([np.searchsorted(each, rows[:, column]) for column, each in enumerate(limits)])
    found: list[Tree] = []
    odds = odds.copy()
    for _ in range(TREES):
        chances = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        slopes, bends = counts * (same - chances), counts * chances * (1 - chances)
        drawer = np.zeros(len(rows), dtype=np.int64)
        asked: list[tuple[str, float]] = []
        for _ in range(QUESTIONS):
            column, at = _best_question(binned, limits, drawer, slopes, bends)
            asked.append((names[column], round(float(limits[column][at]), 4)))
            drawer = drawer * 2 + (binned[column] > at)
        size = 2**QUESTIONS
        sums = np.bincount(drawer, slopes, size) / (np.bincount(drawer, bends, size) + PULL)
        values = np.round(LEARNS * sums, 4)
        odds += values[drawer]
        found.append(Tree(tuple(asked), tuple(values.tolist())))
    return found


def said_by(trees: Sequence[Tree], rows: Floats, names: Sequence[str]) -> Floats:
    """What the trees add to the log-odds of each row."""
    column = {name: number for number, name in enumerate(names)}
    total = np.zeros(len(rows))
    for tree in trees:
        drawer = np.zeros(len(rows), dtype=np.int64)
        for sign, amount in tree.questions:
            drawer = drawer * 2 + (rows[:, column[sign]] > amount)
        total += np.array(tree.drawers)[drawer]
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


def _best_question(
    binned: npt.NDArray[np.int64],
    limits: Sequence[Floats],
    drawer: npt.NDArray[np.int64],
    slopes: Floats,
    bends: Floats,
) -> tuple[int, int]:
    drawers, bins = int(drawer.max()) + 1, MOST_BINS + 2
    best = -1.0, 0, 0
    for column, each in enumerate(limits):
        place = drawer * bins + binned[column]
        slope, bend = (
            np.bincount(place, amounts, drawers * bins).reshape(drawers, bins).cumsum(axis=1)
            for amounts in (slopes, bends)
        )
        above_slope, above_bend = slope[:, -1:] - slope, bend[:, -1:] - bend
        gains = (slope**2 / (bend + PULL) + above_slope**2 / (above_bend + PULL)).sum(axis=0)[: len(each)]
        at = int(gains.argmax())
        if gains[at] > best[0]:
            best = float(gains[at]), column, at
    return best[1], best[2]
