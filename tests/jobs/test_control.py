"""What can be done to a run in each of its states, and that each state says why it is so."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.states import ACTIVE, OVER, STATES, TRANSITIONS, State, may, successors
from brandhound.jobs.waiting import wake
from tests.jobs.sample_jobs import Trouble, Wait
from tests.jobs.test_runs import run_of, start

pytestmark = pytest.mark.anyio

DEEDS = {
    "pause": ("PUT", "pause"),
    "resume": ("DELETE", "pause"),
    "cancel": ("PUT", "cancellation"),
    "replay": ("POST", "replay"),
}


START: tuple[State, ...] = ("queued", "scheduled", "waiting")


async def stand(organization_id: UUID, run_id: UUID, state: State) -> None:
    async with tenant_session(organization_id) as db:
        await db.execute(text("update runs set state = :state where id = :id"), {"state": state, "id": run_id})


def test_every_state_can_be_reached_and_only_a_person_leads_out_of_the_end() -> None:
    reached: set[State] = set(START)
    for _ in STATES:
        reached.update(*(successors(state) for state in tuple(reached)))
    assert reached == set(STATES)
    for state in OVER:
        assert [deed for deed in TRANSITIONS if may(deed, state)] in ([], ["replay"], ["take_back"])
    for state in ACTIVE:
        assert "cancelled" in successors(state)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", DEEDS)
async def test_what_can_be_done_to_a_run_is_what_the_table_says(
    client: httpx.AsyncClient, organization_id: UUID, state: State, deed: Any
) -> None:
    run_id = await start(organization_id, "samples.nothing")
    await stand(organization_id, run_id, state)
    before = (await client.get(f"/api/runs/{run_id}")).json()
    assert before["state"] == state
    method, address = DEEDS[deed]
    answer = await client.request(method, f"/api/runs/{run_id}/{address}")
    possible = may(deed, state) or (deed, state) == ("pause", "paused")
    assert (answer.status_code, answer.json().get("code")) in (
        [(200, None)] if possible else [(409, "jobs/run-over"), (409, "jobs/wrong-state")]
    )
    after = (await client.get(f"/api/runs/{run_id}")).json()["state"]
    if not possible or (deed, state) == ("pause", "running"):
        # A worker has it: it is asked, and does it.
        assert after == state
    elif state != "paused" or deed != "pause":
        assert after in TRANSITIONS[deed][1]


@pytest.mark.parametrize(
    "state", [state for state in STATES if state not in ("running", "done", "partial", "cancelled")]
)
async def test_every_state_that_is_not_plain_says_why(
    client: httpx.AsyncClient, organization_id: UUID, state: State
) -> None:
    run_id = await start(organization_id, "samples.nothing")
    await stand(organization_id, run_id, state)
    async with tenant_session(organization_id) as db:
        await db.execute(text("update runs set error_detail = 'why', error_code = 'x' where id = :id"), {"id": run_id})
    assert (await client.get(f"/api/runs/{run_id}")).json()["reason"]


async def test_a_run_may_be_wished_for_later_and_begun_sooner(client: httpx.AsyncClient, organization_id: UUID) -> None:
    due = datetime.now(UTC) + timedelta(hours=2)
    made = await client.post("/api/runs", json={"job": "samples.nothing", "due_at": due.isoformat()})
    assert (made.json()["state"], made.json()["can_resume"]) == ("scheduled", True)
    assert await run_until_idle(organization_id) == []
    begun = await client.delete(f"/api/runs/{made.json()['id']}/pause")
    assert (begun.json()["state"], begun.json()["due_at"]) == ("queued", None)
    assert len(await run_until_idle(organization_id)) == 1


async def test_a_paused_run_is_not_begun_before_it_is_resumed(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.nothing")
    paused = (await client.put(f"/api/runs/{run_id}/pause")).json()
    assert (paused["state"], paused["reason"], paused["can_resume"]) == ("paused", "Paused on request", True)
    assert await run_until_idle(organization_id) == []
    assert (await client.delete(f"/api/runs/{run_id}/pause")).json()["state"] == "queued"
    assert await run_until_idle(organization_id) == [run_id]
    assert (await run_of(organization_id, run_id)).state == "done"


async def test_a_run_waits_for_a_provider_and_goes_on_when_it_is_woken(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="parked"))
    await run_until_idle(organization_id)
    waiting = (await client.get(f"/api/runs/{run_id}")).json()
    assert (waiting["state"], waiting["waiting_for"], waiting["reason"]) == ("waiting", "openai", "The quota is spent")
    # Waiting is no failure, and not a try either.
    assert (waiting["attempts"], waiting["error"]) == (0, None)
    assert await run_until_idle(organization_id) == []
    async with tenant_session(organization_id) as db:
        assert await wake(db, "anthropic") == 0
        assert await wake(db, "openai") == 1
    assert await run_until_idle(organization_id) == [run_id]


async def test_a_failure_that_was_tried_in_vain_is_dead_and_can_be_replayed(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="refused"))
    await run_until_idle(organization_id)
    dead = (await client.get(f"/api/runs/{run_id}")).json()
    assert (dead["state"], dead["error"]["error_class"], dead["can_replay"]) == ("dead", "network", True)
    again = (await client.post(f"/api/runs/{run_id}/replay")).json()
    assert (again["state"], again["error"]) == ("queued", None)
    assert await run_until_idle(organization_id) == [run_id]


async def test_a_replay_does_not_begin_beside_a_twin(client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="refused"), key="one")
    await run_until_idle(organization_id)
    twin = await start(organization_id, "samples.trouble", Trouble(kind="refused"), key="one")
    refused = await client.post(f"/api/runs/{run_id}/replay")
    assert (refused.status_code, refused.json()["code"]) == (409, "jobs/already-active")
    assert refused.json()["run_id"] == str(twin)


async def test_a_run_put_off_while_the_clock_was_ahead_waits_no_longer_than_it_wished(organization_id: UUID) -> None:
    now = clock.now()
    clock.freeze(now + timedelta(days=20))
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="later"))
    await run_until_idle(organization_id)
    clock.freeze(now)
    try:
        assert await run_until_idle(organization_id) == []
        run = await run_of(organization_id, run_id)
        assert run.due_at is not None
        assert abs(run.due_at - now - timedelta(hours=1)) < timedelta(minutes=1)
        clock.advance(timedelta(hours=1, seconds=1))
        assert await run_until_idle(organization_id) == [run_id]
    finally:
        clock.unfreeze()


async def test_an_attempt_is_asked_to_stop_before_it_is_killed(organization_id: UUID) -> None:
    limits = {"time_limit": timedelta(seconds=20), "soft_limit": timedelta(seconds=0.3)}
    run_id = await start(organization_id, "samples.pieces", Wait(seconds=30), **limits)
    began = asyncio.get_running_loop().time()
    await run_until_idle(organization_id)
    assert asyncio.get_running_loop().time() - began < 18
    run = await run_of(organization_id, run_id)
    assert (run.state, run.error_code) == ("timed_out", "jobs/timed-out")
    assert run.error_detail == "It was stopped after 0.3 s, which is its limit."
    assert run.timeout_from == "run"


@pytest.mark.parametrize(
    ("kind", "state", "outcome", "code"),
    [("right", "done", "page 2", None), ("older", "dead", None, "jobs/bad-handover")],
)
async def test_what_a_step_hands_over_is_checked(
    organization_id: UUID, kind: str, state: str, outcome: str | None, code: str | None
) -> None:
    run_id = await start(organization_id, "samples.handover", Trouble(kind=kind))
    await run_until_idle(organization_id)
    run = await run_of(organization_id, run_id)
    assert (run.state, run.outcome, run.error_code) == (state, outcome, code)
