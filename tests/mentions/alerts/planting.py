"""Two years of made-up stories with planted incidents, and how many of them are found.

Hourly counts are negative binomial around a level that drifts, by hour and weekday, from a story in five days to forty a day.
An incident adds stories that die away within hours or days. The other rule is “the last day above the mean of the week before
by two standard deviations”, as simple tools have it. An alarm within 24 hours of an incident's beginning finds it; one that is
not within 72 hours of any is false. The months before there are 14 days of history do not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brandhound.mentions.alerts.expecting import DAY, WEEK
from brandhound.mentions.alerts.spikes import find_spikes

RATES = (0.2, 0.5, 1, 2, 3, 5, 8, 12, 20, 40)


@dataclass(frozen=True)
class Board:
    """How one round went. False alarms are a month and brand."""

    found: int
    false_alarms_a_month: float
    delay_hours_p50: float | None
    common_rule_found: int
    common_rule_false_alarms_a_month: float
    not_found: list[dict[str, float]]


def measured(seed: int, brands: int, years: float, incidents: int) -> Board:
    """Incidents found and false alarms, of ours and of the common rule."""
    chance = np.random.default_rng(seed)
    hours = int(years * 365) * DAY
    ours, common = [0, 0], [0, 0]
    delays: list[int] = []
    lost: list[dict[str, float]] = []
    each = [incidents // brands + (number < incidents % brands) for number in range(brands)]
    for number in range(brands):
        rate = RATES[number % len(RATES)]
        counts, planted, sizes = made_up(chance, rate, hours, each[number])
        places = [hour % WEEK for hour in range(hours)]
        alarms = [spike.opened for spike in find_spikes(counts, places, since=14 * DAY)]
        for begins, size in zip(planted, sizes, strict=True):
            found = [alarm for alarm in alarms if begins <= alarm <= begins + DAY]
            if found:
                delays.append(found[0] - begins)
            else:
                lost.append({"stories a day": rate, "stories added": size})
        for tally, told in ((ours, alarms), (common, common_rule(counts))):
            tally[0] += sum(any(begins <= alarm <= begins + DAY for alarm in told) for begins in planted)
            tally[1] += sum(not any(begins <= alarm <= begins + 72 for begins in planted) for alarm in told)
    months = brands * years * 12
    return Board(
        found=ours[0],
        false_alarms_a_month=round(ours[1] / months, 3),
        delay_hours_p50=float(np.median(delays)) if delays else None,
        common_rule_found=common[0],
        common_rule_false_alarms_a_month=round(common[1] / months, 2),
        not_found=lost,
    )


def made_up(
    chance: np.random.Generator, rate: float, hours: int, incidents: int
) -> tuple[list[int], list[int], list[int]]:
    """Hourly stories of a brand, when its incidents begin, and how many stories each has."""
    hour = np.arange(hours)
    by_hour = 1 + 0.8 * np.sin((hour % DAY - 8) / DAY * 2 * np.pi)
    by_day = np.where((hour // DAY) % 7 >= 5, 0.5, 1.2)
    drift = np.exp(np.cumsum(chance.normal(0, 0.015, hours // DAY)))[hour // DAY]
    means = rate / DAY * by_hour * by_day * drift / np.mean(by_hour * by_day)
    stray = chance.uniform(0.1, 0.6)
    # What moves a whole day is not independent from hour to hour.
    means = means * chance.gamma(1 / stray, stray, hours // DAY)[hour // DAY]
    counts = chance.poisson(means)
    planted: list[int] = []
    sizes: list[int] = []
    stretch = (hours - 40 * DAY) // max(1, incidents)
    for number in range(incidents):
        begins = 30 * DAY + number * stretch + int(chance.integers(0, max(1, stretch - 6 * DAY)))
        size = int(max(chance.integers(8, 16), 3 * rate * chance.uniform(1, 2)))
        lasting = chance.uniform(4, 24)
        late = np.minimum(chance.exponential(lasting, size), 5 * DAY).astype(int)
        np.add.at(counts, np.minimum(begins + late, hours - 1), 1)
        planted.append(begins)
        sizes.append(size)
    return counts.tolist(), planted, sizes


def common_rule(counts: Sequence[int]) -> list[int]:
    """Alarms when a day has more than the mean of the week before and two of its standard deviations; once a day."""
    days = np.asarray(counts).reshape(-1, DAY).sum(axis=1)
    alarms: list[int] = []
    for day in range(14, len(days)):
        week = days[day - 7 : day]
        if days[day] >= 4 and days[day] > week.mean() + 2 * week.std():
            alarms.append(day * DAY + DAY - 1)
    return alarms
