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

# What about one dollar is worth, for guards alone: never used to convert an amount that is shown. Written down from memory
# early in 2026 and rounded: right to about one digit, which is all that "about $50" needs. Currencies that lose their worth
# within a year (VES, IRR) are left out on purpose. Of euro, pound and franc a dollar buys a little less than one: the
# guards ask for a little more of them.
ROUGH_DOLLAR = {
    **dict.fromkeys(("USD", "EUR", "GBP", "CHF", "BMD", "BSD", "PAB", "FKP", "GIP", "SHP"), 1.0),
    # Africa
    **{"AOA": 920.0, "BIF": 3000.0, "BWP": 13.5, "CDF": 2500.0, "CVE": 100.0, "DJF": 180.0, "DZD": 130.0, "EGP": 48.0},
    **{"ERN": 15.0, "ETB": 150.0, "GHS": 11.0, "GMD": 70.0, "GNF": 8700.0, "KES": 130.0, "KMF": 430.0, "LRD": 180.0},
    **{"LSL": 18.0, "LYD": 5.5, "MAD": 9.5, "MGA": 4500.0, "MRU": 40.0, "MUR": 46.0, "MWK": 1750.0, "MZN": 64.0},
    **{"NAD": 18.0, "NGN": 1500.0, "RWF": 1450.0, "SCR": 14.0, "SLE": 23.0, "SOS": 570.0, "STN": 22.0, "SZL": 18.0},
    **{"TND": 3.0, "TZS": 2500.0, "UGX": 3600.0, "XAF": 580.0, "XOF": 580.0, "ZAR": 18.0, "ZMW": 23.0},
    # The Americas
    **{"ANG": 1.8, "ARS": 1450.0, "AWG": 1.8, "BBD": 2.0, "BOB": 7.0, "BRL": 5.5, "BZD": 2.0, "CAD": 1.4},
    **{"CLP": 950.0, "COP": 4000.0, "CRC": 500.0, "DOP": 62.0, "GTQ": 7.7, "GYD": 210.0, "HNL": 26.0, "HTG": 130.0},
    **{"JMD": 160.0, "KYD": 0.83, "MXN": 18.0, "NIO": 37.0, "PEN": 3.5, "PYG": 7200.0, "SRD": 38.0, "SVC": 8.75},
    **{"TTD": 6.8, "UYU": 40.0, "XCD": 2.7, "XCG": 1.8},
    # Asia and the Pacific
    **{"AFN": 68.0, "AMD": 380.0, "AUD": 1.5, "AZN": 1.7, "BDT": 122.0, "BND": 1.3, "BTN": 88.0, "CNY": 7.1},
    **{"FJD": 2.3, "GEL": 2.7, "HKD": 7.8, "IDR": 16500.0, "INR": 88.0, "JPY": 150.0, "KGS": 87.0, "KHR": 4000.0},
    **{"KRW": 1400.0, "KZT": 520.0, "LAK": 22000.0, "LKR": 300.0, "MMK": 4000.0, "MNT": 3600.0, "MOP": 8.0},
    **{"MVR": 15.4, "MYR": 4.2, "NPR": 140.0, "NZD": 1.7, "PGK": 4.2, "PHP": 58.0, "PKR": 280.0, "SBD": 8.3},
    **{"SGD": 1.3, "THB": 33.0, "TJS": 9.5, "TMT": 3.5, "TOP": 2.4, "TWD": 31.0, "UZS": 12200.0, "VND": 26000.0},
    **{"VUV": 120.0, "WST": 2.8, "XPF": 105.0},
    # Europe
    **{"ALL": 85.0, "BAM": 1.7, "BGN": 1.7, "BYN": 3.2, "CZK": 22.0, "DKK": 6.6, "HRK": 7.0, "HUF": 350.0},
    **{"ISK": 125.0, "MDL": 17.0, "MKD": 54.0, "NOK": 10.3, "PLN": 3.8, "RON": 4.4, "RSD": 102.0, "RUB": 85.0},
    **{"SEK": 10.0, "TRY": 42.0, "UAH": 42.0},
    # The Middle East
    **{"AED": 3.7, "BHD": 0.38, "ILS": 3.5, "IQD": 1310.0, "JOD": 0.71, "KWD": 0.31, "LBP": 89500.0, "OMR": 0.38},
    **{"QAR": 3.64, "SAR": 3.75, "YER": 500.0},
}

Lack = Literal["impressions", "spend", "ads", "ad_days"]


def roughly(dollars: float, currency: str) -> float:
    """So many dollars in that currency, for guards alone. Endless where we do not know its worth: no amount is enough then."""
    return dollars * ROUGH_DOLLAR.get(currency, np.inf)


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
    if np.nansum(sums.column("spend")) < roughly(LEAST_SPEND, sums.currency):
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
