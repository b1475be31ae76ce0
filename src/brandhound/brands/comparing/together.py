"""What signs say together beyond what each says: small trees, each of which puts a pair into one of eight drawers.

Grown by `python -m bench.quality.pairs --fit` on the half of the labelled pairs that teaches, upon the sum of the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

ODDS = "odds"
"""Instead of a sign: what all signs come to by their weights."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Three questions, whether a sign has more than an amount, and the log-odds for each of the eight answers to them."""

    questions: tuple[tuple[str, float], ...]
    drawers: tuple[float, ...]


def together(amounts: Mapping[str, float], odds: float) -> float:
    """What signs with these amounts say beyond their sum, in log-odds."""
    forest = _forest()
    asked = np.zeros(len(forest.signs) + 1)
    asked[0] = odds
    for sign, amount in amounts.items():
        asked[forest.signs.get(sign, len(forest.signs))] = amount
    answers = asked[forest.asks] > forest.amounts
    return float(forest.drawers[forest.trees, answers @ PLACES].sum())


PLACES = np.array([4, 2, 1])


@dataclass(frozen=True, slots=True)
class _Forest:
    """The trees side by side, a row each: which signs they ask for, beyond which amounts, and their drawers."""

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
        np.array([[signs[sign] for sign, _ in tree.questions] for tree in trees], dtype=np.int64).reshape(-1, 3),
        np.array([[amount for _, amount in tree.questions] for tree in trees], dtype=np.float64).reshape(-1, 3),
        np.array([tree.drawers for tree in trees], dtype=np.float64).reshape(-1, 8),
    )


def read_tree(line: str) -> Tree:
    """A line: three questions, then eight numbers."""
    cells = line.split("\t")
    questions = tuple((sign, float(amount)) for sign, amount in (cell.split(" ") for cell in cells[:3]))
    return Tree(questions, tuple(map(float, cells[3:])))
