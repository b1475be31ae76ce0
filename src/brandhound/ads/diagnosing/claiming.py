"""A rule looked at for all ads: how likely it is true of each, and the numbers that say so."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from brandhound.ads.baselines.quantiles import LEAST_ADS
from brandhound.ads.baselines.rates import rate_below
from brandhound.ads.diagnosing.cases import OF_VIDEO, Case
from brandhound.ads.diagnosing.rules import aim_of
from brandhound.ads.diagnosing.verdicts import Aim, Among, Beside, Evidence, Lack, OfOthers, Span
from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.library import METRICS

_TOLD_OF_OTHERS: dict[str, OfOthers] = {
    "ads": "ads",
    "ad_days": "ad_days",
    "impressions": "impressions_of_ads",
    "spend": "spend_of_ads",
}

Shows = Callable[[int], tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One rule over all ads: how likely it is true of each (NaN: nothing known), and how to show it."""

    rule: str
    likely: Column
    shows: Shows
    lacks: Callable[[int], Lack | None] = lambda _: None
    """Of what there was too little where nothing is known; none where the rule is not for such an ad."""
    usual: tuple[str, ...] = ()
    """Metrics of which it takes what is usual among the ads."""
    meant: Mask | None = None
    """The ads that it is a question for; all where there is none."""
    among: Callable[[int], Among | None] = lambda _: None
    """The ads that say what is usual."""
    few: Lack | None = None
    """Of what the ads have too little to say what is usual. More of them may have enough."""


def among(case: Case, metric: str) -> Among:
    """Who they are that say what is usual in a metric."""
    aims: set[Aim | None] = {aim_of(objective) for objective in case.objectives}
    apart = metric in OF_VIDEO or bool(case.video.all())
    form = "video" if apart else None if case.video.any() else "still"
    return Among(case.usual[metric].ads, aims.pop() if len(aims) == 1 else None, form)


def guarded(case: Case, claim: Claim) -> Claim:
    """The same, and nothing of any ad where the ads are too few to say what is usual in what the claim takes."""
    lacking = {lack for metric in claim.usual for lack in case.usual[metric].lacks}
    few: OfOthers | None = next((told for lack, told in _TOLD_OF_OTHERS.items() if lack in lacking), None)
    if few is None:
        return replace(claim, among=_always(among(case, claim.usual[0]))) if claim.usual else claim

    # What is not known of a single ad is not counted in the account at all: more ads would not help.
    is_counted = not any(_is_unknown(case, metric) for metric in claim.usual)

    def lacks(ad: int) -> Lack | None:
        own = claim.lacks(ad)
        if own == "sold_out" or not is_counted:
            return own
        return few if claim.meant is None or claim.meant[ad] else None

    return replace(claim, likely=np.full(len(claim.likely), np.nan), lacks=lacks, few=few)


def _is_unknown(case: Case, metric: str) -> bool:
    """Whether a metric is not known of any ad, though they are enough."""
    ads = int(case.video.sum()) if metric in OF_VIDEO else case.size
    return not case.usual[metric].ads and ads >= LEAST_ADS


def _always(those: Among) -> Callable[[int], Among | None]:
    return lambda _: those


def number(value: float) -> float | None:
    """None for what is not known, or has no bounds."""
    return float(value) if np.isfinite(value) else None


def evidence(
    case: Case, metric: str, span: Span = "window", beside: Beside = "none", other: float | None = None
) -> Shows:
    """One number of each ad, and the one of all that it is held against."""
    values = values_of(case, metric, span)
    return lambda ad: (Evidence(metric, span, number(values[ad]), beside, other),)


def values_of(case: Case, metric: str, span: Span) -> Column:
    """A metric or a measure of each ad in some of the days."""
    sums = {"window": case.window, "recent": case.recent, "before": case.before, "selling": case.selling}[span]
    return METRICS[metric].of(sums) if metric in METRICS else sums.column(metric)


def sold(case: Case, metric: str, beside: Beside = "none", other: float | None = None) -> Shows:
    """As it was judged: without the days on which nothing could be had at the ad's page."""
    whole, left = evidence(case, metric, beside=beside, other=other), evidence(case, metric, "selling", beside, other)
    idle = case.in_vain("spend") > 0
    return lambda ad: left(ad) if idle[ad] else whole(ad)


def together(*parts: Shows) -> Shows:
    """All of these, in this order."""
    return lambda ad: tuple(one for part in parts for one in part(ad))


def below(case: Case, rate: str, bound: float | Column) -> Column:
    """How likely each ad's true rate is below a bound; NaN of those that nobody tried."""
    done, tried = case.trials(rate)
    return np.where(tried > 0, rate_below(case.rates[rate], done, tried, bound), np.nan)
