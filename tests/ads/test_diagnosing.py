"""What is said of ads: only what is likely true, with the numbers it comes from, and nothing where too little was seen."""

from dataclasses import replace

import numpy as np
import pytest

from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.rules import RULES, applies
from brandhound.ads.diagnosing.weighing import may_be_said
from brandhound.ads.metrics.summing import Sums
from tests.ads.judged_accounts import account, codes, with_first


def test_an_ad_that_few_click_is_named_in_the_unit_it_is_measured_in() -> None:
    _, ctr, _ = account()
    case, *_ = account(changes={"ctr": with_first(ctr, 0.003)})
    verdict = judge(case)[0]
    assert "very_low_click_rate" in codes(verdict)
    assert "low_click_rate" not in codes(verdict), "the stronger word says it"
    evidence = next(d for d in verdict.diagnoses if d.rule == "very_low_click_rate").evidence[0]
    assert evidence.value is not None
    assert evidence.other is not None
    assert 0.001 < evidence.value < evidence.other < 0.02


def test_a_tracking_outage_kills_no_ad() -> None:
    case, *_ = account(bought=0.02, n=60)
    verdicts = judge(case)
    assert not any({"dear_purchases", "spend_without_purchases"} & codes(verdict) for verdict in verdicts)


def test_rules_for_stopping_follow_what_a_purchase_may_cost() -> None:
    # The same money without a purchase: nine times a target of $50, and not four times one of $120.
    _, _, cost = account()
    money = with_first(np.full(40, 40.0), 450 / 28)
    for target, stopped in ((50.0, True), (120.0, False)):
        case, *_ = account(changes={"cost": with_first(cost / 40 * target * 0.7, 1e9), "money": money})
        verdict = judge(replace(case, target=target))[0]
        assert ("spend_without_purchases" in codes(verdict)) is stopped


def test_ads_stopped_wrongly_are_as_few_as_stated() -> None:
    stopped, wrongly = 0, 0
    for seed in range(12):
        case, _, cost = account(seed, 120, changes=None)
        for verdict, true in zip(judge(replace(case, target=50.0)), cost, strict=True):
            if {"dear_purchases", "spend_without_purchases"} & codes(verdict):
                stopped += 1
                wrongly += bool(true <= 50)
    assert stopped > 50
    assert wrongly / stopped <= 0.06


def test_too_little_is_a_state_of_its_own_and_says_how_much_is_missing() -> None:
    case, *_ = account(changes={"money": with_first(np.full(40, 40.0), 0.5)})
    verdict = judge(case)[0]
    assert verdict.health == "insufficient"
    assert verdict.lacks == ("spend",)
    assert not codes(verdict)
    assert verdict.more_spend is not None
    assert verdict.more_spend > 30


def test_guards_of_money_know_the_currency() -> None:
    case, *_ = account()
    yen = {n: c * (150 if n in ("spend", "purchase_value") else 1) for n, c in case.window.columns.items()}
    small = {n: with_first(c, c[0] / 28) if n in ("spend", "impressions") else c for n, c in yen.items()}
    verdict = judge(replace(case, window=Sums(small, "JPY", 40)))[0]
    assert verdict.lacks == ("spend",), "6,000 yen are not 6,000 dollars"


@pytest.mark.parametrize("currency", ["ISK", "PYG", "KZT"])
def test_ads_of_less_than_a_dollar_are_grey_in_every_currency(currency: str) -> None:
    # 60 krónur are 43 cents.
    columns = {"spend": 60.0, "impressions": 400.0, "link_clicks": 4.0, "purchases": 0.0, "days": 5.0}
    case, *_ = account(n=8)
    window = Sums({**case.window.columns, **{n: np.full(8, c) for n, c in columns.items()}}, currency, 8)
    verdicts = judge(replace(case, window=window))
    assert {(verdict.health, verdict.lacks) for verdict in verdicts} == {("insufficient", ("spend",))}


def test_money_of_a_currency_whose_worth_is_not_known_is_never_enough() -> None:
    case, *_ = account()
    assert {verdict.health for verdict in judge(case)} != {"insufficient"}
    verdicts = judge(replace(case, window=Sums(case.window.columns, "XTS", case.size)))
    assert {(verdict.health, verdict.lacks) for verdict in verdicts} == {("insufficient", ("spend",))}
    assert all(verdict.more_spend is None or np.isfinite(verdict.more_spend) for verdict in verdicts)


def test_a_starved_winner_is_seen_by_its_clicks_where_purchases_are_few() -> None:
    _, ctr, cost = account()
    named = 0
    for seed in range(10):
        # Five dollars' worth a week: about eight purchases in all, and a hundred and fifty clicks.
        case, *_ = account(
            seed,
            changes={
                "ctr": with_first(ctr, 0.03),
                "cost": with_first(cost, 8.0),
                "money": with_first(np.full(40, 40.0), 2.0),
            },
        )
        named += "starved_winner" in codes(judge(case)[0])
    assert named >= 8


def test_a_good_ad_that_gets_no_money_is_a_chance() -> None:
    _, _, cost = account()
    case, *_ = account(changes={"cost": with_first(cost, 9.0), "money": with_first(np.full(40, 40.0), 9.0)})
    verdict = judge(case)[0]
    assert "starved_winner" in codes(verdict)
    assert verdict.health == "healthy"


def test_usual_ads_are_left_alone() -> None:
    said = 0
    for seed in range(10):
        case, *_ = account(seed, 100, changes={"ctr": np.full(100, 0.012), "cost": np.full(100, 40.0)})
        said += sum(bool(codes(verdict)) for verdict in judge(case))
    assert said / 1000 <= 0.05


def test_of_many_claims_few_are_wrong() -> None:
    chance = np.random.default_rng(4)
    likely = chance.beta(0.6, 0.6, 5000)
    true = chance.random(5000) < likely
    said = may_be_said(likely)
    assert said.sum() > 500
    assert 1 - true[said].mean() <= 0.06
    assert not may_be_said(np.array([np.nan, 0.5, 0.79])).any()
    assert may_be_said(np.array([])).shape == (0,)


def test_rules_keep_to_what_a_campaign_is_for() -> None:
    assert not applies(RULES["low_click_rate"], "OUTCOME_AWARENESS")
    assert applies(RULES["low_click_rate"], "OUTCOME_TRAFFIC")
    assert not applies(RULES["dear_purchases"], "OUTCOME_TRAFFIC")
    assert applies(RULES["dear_purchases"], "OUTCOME_SALES")
    assert applies(RULES["high_frequency"], "REACH")


def test_clicks_are_not_dear_because_an_ad_was_only_shown_since_impressions_became_dearer() -> None:
    def one_that_is_new(ctr: float) -> Case:
        _, usual, _ = account()
        case, *_ = account(changes={"ctr": with_first(usual, ctr), "money": np.full(40, 60.0)}, cpm=17.5)
        before = {name: with_first(column, 0.0) for name, column in case.before.columns.items()}
        window = {
            name: with_first(column, float(case.recent.columns[name][0]))
            for name, column in case.window.columns.items()
        }
        return replace(case, before=Sums(before, "USD", 40), window=Sums(window, "USD", 40))

    assert "dear_clicks" not in codes(judge(one_that_is_new(0.0118))[0])
    assert "dear_clicks" in codes(judge(one_that_is_new(0.006))[0]), "it is dear at the price of before, too"
