"""Notices: who is told what, how often, and who has read it."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.notifications.models import Notification
from brandhound.notifications.notifying import notify, settle
from tests.factories.people import signed_in
from tests.jobs.sample_jobs import Nothing, Trouble, Wait

pytestmark = pytest.mark.anyio


async def tell(organization_id: UUID, title: str = "A feed fell silent", **more: str) -> UUID:
    async with tenant_session(organization_id) as db:
        return await notify(db, "feed_silent", title, **more)  # pyright: ignore[reportArgumentType]


async def seen_by(client: httpx.AsyncClient) -> tuple[list[str], int]:
    page = (await client.get("/api/notifications")).json()
    return [item["title"] for item in page["items"] if not item["read"]], page["unread"]


async def test_a_notice_is_told_with_its_cause_or_not_at_all(client: httpx.AsyncClient, organization_id: UUID) -> None:
    async with tenant_session(organization_id) as db:
        await notify(db, "feed_silent", "This is not so")
        await db.rollback()
    await tell(organization_id, "This is so", href="/feeds")
    page = (await client.get("/api/notifications")).json()
    assert [(item["title"], item["href"], item["severity"]) for item in page["items"]] == [
        ("This is so", "/feeds", "info")
    ]


async def test_each_person_reads_for_themselves(client: httpx.AsyncClient, app: FastAPI, organization_id: UUID) -> None:
    first, second = await tell(organization_id, "One"), await tell(organization_id, "Two")
    async with signed_in(app, organization_id, "viewer") as (colleague, _):
        assert (await client.put(f"/api/notifications/{first}/reading")).json() == {"unread": 1}
        assert await seen_by(client) == (["Two"], 1)
        assert await seen_by(colleague) == (["Two", "One"], 2)
        assert (await colleague.put("/api/notifications/reading")).json() == {"unread": 0}
        assert await seen_by(colleague) == ([], 0)
        assert await seen_by(client) == (["Two"], 1)
    assert (await client.put(f"/api/notifications/{second}/reading")).json() == {"unread": 0}


async def test_one_incident_is_one_notice_however_often_it_is_told(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    ids = {await tell(organization_id, f"Failed {number} times", key="feed:1") for number in range(1, 4)}
    assert len(ids) == 1
    page = (await client.get("/api/notifications")).json()
    assert [(item["title"], item["count"]) for item in page["items"]] == [("Failed 3 times", 3)]


async def test_an_incident_that_was_read_of_stays_quiet_until_it_is_worse_or_a_day_old(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await tell(organization_id, key="feed:2", severity="warning")
    await client.put("/api/notifications/reading")
    await tell(organization_id, key="feed:2", severity="warning")
    assert await seen_by(client) == ([], 0)
    await tell(organization_id, key="feed:2", severity="critical")
    assert (await seen_by(client))[1] == 1
    await client.put("/api/notifications/reading")
    clock.freeze(clock.now() + timedelta(hours=25))
    try:
        await tell(organization_id, key="feed:2", severity="critical")
        assert (await seen_by(client))[1] == 1
    finally:
        clock.unfreeze()


async def test_after_an_incident_is_settled_the_next_is_a_new_one(organization_id: UUID) -> None:
    first = await tell(organization_id, key="feed:3")
    async with tenant_session(organization_id) as db:
        assert await settle(db, "feed:3")
        assert not await settle(db, "feed:3")
    assert await tell(organization_id, key="feed:3") != first


async def test_nobody_sees_another_organizations_notices(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, organization_id: UUID
) -> None:
    notice = await tell(organization_id)
    assert await seen_by(other_client) == ([], 0)
    assert (await other_client.put(f"/api/notifications/{notice}/reading")).status_code == 404
    assert (await client.put(f"/api/notifications/{uuid4()}/reading")).status_code == 404


async def test_notices_come_in_pages(client: httpx.AsyncClient, organization_id: UUID) -> None:
    for number in range(5):
        await tell(organization_id, f"Notice {number}")
    first = (await client.get("/api/notifications", params={"limit": 3})).json()
    second = (await client.get("/api/notifications", params={"limit": 3, "cursor": first["next"]})).json()
    assert [item["title"] for item in first["items"] + second["items"]] == [f"Notice {n}" for n in (4, 3, 2, 1, 0)]


async def test_the_one_who_asked_is_told_when_it_is_done(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID
) -> None:
    run = (await client.post("/api/runs", json={"job": "samples.talk"})).json()
    await run_until_idle(organization_id)
    (notice,) = (await client.get("/api/notifications")).json()["items"]
    assert (notice["kind"], notice["title"], notice["body"]) == ("run_done", "Say something is done", "3 lines")
    assert notice["href"] == f"/jobs?run={run['id']}"
    async with signed_in(app, organization_id, "owner") as (colleague, _):
        assert await seen_by(colleague) == ([], 0)


async def test_short_runs_that_nobody_asked_for_are_not_spoken_of(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with tenant_session(organization_id) as db:
        await enqueue(db, "samples.nothing", Nothing())
    await run_until_idle(organization_id)
    assert await seen_by(client) == ([], 0)


async def test_a_long_run_is_spoken_of(client: httpx.AsyncClient, organization_id: UUID) -> None:
    async with tenant_session(organization_id) as db:
        run = await enqueue(db, "samples.nothing", Nothing())
        await db.execute(text("update runs set started_at = now() - interval '40 s' where id = :id"), {"id": run.id})
    await run_until_idle(organization_id)
    assert await seen_by(client) == (["Do nothing is done"], 1)


async def test_failures_of_one_kind_are_one_incident_with_the_reason(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with tenant_session(organization_id) as db:
        for _ in range(3):
            await enqueue(db, "samples.trouble", Trouble(kind="refused"))
        await enqueue(db, "samples.wait", Wait(seconds=9), time_limit=timedelta(seconds=0.1))
    await run_until_idle(organization_id)
    page = (await client.get("/api/notifications")).json()
    told = {item["kind"]: item for item in page["items"]}
    assert set(told) == {"run_dead", "run_timed_out"}
    assert (told["run_dead"]["count"], told["run_dead"]["severity"]) == (3, "warning")
    assert told["run_dead"]["body"].startswith("nobody listens there\n\nIts log ends with:\n")
    assert told["run_dead"]["href"].endswith("&again=1")
    assert told["run_timed_out"]["title"] == "Wait took too long"


async def test_a_run_under_which_workers_keep_dying_is_given_up_and_told(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with tenant_session(organization_id) as db:
        run = await enqueue(db, "samples.suicide")
        await db.execute(text("update runs set interruptions = 5 where id = :id"), {"id": run.id})
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        ended = (await db.scalars(select(RunRow).where(RunRow.id == run.id))).one()
        assert (ended.state, ended.error_code) == ("dead", "jobs/poison")
        (notice,) = list(await db.scalars(select(Notification)))
        assert "died under it 5 times" in notice.body
