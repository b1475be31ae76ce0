"""What a cron expression means, which ones are refused, and how far a start may vary by chance."""

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
from brandhound.jobs.scheduling import queue_due
from brandhound.jobs.timing import check_cron, least_gap, next_dues
from tests.jobs.test_schedules import make_schedule, only_mine, runs_of

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
