"""What few checked mentions say of many: shares with their bounds, by exact or conservative reckoning. Thinking only."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

EDGES = (0.0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Confidences between two of these are taken together."""
CELLS = 100
"""Confidences are counted by hundredths."""
WORTH = 4.0
"""How many checked mentions the machine's own word is worth, in each class of confidence."""
SURE = 0.9


class Checked(NamedTuple):
    """A mention that a person looked at: how sure the machine was without that word, and whether it was the brand."""

    confidence: float
    right: bool
    weight: float = 1.0
    """How many mentions it speaks for, beside another one."""


class Range(NamedTuple):
    """A share, and between which bounds it lies."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class AtLimit:
    """What one would see with a limit there."""

    limit: float
    shown: int
    kept: float
    precision: Range
    checked: int


def beta_share(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function: the chance that a share with these counts lies below x."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1.0 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's way through the continued fraction (Numerical Recipes, 3rd edition, section 6.4)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 / _apart(1.0 - (a + b) * x / (a + 1.0), tiny)
    h = d
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1.0 / _apart(1.0 + even * d, tiny), _apart(1.0 + even / c, tiny)
        h *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1.0 / _apart(1.0 + odd * d, tiny), _apart(1.0 + odd / c, tiny)
        h *= d * c
        if abs(d * c - 1.0) < 1e-12:
            break
    return h


def _apart(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny


def beta_quantile(chance: float, a: float, b: float) -> float:
    """The share below which the true one lies with that chance."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if beta_share(middle, a, b) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def least_share(right: float, total: float, sure: float = SURE) -> float:
    """The share of which one can be that sure that the true one is not below it (Clopper and Pearson 1934, one side)."""
    if total <= 0 or right <= 0:
        return 0.0
    return beta_quantile(1.0 - sure, right, total - right + 1.0)


def most_share(right: float, total: float, sure: float = SURE) -> float:
    """The share of which one can be that sure that the true one is not above it."""
    return 1.0 - least_share(total - right, total, sure)


def exact_range(right: float, total: float, sure: float = SURE) -> Range:
    """A share with the bounds between which the true one lies, that sure at least."""
    each = 1.0 - (1.0 - sure) / 2
    share = right / total if total else 0.0
    return Range(share, least_share(right, total, each), most_share(right, total, each) if total else 1.0)


def labels_needed(target: float, sure: float = SURE) -> int:
    """How many checked mentions, all of them right, prove a precision."""
    return math.ceil(math.log(1.0 - sure) / math.log(target))


def weighed(checked: Sequence[Checked]) -> tuple[float, float]:
    """How many of how many are right, in mentions of equal weight that would say as much."""
    total = sum(one.weight for one in checked)
    if not total:
        return 0.0, 0.0
    equal = total**2 / sum(one.weight**2 for one in checked)
    return sum(one.weight for one in checked if one.right) / total * equal, equal


class Belief:
    """What is believed of a brand's mentions by their confidence, from its own word and from those that were checked."""

    def __init__(self, counts: Sequence[int], checked: Sequence[Checked]) -> None:
        """`counts[i]` mentions have a confidence of i hundredths up to the next."""
        self._counts = counts
        self._checked = checked
        self._shift: list[float] = []
        self._doubted: list[tuple[float, float]] = []
        for at in range(len(EDGES) - 1):
            own = self._own_share(at)
            found = [one for one in checked if class_of(one.confidence) == at]
            yes = sum(one.right for one in found)
            a, b = WORTH * own + yes, WORTH * (1 - own) + len(found) - yes
            self._shift.append(a / (a + b) - own)
            # For the bounds half a mention more on each side (Jeffreys): an own word of 99 % is no evidence of 99 %.
            a, b = a + 0.5, b + 0.5
            self._doubted.append((a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))))

    def right_from(self, limit: float) -> float:
        """How many of the mentions from there on are believed to be the brand's."""
        return sum(self._right_in(cell) for cell in range(cell_of(limit), CELLS))

    def at(self, limit: float) -> AtLimit:
        """What one would see with a limit there, 90 % sure."""
        first = cell_of(limit)
        shown = sum(self._counts[first:])
        right, everything = self.right_from(limit), self.right_from(0)
        of_class = [0] * len(self._doubted)
        for cell in range(first, CELLS):
            of_class[class_of(middle_of(cell))] += self._counts[cell]
        if not shown:
            return AtLimit(limit, 0, 0.0, Range(0.0, 0.0, 1.0), 0)
        doubted = sum(n / shown * share for n, (share, _) in zip(of_class, self._doubted, strict=True))
        spread = sum((n / shown) ** 2 * s for n, (_, s) in zip(of_class, self._doubted, strict=True))
        known = sum(one.confidence >= limit for one in self._checked)
        kept = right / everything if everything else 0.0
        share, low, high = right / shown, *_beta_bounds(doubted, spread)
        return AtLimit(limit, shown, kept, Range(share, min(share, low), max(share, high)), known)

    def _own_share(self, at: int) -> float:
        low, high = cell_of(EDGES[at]), cell_of(EDGES[at + 1]) if EDGES[at + 1] < 1 else CELLS
        inside = sum(self._counts[low:high])
        if not inside:
            return (EDGES[at] + EDGES[at + 1]) / 2
        return sum(self._counts[cell] * middle_of(cell) for cell in range(low, high)) / inside

    def _right_in(self, cell: int) -> float:
        middle = middle_of(cell)
        return self._counts[cell] * min(1.0, max(0.0, middle + self._shift[class_of(middle)]))


def _beta_bounds(share: float, spread: float) -> tuple[float, float]:
    """Bounds of a share that is known with that variance, 90 % sure: those of a beta distribution with both."""
    worth = max(share * (1 - share) / spread - 1.0, 1e-3)
    a, b = share * worth, (1 - share) * worth
    return beta_quantile(0.05, a, b), beta_quantile(0.95, a, b)


def cell_of(confidence: float) -> int:
    """The hundredth that a confidence falls into."""
    # 0.29 * 100 is 28.999…
    return min(int(confidence * CELLS + 1e-9), CELLS - 1)


def middle_of(cell: int) -> float:
    """The middle of a hundredth."""
    return (cell + 0.5) / CELLS


def class_of(confidence: float) -> int:
    """Which of the classes between `EDGES` a confidence belongs to."""
    return min(bisect_right(EDGES, confidence) - 1, len(EDGES) - 2)


@dataclass(frozen=True)
class Bin:
    """Checked mentions of like confidence: how sure the machine was, and how often it was right."""

    low: float
    high: float
    predicted: float
    observed: Range
    checked: int


def reliability(checked: Sequence[Checked], bins: int = 10) -> list[Bin]:
    """How often what was believed to some degree was true, by tenths of confidence; empty ones are left out."""
    found: list[Bin] = []
    for at in range(bins):
        inside = [one for one in checked if min(int(one.confidence * bins), bins - 1) == at]
        if inside:
            yes = sum(one.right for one in inside)
            said = sum(one.confidence for one in inside) / len(inside)
            found.append(Bin(at / bins, (at + 1) / bins, said, exact_range(yes, len(inside)), len(inside)))
    return found


def calibration_error(checked: Sequence[Checked], bins: int = 15) -> float:
    """How far confidence is from the truth, on average over equally wide bins (Naeini and others 2015)."""
    total = len(checked)
    return sum(
        abs(one.predicted - one.observed.share) * one.checked / total for one in reliability(checked, bins) if total
    )


def f1(checked: Sequence[Checked], confidence_of: Callable[[Checked], float] = lambda one: one.confidence) -> float:
    """Harmonic mean of precision and recall at even odds."""
    both = sum(one.right and confidence_of(one) >= 0.5 for one in checked)
    said = sum(confidence_of(one) >= 0.5 for one in checked)
    true = sum(one.right for one in checked)
    return 2 * both / (said + true) if said + true else 0.0
