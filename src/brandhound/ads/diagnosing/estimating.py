"""What each ad truly does, drawn to its peers, and what is usual among them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from brandhound.ads.baselines.costs import estimate_costs
from brandhound.ads.baselines.estimates import Estimates
from brandhound.ads.baselines.quantiles import baseline_for
from brandhound.ads.baselines.rates import estimate_rates
from brandhound.ads.baselines.returns import estimate_returns, fit_returns
from brandhound.ads.diagnosing.cases import OF_VIDEO, RATES, Case
from brandhound.ads.diagnosing.claiming import among
from brandhound.ads.diagnosing.peers import Peers
from brandhound.ads.diagnosing.rules import RULES, applies
from brandhound.ads.metrics.library import METRICS

ESTIMATED = (*RATES, "cost_per_purchase", "roas")


@dataclass(frozen=True, slots=True)
class Bar:
    """What a purchase may cost, and what it costs on the whole, among the ads that are to bring purchases."""

    cost: float | None
    usual: float | None


def estimates_among(case: Case, peers: Sequence[Peers]) -> dict[str, Estimates]:
    """By metric: one estimate an ad, NaN of those among whose peers nothing is known of it."""
    found: dict[str, Estimates] = {}
    for metric in ESTIMATED:
        parts = [(one, circle, _estimated(circle.case, metric)) for one in peers for circle in [one.circle_for(metric)]]
        if all(estimates is None for _, _, estimates in parts):
            continue
        columns = {field.name: np.full(case.size, np.nan) for field in fields(Estimates)}
        for one, circle, estimates in parts:
            if estimates is not None:
                for name, column in columns.items():
                    column[one.members] = getattr(estimates, name)[one.within(circle)]
        found[metric] = Estimates(**columns)
    return found


def _estimated(case: Case, metric: str) -> Estimates | None:
    if metric in RATES:
        done, tried = case.trials(metric)
        return estimate_rates(case.rates[metric], done, tried) if tried.any() else None
    if case.costs is None:
        return None
    if metric == "cost_per_purchase":
        return estimate_costs(case.costs, case.purchases, case.spend)
    returns = fit_returns(case.purchases, case.value, case.spend)
    return None if returns is None else estimate_returns(returns, case.purchases, case.value, case.spend)


def usual_among(peers: Sequence[Peers]) -> dict[str, dict[str, dict[str, Any]]]:
    """By the name of the peers, and by metric: the baseline of the narrowest of their circles that is large enough, and whose
    ads it is of."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for one in peers:
        widest = one.circles[-1]
        cohorts = [circle.members[widest.members] for circle in one.circles[:-1]]
        found[one.name] = {}
        for metric in METRICS.values():
            if metric.additivity != "ratio":
                continue
            usual = asdict(baseline_for(metric, widest.case.window, cohorts))
            if metric.name in widest.case.usual:
                circle = one.circle_for(metric.name)
                if metric.name in OF_VIDEO:
                    usual |= asdict(circle.case.usual[metric.name])
                usual["among"] = asdict(among(circle.case, metric.name))
            found[one.name][metric.name] = usual
    return found


def bar_of(peers: Sequence[Peers]) -> Bar:
    """Of those among whom most money is spent for purchases; of those with most money where none is."""

    def for_purchases(one: Peers) -> tuple[bool, float]:
        case = one.circles[0].case
        meant = any(applies(RULES["dear_purchases"], objective) for objective in case.objectives)
        return meant, float(np.nansum(case.window.column("spend")))

    case = max(peers, key=for_purchases).circle_for("cost_per_purchase").case
    return Bar(case.bar, case.costs.cost if case.costs else None)
