"""What happened in the whole account, or to an ad's set: causes that must not be taken for a tired ad."""

from dataclasses import dataclass

import numpy as np

from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums

DEARER_BY = 1.25
FEWER_THAN = 0.5
BUDGET_CHANGED_BY = 1.3


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
    change = _logarithm(METRICS["ctr"].of(now)[0], METRICS["ctr"].of(then)[0])
    cpm_now, cpm_then = METRICS["cpm"].of(now)[0], METRICS["cpm"].of(then)[0]
    spent_now = np.nan_to_num(recent.column("spend")) / max(recent_days, 1)
    spent_then = np.nan_to_num(before.column("spend")) / max(before_days, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        money = spent_now / spent_then
    changed = (spent_then > 0) & ((money > BUDGET_CHANGED_BY) | (money < 1 / BUDGET_CHANGED_BY))
    return Screen(
        change if np.isfinite(change) else 0.0,
        bool(cpm_now > DEARER_BY * cpm_then),
        purchases_missing(now, then),
        changed,
        edited,
    )


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


def _logarithm(one: Column, other: Column) -> float:
    return float(np.log(one / other)) if one > 0 and other > 0 else 0.0
