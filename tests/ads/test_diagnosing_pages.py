"""What a page does to the ads that lead to it: the ad is told apart from its page, and from what befell it."""

from dataclasses import replace

import numpy as np

from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.metrics.summing import Sums
from tests.ads.judged_accounts import account, codes, idle, paying, with_carts, with_first, with_purchases


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


def test_an_ad_that_began_when_a_promotion_had_ended_is_held_against_its_own_days() -> None:
    case, *_ = account()
    # Forty checkouts in these weeks, all on days on which 36 of a hundred paid; half did in the middle of the account.
    seen = paying(case, 120, 42, 60)
    begun_late = {name: column.copy() for name, column in seen.paying.columns.items()}
    for name, value in (("checkouts", 120.0), ("purchases", 42.0), ("hoped", 43.0)):
        begun_late[name][0] = value
    window = {name: column.copy() for name, column in seen.window.columns.items()}
    window["checkouts"][0], window["purchases"][0] = 120.0, 32.0
    late = replace(seen, window=Sums(window, "USD", case.size), paying=Sums(begun_late, "USD", case.size))
    assert "lost_at_checkout" not in codes(judge(late)[0])
    # On days on which half of all paid it is the ad.
    begun_late["hoped"][0] = 60.0
    same = replace(late, paying=Sums(begun_late, "USD", case.size))
    assert "lost_at_checkout" in codes(judge(same)[0])
