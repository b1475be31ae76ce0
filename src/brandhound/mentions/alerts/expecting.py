"""How many stories an hour are usual for a brand: by hour and weekday, with a level that follows, and how far counts stray.

Everything is told from the past alone, day by day, so that what a back-test says is what would have been known then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from brandhound.mentions.alerts.tails import highest_usual

Hours = npt.NDArray[np.float64]

DAY, WEEK = 24, 168
WINDOWS = (1, 6, 24)
"""Hours that are looked at together: a burst, an afternoon, a day."""

ENOUGH_DAYS = 14
"""Fewer days of history than this are thin: what is usual is then half a guess, and said to be one."""

_MEMORY_DAYS = 56
_HALF_LIFE_DAYS = 10.0
_USUAL = 0.99
_GUESSED_A_DAY = 0.5
_GUESSED_DAYS = 2.0
"""What is believed of a brand that nothing is known of: half a story a day, and as firmly as two days would make one."""

_STRAYS = {1: 0.5, 6: 0.35, 24: 0.25}
"""Dispersion of each window while little is known, weighed like the days below."""
_STRAYS_DAYS = 14.0
_STRAYS_SEEN = 0.95
_SMOOTH_HOURS = 2.0


@dataclass(frozen=True)
class Usual:
    """What is usual in the hours of one day: the mean of each, and the dispersion of each window."""

    first: int
    """Number of its first hour in the series."""
    means: Hours
    strays: dict[int, float]
    days_known: int

    @property
    def is_thin(self) -> bool:
        """Whether there are too few days before it to tell well."""
        return self.days_known < ENOUGH_DAYS


def usual_days(counts: Sequence[int], hours_of_week: Sequence[int]) -> Iterator[Usual]:
    """What was usual for each day of a series of hourly counts, told from the days before it.

    `hours_of_week` has for each hour of the series (and may go on beyond it) its place in the week of whoever lives with it,
    0 to 167. Counts beyond what is usual are remembered as the most that would have been: a spike must not become the norm.
    """
    remembered: Hours = np.zeros(0)
    told: Hours = np.zeros(0)
    places = np.asarray(hours_of_week, dtype=np.int64)
    for first in range(0, len(places), DAY):
        here = places[first : first + DAY]
        usual = _usual(first, remembered, told, places[:first], here)
        yield usual
        day = np.asarray(counts[first : first + DAY], dtype=np.float64)
        if len(day) < len(here):
            return
        most = np.array([highest_usual(mean, usual.strays[1], _USUAL) for mean in usual.means])
        remembered = np.concatenate((remembered, np.minimum(day, np.maximum(most, 1))))
        told = np.concatenate((told, usual.means))


def _usual(first: int, counts: Hours, told: Hours, places: npt.NDArray[np.int64], here: npt.NDArray[np.int64]) -> Usual:
    days = len(counts) // DAY
    kept = slice(max(0, len(counts) - _MEMORY_DAYS * DAY), None)
    counts, told, places = counts[kept], told[kept], places[kept]
    share = _profile(counts, places)
    level, weight = _level(counts, share[places])
    means = level * share[here]
    # The level itself is only known as well as the stories that it was told from.
    doubt = 1 / (1 + level * weight)
    strays = {window: _stray(counts, told, window) + doubt for window in WINDOWS}
    return Usual(first, means, strays, days)


def _profile(counts: Hours, places: npt.NDArray[np.int64]) -> Hours:
    """The share of a usual day that each hour of the week has, near one day's worth for each weekday."""
    by_place = np.bincount(places, weights=counts, minlength=WEEK).reshape(7, DAY)
    total = by_place.sum()
    weeks = max(1.0, len(counts) / WEEK)
    hours = _smoothed(by_place.sum(axis=0))
    hours = (hours + _believed(total) / DAY) / (hours.sum() + _believed(total))
    weekdays = by_place.sum(axis=1)
    believed = _believed(total) / 2
    weekdays = (weekdays + believed / 7) / (weekdays.sum() + believed) * 7
    if weeks < 2:
        weekdays = np.ones(7)
    return (weekdays[:, None] * hours[None, :]).reshape(WEEK)


def _believed(total: float) -> float:
    """Stories' worth of belief that all hours are alike, which few stories cannot shake."""
    return 10.0 + 0.02 * total


def _smoothed(hours: Hours) -> Hours:
    """The hours of a day, each with its neighbours across midnight."""
    away = np.minimum(np.arange(DAY), DAY - np.arange(DAY))
    weights = np.exp(-0.5 * (away / _SMOOTH_HOURS) ** 2)
    weights /= weights.sum()
    return np.array([float((np.roll(weights, hour) * hours).sum()) for hour in range(DAY)])


def _level(counts: Hours, shares: Hours) -> tuple[float, float]:
    """Stories on a usual day, the late days counting more; and how many days' worth that knowledge is."""
    days = len(counts) // DAY
    if not days:
        return _GUESSED_A_DAY, _GUESSED_DAYS
    age = (days - 1 - np.arange(days)).astype(np.float64)
    weights = 0.5 ** (age / _HALF_LIFE_DAYS)
    seen = counts.reshape(days, DAY).sum(axis=1)
    due = shares.reshape(days, DAY).sum(axis=1)
    known = float((weights * due).sum())
    level = (float((weights * seen).sum()) + _GUESSED_A_DAY * _GUESSED_DAYS) / (known + _GUESSED_DAYS)
    return level, known + _GUESSED_DAYS


def _stray(counts: Hours, told: Hours, window: int) -> float:
    """How far sums over a window strayed from what was told of them before, beyond what chance alone does."""
    whole = len(counts) // window * window
    believed = _STRAYS[window]
    if not whole:
        return believed
    seen = counts[:whole].reshape(-1, window).sum(axis=1)
    due = told[:whole].reshape(-1, window).sum(axis=1)
    off = (seen - due) ** 2
    # By the measure of what is usual: the few stretches that were not are left at the edge of it.
    scale = due + believed * due**2
    off = np.minimum(off, np.quantile(off / scale, _STRAYS_SEEN) * scale)
    beyond = float((off - due).sum())
    squares = float((due**2).sum())
    weight = _STRAYS_DAYS * squares / (len(counts) / DAY)
    return max(0.02, (beyond + believed * weight) / (squares + weight)) if squares else believed
