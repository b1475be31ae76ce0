"""What signs say together beyond what each says: small trees, each of which puts a pair into one of sixteen drawers.

Grown by `python -m bench.quality.pairs --fit` on labelled pairs that were read, upon the sum of the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

QUESTIONS = 4
"""Asked of each pair by each tree."""
PLACES = 2**QUESTIONS - 1
ODDS = "odds"
"""Instead of a sign: what all signs come to by their weights."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Questions, whether a sign has more than an amount, and the log-odds of the drawers that the answers lead to.

    Behind the question at place n comes the one at 2n + 1 where the answer is no, at 2n + 2 where it is yes; drawers come last.
    """

    questions: tuple[tuple[str, float], ...]
    drawers: tuple[float, ...]


def together(amounts: Mapping[str, float], odds: float) -> float:
    """What signs with these amounts say beyond their sum, in log-odds."""
    forest = _forest()
    asked = np.zeros(len(forest.signs) + 1)
    asked[0] = odds
    for sign, amount in amounts.items():
        asked[forest.signs.get(sign, len(forest.signs))] = amount
    place = np.zeros(len(forest.trees), dtype=np.int64)
    for _ in range(QUESTIONS):
        at = forest.trees * PLACES + place
        place = 2 * place + 1 + (asked[forest.asks[at]] > forest.amounts[at])
    return float(forest.drawers[forest.trees * (PLACES + 1) + place - PLACES].sum())


@dataclass(frozen=True, slots=True)
class _Forest:
    """The trees one after the other: which signs they ask for, beyond which amounts, and their drawers."""

    trees: npt.NDArray[np.int64]
    signs: Mapping[str, int]
    asks: npt.NDArray[np.int64]
    amounts: npt.NDArray[np.float64]
    drawers: npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _forest() -> _Forest:
    lines = files("brandhound.brands.comparing").joinpath("together.tsv").read_text(encoding="utf-8").splitlines()
    trees = [read_tree(line) for line in lines]
    signs = {ODDS: 0}
    for tree in trees:
        for sign, _ in tree.questions:
            signs.setdefault(sign, len(signs))
    return _Forest(
        np.arange(len(trees)),
        signs,
        np.array([signs[sign] for tree in trees for sign, _ in tree.questions], dtype=np.int64),
        np.array([amount for tree in trees for _, amount in tree.questions], dtype=np.float64),
        np.array([drawer for tree in trees for drawer in tree.drawers], dtype=np.float64),
    )


def read_tree(line: str) -> Tree:
    """A line: the questions, then the drawers."""
    cells = line.split("\t")
    questions = tuple((sign, float(amount)) for sign, amount in (cell.split(" ") for cell in cells[:PLACES]))
    return Tree(questions, tuple(map(float, cells[PLACES:])))
