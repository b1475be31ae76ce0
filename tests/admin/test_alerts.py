"""Rules look at figures and faults; operators are told once, and when it is over, and not while it is silenced."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.admin import catching, sampling, slos
from brandhound.admin.alerting import evaluate
from brandhound.admin.telling import operators
from brandhound.admin.watching import note_table_sizes, watch_once
from brandhound.core import clock
from brandhound.core.system import system_session
from tests.admin.test_inbox import made
from tests.factories.people import signed_in

QUEUE = "brandhound_queue_oldest_wait_seconds"


async def write(minutes: range, value: float, name: str = QUEUE, label: str = "fetch") -> None:
    """The same value in each of those minutes before now."""
    async with system_session() as db:
        for ago in minutes:
            at = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=ago)
            await sampling.write_minute(db, at, {(name, label): value})


async def evaluated() -> None:
    async with system_session() as db:
        await evaluate(db, clock.now())


async def notices(client: httpx.AsyncClient, word: str) -> list[dict[str, Any]]:
    items = (await client.get("/api/notifications", params={"limit": 100})).json()["items"]
    return [one for one in items if word in one["title"]]


@pytest.fixture
async def rule(operator: httpx.AsyncClient) -> AsyncGenerator[dict[str, Any]]:
    """A rule of our own; nothing of the last hours is in the way, and no minute passes."""
    clock.freeze(clock.now().replace(second=30))
    async with system_session() as db:
        await db.execute(text("delete from metric_samples"))
        await db.execute(text("delete from alert_events"))
        await db.execute(text("update alert_rules set enabled = false, firing_since = null"))
    new = {
        "title": "Far too slow", "metric": QUEUE, "threshold": 100, "window_minutes": 5, "severity": "critical",
        "what_to_do": "Start a worker.",
    }  # fmt: skip
    added = await operator.post("/api/admin/alerts", json=new)
    assert added.status_code == 201, added.text
    yield added.json()
    clock.unfreeze()


async def test_operators_are_told_when_a_figure_is_wrong_for_the_whole_window(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    await write(range(0, 6), 500)
    await write(range(2, 3), 50)
    await evaluated()
    assert await notices(operator, "Far too slow") == []
    await write(range(2, 3), 500)
    await evaluated()
    await evaluated()
    (told,) = await notices(operator, "Far too slow")
    assert told["severity"] == "critical"
    assert "Start a worker." in told["body"]
    assert f"{QUEUE} (fetch) is 500, over 100" in told["body"]
    assert told["count"] == 1
    assert await notices(client, "Far too slow") == []
    detail = (await operator.get(f"/api/admin/alerts/{rule['id']}")).json()
    assert detail["firing_since"]
    assert [event["settled_at"] for event in detail["events"]] == [None]


async def test_an_alert_that_is_over_is_settled_and_the_next_is_a_new_one(
    operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    await write(range(0, 6), 500)
    await evaluated()
    await write(range(0, 6), 5)
    await evaluated()
    detail = (await operator.get(f"/api/admin/alerts/{rule['id']}")).json()
    assert detail["firing_since"] is None
    assert detail["events"][0]["settled_at"]
    await write(range(0, 6), 500)
    await evaluated()
    assert len(await notices(operator, "Far too slow")) == 2


async def test_nobody_is_told_while_a_rule_is_silenced_and_then_if_it_goes_on(
    operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    silenced = await operator.put(f"/api/admin/alerts/{rule['id']}/silence", json={"minutes": 30})
    assert silenced.json()["silenced_until"]
    await write(range(0, 6), 500)
    await evaluated()
    assert await notices(operator, "Far too slow") == []
    clock.advance(timedelta(minutes=31))
    await write(range(0, 6), 500)
    await evaluated()
    assert len(await notices(operator, "Far too slow")) == 1


async def test_right_after_a_start_there_is_nothing_to_judge(operator: httpx.AsyncClient, rule: dict[str, Any]) -> None:
    await write(range(0, 2), 500)
    await evaluated()
    assert await notices(operator, "Far too slow") == []


async def test_a_series_that_says_nothing_any_more_is_not_wrong(
    operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    await write(range(4, 10), 500)
    await evaluated()
    assert await notices(operator, "Far too slow") == []


async def test_the_test_button_tells_every_operator_and_says_that_it_is_one(
    app: FastAPI, operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    async with signed_in(app, operator=True) as (other, _):
        told = (await operator.post(f"/api/admin/alerts/{rule['id']}/tests")).json()["told"]
        assert told >= 2
        assert len(await notices(other, "Test: Far too slow")) == 1
    assert len(await notices(operator, "Test: Far too slow")) == 1


async def test_who_made_changed_and_silenced_a_rule_is_in_the_book(
    operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    path = f"/api/admin/alerts/{rule['id']}"
    await operator.patch(path, json={"threshold": 200})
    assert (await operator.patch(path, json={"channel": "pigeons"})).status_code == 422
    await operator.put(f"{path}/silence", json={"minutes": 30})
    await operator.delete(f"{path}/silence")
    await operator.delete(path)
    entries = (await operator.get("/api/audit")).json()["items"]
    told = [(entry["action"], entry["facts"]) for entry in reversed(entries) if entry["thing_id"] == rule["id"]]
    named = {"title": "Far too slow"}
    assert [action for action, _ in told] == [
        f"alerts.rule-{deed}" for deed in ("added", "changed", "silenced", "unsilenced", "removed")
    ]
    assert [facts for _, facts in told[1:]] == [named | {"threshold": 200}, named | {"minutes": 30}, named, named]


async def test_a_rule_can_tell_a_channel_as_well(operator: httpx.AsyncClient, rule: dict[str, Any]) -> None:
    hook = {"sort": "webhook", "name": "Pager", "address": "http://127.0.0.1:9/hook", "min_severity": "critical"}
    channel = (await operator.post("/api/notifications/channels", json={**hook, "kinds": ["run_dead"]})).json()["id"]
    path = f"/api/admin/alerts/{rule['id']}"
    wrong = await operator.patch(path, json={"channel": "pigeons"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "admin/unknown-channel")
    assert (await operator.patch(path, json={"channel": channel})).json()["channel"] == channel
    await write(range(0, 6), 500)
    await evaluated()
    async with system_session() as db:
        found = await db.execute(
            text("select recipient, state from notification_deliveries where channel_id = :id"), {"id": channel}
        )
        assert found.all() == [(f"channel:{channel}", "pending")]


async def test_a_rule_reaches_a_channel_of_an_organization_that_an_operator_joined_later(
    app: FastAPI, operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    async with signed_in(app) as (other, _):
        new = {"sort": "webhook", "name": "Theirs", "address": "http://127.0.0.1:9/hook", "kinds": ["run_failed"]}
        channel = (await other.post("/api/notifications/channels", json=new)).json()["id"]
        refused = await operator.patch(f"/api/admin/alerts/{rule['id']}", json={"channel": channel})
        # Nobody who runs the installation belongs there: it is not theirs to use.
        assert refused.json()["code"] == "admin/unknown-channel"
        async with system_session() as db:
            await db.execute(
                text(
                    "insert into members (id, organization_id, user_id, role, created_at) select gen_random_uuid(), :other,"
                    " user_id, 'viewer', now() from members where organization_id = :own"
                ),
                {"other": other.headers["x-organization"], "own": operator.headers["x-organization"]},
            )
        assert (await operator.patch(f"/api/admin/alerts/{rule['id']}", json={"channel": channel})).status_code == 200
        tried = await operator.post(f"/api/admin/alerts/{rule['id']}/tests")
        assert tried.json()["told"] >= 1
        async with system_session() as db:
            sent = await db.scalar(
                text("select count(*) from notification_deliveries where channel_id = :id"), {"id": channel}
            )
        assert sent == 1


async def test_an_operator_who_may_not_sign_in_any_more_is_not_told(
    app: FastAPI, operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    async with signed_in(app, operator=True) as (_, email), system_session() as db:
        before = len(await operators(db))
        await db.execute(text("update users set disabled_at = now() where email = :email"), {"email": email})
        assert len(await operators(db)) == before - 1


async def test_many_errors_of_one_fault_are_an_alert(operator: httpx.AsyncClient, rule: dict[str, Any]) -> None:
    for _ in range(4):
        catching.catch(made("many", kind=RecursionError), "web")
    catching.write_caught()
    found = (await operator.get("/api/admin/errors")).json()["items"]
    group = next(one["id"] for one in found if one["kind"] == "RecursionError")
    new = {"title": "Errors galore", "metric": "errors", "group_id": group, "threshold": 3, "window_minutes": 10}
    await operator.post("/api/admin/alerts", json=new)
    await evaluated()
    assert len(await notices(operator, "Errors galore")) == 1


async def test_a_rule_about_nothing_is_refused_and_a_shipped_one_stays(
    operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    wrong = await operator.post("/api/admin/alerts", json={"title": "x", "metric": "nonsense", "threshold": 1})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "admin/unknown-metric")
    rules = (await operator.get("/api/admin/alerts")).json()
    shipped = next(one for one in rules if one["shipped"] == "no-worker")
    assert (await operator.delete(f"/api/admin/alerts/{shipped['id']}")).status_code == 409
    changed = await operator.patch(f"/api/admin/alerts/{shipped['id']}", json={"threshold": 2, "enabled": False})
    assert (changed.json()["threshold"], changed.json()["enabled"]) == (2, False)
    assert len([one for one in rules if one["shipped"]]) >= 15
    assert all(one["what_to_do"] for one in rules if one["shipped"])
    assert (await operator.delete(f"/api/admin/alerts/{rule['id']}")).status_code == 204


async def test_each_minute_is_done_once_and_draws_the_charts(operator: httpx.AsyncClient, rule: dict[str, Any]) -> None:
    async with system_session() as db:
        await db.execute(text("delete from installation_facts where name = 'watch'"))
    await operator.get("/api/feeds")
    await watch_once()
    assert await watch_once() is False
    async with system_session() as db:
        before = await db.scalar(text("select count(*) from metric_samples"))
    assert (before or 0) > 30
    told = (await operator.get("/api/admin/metrics", params={"span": "1h"})).json()
    charts = {chart["key"]: chart for chart in told["charts"]}
    assert charts["database"]["series"][0]["value"][-1] > 1_000_000
    assert {slo["name"] for slo in told["slos"]} == {"fetch_freshness", "report_latency", "run_success"}
    names = {one["name"] for one in (await operator.get("/api/admin/metrics/names")).json()}
    assert {"errors", QUEUE, "brandhound_slo_burn_fast"} <= names


async def test_what_looks_back_for_long_reads_hours_and_sees_the_same(
    operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    await write(range(0, 200), 10, slos.TOTAL.name, "run_success")
    await write(range(0, 200), 9, slos.GOOD.name, "run_success")
    await write(range(0, 200), 30, QUEUE)
    await write(range(100, 101), 90, QUEUE)
    async with system_session() as db:
        await db.execute(text("delete from metric_hours"))
        await sampling.roll_up(db, clock.now())
        await sampling.roll_up(db, clock.now())
        months = await slos.month(db, clock.now())
        assert months["run_success"] == (1800, 2000)
        (line,) = await sampling.read_series(db, [QUEUE], clock.now() - timedelta(days=7), clock.now())
    assert max(line.most) == 90
    assert 30 <= min(line.value) <= max(line.value) < 32


async def test_a_promise_that_is_broken_fast_is_an_alert_within_minutes(
    operator: httpx.AsyncClient, rule: dict[str, Any]
) -> None:
    async with system_session() as db:
        await db.execute(text("update alert_rules set enabled = true where shipped in ('slo-fast', 'slo-slow')"))
    await write(range(0, 60), 100, slos.TOTAL.name, "run_success")
    await write(range(0, 60), 99, slos.GOOD.name, "run_success")
    assert await burning() == []
    await write(range(0, 30), 40, slos.GOOD.name, "run_success")
    assert await burning() == ["fast", "slow"]
    # It is over five minutes after the last failure, though the hour still holds many.
    await write(range(0, 6), 100, slos.GOOD.name, "run_success")
    assert "fast" not in await burning()


async def burning() -> list[str]:
    async with system_session() as db:
        found = {one.slo.name: one for one in await slos.burns(db, clock.now())}["run_success"]
    return [name for name, high in (("fast", found.fast > slos.FAST), ("slow", found.slow > slos.SLOW)) if high]


async def test_tables_are_measured_once_a_day_and_growth_is_shown(operator: httpx.AsyncClient) -> None:
    await note_table_sizes(clock.now() - timedelta(days=3))
    tables = (await operator.get("/api/admin/database")).json()["tables"]
    runs = next(table for table in tables if table["name"] == "runs")
    assert runs["grown_bytes"] is not None
    assert runs["grown_since"]
