"""Spikes: far more stories than usual, told once for as long as they last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from brandhound.mentions.alerts.expecting import DAY, WINDOWS, Hours, Usual, usual_days
from brandhound.mentions.alerts.tails import at_least

Counts = npt.NDArray[np.int64]

RARITY = {"calm": 1e-4, "usual": 1e-3, "keen": 1e-2}
"""How rare a count has to be before somebody is told, by how keen they are to know."""

LEAST_STORIES = 4
LEAST_DAYS = 3
"""Days of history without which nothing is said: then everything would be a spike."""

_AT_LEAST_TIMES = 2.0
_USUAL_TIMES = 1.25
_OVER_SHARE = 0.25


@dataclass(frozen=True)
class Spike:
    """A stretch of hours with far more stories than usual. Hours are numbers in the series."""

    opened: int
    """The hour after which it was known."""
    closed: int | None
    """The hour after which it was over; None while it lasts."""
    window: int
    """Hours that were counted together when it was seen."""
    stories: int
    expected: float
    probability: float
    peak: int
    """The most stories that any day had while it lasted."""
    is_thin: bool
    """Whether there was too little history to tell well."""

    @property
    def begins(self) -> int:
        """The first hour of the window in which it was seen."""
        return self.opened - self.window + 1


def find_spikes(
    counts: Sequence[int],
    hours_of_week: Sequence[int],
    *,
    rarity: float = RARITY["usual"],
    least: int = LEAST_STORIES,
    others: Sequence[float] | None = None,
    since: int = 0,
) -> list[Spike]:
    """The spikes of a series of hourly counts, each as it would have been seen at that time.

    `others` has for each hour what other brands had beyond the usual, in days' worth of stories: when the whole trade is in
    the news, as much is expected of this brand too. Spikes that open before the hour `since` are not among the result.
    """
    found: list[Spike] = []
    open_: Spike | None = None
    floor = 0
    sums = np.concatenate(([0], np.cumsum(np.asarray(counts, dtype=np.int64))))
    means = np.zeros(len(counts) + 1)
    for usual in usual_days(counts, hours_of_week[: len(counts)]):
        day = float(usual.means.sum())
        for place, mean in enumerate(usual.means):
            hour = usual.first + place
            if hour >= len(counts):
                break
            means[hour + 1] = means[hour] + mean + (others[hour] * day if others is not None else 0.0)
            if usual.days_known < LEAST_DAYS:
                continue
            if open_ is None:
                open_ = _seen(hour, floor, sums, means, usual, rarity, least)
                continue
            first = max(0, hour + 1 - DAY)
            recent, expected = int(sums[hour + 1] - sums[first]), float(means[hour + 1] - means[first])
            open_ = replace(open_, peak=max(open_.peak, recent))
            # By whole days, since every night is calm. What goes on for weeks becomes usual, and then it is over too.
            if recent <= max(_USUAL_TIMES * expected, expected + _OVER_SHARE * (open_.peak - expected)):
                found.append(replace(open_, closed=hour))
                # Its stories were told: the next one is seen from other hours.
                open_, floor = None, hour + 1
    if open_ is not None:
        found.append(open_)
    return [spike for spike in found if spike.opened >= since]


def _seen(hour: int, floor: int, sums: Counts, means: Hours, usual: Usual, rarity: float, least: int) -> Spike | None:
    best: Spike | None = None
    for window in WINDOWS:
        first = max(floor, hour + 1 - window)
        stories, expected = int(sums[hour + 1] - sums[first]), float(means[hour + 1] - means[first])
        if stories < least or stories < _AT_LEAST_TIMES * expected:
            continue
        probability = at_least(stories, expected, usual.strays[window])
        if probability < rarity and (best is None or probability < best.probability):
            best = Spike(hour, None, window, stories, expected, probability, stories, usual.is_thin)
    return best
