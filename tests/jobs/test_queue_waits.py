"""How long runs wait is measured from when they came into their queue, and not from when they were made."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.jobs.waiting import queue_what_is_due, wake
from tests.jobs.test_stuck import operator

assert operator

pytestmark = pytest.mark.anyio

A_MINUTE = 60.0


async def made_three_hours_ago(organization_id: UUID, state: str, **columns: str) -> UUID:
    """A run that was not queued ever since: it was put off, waited for somebody, rested or had failed."""
    async with tenant_session(organization_id) as db:
        run_id = (await enqueue(db, "samples.nothing", due_at=clock.now())).id
        changes = {"state": f"'{state}'", "due_at": "null", "put_off_at": "null"} | columns
        changed = ", ".join(f"{name} = {value}" for name, value in changes.items())
        await db.execute(
            text(f"update runs set created_at = now() - interval '3 hours', {changed} where id = :id"), {"id": run_id}
        )
    return run_id


async def fetch_queue(operator: httpx.AsyncClient, organization_id: UUID) -> dict[str, Any]:
    told = (await operator.get(f"/api/admin/organizations/{organization_id}")).json()
    return next(queue for queue in told["queues"] if queue["queue"] == "fetch")


async def come_due(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await made_three_hours_ago(organization_id, "scheduled", due_at="now() - interval '1 second'")
    await queue_what_is_due()


async def be_woken(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await made_three_hours_ago(organization_id, "waiting", waiting_for="'openai'", due_at="'infinity'")
    async with tenant_session(organization_id) as db:
        await wake(db, "openai")


async def be_resumed(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await made_three_hours_ago(organization_id, "paused")
    assert (await client.delete(f"/api/runs/{run_id}/pause")).json()["state"] == "queued"


async def be_replayed(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await made_three_hours_ago(organization_id, "failed", started_at="now() - interval '2 hours'")
    assert (await client.post(f"/api/runs/{run_id}/replay")).json()["state"] == "queued"


@pytest.mark.parametrize("comes", [come_due, be_woken, be_resumed, be_replayed])
async def test_what_comes_into_its_queue_has_not_waited_there_before(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, organization_id: UUID, comes: Any
) -> None:
    await comes(client, organization_id)
    queue = await fetch_queue(operator, organization_id)
    assert queue["depth"] == 1
    assert queue["oldest_wait_seconds"] < A_MINUTE
    # What has been there for long is told all the same.
    run_id = await made_three_hours_ago(organization_id, "queued")
    async with tenant_session(organization_id) as db:
        await db.execute(
            text("update runs set queued_at = now() - interval '90 minutes' where id = :id"), {"id": run_id}
        )
    assert 5300 < (await fetch_queue(operator, organization_id))["oldest_wait_seconds"] < 5500


@pytest.mark.parametrize("comes", [come_due, be_woken, be_resumed])
async def test_a_run_that_begins_as_soon_as_it_may_has_not_waited(
    operator: httpx.AsyncClient, client: httpx.AsyncClient, organization_id: UUID, comes: Any
) -> None:
    await comes(client, organization_id)
    assert len(await run_until_idle(organization_id)) == 1
    queue = await fetch_queue(operator, organization_id)
    assert (queue["ended_last_hour"], queue["wait_p95_seconds"] < A_MINUTE) == (1, True)
