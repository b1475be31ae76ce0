"""What goes wrong at Meta: nothing is lost, nothing comes twice, and it is said what happened."""

import html
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, get_args
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.ads.meta import facts_of_meta, governing
from brandhound.ads.meta.failing import MetaFailed, Policy
from brandhound.ads.syncing.scope import parked
from brandhound.ads.syncing.stopping_short import kind_of
from brandhound.core import clock
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.faults import Fault
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.reports import Timeline
from tests.ad_syncing.accounts import Connected, connect, facts, rows, run_of, sync, totals
from tests.ad_syncing.conftest import NOW, small
from tests.factories.people import signed_in


@pytest.fixture(autouse=True)
def _well_again(meta: MetaTwin, quick: None) -> Any:
    yield
    meta.kept.faults.clear()
    meta.kept.extra.clear()
    meta.kept.reports.lines.clear()
    meta.kept.insights.hidden = []
    meta.kept.limits.set({})


@pytest.fixture(scope="module")
def account(_one_meta: MetaTwin) -> AccountSpec:
    """One account, which each test connects to an organization of its own."""
    return small(_one_meta)


@pytest.fixture
async def shop(meta: MetaTwin, client: httpx.AsyncClient, organization_id: UUID, account: AccountSpec) -> Connected:
    return await connect(meta, client, organization_id, account)


_in_peace: dict[str, tuple[Any, ...]] = {}


@pytest.fixture
async def truth(meta: MetaTwin, app: FastAPI, account: AccountSpec) -> tuple[Any, ...]:
    """What a sync in peace comes to, told by the twin's own account totals: asked once, by another organization."""
    if account.act not in _in_peace:
        async with signed_in(app) as (client, _):
            quiet = await connect(meta, client, UUID(client.headers["x-organization"]), account)
            await sync(quiet)
            _in_peace[account.act] = await theirs(quiet)
    return _in_peace[account.act]


async def theirs(shop: Connected) -> tuple[Any, ...]:
    statement = (
        "select sum(spend_micros), sum(impressions), sum(clicks) from ad_account_days where account_id = :account"
    )
    return (await rows(shop, statement))[0]


async def ours(shop: Connected) -> tuple[Any, ...]:
    statement = (
        "select sum(spend_micros), sum(impressions), sum(clicks) from ad_daily_facts where ad_account_id = :account"
    )
    return (await rows(shop, statement))[0]


@pytest.mark.parametrize(
    "kind", ["html_502", "html_503", "reset", "half_page", "not_json", "empty", "too_many_requests"]
)
async def test_an_answer_that_is_none_is_asked_for_again(
    meta: MetaTwin, shop: Connected, truth: tuple[Any, ...], kind: Any
) -> None:
    meta.kept.faults += [Fault(kind, edge="insights", times=2), Fault(kind, edge="ads", times=1)]
    run = await sync(shop)
    assert run.state == "done", run.error_detail
    assert await ours(shop) == truth


@pytest.mark.parametrize(
    "error", ["unknown", "temporary", "intermittent", "intermittent_unknown", "reduce", "query_timed_out"]
)
async def test_what_mends_itself_is_waited_for_and_what_is_too_much_is_made_smaller(
    meta: MetaTwin, shop: Connected, truth: tuple[Any, ...], error: str
) -> None:
    meta.kept.faults.append(Fault(error=error, edge="insights", times=2))
    run = await sync(shop)
    assert run.state == "done", run.error_detail
    assert await ours(shop) == truth


async def test_a_token_that_is_taken_back_in_the_middle_keeps_what_came_and_says_so(
    meta: MetaTwin, shop: Connected
) -> None:
    meta.kept.faults.append(Fault(error="removed", edge="insights", on_call=3, times=None))
    run = await sync(shop)
    assert (run.state, run.error_code) == ("failed", "ads/meta-revoked")
    assert (await totals(shop))[0] > 0
    assert await rows(shop, "select state, state_reason, access_token from brand_ad_accounts") == [
        ("revoked", "removed", None)
    ]
    told = (await shop.client.get(f"/api/ad-accounts/{shop.id}/sync")).json()
    assert told["error_code"] == "ads/meta-revoked"
    assert told["trouble"]["says"] == "The application was removed at Meta while the account was being read."
    assert "Reconnect" in told["trouble"]["what_to_do"]


@pytest.mark.parametrize("asked_by", ["nobody", "admin", "analyst"])
async def test_a_sync_that_is_refused_brings_each_reader_one_notice(
    meta: MetaTwin, app: FastAPI, shop: Connected, asked_by: str
) -> None:
    meta.kept.faults.append(Fault(error="removed", edge="insights", on_call=3, times=None))
    async with signed_in(app, shop.organization_id, "analyst") as (analyst, _):
        if asked_by == "nobody":
            await sync(shop)
        else:
            person = shop.client if asked_by == "admin" else analyst
            begun = await person.post(f"/api/ad-accounts/{shop.id}/sync", json={"days_back": 28})
            assert begun.status_code == 202
            await run_until_idle(shop.organization_id, longest_sleep=0.2)
        assert await kinds_told(shop.client) == ["ad_access_lost"]
        # Who may not reconnect is not told of that, but is of a run that they asked for.
        assert await kinds_told(analyst) == (["run_failed"] if asked_by == "analyst" else [])


async def test_a_sync_that_fails_for_another_reason_is_told_of_as_a_run(meta: MetaTwin, shop: Connected) -> None:
    meta.kept.faults.append(Fault(error="capability", edge="ads", times=None))
    await sync(shop)
    assert await kinds_told(shop.client) == ["run_failed"]


async def kinds_told(client: httpx.AsyncClient) -> list[str]:
    return [one["kind"] for one in (await client.get("/api/notifications")).json()["items"]]


@pytest.mark.parametrize(
    ("fault", "code", "helps"),
    [
        (Fault("html_502", edge="ads", times=None), "ads/meta-again", "metastatus.com"),
        (Fault(error="no_role", edge="ads", times=None), "ads/meta-permission", "View performance"),
        (Fault(error="blocked", edge="ads", times=None), "ads/meta-stopped", "developers.facebook.com"),
        (Fault(error="capability", edge="ads", times=None), "ads/meta-permanent", "update"),
    ],
)
async def test_why_a_sync_stopped_is_said_with_what_helps_and_a_page_about_it(
    meta: MetaTwin, shop: Connected, fault: Fault, code: str, helps: str
) -> None:
    meta.kept.faults.append(replace(fault))
    await sync(shop)
    trouble = (await shop.client.get(f"/api/ad-accounts/{shop.id}/sync")).json()["trouble"]
    assert trouble["code"] == code
    assert helps in trouble["what_to_do"]
    assert trouble["said"].startswith("Meta")
    page = await shop.client.get(f"/errors/{code}")
    assert (page.status_code, trouble["says"] in html.unescape(page.text)) == (200, True)
    meta.kept.faults.clear()


def test_every_way_in_which_meta_fails_has_a_page() -> None:
    for policy in get_args(Policy):
        assert kind_of(MetaFailed(policy, "no").code).code == MetaFailed(policy, "no").code
    assert kind_of("timeout").code == "ads/meta-not-reached"
    assert kind_of("jobs/unexpected").code == "ads/sync-broke"


async def test_a_sync_counts_all_ads_whose_figures_came_and_not_only_those_that_changed(
    meta: MetaTwin, shop: Connected
) -> None:
    first, second = await sync(shop), await sync(shop)
    assert first.outcome
    assert second.outcome
    assert first.outcome.split(" of ")[1].split(",")[0] == second.outcome.split(" of ")[1].split(",")[0]


async def test_fields_nobody_knows_are_kept_and_reported(meta: MetaTwin, shop: Connected) -> None:
    meta.kept.extra["AdsInsights"] = {"attention_minutes": "3"}
    meta.kept.extra["Ad"] = {"mood": "good"}
    run = await sync(shop)
    assert run.state == "done"
    told = (await shop.client.get(f"/api/ad-accounts/{shop.id}/sync")).json()
    assert {one["name"] for one in told["unknown_fields"]} >= {"insights.attention_minutes", "ads.mood"}


async def test_a_field_that_is_missing_is_named_and_nothing_is_stored(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = facts_of_meta.fields()
    names = [name for name in known["insights"] if name != "spend"]
    monkeypatch.setitem(known, "insights", names)  # pyright: ignore[reportArgumentType]
    run = await sync(shop)
    assert (run.state, run.error_code) == ("failed", "ads/field-missing")
    assert "spend" in (run.error_detail or "")
    assert await facts(shop) == []


async def test_a_limit_that_is_used_up_puts_the_run_off_and_it_goes_on_where_it_was(
    meta: MetaTwin, shop: Connected
) -> None:
    meta.kept.limits.fill(shop.spec, "ads_insights", 100)
    governing.forget()
    run = await sync(shop)
    assert run.state == "waiting", (run.state, run.error_detail)
    assert run.waiting_for == "meta"
    # An hour later the limit has recovered.
    clock.advance(timedelta(hours=1))
    meta.advance(timedelta(hours=1))
    governing.forget()
    await run_until_idle(shop.organization_id, longest_sleep=0.2)
    assert (await run_of(shop, run.id)).state == "done"
    assert meta.kept.limits.bounced <= 1
    assert await ours(shop) == await theirs(shop)


async def test_a_call_that_is_refused_is_put_again_when_its_limit_has_recovered_and_not_a_window_later(
    meta: MetaTwin, shop: Connected
) -> None:
    window = 8.0
    clock.unfreeze()
    meta.set_clock(None)
    try:
        meta.kept.limits.set({"ads_insights": 40}, window)
        # However long it takes to come to the first call: the limit is there then.
        meta.kept.limits.fill(shop.spec, "ads_insights", 100, until_asked=True)
        meta.kept.forget_calls()
        run = await sync(shop, days_back=3)
        assert (run.state, run.put_offs) == ("done", 0), run.error_detail
        assert meta.kept.limits.bounced == 1
        times = [call.at for call in meta.kept.calls]
        assert max(after - before for before, after in pairwise(times)) < timedelta(seconds=window)
    finally:
        meta.set_clock(NOW)


async def test_a_wait_begins_when_it_is_asked_for_and_not_when_all_others_are_done(meta: MetaTwin) -> None:
    wait = governing.MustWait(60, "act_1:insights", 100)
    clock.advance(timedelta(seconds=7))
    assert parked(wait).until == NOW + timedelta(seconds=60)


@pytest.mark.parametrize(
    "line",
    ["running_at_100", "failed", "too_much", "skipped", "never_starts", "stuck", "invisible"],
)
async def test_reports_that_go_wrong_are_seen_through(
    meta: MetaTwin, shop: Connected, truth: tuple[Any, ...], line: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """airbytehq/airbyte 3525, 7533 and 8282: reports that never end, or end in no way that one could tell beforehand."""
    limits = facts_of_meta.limits()
    monkeypatch.setitem(limits["slices"], "direct_rows", 0)
    monkeypatch.setitem(limits["reports"], "to_start", 0.4)
    monkeypatch.setitem(limits["reports"], "to_finish", 1.0)
    meta.kept.reports.seconds = 0.05
    meta.kept.reports.lines.extend([line, line])
    run = await sync(shop)
    assert run.state == "done", run.error_detail
    assert await ours(shop) == truth


async def test_an_account_of_no_ads_is_synced_to_nothing(meta: MetaTwin, client: Any, organization_id: Any) -> None:
    empty = await connect(meta, client, organization_id, small(meta, ads=0))
    run = await sync(empty)
    assert run.state == "done", run.error_detail
    assert await facts(empty) == []


async def test_two_syncs_at_once_are_one(meta: MetaTwin, shop: Connected) -> None:
    first = await shop.client.post(f"/api/ad-accounts/{shop.id}/sync", json={"max_images": 0, "max_videos": 0})
    second = await shop.client.post(f"/api/ad-accounts/{shop.id}/sync", json={"max_images": 0, "max_videos": 0})
    assert first.status_code == 202
    assert first.json() == second.json()


async def test_parts_of_a_batch_that_do_not_come_are_asked_for_alone(meta: MetaTwin, shop: Connected) -> None:
    meta.kept.faults.append(Fault("null_part", times=3))
    await sync(shop, max_images=50, max_videos=50)
    states = await rows(shop, "select state, count(*) from ad_assets where kind = 'video' group by 1")
    assert dict(states).get("failed") is None
    assert dict(states)["downloaded"] > 0
