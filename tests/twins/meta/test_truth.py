"""What the twin tells follows from what is true of its ads, and what is true can be read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.latents import (
    BUYING_BY_OBJECTIVE,
    CLICKS_BY_OBJECTIVE,
    PRICE_BY_OBJECTIVE,
    SATURATION,
    draw_latents,
)
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.worlds import AccountWorld

Ask = Callable[..., Any]


def story(meta: MetaTwin, account: str, name: str) -> Any:
    return next(one for one in meta.truth(account)["stories"] if one["story"] == name)


def truths(meta: MetaTwin, account: str) -> dict[str, Any]:
    return {one["ad_id"]: one for one in meta.truth(account)["ads"]}


def bought(row: Any, kind: str = "purchase") -> float:
    return sum(float(one["value"]) for one in row.get("actions", []) if one["action_type"] == kind)


def days(
    ask: Ask, node: str, since: str, until: str, fields: str = "spend,impressions,actions,inline_link_clicks"
) -> Any:
    span = {"since": since, "until": until}
    return ask(f"{node}/insights", fields=fields, time_range=span, time_increment="1", limit="500")["data"]


def test_half_of_the_ads_starve_and_a_few_get_most(meta: MetaTwin) -> None:
    ads = meta.kept.worlds.of(meta.account("everything")).latents
    assert float(ads.starved.mean()) == pytest.approx(0.5, abs=0.02)
    assert float(ads.winner.mean()) == pytest.approx(0.05, abs=0.01)
    spent = ads.shown * ads.cpm
    assert float(spent[ads.winner].sum() / spent.sum()) > 0.4
    assert float(spent[ads.starved].sum() / spent.sum()) < 0.03


def test_people_who_have_seen_an_ad_click_less_by_the_known_law(meta: MetaTwin, ask: Ask) -> None:
    told, ads = story(meta, "tallow-eu", "true_fatigue"), truths(meta, "tallow-eu")
    assert len(told["ads"]) == 3
    for ad in told["ads"]:
        truth = ads[ad]
        assert truth["is_tired"]
        assert truth["tired"] == pytest.approx((truth["exposure"] + 1) ** SATURATION, rel=0.01)
        rows = days(ask, ad, "2026-11-03", "2026-11-09")
        clicks = sum(float(row.get("inline_link_clicks", 0)) for row in rows)
        shown = sum(float(row["impressions"]) for row in rows)
        assert clicks / shown == pytest.approx(truth["ctr"] * truth["tired"], rel=0.2)
    # Daily frequency shows nothing of it, that of the window does.
    one = ask(f"{told['ads'][0]}/insights", fields="frequency", date_preset="last_28d")["data"][0]
    daily = [
        float(r["frequency"]) for r in days(ask, told["ads"][0], "2026-11-03", "2026-11-09", "frequency,impressions")
    ]
    assert max(daily) < 1.8
    assert float(one["frequency"]) > 3
    tired = [one for one in ads.values() if one["is_tired"]]
    assert len(tired) < 0.15 * len(ads)


def test_a_bad_page_sells_nothing_to_those_who_stop_and_click(meta: MetaTwin, ask: Ask) -> None:
    told = story(meta, "tallow-eu", "strong_hook_bad_page")
    own = ask(f"{told['ads'][0]}/insights", fields="impressions,actions,inline_link_clicks", date_preset="last_30d")[
        "data"
    ][0]
    whole = ask(
        f"{meta.account('tallow-eu').act}/insights",
        fields="impressions,actions,inline_link_clicks",
        date_preset="last_30d",
    )
    everything = whole["data"][0]
    views = [bought(row, "video_view") / float(row["impressions"]) for row in (own, everything)]
    sales = [bought(row) / float(row["inline_link_clicks"]) for row in (own, everything)]
    assert views[0] > 1.5 * views[1]
    assert sales[0] < 0.4 * sales[1]


def test_a_starved_winner_has_the_best_return_and_hardly_any_spend(meta: MetaTwin) -> None:
    told, ads = story(meta, "tallow-eu", "starved_winner"), truths(meta, "tallow-eu")
    ranked = sorted(ads, key=lambda ad: ads[ad]["return"], reverse=True)
    assert {ranked.index(ad) for ad in told["ads"]} <= set(range(6))
    assert all(ads[ad]["is_starved"] and ads[ad]["shown_a_day"] < 250 for ad in told["ads"])


def test_one_picture_is_in_nine_ads(meta: MetaTwin, ask: Ask) -> None:
    told = story(meta, "tallow-eu", "nine_times_the_same")["ads"]
    assert len(told) == 9
    ads = ask("", ids=",".join(told), fields="adset_id,creative{image_hash,body}")
    assert len({ad["creative"]["image_hash"] for ad in ads.values()}) == 1
    assert len({ad["creative"]["body"] for ad in ads.values()}) == 1
    assert len({ad["creative"]["id"] for ad in ads.values()}) == 9
    assert len({ad["adset_id"] for ad in ads.values()}) > 1


def test_an_outage_of_tracking_hits_all_ads_and_no_click(meta: MetaTwin, ask: Ask) -> None:
    told, act = story(meta, "morrow-jp", "tracking_outage"), meta.account("morrow-jp").act
    rows = {row["date_start"]: row for row in days(ask, act, "2026-10-20", "2026-11-09")}
    out = {d for d in rows if told["since"] <= d <= told["until"]}
    assert len(out) == 4
    inside, outside = ([bought(rows[d], "landing_page_view") for d in group] for group in (out, rows.keys() - out))
    assert np.mean(inside) < 0.1 * np.mean(outside)
    clicks = [[float(rows[d]["inline_link_clicks"]) for d in group] for group in (out, rows.keys() - out)]
    assert np.mean(clicks[0]) > 0.7 * np.mean(clicks[1])


def test_everything_becomes_dearer_in_an_inflation_and_clicks_stay(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-us").act
    rows = days(ask, act, "2026-10-10", "2026-11-09")
    late, early = rows[-5:], rows[:12]
    cpm = [sum(float(r["spend"]) for r in part) / sum(float(r["impressions"]) for r in part) for part in (late, early)]
    ctr = [
        sum(float(r["inline_link_clicks"]) for r in part) / sum(float(r["impressions"]) for r in part)
        for part in (late, early)
    ]
    assert cpm[0] > 1.45 * cpm[1]
    assert ctr[0] == pytest.approx(ctr[1], rel=0.25)


def test_a_promotion_ends_and_a_stock_runs_out(meta: MetaTwin, ask: Ask) -> None:
    told = {one["story"]: one for one in meta.truth("morrow-uk")["stories"]}
    by_day = {one["day"]: one for one in meta.truth("morrow-uk")["days"]}
    ended = date.fromisoformat(told["promotion_ends"]["until"])
    before, after = by_day[ended.isoformat()], by_day[(ended + timedelta(days=7)).isoformat()]
    assert before["bought"] == pytest.approx(1.7 * after["bought"], rel=0.01)
    assert by_day[told["stock_out"]["since"]]["out_of_stock"] == "product"


def test_what_is_sold_out_is_so_for_those_who_only_saw_the_ad() -> None:
    spec = AccountSpec("sold-out", 9, "Sold out", ads=4000, days=60, always=True, stories=("stock_out",))
    world = AccountWorld(spec, 3, date(2026, 11, 20))
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    told = world.stories[0]
    by_view: list[float] = []
    for first in (told.since or 0, (told.since or 0) - 8):
        since = world.first + timedelta(days=first)
        seen = [
            float(day["bought_view"][np.isin(ads, told.ads)].sum())
            for _, ads, day in world.seen(since, since + timedelta(days=3), now)
        ]
        by_view.append(sum(seen))
    assert by_view[1] > 20
    assert by_view[0] < 0.3 * by_view[1]


def test_ads_that_share_a_creative_lead_to_its_page_however_often_it_is_shared_on() -> None:
    chains = 0
    for seed in range(60):
        latents = draw_latents(AccountSpec("shared", 9, "Shared", ads=400), seed)
        chains += int((latents.creative[latents.creative] != latents.creative).sum())
        for told in (latents.page, latents.format, latents.image):
            assert (told == told[latents.creative]).all()
    assert chains > 10


def test_what_campaigns_are_for_moves_their_ads_only_where_it_is_asked_for() -> None:
    spec = AccountSpec("mixed", 9, "Mixed", ads=4800, stories=("strong_hook_bad_page", "starved_winner"))
    plain, mixed = (AccountWorld(one, 3, date(2026, 11, 20)) for one in (spec, replace(spec, objectives_differ=True)))
    one, other = plain.latents, mixed.latents
    ads = np.arange(one.size)
    for before, after, by_objective in (
        (one.ctr, other.ctr, CLICKS_BY_OBJECTIVE),
        (one.cpm, other.cpm, PRICE_BY_OBJECTIVE),
        (one.cvr, other.cvr, BUYING_BY_OBJECTIVE),
    ):
        assert after == pytest.approx(before * by_objective[other.objective_of(ads)])
    assert (one.objective == 0).mean() > 0.8
    assert 0.4 < (other.objective == 0).mean() < 0.65
    assert plain.stories == mixed.stories
    selling = other.objective_of(np.array([ad for told in mixed.stories for ad in told.ads]))
    assert not selling.any(), "stories about purchases are told of ads that are to bring them"


def test_a_page_that_was_changed_sells_less_to_all_who_come_to_it(meta: MetaTwin, ask: Ask) -> None:
    told, act = story(meta, "tallow-us", "page_changed"), meta.account("tallow-us").act
    own = [{"field": "ad.id", "operator": "IN", "value": told["ads"]}]
    carts: list[float] = []
    for since, until in (("2026-10-10", "2026-10-29"), ("2026-10-30", "2026-11-08")):
        span = {"since": since, "until": until}
        row = ask(f"{act}/insights", fields="actions,inline_link_clicks", time_range=span, filtering=own)["data"][0]
        carts.append(bought(row, "add_to_cart") / float(row["inline_link_clicks"]))
    assert carts[1] < 0.6 * carts[0]
    assert {one["day"]: one["pages"] for one in meta.truth("tallow-us")["days"]}["2026-10-30"] == {"comparison": 0.4}


def test_a_truth_says_how_far_each_story_stands_out(meta: MetaTwin) -> None:
    marks = {one["story"]: one.get("marks") for one in meta.truth("tallow-eu")["stories"]}
    assert len(marks["true_fatigue"]) == 3
    assert all(mark["visible"] and mark["stands_out"] > 8 for mark in marks["true_fatigue"])
    assert all(mark["visible"] is (mark["stands_out"] >= 4.4) for name in marks for mark in marks[name] or ())
    assert marks["flexible_ad"] is None, "it moves no count"
    outage = meta.truth("morrow-jp")["stories"][0]["marks"]
    assert [(mark["ad_id"], mark["visible"]) for mark in outage] == [(None, True)]


def test_what_stands_out_more_is_found_more_often_by_whoever_knows_where_to_look() -> None:
    from brandhound.twins.meta.visible import VISIBLE_FROM, apart

    chance = np.random.default_rng(1)
    for usual in (20.0, 200.0):
        # The count that stands out from the usual one by just as much as is called visible.
        found = (np.sqrt(usual) - VISIBLE_FROM / 2) ** 2
        assert apart(usual, found) == pytest.approx(VISIBLE_FROM)
        limit = np.quantile(chance.poisson(usual, 400_000), 0.001)
        assert (chance.poisson(found, 100_000) <= limit).mean() == pytest.approx(0.9, abs=0.06)


def test_who_only_saw_an_ad_makes_no_share_of_checkouts_more_certain(meta: MetaTwin) -> None:
    from dataclasses import replace

    from brandhound.twins.meta.latents import draw_latents
    from brandhound.twins.meta.visible import expected

    latents = draw_latents(meta.account("morrow-uk"), 7).settled()
    ads = np.arange(latents.size)
    promoted = replace(latents, bought=latents.bought * 1.7)
    seen_by_many = replace(promoted, view_through=promoted.view_through * 100)
    one, other = (expected(told, ads, -5, 60.0) for told in (promoted, seen_by_many))
    assert other["purchases"].sum() > 2 * one["purchases"].sum()
    assert other["paid"].sum() == one["paid"].sum() < one["checkouts"].sum()


def test_another_seed_is_another_world_and_the_same_one_the_same(meta: MetaTwin) -> None:
    from brandhound.twins.meta.latents import draw_latents

    spec = meta.account("tallow-eu")
    assert (draw_latents(spec, 7).ctr == draw_latents(spec, 7).ctr).all()
    assert not (draw_latents(spec, 7).ctr == draw_latents(spec, 8).ctr).all()


def test_the_truth_can_be_fetched(meta: MetaTwin, control: Ask) -> None:
    told = control("GET", "truth/tallow-eu")
    assert {one["story"] for one in told["stories"]} >= {"true_fatigue", "starved_winner", "flexible_ad"}
    assert len(told["ads"]) > 100
