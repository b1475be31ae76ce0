"""From which day on a page brings more or less than before: its ads, each beside itself.

Ads that lead to a page come and go, and differ. What one of them brings is not known beforehand, only how such rates are spread
in the account; so each is compared with itself, as far as it ran before and after, and one that ran on one side only says as
much as that spread lets it. Were its rate taken from all of its days, those after a turn would hide it.

Rates are Gamma-distributed and counts Poisson: then an ad's own rate can be integrated out, and of an ad with `done` of clicks
before and after remains `later · θ - (shape + done) · ln(clicks + before + exp(θ) · after)`, where θ is the logarithm of how
much more is brought than before, and shape and clicks are the spread's.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from brandhound.ads.baselines.costs import CostPrior
from brandhound.ads.diagnosing.happenings import LEAST_DAYS, Split, change_of_rate
from brandhound.ads.metrics.formulas import Column

Places = npt.NDArray[np.int64]
"""Numbers of days."""

_NOTHING_KNOWN = CostPrior(0.0, 0.0)
_MOST, _STEPS, _CLOSE = 4.0, 40, 1e-5
"""Of the logarithm of a change; rounds of looking for it; and how close is close enough."""


@dataclass(frozen=True)
class AdDays:
    """What came by each ad on each day: two dimensions, days and ads."""

    tried: Column
    done: Column

    def on(self, days: Places) -> "AdDays":
        """The days with those numbers."""
        return AdDays(self.tried[days], self.done[days])


@dataclass(frozen=True)
class Turned:
    """The change at each of several days, one after the other."""

    change: Column
    """As a logarithm."""
    doubt: Column
    """Its variance, from the ads alone."""
    sure: Column
    """The root of the likelihoods' ratio: standard deviations, if counts are no more spread than by chance."""


def turn_of(
    ads: AdDays, others: tuple[Column, Column], first: int, clumped: float, prior: CostPrior | None = None
) -> tuple[Split, float] | None:
    """The day, not before the day with the number `first`, from which on ads brought most surely another rate than before,
    beyond what `others` did on the same days; with how much that is, and how much it is without a look at the others.

    `clumped` is how much more days differ than by chance. Without a prior nothing is known of an ad but its own days.
    """
    n = len(ads.done)
    at: Places = np.arange(max(LEAST_DAYS, first), n - LEAST_DAYS + 1)
    if not len(at) or not ads.done.sum():
        return None
    known = prior or _NOTHING_KNOWN
    beside = np.array([change_of_rate(*others, int(day), clumped) for day in at])
    of_others, their_doubt = beside[:, 0], beside[:, 1]
    turned = _turned(ads, at, of_others, known)
    own = clumped * turned.doubt
    sure = turned.sure / np.sqrt(clumped) * np.sqrt(own / (own + their_doubt))
    best = int(np.argmax(sure))
    alone = _turned(ads, at[best : best + 1], np.zeros(1), known)
    split = Split(int(at[best]), float(np.exp(turned.change[best])), float(sure[best]))
    return split, float(np.exp(alone.change[0]))


def _turned(ads: AdDays, at: Places, of_others: Column, prior: CostPrior) -> Turned:
    """What fits best at each of those days, by Newton's method for all of them at once."""
    runs = ads.tried.sum(0) > 0
    tried: Column = np.cumsum(ads.tried[:, runs], axis=0)
    done: Column = np.cumsum(ads.done[:, runs], axis=0)
    before: Column = tried[at - 1] + prior.money
    after: Column = (tried[-1] - tried[at - 1]) * np.exp(of_others)[:, None]
    total: Column = done[-1] + prior.shape
    later: Column = (done[-1] - done[at - 1]).sum(1)
    change: Column = np.zeros(len(at))
    for _ in range(_STEPS):
        share = _shares(change, before, after)
        slope = later - (total * share).sum(1)
        bend = (total * share * (1 - share)).sum(1) + 1e-9
        moved: Column = np.clip(change + np.clip(slope / bend, -1, 1), -_MOST, _MOST)
        settled, change = bool(np.abs(moved - change).max() < _CLOSE), moved
        if settled:
            break
    share = _shares(change, before, after)
    bend = (total * share * (1 - share)).sum(1)
    better = _likely(change, before, after, total, later) - _likely(np.zeros(len(at)), before, after, total, later)
    return Turned(change, 1 / np.maximum(bend, 1e-9), np.sqrt(np.maximum(2 * better, 0)))


def _shares(change: Column, before: Column, after: Column) -> Column:
    """Of what comes by each ad, the share that comes after the turn."""
    late = np.exp(change)[:, None] * after
    both = before + late
    return np.divide(late, both, out=np.zeros_like(late), where=both > 0)


def _likely(change: Column, before: Column, after: Column, total: Column, later: Column) -> Column:
    both = before + np.exp(change)[:, None] * after
    logs: Column = np.log(both, out=np.zeros_like(both), where=both > 0)
    return later * change - (total * logs).sum(1)
