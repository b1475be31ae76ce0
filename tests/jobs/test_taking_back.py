"""What was done to runs is taken back: they stand again where they stood."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.jobs.waiting import before_run
from tests.databases import TestDatabase
from tests.jobs.sample_jobs import Trail, let_go
from tests.jobs.test_many import LATER, change
from tests.jobs.test_overlaps import every_minute, runs_in_order, tick
from tests.jobs.test_policies import states
from tests.jobs.test_races import Rest
from tests.jobs.test_runs import run_of, start
from tests.jobs.test_schedules import only_mine
from tests.jobs.workers import Workers, state_of, wait_for_state, wait_until

assert only_mine

pytestmark = pytest.mark.anyio


async def undo(client: httpx.AsyncClient, organization_id: UUID, done: dict[str, Any]) -> dict[str, Any]:
    run_id = (await client.post(f"/api/runs/bulk/{done['undo']}/undo")).json()["id"]
    await run_until_idle(organization_id)
    return (await client.get(f"/api/runs/{run_id}")).json()


async def test_a_pause_is_taken_back_from_a_run_that_is_still_coming_to_rest(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    Rest.reached, Rest.opened = asyncio.Event(), asyncio.Event()
    run_id = await start(organization_id, "samples.rest")
    running = asyncio.create_task(run_until_idle(organization_id, jobs=["samples.rest"]))
    try:
        await Rest.reached.wait()
        done = await change(client, organization_id, "pause", job=["samples.rest"])
        asked = (await client.get(f"/api/runs/{run_id}")).json()
        assert (asked["state"], asked["pause_requested_at"] is not None) == ("running", True)
        assert (await undo(client, organization_id, done))["outcome"] == "1 run put back"
        assert (await client.get(f"/api/runs/{run_id}")).json()["pause_requested_at"] is None
    finally:
        Rest.opened.set()
        await running
    run = (await client.get(f"/api/runs/{run_id}")).json()
    assert (run["state"], run["reason"]) == ("waiting", "not ready")


@pytest.mark.slow
async def test_a_worker_that_hears_of_it_in_time_does_not_stop(
    client: httpx.AsyncClient, organization_id: UUID, workers: Workers, database: TestDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "trail"
    workers.start()
    run_id = await start(organization_id, "samples.trail", Trail(file=str(file), held=1))
    wait_until(lambda: file.exists() and " 1 " in file.read_text(), 60, "the held step has begun")
    asked = await client.post("/api/runs/bulk", json={"action": "pause", "filter": {"job": ["samples.trail"]}})
    wait_for_state(database, UUID(asked.json()["run"]["id"]), "done", 30)
    undone = await client.post(f"/api/runs/bulk/{asked.json()['undo']}/undo")
    wait_for_state(database, UUID(undone.json()["id"]), "done", 30)
    # Longer than a run gets to come to a safe point.
    await asyncio.sleep(7)
    assert state_of(database, run_id).state == "running"
    let_go(file)
    wait_for_state(database, run_id, "done", 30)
    run = await run_of(organization_id, run_id)
    assert (run.attempts, run.put_offs) == (1, 0)
    assert file.read_text().count("begin") == 3


async def in_line(organization_id: UUID) -> tuple[UUID, UUID]:
    """A run that is to begin later, and one behind it."""
    async with tenant_session(organization_id) as db:
        first = await enqueue(db, "samples.nothing", due_at=clock.now() + LATER)
        second = await enqueue(db, "samples.nothing", waiting_for=before_run(first.id), reason="Waits")
        return first.id, second.id


async def standings(organization_id: UUID, *run_ids: UUID) -> list[tuple[str, bool, str | None]]:
    runs: list[RunRow] = [await run_of(organization_id, run_id) for run_id in run_ids]
    return [(run.state, run.due_at is not None, run.waiting_for) for run in runs]


@pytest.mark.parametrize("deed", ["pause", "cancel"])
async def test_runs_that_had_not_begun_wait_again_for_what_they_waited_for(
    client: httpx.AsyncClient, organization_id: UUID, deed: str
) -> None:
    first, second = await in_line(organization_id)
    before = await standings(organization_id, first, second)
    assert before == [("scheduled", True, None), ("waiting", False, f"run:{first}")]
    done = await change(client, organization_id, deed, job=["samples.nothing"])
    assert (await undo(client, organization_id, done))["outcome"] == "2 runs put back"
    assert await standings(organization_id, first, second) == before
    assert (await client.get(f"/api/runs/{second}")).json()["reason"] == "Waits for the run before it to end"


async def test_a_cancelled_run_with_a_key_waits_again_for_its_time(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.nothing", key="k", due_at=clock.now() + LATER)
    done = await change(client, organization_id, "cancel", job=["samples.nothing"])
    await undo(client, organization_id, done)
    assert await standings(organization_id, run_id) == [("scheduled", True, None)]
    clock.freeze(clock.now() + LATER + timedelta(seconds=1))
    try:
        assert await run_until_idle(organization_id) == [run_id]
    finally:
        clock.unfreeze()


async def test_what_came_due_while_it_was_cancelled_begins_at_once(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.nothing", due_at=clock.now() + timedelta(seconds=30))
    done = await change(client, organization_id, "cancel", job=["samples.nothing"])
    clock.freeze(clock.now() + timedelta(seconds=45))
    try:
        await undo(client, organization_id, done)
    finally:
        clock.unfreeze()
    assert (await run_of(organization_id, run_id)).state == "done"


@pytest.mark.parametrize("many", [True, False])
async def test_one_that_stood_in_line_stands_there_again_after_a_pause(
    client: httpx.AsyncClient, only_mine: UUID, many: bool
) -> None:
    schedule_id = await every_minute(only_mine, overlap="queue")
    for minute in range(3):
        await tick(minute)
    first, second = await runs_in_order(only_mine, schedule_id)
    # The first one is at work.
    async with tenant_session(only_mine) as db:
        run = await db.get(RunRow, first.id)
        assert run
        run.state = "running"
    if many:
        done = await change(client, only_mine, "pause", schedule_id=str(schedule_id), state=["waiting"])
        assert await states(only_mine, schedule_id) == ["running", "paused"]
        await undo(client, only_mine, done)
    else:
        await client.put(f"/api/runs/{second.id}/pause")
        await client.delete(f"/api/runs/{second.id}/pause")
    await run_until_idle(only_mine)
    assert await states(only_mine, schedule_id) == ["running", "waiting"]
    await client.put(f"/api/runs/{first.id}/cancellation")
    await run_until_idle(only_mine)
    assert await states(only_mine, schedule_id) == ["cancelled", "done"]


async def test_one_whose_turn_came_during_its_pause_begins_when_it_is_resumed(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    first, second = await in_line(organization_id)
    await client.put(f"/api/runs/{second}/pause")
    await client.put(f"/api/runs/{first}/cancellation")
    assert (await client.delete(f"/api/runs/{second}/pause")).json()["state"] == "queued"


async def test_a_run_that_was_begun_once_and_then_cancelled_was_tried_once(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.nothing")
    async with tenant_session(organization_id) as db:
        run = await db.get(RunRow, run_id)
        assert run
        # Its worker has gone.
        run.state, run.attempts, run.started_at, run.worker = "running", 1, clock.now(), "gone"
    cancelled = (await client.put(f"/api/runs/{run_id}/cancellation")).json()
    assert (cancelled["state"], cancelled["attempts"]) == ("cancelled", 1)
