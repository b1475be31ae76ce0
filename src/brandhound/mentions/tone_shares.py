"""How much is really positive, neutral and negative, when readings are sometimes wrong. Thinking only.

A reading is right about seven times in ten, and it errs more one way than the other: counting what was read gives wrong shares,
however many texts are counted. Texts with labels given by chance tell how often each tone is read as which (a confusion matrix);
from that, and from what was read, follow the shares that would make such readings likely.

The matrix is uncertain itself: each of its rows is a Dirichlet distribution. Shares are drawn for many matrices from it (Gibbs
sampling of each text's true tone), so that the interval holds both doubts: few texts, and few labels. The texts without labels do
not teach the matrix. What a person said is taken as true; a mixed text counts half to each side. Unclear ones are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from brandhound.mentions.standings import ToneLabel

Floats = npt.NDArray[np.float64]

TRUE: tuple[ToneLabel, ...] = ("negative", "neutral", "positive")
READ: tuple[ToneLabel, ...] = ("negative", "neutral", "positive", "mixed")
LEVEL = 0.9
PRIOR_TEXTS = 40.0
"""So many labelled texts of each tone the shipped matrix is worth: it was measured on other texts than yours."""
_LEAST_CELL = 0.1
_PRIOR = 0.5
"""Jeffreys' prior of the shares."""
_DRAWS = 400
_CLIMB = 40
_STEPS = 20

Counts3 = tuple[float, float, float]
Counts4 = tuple[int, int, int, int]
Matrix = tuple[tuple[float, ...], ...]
"""Weights of labelled texts: a row for each true tone, a column for each reading."""

_TRUTH: dict[ToneLabel, Counts3] = {
    "negative": (1.0, 0.0, 0.0),
    "neutral": (0.0, 1.0, 0.0),
    "positive": (0.0, 0.0, 1.0),
    "mixed": (0.5, 0.0, 0.5),
}


@dataclass(frozen=True)
class Estimate:
    """A share or a balance, and the bounds between which the true one lies, 90 % sure."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ToneCounts:
    """Clear texts, by what people said of them and by what was read of the others; a row of readings for each matrix."""

    said: Counts3
    read: tuple[Counts4, ...]

    @property
    def total(self) -> int:
        return round(sum(self.said)) + sum(map(sum, self.read))


def matrix_of(shipped: Matrix, own: Matrix | None = None) -> Matrix:
    """The organization's own labels on top of the shipped matrix, which is worth a few of them."""
    prior = np.array(shipped, dtype=np.float64)[:, : len(READ)]
    prior = prior / prior.sum(axis=1, keepdims=True) * PRIOR_TEXTS + _LEAST_CELL
    return _plain(prior if own is None else prior + np.array(own, dtype=np.float64)[:, : len(READ)])


def labelled(pairs: Mapping[tuple[ToneLabel, ToneLabel], int]) -> Matrix:
    """Counts by (true tone, reading) as a matrix; a mixed truth counts half to each side, an unclear one says nothing."""
    found = np.zeros((len(TRUE), len(READ)))
    for (true, read), number in pairs.items():
        if true in _TRUTH and read in READ:
            found[:, READ.index(read)] += np.array(_TRUTH[true]) * number
    return _plain(found)


def counts_from(said: Mapping[ToneLabel, int], read: Sequence[Mapping[ToneLabel, int]]) -> ToneCounts:
    """Texts by what people said, and by what was read of the others. Unclear ones are left out."""
    truths = np.zeros(len(TRUE))
    for tone, number in said.items():
        truths += np.array(_TRUTH.get(tone, (0.0, 0.0, 0.0))) * number
    negative, neutral, positive = truths.tolist()
    rows: list[Counts4] = []
    for of_matrix in read:
        first, second, third, fourth = (of_matrix.get(tone, 0) for tone in READ)
        rows.append((first, second, third, fourth))
    return ToneCounts((negative, neutral, positive), tuple(rows))


def shares(counts: ToneCounts, matrices: Sequence[Matrix]) -> dict[ToneLabel, Estimate]:
    """The true shares of negative, neutral and positive texts, each with its interval; they sum to 1."""
    drawn = _drawn(counts, tuple(matrices), 0)
    return {tone: _estimate(drawn[:, at]) for at, tone in enumerate(TRUE)}


def balance(counts: ToneCounts, matrices: Sequence[Matrix]) -> Estimate:
    """The share of positive less that of negative texts, from −1 to +1."""
    drawn = _drawn(counts, tuple(matrices), 0)
    return _estimate(drawn[:, 2] - drawn[:, 0])


def balance_moved(now: ToneCounts, before: ToneCounts, matrices: Sequence[Matrix]) -> bool:
    """Whether the balance is another than before, 90 % sure."""
    moved = balance_difference(now, before, matrices)
    return moved.low > 0 or moved.high < 0


def balance_difference(now: ToneCounts, before: ToneCounts, matrices: Sequence[Matrix]) -> Estimate:
    """The balance less what it was before. Both are read by the same eyes, so by the same matrices."""
    there, was = _drawn(now, tuple(matrices), 0), _drawn(before, tuple(matrices), 1)
    return _estimate((there[:, 2] - there[:, 0]) - (was[:, 2] - was[:, 0]))


def _estimate(drawn: Floats) -> Estimate:
    ordered: list[float] = np.sort(drawn).tolist()
    low, high = quantile(ordered, (1 - LEVEL) / 2), quantile(ordered, (1 + LEVEL) / 2)
    return Estimate(round(float(drawn.mean()), 4) + 0.0, round(low, 4) + 0.0, round(high, 4) + 0.0)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest in proportion, as `numpy.quantile` does it: for a few hundred that takes twenty times as long."""
    at = share * (len(ordered) - 1)
    below = int(at)
    if below + 1 == len(ordered):
        return ordered[below]
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (at - below)


@lru_cache(maxsize=512)
def _drawn(counts: ToneCounts, matrices: tuple[Matrix, ...], chain: int) -> Floats:
    """Shares for each drawn matrix, a row each. The same counts give the same draws: a report is made twice alike.

    `chain` tells apart what is compared, while the matrices stay the same.
    """
    eyes = np.random.default_rng(20260105)
    chances: list[Floats] = []
    numbers: list[int] = []
    for matrix, of_matrix in zip(matrices, counts.read, strict=True):
        gamma = eyes.standard_gamma(np.array(matrix), size=(_DRAWS, len(TRUE), len(READ))) + 1e-12
        rows = gamma / gamma.sum(axis=2, keepdims=True)
        for column, number in enumerate(of_matrix):
            if number:
                chances.append(rows[:, :, column])
                numbers.append(number)
    said = np.array(counts.said) + _PRIOR
    luck = np.random.default_rng((20260106, chain))
    if not numbers:
        return luck.dirichlet(said, size=_DRAWS)
    likely = np.stack(chances, axis=1)
    many = np.array(numbers)
    found = np.full((_DRAWS, len(TRUE)), 1 / len(TRUE))
    for _ in range(_CLIMB):
        found = _normal(said + (_truths(found, likely) * many[None, :, None]).sum(axis=1))
    for _ in range(_STEPS):
        split: Floats = luck.multinomial(many[None, :], _truths(found, likely)).sum(axis=1).astype(np.float64)
        found = _normal(luck.standard_gamma(said + split) + 1e-12)
    return found


def _truths(found: Floats, likely: Floats) -> Floats:
    """How likely each true tone is behind each reading, by the shares so far."""
    return _normal(found[:, None, :] * likely)


def _normal(values: Floats) -> Floats:
    return values / values.sum(axis=-1, keepdims=True)


def _plain(matrix: Floats) -> Matrix:
    return tuple(tuple(float(value) for value in row) for row in matrix)
