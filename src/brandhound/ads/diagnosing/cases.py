"""What is known of the ads of one account when they are judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from brandhound.ads.baselines.costs import CostPrior, fit_costs
from brandhound.ads.baselines.quantiles import Baseline, baseline
from brandhound.ads.baselines.rates import RatePrior, clumping, fit_rates
from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums

_OF_PURCHASES = ("spend", "purchases", "purchase_value")
RATES = ("ctr", "hook_rate", "hold_rate", "conversion_rate", "add_to_cart_rate", "checkout_rate")
_COSTS = ("cpc", "cpm", "roas", "cost_per_purchase")
OF_VIDEO = ("hook_rate", "hold_rate")
_LISTS = ("objectives", "pages", "page_troubles")
_COLUMNS = (
    "video", "edited", "on", "reach", "recent_reach", "before_reach", "quiet_days", "match", "idle_now",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """The ads of one account over a window that ends today, in the account's own days."""

    window: Sums
    """With `days` (days of delivery), `matured_spend`, and `RATE_squares` for rates whose days are known."""
    recent: Sums
    """The last seven days."""
    before: Sums
    """What came before them in the window."""
    recent_days: float
    before_days: float
    objectives: Sequence[str]
    video: Mask
    edited: Mask
    """Edited, or its set in the learning phase again, in the last days."""
    on: Mask
    reach: Column
    """Of the whole window, as asked for it; NaN where it was not."""
    recent_reach: Column
    before_reach: Column
    quiet_days: Column
    """Days of the last three with fewer than ten impressions."""
    early: Sums = field(default_factory=lambda: Sums({}))
    """The first week of each ad's life, where it is known."""
    paying: Sums = field(default_factory=lambda: Sums({}))
    """Checkouts and purchases of ninety days, with those that all ads' checkouts on the same days let expect (`hoped`)."""
    match: Column = field(default_factory=lambda: np.array([]))
    """How well ad and page fit, 0 to 1; NaN where nobody compared them."""
    pages: Sequence[str | None] = ()
    """Where each ad leads, without what is behind the question mark; none where it is not known."""
    page_troubles: Sequence[tuple[str, ...]] = ()
    """What befell each ad's page in the window."""
    idle: Sums = field(default_factory=lambda: Sums({}))
    """Spend, matured spend, purchases and their value of days on which nothing could be had at an ad's page."""
    idle_now: Mask = field(default_factory=lambda: np.array([], dtype=np.bool_))
    """Whether the last day is one of them."""
    target: float | None = None
    """What a purchase may cost."""

    @property
    def size(self) -> int:
        return self.window.size

    @property
    def spend(self) -> Column:
        """Spend whose purchases have had the time to come in, and could be made."""
        matured = self.window.column("matured_spend" if "matured_spend" in self.window.columns else "spend")
        return np.maximum(matured - self.in_vain("matured_spend"), 0.0)

    @property
    def purchases(self) -> Column:
        """Those that this spend brought."""
        return self.window.column("purchases") - self.in_vain("purchases")

    @property
    def value(self) -> Column:
        """What those purchases brought."""
        return self.window.column("purchase_value") - self.in_vain("purchase_value")

    @cached_property
    def selling(self) -> Sums:
        """The window without the days on which nothing could be had."""
        kept = {name: self.window.column(name) - self.in_vain(name) for name in _OF_PURCHASES}
        return Sums({**self.window.columns, **kept}, self.window.currency, self.size)

    def in_vain(self, name: str) -> Column:
        """A sum of the days on which nothing could be had."""
        return np.nan_to_num(self.idle.column(name)) if name in self.idle.columns else np.zeros(self.size)

    @cached_property
    def costs(self) -> CostPrior | None:
        """How costs of a purchase lie among the account's ads."""
        return fit_costs(self.purchases, self.spend)

    @cached_property
    def bar(self) -> float | None:
        """What a purchase may cost: the target, else what three quarters of the ads truly stay below."""
        return self.target or (self.costs.cost_quantile(0.75) if self.costs else None)

    @cached_property
    def rates(self) -> dict[str, RatePrior]:
        """How rates lie among the account's ads."""
        fitted: dict[str, RatePrior] = {}
        for name in RATES:
            done, tried = self.trials(name)
            squares = self.window.columns.get(f"{name}_squares")
            days = self.window.column("days")
            clumped = clumping(done, tried, squares, days) if squares is not None else 1.0
            fitted[name] = fit_rates(done, tried, clumped)
        return fitted

    @cached_property
    def usual(self) -> dict[str, Baseline]:
        """Raw baselines of the account, beside which an ad is shown."""
        found = {name: baseline(METRICS[name], self.window) for name in (*RATES, *_COSTS)}
        return {**found, **{name: baseline(METRICS[name], self.window.chosen(self.video)) for name in OF_VIDEO}}

    def chosen(self, rows: Mask) -> "Case":
        """Only some of the ads."""
        if rows.all():
            return self
        kept = np.flatnonzero(rows)
        return replace(
            self,
            **{
                name: getattr(self, name).chosen(rows)
                for name in ("window", "recent", "before", "early", "paying", "idle")
            },
            **{name: [getattr(self, name)[at] for at in kept] for name in _LISTS if len(getattr(self, name))},
            **{name: getattr(self, name)[rows] for name in _COLUMNS if len(getattr(self, name))},
        )

    def trials(self, rate: str, span: Sums | None = None) -> tuple[Column, Column]:
        """Successes and trials of a rate."""
        sums = self.window if span is None else span
        metric = METRICS[rate]
        done, tried = sums.column(metric.numerator), sums.column(metric.denominator)
        return done, np.where(np.isnan(done), 0.0, np.nan_to_num(tried))
