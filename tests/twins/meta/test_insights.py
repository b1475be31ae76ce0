"""Insights add up where they should and only there, come in late as Meta's do, and refuse what Meta refuses."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from brandhound.twins.meta import MetaTwin

Ask = Callable[..., Any]
WEEK = {"since": "2026-11-01", "until": "2026-11-07"}


def action(row: Any, kind: str, window: str = "value", field: str = "actions") -> float:
    entries = [one for one in row.get(field, []) if one["action_type"] == kind]
    assert len(entries) <= 1
    return float(entries[0].get(window, 0)) if entries else 0.0


def total(rows: list[Any], field: str) -> float:
    return sum(float(row.get(field, 0)) for row in rows)


def test_days_add_up_to_the_window_but_people_do_not(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    asked = {"fields": "ad_id,impressions,reach,spend,clicks,frequency,actions", "level": "ad", "limit": "2000"}
    days = ask(f"{act}/insights", time_range=WEEK, time_increment="1", **asked)["data"]
    whole = ask(f"{act}/insights", time_range=WEEK, **asked)["data"]
    assert total(days, "impressions") == total(whole, "impressions") > 0
    assert total(days, "spend") == pytest.approx(total(whole, "spend"), abs=0.01)
    for row in whole:
        own = [float(day["reach"]) for day in days if day["ad_id"] == row["ad_id"]]
        assert max(own) <= float(row["reach"]) <= sum(own)
    bought = sum(action(day, "purchase") for day in days)
    assert bought == sum(action(row, "purchase") for row in whole) > 0


def test_each_level_tells_the_same_total(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-us").act
    states = [{"field": "ad.effective_status", "operator": "NOT_IN", "value": ["NOTHING"]}]
    found = {
        level: ask(
            f"{act}/insights",
            fields="spend,reach,impressions",
            level=level,
            time_range=WEEK,
            limit="500",
            filtering=states,
        )["data"]
        for level in ("ad", "adset", "campaign", "account")
    }
    assert len(found["account"]) == 1
    spend = float(found["account"][0]["spend"])
    assert all(total(rows, "spend") == pytest.approx(spend, abs=0.01) for rows in found.values())
    assert float(found["account"][0]["reach"]) < total(found["ad"], "reach")


def test_deleted_ads_count_for_the_account_and_are_not_listed(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("everything").act
    span = {"since": "2026-08-01", "until": "2026-08-01"}
    meta.kept.insights.most_rows = 100_000
    whole = ask(f"{act}/insights", fields="spend", time_range=span)["data"]
    listed = ask(f"{act}/insights", fields="spend", level="campaign", time_range=span, limit="5000")["data"]
    ads = [ask(f"{act}/insights", fields="spend", level="ad", time_range=span, limit="5000")]
    while "next" in ads[-1]["paging"]:
        after = ads[-1]["paging"]["cursors"]["after"]
        ads.append(ask(f"{act}/insights", fields="spend", level="ad", time_range=span, limit="5000", after=after))
    assert total(listed, "spend") == pytest.approx(total(whole, "spend"), abs=0.01)
    assert sum(total(page["data"], "spend") for page in ads) < total(whole, "spend")


def test_numbers_are_texts_and_yen_have_no_cents(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("morrow-jp").act
    row = ask(f"{act}/insights", fields="spend,impressions,account_currency,action_values", time_range=WEEK)["data"][0]
    assert row["account_currency"] == "JPY"
    assert row["spend"].isdigit()
    assert action(row, "purchase", field="action_values") == int(action(row, "purchase", field="action_values"))


def test_windows_are_told_apart_and_contain_each_other(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    windows = ["1d_click", "7d_click", "28d_click", "1d_view"]
    rows = ask(
        f"{act}/insights",
        fields="ad_id,actions,action_values,attribution_setting",
        level="ad",
        time_range={"since": "2026-09-20", "until": "2026-09-26"},
        action_attribution_windows=windows,
        limit="500",
    )["data"]
    settings = {row["attribution_setting"] for row in rows}
    assert {"7d_click_1d_view", "1d_click"} <= settings
    for row in rows:
        day, week, month, view = (action(row, "purchase", window) for window in windows)
        assert day <= week <= month
        expected = {"1d_click": day, "7d_click": week, "7d_click_1d_view": week + view}[row["attribution_setting"]]
        assert action(row, "purchase") == expected
        assert action(row, "purchase") == action(row, "omni_purchase")
        assert action(row, "offsite_conversion.fb_pixel_purchase") <= action(row, "purchase")


@pytest.mark.parametrize("window", ["7d_view", "28d_view"])
def test_windows_that_meta_removed_are_refused(meta: MetaTwin, ask: Ask, window: str) -> None:
    error = ask(f"{meta.account('tallow-eu').act}/insights", action_attribution_windows=[window])["error"]
    assert error["code"] == 100
    assert window in error["message"]


def test_what_meta_refuses_is_refused(meta: MetaTwin, ask: Ask) -> None:
    act = f"{meta.account('tallow-eu').act}/insights"
    assert ask(act, fields="spend,nonsense")["error"]["code"] == 100
    assert ask(act, time_range={"since": "2023-09-01", "until": "2026-11-01"})["error"]["code"] == 3018
    assert "data" in ask(act, time_range={"since": "2023-10-11", "until": "2023-10-12"})
    assert ask(act, breakdowns="dma")["error"]["code"] == 100
    wrong = ask(act, breakdowns="age,publisher_platform")["error"]
    assert (wrong["code"], wrong["error_subcode"]) == (2, 1504041)
    old = {"since": "2025-09-01", "until": "2025-09-02"}
    assert ask(act, fields="reach", breakdowns="age", time_range=old)["error"]["code"] == 100
    assert "data" in ask(act, fields="spend", breakdowns="age", time_range=old)
    assert ask(act, time_range={"since": "2026-11-02", "until": "2026-11-01"})["error"]["code"] == 100


def test_breakdowns_add_up_to_what_they_break_down(meta: MetaTwin, ask: Ask) -> None:
    act = f"{meta.account('tallow-eu').act}/insights"
    whole = ask(act, fields="spend,impressions,actions", time_range=WEEK)["data"][0]
    parts = ask(act, fields="spend,impressions,actions", time_range=WEEK, breakdowns="age,gender", limit="500")["data"]
    assert len(parts) == 24
    assert total(parts, "impressions") == float(whole["impressions"])
    assert total(parts, "spend") == pytest.approx(float(whole["spend"]), abs=0.01)
    assert sum(action(part, "purchase") for part in parts) == action(whole, "purchase")
    regions = ask(act, fields="actions", time_range=WEEK, breakdowns="region")["data"]
    assert not any(action(part, "purchase") for part in regions)
    assert sum(action(part, "link_click") for part in regions) == action(whole, "link_click")


def test_the_assets_of_a_flexible_ad_are_told_apart(meta: MetaTwin, ask: Ask) -> None:
    story = next(s for s in meta.truth("tallow-eu")["stories"] if s["story"] == "flexible_ad")
    asked = {"fields": "spend,impressions", "date_preset": "last_30d", "breakdowns": "image_asset"}
    parts = ask(f"{story['ads'][0]}/insights", **asked)["data"]
    best = max(parts, key=lambda part: float(part["spend"]))
    creative = ask(story["ads"][0], fields="creative{asset_feed_spec}")["creative"]
    hashes = [image["hash"] for image in creative["asset_feed_spec"]["images"]]
    assert len(parts) == len(hashes) == 5
    assert hashes.index(best["image_asset"]["hash"]) == story["facts"]["best_image"]


def test_purchases_of_a_day_come_in_late_and_never_go(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-us").act
    day = {"since": "2026-11-08", "until": "2026-11-08"}
    seen: list[tuple[float, float]] = []
    for age in (1, 2, 4, 8, 29, 40):
        meta.set_clock(datetime(2026, 11, 8, 20, tzinfo=ZoneInfo("America/Los_Angeles")) + timedelta(days=age))
        row = ask(f"{act}/insights", fields="spend,actions", time_range=day, action_attribution_windows=["28d_click"])
        seen.append((action(row["data"][0], "purchase", "28d_click"), float(row["data"][0]["spend"])))
    counts = [count for count, _ in seen]
    assert counts == sorted(counts)
    assert counts[0] < counts[-2] == counts[-1]
    # Clicks that were none are taken off within three days.
    assert seen[0][1] > seen[2][1] == seen[-1][1]


def test_the_same_moment_always_tells_the_same(meta: MetaTwin, ask: Ask) -> None:
    asked = {"fields": "ad_id,spend,actions,reach", "level": "ad", "date_preset": "last_3d", "limit": "300"}
    path = f"{meta.account('morrow-uk').act}/insights"
    before = ask(path, **asked)
    meta.advance(timedelta(days=2))
    later = ask(path, **asked)
    meta.advance(timedelta(days=-2))
    meta.kept.insights._tables.clear()  # pyright: ignore[reportPrivateUsage]
    assert json.dumps(ask(path, **asked)) == json.dumps(before) != json.dumps(later)


def test_a_week_was_told_wrong_until_it_was_put_right(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("morrow-uk").act
    week = {"since": "2026-10-20", "until": "2026-10-26"}
    asked = {"fields": "spend,actions", "time_range": week}
    meta.set_clock(datetime(2026, 11, 3, 12, tzinfo=ZoneInfo("Europe/London")))
    wrong = ask(f"{act}/insights", **asked)["data"][0]
    meta.set_clock(datetime(2026, 11, 5, 12, tzinfo=ZoneInfo("Europe/London")))
    right = ask(f"{act}/insights", **asked)["data"][0]
    assert action(wrong, "purchase") < 0.9 * action(right, "purchase")
    assert float(wrong["spend"]) > 1.03 * float(right["spend"])


def test_late_refunds_take_value_and_leave_the_purchases(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("morrow-uk").act
    asked = {"fields": "actions,action_values", "time_range": {"since": "2026-10-01", "until": "2026-10-07"}}
    meta.set_clock(datetime(2026, 10, 16, 12, tzinfo=ZoneInfo("Europe/London")))
    early = ask(f"{act}/insights", action_attribution_windows=["1d_click"], **asked)["data"][0]
    meta.set_clock(datetime(2026, 11, 10, 12, tzinfo=ZoneInfo("Europe/London")))
    late = ask(f"{act}/insights", action_attribution_windows=["1d_click"], **asked)["data"][0]
    assert action(late, "purchase", "1d_click") == action(early, "purchase", "1d_click")
    value = [action(row, "purchase", "1d_click", "action_values") for row in (early, late)]
    assert value[1] < 0.97 * value[0]


def test_today_is_told_as_far_as_it_has_come(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    zone, told = ZoneInfo("Europe/Berlin"), list[float]()
    for hour in (3, 9, 15, 21):
        meta.set_clock(datetime(2026, 11, 10, hour, tzinfo=zone))
        told.append(total(ask(f"{act}/insights", fields="impressions", date_preset="today")["data"], "impressions"))
    assert told == sorted(told)
    assert 0 < told[0] < 0.2 * told[-1]
    meta.set_clock(datetime(2026, 11, 10, 0, 30, tzinfo=zone))
    # It is still yesterday in Los Angeles.
    us = ask(f"{meta.account('tallow-us').act}/insights", fields="impressions", date_preset="today")["data"]
    assert us[0]["date_start"] == "2026-11-09"


def test_days_are_as_long_as_their_zone_makes_them(meta: MetaTwin) -> None:
    world = meta.kept.worlds.of(meta.account("tallow-eu"))
    hours = {
        day: (world.midnight(world.number(day) + 1) - world.midnight(world.number(day))) / timedelta(hours=1)
        for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1))
    }
    assert list(hours.values()) == [23, 25, 24]


def test_an_action_can_be_missing_for_a_while(meta: MetaTwin, ask: Ask, control: Ask) -> None:
    control("PUT", "hidden_actions", [{"action": "purchase", "since": "2026-11-03", "until": "2026-11-04"}])
    days = ask(f"{meta.account('tallow-eu').act}/insights", fields="actions", time_range=WEEK, time_increment="1")[
        "data"
    ]
    missing = [day["date_start"] for day in days if not action(day, "purchase")]
    assert missing == ["2026-11-03", "2026-11-04"]
    assert all(action(day, "omni_purchase") for day in days)


def test_videos_are_watched_less_and_less(meta: MetaTwin, ask: Ask) -> None:
    fields = (
        "impressions,video_play_actions,video_continuous_2_sec_watched_actions,actions,video_p25_watched_actions,"
        "video_p50_watched_actions,video_p75_watched_actions,video_p100_watched_actions,video_play_curve_actions"
    )
    rows = ask(f"{meta.account('tallow-eu').act}/insights", fields=fields, level="ad", time_range=WEEK, limit="500")[
        "data"
    ]
    watched = [row for row in rows if "video_play_actions" in row]
    assert watched
    for row in watched:
        steps = [float(row["impressions"]), float(row["video_play_actions"][0]["value"])]
        steps.append(float((row.get("video_continuous_2_sec_watched_actions") or [{"value": 0}])[0]["value"]))
        steps.append(action(row, "video_view"))
        for part in ("p25", "p50", "p75", "p100"):
            steps.append(float((row.get(f"video_{part}_watched_actions") or [{"value": 0}])[0]["value"]))
        assert steps == sorted(steps, reverse=True)
        curve = row["video_play_curve_actions"][0]["value"]
        assert len(curve) == 22
        assert curve == sorted(curve, reverse=True)


def test_increments_cut_the_range_and_the_last_part_may_be_shorter(meta: MetaTwin, ask: Ask) -> None:
    act = f"{meta.account('tallow-eu').act}/insights"
    parts = ask(act, fields="spend", time_range={"since": "2026-10-01", "until": "2026-10-10"}, time_increment="4")[
        "data"
    ]
    assert [(p["date_start"], p["date_stop"]) for p in parts] == [
        ("2026-10-01", "2026-10-04"),
        ("2026-10-05", "2026-10-08"),
        ("2026-10-09", "2026-10-10"),
    ]
    months = ask(
        act, fields="spend", time_range={"since": "2026-09-15", "until": "2026-11-05"}, time_increment="monthly"
    )
    assert [p["date_stop"] for p in months["data"]] == ["2026-09-30", "2026-10-31", "2026-11-05"]
    assert ask(act, fields="spend", time_increment="91")["error"]["code"] == 100


def test_actions_without_their_type_cannot_be_told_apart(meta: MetaTwin, ask: Ask) -> None:
    act = f"{meta.account('tallow-eu').act}/insights"
    row = ask(act, fields="actions", time_range=WEEK, action_breakdowns=["action_device"])["data"][0]
    assert all("action_type" not in one and "action_device" in one for one in row["actions"])
    row = ask(act, fields="actions", time_range=WEEK, action_breakdowns=["action_type", "action_device"])["data"][0]
    assert {one["action_device"] for one in row["actions"]} == {"android_smartphone", "iphone", "desktop"}


def test_what_is_bought_can_be_told_for_the_day_on_which_it_was_bought(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    asked: dict[str, Any] = {"fields": "ad_id,impressions,spend,actions", "level": "ad", "limit": "5000"}
    month = {"since": "2026-09-01", "until": "2026-10-15"}

    def bought(time: str, since: str = month["since"]) -> dict[str, float]:
        span = {**month, "since": since}
        days = ask(f"{act}/insights", time_range=span, time_increment="1", action_report_time=time, **asked)["data"]
        found: dict[str, float] = {}
        for row in days:
            found[row["date_start"]] = found.get(row["date_start"], 0) + action(row, "purchase")
        return found

    seen, happened = bought("impression"), bought("conversion")
    assert seen != happened
    # Over a long time both are about the same, less what was bought before it and after it.
    assert sum(happened.values()) == pytest.approx(sum(seen.values()), rel=0.1)
    assert bought("mixed") == happened
    # What was bought on a day is what it is, however far back one looks.
    late = bought("conversion", "2026-10-01")
    assert late == {day: count for day, count in happened.items() if day >= "2026-10-01"}
    rows = ask(f"{act}/insights", time_range=month, action_report_time="sometimes", **asked)
    assert rows["error"]["code"] == 100


def test_people_reached_long_ago_are_told_by_breakdown_ten_times_a_day_and_in_reports_alone(
    meta: MetaTwin, ask: Ask
) -> None:
    act = meta.account("tallow-us").act
    span = {"since": "2025-08-01", "until": "2025-08-02"}
    asked: dict[str, Any] = {"fields": "reach,impressions", "breakdowns": "age", "time_range": span}
    assert ask(f"{act}/insights", **asked)["error"]["code"] == 100
    begun = [ask(f"{act}/insights", method="POST", **asked) for _ in range(11)]
    assert ["report_run_id" in one for one in begun] == [True] * 10 + [False]
    assert begun[-1]["error"]["code"] == 613
    meta.advance(timedelta(days=1))
    assert "report_run_id" in ask(f"{act}/insights", method="POST", **asked)
