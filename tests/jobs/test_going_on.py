"""On real workers: what is paused, parked or given up goes on after the steps that were finished."""

import asyncio
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from brandhound.core.db import tenant_session
from brandhound.jobs.registry import enqueue
from brandhound.jobs.waiting import wake
from tests.databases import TestDatabase
from tests.jobs.sample_jobs import Hurdle, let_go
from tests.jobs.test_workers import marked, marks, start_trail
from tests.jobs.workers import Workers, state_of, wait_for_state, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def until_state(database: TestDatabase, run_id: UUID, state: str, seconds: float = 60) -> float:
    return await asyncio.to_thread(wait_for_state, database, run_id, state, seconds)


async def test_a_running_run_comes_to_rest_and_goes_on_where_it_was(
    workers: Workers, client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    workers.start()
    run_id = await start_trail(organization_id, trail, steps=3, seconds=0, held=1)
    await asyncio.to_thread(wait_until, lambda: marked(trail, run_id, "begin 1"), 60, "step 1 begins")
    asked = (await client.put(f"/api/runs/{run_id}/pause")).json()
    assert (asked["state"], asked["reason"]) == ("running", "Comes to rest at its next safe point")
    let_go(trail)
    await until_state(database, run_id, "paused")
    assert not marked(trail, run_id, "begin 2")
    assert (await client.delete(f"/api/runs/{run_id}/pause")).status_code == 200
    await until_state(database, run_id, "done")
    # The step that was under way at the pause was finished first: each was done once.
    assert set(marks(trail).values()) == {1}
    assert state_of(database, run_id).interruptions == 0


async def test_a_run_that_comes_to_no_safe_point_is_paused_within_seconds(
    workers: Workers, client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    workers.start()
    run_id = await start_trail(organization_id, trail, steps=1, seconds=0, held=0)
    await asyncio.to_thread(wait_until, lambda: marked(trail, run_id, "begin 0"), 60, "step 0 begins")
    await client.put(f"/api/runs/{run_id}/pause")
    await until_state(database, run_id, "paused", 40)
    assert (await client.put(f"/api/runs/{run_id}/cancellation")).json()["state"] == "cancelled"


@pytest.mark.parametrize("kind", ["parked", "refused"])
async def test_what_stopped_in_a_step_goes_on_with_that_step(
    workers: Workers,
    client: httpx.AsyncClient,
    organization_id: UUID,
    database: TestDatabase,
    tmp_path: Path,
    kind: str,
) -> None:
    trail, gate = tmp_path / "trail", tmp_path / "gate"
    workers.start()
    async with tenant_session(organization_id) as db:
        run_id = (await enqueue(db, "samples.hurdle", Hurdle(file=str(trail), gate=str(gate), kind=kind))).id
    await until_state(database, run_id, "waiting" if kind == "parked" else "dead")
    before = marks(trail)
    gate.touch()
    if kind == "parked":
        async with tenant_session(organization_id) as db:
            assert await wake(db, "openai") == 1
    else:
        assert (await client.post(f"/api/runs/{run_id}/replay")).status_code == 200
    await until_state(database, run_id, "done")
    after = marks(trail)
    assert before[f"begin {run_id} 0"] == after[f"begin {run_id} 0"] == 1
    assert after[f"end {run_id} 2"] == 1


async def test_two_organizations_share_a_queue_that_one_of_them_floods(
    workers: Workers,
    organization_id: UUID,
    other_organization_id: UUID,
    database: TestDatabase,
    tmp_path: Path,
) -> None:
    workers.start()
    flood = tmp_path / "flood"
    for _ in range(80):
        await start_trail(organization_id, flood, steps=1, seconds=115)
    await asyncio.to_thread(wait_until, lambda: len(marks(flood)) >= 48, 60, "the share is at work")
    run_id = await start_trail(other_organization_id, tmp_path / "other", steps=1, seconds=0)
    await until_state(database, run_id, "done", 40)
    # Three quarters of 64 places, and not one more.
    assert len(marks(flood)) == 48
