"""Reach and frequency of a window, which cannot be had from its days."""

from collections.abc import Sequence
from dataclasses import dataclass

from brandhound.ads.metrics.units import Count, Ratio


@dataclass(frozen=True, slots=True)
class Reach:
    """People reached in a window: known, or between two bounds."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        return self.low == self.high

    def frequency(self, impressions: Count) -> "tuple[Ratio, Ratio] | None":
        """From at least to at most so many times a person."""
        if not self.low or not self.high:
            return None
        return Ratio(impressions.value / self.high), Ratio(impressions.value / self.low)


def window_reach(asked: float | None, daily: Sequence[float]) -> Reach | None:
    """The reach that was asked of the source for this very window; else what its days allow.

    Somebody reached on two days is one person: at least the largest day, at most the sum.
    """
    if asked is not None:
        return Reach(asked, asked)
    return Reach(max(daily), sum(daily)) if daily else None
