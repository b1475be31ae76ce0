"""Runs that do not get on are found, and settled once: taken up by others, or given up and told."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.stuck import care_for_stuck
from tests.databases import TestDatabase
from tests.factories.people import signed_in
from tests.jobs.test_runs import run_of, start

pytestmark = pytest.mark.anyio


@pytest.fixture
async def operator(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    async with signed_in(app, operator=True) as (client, _):
        yield client


async def make_stuck(database: TestDatabase, organization_id: UUID, engine: str | None, **columns: Any) -> UUID:
    """A run whose worker said something ten minutes ago for the last time, and what the engine says of it."""
    run_id = await start(organization_id, "samples.nothing")
    values = {"worker": "gone", "attempts": 1, "interruptions": 0} | columns
    async with system_session() as db:
        await db.execute(
            text(
                "update runs set state = 'running', worker = :worker, attempts = :attempts, interruptions = :interruptions,"
                " started_at = now() - interval '20 minutes', beat_at = now() - interval '10 minutes' where id = :id"
            ),
            values | {"id": run_id},
        )
    with psycopg.connect(database.url, autocommit=True) as connection:
        if engine:
            connection.execute(
                "update dbos.workflow_status set status = %s, executor_id = 'gone' where workflow_uuid = %s",
                [engine, f"{run_id}:0"],
            )
        else:
            connection.execute("delete from dbos.workflow_status where workflow_uuid = %s", [f"{run_id}:0"])
    return run_id


async def clean_up(operator: httpx.AsyncClient, *run_ids: UUID, **query: Any) -> list[dict[str, Any]]:
    answer = await operator.post("/api/admin/jobs/cleanup", params=query)
    assert answer.status_code == 200, answer.text
    return [run for run in answer.json()["runs"] if run["run_id"] in map(str, run_ids)]


async def test_a_dry_run_lists_and_changes_nothing(
    operator: httpx.AsyncClient, organization_id: UUID, database: TestDatabase
) -> None:
    run_id = await make_stuck(database, organization_id, "PENDING")
    (listed,) = await clean_up(operator, run_id, older_than="5m")
    assert (listed["action"], listed["done"], listed["worker"]) == ("resume", False, "gone")
    assert await clean_up(operator, run_id, older_than="1h") == []
    assert (await run_of(organization_id, run_id)).state == "running"
    async with system_session() as db:
        await db.execute(text("delete from runs where id = :id"), {"id": run_id})


async def test_what_the_engine_still_knows_goes_on_elsewhere(
    operator: httpx.AsyncClient, organization_id: UUID, database: TestDatabase
) -> None:
    run_id = await make_stuck(database, organization_id, "PENDING")
    (settled,) = await clean_up(operator, run_id, dry_run=False)
    assert (settled["action"], settled["done"]) == ("resume", True)
    run = await run_of(organization_id, run_id)
    assert (run.state, run.interruptions, run.round) == ("queued", 1, 1)
    assert await clean_up(operator, run_id, dry_run=False) == []
    assert await run_until_idle(organization_id) == [run_id]
    assert (await run_of(organization_id, run_id)).state == "done"


@pytest.mark.parametrize(
    ("engine", "interruptions", "state", "code"),
    [("SUCCESS", 0, "lost", "jobs/lost"), (None, 0, "lost", "jobs/lost"), ("PENDING", 5, "dead", "jobs/poison")],
)
async def test_what_cannot_go_on_is_given_up_and_told_once(
    client: httpx.AsyncClient,
    organization_id: UUID,
    database: TestDatabase,
    engine: str | None,
    interruptions: int,
    state: str,
    code: str,
) -> None:
    run_id = await make_stuck(database, organization_id, engine, interruptions=interruptions)
    await care_for_stuck()
    await care_for_stuck()
    run = (await client.get(f"/api/runs/{run_id}")).json()
    assert (run["state"], run["error"]["code"], run["can_replay"]) == (state, code, True)
    # It was begun once.
    assert run["attempts"] == 1
    assert "no sign of life" in run["reason"]
    notices = (await client.get("/api/notifications")).json()["items"]
    assert [notice["kind"] for notice in notices] == [f"run_{state}"]


async def test_a_run_that_ends_while_it_is_cleaned_up_is_left_alone(
    organization_id: UUID, database: TestDatabase
) -> None:
    from datetime import timedelta

    from brandhound.jobs.stuck import find_stuck, settle

    ids = [await make_stuck(database, organization_id, engine) for engine in ("PENDING", "SUCCESS")]
    found = [one for one in await find_stuck(timedelta(minutes=5)) if one.run_id in ids]
    assert len(found) == 2
    async with system_session() as db:
        await db.execute(text("update runs set state = 'done' where id = any(:ids)"), {"ids": ids})
    assert [one.done for one in await settle(found, timedelta(minutes=5), "test")] == [False, False]
    assert {(await run_of(organization_id, run_id)).state for run_id in ids} == {"done"}


async def test_a_sign_of_life_that_comes_late_is_heeded(organization_id: UUID, database: TestDatabase) -> None:
    from datetime import timedelta

    from brandhound.jobs.stuck import find_stuck, settle

    ids = [await make_stuck(database, organization_id, engine) for engine in ("PENDING", "SUCCESS")]
    found = [one for one in await find_stuck(timedelta(minutes=5)) if one.run_id in ids]
    async with system_session() as db:
        await db.execute(text("update runs set beat_at = now() where id = any(:ids)"), {"ids": ids})
    assert [one.done for one in await settle(found, timedelta(minutes=5), "test")] == [False, False]
    async with system_session() as db:
        await db.execute(text("delete from runs where id = any(:ids)"), {"ids": ids})


async def test_a_run_that_the_queue_has_lost_is_queued_anew(organization_id: UUID, database: TestDatabase) -> None:
    run_id = await start(organization_id, "samples.nothing")
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("delete from dbos.workflow_status where workflow_uuid = %s", [f"{run_id}:0"])
        connection.execute("update runs set created_at = now() - interval '10 minutes' where id = %s", [run_id])
    await care_for_stuck()
    assert (await run_of(organization_id, run_id)).round == 1
    with psycopg.connect(database.url) as connection:
        (row,) = connection.execute(
            "select status from dbos.workflow_status where workflow_uuid = %s", [f"{run_id}:1"]
        ).fetchall()
    assert row == ("ENQUEUED",)


async def test_only_operators_clean_up_and_it_is_written_down(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, organization_id: UUID, database: TestDatabase
) -> None:
    refused = await client.post("/api/admin/jobs/cleanup")
    assert (refused.status_code, refused.json()["code"]) == (403, "tenancy/operators-only")
    unread = await operator.post("/api/admin/jobs/cleanup", params={"older_than": "soon"})
    assert (unread.status_code, unread.json()["code"]) == (422, "jobs/bad-duration")
    run_id = await make_stuck(database, organization_id, "SUCCESS")
    await clean_up(operator, run_id, dry_run=False)
    entries = (await operator.get("/api/audit")).json()["items"]
    written = [entry for entry in entries if entry["action"] == "jobs.run-cleaned-up"]
    assert str(run_id) in [entry["thing_id"] for entry in written]
