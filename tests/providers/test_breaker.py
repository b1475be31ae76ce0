"""A service that fails is left alone by every process, and one call finds out whether it is well again."""

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.providers import events
from brandhound.providers.breaker import Breakers, Pass
from brandhound.providers.callees import Service, key_fingerprint
from brandhound.providers.errors import BreakerNotOpen
from brandhound.providers.events import BreakerClosed, BreakerOpened, ProbeRequested
from brandhound.providers.failures import Failure, FailureClass, classify
from brandhound.providers.parking import Parked
from brandhound.providers.probing import request_probe

NOW = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
TROUBLE = Failure(FailureClass.BACKOFF, "openai", "http-500", "OpenAI has an error of its own.")
BILL = classify("openai", 429, {}, {"error": {"code": "insufficient_quota", "message": "no credit"}})


@pytest.fixture
def heard() -> Generator[list[Any]]:
    """What is told about services during the test."""
    told: list[Any] = []

    async def hear(event: Any) -> None:
        told.append(event)

    for kind in (BreakerOpened, BreakerClosed, ProbeRequested):
        events.hears(kind)(hear)
    yield told
    for kind in (BreakerOpened, BreakerClosed, ProbeRequested):
        events._HEARERS[kind].remove(hear)  # pyright: ignore[reportPrivateUsage]


@pytest.fixture(autouse=True)
def stopped_clock() -> None:
    clock.freeze(NOW)


async def call(board: Breakers, service: Service, failure: Failure | None = None) -> Parked | None:
    return await board.leave(await board.enter(service), failure)


async def opened(service: Service, failure: Failure = TROUBLE) -> Breakers:
    """A process that has just found that the service fails."""
    board = Breakers()
    for _ in range(20):
        await call(board, service, failure)
    await board.flush()
    return board


async def is_let_in(board: Breakers, service: Service) -> bool:
    board.forget()
    try:
        given = await board.enter(service)
    except Parked:
        return False
    await board.abandon(given)
    return True


async def row(service: Service) -> Any:
    async with system_session() as db:
        query = text("select * from provider_breakers where model = :model")
        return (await db.execute(query, {"model": service.model})).one()


async def test_twenty_calls_of_which_half_fail_open_it_for_all_processes(service: Service, heard: list[Any]) -> None:
    board, other = Breakers(), Breakers()
    for number in range(20):
        await call(board, service, TROUBLE if number % 2 else None)
    await board.flush()

    for process in (board, other):
        with pytest.raises(Parked) as parked:
            await process.enter(service)
        assert parked.value.provider == "openai"
        assert parked.value.reason == "OpenAI has an error of its own."
        assert parked.value.until == NOW + timedelta(seconds=30)
    assert [type(event) for event in heard] == [BreakerOpened]


@pytest.mark.parametrize(("calls", "failures"), [(19, 19), (20, 9), (100, 49)])
async def test_fewer_calls_or_fewer_failures_do_not(service: Service, calls: int, failures: int) -> None:
    board = Breakers()
    for number in range(calls):
        # The good ones first: what is counted on the way must not open it either.
        await call(board, service, TROUBLE if number >= calls - failures else None)
    await board.flush()
    assert await is_let_in(board, service)


async def test_what_happened_more_than_a_minute_ago_does_not_count(service: Service) -> None:
    board = Breakers()
    for _ in range(19):
        await call(board, service, TROUBLE)
    await board.flush()
    clock.advance(timedelta(seconds=70))
    await call(board, service, TROUBLE)
    await board.flush()
    assert await is_let_in(board, service)


async def test_failures_of_several_processes_are_added_up(service: Service) -> None:
    processes = [Breakers() for _ in range(4)]
    for process in processes:
        for _ in range(5):
            await call(process, service, TROUBLE)
        await process.flush()
    assert not await is_let_in(Breakers(), service)


@pytest.mark.parametrize("cls", [FailureClass.RETRY_AFTER, FailureClass.SHRINK, FailureClass.CONTENT_BLOCKED])
async def test_what_does_not_speak_against_the_service_does_not_open_it(service: Service, cls: FailureClass) -> None:
    board = await opened(service, Failure(cls, "openai", "x", "…", retry_after=1.0))
    assert await is_let_in(board, service)


async def test_one_unpaid_bill_opens_it_until_a_person_says_so(service: Service) -> None:
    board = Breakers()
    parked = await call(board, service, BILL)
    assert parked is not None
    assert "no credit left" in parked.reason
    # No matter how long: a bill is never tried again by itself.
    clock.advance(timedelta(days=30))
    assert not await is_let_in(board, service)
    assert not await is_let_in(Breakers(), service)


async def test_a_refused_key_closes_the_way_for_that_key_only(service: Service) -> None:
    board = Breakers()
    await call(board, service, classify("openai", 401, {}, {"error": {"code": "invalid_api_key"}}))
    assert not await is_let_in(board, service)
    assert await is_let_in(board, Service(service.provider, "another key", service.model))


async def test_a_quota_is_waited_for_with_one_early_try(service: Service) -> None:
    midnight = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    spent = Failure(FailureClass.WAIT_QUOTA, "openai", "quota-per-day", "…", until=midnight, probe_after=900.0)
    board = Breakers()
    parked = await call(board, service, spent)
    assert parked is not None
    assert parked.until == NOW + timedelta(minutes=15)

    clock.advance(timedelta(minutes=15))
    board.forget()
    again = await call(board, service, spent)
    assert again is not None
    assert again.until == midnight


async def test_of_all_that_come_when_its_time_is_up_one_tries(service: Service, heard: list[Any]) -> None:
    await opened(service)
    clock.advance(timedelta(seconds=31))
    processes = [Breakers() for _ in range(12)]

    answers = await asyncio.gather(*(process.enter(service) for process in processes), return_exceptions=True)

    given = [answer for answer in answers if isinstance(answer, Pass)]
    assert len(given) == 1
    assert all(isinstance(answer, Parked) for answer in answers if not isinstance(answer, Pass))
    assert not await is_let_in(Breakers(), service)

    await Breakers().leave(given[0], None)
    assert all([await is_let_in(process, service) for process in processes])
    assert [type(event) for event in heard] == [BreakerOpened, BreakerClosed]


async def test_a_failed_try_leaves_it_open_for_longer_each_time(service: Service) -> None:
    board = await opened(service)
    waits: list[float] = []
    for _ in range(9):
        until = (await row(service)).open_until
        waits.append((until - clock.now()).total_seconds())
        clock.freeze(until)
        board.forget()
        await call(board, service, TROUBLE)
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


async def test_it_is_well_after_one_good_try_and_old_failures_are_forgotten(service: Service) -> None:
    board = await opened(service)
    clock.advance(timedelta(seconds=31))
    board.forget()
    await call(board, service)
    for _ in range(20):
        await call(board, service)
    await call(board, service, TROUBLE)
    await board.flush()
    assert await is_let_in(board, service)


async def test_one_who_tries_and_dies_does_not_block_the_way(service: Service) -> None:
    board = await opened(service)
    clock.advance(timedelta(seconds=31))
    board.forget()
    await board.enter(service)
    assert not await is_let_in(Breakers(), service)
    clock.advance(timedelta(minutes=3))
    assert await is_let_in(Breakers(), service)


async def test_one_who_tries_and_is_stopped_lets_the_next_one_try(service: Service) -> None:
    board = await opened(service)
    clock.advance(timedelta(seconds=31))
    board.forget()
    await board.abandon(await board.enter(service))
    assert await is_let_in(Breakers(), service)


async def test_a_straggler_does_not_make_it_worse(service: Service) -> None:
    late = Breakers()
    given = await late.enter(service)
    await opened(service)
    before = await row(service)
    await late.leave(given, TROUBLE)
    await late.flush()
    assert (await row(service)).open_until == before.open_until


async def test_try_now_lets_one_call_through(service: Service, heard: list[Any]) -> None:
    board = Breakers()
    await call(board, service, BILL)
    await request_probe((await row(service)).id)
    assert isinstance(heard[-1], ProbeRequested)

    board.forget()
    assert await call(board, service) is None
    assert await is_let_in(board, service)
    with pytest.raises(BreakerNotOpen):
        await request_probe((await row(service)).id)


async def test_a_process_that_calls_all_the_time_asks_the_database_seldom(service: Service) -> None:
    board = Breakers()
    statements = 0
    from sqlalchemy import event

    from brandhound.core.db import engine_of

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(engine_of("system").sync_engine, "before_cursor_execute", count)
    began = asyncio.get_running_loop().time()
    for _ in range(1000):
        await call(board, service)
    event.remove(engine_of("system").sync_engine, "before_cursor_execute", count)
    # One look for each half second, and one batch of counts.
    assert statements < 30 * (1 + asyncio.get_running_loop().time() - began)


def test_a_fingerprint_leads_nobody_back_to_the_key(database: object) -> None:
    key = "sk-abcdefghijklmnop"
    assert key_fingerprint(key) == key_fingerprint(key)
    assert key_fingerprint(key) != key_fingerprint(key + "q")
    assert len(key_fingerprint(key)) == 16
    assert key_fingerprint(None) == key_fingerprint("") == ""
