"""What happened in the whole account, or to an ad's set: causes that must not be taken for a tired ad."""

from dataclasses import dataclass

import numpy as np

from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums

DEARER_BY = 1.25
FEWER_THAN = 0.5
BUDGET_CHANGED_BY = 1.3
MOST_SAY = 50.0
MOST_SHOWN = 10_000.0
"""Beyond that many impressions on either side an ad has no more say in prices than the next one."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What else changed between the days before and the last days."""

    click_rate_change: float
    """The account's own change of CTR, as a logarithm: a fall that all ads share is no ad's fault."""
    dearer: bool
    """A thousand impressions cost at least a quarter more in the whole account."""
    purchases_missing: bool
    """Purchases a click fell by more than half in the whole account, which chance does not do: look at the tracking."""
    budget_changed: Mask
    edited: Mask
    price_change: float = 0.0
    """The middle ad's change of what a thousand impressions cost, as a logarithm."""

    def causes(self, ad: int, of_clicks: bool) -> tuple[str, ...]:
        """What may explain a change of an ad."""
        found: list[str] = []
        if self.edited[ad]:
            found.append("edited")
        if self.budget_changed[ad]:
            found.append("budget_changed")
        if self.dearer and not of_clicks:
            found.append("account_dearer")
        if self.purchases_missing and not of_clicks:
            found.append("tracking_outage")
        return tuple(found)


def screen(recent: Sums, before: Sums, recent_days: float, before_days: float, edited: Mask) -> Screen:
    """Look at the account as a whole, and at each ad's money and edits."""
    now, then = recent.together(), before.together()
    cpm_now, cpm_then = METRICS["cpm"].of(now)[0], METRICS["cpm"].of(then)[0]
    spent_now, spent_then = _daily(recent, recent_days), _daily(before, before_days)
    with np.errstate(divide="ignore", invalid="ignore"):
        money = spent_now / spent_then
    changed = (spent_then > 0) & ((money > BUDGET_CHANGED_BY) | (money < 1 / BUDGET_CHANGED_BY))
    return Screen(
        shared_change(recent, before),
        bool(cpm_now > DEARER_BY * cpm_then),
        purchases_missing(now, then),
        changed,
        edited,
        _change_of_prices(recent, before),
    )


def _daily(sums: Sums, days: float) -> Column:
    """Money a day, on the ad's own days of delivery where they are known: one that began lately was not cheaper before."""
    own = sums.column("days")
    return np.nan_to_num(sums.column("spend")) / np.maximum(np.where(np.isnan(own), days, own), 1)


def shared_change(recent: Sums, before: Sums) -> float:
    """How the click rate of the middle ad changed, as a logarithm.

    Not that of all clicks together: there one large ad that tires, or a good one that ends, would be everybody's change.
    """
    (s1, n1), (s0, n0) = (
        (np.nan_to_num(sums.column("link_clicks")), np.nan_to_num(sums.column("impressions")))
        for sums in (recent, before)
    )
    known = (n1 > 0) & (n0 > 0) & (s1 + s0 > 0)
    s1, n1, s0, n0 = s1[known], n1[known], s0[known], n0[known]
    change = np.log((s1 + 0.5) / (n1 + 1)) - np.log((s0 + 0.5) / (n0 + 1))
    # Beyond that many clicks an ad has no more say than the next one.
    return _middle(change, np.minimum(1 / (1 / (s1 + 0.5) + 1 / (s0 + 0.5)), MOST_SAY))


def _change_of_prices(recent: Sums, before: Sums) -> float:
    """How what a thousand impressions cost the middle ad changed, as a logarithm."""
    (s1, n1), (s0, n0) = (
        (np.nan_to_num(sums.column("spend")), np.nan_to_num(sums.column("impressions"))) for sums in (recent, before)
    )
    known = (s1 > 0) & (n1 > 0) & (s0 > 0) & (n0 > 0)
    s1, n1, s0, n0 = s1[known], n1[known], s0[known], n0[known]
    change: Column = np.log(s1 / n1) - np.log(s0 / n0)
    return _middle(change, np.minimum(np.minimum(n1, n0), MOST_SHOWN))


def _middle(change: Column, weight: Column) -> float:
    """The weighted median; 0 of none."""
    if not len(change):
        return 0.0
    order = np.argsort(change, kind="stable")
    reached: Column = np.cumsum(weight[order])
    middle = int(np.searchsorted(reached, float(reached[-1]) / 2))
    return float(change[order][middle])


def purchases_missing(now: Sums, then: Sums) -> bool:
    """Whether purchases of the whole account fell by more than half for the same clicks, and not by chance."""
    bought, clicks = (_first(then, name) for name in ("purchases", "link_clicks"))
    bought_now, clicks_now = (_first(now, name) for name in ("purchases", "link_clicks"))
    if not clicks or not clicks_now:
        return False
    expected = bought * clicks_now / clicks
    # Four standard deviations of a count that is also spread by what ads are made of.
    return bought_now < FEWER_THAN * expected and expected - bought_now > 4 * float(np.sqrt(2 * expected))


def _first(sums: Sums, name: str) -> float:
    return float(np.nan_to_num(sums.column(name))[0])
