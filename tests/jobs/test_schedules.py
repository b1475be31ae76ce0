"""Schedules: when they come due, and what happens when they do."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import delete, func, select, text

from brandhound.core.db import SYSTEM_ORGANIZATION, tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.errors import BadCron, NeverDue, UnknownTimeZone
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.registry import JOBS, Run, job
from brandhound.jobs.scheduling import add_schedule, bring_registered, queue_due
from brandhound.jobs.timing import check_cron, next_dues
from tests.jobs.workers import Workers

BERLIN = "Europe/Berlin"


def berlin(cron: str, after: datetime, count: int = 10) -> list[str]:
    return [at.astimezone(ZoneInfo(BERLIN)).strftime("%m-%d %H:%M%z") for at in next_dues(cron, BERLIN, after, count)]


def test_the_next_ten_times_pass_into_summer_time() -> None:
    times = berlin("0 8 * * *", datetime(2026, 3, 25, 12, tzinfo=UTC))
    assert times[:5] == [
        "03-26 08:00+0100",
        "03-27 08:00+0100",
        "03-28 08:00+0100",
        "03-29 08:00+0200",
        "03-30 08:00+0200",
    ]
    assert len(times) == 10


def test_the_next_ten_times_pass_out_of_summer_time() -> None:
    times = berlin("0 8 * * *", datetime(2026, 10, 22, 12, tzinfo=UTC))
    assert times[:4] == ["10-23 08:00+0200", "10-24 08:00+0200", "10-25 08:00+0100", "10-26 08:00+0100"]
    assert len(times) == 10


def test_a_time_that_summer_time_skips_comes_an_hour_later_once() -> None:
    assert berlin("30 2 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), 2) == ["03-29 03:30+0200", "03-30 02:30+0200"]
    assert berlin("30 2,3 * * *", datetime(2026, 3, 28, 12, tzinfo=UTC), 2) == ["03-29 03:30+0200", "03-30 02:30+0200"]


def test_a_time_that_comes_twice_counts_once() -> None:
    assert berlin("30 2 * * *", datetime(2026, 10, 24, 12, tzinfo=UTC), 2) == ["10-25 02:30+0200", "10-26 02:30+0100"]
    within = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert berlin("30 2 * * *", within, 1) == ["10-26 02:30+0100"]


def test_every_half_hour_runs_through_the_hour_that_comes_twice() -> None:
    times = berlin("*/30 * * * *", datetime(2026, 10, 24, 23, 45, tzinfo=UTC), 5)
    assert times == ["10-25 02:00+0200", "10-25 02:30+0200", "10-25 02:00+0100", "10-25 02:30+0100", "10-25 03:00+0100"]


@pytest.mark.parametrize(
    ("cron", "zone", "problem"),
    [
        ("0 0 30 2 *", BERLIN, NeverDue),
        ("every day", BERLIN, BadCron),
        ("61 * * * *", BERLIN, BadCron),
        ("* * * * * *", BERLIN, BadCron),
        ("0 8 * * *", "Europe/Atlantis", UnknownTimeZone),
        ("0 8 * * *", "../../etc/passwd", UnknownTimeZone),
    ],
)
def test_what_cannot_be_a_schedule_is_refused(cron: str, zone: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        check_cron(cron, zone, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
async def only_mine(organization_id: UUID) -> AsyncGenerator[UUID]:
    async with system_session() as db:
        await db.execute(delete(Schedule))
    yield organization_id
    async with system_session() as db:
        await db.execute(delete(Schedule))


async def make_schedule(organization_id: UUID, cron: str = "0 8 * * *", job: str = "samples.nothing") -> UUID:
    async with tenant_session(organization_id) as db:
        return (await add_schedule(db, job, cron, BERLIN)).id


async def schedule_of(organization_id: UUID, schedule_id: UUID) -> Schedule:
    async with tenant_session(organization_id) as db:
        return (await db.scalars(select(Schedule).where(Schedule.id == schedule_id))).one()


async def runs_of(organization_id: UUID, schedule_id: UUID) -> int:
    async with tenant_session(organization_id) as db:
        return int(await db.scalar(select(func.count()).where(RunRow.schedule_id == schedule_id)) or 0)


@pytest.mark.anyio
async def test_what_is_due_is_queued_once_and_what_was_missed_is_not_made_up_for(only_mine: UUID) -> None:
    schedule_id = await make_schedule(only_mine)
    monday = datetime(2027, 1, 4, 12, tzinfo=UTC)
    await queue_due(monday)
    assert (await schedule_of(only_mine, schedule_id)).next_at == datetime(2027, 1, 5, 7, tzinfo=UTC)
    assert await runs_of(only_mine, schedule_id) == 0
    # Everything was down until Friday: three times were missed, and a fourth is due.
    friday = datetime(2027, 1, 8, 7, 0, 1, tzinfo=UTC)
    await queue_due(friday)
    await queue_due(friday)
    assert await runs_of(only_mine, schedule_id) == 1
    assert (await schedule_of(only_mine, schedule_id)).next_at == datetime(2027, 1, 9, 7, tzinfo=UTC)


@pytest.mark.anyio
async def test_a_schedule_does_not_overtake_itself(only_mine: UUID) -> None:
    schedule_id = await make_schedule(only_mine, "* * * * *")
    start = datetime(2027, 1, 4, 12, tzinfo=UTC)
    for minute in range(4):
        await queue_due(start + timedelta(minutes=minute))
    schedule = await schedule_of(only_mine, schedule_id)
    assert (await runs_of(only_mine, schedule_id), schedule.skipped) == (1, 2)
    await run_until_idle(only_mine)
    await queue_due(start + timedelta(minutes=5))
    assert await runs_of(only_mine, schedule_id) == 2


@pytest.mark.anyio
async def test_a_clock_that_jumped_ahead_and_back_does_not_silence_a_schedule(only_mine: UUID) -> None:
    schedule_id = await make_schedule(only_mine)
    now = datetime(2027, 1, 4, 12, tzinfo=UTC)
    await queue_due(now)
    await queue_due(now + timedelta(days=3000))
    await run_until_idle(only_mine)
    await queue_due(now)
    schedule = await schedule_of(only_mine, schedule_id)
    assert schedule.next_at == datetime(2027, 1, 5, 7, tzinfo=UTC)
    await queue_due(now)
    assert await runs_of(only_mine, schedule_id) == 1


@pytest.mark.anyio
async def test_a_job_that_brings_its_schedule_runs_in_the_installations_own_organization(only_mine: UUID) -> None:
    name = f"samples.beat_{uuid4().hex}"

    async def beat(run: Run) -> None:
        pass

    job(name, every=timedelta(minutes=1), timeout=timedelta(seconds=5))(beat)  # pyright: ignore[reportArgumentType]
    try:
        async with system_session() as db:
            await bring_registered(db)
            await bring_registered(db)
            await db.execute(delete(Schedule).where(Schedule.job != name))
        now = datetime(2027, 1, 4, 12, 0, 30, tzinfo=UTC)
        assert await queue_due(now) == timedelta(seconds=30)
        async with tenant_session(SYSTEM_ORGANIZATION) as db:
            schedule = (await db.scalars(select(Schedule).where(Schedule.registered == name))).one()
            assert schedule.next_at == now + timedelta(minutes=1)
            assert await db.scalar(select(func.count()).where(RunRow.schedule_id == schedule.id)) == 1
            await db.execute(text("update runs set state = 'cancelled' where job = :job"), {"job": name})
        # No drift: half a second late, the next one is on the minute again.
        await queue_due(now + timedelta(seconds=60.5))
        async with tenant_session(SYSTEM_ORGANIZATION) as db:
            schedule = (await db.scalars(select(Schedule).where(Schedule.registered == name))).one()
            assert schedule.next_at == now + timedelta(minutes=2)
    finally:
        del JOBS[name]


@pytest.mark.anyio
async def test_a_schedule_of_a_job_that_is_gone_pauses_and_says_so(only_mine: UUID) -> None:
    schedule_id = await make_schedule(only_mine)
    async with tenant_session(only_mine) as db:
        await db.execute(text("update schedules set job = 'samples.removed' where id = :id"), {"id": schedule_id})
    start = datetime(2027, 1, 4, 12, tzinfo=UTC)
    await queue_due(start)
    await queue_due(start + timedelta(days=1))
    schedule = await schedule_of(only_mine, schedule_id)
    assert (schedule.paused, schedule.paused_because) == (True, "There is no job named samples.removed")


@pytest.mark.anyio
async def test_a_person_makes_changes_and_removes_a_schedule(client: httpx.AsyncClient, only_mine: UUID) -> None:
    new = {"job": "samples.talk", "title": "Morning talk", "cron": "0 8 * * 1-5", "parameters": {"lines": 2}}
    made = (await client.post("/api/schedules", json=new)).json()
    # Without a zone it is the organization's own.
    assert (made["time_zone"], len(made["next_runs"]), made["last_run"]) == (BERLIN, 10, None)
    changed = await client.patch(f"/api/schedules/{made['id']}", json={"cron": "0 9 * * *", "time_zone": "Asia/Tokyo"})
    assert changed.json()["next_runs"] != made["next_runs"]
    assert changed.json()["title"] == "Morning talk"
    paused = (await client.put(f"/api/schedules/{made['id']}/pause")).json()
    assert (paused["paused"], paused["next_runs"]) == (True, [])
    assert (await client.delete(f"/api/schedules/{made['id']}/pause")).json()["paused"] is False
    run = (await client.post(f"/api/schedules/{made['id']}/runs")).json()
    assert (run["schedule_id"], run["title"]) == (made["id"], "Morning talk")
    await run_until_idle(only_mine)
    (listed,) = (await client.get("/api/schedules")).json()["items"]
    assert (listed["last_run"]["id"], listed["last_run"]["state"]) == (run["id"], "done")
    assert (await client.delete(f"/api/schedules/{made['id']}")).status_code == 204
    assert (await client.get(f"/api/schedules/{made['id']}")).status_code == 404
    assert (await client.get(f"/api/runs/{run['id']}")).json()["schedule_id"] is None


@pytest.mark.anyio
async def test_a_limit_of_a_schedules_own_can_be_taken_off(client: httpx.AsyncClient, only_mine: UUID) -> None:
    limits = {"timeout_seconds": 900, "soft_timeout_seconds": 600}
    new = {"job": "samples.talk", "cron": "0 8 * * *", "parameters": {"lines": 2}, **limits}
    made = (await client.post("/api/schedules", json=new)).json()
    at = f"/api/schedules/{made['id']}"

    async def change(**what: object) -> list[float | None]:
        answer = (await client.patch(at, json=what)).raise_for_status().json()
        return [answer[name] for name in limits]

    assert await change(title="Evening talk") == [900, 600]
    assert await change(soft_timeout_seconds=None) == [900, None]
    assert await change(timeout_seconds=None) == [None, None]


async def test_many_schedules_come_in_pages_and_can_be_searched(client: httpx.AsyncClient, only_mine: UUID) -> None:
    # Titles that are alike must not be skipped at the edge of a page.
    for title in ("Walk", "Talk", "Talk", "50 % talk", "Talk"):
        new = {"job": "samples.talk", "title": title, "cron": "0 8 * * 1-5", "parameters": {"lines": 2}}
        assert (await client.post("/api/schedules", json=new)).status_code == 201
    seen: list[dict[str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await client.get("/api/schedules", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        ).json()
        assert len(page["items"]) <= 2
        seen, cursor = seen + page["items"], page["next"]
    assert sorted(schedule["title"] for schedule in seen) == ["50 % talk", "Talk", "Talk", "Talk", "Walk"]
    assert len({schedule["id"] for schedule in seen}) == 5
    for words, found in (("wal", 1), ("50 %", 1), ("%", 1), ("samples.t", 5), ("nothing", 0)):
        page = (await client.get("/api/schedules", params={"search": words})).json()
        assert len(page["items"]) == found, words


@pytest.mark.anyio
async def test_a_schedule_that_is_being_written_shows_its_times(client: httpx.AsyncClient) -> None:
    shown = await client.post("/api/schedules/preview", json={"cron": "0 8 * * 1", "time_zone": BERLIN})
    assert len(shown.json()["next_runs"]) == 10
    never = await client.post("/api/schedules/preview", json={"cron": "0 8 31 4 *", "time_zone": BERLIN})
    assert (never.status_code, never.json()["code"]) == (422, "jobs/never-due")


@pytest.mark.anyio
@pytest.mark.slow
async def test_an_edit_holds_at_once(workers: Workers, only_mine: UUID) -> None:
    workers.start()
    schedule_id = await make_schedule(only_mine, "0 8 1 1 *")
    before = await next_of(only_mine, schedule_id)
    async with tenant_session(only_mine) as db:
        await db.execute(text("update schedules set cron = '0 9 1 1 *' where id = :id"), {"id": schedule_id})
    assert await next_of(only_mine, schedule_id) == before + timedelta(hours=1)


async def next_of(organization_id: UUID, schedule_id: UUID) -> datetime:
    """When it comes due, as soon as the scheduler has seen the row: sooner than by its own look every half minute."""
    for _ in range(500):
        if next_at := (await schedule_of(organization_id, schedule_id)).next_at:
            return next_at
        await asyncio.sleep(0.05)
    raise AssertionError("the scheduler has not seen it")
