"""What a schedule does when its last run is not over, when its time was missed, and when many begin at once."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.scheduling import add_schedule, queue_due
from tests.jobs.test_schedules import BERLIN, only_mine, runs_of, schedule_of

assert only_mine

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stopped() -> Generator[datetime]:
    """No minute passes."""
    clock.freeze(clock.now())
    yield clock.now()
    clock.unfreeze()


async def every_minute(organization_id: UUID, **policies: Any) -> UUID:
    async with tenant_session(organization_id) as db:
        return (await add_schedule(db, "samples.nothing", "* * * * *", BERLIN, **policies)).id


async def states(organization_id: UUID, schedule_id: UUID) -> list[str]:
    async with tenant_session(organization_id) as db:
        query = select(RunRow.state).where(RunRow.schedule_id == schedule_id).order_by(RunRow.created_at, RunRow.id)
        return list(await db.scalars(query))


async def tick(minutes: int) -> None:
    await queue_due(NOON + minutes * MINUTE)


@pytest.mark.anyio
async def test_one_may_stand_in_line_behind_the_run_that_is_not_over(only_mine: UUID) -> None:
    schedule_id = await every_minute(only_mine, overlap="queue")
    for minute in range(5):
        await tick(minute)
    assert await states(only_mine, schedule_id) == ["queued", "waiting"]
    assert (await schedule_of(only_mine, schedule_id)).skipped == 2
    # The second begins when the first has ended, and not before.
    began = await run_until_idle(only_mine)
    assert len(began) == 2
    assert await states(only_mine, schedule_id) == ["done", "done"]


@pytest.mark.anyio
async def test_a_newer_run_replaces_the_one_that_is_not_over(only_mine: UUID) -> None:
    schedule_id = await every_minute(only_mine, overlap="replace")
    for minute in range(3):
        await tick(minute)
    assert await states(only_mine, schedule_id) == ["cancelled", "queued"]
    await run_until_idle(only_mine)
    assert await states(only_mine, schedule_id) == ["cancelled", "done"]


@pytest.mark.anyio
async def test_nobody_waits_behind_a_run_that_is_gone(only_mine: UUID) -> None:
    schedule_id = await every_minute(only_mine, overlap="queue")
    for minute in range(3):
        await tick(minute)
    async with system_session() as db:
        await db.execute(text("delete from runs where state = 'queued' and schedule_id = :id"), {"id": schedule_id})
    assert len(await run_until_idle(only_mine)) == 1


@pytest.mark.anyio
@pytest.mark.parametrize(("misfire", "runs", "missed"), [("once", 1, 0), ("skip", 0, 1)])
async def test_what_was_missed_is_made_up_for_once_or_left(
    only_mine: UUID, misfire: str, runs: int, missed: int
) -> None:
    async with tenant_session(only_mine) as db:
        schedule_id = (await add_schedule(db, "samples.nothing", "0 8 * * *", BERLIN, misfire=misfire)).id  # pyright: ignore[reportArgumentType]
    await tick(0)
    # Everything was down for days.
    late = NOON + timedelta(days=4)
    await queue_due(late)
    assert (await runs_of(only_mine, schedule_id), (await schedule_of(only_mine, schedule_id)).missed) == (runs, missed)
    # In time again, it is queued in both cases.
    await run_until_idle(only_mine)
    await queue_due(datetime(2027, 1, 9, 7, 0, 1, tzinfo=UTC))
    assert await runs_of(only_mine, schedule_id) == runs + 1


@pytest.mark.anyio
async def test_starts_vary_by_chance_within_their_limit(only_mine: UUID) -> None:
    ids = [await every_minute(only_mine, jitter=timedelta(seconds=30)) for _ in range(40)]
    await tick(0)
    nexts = [(await schedule_of(only_mine, schedule_id)).next_at for schedule_id in ids]
    late = [(at - NOON - MINUTE).total_seconds() for at in nexts if at]
    assert len(late) == 40
    assert 0 <= min(late) < max(late) <= 30
    assert len({round(seconds) for seconds in late}) > 10


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("cron", "due"),
    [
        # The night in which 2:30 does not exist: once, an hour later. The one in which it comes twice: once, the first time.
        ("30 2 * * *", ["03-28 01:30", "03-29 00:30"]),
        ("30 2 * * *", ["10-31 00:30", "11-01 01:30"]),
        ("0 8 * * *", ["03-28 06:00", "03-29 06:00"]),
        ("0 8 * * *", ["10-31 07:00", "11-01 07:00"]),
    ],
)
async def test_summer_time_neither_loses_nor_doubles_a_run(only_mine: UUID, cron: str, due: list[str]) -> None:
    async with tenant_session(only_mine) as db:
        schedule_id = (await add_schedule(db, "samples.nothing", cron, BERLIN)).id
    now = datetime.strptime(f"2027-{due[0]}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC, hour=0, minute=0) - timedelta(
        hours=6
    )
    fired: list[str] = []
    for _ in range(40 * 4):
        await queue_due(now)
        if await run_until_idle(only_mine):
            at = (await schedule_of(only_mine, schedule_id)).fired_at
            assert at is not None
            fired.append(at.strftime("%m-%d %H:%M"))
        now += timedelta(minutes=15)
    assert fired == due


@pytest.mark.anyio
async def test_the_calendar_shows_what_comes_next_of_all_schedules(
    client: httpx.AsyncClient, only_mine: UUID, stopped: datetime
) -> None:
    for title, cron in (("Hourly", "0 * * * *"), ("Daily", "30 8 * * *"), ("Paused", "* * * * *")):
        new = {"job": "samples.nothing", "title": title, "cron": cron, "time_zone": "UTC", "paused": title == "Paused"}
        assert (await client.post("/api/schedules", json=new)).status_code == 201
    until = (stopped + timedelta(days=2)).isoformat()
    shown = (await client.get("/api/schedules/calendar", params={"until": until})).json()
    times = [entry["at"] for entry in shown["items"]]
    titles = [entry["title"] for entry in shown["items"]]
    assert times == sorted(times)
    assert (titles.count("Hourly"), titles.count("Daily"), titles.count("Paused"), shown["more"]) == (48, 2, 0, False)
    some = (await client.get("/api/schedules/calendar", params={"limit": 5})).json()
    assert (len(some["items"]), some["more"]) == (5, True)


@pytest.mark.anyio
async def test_a_schedule_keeps_its_policies_and_shows_the_limit_that_holds(
    client: httpx.AsyncClient, only_mine: UUID
) -> None:
    new = {"job": "samples.nothing", "cron": "0 8 * * *", "overlap": "replace", "misfire": "skip", "jitter_seconds": 60}
    made = (await client.post("/api/schedules", json=new)).json()
    assert {name: made[name] for name in ("overlap", "misfire", "jitter_seconds")} == {
        name: new[name] for name in ("overlap", "misfire", "jitter_seconds")
    }
    assert (made["timeout_seconds"], made["job_timeout_seconds"]) == (None, 30)
    changed = {"overlap": "queue", "timeout_seconds": 20, "soft_timeout_seconds": 15, "jitter_seconds": 0}
    made = (await client.patch(f"/api/schedules/{made['id']}", json=changed)).json()
    assert (made["overlap"], made["misfire"], made["jitter_seconds"]) == ("queue", "skip", 0)
    run = (await client.post(f"/api/schedules/{made['id']}/runs")).json()
    assert (run["timeout_seconds"], run["soft_timeout_seconds"], run["timeout_from"]) == (20, 15, "schedule")
    too_much = await client.post("/api/schedules", json={**new, "cron": "* * * * *", "jitter_seconds": 60})
    assert (too_much.status_code, too_much.json()["code"], too_much.json()["seconds"]) == (
        422,
        "jobs/too-much-jitter",
        30,
    )
