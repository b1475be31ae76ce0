"""From one currency into another by the rates of a day. Thinks only; no day and no pair is ever taken for 1.0."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

OLDEST = timedelta(days=7)
"""A rate serves for so many days after its own: banks publish none on weekends and holidays."""


@dataclass(frozen=True)
class Series:
    """The rates of one currency, oldest first."""

    days: tuple[date, ...]
    rates: tuple[float, ...]
    """Units of the currency for one of the base."""

    def at(self, day: date) -> tuple[date, float] | None:
        """The last rate at or before the day with its own day; none where it is older than a week."""
        place = bisect_right(self.days, day) - 1
        if place < 0 or day - self.days[place] > OLDEST:
            return None
        return self.days[place], self.rates[place]


def series_of(rates: Iterable[tuple[date, float]]) -> Series:
    """In whatever order they come; one a day."""
    ordered = sorted(rates)
    return Series(tuple(day for day, _ in ordered), tuple(rate for _, rate in ordered))


@dataclass(frozen=True)
class Factor:
    """What one unit of a currency was worth in another."""

    value: float
    rates: frozenset[tuple[str, date]]
    """By which rates: currency and the rate's own day. None where both are the same currency."""


@dataclass(frozen=True)
class DailyRates:
    """All rates against one base."""

    base: str
    series: Mapping[str, Series]

    def factor(self, of: str, into: str, day: date) -> Factor | None:
        """What one unit of `of` was worth in `into` on the day; none where a rate is missing."""
        if of == into:
            return Factor(1.0, frozenset())
        one, other = self._rate(of, day), self._rate(into, day)
        if one is None or other is None:
            return None
        used = frozenset((name, its[0]) for name, its in ((of, one), (into, other)) if name != self.base)
        return Factor(other[1] / one[1], used)

    def _rate(self, currency: str, day: date) -> tuple[date, float] | None:
        if currency == self.base:
            return day, 1.0
        series = self.series.get(currency)
        return None if series is None else series.at(day)
