"""Silences: stories that usually come and do not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from brandhound.mentions.alerts.expecting import DAY, ENOUGH_DAYS, usual_days
from brandhound.mentions.alerts.tails import at_most

MOST_HOURS = 720
"""The longest silence that can be waited for."""
RARITY = {"calm": 1e-4, "usual": 1e-3, "keen": 1e-2}


@dataclass(frozen=True)
class Silence:
    """A stretch with far fewer stories than usual, as it was known after the hour `opened`."""

    opened: int
    closed: int | None
    window: int
    """Hours that were counted together."""
    stories: int
    expected: float
    probability: float
    is_thin: bool = False
    """Never: of a short history none is told."""


def find_silences(
    counts: Sequence[int], hours_of_week: Sequence[int], hours: int, *, rarity: float = RARITY["usual"], since: int = 0
) -> list[Silence]:
    """The silences of a series, each over a window of so many hours. A brand whose history is thin has none yet."""
    found: list[Silence] = []
    open_: Silence | None = None
    sums, means = [0], [0.0]
    for usual in usual_days(counts, hours_of_week[: len(counts)]):
        strays = usual.strays[DAY]
        for place, mean in enumerate(usual.means):
            hour = usual.first + place
            if hour >= len(counts):
                break
            sums.append(sums[-1] + counts[hour])
            means.append(means[-1] + mean)
            if hour + 1 < hours or usual.days_known < ENOUGH_DAYS:
                continue
            stories, expected = sums[-1] - sums[hour + 1 - hours], means[-1] - means[hour + 1 - hours]
            probability = at_most(stories, expected, strays)
            if open_ is None and probability < rarity:
                open_ = Silence(hour, None, hours, stories, expected, probability)
            elif open_ is not None and stories > open_.stories and probability > 10 * rarity:
                found.append(replace(open_, closed=hour))
                open_ = None
    if open_ is not None:
        found.append(open_)
    return [silence for silence in found if silence.opened >= since]


def enough_hours(counts: Sequence[int], hours_of_week: Sequence[int], *, rarity: float = RARITY["usual"]) -> int | None:
    """For how long there must be no story at all before that is so rare, by what is usual at the end of the series.

    In hours, by whole days; MOST_HOURS and a day where even that is not rare; None of a history too thin to tell.
    """
    last = None
    for usual in usual_days(counts, hours_of_week[: len(counts)]):
        last = usual
    if last is None or last.days_known < ENOUGH_DAYS:
        return None
    a_day, hours = float(sum(last.means)) / max(len(last.means), 1) * DAY, DAY
    while hours <= MOST_HOURS and at_most(0, a_day * hours / DAY, last.strays[DAY]) >= rarity:
        hours += DAY
    return hours
