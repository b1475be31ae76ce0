"""Raw baselines: counts are summed per ad over the window, divided per ad, and then looked at over the ads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.library import Metric
from brandhound.ads.metrics.summing import Sums

WINSORISED = 0.02
LEAST_IMPRESSIONS = 10_000
LEAST_SPEND = 100.0
"""In dollars, roughly."""
LEAST_ADS = 5
LEAST_AD_DAYS = 30

# What about one dollar is worth, for guards alone: never used to convert an amount that is shown.
ROUGH_DOLLAR = {
    **{"JPY": 150.0, "KRW": 1350.0, "INR": 85.0, "IDR": 16000.0, "VND": 25000.0, "CLP": 950.0, "COP": 4100.0},
    **{"HUF": 360.0, "CZK": 23.0, "PLN": 4.0, "SEK": 10.5, "NOK": 10.5, "DKK": 7.0, "MXN": 18.0, "BRL": 5.5},
    **{"THB": 35.0, "PHP": 57.0, "TWD": 32.0, "HKD": 7.8, "CNY": 7.2, "TRY": 34.0, "ZAR": 18.0, "RUB": 90.0},
    **{"ILS": 3.7, "AED": 3.7, "SAR": 3.75, "ARS": 1000.0, "NGN": 1600.0, "PKR": 280.0, "EGP": 48.0, "UAH": 41.0},
}

Lack = Literal["impressions", "spend", "ads", "ad_days"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for one metric among some ads."""

    p25: float | None
    median: float | None
    p75: float | None
    """Undefined where so many ads had nothing to divide by."""
    mean: float | None
    """Of the winsorised values."""
    ads: int
    ad_days: int
    level: int
    """0: the ads most like it; the last: all ads of the account."""
    lacks: tuple[Lack, ...]

    @property
    def sufficient(self) -> bool:
        return not self.lacks


def quantile(values: Column, share: float) -> float:
    """Linear between neighbours; endless values keep their place at the end."""
    ordered = np.sort(values)
    at = share * (len(ordered) - 1)
    lower, part = int(at), at - int(at)
    if part == 0:
        return float(ordered[lower])
    return float(ordered[lower] * (1 - part) + ordered[lower + 1] * part)


def winsorised(values: Column, share: float = WINSORISED) -> Column:
    """The same values, with what lies beyond the outermost shares drawn in to them."""
    if len(values) < 2:
        return values
    return np.clip(values, quantile(values, share), quantile(values, 1 - share))


def per_ad(metric: Metric, sums: Sums) -> Column:
    """The metric of each ad that delivered. A cost without a single result counts as endless, a return without one as 0.

    Ads for which the numerator or the denominator was never reported are NaN: nothing is known of them.
    """
    values = metric.of(sums).astype(np.float64, copy=True)
    numerator, denominator = sums.column(metric.numerator), sums.column(metric.denominator)
    values[(denominator == 0) & (numerator > 0) & (metric.direction == "down")] = np.inf
    return values


def baseline(metric: Metric, sums: Sums, level: int = 0) -> Baseline:
    """What is usual among these ads."""
    values = per_ad(metric, sums)
    known = values[~np.isnan(values)]
    with_it = sums.chosen(~np.isnan(values))
    days = int(np.nansum(with_it.column("days")))
    lacks = _lacks(with_it, len(known), days)
    if not len(known):
        return Baseline(None, None, None, None, 0, days, level, lacks)
    drawn_in = winsorised(known)
    p25, median, p75 = (_finite(quantile(drawn_in, share)) for share in (0.25, 0.5, 0.75))
    return Baseline(p25, median, p75, _finite(float(np.mean(drawn_in))), len(known), days, level, lacks)


def _lacks(sums: Sums, ads: int, days: int) -> tuple[Lack, ...]:
    found: list[Lack] = []
    if np.nansum(sums.column("impressions")) < LEAST_IMPRESSIONS:
        found.append("impressions")
    if np.nansum(sums.column("spend")) < LEAST_SPEND * ROUGH_DOLLAR.get(sums.currency, 1.0):
        found.append("spend")
    if ads < LEAST_ADS:
        found.append("ads")
    if days < LEAST_AD_DAYS:
        found.append("ad_days")
    return tuple(found)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def baseline_for(metric: Metric, sums: Sums, cohorts: Sequence[Mask]) -> Baseline:
    """The baseline of the narrowest cohort that is large enough, else of the widest, with what it lacks.

    `cohorts` go from the ads most alike to all ads.
    """
    widest = baseline(metric, sums, len(cohorts))
    for level, members in enumerate(cohorts):
        found = baseline(metric, sums.chosen(members), level)
        if found.sufficient:
            return found
    return widest
