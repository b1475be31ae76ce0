"""Nothing is said beside ads that are too few to say what is usual."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.claims import claims
from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.diagnosing.screening import Screen
from brandhound.ads.metrics.summing import Sums
from tests.ads.judged_accounts import account, codes, idle, paying, with_carts, with_purchases

OF_OTHERS = frozenset({"p10", "p25", "median", "mean", "p75", "account"})


def unlike(seed: int, n: int) -> Case:
    """Ads that differ as much as ads do, with everything that can be counted."""
    chance = np.random.default_rng([seed, n])
    changes = {
        "ctr": np.exp(chance.normal(np.log(0.012), 0.8, n)),
        "cost": np.exp(chance.normal(np.log(40), 0.9, n)),
        "money": np.exp(chance.normal(np.log(60), 1.2, n)),
        "often": chance.uniform(1.2, 7, n),
    }
    case, *_ = account(seed, n, changes=changes)
    return paying(with_carts(case, chance.uniform(0.005, 0.1)), float(chance.integers(20, 300)), 9.0, 60.0)


def in_days(case: Case, days: float) -> Case:
    window = {**case.window.columns, "days": np.full(case.size, days)}
    return replace(case, window=Sums(window, "USD", case.size))


def short_cases() -> list[Case]:
    few = [unlike(seed, n) for seed, n in product(range(5), (1, 2, 3, 4))]
    return [*few, *(in_days(unlike(seed, 7), 4.0) for seed in range(3))]


def test_no_claim_is_made_beside_a_baseline_that_lacks_something() -> None:
    looked_at = set[str]()
    for case in [*short_cases(), *(unlike(seed, 12) for seed in range(3))]:
        seen = Screen(0.0, True, False, np.zeros(case.size, np.bool_), np.zeros(case.size, np.bool_))
        for claim in claims(case, seen):
            lacking = any(not case.usual[metric].sufficient for metric in claim.usual)
            assert not lacking or np.isnan(claim.likely).all(), claim.rule
            looked_at |= {claim.rule} if lacking else set()
        for verdict in judge(case):
            for said in verdict.diagnoses:
                beside = {one.metric for one in said.evidence if one.beside in OF_OTHERS}
                assert all(case.usual[metric].sufficient for metric in beside if metric != "spend"), said
    assert looked_at == {rule.code for rule in RULES.values()} - {
        "high_frequency", "rising_frequency", "falling_click_rate", "fatigue", "starved",
    }  # fmt: skip


@pytest.mark.parametrize("n", [2, 3, 4])
def test_where_ads_are_too_few_it_is_said_that_they_are(n: int) -> None:
    for seed in range(8):
        case, *_ = account(seed, n, changes={"money": np.full(n, 60.0)})
        assert case.usual["cpc"].lacks == ("ads",)
        for verdict in judge(case):
            assert not codes(verdict) & {"dear_clicks", "low_click_rate", "very_low_click_rate", "dear_purchases"}
            unsaid = dict(verdict.unsaid)
            assert unsaid["dear_clicks"] == unsaid["low_click_rate"] == unsaid["dear_purchases"] == "ads"


def test_days_of_few_are_named_as_what_lacks() -> None:
    case, *_ = account(2, 7)
    assert {dict(verdict.unsaid)["dear_clicks"] for verdict in judge(in_days(case, 4.0))} == {"ad_days"}


def test_what_a_purchase_may_cost_needs_no_other_ads_and_takes_none_for_a_witness() -> None:
    case, *_ = account(1, 1, changes={"ctr": np.array([0.02]), "cost": np.array([1e9]), "money": np.array([30.0])})
    assert "spend_without_purchases" in codes(judge(replace(case, target=40.0))[0])
    assert not codes(judge(case)[0])
    # One purchase for twice the target is little to go by, and was not learnt from a second ad.
    spend = np.array([85.0])
    once = {**case.window.columns, "spend": spend, "purchases": np.array([1.0]), "impressions": spend * 100}
    assert not codes(judge(replace(case, window=Sums(once, "USD", 1), target=40.0))[0])


def test_an_ad_that_is_alone_is_seen_too_often_by_itself() -> None:
    case, *_ = account(1, 1, changes={"ctr": np.array([0.02]), "often": np.array([6.0])})
    assert "high_frequency" in codes(judge(case)[0])


def test_among_few_ads_one_whose_page_sold_out_is_not_called_healthy() -> None:
    case, *_ = account(1, 4, changes={"money": np.array([20.0, 60, 60, 60])})
    verdict = judge(idle(with_purchases(case, 2), 0.9))[0]
    assert ("dear_purchases", "sold_out") in verdict.unsaid
    assert verdict.health == "unjudged"


def test_what_an_account_does_not_count_is_no_matter_of_too_few_ads() -> None:
    case, *_ = account(1, 40, changes={"money": np.full(40, 60.0)})
    window = {**case.window.columns, "thruplays": np.full(40, np.nan), "adds_to_cart": np.full(40, np.nan)}
    uncounted = replace(case, window=Sums(window, "USD", 40))
    assert uncounted.usual["hold_rate"].ads == 0
    assert not [one for verdict in judge(uncounted) for one in verdict.unsaid if one[1] == "ads"]


def test_sales_ads_that_all_sold_nothing_are_not_called_healthy_where_nothing_says_what_a_purchase_may_cost() -> None:
    case, *_ = account(1, 40, changes={"ctr": np.full(40, 0.012), "money": np.full(40, 60.0)})
    bought = np.where(np.arange(40) < 10, 0.0, case.window.column("purchases"))
    window = Sums({**case.window.columns, "purchases": bought}, "USD", 40)
    mixed = replace(case, window=window, objectives=["OUTCOME_SALES"] * 10 + ["OUTCOME_TRAFFIC"] * 30)
    for verdict in judge(mixed)[:10]:
        assert ("spend_without_purchases", "target") in verdict.unsaid
        assert verdict.health != "healthy"
    assert not any(lack == "target" for verdict in judge(mixed)[10:] for _, lack in verdict.unsaid)
    # With a target it is said.
    assert "spend_without_purchases" in codes(judge(replace(mixed, target=40.0))[0])
