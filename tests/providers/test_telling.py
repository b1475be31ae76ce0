"""What one process finds out about a service, the others know without asking."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from brandhound.app.live import Hub
from brandhound.core import tracing
from brandhound.core.live import is_listening
from brandhound.core.logs.context import bound_now
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.recording import Recorder
from brandhound.jobs.registry import enqueue
from brandhound.jobs.watching import watch
from brandhound.providers import breaker
from brandhound.providers.breaker import Breakers, breakers
from brandhound.providers.callees import Service
from brandhound.providers.calling import guarded_call
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.fake import FakeProvider
from brandhound.providers.limits import limiter
from brandhound.providers.parking import Parked
from brandhound.providers.probing import request_probe
from tests.providers import sample_jobs
from tests.providers.test_breaker import BILL
from tests.providers.test_calling import NO_CREDIT
from tests.providers.test_screen import asked, run_of

assert sample_jobs


@pytest.fixture(params=["web", "worker"])
async def listener(request: pytest.FixtureRequest, service: Service) -> AsyncGenerator[None]:
    """This process hears of changes, as a web process does or as a worker does, and never asks by itself."""
    patience = pytest.MonkeyPatch()
    patience.setattr(breaker, "LOOK_WHEN_TOLD", 3600.0)
    work = Hub().run() if request.param == "web" else watch(Recorder())
    task = asyncio.create_task(work)
    await until(is_listening)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    patience.undo()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def is_let_in(service: Service) -> bool:
    """Whether this process would call it, by what it knows."""
    try:
        await breakers().abandon(await breakers().enter(service))
    except Parked:
        return False
    return True


async def until_let_in(service: Service, *, wanted: bool) -> None:
    async with asyncio.timeout(30):
        while await is_let_in(service) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("listener")
async def test_an_opened_and_a_closed_breaker_are_known_to_the_others(service: Service) -> None:
    assert await is_let_in(service)
    another = Breakers()
    shut = await another.leave(await another.enter(service), BILL)
    assert shut is not None
    await until_let_in(service, wanted=False)
    assert shut.breaker_id is not None
    await request_probe(shut.breaker_id)
    another.forget()
    trying = await another.enter(service)
    await until_let_in(service, wanted=False)
    await another.leave(trying, None)
    await until_let_in(service, wanted=True)


@pytest.mark.usefixtures("listener")
async def test_a_limit_that_is_set_is_known_to_those_who_had_none(organization_id: UUID, service: Service) -> None:
    from brandhound.providers.allowing import Rules, set_rules

    provider = "somebody"
    free = Service(provider, "", service.model)
    await limiter().acquire(free, organization_id)
    known = limiter()._unlimited  # pyright: ignore[reportPrivateUsage]
    assert known
    known.update(dict.fromkeys(known, float("inf")))
    async with system_session() as db:
        await set_rules(db, provider, Rules(calls_at_once=1))
    await until(lambda: not known)
    async with system_session() as db:
        await db.execute(text("delete from provider_rules"))


async def test_a_call_is_a_span_and_what_is_logged_in_it_names_the_provider(
    organization_id: UUID, service: Service
) -> None:
    spans: list[tracing.Span] = []
    tracing.trace_to(spans.append)
    try:
        async with guarded_call("openai", service.key_fingerprint, service.model, organization_id):
            assert bound_now()["provider"] == "openai"
        with pytest.raises(ProviderFailed):
            async with guarded_call("openai", service.key_fingerprint, service.model, organization_id) as slot:
                slot.check(500, {}, b"")
    finally:
        tracing.trace_to(None)
    assert "provider" not in bound_now()
    calls = [span for span in spans if span.name == "call openai"]
    assert [(span.kind, span.facts["brandhound.model"]) for span in calls] == [("client", service.model)] * 2
    assert [span.failure is None for span in calls] == [True, False]


async def test_work_is_woken_although_whoever_found_the_provider_well_died_before_saying_so(
    organization_id: UUID, service: Service
) -> None:
    async with FakeProvider() as fake:
        fake.answers(429, {}, NO_CREDIT)
        run_id = await asked(organization_id, fake.url, service)
        await run_until_idle()
        async with system_session() as db:
            # It has waited for hours, and a process has just closed the breaker, and is no more.
            await db.execute(
                text("update runs set put_off_at = now() - interval '5 hours' where id = :id"), {"id": run_id}
            )
            await db.execute(text("update provider_breakers set state = 'closed', changed_at = clock_timestamp()"))
            await enqueue(db, "providers.wake")
        breakers().forget()
        await run_until_idle()
        assert (await run_of(organization_id, run_id))[0] == "done"


async def test_nobody_is_woken_while_another_key_of_the_provider_is_shut(
    organization_id: UUID, service: Service
) -> None:
    async with FakeProvider() as fake:
        fake.answers(429, {}, NO_CREDIT)
        run_id = await asked(organization_id, fake.url, service)
        await run_until_idle()
        other = Service("openai", "other", service.model)
        board = Breakers()
        await board.leave(await board.enter(other), None)
        await board.flush()
        async with system_session() as db:
            await db.execute(
                text("update runs set put_off_at = now() - interval '5 hours' where id = :id"), {"id": run_id}
            )
            await db.execute(text("update provider_breakers set changed_at = clock_timestamp()"))
            await enqueue(db, "providers.wake")
        await run_until_idle()
        assert (await run_of(organization_id, run_id))[0] == "waiting"
        with pytest.raises(Parked):
            await breakers().enter(Service("openai", "", service.model))
