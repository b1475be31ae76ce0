"""How likely each rule is true of each ad, and the numbers that say so."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brandhound.ads.baselines.costs import CostPrior, dearer_than
from brandhound.ads.baselines.quantiles import baseline, quantile
from brandhound.ads.baselines.rates import fit_rates, rate_below
from brandhound.ads.baselines.returns import fit_returns, return_below
from brandhound.ads.baselines.special import gamma_share, normal_share
from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.screening import Screen
from brandhound.ads.diagnosing.verdicts import Beside, Evidence, Lack, Span
from brandhound.ads.diagnosing.weighing import fell_below
from brandhound.ads.metrics.formulas import Column, Mask, divided
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums

FELL_TO = 0.85
FEW_CHANGE = 0.05
"""So many ads change much within a month."""
LITTLE = 0.3
"""Of what an ad of the account gets on average."""
LOST = 0.6
"""Of what is usual: fewer are lost somewhere."""
UNPAID = 0.75
"""Of what is usual of checkouts. They differ less among ads than carts do, so that a quarter fewer is much."""
ROSE_TO = 1.2
SEEN_TOO_OFTEN = 4.0
FATIGUE_FROM = 2.5
"""Of the window. Of single days it is close to 1 whatever happens, and says nothing."""
SPENT_BEFORE_STOPPING = 2.0
"""Times the target: below it the outcome is chance."""

MATCHES_FROM = 0.5
"""Of what others bring to the same page."""
WORKS_FROM = 0.75
"""Of what is usual in the account."""
CARTS_OF_OTHERS = 30.0
"""So many carts of the page's other ads tell what the page does."""

Shows = Callable[[int], tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One rule over all ads: how likely it is true of each (NaN: nothing known), and how to show it."""

    rule: str
    likely: Column
    shows: Shows
    lacks: Callable[[int], Lack | None] = lambda _: None
    """Of what there was too little where nothing is known; none where the rule is not for such an ad."""


def claims(case: Case, seen: Screen) -> list[Claim]:
    """Every rule, looked at for every ad."""
    return [*_rates(case), *_costs(case, seen), *_frequency(case, seen), *_other(case)]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _evidence(
    case: Case, metric: str, span: Span = "window", beside: Beside = "none", other: float | None = None
) -> Shows:
    values = _values(case, metric, span)
    return lambda ad: (Evidence(metric, span, _number(values[ad]), beside, other),)


def _values(case: Case, metric: str, span: Span) -> Column:
    sums = {"window": case.window, "recent": case.recent, "before": case.before, "selling": case.selling}[span]
    return METRICS[metric].of(sums) if metric in METRICS else sums.column(metric)


def _sold(case: Case, metric: str, beside: Beside = "none", other: float | None = None) -> Shows:
    """As it was judged: without the days on which nothing could be had at the ad's page."""
    whole, left = _evidence(case, metric, beside=beside, other=other), _evidence(case, metric, "selling", beside, other)
    idle = case.in_vain("spend") > 0
    return lambda ad: left(ad) if idle[ad] else whole(ad)


def _all(*parts: Shows) -> Shows:
    return lambda ad: tuple(evidence for part in parts for evidence in part(ad))


def _below(case: Case, rate: str, bound: float | Column) -> Column:
    done, tried = case.trials(rate)
    return np.where(tried > 0, rate_below(case.rates[rate], done, tried, bound), np.nan)


def _rates(case: Case) -> list[Claim]:
    ctr = case.rates["ctr"]
    # How true rates are spread, without the spread that chance alone makes.
    p25, p10 = ctr.quantile(0.25), ctr.quantile(0.10)
    amount = _all(_evidence(case, "impressions"), _evidence(case, "link_clicks"))
    found = [
        Claim(
            "low_click_rate", _below(case, "ctr", p25), _all(_evidence(case, "ctr", beside="p25", other=p25), amount)
        ),
        Claim(
            "very_low_click_rate",
            _below(case, "ctr", p10),
            _all(_evidence(case, "ctr", beside="p10", other=p10), amount),
        ),
    ]
    for rule, rate in (("low_hook_rate", "hook_rate"), ("low_hold_rate", "hold_rate")):
        median = case.rates[rate].quantile(0.5)
        likely = np.where(case.video, _below(case, rate, 0.7 * median), np.nan)
        shows = _all(_evidence(case, rate, beside="median", other=median), _evidence(case, METRICS[rate].denominator))
        found.append(Claim(rule, likely, shows))
    return [*found, *_lost_on_page(case)]


def _lost_on_page(case: Case) -> list[Claim]:
    """More click than the median, and far fewer of them put anything into the cart; or they do, and do not pay."""
    clicks = case.rates["ctr"]
    usual = clicks.quantile(0.5)
    carts = case.window.column("adds_to_cart")
    rate = "add_to_cart_rate" if np.isfinite(carts).any() else "conversion_rate"
    few = case.rates[rate].quantile(0.5)
    likely = _below(case, rate, LOST * few) * (1 - _below(case, "ctr", usual))
    page = _all(
        _evidence(case, rate, beside="median", other=few),
        _evidence(case, "ctr", beside="median", other=usual),
        _evidence(case, "link_clicks"),
    )
    return [Claim("lost_on_page", likely, page, lambda _: "clicks"), _lost_at_checkout(case)]


def _lost_at_checkout(case: Case) -> Claim:
    """In these weeks; or in ninety days, where these weeks do not speak against it.

    Checkouts are few, and what a page asks lasts. Each day is held against all ads' checkouts of that day, so that an ad that
    only lived after a promotion is not called dear for it: in these weeks, too, no more is asked of it than of its days.
    """
    paid = case.rates["checkout_rate"].quantile(0.5)
    own = METRICS["checkout_rate"].of(case.window)
    in_weeks = _all(_evidence(case, "checkout_rate", beside="median", other=paid), _evidence(case, "checkouts"))
    tried, hoped = (np.nan_to_num(case.paying.column(name)) for name in ("checkouts", "hoped"))
    if "hoped" not in case.paying.columns or not hoped.sum():
        return Claim("lost_at_checkout", _below(case, "checkout_rate", UNPAID * paid), in_weeks, lambda _: "clicks")
    done = np.minimum(np.nan_to_num(case.paying.column("purchases")), tried)
    usual = divided(hoped, tried)
    bound = UNPAID * np.nan_to_num(usual)
    lately = _below(case, "checkout_rate", np.minimum(UNPAID * paid, np.where(tried > 0, bound, np.inf)))
    long = np.where(tried > 0, rate_below(fit_rates(done, tried, alike=True), done, tried, bound), np.nan)
    longer = (np.nan_to_num(own, nan=1.0) < paid) & (np.nan_to_num(long) > np.nan_to_num(lately))

    def shows(ad: int) -> tuple[Evidence, ...]:
        if not longer[ad]:
            return in_weeks(ad)
        return (
            Evidence("checkout_rate", "quarter", _number(done[ad] / tried[ad]), "account", _number(usual[ad])),
            Evidence("checkouts", "quarter", _number(tried[ad])),
            *_evidence(case, "checkout_rate", beside="median", other=paid)(ad),
        )

    return Claim("lost_at_checkout", np.where(longer, long, lately), shows, lambda _: "clicks")


def _costs(case: Case, seen: Screen) -> list[Claim]:
    spend, purchases = case.spend, case.purchases
    found = [_dear_clicks(case, seen)]
    prior, bar = case.costs, case.bar
    if prior is None or bar is None:
        return found
    known = np.isfinite(spend) & (spend > 0) & np.isfinite(purchases)
    dear = np.where(known & (spend >= SPENT_BEFORE_STOPPING * bar), dearer_than(prior, purchases, spend, bar), np.nan)
    amount = _all(_sold(case, "spend", "target", bar), _sold(case, "purchases"))
    cost = _all(_sold(case, "cost_per_purchase", "target", bar), amount)
    too_few = _stopped_by_its_page(case, bar)
    # A stranger to the other ads: what they do says less of an ad than the money it has spent without anything.
    alone = np.where(known, 1 - np.exp(-np.nan_to_num(spend) / bar), np.nan)
    at_all = case.window.column("purchases")
    nothing = np.where(known & (at_all == 0), np.minimum(dear, alone), np.nan)
    found.append(Claim("spend_without_purchases", nothing, amount))
    found.append(
        Claim(
            "dear_purchases",
            np.where(at_all > 0, dear, np.nan),
            cost,
            lambda ad: None if not np.isnan(dear[ad]) else "sold_out" if too_few[ad] else "spend",
        )
    )
    money = np.nan_to_num(case.window.column("spend"))
    # The mean: half of all ads hardly cost anything, and more than they is not much.
    share = float(np.mean(money[money > 0])) if (money > 0).any() else 0.0
    little = money <= LITTLE * share
    winner = np.where(known & little & (purchases >= 3) & case.on, _cheaper_than(case, prior, prior.cost), np.nan)
    shows = _all(
        _sold(case, "cost_per_purchase", "account", prior.cost),
        _sold(case, "purchases"),
        _evidence(case, "spend", beside="mean", other=share),
    )
    return [
        *found,
        Claim("starved_winner", winner, shows, lambda ad: "purchases" if little[ad] and case.on[ad] else None),
        *_returns(case),
    ]


def _stopped_by_its_page(case: Case, bar: float) -> Mask:
    """Enough was spent to tell, but too much of it while nothing could be had at the page."""
    enough = SPENT_BEFORE_STOPPING * bar
    return (np.nan_to_num(case.spend) < enough) & (np.nan_to_num(case.spend) + case.in_vain("matured_spend") >= enough)


def _cheaper_than(case: Case, prior: CostPrior, cost: float) -> Column:
    """How likely a purchase truly costs less, by the way to it: what a click costs, how many put something into the cart, and
    how many of those buy.

    A starved ad has few purchases, and ten times as many carts and a hundred times as many clicks. By money alone it would
    take a month of them.
    """
    purchases, spend = case.purchases, np.nan_to_num(case.window.column("spend"))
    clicks, carts = (np.nan_to_num(case.window.column(name)) for name in ("link_clicks", "adds_to_cart"))
    share = np.nan_to_num(divided(np.nan_to_num(case.spend), spend))
    if not clicks.sum():
        return 1 - dearer_than(prior, purchases, case.spend, cost)
    # Purchases that are still to come in are no doubt of the clicks and carts they come from.
    tried = (carts if carts.sum() else clicks) * share
    bought = np.minimum(np.nan_to_num(purchases), tried)
    steps = [(fit_rates(bought, tried), bought, tried)]
    if carts.sum():
        steps.append((case.rates["add_to_cart_rate"], carts, clicks))
    rate, doubt = np.zeros(case.size), 1 / (clicks / case.rates["ctr"].clumping + 0.5)
    for found, done, out_of in steps:
        a, n = found.alpha + done / found.clumping, found.alpha + found.beta + out_of / found.clumping
        rate, doubt = rate + np.log(a / n), doubt + 1 / a - 1 / n
    with np.errstate(divide="ignore"):
        own = np.log(spend / np.maximum(clicks, 0.5)) - rate
    return np.where(clicks > 0, normal_share((np.log(cost) - own) / np.sqrt(doubt)), np.nan)


def _dear_clicks(case: Case, seen: Screen) -> Claim:
    """The cost of a click: spend ÷ clicks, where the doubt is in the clicks.

    Where impressions became dearer for all, it has to be dear at the price of before as well: else those were dear that were
    shown since.
    """
    clicks, spend = (np.nan_to_num(case.window.column(name)) for name in ("link_clicks", "spend"))
    bar = case.usual["cpc"].p75
    clumped = case.rates["ctr"].clumping

    def dear(money: Column, limit: float | None) -> Column:
        if not limit:
            return np.full(case.size, np.nan)
        return gamma_share(clicks / clumped + 0.5, money / clumped / limit)

    likely = dear(spend, bar)
    if seen.dearer:
        at_first = spend - np.nan_to_num(case.recent.column("spend")) * (1 - np.exp(-seen.price_change))
        usual = baseline(
            METRICS["cpc"], Sums({**case.window.columns, "spend": at_first}, case.window.currency, case.size)
        )
        likely = np.minimum(likely, dear(at_first, usual.p75))
    known = np.isfinite(case.window.column("link_clicks")) & (spend > 0) & (clicks >= 5)
    shows = _all(_evidence(case, "cpc", beside="p75", other=bar), _evidence(case, "link_clicks"))
    return Claim("dear_clicks", np.where(known, likely, np.nan), shows)


def _returns(case: Case) -> list[Claim]:
    value, purchases = case.value, case.purchases
    prior = fit_returns(purchases, value, case.spend)
    if prior is None:
        return []
    bound = prior.quantile(0.25)
    likely = return_below(prior, purchases, value, case.spend, bound)
    known = np.isfinite(purchases) & (np.nan_to_num(case.spend) > 0)
    shows = _all(_sold(case, "roas", "p25", bound), _sold(case, "purchases"), _sold(case, "spend"))
    return [Claim("low_return", np.where(known, likely, np.nan), shows)]


def _frequency(case: Case, seen: Screen) -> list[Claim]:
    window = divided(np.nan_to_num(case.window.column("impressions")), case.reach)
    now = divided(np.nan_to_num(case.recent.column("impressions")), case.recent_reach)
    then = divided(np.nan_to_num(case.before.column("impressions")), case.before_reach)
    known = window[np.isfinite(window)]
    limit = max(SEEN_TOO_OFTEN, 1.3 * quantile(known, 0.75)) if len(known) else SEEN_TOO_OFTEN
    clumped = case.rates["ctr"].clumping
    recent = case.trials("ctr", case.recent)
    earlier_clicks = case.trials("ctr", case.before)
    fell = fell_below(recent, earlier_clicks, FELL_TO, clumped, seen.click_rate_change)
    # Where nobody saw it too often, nothing speaks for a change but the clicks themselves.
    by_itself = fell_below(recent, earlier_clicks, FELL_TO, clumped, seen.click_rate_change, FEW_CHANGE)
    at_first = case.early if "link_clicks" in case.early.columns else case.before
    known_first = np.nan_to_num(at_first.column("impressions")) > 0
    # An ad that tired weeks ago falls no more: it is held against its own first week.
    since_first = np.where(
        known_first, fell_below(recent, case.trials("ctr", at_first), FELL_TO, clumped, seen.click_rate_change), fell
    )
    often = np.where(np.isnan(window), np.nan, (window > limit).astype(np.float64))
    rising = np.where(np.isnan(now) | np.isnan(then), np.nan, (now > ROSE_TO * then).astype(np.float64))
    enough = np.isfinite(window) & (window >= FATIGUE_FROM)
    tired = np.where(enough, since_first, np.where(np.isnan(window), np.nan, 0.0))

    def times(ad: int) -> tuple[Evidence, ...]:
        return (Evidence("frequency", "window", _number(window[ad]), "limit", limit),)

    def twice(ad: int) -> tuple[Evidence, ...]:
        return (Evidence("frequency", "recent", _number(now[ad]), "before", _number(then[ad])),)

    earlier, first = METRICS["ctr"].of(case.before), METRICS["ctr"].of(at_first)

    def clicked(ad: int) -> tuple[Evidence, ...]:
        return _evidence(case, "ctr", "recent", "before", _number(earlier[ad]))(ad)

    def since(ad: int) -> tuple[Evidence, ...]:
        return _evidence(case, "ctr", "recent", "first", _number(first[ad]))(ad) if known_first[ad] else clicked(ad)

    amount = _all(_evidence(case, "impressions", "recent"), _evidence(case, "impressions", "before"))
    return [
        Claim("high_frequency", often, _all(times, _evidence(case, "impressions")), lambda _: "reach"),
        Claim("rising_frequency", rising, _all(twice, amount), lambda _: "reach"),
        Claim("falling_click_rate", by_itself, _all(clicked, amount)),
        Claim("fatigue", tired, _all(since, times, amount), lambda _: "reach"),
    ]


def _other(case: Case) -> list[Claim]:
    starved = np.where(case.on, (case.quiet_days >= 3).astype(np.float64), np.nan)

    def quiet(ad: int) -> tuple[Evidence, ...]:
        return (Evidence("quiet_days", "recent", _number(case.quiet_days[ad]), "limit", 3.0),)

    return [Claim("starved", starved, quiet), _weak_match(case)]


def _weak_match(case: Case) -> Claim:
    """What the ad promises and its page keeps, where somebody compared them; else what its visitors do on the page.

    The other ads that lead there tell what the page does. If theirs go on and its own do not, it is not the page: the ad
    promises something else, or brings others. An ad that is alone on its page says nothing of the kind.
    """
    match = case.match if len(case.match) else np.full(case.size, np.nan)
    rate = "add_to_cart_rate" if np.isfinite(case.window.column("adds_to_cart")).any() else "conversion_rate"
    done, tried = case.trials(rate)
    of_others = rate_of_others(case, rate)
    # The page works for others: where it works for nobody, it is the page.
    works = np.nan_to_num(of_others) >= WORKS_FROM * case.rates[rate].quantile(0.5)
    known = (tried > 0) & np.isfinite(of_others)
    bound = np.where(known, MATCHES_FROM * np.nan_to_num(of_others), 0.0)
    likely = np.where(known, np.where(works, rate_below(case.rates[rate], done, tried, bound), 0.0), np.nan)
    own = METRICS[rate].of(case.window)

    def fits(ad: int) -> tuple[Evidence, ...]:
        if not np.isnan(match[ad]):
            return (Evidence("match", "window", _number(match[ad]), "limit", 0.5),)
        return (
            Evidence(rate, "window", _number(own[ad]), "page", _number(of_others[ad])),
            *_evidence(case, "link_clicks")(ad),
        )

    def lacks(ad: int) -> Lack:
        if not case.pages or not case.pages[ad]:
            return "page"
        return "others_on_page" if np.isnan(of_others[ad]) else "clicks"

    return Claim("weak_match", np.where(np.isnan(match), likely, (match < 0.5).astype(np.float64)), fits, lacks)


def rate_of_others(case: Case, rate: str) -> Column:
    """The rate of the other ads that lead to the same page; NaN where the page is not known, or they have too few."""
    done, tried = case.trials(rate)
    done = np.nan_to_num(done)
    found = np.full(case.size, np.nan)
    pages = np.array([page or "" for page in case.pages] or [""] * case.size)
    for page in np.unique(pages[pages != ""]):
        members = pages == page
        done_there, tried_there = done[members], tried[members]
        others, out_of = done_there.sum() - done_there, tried_there.sum() - tried_there
        found[members] = np.where(others >= CARTS_OF_OTHERS, divided(others, out_of), np.nan)
    return found


def sums_at(sums: Sums, name: str, ad: int) -> float:
    """One sum of one ad; 0 where it was not reported."""
    return float(np.nan_to_num(sums.column(name)[ad]))
