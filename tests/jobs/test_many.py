"""One thing done to many runs, taking it back, and dead letters."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.jobs.tidying import forget_dead
from tests.jobs.sample_jobs import Trouble
from tests.jobs.test_runs import start

pytestmark = pytest.mark.anyio

LATER = timedelta(hours=3)


async def schedule_many(organization_id: UUID, count: int) -> list[str]:
    async with tenant_session(organization_id) as db:
        runs = [await enqueue(db, "samples.nothing", due_at=clock.now() + LATER) for _ in range(count)]
        return [str(run.id) for run in runs]


async def states(client: httpx.AsyncClient, **filters: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    cursor: str | None = None
    while True:
        query = {"limit": 200, "job": "samples.nothing", **filters, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/runs", params=query)).json()
        for run in page["items"]:
            found[run["state"]] = found.get(run["state"], 0) + 1
        cursor = page["next"]
        if cursor is None:
            return found


async def change(client: httpx.AsyncClient, organization_id: UUID, action: str, **which: Any) -> dict[str, Any]:
    answer = await client.post("/api/runs/bulk", json={"action": action, "filter": which})
    assert answer.status_code == 202, answer.text
    await run_until_idle(organization_id)
    run = (await client.get(f"/api/runs/{answer.json()['run']['id']}")).json()
    return {**answer.json(), "run": run}


async def test_all_that_match_are_paused_and_the_pause_is_taken_back(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await schedule_many(organization_id, 250)
    other = await start(organization_id, "samples.trouble", Trouble(kind="later"))
    done = await change(client, organization_id, "pause", job=["samples.nothing"])
    assert (done["matched"], done["more"], done["run"]["state"]) == (250, False, "done")
    assert done["run"]["outcome"] == "250 runs paused"
    assert done["run"]["progress"]["done"] == 250
    assert await states(client) == {"paused": 250}
    assert (await client.get(f"/api/runs/{other}")).json()["state"] == "waiting"
    undone = await client.post(f"/api/runs/bulk/{done['undo']}/undo")
    assert undone.status_code == 202
    await run_until_idle(organization_id)
    # Their time had not come, and is waited for as before.
    assert await states(client) == {"scheduled": 250}


async def test_a_cancellation_of_what_had_not_begun_is_taken_back_for_a_minute(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await schedule_many(organization_id, 3)
    done = await change(client, organization_id, "cancel", state=["scheduled"])
    assert await states(client) == {"cancelled": 3}
    clock.freeze(clock.now() + timedelta(seconds=61))
    try:
        late = await client.post(f"/api/runs/bulk/{done['undo']}/undo")
        assert (late.status_code, late.json()["code"]) == (409, "jobs/too-late-to-undo")
    finally:
        clock.unfreeze()
    assert (await client.post(f"/api/runs/bulk/{done['undo']}/undo")).status_code == 202
    await run_until_idle(organization_id)
    # Their time had not come, and is waited for as before.
    assert await states(client) == {"scheduled": 3}


async def test_what_could_not_be_changed_is_listed(client: httpx.AsyncClient, organization_id: UUID) -> None:
    dead = [await start(organization_id, "samples.trouble", Trouble(kind="refused"), key=key) for key in ("a", "b")]
    await run_until_idle(organization_id)
    # A twin of the first is active again.
    async with tenant_session(organization_id) as db:
        await enqueue(db, "samples.trouble", Trouble(kind="refused"), key="a", due_at=clock.now() + LATER)
    done = await change(client, organization_id, "replay", job=["samples.trouble"])
    assert (done["run"]["state"], done["run"]["outcome"]) == ("partial", "1 run replayed, 1 was left: see the log")
    log = (await client.get(f"/api/runs/{done['run']['id']}/log", params={"level": "warning"})).json()
    assert [(line["facts"]["run_id"], line["facts"]["code"]) for line in log["items"]] == [
        (str(dead[0]), "jobs/already-active")
    ]


async def test_a_filter_that_nothing_can_match_matches_nothing(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await schedule_many(organization_id, 2)
    done = await change(client, organization_id, "pause", state=["done"])
    assert (done["matched"], done["run"]["outcome"]) == (0, "0 runs paused")
    assert await states(client) == {"scheduled": 2}


async def test_nobody_changes_another_organizations_runs(
    client: httpx.AsyncClient, organization_id: UUID, other_client: httpx.AsyncClient, other_organization_id: UUID
) -> None:
    await schedule_many(organization_id, 2)
    done = await change(other_client, other_organization_id, "cancel")
    assert done["matched"] == 0
    assert await states(client) == {"scheduled": 2}
    assert (await client.post(f"/api/runs/bulk/{done['undo']}/undo")).status_code == 404


async def test_dead_letters_are_counted_by_class_and_replayed_together(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    for _ in range(3):
        await start(organization_id, "samples.trouble", Trouble(kind="refused"))
    await run_until_idle(organization_id)
    (group,) = (await client.get("/api/dead-letters/groups")).json()
    assert (group["error_class"], group["error_code"], group["count"]) == ("network", "refused", 3)
    assert len((await client.get("/api/dead-letters", params={"error_class": "network"})).json()["items"]) == 3
    assert (await client.get("/api/dead-letters", params={"error_class": "poison"})).json()["items"] == []
    replayed = await client.post("/api/dead-letters/replay", json={"error_class": "network"})
    assert (replayed.status_code, replayed.json()["matched"]) == (202, 3)
    began = await run_until_idle(organization_id)
    assert len(began) == 4
    # They fail again, as nobody listens there yet.
    assert (await client.get("/api/dead-letters/groups")).json()[0]["count"] == 3


async def test_a_poison_run_is_dead_after_its_limit(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.suicide")
    async with tenant_session(organization_id) as db:
        await db.execute(text("update runs set interruptions = 5 where id = :id"), {"id": run_id})
    await run_until_idle(organization_id)
    dead = (await client.get(f"/api/runs/{run_id}")).json()
    assert (dead["state"], dead["error"]["error_class"]) == ("dead", "poison")


async def test_dead_letters_are_forgotten_after_a_month(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="refused"))
    await run_until_idle(organization_id)
    await forget_dead(30)
    assert (await client.get(f"/api/runs/{run_id}")).status_code == 200
    async with system_session() as db:
        await db.execute(
            text("update runs set finished_at = now() - interval '31 days' where id = :id"), {"id": run_id}
        )
    await forget_dead(30)
    assert (await client.get(f"/api/runs/{run_id}")).status_code == 404
