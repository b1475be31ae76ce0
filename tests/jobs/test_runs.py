"""Runs, from their row to their end, done in this process."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import select, text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.errors import BadParameters, UnknownJob
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunLine, RunRow
from brandhound.jobs.registry import announce, enqueue
from tests.databases import TestDatabase
from tests.jobs.sample_jobs import Count, Deafness, Flaky, Nothing, ThingStored, Trouble, Wait, Words

pytestmark = pytest.mark.anyio


async def start(organization_id: UUID, name: str, parameters: Any = None, **options: Any) -> UUID:
    async with tenant_session(organization_id) as db:
        return (await enqueue(db, name, parameters, **options)).id


async def run_of(organization_id: UUID, run_id: UUID) -> RunRow:
    async with tenant_session(organization_id) as db:
        return (await db.scalars(select(RunRow).where(RunRow.id == run_id))).one()


async def lines_of(organization_id: UUID, run_id: UUID) -> list[RunLine]:
    async with tenant_session(organization_id) as db:
        return list(await db.scalars(select(RunLine).where(RunLine.run_id == run_id).order_by(RunLine.seq)))


def engine_rows(database: TestDatabase, run_id: UUID) -> list[tuple[str, str]]:
    with psycopg.connect(database.url) as connection:
        query = "select workflow_uuid, status from dbos.workflow_status where workflow_uuid like %s || ':%%' order by 1"
        return [(str(a), str(b)) for a, b in connection.execute(query, [str(run_id)]).fetchall()]


async def test_a_run_is_queued_with_the_transaction_that_asks_for_it(
    organization_id: UUID, database: TestDatabase
) -> None:
    run_id = await start(organization_id, "samples.nothing")
    assert engine_rows(database, run_id) == [(f"{run_id}:0", "ENQUEUED")]


async def test_a_run_that_is_rolled_back_was_never_queued(organization_id: UUID, database: TestDatabase) -> None:
    async with tenant_session(organization_id) as db:
        run_id = (await enqueue(db, "samples.nothing")).id
        await db.rollback()
    assert engine_rows(database, run_id) == []
    assert await run_until_idle(organization_id) == []


async def test_a_run_ends_with_what_came_of_it(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.nothing", Nothing())
    assert await run_until_idle(organization_id) == [run_id]
    run = await run_of(organization_id, run_id)
    assert (run.state, run.outcome, run.attempts) == ("done", "nothing to do", 1)
    assert run.started_at is not None
    assert run.finished_at is not None


@pytest.mark.parametrize(
    ("kind", "state", "outcome", "code"),
    [
        ("partial", "partial", "half of it", None),
        ("cancel", "cancelled", "the thing was removed", None),
        ("surprise", "failed", None, "jobs/unexpected"),
        ("refused", "dead", None, "refused"),
        ("later", "waiting", None, None),
    ],
)
async def test_every_ending_is_told_by_its_state(
    organization_id: UUID, kind: str, state: str, outcome: str | None, code: str | None
) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind=kind))
    await run_until_idle(organization_id)
    run = await run_of(organization_id, run_id)
    assert (run.state, run.outcome, run.error_code) == (state, outcome, code)


async def test_a_surprise_is_told_with_its_place_and_without_its_secrets(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="surprise"))
    await run_until_idle(organization_id)
    run = await run_of(organization_id, run_id)
    line = (await lines_of(organization_id, run_id))[-1]
    assert run.error_detail is not None
    assert run.error_detail.startswith("RuntimeError: this was not foreseen")
    assert line.level == 40
    assert "get_into_trouble" in line.facts["traceback"]
    assert "hunter2" not in run.error_detail + line.text + str(line.facts)


async def test_the_same_key_runs_once_while_it_is_active_and_again_after(organization_id: UUID) -> None:
    first = await start(organization_id, "samples.nothing", key="a")
    assert await start(organization_id, "samples.nothing", key="a") == first
    assert await start(organization_id, "samples.short", key="a") != first
    assert len(await run_until_idle(organization_id)) == 2
    assert await start(organization_id, "samples.nothing", key="a") != first


async def test_two_who_ask_at_the_same_moment_get_the_same_run(organization_id: UUID) -> None:
    ids = await asyncio.gather(*(start(organization_id, "samples.nothing", key="b") for _ in range(8)))
    assert len(set(ids)) == 1


async def test_what_may_happen_once_happens_once_for_ever(organization_id: UUID) -> None:
    first = await start(organization_id, "samples.nothing", key="c", once=True)
    await run_until_idle(organization_id)
    assert await start(organization_id, "samples.nothing", key="c", once=True) == first
    assert await run_until_idle(organization_id) == []


async def test_an_unknown_job_and_bad_parameters_are_refused_at_once(organization_id: UUID) -> None:
    with pytest.raises(UnknownJob):
        await start(organization_id, "samples.unheard_of")
    with pytest.raises(BadParameters) as refused:
        await start(organization_id, "samples.wait", {"seconds": "many"})
    assert "seconds" in str(refused.value.facts["errors"])


async def test_parameters_of_an_older_version_fail_with_a_reason(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.wait", Wait(seconds=0))
    async with tenant_session(organization_id) as db:
        await db.execute(text("update runs set parameters = '{\"minutes\": 1}' where id = :id"), {"id": run_id})
    await run_until_idle(organization_id)
    assert (await run_of(organization_id, run_id)).error_code == "jobs/bad-parameters"


async def test_a_failure_that_may_heal_is_tried_again(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.flaky", Flaky(failures=2))
    await run_until_idle(organization_id)
    run = await run_of(organization_id, run_id)
    assert (run.state, run.outcome) == ("done", "{'tries': 3}")
    warnings = [line for line in await lines_of(organization_id, run_id) if line.level == 30]
    assert [line.facts["code"] for line in warnings] == ["refused", "refused"]


async def test_a_failure_that_does_not_heal_is_not_tried_again(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.flaky", Flaky(failures=2, code="bad-key"))
    await run_until_idle(organization_id)
    run = await run_of(organization_id, run_id)
    assert (run.state, run.error_code, run.error_detail) == ("failed", "bad-key", "nobody listens there")


async def test_a_run_that_takes_too_long_is_stopped_and_says_where(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.wait", Wait(seconds=50), time_limit=timedelta(seconds=2))
    await run_until_idle(organization_id)
    run = await run_of(organization_id, run_id)
    assert (run.state, run.error_code) == ("timed_out", "jobs/timed-out")
    assert run.error_detail == "It was stopped at wait after 2 s, which is its limit."


async def test_a_job_that_does_not_listen_is_left_behind(organization_id: UUID) -> None:
    limit = timedelta(seconds=0.3)
    run_id = await start(organization_id, "samples.wait", Wait(seconds=55, deaf=True), time_limit=limit)
    Deafness.over = False
    began = asyncio.get_running_loop().time()
    await run_until_idle(organization_id)
    assert asyncio.get_running_loop().time() - began < 40
    assert (await run_of(organization_id, run_id)).state == "timed_out"
    # The end of this loop would wait for what was left behind.
    Deafness.over = True


async def test_a_put_off_run_begins_when_its_time_has_come(organization_id: UUID, database: TestDatabase) -> None:
    run_id = await start(organization_id, "samples.trouble", Trouble(kind="later"))
    await run_until_idle(organization_id)
    assert await run_until_idle(organization_id) == []
    # While it waits, the engine knows nothing of it.
    assert len(engine_rows(database, run_id)) == 1
    clock.freeze(clock.now() + timedelta(hours=1, seconds=1))
    try:
        assert await run_until_idle(organization_id) == [run_id]
    finally:
        clock.unfreeze()
    run = await run_of(organization_id, run_id)
    assert (run.state, run.round, run.put_offs) == ("waiting", 1, 2)


async def test_progress_never_goes_back_and_ends_full(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.count", Count(total=1000))
    await run_until_idle(organization_id)
    run = await run_of(organization_id, run_id)
    assert (run.progress_done, run.progress_total, run.progress_text) == (1000, 1000, "Counting")


async def test_lines_are_in_order_and_none_is_there_twice(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.talk", Words(lines=3000))
    await run_until_idle(organization_id)
    lines = await lines_of(organization_id, run_id)
    assert [line.facts["number"] for line in lines] == list(range(3000))
    assert [line.seq for line in lines] == list(range(1_000_001, 1_003_001))


async def test_no_secret_reaches_the_log(organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.talk", Words(lines=0, secret="hunter2hunter2"))
    await run_until_idle(organization_id)
    lines = await lines_of(organization_id, run_id)
    assert "hunter2" not in str([(line.text, line.facts) for line in lines])


async def test_an_event_starts_the_jobs_that_listen_to_it(organization_id: UUID) -> None:
    async with tenant_session(organization_id) as db:
        await announce(db, ThingStored(thing_ids=[uuid4(), uuid4()]))
    (run_id,) = await run_until_idle(organization_id)
    assert (await run_of(organization_id, run_id)).outcome == f"2 things of {organization_id}"


async def test_a_person_starts_a_run_and_reads_its_log(client: httpx.AsyncClient, organization_id: UUID) -> None:
    names = [job["name"] for job in (await client.get("/api/jobs")).json()]
    assert "samples.talk" in names
    assert "samples.heard" not in names
    started = await client.post("/api/runs", json={"job": "samples.talk", "parameters": {"lines": 5}})
    assert started.status_code == 201, started.text
    assert started.json()["can_cancel"] is True
    await run_until_idle(organization_id)
    run = (await client.get(f"/api/runs/{started.json()['id']}")).json()
    assert (run["state"], run["outcome"], run["can_cancel"], run["error"]) == ("done", "5 lines", False, None)
    log = (await client.get(f"/api/runs/{run['id']}/log", params={"limit": 3})).json()
    assert [line["text"] for line in log["items"]] == ["line 0", "line 1", "line 2"]
    rest = (await client.get(f"/api/runs/{run['id']}/log", params={"after": log["last"]})).json()
    assert [line["text"] for line in rest["items"]] == ["line 3", "line 4"]
    assert (log["more"], rest["more"], rest["over"]) == (True, False, True)
    listed = (await client.get("/api/runs", params={"job": "samples.talk"})).json()
    assert [item["id"] for item in listed["items"]] == [run["id"]]


async def test_runs_come_in_pages(client: httpx.AsyncClient, organization_id: UUID) -> None:
    ids = [str(await start(organization_id, "samples.nothing")) for _ in range(5)]
    first = (await client.get("/api/runs", params={"limit": 3})).json()
    second = (await client.get("/api/runs", params={"limit": 3, "cursor": first["next"]})).json()
    assert [run["id"] for run in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None


async def test_bad_parameters_are_named(client: httpx.AsyncClient) -> None:
    refused = await client.post("/api/runs", json={"job": "samples.wait", "parameters": {}})
    assert refused.status_code == 422
    assert refused.json()["code"] == "jobs/bad-parameters"
    assert refused.json()["errors"] == [{"loc": ["parameters", "seconds"], "msg": "Field required"}]


async def test_a_waiting_run_is_stopped_at_once_and_never_begins(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    run_id = await start(organization_id, "samples.nothing")
    stopped = await client.put(f"/api/runs/{run_id}/cancellation")
    assert stopped.json()["state"] == "cancelled"
    assert await run_until_idle(organization_id) == []
    again = await client.put(f"/api/runs/{run_id}/cancellation")
    assert (again.status_code, again.json()["code"]) == (409, "jobs/run-over")


async def test_nobody_sees_another_organizations_runs(other_client: httpx.AsyncClient, organization_id: UUID) -> None:
    run_id = await start(organization_id, "samples.talk")
    await run_until_idle(organization_id)
    for path in (f"/api/runs/{run_id}", f"/api/runs/{run_id}/log"):
        assert (await other_client.get(path)).status_code == 404
    assert (await other_client.put(f"/api/runs/{run_id}/cancellation")).status_code == 404
    assert (await other_client.get("/api/runs")).json()["items"] == []
