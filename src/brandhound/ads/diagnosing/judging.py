"""All ads of an account judged together: what may be said of each, and of which nothing can be said yet."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from brandhound.ads.baselines.costs import estimate_costs
from brandhound.ads.baselines.quantiles import roughly
from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.claiming import Claim
from brandhound.ads.diagnosing.claims import SEEN_TOO_OFTEN
from brandhound.ads.diagnosing.pages import IDLE
from brandhound.ads.diagnosing.peers import Peers, claims_among_peers, peers_of, spread
from brandhound.ads.diagnosing.rules import RULES, applies
from brandhound.ads.diagnosing.screening import screen
from brandhound.ads.diagnosing.verdicts import Diagnosis, Health, Lack, Verdict
from brandhound.ads.diagnosing.weighing import may_be_said
from brandhound.ads.metrics.formulas import Column, Mask, divided

LEAST_IMPRESSIONS = 300
LEAST_SPEND = 50.0
"""In dollars, roughly; less says nothing of an ad."""
PURCHASES_TO_JUDGE = 9.6
"""With so many, the outer interval of a cost is about threefold."""

OF_COST = ("dear_purchases", "spend_without_purchases", "low_return", "starved_winner")
"""Said of the days on which something could be had."""
EXCUSES = frozenset({"tracking_outage", "sold_out", "page_down", "page_worse"})

# The stronger word makes the weaker one superfluous.
_SAID_BY = {
    "low_click_rate": ("very_low_click_rate",),
    "dear_purchases": ("spend_without_purchases",),
    "low_return": ("spend_without_purchases", "dear_purchases"),
    "falling_click_rate": ("fatigue",),
    "lost_on_page": ("weak_match",),
}


def judge(case: Case, peers: Sequence[Peers] | None = None) -> list[Verdict]:
    """One verdict an ad, in the order of the case, each beside its `peers`: looked for where they are not known yet."""
    peers = peers_of(case) if peers is None else peers
    seen = screen(case.recent, case.before, case.recent_days, case.before_days, case.edited)
    said: defaultdict[int, list[Diagnosis]] = defaultdict(list)
    unsaid: defaultdict[int, list[tuple[str, Lack]]] = defaultdict(list)
    enough = _enough(case)
    often = divided(np.nan_to_num(case.window.column("impressions")), case.reach)
    for claim in claims_among_peers(case, peers, seen):
        for ad, lack in _unsaid(case, claim, enough):
            unsaid[ad].append((claim.rule, lack))
        rule = RULES[claim.rule]
        allowed = _allowed(case, claim)
        for ad in map(int, np.flatnonzero(may_be_said(np.where(allowed, claim.likely, np.nan)))):
            of_clicks = claim.rule in ("fatigue", "falling_click_rate")
            missing = rule.about == "conversions" and seen.purchases_missing
            causes = seen.causes(ad, of_clicks) if of_clicks or missing or claim.rule == "rising_frequency" else ()
            if rule.about == "conversions" and case.page_troubles:
                causes += tuple(what for what in case.page_troubles[ad] if not _is_without(case, ad, rule.code, what))
            if claim.rule == "fatigue" and not _tired_all_the_same(causes, often[ad]):
                # Something else changed as well: then it is a fall with a cause, not a tired ad.
                continue
            if missing and "tracking_outage" in causes and rule.severity == "critical":
                continue
            said[ad].append(Diagnosis(claim.rule, float(claim.likely[ad]), claim.shows(ad), causes, claim.among(ad)))
    more = _more_spend(case, peers)
    return [_verdict(case, ad, said[ad], more[ad], unsaid[ad]) for ad in range(case.size)]


def _unsaid(case: Case, claim: Claim, enough: Mask) -> Iterator[tuple[int, Lack]]:
    """Ads of which much is known, and nothing of this rule."""
    rule = RULES[claim.rule]
    shown, days = (np.nan_to_num(case.window.column(name)) for name in ("impressions", "days"))
    for ad in map(
        int, np.flatnonzero(enough & ((shown < rule.impressions) | (days < rule.days) | np.isnan(claim.likely)))
    ):
        if not applies(rule, case.objectives[ad]) or (rule.about == "video" and not case.video[ad]):
            continue
        lack: Lack | None = claim.lacks(ad)
        if shown[ad] < rule.impressions:
            lack = "impressions"
        elif days[ad] < rule.days:
            lack = "days"
        if lack is not None:
            yield ad, lack


def _is_without(case: Case, ad: int, rule: str, what: str) -> bool:
    """Whether those days were left out already, so that they explain nothing of what is said of the others."""
    return rule in OF_COST and what in IDLE and bool(case.in_vain("spend")[ad] > 0)


def _tired_all_the_same(causes: Sequence[str], seen: float) -> bool:
    """More or less money is no other cause where people saw an ad far too often: it is how that came about."""
    return not causes or (set(causes) == {"budget_changed"} and seen >= SEEN_TOO_OFTEN)


def _allowed(case: Case, claim: Claim) -> Mask:
    rule = RULES[claim.rule]
    impressions = np.nan_to_num(case.window.column("impressions")) >= rule.impressions
    days = np.nan_to_num(case.window.column("days")) >= rule.days if rule.impressions else np.ones(case.size, np.bool_)
    meant = np.array([applies(rule, objective) for objective in case.objectives], dtype=np.bool_)
    return impressions & days & meant & (_enough(case) | (rule.code in ("starved", "starved_winner")))


def _enough(case: Case) -> Mask:
    least = roughly(LEAST_SPEND, case.window.currency)
    spend, impressions = case.window.column("spend"), case.window.column("impressions")
    return (np.nan_to_num(spend) >= least) & (np.nan_to_num(impressions) >= LEAST_IMPRESSIONS)


def _more_spend(case: Case, peers: Sequence[Peers]) -> list[float | None]:
    more = spread(case, peers, "cost_per_purchase", _more_to_tell)
    return [float(money) if money > 0 else None for money in more]


def _more_to_tell(case: Case) -> Column:
    if case.costs is None:
        return np.zeros(case.size)
    estimates = estimate_costs(case.costs, case.purchases, case.spend)
    results = case.costs.shape + np.nan_to_num(case.purchases)
    least = roughly(LEAST_SPEND, case.window.currency)
    # Of a currency whose worth we do not know nobody can say how much more it takes.
    to_floor = np.maximum((least if np.isfinite(least) else 0) - np.nan_to_num(case.window.column("spend")), 0)
    to_tell = np.where(estimates.narrow, 0.0, np.maximum(PURCHASES_TO_JUDGE - results, 0) * estimates.mean)
    return np.maximum(to_floor, to_tell)


def _verdict(
    case: Case, ad: int, found: list[Diagnosis], more: float | None, unsaid: list[tuple[str, Lack]]
) -> Verdict:
    codes = {diagnosis.rule for diagnosis in found}
    kept = tuple(
        sorted(
            (d for d in found if not codes & set(_SAID_BY.get(d.rule, ()))),
            key=lambda d: (("critical", "warning", "chance").index(RULES[d.rule].severity), -d.confidence),
        )
    )
    lacks: list[str] = []
    if np.nan_to_num(case.window.column("impressions"))[ad] < LEAST_IMPRESSIONS:
        lacks.append("impressions")
    if np.nan_to_num(case.window.column("spend"))[ad] < roughly(LEAST_SPEND, case.window.currency):
        lacks.append("spend")
    severities = {RULES[diagnosis.rule].severity for diagnosis in kept if not diagnosis.explained_by}
    health: Health = "healthy"
    if lacks:
        health = "insufficient"
    elif "critical" in severities:
        health = "critical"
    elif "warning" in severities:
        health = "warning"
    elif _is_excused(case, ad, kept, unsaid):
        health = "unjudged"
    return Verdict(health, kept, tuple(lacks), more, tuple(unsaid))


def _is_excused(case: Case, ad: int, found: Sequence[Diagnosis], unsaid: Sequence[tuple[str, Lack]]) -> bool:
    """Nothing is held against it, and nothing speaks for it: its money goes where at present nobody can buy, or went there
    for so long that the rest does not tell, or brought nothing where nobody knows what a purchase may cost, or what is seen of
    it is its page's doing."""
    now = len(case.idle_now) > 0 and bool(case.idle_now[ad])
    too_few = any(lack in ("sold_out", "target") for _, lack in unsaid)
    not_its_doing = any(
        RULES[one.rule].about == "conversions" and EXCUSES & set(one.explained_by)
        for one in found
        if RULES[one.rule].severity != "chance"
    )
    return now or too_few or not_its_doing
