"""When people are tired of an ad, and what must not be taken for it."""

from dataclasses import replace

import numpy as np

from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.metrics.summing import Sums
from tests.ads.judged_accounts import account, codes, tired, with_first


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
