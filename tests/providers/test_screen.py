"""What operators see of outside services, and what they can do."""

from collections.abc import AsyncGenerator
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from brandhound.core.db import SYSTEM_ORGANIZATION, engine_of, tenant_session
from brandhound.core.measuring import figures
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.providers.breaker import breakers
from brandhound.providers.callees import Service
from brandhound.providers.calling import CALLS, ask_json
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.failures import classify
from brandhound.providers.fake import GOOD, FakeProvider
from tests.databases import TestDatabase
from tests.factories.people import signed_in
from tests.providers import sample_jobs
from tests.providers.test_calling import NO_CREDIT
from tests.providers.test_limits import allow, worker

# Imported for what it registers.
assert sample_jobs


@pytest.fixture
async def operator(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody who runs the installation."""
    async with signed_in(app, operator=True) as (client, _):
        yield client


async def run_of(organization_id: UUID, run_id: UUID) -> tuple[str, str | None, str | None, int]:
    async with tenant_session(organization_id) as db:
        query = text("select state, waiting_for, coalesce(reason, outcome) as words, attempts from runs where id = :id")
        row = (await db.execute(query, {"id": run_id})).one()
        return row.state, row.waiting_for, row.words, row.attempts


async def asked(organization_id: UUID, url: str, service: Service) -> UUID:
    async with tenant_session(organization_id) as db:
        run = await enqueue(db, "samples.ask", sample_jobs.Ask(url=url, model=service.model))
        return run.id


async def test_only_operators_look(client: httpx.AsyncClient) -> None:
    for address in ("/api/providers", "/api/providers/breakers"):
        assert (await client.get(address)).status_code == 403


async def test_nothing_was_called_yet(operator: httpx.AsyncClient, service: Service) -> None:
    assert (await operator.get("/api/providers")).json() == []


async def test_a_service_is_shown_with_why_it_is_left_alone(operator: httpx.AsyncClient, service: Service) -> None:
    board = breakers()
    for _ in range(3):
        await board.leave(await board.enter(service), None)
    await board.flush()
    await board.leave(await board.enter(service), classify("openai", 429, {}, NO_CREDIT))
    await board.flush()

    (provider,) = (await operator.get("/api/providers")).json()
    assert (provider["title"], provider["state"], provider["left_alone"]) == ("OpenAI", "open", 1)
    assert (provider["calls_last_minute"], provider["failures_last_minute"]) == (4, 1)
    assert provider["budget"] == {
        "calls": 4,
        "retries": 0,
        "allowed": 5,
        "refused": 0,
        "share": 0.1,
        "at_least": 5,
    }

    (breaker,) = (await operator.get("/api/providers/breakers")).json()
    assert breaker["failure_class"] == "billing"
    assert "no credit left" in breaker["reason"]
    assert "Try now" in breaker["what_to_do"]
    assert breaker["next_try_at"] is None


async def test_try_now_wakes_what_waits_and_the_work_is_done(
    operator: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID, service: Service
) -> None:
    async with FakeProvider() as fake:
        fake.answers(429, {}, NO_CREDIT, times=None)
        runs = {
            organization_id: await asked(organization_id, fake.url, service),
            other_organization_id: await asked(other_organization_id, fake.url, service),
        }
        await run_until_idle()
        for owner, run_id in runs.items():
            state, waiting_for, words, _ = await run_of(owner, run_id)
            assert (state, waiting_for) == ("waiting", "openai")
            assert words is not None
            assert "no credit left" in words
        (provider,) = (await operator.get("/api/providers")).json()
        # Others may wait for it too: this database is shared.
        assert provider["parked"] >= 2

        # Nobody has paid: one call finds out, and all wait again.
        before = len(fake.asked)
        (breaker,) = (await operator.get("/api/providers/breakers")).json()
        assert (await operator.put(f"/api/providers/breakers/{breaker['id']}/probe")).status_code == 200
        await run_until_idle()
        assert len(fake.asked) == before + 1
        assert {(await run_of(owner, run_id))[0] for owner, run_id in runs.items()} == {"waiting"}

        fake.is_well()
        answer = await operator.put(f"/api/providers/breakers/{breaker['id']}/probe")
        assert answer.json()["state"] == "open"
        await run_until_idle()
        for owner, run_id in runs.items():
            assert (await run_of(owner, run_id))[0] == "done"
        answer = await operator.put(f"/api/providers/breakers/{breaker['id']}/probe")
        assert (answer.status_code, answer.json()["code"]) == (409, "providers/breaker-not-open")


async def test_what_falls_asleep_right_after_all_were_woken_goes_on_at_once(
    connected: TestDatabase, organization_id: UUID, service: Service
) -> None:
    closed: list[str] = []

    def close_it(_: object, __: object, statement: str, *___: object) -> None:
        """As if another process had closed the breaker, and woken all who slept, while this run lay down."""
        if not closed and "update runs set state = ended.state" in statement:
            closed.append(statement)
            with psycopg.connect(connected.url, autocommit=True) as other:
                other.execute("update provider_breakers set state = 'closed', open_until = null, changed_at = now()")
                other.execute("update runs set state = 'queued' where state = 'waiting' and waiting_for = 'openai'")

    engine = engine_of("app").sync_engine
    async with FakeProvider() as fake:
        fake.answers(429, {}, NO_CREDIT)
        run_id = await asked(organization_id, fake.url, service)
        event.listen(engine, "before_cursor_execute", close_it)
        await run_until_idle()
        event.remove(engine, "before_cursor_execute", close_it)
        assert closed
        assert len(fake.asked) == 2
    assert (await run_of(organization_id, run_id))[0] == "done"


async def test_what_fell_asleep_as_its_provider_was_found_well_is_woken(
    organization_id: UUID, service: Service
) -> None:
    async with FakeProvider() as fake:
        fake.answers(429, {}, NO_CREDIT)
        run_id = await asked(organization_id, fake.url, service)
        await run_until_idle()
        assert (await run_of(organization_id, run_id))[0] == "waiting"
        # As if a call of another process had tried and closed it just before this run was put down as waiting.
        async with system_session() as db:
            await db.execute(text("update provider_breakers set state = 'closed', changed_at = clock_timestamp()"))
        breakers().forget()
        async with tenant_session(SYSTEM_ORGANIZATION) as db:
            await enqueue(db, "providers.wake")
        await run_until_idle()
        assert (await run_of(organization_id, run_id))[0] == "done"


async def test_operators_are_told_once_of_an_unpaid_bill_and_then_that_it_is_over(
    operator: httpx.AsyncClient, organization_id: UUID, service: Service
) -> None:
    async with FakeProvider() as fake:
        fake.answers(429, {}, NO_CREDIT, times=None)
        for _ in range(3):
            await asked(organization_id, fake.url, service)
        await run_until_idle()
        notices = (await operator.get("/api/notifications")).json()["items"]
        told = [notice for notice in notices if notice["kind"] == "provider_key"]
        assert len(told) == 1
        assert told[0]["title"] == "OpenAI is left alone"
        assert told[0]["severity"] == "critical"


async def test_a_run_tries_again_as_the_strategies_say(organization_id: UUID, service: Service) -> None:
    async with FakeProvider() as fake:
        fake.answers(500, times=2)
        fake.answers(429, {"retry-after": "0"}, {"error": {"code": "rate_limit_exceeded", "message": "…"}})
        run_id = await asked(organization_id, fake.url, service)
        await run_until_idle()
        assert (await run_of(organization_id, run_id))[0] == "done"
        assert len(fake.asked) == 4


async def test_a_run_gives_up_on_what_cannot_heal(organization_id: UUID, service: Service) -> None:
    async with FakeProvider() as fake:
        said = {"error": {"code": "unknown_parameter", "message": "foo"}}
        fake.answers(400, {"x-request-id": "req_42"}, said, times=None)
        run_id = await asked(organization_id, fake.url, service)
        await run_until_idle()
        assert len(fake.asked) == 1
    async with tenant_session(organization_id) as db:
        query = text("select state, error_code, error_class from runs where id = :id")
        row = (await db.execute(query, {"id": run_id})).one()
        query = text("select facts from run_logs where run_id = :id and level = 40")
        facts = (await db.execute(query, {"id": run_id})).scalar_one()
    assert (row.state, row.error_code, row.error_class) == ("failed", "providers/fatal", "fatal")
    # What its support would ask for.
    assert (facts["provider"], facts["http"], facts["request_id"], facts["said"]) == ("openai", 400, "req_42", "foo")


async def test_operators_are_told_when_most_of_a_days_quota_is_used(
    operator: httpx.AsyncClient, organization_id: UUID, service: Service
) -> None:
    await allow(service, "requests", 10, 86_400.0)
    turns = worker()
    for number in range(10):
        await turns.release(await turns.acquire(service, organization_id))
        notices = (await operator.get("/api/notifications")).json()["items"]
        told = [notice["title"] for notice in notices if notice["kind"] == "quota_near"]
        assert told == (["80 % of a quota at OpenAI are used"] if number >= 7 else [])


async def test_calls_are_counted_by_what_came_of_them(organization_id: UUID, service: Service) -> None:
    reddit = Service("reddit", "", service.model)
    async with FakeProvider("reddit") as fake:
        fake.answers(500)
        with pytest.raises(ProviderFailed):
            await ask_json(reddit, fake.url, {}, organization_id)
        await ask_json(reddit, fake.url, {}, organization_id)
    counted = figures()[CALLS.name]
    assert {"reddit|backoff", "reddit|ok"} <= set(counted)


async def test_an_answer_is_not_lost_when_the_database_goes_away_after_it(
    organization_id: UUID, service: Service
) -> None:
    def go_away(_: object, __: object, statement: str, *___: object) -> None:
        if "delete from provider_calls where id" in statement:
            raise OperationalError(statement, {}, OSError("the server closed the connection"))

    engine = engine_of("system").sync_engine
    event.listen(engine, "before_cursor_execute", go_away)
    async with FakeProvider() as fake:
        assert await ask_json(service, fake.url, {}, organization_id) == GOOD["openai"]
    event.remove(engine, "before_cursor_execute", go_away)


async def test_a_probe_of_nothing_is_not_there(operator: httpx.AsyncClient, service: Service) -> None:
    answer = await operator.put(f"/api/providers/breakers/{UUID(int=5)}/probe")
    assert answer.status_code == 404


async def test_what_is_used_of_limits_is_shown(
    operator: httpx.AsyncClient, organization_id: UUID, service: Service
) -> None:
    reddit = Service("reddit", "", service.model)
    async with FakeProvider("reddit") as fake:
        fake.answers(200, {"x-ratelimit-remaining": "90.0", "x-ratelimit-used": "10"}, GOOD["reddit"])
        await ask_json(reddit, fake.url, {}, organization_id)
    (breaker,) = (await operator.get("/api/providers/breakers")).json()
    limits = {limit["metric"]: limit for limit in breaker["limits"]}
    assert (limits["requests"]["most"], limits["requests"]["used"], limits["concurrency"]["used"]) == (100, 10, 0)
    async with system_session() as db:
        assert await db.scalar(text("select count(*) from provider_calls")) == 0
