"""What operators allow of a provider holds for all its keys and models, in every process, and nobody else may say so."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.ids import uuid7
from brandhound.core.system import system_session
from brandhound.providers.allowances import DAY
from brandhound.providers.breaker import breakers
from brandhound.providers.budget import budget_of, may_retry
from brandhound.providers.callees import Service
from brandhound.providers.limits import Limiter
from brandhound.providers.parking import Parked
from tests.factories.people import signed_in
from tests.providers.test_limits import limits_of, most_in_a_window

OURS = UUID(int=1)
SOON = timedelta(seconds=0.2)
NOTHING = {
    "requests_a_minute": None,
    "requests_a_day": None,
    "calls_at_once": None,
    "retry_share": None,
    "retries_at_least": None,
}


@pytest.fixture
async def operator(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody who runs the installation."""
    async with signed_in(app, operator=True) as (client, _):
        yield client
    async with system_session() as db:
        await db.execute(text("delete from provider_rules"))


async def set_rules(operator: httpx.AsyncClient, provider: str, **rules: Any) -> None:
    answer = await operator.put(f"/api/providers/{provider}/rules", json=rules)
    assert answer.status_code == 200, answer.text
    assert answer.json() == NOTHING | rules


async def test_a_limit_holds_for_services_that_were_called_and_for_those_to_come(
    operator: httpx.AsyncClient, service: Service
) -> None:
    other = Service("openai", "", f"model-{uuid7()}")
    process = Limiter()
    await process.release(await process.acquire(service, OURS))
    await set_rules(operator, "openai", requests_a_day=2, calls_at_once=3)
    await process.release(await process.acquire(other, OURS))
    wanted = {"requests": (2, DAY, "setting"), "concurrency": (3, 0.0, "setting")}
    assert (await limits_of(service), await limits_of(other)) == (wanted, wanted)
    process.forget()
    for _ in range(2):
        await process.release(await process.acquire(service, OURS))
    with pytest.raises(Parked):
        await process.acquire(service, OURS, patience=SOON)


async def test_what_is_taken_back_is_as_it_was_known_beforehand(operator: httpx.AsyncClient, service: Service) -> None:
    reddit = Service("reddit", "", service.model)
    process = Limiter()
    await process.release(await process.acquire(reddit, OURS))
    known = await limits_of(reddit)
    assert known == {"requests": (100, 60.0, "default"), "concurrency": (4, 0.0, "default")}
    await set_rules(operator, "reddit", requests_a_minute=1, requests_a_day=5)
    process.forget()
    # What was used before counts on.
    with pytest.raises(Parked):
        await process.acquire(reddit, OURS, patience=SOON)
    await set_rules(operator, "reddit", requests_a_day=5)
    async with system_session() as db:
        query = text("select most, source from provider_limits where metric = 'requests' order by window_seconds")
        assert [tuple(row) for row in await db.execute(query)] == [(100, "default"), (5, "setting")]
    await set_rules(operator, "reddit")
    assert await limits_of(reddit) == known
    await process.release(await process.acquire(reddit, OURS, patience=SOON))


async def test_an_answer_does_not_overrule_what_an_operator_set(operator: httpx.AsyncClient, service: Service) -> None:
    await set_rules(operator, "openai", requests_a_minute=10)
    process = Limiter()
    told = {"x-ratelimit-limit-requests": "500", "x-ratelimit-remaining-requests": "499"}
    await process.release(await process.acquire(service, OURS), told | {"x-ratelimit-reset-requests": "30s"})
    assert (await limits_of(service))["requests"] == (10, 60.0, "setting")


@pytest.mark.slow
async def test_processes_that_are_at_it_keep_to_a_limit_that_is_set_meanwhile(
    operator: httpx.AsyncClient, service: Service
) -> None:
    provider = "somebody"
    await breakers().id_of(Service(provider, "", service.model))
    await set_rules(operator, provider, requests_a_minute=3000)
    command = [sys.executable, "-m", "tests.providers.turn_taker", service.model, "12"]
    processes = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(2)]
    said = await asyncio.gather(*(process.communicate() for process in processes))
    moments = [float(line) for out, _ in said for line in out.split()]
    assert len(moments) == 24
    # They have had 24 of this minute's turns: none is left, for whoever asks.
    await set_rules(operator, provider, requests_a_minute=24)
    with pytest.raises(Parked):
        await Limiter().acquire(Service(provider, "", service.model), OURS, patience=SOON)
    assert most_in_a_window([(moment, 1) for moment in moments], 60.0) == 24


async def test_the_budget_of_calls_made_again_is_what_an_operator_set(
    operator: httpx.AsyncClient, service: Service
) -> None:
    await set_rules(operator, "openai", retries_at_least=0)
    assert await may_retry("openai") is False
    await set_rules(operator, "openai", retries_at_least=2)
    assert [await may_retry("openai") for _ in range(3)] == [True, True, False]
    await set_rules(operator, "openai", retries_at_least=0, retry_share=0.5)
    board = breakers()
    for _ in range(8):
        await board.leave(await board.enter(service), None)
    await board.flush()
    async with system_session() as db:
        budget = await budget_of(db, "openai", clock.now())
    # Eight calls, of which two were made again: half of the other six.
    assert (budget.allowed, budget.retries) == (3, 2)
    (provider,) = (await operator.get("/api/providers")).json()
    assert provider["rules"] == NOTHING | {"retries_at_least": 0, "retry_share": 0.5}
    assert (provider["budget"]["share"], provider["budget"]["allowed"]) == (0.5, 3)


async def test_only_operators_set_rules_and_it_is_written_down(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, service: Service
) -> None:
    refused = await client.put("/api/providers/openai/rules", json={"calls_at_once": 1})
    assert (refused.status_code, refused.json()["code"]) == (403, "tenancy/operators-only")
    await set_rules(operator, "openai", calls_at_once=7)
    entry = (await operator.get("/api/audit")).json()["items"][0]
    assert (entry["action"], entry["facts"]["provider"], entry["facts"]["calls_at_once"]) == (
        "providers.rules-set",
        "openai",
        7,
    )


@pytest.mark.parametrize(
    ("provider", "rules", "status"),
    [
        ("nobody_knows_me", {"calls_at_once": 1}, 404),
        ("openai", {"calls_at_once": 0}, 422),
        ("openai", {"retry_share": 1.5}, 422),
        ("openai", {"requests_an_hour": 5}, 422),
    ],
)
async def test_rules_that_make_no_sense_are_refused(
    operator: httpx.AsyncClient, provider: str, rules: dict[str, Any], status: int
) -> None:
    answer = await operator.put(f"/api/providers/{provider}/rules", json=rules)
    assert answer.status_code == status
    async with system_session() as db:
        assert await db.scalar(text("select count(*) from provider_rules")) == 0
