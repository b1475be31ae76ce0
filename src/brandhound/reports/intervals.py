"""How sure a figure is: 90 % intervals, and whether a change is more than chance."""

import math
from collections.abc import Iterable, Sequence

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
    if not _may_compare(now, before, scale):
        return False
    return abs(sum(now) - scale * sum(before)) > Z * _spread(now, before, scale)


def count_difference(clusters: Iterable[int], clusters_before: Iterable[int], scale: float = 1.0) -> Interval | None:
    """Where the difference of two such counts lies; None when there are too few to say."""
    now, before = list(clusters), list(clusters_before)
    if not _may_compare(now, before, scale):
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


def _may_compare(now: Sequence[int], before: Sequence[int], scale: float) -> bool:
    """Whether there are enough: together where the days are as many, else on both sides.

    What is counted of the other days is then taken times something: a side of none would have no variance, and a verdict of
    chance would look sure.
    """
    if scale == 1.0:
        return is_enough(len(now) + len(before))
    return is_enough(len(now)) and is_enough(len(before))


def _spread(now: Iterable[int], before: Iterable[int], scale: float) -> float:
    return math.sqrt(sum(size * size for size in now) + scale * scale * sum(size * size for size in before))


def _rounded(value: float) -> float:
    return round(value, 4) + 0.0
