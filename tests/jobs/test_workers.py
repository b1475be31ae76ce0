"""Runs on real worker processes, which are killed, frozen, told to end and cut off from their database."""

import asyncio
import signal
from collections import Counter
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.jobs.models import RunLine
from brandhound.jobs.registry import enqueue
from tests.databases import TestDatabase
from tests.jobs.sample_jobs import Trail, Wait, let_go
from tests.jobs.workers import Workers, database_away, state_of, wait_for_state, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def start_trail(
    organization_id: UUID, file: Path, steps: int = 3, seconds: float = 0.2, held: int | None = None
) -> UUID:
    parameters = Trail(file=str(file), steps=steps, seconds=seconds, held=held)
    async with tenant_session(organization_id) as db:
        return (await enqueue(db, "samples.trail", parameters)).id


def marks(file: Path) -> Counter[str]:
    """How often each step was begun and ended: `begin RUN STEP`, without who did it."""
    lines = file.read_text().splitlines() if file.exists() else []
    return Counter(line.rsplit(" ", 1)[0] for line in lines)


def marked(file: Path, run_id: UUID, mark: str) -> bool:
    word, _, number = mark.partition(" ")
    return marks(file)[f"{word} {run_id} {number}"] > 0


async def test_a_worker_does_what_is_queued_within_moments(
    workers: Workers, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    workers.start()
    run_id = await start_trail(organization_id, tmp_path / "trail", seconds=0)
    await asyncio.to_thread(wait_for_state, database, run_id, "done", 25)
    assert set(marks(tmp_path / "trail").values()) == {1}


async def test_a_killed_workers_run_goes_on_elsewhere_and_no_finished_step_is_repeated(
    workers: Workers, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    workers.start()
    workers.start()
    run_id = await start_trail(organization_id, trail, seconds=0, held=1)
    await asyncio.to_thread(wait_until, lambda: marked(trail, run_id, "begin 1"), 60, "step 1 begins")
    killed, other = workers.holder_first(run_id)
    killed.kill()
    killed.wait()
    let_go(trail)
    await asyncio.to_thread(wait_for_state, database, run_id, "done", 60)
    count = marks(trail)
    assert [count[f"end {run_id} {number}"] for number in range(3)] == [1, 1, 1]
    assert [count[f"begin {run_id} {number}"] for number in range(3)] == [1, 2, 1]
    state = state_of(database, run_id)
    assert (state.attempts, state.interruptions) == (2, 1)
    assert str(other.pid) in str(state.worker)
    async with tenant_session(organization_id) as db:
        lines = [line.text for line in await db.scalars(select(RunLine).order_by(RunLine.seq))]
    assert "Resumed: its worker had gone" in lines
    assert [lines.count(f"step {number} is done") for number in (1, 2)] == [1, 1]


async def test_a_worker_that_is_told_to_end_hands_its_runs_over(
    workers: Workers, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    workers.start()
    workers.start()
    run_id = await start_trail(organization_id, trail, steps=1, seconds=0, held=0)
    await asyncio.to_thread(wait_until, lambda: marked(trail, run_id, "begin 0"), 60, "step 0 begins")
    ended, _ = workers.holder_first(run_id)
    ended.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(ended.wait, 60) == 0
    let_go(trail)
    await asyncio.to_thread(wait_for_state, database, run_id, "done", 60)
    state = state_of(database, run_id)
    # A deploy is not a crash: it does not count.
    assert (state.attempts, state.interruptions) == (2, 0)


async def test_a_frozen_worker_that_comes_back_changes_nothing(
    workers: Workers, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    frozen = workers.start()
    run_id = await start_trail(organization_id, trail, steps=2, seconds=0, held=0)
    await asyncio.to_thread(wait_until, lambda: marked(trail, run_id, "begin 0"), 60, "step 0 begins")
    frozen.send_signal(signal.SIGSTOP)
    let_go(trail)
    workers.start()
    await asyncio.to_thread(wait_for_state, database, run_id, "done", 90)
    before = state_of(database, run_id)
    frozen.send_signal(signal.SIGCONT)
    await asyncio.to_thread(wait_until, lambda: marks(trail)[f"end {run_id} 0"] == 2, 60, "it goes on where it was")
    # Time enough to do something more, if it did.
    await asyncio.sleep(3)
    assert state_of(database, run_id) == before
    # It may have finished the step it was in; it has not begun another.
    assert marks(trail)[f"begin {run_id} 1"] == 1


@pytest.mark.parametrize("deaf", [False, True])
async def test_a_running_run_is_stopped_within_seconds(
    workers: Workers, client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase, deaf: bool
) -> None:
    workers.start()
    async with tenant_session(organization_id) as db:
        run_id = (await enqueue(db, "samples.wait", Wait(seconds=55, deaf=deaf))).id
    await asyncio.to_thread(wait_until, lambda: is_told(database, run_id, "Waiting"), 30, "it waits")
    stopped = await client.put(f"/api/runs/{run_id}/cancellation")
    assert stopped.json()["can_cancel"] is False
    # By itself it would go on for most of a minute.
    await asyncio.to_thread(wait_for_state, database, run_id, "cancelled", 25)


def is_told(database: TestDatabase, run_id: UUID, words: str) -> bool:
    with psycopg.connect(database.url) as connection:
        row = connection.execute("select progress_text from runs where id = %s", [run_id]).fetchone()
    return row == (words,)


async def test_a_run_outlives_a_database_that_is_away(
    workers: Workers, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    trail = tmp_path / "trail"
    workers.start()
    ids = [await start_trail(organization_id, trail, steps=3, seconds=1) for _ in range(4)]
    await asyncio.to_thread(wait_until, lambda: marked(trail, ids[-1], "begin 0"), 60, "the last run begins")
    with database_away(database):
        await asyncio.sleep(6)
    for run_id in ids:
        await asyncio.to_thread(wait_for_state, database, run_id, "done", 120)
    ends = {mark: times for mark, times in marks(trail).items() if mark.startswith("end")}
    assert len(ends) == 12
    assert set(ends.values()) == {1}


async def test_two_workers_share_the_work_and_do_nothing_twice(
    workers: Workers, organization_id: UUID, database: TestDatabase, tmp_path: Path
) -> None:
    workers.start()
    workers.start()
    trail = tmp_path / "trail"
    ids = [await start_trail(organization_id, trail, steps=2, seconds=0.01) for _ in range(60)]
    everything = len(ids) * 2 * 2
    await asyncio.to_thread(wait_until, lambda: len(marks(trail)) == everything, 180, "everything is done")
    for run_id in ids:
        await asyncio.to_thread(wait_for_state, database, run_id, "done", 60)
    assert set(marks(trail).values()) == {1}


async def test_a_worker_whose_database_goes_away_while_it_starts_ends_with_one_sentence(
    workers: Workers, database: TestDatabase, tmp_path: Path
) -> None:
    begun, over = tmp_path / "begun", tmp_path / "over"
    workers.program = ("tests.jobs.interrupted_worker", str(begun), str(over))
    process = workers.spawn()
    await asyncio.to_thread(wait_until, begun.exists, 60, "the worker registers its queues")
    with database_away(database):
        over.touch()
        assert await asyncio.to_thread(process.wait, 60) == 1
    said = workers.log_of(process).read_text()
    assert "the database went away while the worker started" in said
    assert "Traceback" not in said
