"""Purchases come in late: which share of a day's final number is seen after so many days, from our own ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brandhound.ads.metrics.formulas import Column

CLOSED_AFTER = 28
"""Days after which the source no longer restates conversions."""
LEAST_FINAL = 50.0
"""So many final purchases of closed days before the ledger is believed alone."""

# What is taken for usual until an account's own ledger says better: most of it within a day, the rest over a week.
USUAL = np.concatenate([1 - 0.35 * np.exp(-np.arange(CLOSED_AFTER) / 2.0), [1.0]])


@dataclass(frozen=True, slots=True)
class Read:
    """What a closed day said when it was read."""

    age: int
    """Days between the day and the reading."""
    seen: float
    final: float


@dataclass(frozen=True, slots=True)
class Maturity:
    """By the age of a day in days, from 0 to 28: the share of its final number that is there."""

    shares: Column
    learned_from: float
    """Final purchases behind it."""

    def share(self, age: int) -> float:
        return float(self.shares[min(max(age, 0), CLOSED_AFTER)])

    def final(self, seen: float, age: int) -> float:
        """What a day will have come to."""
        return seen / self.share(age)


def learn_maturity(reads: Sequence[Read]) -> Maturity:
    """Shares of closed days by age; drawn to the usual ones where little was read, and never falling with age."""
    seen, final = np.zeros(CLOSED_AFTER + 1), np.zeros(CLOSED_AFTER + 1)
    for read in reads:
        if 0 <= read.age <= CLOSED_AFTER and read.final > 0:
            seen[read.age] += read.seen
            final[read.age] += read.final
    shares = (seen + USUAL * LEAST_FINAL) / (final + LEAST_FINAL)
    # Refunds may take purchases back: a share above 1 would make exposure out of nothing.
    shares = np.clip(np.maximum.accumulate(np.minimum(shares, 1.0)), 0.05, 1.0)
    shares[CLOSED_AFTER] = 1.0
    return Maturity(shares, float(final.sum()))


def matured_spend(spend: Column, ages: Column, maturity: Maturity) -> Column:
    """The part of the spend whose results have had the time to be seen: S·d(age)."""
    return spend * maturity.shares[np.clip(ages.astype(np.int64), 0, CLOSED_AFTER)]
