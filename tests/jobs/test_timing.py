"""What a cron expression means, which ones are refused, and how far a start may vary by chance."""

import random
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.errors import BadCron, UnknownTimeZone
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.scheduling import add_schedule, queue_due
from brandhound.jobs.timing import check_cron, least_gap, next_dues
from tests.jobs.test_schedules import make_schedule, only_mine, runs_of, schedule_of

assert only_mine

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0 9-9 * * *", "0 9 * * *"),
        ("0 9-9/2 * * *", "0 9 * * *"),
        ("0 09-9,18 * * *", "0 9,18 * * *"),
        ("5-5 8 * * *", "5 8 * * *"),
        ("0 0 * * mon-MON", "0 0 * * 1"),
        ("0 0 * jan-1 *", "0 0 * 1 *"),
        # To Sunday and on to Sunday again: that is the whole week.
        ("0 0 * * 0-7", "0 0 * * *"),
    ],
)
def test_from_nine_to_nine_is_nine(written: str, meant: str) -> None:
    assert next_dues(written, "UTC", NOON, 30) == next_dues(meant, "UTC", NOON, 30)


@pytest.mark.parametrize("cron", ["R R * * *", "r 8 * * *", "H 8 * * *", "H/15 * * * *", "0 R(1-3) * * *"])
def test_a_time_by_chance_is_refused(cron: str) -> None:
    with pytest.raises(BadCron):
        check_cron(cron, "UTC", NOON)


@pytest.mark.parametrize("cron", ["0 8 * mar thu", "0 8 * apr fri", "0 8 L * *"])
def test_letters_in_the_names_of_days_and_months_are_no_chance(cron: str) -> None:
    check_cron(cron, "UTC", NOON)


@pytest.mark.parametrize(
    "zone", ["localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "Factory", ""]
)
def test_a_zone_that_is_another_one_elsewhere_is_refused(zone: str) -> None:
    with pytest.raises(UnknownTimeZone):
        check_cron("0 8 * * *", zone, NOON)


@pytest.mark.parametrize("minute", [3, 12])
def test_the_shortest_time_between_two_starts_is_the_same_whenever_one_asks(minute: int) -> None:
    assert least_gap("0,10 * * * *", "UTC", NOON.replace(minute=minute)) == timedelta(minutes=10)


@pytest.fixture
def at_three_past() -> Generator[None]:
    clock.freeze(NOON + timedelta(minutes=3))
    yield
    clock.unfreeze()


@pytest.mark.anyio
@pytest.mark.usefixtures("at_three_past")
async def test_how_far_a_start_may_vary_does_not_depend_on_the_minute(
    client: httpx.AsyncClient, only_mine: UUID
) -> None:
    new = {"job": "samples.nothing", "cron": "0,10 * * * *", "time_zone": "UTC"}
    # Until the next hour there is much time just now, and little from then on.
    refused = await client.post("/api/schedules", json={**new, "jitter_seconds": 1500})
    assert (refused.status_code, refused.json()["code"], refused.json()["seconds"]) == (
        422,
        "jobs/too-much-jitter",
        300,
    )
    assert (await client.post("/api/schedules", json={**new, "jitter_seconds": 300})).status_code == 201


@pytest.mark.anyio
async def test_what_is_not_changed_is_no_reason_to_refuse_a_change(client: httpx.AsyncClient, only_mine: UUID) -> None:
    schedule_id = await make_schedule(only_mine, "0,10 * * * *")
    async with tenant_session(only_mine) as db:
        # As it could be saved once.
        await db.execute(text("update schedules set jitter_seconds = 1500 where id = :id"), {"id": schedule_id})
    same = {"cron": "0,10 * * * *", "time_zone": "Europe/Berlin", "jitter_seconds": 1500}
    renamed = await client.patch(f"/api/schedules/{schedule_id}", json={**same, "title": "Often"})
    assert (renamed.status_code, renamed.json()["title"]) == (200, "Often")
    refused = await client.patch(f"/api/schedules/{schedule_id}", json={"cron": "0,15 * * * *"})
    assert (refused.status_code, refused.json()["code"]) == (422, "jobs/too-much-jitter")


@pytest.mark.anyio
async def test_a_start_that_chance_made_late_costs_none_of_the_next_ones(only_mine: UUID) -> None:
    schedule_id = await make_schedule(only_mine, "0,10 * * * *")
    async with tenant_session(only_mine) as db:
        await db.execute(text("update schedules set jitter_seconds = 1500 where id = :id"), {"id": schedule_id})
    for minutes in range(1, 360, 5):
        await queue_due(NOON + timedelta(minutes=minutes))
        await run_until_idle(only_mine)
    # 12:10, then twice an hour until 17:10; 18:00 has not come.
    assert await runs_of(only_mine, schedule_id) == 11


@pytest.mark.anyio
async def test_after_days_of_silence_what_was_missed_is_still_made_up_for_once(only_mine: UUID) -> None:
    schedule_id = await make_schedule(only_mine, "0 * * * *")
    async with tenant_session(only_mine) as db:
        await db.execute(text("update schedules set jitter_seconds = 600 where id = :id"), {"id": schedule_id})
    await queue_due(NOON)
    late = NOON + timedelta(days=3, minutes=30)
    for minutes in range(0, 30, 5):
        await queue_due(late + timedelta(minutes=minutes))
        await run_until_idle(only_mine)
    assert await runs_of(only_mine, schedule_id) == 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("misfire", "drawn", "runs_at_once", "next_at"),
    [
        # Today's start at 3:36 was missed like yesterday's: one run stands for both.
        ("once", 0.1, 1, "01-06 03:36"),
        # Today's start at 6:00 is still to come, whatever was made up for.
        ("once", 0.5, 1, "01-05 06:00"),
        ("skip", 0.5, 0, "01-05 06:00"),
        # Yesterday's is left out, today's may begin until 9:00.
        ("skip", 0.1, 1, "01-06 03:36"),
    ],
)
async def test_a_start_that_was_missed_is_not_made_up_for_beside_the_one_before(
    only_mine: UUID, monkeypatch: pytest.MonkeyPatch, misfire: str, drawn: float, runs_at_once: int, next_at: str
) -> None:
    monkeypatch.setattr("brandhound.jobs.firing.random.uniform", lambda _least, _most: drawn)  # type: ignore[reportUnknownLambdaType]
    async with tenant_session(only_mine) as db:
        policies = {"misfire": misfire, "overlap": "queue", "jitter": timedelta(hours=6)}
        schedule_id = (await add_schedule(db, "samples.nothing", "0 3 * * *", "UTC", **policies)).id  # pyright: ignore[reportArgumentType]
    # From before the start of the 4th, everything was down until four in the morning of the 5th.
    await queue_due(NOON.replace(hour=1))
    for _ in range(3):
        await queue_due(NOON.replace(day=5, hour=4))
    schedule = await schedule_of(only_mine, schedule_id)
    assert schedule.next_at is not None
    assert (await runs_of(only_mine, schedule_id), f"{schedule.next_at.astimezone(UTC):%m-%d %H:%M}") == (
        runs_at_once,
        next_at,
    )
    await queue_due(schedule.next_at)
    assert await runs_of(only_mine, schedule_id) == runs_at_once + 1


@pytest.mark.anyio
async def test_where_nothing_is_late_each_time_has_its_start_whatever_chance_draws(only_mine: UUID) -> None:
    random.seed(54)
    async with tenant_session(only_mine) as db:
        schedule_id = (await add_schedule(db, "samples.nothing", "0 3 * * *", "UTC", jitter=timedelta(hours=12))).id
    await queue_due(NOON.replace(hour=1))
    days: list[str] = []
    for _ in range(20):
        next_at = (await schedule_of(only_mine, schedule_id)).next_at
        assert next_at is not None
        days.append(f"{next_at - timedelta(hours=3):%d}")
        # Half a minute late, as a scheduler that looks every half minute may be.
        await queue_due(next_at + timedelta(seconds=30))
        await run_until_idle(only_mine)
    assert days == [f"{day:02}" for day in range(4, 24)]
    assert await runs_of(only_mine, schedule_id) == 20
