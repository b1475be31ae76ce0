"""How sure a figure is: 90 % intervals, and whether a change is more than chance."""

import math
from collections.abc import Iterable

from brandhound.reports.document import ENOUGH, Interval

Z = 1.6448536269514722  # Two-sided 90 % of the normal distribution.


def is_enough(observations: int) -> bool:
    return observations >= ENOUGH


def share_interval(successes: int, out_of: int) -> Interval:
    """Wilson's score interval of a share (Wilson 1927): honest near 0 and 1, where the textbook one is not."""
    if out_of == 0:
        return Interval(low=0.0, high=1.0)
    share = successes / out_of
    widen = Z * Z / out_of
    center = (share + widen / 2) / (1 + widen)
    reach = Z / (1 + widen) * math.sqrt(share * (1 - share) / out_of + widen / (4 * out_of))
    return Interval(
        low=_rounded(max(0.0, min(share, center - reach))), high=_rounded(min(1.0, max(share, center + reach)))
    )


def balance(positive: int, negative: int, out_of: int) -> float:
    """From −1, when all is negative, to +1, when all is positive."""
    return _rounded((positive - negative) / out_of) if out_of else 0.0


def balance_interval(positive: int, negative: int, out_of: int) -> Interval:
    """Of the difference of two shares of one whole: Dirichlet posterior under Jeffreys' prior."""
    if out_of == 0:
        return Interval(low=-1.0, high=1.0)
    value = (positive - negative) / out_of
    center, deviation = _balance_posterior(positive, negative, out_of)
    return Interval(
        low=_rounded(max(-1.0, min(value, center - Z * deviation))),
        high=_rounded(min(1.0, max(value, center + Z * deviation))),
    )


def balance_moved(now: tuple[int, int, int], before: tuple[int, int, int]) -> bool:
    """Whether (positive, negative, out of) speaks of another balance than before."""
    if not (is_enough(now[2]) and is_enough(before[2])):
        return False
    (center, deviation), (center_before, deviation_before) = _balance_posterior(*now), _balance_posterior(*before)
    return abs(center - center_before) > Z * math.hypot(deviation, deviation_before)


def share_moved(now: tuple[int, int], before: tuple[int, int]) -> bool:
    """Whether (successes, out of) speaks of another share than before."""
    if not (is_enough(now[1]) and is_enough(before[1])):
        return False
    pooled = (now[0] + before[0]) / (now[1] + before[1])
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / now[1] + 1 / before[1]))
    return abs(now[0] / now[1] - before[0] / before[1]) > Z * deviation if deviation else False


def count_moved(clusters: Iterable[int], clusters_before: Iterable[int], scale: float = 1.0) -> bool:
    """Whether two counts differ by more than chance, when their items come in clusters.

    Stories arrive at random, mentions arrive with their story: forty copies of one text are one event and not forty.
    The variance of such a sum is the sum of the squared cluster sizes. `scale` is what the count before is taken times,
    where it is of fewer or more days.
    """
    now, before = list(clusters), list(clusters_before)
    if len(now) + len(before) < ENOUGH:
        return False
    return abs(sum(now) - scale * sum(before)) > Z * _spread(now, before, scale)


def count_difference(clusters: Iterable[int], clusters_before: Iterable[int], scale: float = 1.0) -> Interval | None:
    """Where the difference of two such counts lies; None when there are too few to say."""
    now, before = list(clusters), list(clusters_before)
    if len(now) + len(before) < ENOUGH:
        return None
    difference, reach = sum(now) - scale * sum(before), Z * _spread(now, before, scale)
    return Interval(low=_rounded(difference - reach), high=_rounded(difference + reach))


def share_difference(now: tuple[int, int], before: tuple[int, int]) -> Interval | None:
    """Where the difference of two shares lies: both Wilson intervals joined (Newcombe 1998, method 10)."""
    if not (is_enough(now[1]) and is_enough(before[1])):
        return None
    share, share_before = now[0] / now[1], before[0] / before[1]
    here, there = share_interval(*now), share_interval(*before)
    difference = share - share_before
    return Interval(
        low=_rounded(difference - math.hypot(share - here.low, there.high - share_before)),
        high=_rounded(difference + math.hypot(here.high - share, share_before - there.low)),
    )


def balance_difference(now: tuple[int, int, int], before: tuple[int, int, int]) -> Interval | None:
    """Where the difference of two balances lies, by the posteriors that `balance_moved` compares."""
    if not (is_enough(now[2]) and is_enough(before[2])):
        return None
    (center, deviation), (center_before, deviation_before) = _balance_posterior(*now), _balance_posterior(*before)
    difference, reach = center - center_before, Z * math.hypot(deviation, deviation_before)
    return Interval(low=_rounded(difference - reach), high=_rounded(difference + reach))


def _spread(now: Iterable[int], before: Iterable[int], scale: float) -> float:
    return math.sqrt(sum(size * size for size in now) + scale * scale * sum(size * size for size in before))


def _balance_posterior(positive: int, negative: int, out_of: int) -> tuple[float, float]:
    weight = out_of + 1.5
    plus, minus = (positive + 0.5) / weight, (negative + 0.5) / weight
    center = plus - minus
    return center, math.sqrt((plus + minus - center * center) / (weight + 1))


def _rounded(value: float) -> float:
    return round(value, 4) + 0.0
