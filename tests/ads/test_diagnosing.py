"""What is said of ads: only what is likely true, with the numbers it comes from, and nothing where too little was seen."""

from dataclasses import replace

import numpy as np

from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.rules import RULES, applies
from brandhound.ads.diagnosing.verdicts import Verdict
from brandhound.ads.diagnosing.weighing import may_be_said
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


def tired(seed: int = 1) -> dict[str, Column]:
    _, ctr, _ = account(seed)
    return {
        "ctr": with_first(ctr, 0.016),
        "later_ctr": with_first(ctr, 0.008),
        "money": with_first(np.full(40, 40.0), 100.0),
        "often": with_first(np.full(40, 1.8), 5.4),
    }


def test_people_tire_by_how_often_they_saw_it_in_the_window() -> None:
    case, *_ = account(changes=tired())
    verdict = judge(case)[0]
    assert "fatigue" in codes(verdict)
    assert verdict.health == "critical"
    shown = {e.metric: e.value for e in next(d for d in verdict.diagnoses if d.rule == "fatigue").evidence}
    assert shown["frequency"] is not None
    assert abs(shown["frequency"] - 5.4) < 0.01
    # The same fall, seen once or twice by each: not fatigue.
    case, *_ = account(changes={**tired(), "often": np.full(40, 1.8)})
    assert "fatigue" not in codes(judge(case)[0])
    # And where the source was never asked for the window's reach, days do not stand in for it.
    case, *_ = account(changes=tired())
    blind = replace(case, reach=np.full(40, np.nan))
    assert not {"fatigue", "high_frequency"} & codes(judge(blind)[0])


def test_an_edit_is_not_taken_for_fatigue() -> None:
    case, *_ = account(changes=tired())
    edited = np.zeros(40, np.bool_)
    edited[0] = True
    verdict = judge(replace(case, edited=edited))[0]
    assert "fatigue" not in codes(verdict)
    fall = next(d for d in verdict.diagnoses if d.rule == "falling_click_rate")
    assert fall.explained_by == ("edited",)
    assert verdict.health != "critical"


def test_a_fall_that_all_ads_share_is_no_ads_fatigue() -> None:
    _, ctr, _ = account()
    case, *_ = account(changes={"later_ctr": ctr * 0.7, "often": np.full(40, 5.0)})
    assert not any({"fatigue", "falling_click_rate"} & codes(verdict) for verdict in judge(case))


def test_dearer_impressions_of_the_whole_account_are_not_fatigue() -> None:
    case, *_ = account(cpm=16.0)
    assert not any("fatigue" in codes(verdict) for verdict in judge(case))


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


def test_a_good_ad_before_a_bad_page_is_told_from_a_bad_ad() -> None:
    _, ctr, cost = account()
    case, *_ = account(
        changes={
            "ctr": with_first(ctr, 0.02),
            "cost": with_first(cost, 400.0),
            "money": with_first(np.full(40, 40.0), 120.0),
        }
    )
    assert "lost_on_page" in codes(judge(case)[0])


def with_carts(case: Case, first: float) -> Case:
    """Nine in a hundred who click put something into the cart, but for the first ad."""
    clicks = case.window.column("link_clicks")
    carts = np.round(clicks * with_first(np.full(case.size, 0.09), first))
    return replace(case, window=Sums({**case.window.columns, "adds_to_cart": carts}, "USD", case.size))


def test_an_ad_whose_visitors_leave_a_page_that_works_for_others_does_not_fit_it() -> None:
    case, *_ = account(changes={"money": np.full(40, 40.0)})
    one_page = with_carts(replace(case, pages=["shop.example/chair"] * 40), 0.02)
    verdict = judge(one_page)[0]
    assert "weak_match" in codes(verdict)
    own, clicks = next(d for d in verdict.diagnoses if d.rule == "weak_match").evidence
    assert (own.beside, clicks.metric) == ("page", "link_clicks")
    assert own.value is not None
    assert own.other is not None
    assert own.value < 0.03
    assert own.other > 0.08
    assert sum("weak_match" in codes(one) for one in judge(one_page)) == 1


def test_whether_ad_and_page_fit_is_not_said_without_others_to_compare_with() -> None:
    case, *_ = account(changes={"money": np.full(40, 40.0)})
    alone = with_carts(replace(case, pages=["shop.example/own", *["shop.example/chair"] * 38, None]), 0.02)
    verdicts = judge(alone)
    assert "weak_match" not in codes(verdicts[0])
    assert ("weak_match", "others_on_page") in verdicts[0].unsaid
    assert ("weak_match", "page") in verdicts[39].unsaid
    assert "weak_match" not in dict(verdicts[5].unsaid)


def test_what_befell_its_page_is_named_beside_an_ad_and_held_against_it_no_further() -> None:
    _, _, cost = account()
    case, *_ = account(changes={"cost": with_first(cost, 400.0), "money": with_first(np.full(40, 40.0), 120.0)})
    assert judge(case)[0].health == "critical"
    verdict = judge(replace(case, page_troubles=[("sold_out",), *[()] * 39]))[0]
    assert all(d.explained_by == ("sold_out",) for d in verdict.diagnoses if RULES[d.rule].about == "conversions")
    # Nothing is wrong with it that is known; but neither is it known to do well.
    assert verdict.health == "unjudged"


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


def test_what_was_spent_while_nothing_could_be_had_is_not_held_against_an_ad() -> None:
    usual, *_ = account(changes={"money": with_first(np.full(40, 40.0), 100.0)})
    # 2,800 dollars and 20 purchases: dear, unless they are of half of the days.
    case = with_purchases(usual, 20)
    assert "dear_purchases" in codes(judge(case)[0])
    assert judge(idle(case, 0.6))[0].health == "healthy"
    # Today its money goes where nobody can buy: that is no praise.
    assert judge(idle(case, 0.6, now=True))[0].health == "unjudged"


def test_an_ad_that_is_dear_on_all_the_other_days_as_well_is_not_excused() -> None:
    usual, *_ = account(changes={"money": with_first(np.full(40, 40.0), 200.0)})
    verdict = judge(idle(with_purchases(usual, 12), 0.2, 1.0))[0]
    said = next(d for d in verdict.diagnoses if d.rule == "dear_purchases")
    assert (verdict.health, said.explained_by) == ("critical", ())
    assert [(e.metric, e.span) for e in said.evidence] == [
        ("cost_per_purchase", "selling"), ("spend", "selling"), ("purchases", "selling"),
    ]  # fmt: skip
    cost, spend, purchases = (e.value for e in said.evidence)
    assert (spend, purchases) == (28 * 200 * 0.8, 11)
    assert cost is not None
    assert abs(cost - 28 * 200 * 0.8 / 11) < 0.01


def test_where_too_little_is_left_to_judge_by_it_says_so() -> None:
    usual, *_ = account(changes={"money": with_first(np.full(40, 40.0), 20.0)})
    verdict = judge(idle(with_purchases(usual, 2), 0.9))[0]
    assert verdict.health == "unjudged"
    assert ("dear_purchases", "sold_out") in verdict.unsaid


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


def test_that_few_pay_is_seen_over_ninety_days_where_a_month_has_too_few_checkouts() -> None:
    case, *_ = account()
    seen = paying(case, 60, 9, 30)
    verdict = judge(seen)[0]
    assert "lost_at_checkout" in codes(verdict)
    rate, begun, lately = next(d for d in verdict.diagnoses if d.rule == "lost_at_checkout").evidence
    assert (rate.span, rate.value, rate.other, begun.value, lately.span) == ("quarter", 0.15, 0.5, 60, "window")
    assert "lost_at_checkout" not in codes(judge(replace(seen, paying=Sums({})))[0])


def test_an_ad_that_only_lived_while_all_sold_less_is_not_blamed_for_it() -> None:
    case, *_ = account()
    assert "lost_at_checkout" not in codes(judge(paying(case, 60, 12, 14))[0])


def test_people_tire_of_an_ad_whatever_its_campaign_is_for() -> None:
    case, *_ = account(changes=tired())
    assert "fatigue" in codes(judge(replace(case, objectives=["OUTCOME_AWARENESS"] * 40))[0])


def test_one_large_ad_that_tires_is_not_everybodys_change() -> None:
    changes = tired()
    changes["money"] = with_first(np.full(40, 10.0), 2000.0)
    case, *_ = account(changes=changes)
    verdicts = judge(case)
    assert "fatigue" in codes(verdicts[0])
    assert not any("falling_click_rate" in codes(verdict) for verdict in verdicts[1:])


def test_an_ad_that_began_lately_was_not_cheaper_before() -> None:
    # Three weeks before the last one, of which it was there for one: as much a day as now.
    case, *_ = account(changes=tired())
    days = with_first(np.full(40, 21.0), 7.0)
    part = {n: with_first(c, c[0] / 3) for n, c in case.before.columns.items() if n != "days"}
    young = replace(case, before=Sums({**part, "days": days}, "USD", 40))
    assert "fatigue" in codes(judge(young)[0])


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


def test_that_people_see_it_ever_more_often_takes_two_whole_weeks() -> None:
    case, *_ = account()
    more = replace(case, recent_reach=case.recent.column("impressions") / 3)
    assert "rising_frequency" in codes(judge(more)[0])
    young = {**more.window.columns, "days": np.full(40, 9.0)}
    verdict = judge(replace(more, window=Sums(young, "USD", 40)))[0]
    assert "rising_frequency" not in codes(verdict)
    assert ("rising_frequency", "days") in verdict.unsaid
    unasked = judge(replace(more, before_reach=np.full(40, np.nan)))[0]
    assert ("rising_frequency", "reach") in unasked.unsaid


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
