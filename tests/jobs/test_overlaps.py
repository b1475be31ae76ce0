"""What a schedule that comes due holds for its last run: whichever of its runs is not over, and whoever started it."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlalchemy import select, text

from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.scheduling import queue_due
from tests.databases import TestDatabase
from tests.jobs.test_policies import every_minute, states
from tests.jobs.test_schedules import only_mine, schedule_of

assert only_mine

pytestmark = pytest.mark.anyio

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


async def tick(minutes: int) -> None:
    await queue_due(NOON + timedelta(minutes=minutes))


async def start_now(client: httpx.AsyncClient, schedule_id: UUID) -> UUID:
    return UUID((await client.post(f"/api/schedules/{schedule_id}/runs")).json()["id"])


async def set_run(organization_id: UUID, run_id: UUID, **columns: object) -> None:
    async with tenant_session(organization_id) as db:
        for column, value in columns.items():
            await db.execute(text(f"update runs set {column} = :value where id = :id"), {"value": value, "id": run_id})


async def runs_in_order(organization_id: UUID, schedule_id: UUID) -> list[RunRow]:
    async with tenant_session(organization_id) as db:
        query = select(RunRow).where(RunRow.schedule_id == schedule_id).order_by(RunRow.created_at, RunRow.id)
        return list(await db.scalars(query))


@pytest.mark.parametrize(
    ("overlap", "found"),
    [
        ("skip", ["running", "done"]),
        ("queue", ["running", "done", "waiting"]),
        ("replace", ["cancelled", "done", "queued"]),
    ],
)
async def test_a_run_that_a_person_started_and_that_has_ended_does_not_hide_the_one_that_runs(
    client: httpx.AsyncClient, only_mine: UUID, overlap: str, found: list[str]
) -> None:
    schedule_id = await every_minute(only_mine, overlap=overlap)
    await tick(0)
    await tick(1)
    (long,) = await runs_in_order(only_mine, schedule_id)
    await set_run(only_mine, long.id, state="running")
    quick = await start_now(client, schedule_id)
    await run_until_idle(only_mine)
    assert [run.id for run in await runs_in_order(only_mine, schedule_id)] == [long.id, quick]
    await tick(2)
    assert await states(only_mine, schedule_id) == found
    assert (await schedule_of(only_mine, schedule_id)).skipped == (1 if overlap == "skip" else 0)


async def test_an_older_run_that_is_done_again_is_not_run_beside(client: httpx.AsyncClient, only_mine: UUID) -> None:
    schedule_id = await every_minute(only_mine)
    await tick(0)
    await tick(1)
    (older,) = await runs_in_order(only_mine, schedule_id)
    await set_run(only_mine, older.id, state="failed")
    await tick(2)
    await run_until_idle(only_mine)
    assert (await client.post(f"/api/runs/{older.id}/replay")).json()["state"] == "queued"
    await tick(3)
    assert await states(only_mine, schedule_id) == ["queued", "done"]


async def test_one_in_line_does_not_begin_beside_another_run_of_its_schedule(
    client: httpx.AsyncClient, only_mine: UUID
) -> None:
    schedule_id = await every_minute(only_mine, overlap="queue")
    await tick(0)
    await tick(1)
    (first,) = await runs_in_order(only_mine, schedule_id)
    await set_run(only_mine, first.id, state="running")
    second = await start_now(client, schedule_id)
    await tick(2)
    # The newest of the two ends first; then the other.
    await run_until_idle(only_mine)
    assert await states(only_mine, schedule_id) == ["running", "done", "waiting"]
    assert (await runs_in_order(only_mine, schedule_id))[2].waiting_for == f"run:{first.id}"
    assert (await client.get(f"/api/runs/{second}")).json()["state"] == "done"
    await client.put(f"/api/runs/{first.id}/cancellation")
    await run_until_idle(only_mine)
    assert await states(only_mine, schedule_id) == ["cancelled", "done", "done"]


@pytest.fixture
def a_living_worker(database: TestDatabase) -> Generator[str]:
    """What it has is stopped by itself, and not for it."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(
            "insert into workers (executor_id, host, pid, version, beat_at) values ('alive', 'here', 1, '1', now() + '1 hour')"
        )
        yield "alive"
        connection.execute("delete from workers where executor_id = 'alive'")


async def test_after_a_crash_between_a_run_and_the_stop_of_the_one_before_no_two_run_beside_each_other(
    only_mine: UUID, a_living_worker: str
) -> None:
    schedule_id = await every_minute(only_mine, overlap="replace")
    await tick(0)
    await tick(1)
    (first,) = await runs_in_order(only_mine, schedule_id)
    await set_run(only_mine, first.id, state="running", worker=a_living_worker)
    await tick(2)
    # Whoever queued the second run died before it asked the first to stop.
    await set_run(only_mine, first.id, cancel_requested_at=None)
    await tick(3)
    first, second, third = await runs_in_order(only_mine, schedule_id)
    assert [first.state, second.state, third.state] == ["running", "cancelled", "waiting"]
    assert first.cancel_requested_at is not None
    assert third.waiting_for == f"run:{first.id}"
