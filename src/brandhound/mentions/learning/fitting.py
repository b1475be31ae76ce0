"""Learning weights from a few dozen judgements, and checking them on those that were set aside. Thinking only.

The odds are those of the cold start, corrected: by how far it is to be trusted, by each sign's own weight for this brand, and
by where the sentence lies among the judged ones. Everything is held near the cold start (a normal prior), so that five
judgements move it a little and fifty a lot.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FOLDS = 10
LARGEST_ODDS = 12.0


@dataclass(frozen=True)
class Hold:
    """How far each part may move: standard deviations of the prior, in log-odds."""

    bias: float = 1.0
    trust: float = 0.35
    signs: float = 1.0
    direction: float = 7.0
    slope: float = 0.8
    shift: float = 1.0


@dataclass(frozen=True, eq=False)
class Cases:
    """What is known of mentions, a row each: cold odds, amounts of signs, sentence vectors; and a key for like sentences."""

    cold: Floats
    signs: Floats
    vectors: Floats
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.cold)

    def some(self, rows: npt.NDArray[np.bool_]) -> "Cases":
        """Only these rows."""
        kept = tuple(key for key, row in zip(self.keys, rows, strict=True) if row)
        return Cases(self.cold[rows], self.signs[rows], self.vectors[rows], kept)


@dataclass(frozen=True, eq=False)
class Fit:
    """Weights: `bias + trust * cold + signs · amounts + direction · (vector - center)`."""

    bias: float
    trust: float
    signs: Floats
    direction: Floats
    center: Floats

    def odds(self, cases: Cases) -> Floats:
        """The logarithm of the odds of each case."""
        about = cases.vectors @ self.direction - float(self.center @ self.direction)
        return self.bias + self.trust * cases.cold + cases.signs @ self.signs + about

    def scaled(self, slope: float, shift: float) -> "Fit":
        """The same with its odds stretched and moved."""
        return Fit(
            self.bias * slope + shift, self.trust * slope, self.signs * slope, self.direction * slope, self.center
        )


def chance(odds: Floats) -> Floats:
    """Odds as probabilities."""
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -LARGEST_ODDS, LARGEST_ODDS)))


def fit(cases: Cases, right: npt.NDArray[np.bool_], hold: Hold) -> Fit:
    """The most probable weights, by Newton's method."""
    center = cases.vectors.mean(axis=0) if len(cases) else np.zeros(cases.vectors.shape[1])
    inputs = np.hstack([np.ones((len(cases), 1)), cases.cold[:, None], cases.signs, cases.vectors - center])
    kinds = (1, 1, cases.signs.shape[1], cases.vectors.shape[1])
    spread = np.repeat((hold.bias, hold.trust, hold.signs, hold.direction), kinds)
    start = np.zeros(inputs.shape[1])
    start[1] = 1.0
    found = start + _moves(inputs, right.astype(np.float64), inputs @ start, spread)
    signs = 2 + cases.signs.shape[1]
    return Fit(float(found[0]), float(found[1]), found[2:signs], found[signs:], center)


def _moves(inputs: Floats, wanted: Floats, odds: Floats, spread: Floats) -> Floats:
    """How far each weight moves from where it is held, of which `odds` come.

    The way leads only along what the inputs span: thirty judgements make thirty dimensions of four hundred.
    """
    ours, lengths, axes = np.linalg.svd(inputs * spread, full_matrices=False)
    kept = lengths > 1e-9 * max(float(lengths.max(initial=0.0)), 1e-300)
    inside = ours[:, kept] * lengths[kept]
    at = np.zeros(inside.shape[1])
    surprise = _surprise(inside, wanted, odds, at)
    for _ in range(100):
        said = chance(odds + inside @ at)
        slope = inside.T @ (said - wanted) + at
        bend = (inside * (said * (1 - said))[:, None]).T @ inside + np.eye(len(at))
        step = np.linalg.solve(bend, slope)
        # Where the odds are extreme a whole step runs past the valley: half of it, and half again, until it goes down.
        length, there = 1.0, _surprise(inside, wanted, odds, at - step)
        while there > surprise - 1e-4 * length * float(slope @ step) and length > 1e-6:
            length /= 2
            there = _surprise(inside, wanted, odds, at - length * step)
        if there >= surprise:
            break
        at, surprise = at - length * step, there
        if float(np.abs(step).max()) * length < 1e-7:
            break
    return spread * (axes[kept].T @ at)


def _surprise(inside: Floats, wanted: Floats, odds: Floats, at: Floats) -> float:
    said = odds + inside @ at
    return float((np.logaddexp(0.0, said) - wanted * said).sum() + 0.5 * (at**2).sum())


def folds_of(keys: Sequence[str], folds: int = FOLDS) -> npt.NDArray[np.int64]:
    """A part for each case, the same each time; like sentences are in the same, so that none gives another away."""
    ranked = sorted(set(keys), key=lambda key: hashlib.sha256(key.encode()).digest())
    part = {key: at % folds for at, key in enumerate(ranked)}
    return np.array([part[key] for key in keys], dtype=np.int64)


def unseen_odds(cases: Cases, right: npt.NDArray[np.bool_], hold: Hold) -> Floats:
    """What would be said of each case by weights that were learned without it."""
    part = folds_of(cases.keys)
    odds = np.zeros(len(cases))
    for fold in np.unique(part):
        rows = part == fold
        odds[rows] = fit(cases.some(~rows), right[~rows], hold).odds(cases.some(rows))
    return odds


def calibration(odds: Floats, right: npt.NDArray[np.bool_], hold: Hold) -> tuple[float, float]:
    """The slope and the shift under which unseen odds are right as often as they say (Platt 1999, held near 1 and 0)."""
    inputs = np.column_stack([odds, np.ones(len(odds))])
    moved = _moves(inputs, right.astype(np.float64), odds, np.array([hold.slope, hold.shift]))
    slope, shift = 1.0 + float(moved[0]), float(moved[1])
    # A slope below 0 would turn what was learned upside down: then too little is known to stretch it.
    return max(slope, 0.2), shift


@dataclass(frozen=True, eq=False)
class Learned:
    """Calibrated weights, and what would have been said of each case without it."""

    fit: Fit
    unseen: Floats


def learn(cases: Cases, right: npt.NDArray[np.bool_], hold: Hold | None = None) -> Learned:
    """Weights from judged cases, calibrated on cases that were set aside."""
    hold = hold or Hold()
    odds = unseen_odds(cases, right, hold)
    slope, shift = calibration(odds, right, hold)
    return Learned(fit(cases, right, hold).scaled(slope, shift), chance(odds * slope + shift))
