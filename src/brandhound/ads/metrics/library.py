"""Every metric of ads: what is divided by what, which way is better, and how much evidence it needs to be shown."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from brandhound.ads.metrics.formulas import Column, Formula, Mask, Unit, read_formula, unit_of, worth
from brandhound.ads.metrics.measures import MEASURES, Group
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.metrics.units import Count, Fraction, Money, MoneyPer, Quantity, Ratio, Seconds

Shown = Literal["number", "percent", "times", "money", "seconds"]
Direction = Literal["up", "down", "none"]
"""Which way is better."""
Additivity = Literal["sum", "ratio", "window"]
"""Summed over days and ads; Σ numerators ÷ Σ denominators; or asked of the source for the window itself."""

UNITS: dict[str, Unit] = {
    measure.name: Unit(
        money=int(measure.kind == "money"), count=int(measure.kind == "count"), seconds=int(measure.kind == "seconds")
    )
    for measure in MEASURES.values()
}


@dataclass(frozen=True)
class Metric:
    """One metric: a numerator by a denominator, both sums of measures."""

    name: str
    title: str
    about: str
    numerator: str
    denominator: str
    shown: Shown
    direction: Direction
    group: Group
    per: float = 1.0
    """Shown for so many of the denominator (a thousand impressions)."""
    additivity: Additivity = "ratio"
    needs: tuple[tuple[str, float], ...] = ()
    """Below this much of a measure there is nothing to be said."""

    @property
    def text(self) -> str:
        """The formula as people write it."""
        return (f"{self.per:g} * " if self.per != 1 else "") + f"{self.numerator} / {self.denominator}"

    @cached_property
    def formula(self) -> Formula:
        return read_formula(self.text)

    @cached_property
    def unit(self) -> Unit:
        return unit_of(self.formula, UNITS)

    @property
    def attributed(self) -> bool:
        """Whether days go on changing after they are over."""
        return any(MEASURES[name].attributed for name in (self.numerator, self.denominator))

    def of(self, sums: Sums) -> Column:
        """Its value for each ad."""
        return np.broadcast_to(worth(self.formula, sums.column), (sums.size,))

    def enough(self, sums: Sums) -> Mask:
        """For which ads there is as much evidence as it needs."""
        fine = np.ones(sums.size, dtype=np.bool_)
        for name, least in self.needs:
            fine &= np.nan_to_num(sums.column(name)) >= least
        return fine

    def quantity(self, value: float, currency: str) -> Quantity | None:
        """The value with its unit; nothing if it is undefined."""
        return None if np.isnan(value) else quantity(self.unit, self.shown, value, currency)


def quantity(unit: Unit, shown: Shown, value: float, currency: str) -> Quantity:
    """A number with its unit."""
    if unit.money == 1:
        return Money(value, currency) if not unit.count else MoneyPer(value, currency)
    if unit.seconds:
        return Seconds(value)
    if unit.count == 1:
        return Count(value)
    return Fraction(value) if shown == "percent" else Ratio(value)


SEEN = (("impressions", 500.0),)
PLAYED = (("impressions", 500.0), ("views_3s", 50.0))

_ALL = (
    Metric(
        "ctr",
        "CTR (link)",
        "Of those who saw it, who clicked the link.",
        "link_clicks",
        "impressions",
        "percent",
        "up",
        "clicks",
        needs=SEEN,
    ),
    Metric(
        "ctr_all",
        "CTR (all)",
        "Every click, also on likes and the profile.",
        "clicks",
        "impressions",
        "percent",
        "up",
        "clicks",
        needs=SEEN,
    ),
    Metric(
        "ctr_outbound",
        "CTR (outbound)",
        "Clicks that left the platform.",
        "outbound_clicks",
        "impressions",
        "percent",
        "up",
        "clicks",
        needs=SEEN,
    ),
    Metric(
        "cpc",
        "CPC (link)",
        "What a click on the link cost.",
        "spend",
        "link_clicks",
        "money",
        "down",
        "clicks",
        needs=(*SEEN, ("link_clicks", 10)),
    ),
    Metric(
        "cpm",
        "CPM",
        "What a thousand impressions cost.",
        "spend",
        "impressions",
        "money",
        "down",
        "delivery",
        per=1000,
        needs=SEEN,
    ),
    Metric(
        "frequency",
        "Frequency",
        "How often a person saw it in the whole window; not the mean of days.",
        "impressions",
        "reach",
        "times",
        "none",
        "delivery",
        additivity="window",
        needs=(("impressions", 1000),),
    ),
    Metric(
        "hook_rate",
        "Hook rate",
        "Of those who saw it, who stayed three seconds.",
        "views_3s",
        "impressions",
        "percent",
        "up",
        "video",
        needs=SEEN,
    ),
    Metric(
        "hold_rate",
        "Hold rate",
        "Of those who stayed three seconds, who watched to the end or for 15 seconds.",
        "thruplays",
        "views_3s",
        "percent",
        "up",
        "video",
        needs=PLAYED,
    ),
    Metric(
        "hold_rate_p25",
        "Hold rate (25 %)",
        "Of those who stayed three seconds, who came to a quarter.",
        "p25",
        "views_3s",
        "percent",
        "up",
        "video",
        needs=PLAYED,
    ),
    Metric(
        "completion_rate",
        "Completion",
        "Of those who saw it, who watched to the end.",
        "p100",
        "impressions",
        "percent",
        "up",
        "video",
        needs=SEEN,
    ),
    Metric(
        "average_watch",
        "Average watch time",
        "Seconds of a play; each day counts by its plays.",
        "watch_seconds",
        "plays",
        "seconds",
        "up",
        "video",
        needs=(("plays", 100),),
    ),
    Metric(
        "landing_rate",
        "Landing rate",
        "Of those who clicked the link, who saw the page.",
        "landing_page_views",
        "link_clicks",
        "percent",
        "up",
        "conversions",
        needs=(("link_clicks", 50),),
    ),
    Metric(
        "conversion_rate",
        "Conversion rate",
        "Of those who clicked the link, who bought.",
        "purchases",
        "link_clicks",
        "percent",
        "up",
        "conversions",
        needs=(("link_clicks", 50),),
    ),
    Metric(
        "add_to_cart_rate",
        "Cart rate",
        "Of those who clicked the link, who put something into the cart.",
        "adds_to_cart",
        "link_clicks",
        "percent",
        "up",
        "conversions",
        needs=(("link_clicks", 50),),
    ),
    Metric(
        "checkout_rate",
        "Checkout completion",
        "Of those who began to check out, who bought.",
        "purchases",
        "checkouts",
        "percent",
        "up",
        "conversions",
        needs=(("checkouts", 20),),
    ),
    Metric(
        "cost_per_purchase",
        "Cost per purchase",
        "What a purchase cost. Undefined, not zero, without one.",
        "spend",
        "purchases",
        "money",
        "down",
        "conversions",
        needs=(("impressions", 500), ("spend", 1e-9)),
    ),
    Metric(
        "cost_per_add_to_cart",
        "Cost per add to cart",
        "What an add to the cart cost.",
        "spend",
        "adds_to_cart",
        "money",
        "down",
        "conversions",
        needs=SEEN,
    ),
    Metric(
        "cost_per_lead",
        "Cost per lead",
        "What a lead cost.",
        "spend",
        "leads",
        "money",
        "down",
        "conversions",
        needs=SEEN,
    ),
    Metric(
        "cost_per_landing",
        "Cost per landing",
        "What a view of the page cost.",
        "spend",
        "landing_page_views",
        "money",
        "down",
        "conversions",
        needs=SEEN,
    ),
    Metric(
        "roas",
        "ROAS",
        "Purchase value for one unit of spend. Ads without a purchase have 0 and are counted.",
        "purchase_value",
        "spend",
        "times",
        "up",
        "conversions",
        needs=(("impressions", 500), ("spend", 1e-9)),
    ),
    Metric(
        "order_value",
        "Order value",
        "What a purchase was worth.",
        "purchase_value",
        "purchases",
        "money",
        "none",
        "conversions",
        needs=(("purchases", 3),),
    ),
)

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}
FORMULAS: dict[str, Formula] = {metric.name: metric.formula for metric in _ALL}
