"""Two things that happen to a run at the same moment: neither is lost, and neither happens twice."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.liveness import Liveness
from brandhound.jobs.outcomes import Outcome, Snooze
from brandhound.jobs.registry import Run, enqueue, job
from brandhound.jobs.tidying import forget_engine_rows
from brandhound.jobs.waiting import queue_what_is_due
from tests.databases import TestDatabase
from tests.jobs.sample_jobs import Nothing, Trouble
from tests.jobs.test_many import schedule_many, states
from tests.jobs.test_runs import run_of, start
from tests.jobs.workers import wait_until

pytestmark = pytest.mark.anyio


class Rest:
    """Holds a job before it says that it is not ready."""

    reached: ClassVar[asyncio.Event]
    opened: ClassVar[asyncio.Event]


@job("samples.rest", timeout=timedelta(seconds=60))
async def rest(run: Run, parameters: Nothing) -> Outcome:
    Rest.reached.set()
    await Rest.opened.wait()
    return Snooze(timedelta(hours=1), "not ready")


@pytest.fixture
def a_living_worker(database: TestDatabase) -> Generator[None]:
    """What runs in this process is had by a worker that beats."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(
            "insert into workers (executor_id, host, pid, version, beat_at) values ('inline', 'here', 1, '1', now() + '1 hour')"
        )
        yield
        connection.execute("delete from workers where executor_id = 'inline'")


@pytest.mark.usefixtures("a_living_worker")
@pytest.mark.parametrize(("deed", "state"), [("cancellation", "cancelled"), ("pause", "paused")])
async def test_what_is_asked_of_a_run_while_it_comes_to_wait_happens_at_once(
    client: httpx.AsyncClient, organization_id: UUID, deed: str, state: str
) -> None:
    Rest.reached, Rest.opened = asyncio.Event(), asyncio.Event()
    run_id = await start(organization_id, "samples.rest", Nothing())
    work = asyncio.create_task(run_until_idle(organization_id))
    async with asyncio.timeout(60):
        await Rest.reached.wait()
    # Nobody passes it on to this process: as if the run came to wait before it was told.
    asked = await client.put(f"/api/runs/{run_id}/{deed}")
    assert asked.json()["state"] == "running"
    Rest.opened.set()
    await work
    run = (await client.get(f"/api/runs/{run_id}")).json()
    assert (run["state"], run["due_at"]) == (state, None)
    if state == "paused":
        assert run["can_resume"] is True


@asynccontextmanager
async def somebody_waits_for_a_lock(database: TestDatabase) -> AsyncGenerator[None]:
    """Goes on when another statement in this database has to wait for somebody's transaction."""

    def is_waiting() -> bool:
        with psycopg.connect(database.url) as connection:
            query = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            return connection.execute(query).fetchone() is not None

    await asyncio.to_thread(wait_until, is_waiting, 60, "somebody waits for a lock")
    yield


async def test_a_replay_beside_a_twin_that_is_just_being_queued_is_refused(
    client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase
) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="refused"), key="twins")
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        twin = await enqueue(
            db,
            "samples.trouble",
            Trouble(kind="refused"),
            key="twins",
            due_at=clock.now() + timedelta(hours=1),
        )
        replay = asyncio.create_task(client.post(f"/api/runs/{run_id}/replay"))
        async with somebody_waits_for_a_lock(database):
            pass
    refused = await replay
    assert (refused.status_code, refused.json()["code"]) == (409, "jobs/already-active")
    assert refused.json()["run_id"] == str(twin.id)
    assert (await run_of(organization_id, run_id)).state == "dead"


@pytest.mark.usefixtures("a_living_worker")
async def test_a_change_of_many_is_taken_back_while_it_is_at_work(
    client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase
) -> None:
    ids = await schedule_many(organization_id, 20)
    with psycopg.connect(database.url) as holding:
        holding.execute("select 1 from runs where id = %s for update", [ids[7]])
        begun = await client.post("/api/runs/bulk", json={"action": "pause", "filter": {"job": ["samples.nothing"]}})
        work = asyncio.create_task(run_until_idle(organization_id))
        async with somebody_waits_for_a_lock(database):
            undo = await client.post(f"/api/runs/bulk/{begun.json()['undo']}/undo")
        assert (undo.status_code, undo.json()["state"]) == (202, "waiting")
        assert undo.json()["reason"] == "Waits for the change to stop"
    await work
    await run_until_idle(organization_id)
    assert (await client.get(f"/api/runs/{undo.json()['id']}")).json()["outcome"] == "20 runs put back"
    assert await states(client) == {"scheduled": 20}


async def test_what_was_paused_before_its_time_waits_for_it_again(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    due_at = clock.now() + timedelta(hours=3)
    run_id = await start(organization_id, "samples.nothing", due_at=due_at)
    await client.put(f"/api/runs/{run_id}/pause")
    resumed = (await client.delete(f"/api/runs/{run_id}/pause")).json()
    assert (resumed["state"], resumed["due_at"] is not None) == ("scheduled", True)
    # Once more, it begins now.
    assert (await client.delete(f"/api/runs/{run_id}/pause")).json()["state"] == "queued"


async def test_two_that_tidy_up_do_not_stop_each_other(connected: TestDatabase) -> None:
    with psycopg.connect(connected.url, autocommit=True) as connection:
        connection.execute(
            "insert into dbos.workflow_status (workflow_uuid, status, name, executor_id, created_at, updated_at, completed_at,"
            " queue_name, priority, application_version, application_name, recovery_attempts)"
            " select 'old-' || n, 'SUCCESS', 'brandhound.run', 'gone', n, n, n, 'fetch', 0, '1', 'brandhound', 1"
            "   from generate_series(1, 6000) n"
        )
    with psycopg.connect(connected.url) as other:
        other.execute("delete from dbos.workflow_status where workflow_uuid in ('old-1', 'old-2')")
        async with asyncio.timeout(120):
            assert await forget_engine_rows(7) >= 5_998


async def test_a_worker_beats_while_a_stuck_run_cannot_be_settled(
    organization_id: UUID, database: TestDatabase
) -> None:
    """Whoever settles waits for a lock that somebody holds: the worker must not seem dead to the others meanwhile."""
    run_id = await start(organization_id, "samples.nothing")
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("delete from dbos.workflow_status where workflow_uuid = %s", [f"{run_id}:0"])
        connection.execute("update runs set created_at = now() - interval '10 minutes' where id = %s", [run_id])
    liveness = Liveness(f"beating-{run_id}", "1", list, beat=0.1)

    def beaten_at() -> object:
        with psycopg.connect(database.url) as connection:
            query = "select beat_at from workers where executor_id = %s"
            return connection.execute(query, [liveness.executor_id]).fetchone()

    with psycopg.connect(database.url) as holding:
        holding.execute("select 1 from runs where id = %s for update", [run_id])
        await asyncio.to_thread(liveness.connect)
        liveness.start()
        async with somebody_waits_for_a_lock(database):
            for _ in range(3):
                before = beaten_at()
                await asyncio.to_thread(wait_until, lambda before=before: beaten_at() != before, 30, "it beats")
    await asyncio.to_thread(liveness.hand_over)
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("delete from runs where id = %s", [run_id])


async def test_of_runs_whose_workers_died_again_and_again_one_at_a_time_is_begun(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    """Else the next death would be counted against all of them, and the innocent be given up with the guilty."""
    ids = [await start(organization_id, "samples.short") for _ in range(3)]
    async with system_session() as db:
        await db.execute(text("update runs set interruptions = 4 where id = any(:ids)"), {"ids": ids})
    await run_until_idle(organization_id)
    runs = [(await client.get(f"/api/runs/{run_id}")).json() for run_id in ids]
    assert sorted(run["state"] for run in runs) == ["done", "waiting", "waiting"]
    assert {run["attempts"] for run in runs if run["state"] == "waiting"} == {0}
    assert "apart from other runs" in next(run["reason"] for run in runs if run["state"] == "waiting")
    try:
        for _ in range(2):
            clock.freeze(clock.now() + timedelta(minutes=1))
            await run_until_idle(organization_id)
    finally:
        clock.unfreeze()
    assert [(await run_of(organization_id, run_id)).state for run_id in ids] == ["done"] * 3


async def test_who_holds_back_runs_is_found_without_reading_them_all(
    organization_id: UUID, other_organization_id: UUID, database: TestDatabase
) -> None:
    from brandhound.jobs.shares import _HELD  # pyright: ignore[reportPrivateUsage]

    owners = (organization_id, other_organization_id)
    with psycopg.connect(database.url, autocommit=True) as connection:
        for owner in owners:
            connection.execute(
                "insert into runs (id, organization_id, job, title, queue, parameters, timeout_seconds)"
                " select gen_random_uuid(), %s, 'samples.nothing', 'Held', 'fetch', '{}', 30 from generate_series(1, 3000)",
                [owner],
            )
        connection.execute("analyze runs")
        found = set(connection.execute(_HELD).fetchall())
        plan = connection.execute(f"explain (analyze, format json) {_HELD}").fetchone()
        connection.execute("delete from runs where organization_id = any(%s)", [list(owners)])
    assert {(owner, "fetch") for owner in owners} <= found
    assert plan is not None
    assert most_rows(plan[0][0]["Plan"]) < 500


def most_rows(node: Any) -> float:
    """Of all parts of a plan, the rows of the one that read most."""
    own = float(node["Actual Rows"]) * float(node["Actual Loops"])
    return max([own, *(most_rows(part) for part in node.get("Plans", []))])


async def test_a_job_that_fails_for_weeks_is_not_read_back_to_its_beginning(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    """What is left of a run is reckoned from the newest runs, not from one that went well long ago."""
    good = await start(organization_id, "samples.short")
    await run_until_idle(organization_id)
    running = await start(organization_id, "samples.short")
    async with tenant_session(organization_id) as db:
        await db.execute(text("update runs set state = 'running', started_at = now() where id = :id"), {"id": running})
    assert (await client.get(f"/api/runs/{running}")).json()["progress"]["seconds_left"] is not None
    async with tenant_session(organization_id) as db:
        await db.execute(text("update runs set created_at = now() - interval '9 days' where id = :id"), {"id": good})
        await db.execute(
            text(
                "insert into runs (id, job, title, queue, parameters, timeout_seconds, state, started_at, finished_at, attempts)"
                " select gen_random_uuid(), 'samples.short', 'Failed', 'fetch', '{}', 30, 'failed', now(), now(), 1"
                "   from generate_series(1, 200)"
            )
        )
    assert (await client.get(f"/api/runs/{running}")).json()["progress"] is None


async def test_a_mark_that_is_none_begins_at_the_start_of_the_log(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.short")
    await run_until_idle(organization_id)
    for mark in (b"\xb2", b"9" * 40, b"-1"):
        answer = await client.get(f"/api/runs/{run_id}/stream", headers={b"last-event-id": mark})
        assert answer.status_code == 200
        assert "event: end" in answer.text
    refused = await client.get(f"/api/runs/{run_id}/log", params={"after": 10**20})
    assert (refused.status_code, refused.json()["code"]) == (422, "core/invalid-input")


async def test_the_nets_are_not_needed_for_what_comes_due(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.nothing", due_at=clock.now() + timedelta(milliseconds=1))
    await queue_what_is_due(clock.now() + timedelta(seconds=1), nets=False)
    assert (await run_of(organization_id, run_id)).state == "queued"
