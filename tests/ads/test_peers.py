"""An ad is compared with ads of campaigns for the same thing, and it is said with whom."""

from collections import Counter
from dataclasses import replace

import numpy as np

from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.peers import peers_of
from brandhound.ads.diagnosing.verdicts import Among
from tests.ads.judged_accounts import account, codes, with_first

SALES, TRAFFIC = "OUTCOME_SALES", "OUTCOME_TRAFFIC"
OF_CLICKS = {"low_click_rate", "very_low_click_rate", "dear_clicks"}


def of_two_kinds(sales: int = 10, traffic: int = 30, *, seed: int = 1, first: float = 0.01) -> Case:
    """Sales ads that one in a hundred clicks, beside traffic ads that three do."""
    ctr = with_first(np.concatenate([np.full(sales, 0.01), np.full(traffic, 0.03)]), first)
    n = sales + traffic
    case, *_ = account(seed, n, changes={"ctr": ctr, "money": np.full(n, 60.0), "cost": np.full(n, 40.0)})
    return replace(case, objectives=[SALES] * sales + [TRAFFIC] * traffic)


def test_sales_ads_are_not_held_against_traffic_ads() -> None:
    said = Counter(
        code for seed in range(5) for verdict in judge(of_two_kinds(seed=seed))[:10] for code in codes(verdict)
    )
    assert not said["low_click_rate"] + said["very_low_click_rate"]
    assert said["dear_clicks"] / 50 <= 0.05


def test_one_that_is_worse_than_its_own_kind_is_named_beside_them() -> None:
    verdict = judge(of_two_kinds(first=0.003))[0]
    said = {one.rule: one for one in verdict.diagnoses}
    assert said["very_low_click_rate"].among == Among(10, "sales", "video")
    (ctr, *_) = said["very_low_click_rate"].evidence
    assert ctr.value is not None
    assert ctr.value < 0.005
    assert ctr.other is not None
    assert ctr.other < 0.012


def test_three_of_a_kind_are_not_held_against_another_one() -> None:
    for verdict in judge(of_two_kinds(3, 37))[:3]:
        assert not codes(verdict) & OF_CLICKS
        assert dict(verdict.unsaid)["low_click_rate"] == "ads"


def test_ads_of_whose_campaign_nothing_is_known_are_held_against_all() -> None:
    case, *_ = account(1, 40, changes={"ctr": with_first(np.full(40, 0.012), 0.003), "money": np.full(40, 60.0)})
    verdict = judge(replace(case, objectives=["", "", *[SALES] * 38]))[0]
    (said,) = [one for one in verdict.diagnoses if one.rule == "very_low_click_rate"]
    assert said.among == Among(40, None, "video")


def test_where_all_are_of_one_kind_nothing_else_is_learnt_of_them() -> None:
    case, *_ = account(2)
    (one,) = peers_of(case)
    assert one.members.all()
    assert [circle.case for circle in one.circles] == [case]
    assert judge(replace(case, objectives=[TRAFFIC] * 20 + ["LINK_CLICKS"] * 20)) == judge(
        replace(case, objectives=["TRAFFIC"] * 40)
    )


def test_videos_stand_apart_from_stills_only_where_they_surely_differ() -> None:
    video = np.arange(60) < 30
    alike, *_ = account(1, 60, changes={"ctr": np.full(60, 0.012), "money": np.full(60, 60.0)})
    assert len(peers_of(replace(alike, video=video))) == 1
    ctr = np.where(video, 0.006, 0.02)
    apart, *_ = account(1, 60, changes={"ctr": with_first(ctr, 0.002), "money": np.full(60, 60.0)})
    assert [one.name for one in peers_of(replace(apart, video=video))] == ["sales_video", "sales_still"]
    verdicts = judge(replace(apart, video=video))
    (said,) = [one for one in verdicts[0].diagnoses if one.rule == "very_low_click_rate"]
    assert said.among == Among(30, "sales", "video")
    said_of_others = Counter(code for verdict in verdicts[1:30] for code in codes(verdict))
    assert not said_of_others["low_click_rate"] + said_of_others["very_low_click_rate"]
    few = np.arange(60) < 12
    assert len(peers_of(replace(apart, video=few))) == 1, "twelve videos are too few to tell"
