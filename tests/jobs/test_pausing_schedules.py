"""Schedules that stop by themselves: alone, with the reason, and no longer than it holds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import select, text

from brandhound.core.db import SYSTEM_ORGANIZATION, Db, tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import Schedule
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import JOBS, About, Run, job
from brandhound.jobs.scheduling import bring_registered, queue_due
from tests.jobs.test_schedules import make_schedule, only_mine, runs_of

assert only_mine

pytestmark = pytest.mark.anyio

MONDAY = datetime(2027, 1, 4, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("time_zone = 'Europe/Atlantis'", "There is no time zone named Europe/Atlantis"),
        ("cron = 'whenever'", "That is not a schedule we can read"),
        ("cron = '0 0 30 2 *'", "A schedule like that would never come due (0 0 30 2 *)"),
    ],
)
async def test_one_that_cannot_be_reckoned_stops_alone_and_says_why(
    client: httpx.AsyncClient, only_mine: UUID, change: str, why: str
) -> None:
    broken, sound = await make_schedule(only_mine), await make_schedule(only_mine)
    async with tenant_session(only_mine) as db:
        # It was stored by another machine, or another version of the product.
        await db.execute(text(f"update schedules set {change} where id = :id"), {"id": broken})
    # Until it is noticed, it keeps nobody from seeing the others.
    assert len((await client.get("/api/schedules")).json()["items"]) == 2
    assert {item["schedule_id"] for item in (await client.get("/api/schedules/calendar")).json()["items"]} == {
        str(sound)
    }
    await queue_due(MONDAY)
    await queue_due(TUESDAY)
    assert await runs_of(only_mine, sound) == 1
    stopped = (await client.get(f"/api/schedules/{broken}")).json()
    assert (stopped["title"], stopped["paused"]) == ("Do nothing", True)
    assert why in stopped["paused_because"]
    (notice,) = (await client.get("/api/notifications", params={"kind": "schedule_paused"})).json()["items"]
    assert why in notice["body"]


async def test_one_that_stopped_by_itself_keeps_its_name_and_forgets_the_reason_when_it_goes_on(
    client: httpx.AsyncClient, only_mine: UUID
) -> None:
    schedule_id = await make_schedule(only_mine)
    async with tenant_session(only_mine) as db:
        await db.execute(text("update schedules set job = 'samples.removed' where id = :id"), {"id": schedule_id})
    await queue_due(MONDAY)
    await queue_due(TUESDAY)
    stopped = (await client.get(f"/api/schedules/{schedule_id}")).json()
    assert stopped["paused_because"] == "There is no job named samples.removed"
    async with tenant_session(only_mine) as db:
        await db.execute(text("update schedules set job = 'samples.nothing' where id = :id"), {"id": schedule_id})
    resumed = (await client.delete(f"/api/schedules/{schedule_id}/pause")).json()
    assert (resumed["title"], resumed["paused_because"]) == ("Do nothing", None)
    run = (await client.post(f"/api/schedules/{schedule_id}/runs")).json()
    assert run["title"] == "Do nothing"
    await run_until_idle(only_mine)


async def test_what_a_person_paused_an_update_does_not_resume_and_what_paused_itself_it_does(only_mine: UUID) -> None:
    name = f"samples.beat_{uuid4().hex}"

    async def beat(run: Run) -> None:
        pass

    async def bring(every: timedelta, **columns: object) -> Schedule:
        job(name, every=every, timeout=timedelta(seconds=5))(beat)  # pyright: ignore[reportArgumentType]
        try:
            async with system_session() as db:
                for column, value in columns.items():
                    await db.execute(
                        text(f"update schedules set {column} = :value where registered = :name"),
                        {"value": value, "name": name},
                    )
                await bring_registered(db)
            async with tenant_session(SYSTEM_ORGANIZATION) as db:
                return (await db.scalars(select(Schedule).where(Schedule.registered == name))).one()
        finally:
            del JOBS[name]

    await bring(timedelta(minutes=1))
    assert (await bring(timedelta(minutes=2), paused=True)).paused
    revived = await bring(timedelta(minutes=2), paused_because="There is no job of that name")
    assert (revived.paused, revived.paused_because) == (False, None)


class Thing(BaseModel):
    thing_id: UUID


NAMES = {uuid4(): "One", uuid4(): "Two"}


async def name_of(db: Db, thing_id: UUID) -> str | None:
    return NAMES.get(thing_id)


@job("samples.look_at", timeout=timedelta(seconds=5), about=About("thing_id", "Look at {}", name_of))
async def look_at(run: Run, parameters: Thing) -> Outcome:
    return Done()


async def test_a_title_that_nobody_chose_follows_what_the_schedule_is_about(
    client: httpx.AsyncClient, only_mine: UUID
) -> None:
    one, two = ({"parameters": {"thing_id": str(thing_id)}} for thing_id in NAMES)
    made = (await client.post("/api/schedules", json={"job": "samples.look_at", "cron": "0 8 * * *", **one})).json()
    assert made["title"] == "Look at One"
    address = f"/api/schedules/{made['id']}"
    assert (await client.patch(address, json=two)).json()["title"] == "Look at Two"
    assert (await client.patch(address, json={"title": "Mine"})).json()["title"] == "Mine"
    assert (await client.patch(address, json=one)).json()["title"] == "Mine"
