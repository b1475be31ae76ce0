"""What is said of an ad's money: dear clicks, dear purchases, a low return, and a good ad that gets little."""

import numpy as np

from brandhound.ads.baselines.costs import CostPrior, dearer_than
from brandhound.ads.baselines.quantiles import baseline
from brandhound.ads.baselines.rates import fit_rates
from brandhound.ads.baselines.returns import fit_returns, return_below
from brandhound.ads.baselines.special import gamma_share, normal_share
from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.claiming import Claim, evidence, sold, together
from brandhound.ads.diagnosing.screening import Screen
from brandhound.ads.metrics.formulas import Column, Mask, divided
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums

LITTLE = 0.3
"""Of what an ad of the account gets on average."""
SPENT_BEFORE_STOPPING = 2.0
"""Times the target: below it the outcome is chance."""
HALF = 0.5
"""A purchase, at what one may cost."""


def costs(case: Case, seen: Screen) -> list[Claim]:
    """Every rule about money."""
    spend, purchases = case.spend, case.purchases
    found = [_dear_clicks(case, seen)]
    prior, bar = case.costs, case.bar
    known = np.isfinite(spend) & (spend > 0) & np.isfinite(purchases)
    if bar is None:
        return [*found, _without_a_bar(case, known)]
    enough, usual = case.usual["cost_per_purchase"].sufficient, ("cost_per_purchase",)
    # Of too few ads nothing is learnt, and least of all from the ad itself a second time: as if half a purchase were known.
    beside = prior if prior and enough else CostPrior(HALF, HALF * bar)
    dear = np.where(known & (spend >= SPENT_BEFORE_STOPPING * bar), dearer_than(beside, purchases, spend, bar), np.nan)
    amount = together(sold(case, "spend", "target", bar), sold(case, "purchases"))
    cost = together(sold(case, "cost_per_purchase", "target", bar), amount)
    too_few = _stopped_by_its_page(case, bar)
    # A stranger to the other ads: what they do says less of an ad than the money it has spent without anything.
    alone = np.where(known, 1 - np.exp(-np.nan_to_num(spend) / bar), np.nan)
    at_all = case.window.column("purchases")
    nothing = np.where(known & (at_all == 0), np.minimum(dear, alone), np.nan)
    # A target that somebody set needs no other ads.
    of_others = () if case.target else usual
    found.append(Claim("spend_without_purchases", nothing, amount, usual=of_others, meant=known & (at_all == 0)))
    found.append(
        Claim(
            "dear_purchases",
            np.where(at_all > 0, dear, np.nan),
            cost,
            lambda ad: None if not np.isnan(dear[ad]) else "sold_out" if too_few[ad] else "spend",
            of_others,
            at_all > 0,
        )
    )
    if prior is None:
        return found
    money = np.nan_to_num(case.window.column("spend"))
    # The mean: half of all ads hardly cost anything, and more than they is not much.
    share = float(np.mean(money[money > 0])) if (money > 0).any() else 0.0
    little = money <= LITTLE * share
    winner = np.where(known & little & (purchases >= 3) & case.on, _cheaper_than(case, prior, prior.cost), np.nan)
    shows = together(
        sold(case, "cost_per_purchase", "account", prior.cost),
        sold(case, "purchases"),
        evidence(case, "spend", beside="mean", other=share),
    )
    return [
        *found,
        Claim(
            "starved_winner",
            winner,
            shows,
            lambda ad: "purchases" if little[ad] and case.on[ad] else None,
            usual,
            little & case.on,
        ),
        *_returns(case),
    ]


def _without_a_bar(case: Case, known: Mask) -> Claim:
    """Nothing was bought for the money of any of these ads, and nobody said what a purchase may cost: how much without one is
    too much is not known, which is no praise of those that had none."""
    lacking = known & (case.window.column("purchases") == 0)
    return Claim(
        "spend_without_purchases",
        np.full(case.size, np.nan),
        lambda _: (),
        lambda ad: "target" if lacking[ad] else None,
        meant=lacking,
        few="target",
    )


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
    shows = together(evidence(case, "cpc", beside="p75", other=bar), evidence(case, "link_clicks"))
    return Claim("dear_clicks", np.where(known, likely, np.nan), shows, usual=("cpc",), meant=spend > 0)


def _returns(case: Case) -> list[Claim]:
    value, purchases = case.value, case.purchases
    prior = fit_returns(purchases, value, case.spend)
    if prior is None:
        return []
    bound = prior.quantile(0.25)
    likely = return_below(prior, purchases, value, case.spend, bound)
    known = np.isfinite(purchases) & (np.nan_to_num(case.spend) > 0)
    shows = together(sold(case, "roas", "p25", bound), sold(case, "purchases"), sold(case, "spend"))
    return [Claim("low_return", np.where(known, likely, np.nan), shows, usual=("roas",), meant=known)]
