"""Operators see how much each organization keeps and has running, and what was slow and why."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.admin import slow_requests
from brandhound.admin.sizing import measure_organizations
from brandhound.admin.watching import watch_once
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from tests.databases import TestDatabase
from tests.factories.things import make_brand, make_log_line, make_story

PLACES = ("organizations", f"organizations/{UUID(int=1)}", "slow")


async def size_of(operator: httpx.AsyncClient, organization_id: UUID) -> dict[str, Any]:
    # By itself: the list ends after five hundred, and other tests may have made more.
    found = await operator.get(f"/api/admin/organizations/{organization_id}")
    assert found.status_code == 200, found.text
    return found.json()


async def test_only_operators_see_what_organizations_keep_and_what_is_slow(
    client: httpx.AsyncClient, operator: httpx.AsyncClient
) -> None:
    for place in PLACES:
        assert (await client.get(f"/api/admin/{place}")).status_code == 403, place
    assert (await client.post("/api/admin/organizations/measuring")).status_code == 403
    assert (await operator.get(f"/api/admin/organizations/{UUID(int=1)}")).status_code == 404


async def test_what_each_organization_keeps_is_counted(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, other_client: httpx.AsyncClient,
    organization_id: UUID, other_organization_id: UUID,
) -> None:  # fmt: skip
    assert (await size_of(operator, organization_id))["size"] is None
    brand = UUID(await make_brand(client, "Acme"))
    for number in range(3):
        await make_story(organization_id, brand, f"Story {number}")
    await make_story(other_organization_id, UUID(await make_brand(other_client, "Other")), "Another")
    for number in range(5):
        await make_log_line(organization_id, f"line {number}")
    await measure_organizations()
    await measure_organizations()
    mine, theirs = await size_of(operator, organization_id), await size_of(operator, other_organization_id)
    size, small = mine["size"], theirs["size"]
    assert (size["mentions"], size["articles"], size["log_lines"]) == (3, 3, 5)
    assert (small["mentions"], small["articles"], small["log_lines"]) == (1, 1, 0)
    assert size["files"] >= 3
    assert size["files_bytes"] > 100
    assert size["mentions_bytes"] == pytest.approx(3 * small["mentions_bytes"], rel=0.01)
    assert size["log_bytes"] > 0 == small["log_bytes"]
    assert mine["before"] is None
    async with system_session() as db:
        await db.execute(text("update organization_sizes set on_date = on_date - 5"))
    await make_story(organization_id, brand, "One more")
    await measure_organizations()
    grown = await size_of(operator, organization_id)
    assert (grown["before"]["mentions"], grown["size"]["mentions"]) == (3, 4)


async def test_an_organization_s_part_of_each_queue_is_shown(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID
) -> None:
    async with system_session() as db:
        for owner, queue, state in (
            (organization_id, "fetch", "running"),
            (organization_id, "report", "queued"),
            (other_organization_id, "report", "queued"),
        ):
            await db.execute(
                text(
                    "insert into runs (id, organization_id, job, title, queue, parameters, state, timeout_seconds, created_at,"
                    " started_at) values (gen_random_uuid(), :owner, 'x', 'X', :queue, '{}', :state, 5,"
                    " now() - interval '100 seconds', now())"
                ),
                {"owner": owner, "queue": queue, "state": state},
            )
    told = (await operator.get(f"/api/admin/organizations/{organization_id}")).json()
    queues = {one["queue"]: one for one in told["queues"]}
    assert (queues["fetch"]["running"], queues["fetch"]["depth"], queues["report"]["depth"]) == (1, 0, 1)
    assert 95 < queues["report"]["oldest_wait_seconds"] < 300
    assert (told["load"]["running"], told["load"]["queued"]) == (1, 1)
    async with system_session() as db:
        await db.execute(text("delete from runs where job = 'x'"))


async def test_operators_can_have_it_counted_now_and_it_is_one_run(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    first = await operator.post("/api/admin/organizations/measuring")
    assert first.status_code == 202
    assert (await operator.post("/api/admin/organizations/measuring")).json() == first.json()
    await run_until_idle(SYSTEM_ORGANIZATION)
    assert (await size_of(operator, organization_id))["size"]["mentions"] == 0


@pytest.fixture
def slow_from(monkeypatch: pytest.MonkeyPatch, database: TestDatabase) -> None:
    """Everything counts as slow, and statements are counted as in the web process. Nothing was slow before."""
    slow_requests.write_slow()
    with psycopg.connect(database.url) as connection:
        connection.execute("delete from slow_requests")
    monkeypatch.setattr(slow_requests, "SLOW", 0.0)
    monkeypatch.setattr(slow_requests, "GATHER", 0.0)
    slow_requests.watch_statements("web-here-1")


async def test_a_slow_request_is_kept_with_its_statements_and_without_what_was_asked_for(
    app: FastAPI, operator: httpx.AsyncClient, client: httpx.AsyncClient, organization_id: UUID, slow_from: None
) -> None:
    answer = await client.get("/api/logs", params={"q": "tell-nobody-this-word"})
    await asyncio.to_thread(slow_requests.write_slow)
    found = (await operator.get("/api/admin/slow")).json()
    number = answer.headers["x-request-id"]
    (mine,) = [one for one in found["requests"] if one["request_id"] == number]
    assert mine["request"] == "GET /api/logs"
    assert (mine["organization_id"], mine["organization"], mine["status"]) == (str(organization_id), "Acme", 200)
    assert 0 < mine["database_seconds"] <= mine["seconds"]
    assert mine["statements"] >= len(mine["slowest"]) > 0
    assert any("log_pages" in one["statement"] for one in mine["slowest"])
    assert "tell-nobody-this-word" not in str(found)


async def test_quick_requests_are_not_kept_and_slow_ones_not_for_ever(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, slow_from: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.get("/api/feeds")
    await asyncio.to_thread(slow_requests.write_slow)
    monkeypatch.setattr(slow_requests, "SLOW", 60.0)
    before = len((await operator.get("/api/admin/slow")).json()["requests"])
    await client.get("/api/feeds")
    await asyncio.to_thread(slow_requests.write_slow)
    assert len((await operator.get("/api/admin/slow")).json()["requests"]) == before > 0
    async with system_session() as db:
        await db.execute(text("update slow_requests set at = now() - interval '8 days'"))
        await db.execute(text("delete from installation_facts where name = 'watch'"))
        await db.execute(
            text("insert into installation_facts (name, at) values ('watched', now() - interval '2 hours')"
                 " on conflict (name) do update set at = excluded.at")
        )  # fmt: skip
    await watch_once()
    async with system_session() as db:
        assert await db.scalar(text("select count(*) from slow_requests")) == 0


def test_of_many_slow_requests_the_slowest_are_kept(monkeypatch: pytest.MonkeyPatch, database: TestDatabase) -> None:
    monkeypatch.setattr(slow_requests, "GATHER", 60.0)
    slow_requests.write_slow()
    for seconds in range(100):
        slow_requests.note(slow_requests.Slow("GET /x", None, 200, float(seconds), slow_requests.Tally()))
    kept = [one.seconds for one in slow_requests._waiting]  # pyright: ignore[reportPrivateUsage]
    slow_requests._waiting.clear()  # pyright: ignore[reportPrivateUsage]
    assert sorted(kept) == [float(seconds) for seconds in range(80, 100)]


async def test_a_slow_run_is_shown_with_its_steps(operator: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = uuid4()
    async with system_session() as db:
        await db.execute(
            text(
                "insert into runs (id, organization_id, job, title, queue, parameters, state, timeout_seconds, created_at,"
                " started_at, finished_at, round) values (:id, :owner, 'x', 'A long one', 'fetch', '{}', 'done', 5,"
                " now() - interval '9000 seconds', now() - interval '8999 seconds', now(), 1)"
            ),
            {"id": run_id, "owner": organization_id},
        )
        as_of = "as of 2026-11-27T07:37:13.250275+00:00"
        for round_, number, name, took in (
            *((0, 1, "fetch", 2000), (1, 1, "fetch", 500), (1, 2, "store", 7000)),
            *((1, 3, f"mentions after the first, {as_of}", 400), (1, 4, f"mentions after {uuid4()}, {as_of}", 300)),
        ):
            await db.execute(
                text(
                    "insert into dbos.operation_outputs (workflow_uuid, function_id, function_name, output,"
                    " started_at_epoch_ms, completed_at_epoch_ms, retention_timestamp)"
                    " values (:workflow, :number, :name, 'canary of an output', 0, :took, 0)"
                ),
                {"workflow": f"{run_id}:{round_}", "number": number, "name": name, "took": took},
            )
    found = (await operator.get("/api/admin/slow")).json()
    (mine,) = [one for one in found["runs"] if one["id"] == str(run_id)]
    assert found["runs"][0] == mine
    assert mine["seconds"] == pytest.approx(8999, abs=1)
    assert mine["waited_seconds"] == pytest.approx(1, abs=0.5)
    assert mine["steps"] == [
        {"name": "store", "times": 1, "seconds": 7.0},
        {"name": "fetch", "times": 2, "seconds": 2.5},
        {"name": "mentions", "times": 2, "seconds": 0.7},
    ]
    assert "canary" not in str(found)
    async with system_session() as db:
        await db.execute(text("delete from runs where id = :id"), {"id": run_id})
        await db.execute(text("delete from dbos.operation_outputs where workflow_uuid like :id"), {"id": f"{run_id}:%"})
