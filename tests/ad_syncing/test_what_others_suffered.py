"""What users of other extractors reported, once each: the repository and the thread stand with every test."""

from datetime import date, timedelta
from typing import Any

import pytest

from brandhound.ads.meta import facts_of_meta
from brandhound.ads.meta.questions import Question, by_fields, daily_question
from brandhound.ads.meta.reports import _once_each  # pyright: ignore[reportPrivateUsage]
from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.scope import first_day
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.acting import Hidden
from brandhound.twins.meta.faults import Fault
from tests.ad_syncing.accounts import Connected, rows, sync


@pytest.fixture(autouse=True)
def _well_again(meta: MetaTwin, quick: None) -> Any:
    yield
    meta.kept.faults.clear()
    meta.kept.reports.lines.clear()
    meta.kept.insights.hidden = []


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
