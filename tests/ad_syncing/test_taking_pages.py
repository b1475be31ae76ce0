"""Pages are stored as they come, what a limit interrupts is read on from there, and nothing is asked for twice."""

import json
from datetime import timedelta
from typing import Any

import pytest

from brandhound.ads.meta import facts_of_meta, governing
from brandhound.ads.meta.money import Unreadable, exact
from brandhound.ads.syncing import describing
from brandhound.ads.syncing.counting import Begun, Slice, Wave, count_wave
from brandhound.ads.syncing.counting_wholes import count_account
from brandhound.ads.syncing.scope import Scope, SyncAccount, open_scope
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.acting import Hidden
from brandhound.twins.meta.entities import entities
from brandhound.twins.meta.faults import Fault
from brandhound.twins.meta.reports import Timeline
from tests.ad_syncing.accounts import Connected, facts, rows, sync


@pytest.fixture(autouse=True)
def _well_again(meta: MetaTwin, quick: None) -> Any:
    yield
    meta.kept.faults.clear()
    meta.kept.insights.hidden = []


async def test_a_limit_in_the_middle_of_a_report_costs_no_page_that_was_read(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = facts_of_meta.limits()
    monkeypatch.setitem(limits["slices"], "direct_rows", -1)
    monkeypatch.setitem(limits["page"], "report", 100)
    meta.kept.reports.seconds = 0.05
    parameters = SyncAccount.model_validate({"ad_account_id": shop.id, "days_back": 30})
    async with tenant_session(shop.organization_id) as db:
        scope = await open_scope(db, uuid7(), parameters)
    assert isinstance(scope, Scope)
    days = [Slice(since=scope.until - timedelta(days=30), until=scope.until)]
    # Begun, looked at, and its first pages; then there is a limit, for longer than a worker sits through.
    meta.kept.faults.append(Fault(error="limit_insights", edge="insights", method="GET", on_call=4))
    first = await count_wave(scope, days)
    assert (first.done, first.wait_until is not None) == ([], True)
    assert len(await facts(shop)) == 300
    governing.forget()
    second = await count_wave(scope, days, first.begun)
    assert second.done == days
    assert second.rows == len(await facts(shop)) == first.added + second.added
    reading = [one for one in meta.kept.calls if one.path.endswith("/insights") and not one.code]
    assert [one.method for one in reading].count("POST") == 1
    assert [one.method for one in reading].count("GET") == -(-second.rows // 100)
    assert await rows(shop, "select count(*) from ad_restatements") == [(0,)]


@pytest.mark.parametrize("too_much", [1, 6])
async def test_a_limit_in_the_middle_of_what_was_made_smaller_asks_for_nothing_twice(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch, too_much: int
) -> None:
    """Once made smaller it is two stretches of days; and six times two parts of the ads of one day."""
    limits = facts_of_meta.limits()
    monkeypatch.setitem(limits["slices"], "direct_rows", -1)
    meta.kept.reports.seconds = 0.05
    lines: list[Timeline] = ["too_much"] * too_much
    meta.kept.reports.lines.extend(lines)
    await sync(shop, days_back=1)
    await rows(shop, "delete from ad_daily_facts returning 1")
    meta.kept.reports.lines.extend(lines)
    parameters = SyncAccount.model_validate({"ad_account_id": shop.id, "days_back": 30})
    async with tenant_session(shop.organization_id) as db:
        scope = await open_scope(db, uuid7(), parameters)
    assert isinstance(scope, Scope)
    days, begun, waits = [Slice(since=scope.until - timedelta(days=30), until=scope.until)], list[Begun](), 0
    meta.kept.forget_calls()
    # The first two reports that are read are interrupted by a limit before their first page, one after the other.
    meta.kept.faults += [
        Fault(error="limit_insights", edge="insights", method="GET", on_call=number) for number in (1, 1)
    ]
    while True:
        governing.forget()
        wave = await count_wave(scope, days, begun)
        if wave.done:
            break
        # As it is remembered with the run.
        begun, waits = Wave.model_validate_json(wave.model_dump_json()).begun, waits + 1
    assert waits == 2
    assert wave.done == days
    told = [one for one in meta.kept.calls if not one.code]
    assert [one.method for one in told if one.path.endswith("/insights")].count("POST") == 1 + 2 * too_much
    pages = [one.path for one in told if one.method == "GET" and one.path.endswith("/insights")]
    assert len(pages) == len(set(pages)) == 1 + too_much
    ours = "select sum(spend_micros), count(*) from ad_daily_facts where ad_account_id = :account"
    spend, count = (await rows(shop, ours))[0]
    assert wave.rows == count > 300
    await count_account(scope)
    theirs = "select sum(spend_micros) from ad_account_days where account_id = :account and day >= :since"
    assert await rows(shop, theirs, since=days[0].since) == [(spend,)]


async def test_actions_are_there_by_type_and_window_and_stay_when_the_source_forgets_them(
    meta: MetaTwin, shop: Connected
) -> None:
    await sync(shop)
    differing = (
        "select count(*), count(*) filter (where (a.counts #>> '{omni_purchase,default}')::numeric <> f.purchases),"
        " count(*) filter (where (a.worth_micros #>> '{omni_purchase,default}')::int8 <> f.purchase_value_micros),"
        " count(*) filter (where a.counts #> '{omni_purchase,7d_click}' is not null)"
        " from ad_daily_facts f join ad_action_values a using (ad_id, day) where f.purchases > 0"
    )
    bought, otherwise, worth_otherwise, windows = (await rows(shop, differing))[0]
    assert bought > 20
    assert (otherwise, worth_otherwise) == (0, 0)
    assert windows > 20
    once = "select ad_id, day, counts, worth_micros, xmin::text from ad_action_values order by ad_id, day"
    before = await rows(shop, once)
    assert not [one for one in before if {"link_click", "video_view"} & one[2].keys()]
    meta.kept.insights.hidden = [Hidden("omni_purchase", clock.today("UTC") - timedelta(days=90), clock.today("UTC"))]
    await sync(shop)
    # Nothing was written, not even the same once more.
    assert await rows(shop, once) == before


async def test_ads_that_are_listed_in_parts_are_all_described_once(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describing, "_SETS_A_PART", 1)
    monkeypatch.setitem(facts_of_meta.limits()["page"], "ads", 5)
    run = await sync(shop)
    assert run.state == "done", run.error_detail
    lists = [one for one in meta.kept.calls if one.path == f"{shop.external_id}/ads"]
    assert len(lists) > 24 // 5 + 1
    told = await rows(shop, "select count(*), count(creative_id), count(updated_time), count(ad_set_id) from ads")
    there = entities(meta.kept.worlds.of(shop.spec), clock.now()).ads.index.size
    assert told == [(there, there, there, there)]


async def test_a_source_that_cannot_list_parts_is_asked_for_the_whole(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describing, "_SETS_A_PART", 1)
    meta.kept.faults.append(Fault(error="parameter", edge="ads", times=3))
    run = await sync(shop)
    assert run.state == "done", run.error_detail
    there = entities(meta.kept.worlds.of(shop.spec), clock.now()).ads.index.size
    assert await rows(shop, "select count(*), count(creative_id) from ads") == [(there, there)]


async def test_people_reached_are_asked_for_this_week_the_one_before_and_four(shop: Connected) -> None:
    await sync(shop)
    yesterday = clock.today("Europe/Berlin") - timedelta(days=1)
    windows = await rows(shop, "select since, until from ad_window_reach group by 1, 2 order by 1")
    assert windows == [
        (yesterday - timedelta(days=27), yesterday),
        (yesterday - timedelta(days=13), yesterday - timedelta(days=7)),
        (yesterday - timedelta(days=6), yesterday),
    ]


async def test_a_small_limit_is_left_alone_before_the_next_call_would_be_one_too_many() -> None:
    governor, limit = governing.Governor(), "act_1:insights"

    def say(percent: float, minutes: int = 0, seconds: int = 0) -> float:
        entry = {"type": "ads_insights", "call_count": percent, "estimated_time_to_regain_access": minutes}
        told = {
            "x-business-use-case-usage": json.dumps({"1": [entry]}),
            "x-ad-account-usage": json.dumps({"acc_id_util_pct": percent, "reset_time_duration": seconds}),
        }
        governor.heed(told, "act_1", limit)
        return governor.left(limit)

    # Each report takes a sixth of it: at 85 % there is room for no other one.
    assert [say(percent) for percent in (17, 34, 51, 68)] == [0, 0, 0, 0]
    assert 0 < say(85) < 25
    # Full, it is open again when the seconds say so (whole ones, so one more), and not only after the whole minute.
    assert 10 < say(102, minutes=1, seconds=15) <= 16
    # So it is when somebody only looked at a report, whose path does not say which limit that counts against.
    other, limit = "act_2:insights", "act_2"
    entry = {"type": "ads_insights", "call_count": 102, "estimated_time_to_regain_access": 1}
    full = {"acc_id_util_pct": 102, "reset_time_duration": 15}
    headers = {"x-business-use-case-usage": json.dumps({"2": [entry]}), "x-ad-account-usage": json.dumps(full)}
    governor.heed(headers, "act_2", limit)
    assert 10 < governor.left(other) <= 16
    assert governor.left(limit) == 0
    limit = "act_1:insights"
    assert say(102, minutes=5, seconds=15) > 290


@pytest.mark.parametrize(("text", "number"), [("12", "12"), ("0", "0"), ("0.25", "0.25"), (None, "None"), ("", "None")])
def test_counts_are_exact(text: str | None, number: str) -> None:
    assert str(exact(text)) == number


@pytest.mark.parametrize("text", ["many", "NaN", "Infinity", "1,2"])
def test_what_is_no_count_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unreadable):
        exact(text)
