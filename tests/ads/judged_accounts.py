"""Accounts whose truth is known, to be judged."""

from dataclasses import replace

import numpy as np

from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.verdicts import Verdict
from brandhound.ads.metrics.formulas import Column
from brandhound.ads.metrics.summing import Sums


def span(chance: np.random.Generator, days: int, ctr: Column, cost: Column, money: Column, cpm: float = 10.0) -> Sums:
    """What ads did in some days: money a day, true CTR and true cost of a purchase."""
    n = len(ctr)
    spend = money * days
    impressions = np.round(1000 * spend / cpm)
    clicks = chance.binomial(impressions.astype(np.int64), ctr)
    bought = chance.poisson(spend / cost)
    hooked = chance.binomial(impressions.astype(np.int64), 0.25)
    columns = {
        "spend": spend,
        "impressions": impressions,
        "link_clicks": clicks.astype(np.float64),
        "purchases": np.minimum(bought, clicks).astype(np.float64),
        "purchase_value": np.minimum(bought, clicks) * 60.0,
        "views_3s": hooked.astype(np.float64),
        "thruplays": chance.binomial(hooked, 0.3).astype(np.float64),
        "landing_page_views": chance.binomial(clicks, 0.8).astype(np.float64),
        "days": np.full(n, float(days)),
    }
    return Sums(columns, "USD", n)


def both(one: Sums, other: Sums) -> Sums:
    return Sums({name: one.columns[name] + other.columns[name] for name in one.columns}, "USD", one.size)


def account(
    seed: int = 1, n: int = 40, *, changes: dict[str, Column] | None = None, cpm: float = 10.0, bought: float = 1.0
) -> tuple[Case, Column, Column]:
    """An account whose ads truly do as usual, but for what a test changes in the last week."""
    chance = np.random.default_rng(seed)
    asked = changes or {}
    ctr = asked.get("ctr", chance.beta(60, 5000, n))
    cost = asked.get("cost", np.exp(chance.normal(np.log(40), 0.35, n)))
    money = asked.get("money", np.exp(chance.normal(np.log(40), 0.7, n)))
    before = span(chance, 21, ctr, cost, money)
    recent = span(chance, 7, asked.get("later_ctr", ctr), cost / bought, money, cpm)
    window = both(before, recent)
    often = asked.get("often", np.full(n, 1.8))
    case = Case(
        window,
        recent,
        before,
        7,
        21,
        ["OUTCOME_SALES"] * n,
        np.ones(n, np.bool_),
        np.zeros(n, np.bool_),
        np.ones(n, np.bool_),
        window.column("impressions") / often,
        recent.column("impressions") / (often * 0.6),
        before.column("impressions") / (often * 0.55),
        np.zeros(n),
    )
    return case, ctr, cost


def codes(verdict: Verdict) -> set[str]:
    return {diagnosis.rule for diagnosis in verdict.diagnoses}


def with_first(values: Column, first: float) -> Column:
    changed = values.copy()
    changed[0] = first
    return changed


def tired(seed: int = 1) -> dict[str, Column]:
    _, ctr, _ = account(seed)
    return {
        "ctr": with_first(ctr, 0.016),
        "later_ctr": with_first(ctr, 0.008),
        "money": with_first(np.full(40, 40.0), 100.0),
        "often": with_first(np.full(40, 1.8), 5.4),
    }


def with_carts(case: Case, first: float) -> Case:
    """Nine in a hundred who click put something into the cart, but for the first ad."""
    clicks = case.window.column("link_clicks")
    carts = np.round(clicks * with_first(np.full(case.size, 0.09), first))
    return replace(case, window=Sums({**case.window.columns, "adds_to_cart": carts}, "USD", case.size))


def idle(case: Case, share: float, bought: float = 0.0, *, now: bool = False) -> Case:
    """The first ad's page had nothing to sell while this share of its money was spent."""
    spent = with_first(np.zeros(case.size), float(case.window.column("spend")[0]) * share)
    none = np.zeros(case.size)
    columns = {"spend": spent, "matured_spend": spent, "purchases": with_first(none, bought), "purchase_value": none}
    return replace(
        case,
        page_troubles=[("sold_out",), *[()] * (case.size - 1)],
        idle=Sums(columns, "USD", case.size),
        idle_now=with_first(none, float(now)) > 0,
    )


def with_purchases(case: Case, first: float) -> Case:
    """As many purchases of the first ad, and carts of all ads as ever."""
    window = {**case.window.columns, "purchases": with_first(case.window.column("purchases"), first)}
    window["adds_to_cart"] = np.round(case.window.column("link_clicks") * 0.09)
    window["purchase_value"] = window["purchases"] * 60.0
    return replace(case, window=Sums(window, "USD", case.size))


def paying(case: Case, checkouts: float, bought: float, hoped: float) -> Case:
    """Half of an account's checkouts are paid, in these weeks and in ninety days; of the first ad's, as a test says."""
    clicks = case.window.column("link_clicks")
    begun = with_first(np.round(clicks * 0.06), checkouts / 3)
    window = {
        **case.window.columns,
        "checkouts": begun,
        "purchases": with_first(np.round(begun / 2), round(bought / 3)),
    }
    usual = begun * 3
    quarter = {
        "checkouts": with_first(usual, checkouts),
        "purchases": with_first(np.round(usual / 2), bought),
        "hoped": with_first(usual / 2, hoped),
    }
    return replace(case, window=Sums(window, "USD", case.size), paying=Sums(quarter, "USD", case.size))
