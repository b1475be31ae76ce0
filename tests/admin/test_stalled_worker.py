"""A real worker whose event loop stands still: it goes on beating, and is found out all the same."""

import asyncio
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.core.db import tenant_session
from brandhound.jobs.registry import enqueue
from tests.admin.stalling_worker import Until
from tests.databases import TestDatabase
from tests.jobs.workers import Workers, state_of, wait_for_state, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
def workers(connected: TestDatabase, tmp_path: Path) -> Generator[Workers]:
    made = Workers(connected, tmp_path, program=("tests.admin.stalling_worker",))
    yield made
    made.end()


async def workers_part(operator: httpx.AsyncClient) -> dict[str, Any]:
    parts = (await operator.get("/api/admin/health")).json()["parts"]
    return next(one for one in parts if one["name"] == "workers")


async def becomes(operator: httpx.AsyncClient, words: str) -> dict[str, Any]:
    """The state of the workers once these words are said of them."""
    async with asyncio.timeout(90):
        while words not in (told := await workers_part(operator))["words"]:  # noqa: ASYNC110
            await asyncio.sleep(0.3)
    return told


async def test_health_says_which_worker_stands_still_and_what_to_do_and_the_other_one_goes_on(
    operator: httpx.AsyncClient, organization_id: UUID, workers: Workers, database: TestDatabase, tmp_path: Path
) -> None:
    workers.start()
    workers.start()
    until = Until(begun=str(tmp_path / "begun"), over=str(tmp_path / "over"))
    async with tenant_session(organization_id) as db:
        run_id = (await enqueue(db, "samples.stand-still", until)).id
    await asyncio.to_thread(wait_until, Path(until.begun).exists, 60, "the run begins")
    still, other = workers.holder_first(run_id)
    told = await becomes(operator, "has stood still")
    assert told["state"] == "warning"
    assert f"process {still.pid} on" in told["words"]
    assert "its runs do not go on" in told["words"]
    assert "end that process" in told["what_to_do"]
    assert told["figures"]["longest_stall_seconds"] >= 10
    # It beats: for the watchers of dead workers all is well, and so its run is not taken from it.
    assert told["figures"]["living"] == 2
    assert state_of(database, run_id).state == "running"
    processes = (await operator.get("/api/admin/processes")).json()["items"]
    stalls = {one["pid"]: one["stall_seconds"] for one in processes if one["ended_at"] is None}
    assert stalls[still.pid] >= 10 > stalls[other.pid]
    # Its log names the place.
    query = {"scope": "installation", "q": "stands still", "level": "warning"}
    async with asyncio.timeout(60):
        while not (lines := (await operator.get("/api/logs", params=query)).json()["items"]):  # noqa: ASYNC110
            await asyncio.sleep(0.3)
    assert [(line["pid"], line["logger"]) for line in lines] == [(still.pid, "brandhound.stall")]
    assert "in compute_until" in lines[0]["facts"]["busy_with"]
    await asyncio.to_thread(Path(until.over).touch)
    await asyncio.to_thread(wait_for_state, database, run_id, "done", 60)
    assert (await becomes(operator, "2 alive"))["state"] == "ok"
