"""What users of other extractors reported, once each: the repository and the thread stand with every test."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from brandhound.ads.meta import facts_of_meta, governing
from brandhound.ads.meta.asking import Asker, Method, Said
from brandhound.ads.meta.paging import pages
from brandhound.ads.meta.questions import Question, by_fields, daily_question
from brandhound.ads.meta.reports import _once_each  # pyright: ignore[reportPrivateUsage]
from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.scope import first_day
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.acting import Hidden
from brandhound.twins.meta.faults import Fault
from tests.ad_syncing.accounts import Connected, rows, sync
from tests.ad_syncing.conftest import NOW


@pytest.fixture(autouse=True)
def _well_again(meta: MetaTwin, quick: None) -> Any:
    yield
    meta.kept.faults.clear()
    meta.kept.reports.lines.clear()
    meta.kept.insights.hidden = []
    meta.kept.limits.set({})


async def test_a_report_without_its_values_is_made_again(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """airbytehq/airbyte 31860: an asynchronous report differs from what is asked directly, with null action_values."""
    monkeypatch.setitem(facts_of_meta.limits()["slices"], "direct_rows", 0)
    meta.kept.reports.seconds = 0.05
    meta.kept.reports.lines.append("null_values")
    assert (await sync(shop)).state == "done"
    without = (
        "select count(*) from ad_daily_facts "
        "where purchases > 0 and purchase_value_micros is null and ad_account_id = :account"
    )
    assert await rows(shop, without) == [(0,)]


async def test_purchases_that_vanish_from_the_source_are_kept(meta: MetaTwin, shop: Connected) -> None:
    """airbytehq/airbyte 64554 and 68689: purchases are missing from a day on, without an error."""
    await sync(shop)
    bought = "select sum(purchases), sum(purchase_value_micros) from ad_daily_facts where ad_account_id = :account"
    before = await rows(shop, bought)
    types = facts_of_meta.fields()["actions"]["purchases"]
    meta.kept.insights.hidden = [Hidden(one, date(2026, 1, 1), date(2027, 1, 1), "") for one in types]
    await sync(shop)
    assert await rows(shop, bought) == before


async def test_a_split_keeps_asking_for_reports(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """airbytehq/airbyte 54128: what was split asked directly, and failed again."""
    monkeypatch.setitem(facts_of_meta.limits()["slices"], "direct_rows", 0)
    meta.kept.reports.seconds = 0.05
    meta.kept.reports.lines.extend(["too_much", "too_much"])
    meta.kept.forget_calls()
    assert (await sync(shop)).state == "done"
    assert [
        call for call in meta.kept.calls if call.method == "GET" and call.path.endswith(f"{shop.external_id}/insights")
    ] == []


async def test_what_is_too_much_for_ever_ends_and_says_so(meta: MetaTwin, shop: Connected) -> None:
    """airbytehq/airbyte 38025 and 25383: “reduce the amount of data” was asked for again and again."""
    meta.kept.faults.append(Fault(error="too_much_data", edge="insights", account=shop.external_id, times=None))
    run = await sync(shop)
    assert run.state in ("failed", "partial", "dead")
    assert "too large" in f"{run.outcome} {run.error_detail}"


async def test_what_is_too_much_at_once_is_asked_for_by_days_and_not_by_smaller_pages(
    meta: MetaTwin, shop: Connected
) -> None:
    """facebook/facebook-python-business-sdk 294: ads by day over a month were too much at once, with a limit of 1, too."""
    meta.kept.forget_calls()
    # However small the page: it is the whole question that is too large.
    meta.kept.faults.append(
        Fault(error="too_much_data", edge="insights", account=shop.external_id, method="GET", times=None)
    )
    run = await sync(shop)
    assert run.state == "done", run.error_detail
    told = "select sum(spend_micros), sum(impressions) from {} where {} = :account"
    assert await rows(shop, told.format("ad_daily_facts", "ad_account_id")) == await rows(
        shop, told.format("ad_account_days", "account_id")
    )
    reports = [one for one in meta.kept.calls if one.method == "POST" and one.path.endswith("/insights")]
    assert reports, "it became reports of fewer days"


async def test_an_answer_that_holds_no_rows_where_rows_are_is_asked_for_again(meta: MetaTwin, shop: Connected) -> None:
    """facebook/facebook-python-business-sdk 641: on a late page came something else, and reading all of them broke off."""
    await sync(shop)
    told = "select sum(spend_micros), sum(impressions), count(*) from ad_daily_facts where ad_account_id = :account"
    truth = await rows(shop, told)
    await rows(shop, "delete from ad_daily_facts where ad_account_id = :account returning 1")
    await rows(shop, "delete from ad_syncs returning 1")
    for kind in ("words", "words_for_rows"):
        meta.kept.faults += [Fault(kind, edge="insights", times=2), Fault(kind, edge="ads", times=1)]
    run = await sync(shop)
    assert run.state == "done", run.error_detail
    assert all(fault.happened for fault in meta.kept.faults)
    assert await rows(shop, told) == truth


async def test_the_hundredth_page_is_asked_for_as_the_first_was() -> None:
    """facebook/facebook-python-business-sdk 641: with each page the address got one more token, until it was too long."""

    class Pages:
        """A platform whose address of the next page holds all that it was asked with, and the token."""

        def __init__(self) -> None:
            self.asked: list[dict[str, str]] = []

        async def carry(self, method: Method, path: str, params: Mapping[str, str]) -> Said:
            self.asked.append(dict(params))
            following = urlencode({**params, "access_token": "secret", "after": f"{len(self.asked):04}"})
            told = {"data": [{"id": "1"}], "paging": {"next": f"https://graph.example/{path}?{following}"}}
            return Said(200, {}, json.dumps(told if len(self.asked) < 300 else {"data": []}).encode())

    wire = Pages()
    asker = Asker(wire, governing.governor_of("an-app"), "act_1")
    assert len([page async for page in pages(asker, "act_1/ads", {"fields": "id"}, 25)]) == 300
    assert {tuple(one) for one in wire.asked[1:]} == {("fields", "limit", "after")}
    assert len({len(urlencode(one)) for one in wire.asked[1:]}) == 1


async def test_a_year_is_read_in_parts_and_one_that_goes_wrong_loses_none_of_the_others(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """airbytehq/airbyte 4375: a year could not be read at once, and all of it was lost."""
    monkeypatch.setitem(facts_of_meta.limits()["slices"], "direct_rows", 0)
    meta.kept.reports.seconds = 0.05
    meta.kept.reports.lines.extend(["too_much", "failed"])
    run = await sync(shop, days_back=365)
    assert run.state == "done", run.error_detail
    told = "select sum(spend_micros), count(*) from {} where spend_micros > 0 and {} = :account"
    mine = await rows(shop, told.format("ad_daily_facts", "ad_account_id"))
    theirs = await rows(shop, told.format("ad_account_days", "account_id"))
    assert mine[0][0] == theirs[0][0] > 0
    assert theirs[0][1] > 50, "days of the account"


async def test_a_limit_that_was_passed_is_waited_for_no_longer_than_it_is_told_to_take(
    meta: MetaTwin, shop: Connected
) -> None:
    """airbytehq/airbyte 8773: at 118 % of a limit (80004) everything slept for 47 minutes, whatever had been told."""
    meta.kept.limits.fill(shop.spec, "ads_insights", 118)
    governing.forget()
    run = await sync(shop)
    assert (run.state, run.waiting_for) == ("waiting", "meta"), run.error_detail
    told = meta.kept.limits.headers(shop.spec, "ads_insights")["x-business-use-case-usage"]
    minutes = next(one["estimated_time_to_regain_access"] for one in json.loads(told)[shop.spec.id])
    assert 0 < minutes < 60
    assert run.due_at is not None
    assert NOW < run.due_at <= NOW + timedelta(minutes=minutes + 1)
    assert meta.kept.limits.bounced <= 1, "and it is not tried again meanwhile"


def test_no_breakdown_is_asked_for_beside_conversions() -> None:
    """airbytehq/airbyte 5190: since iOS 14 rows by some breakdowns have no conversions."""
    asked = daily_question(date(2026, 11, 1), date(2026, 11, 1)).params()
    assert {"actions", "action_values"} <= set(asked["fields"].split(","))
    assert "breakdowns" not in asked


def test_beside_single_windows_the_ad_sets_own_setting_is_asked_for() -> None:
    """facebook/facebook-python-business-sdk 694: with a window forced, actions counted by another one were not there."""
    asked = daily_question(date(2026, 11, 1), date(2026, 11, 1)).params()
    assert asked["use_unified_attribution_setting"] == "true"
    assert "attribution_setting" in asked["fields"].split(",")


def test_filters_and_windows_stay_when_a_question_is_split() -> None:
    """airbytehq/airbyte 36998: the status filter was lost when a report was split."""
    question = daily_question(date(2026, 11, 1), date(2026, 11, 4))
    waiting, asked = [question], list[Question]()
    while waiting:
        one = waiting.pop()
        asked.append(one)
        halves = one.halves([str(number) for number in range(4)])
        waiting += halves or ()
    assert all((one.filters, one.windows) == (question.filters, question.windows) for one in asked)
    assert all('"ad.effective_status"' in one.params()["filtering"] for one in asked)
    one_ad = Question("ad", question.since, question.since, question.names, question.filters, ads=("1",))
    halves = one_ad.halves()
    assert halves is not None
    assert by_fields(halves)
    assert {"ad_id", "date_start"} <= set(halves[0].names) & set(halves[1].names)


def test_days_that_may_be_restated_are_read_again_whatever_was_read_before() -> None:
    """airbytehq/airbyte 2828 and 13749: the look-back was lost when there was a state, or a filter."""
    until = date(2026, 11, 20)
    assert first_day(until, 28, AdSync(facts_until=until))[0] == until - timedelta(days=28)
    assert first_day(until, 28, AdSync(facts_until=date(2026, 9, 1)))[0] == date(2026, 9, 1)
    assert first_day(until, 28, AdSync(facts_until=None))[0] == until - timedelta(days=90)
    since, clamped = first_day(until, 1130, AdSync(facts_until=None))
    assert (since.year, since.month, clamped) == (2023, 10, True)


def test_what_meta_would_choose_by_itself_is_said() -> None:
    """dlt-hub/verified-sources 642 and 670: the default action_breakdowns give wrong counts."""
    asked = daily_question(date(2026, 11, 1), date(2026, 11, 1)).params()
    assert asked["action_breakdowns"] == '["action_type"]'
    assert "1d_click" in asked["action_attribution_windows"]


def test_rows_that_differ_in_a_breakdown_are_not_one() -> None:
    """singer-io/tap-facebook 90: without the country in the key rows were lost."""
    told = [{"ad_id": "1", "date_start": "2026-11-01", "country": one} for one in ("DE", "FR", "DE")]
    assert [row["country"] for row in _once_each(told, ("country",))] == ["DE", "FR"]
