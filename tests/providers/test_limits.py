"""No service is called more often than it allows, however many workers there are; and nobody can keep others waiting."""

import asyncio
import itertools
import random
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.system import system_session
from brandhound.providers.breaker import breakers
from brandhound.providers.callees import Service
from brandhound.providers.errors import InputTooLarge
from brandhound.providers.limits import Grant, Limiter
from brandhound.providers.lines import Place, order_of
from brandhound.providers.parking import Parked
from brandhound.providers.windows import PARTS, Window

OURS = UUID(int=1)
THEIRS = UUID(int=2)
NOW = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)


async def allow(service: Service, metric: str, most: int, seconds: float = 0.0) -> UUID:
    """Set a limit, in place of what is known beforehand."""
    breaker_id = await breakers().id_of(service)
    async with system_session() as db:
        await db.execute(text("delete from provider_limits where breaker_id = :id"), {"id": breaker_id})
        await db.execute(
            text(
                "insert into provider_limits (id, breaker_id, metric, most, window_seconds, source)"
                " values (:id, :breaker, :metric, :most, :seconds, 'setting')"
            ),
            {"id": uuid7(), "breaker": breaker_id, "metric": metric, "most": most, "seconds": seconds},
        )
    return breaker_id


async def limits_of(service: Service) -> dict[str, tuple[int, float, str]]:
    async with system_session() as db:
        rows = await db.execute(
            text(
                "select metric, most, window_seconds, source from provider_limits l"
                " join provider_breakers b on b.id = l.breaker_id where model = :model"
            ),
            {"model": service.model},
        )
        return {row.metric: (row.most, row.window_seconds, row.source) for row in rows}


def worker(read_clock: Callable[[Db], Awaitable[datetime]] | None = None) -> Limiter:
    """What a process of its own would have. It does not bring the limits that are known beforehand."""
    made = Limiter(read_clock) if read_clock else Limiter()
    made._ensured = _Everything()  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    return made


class _Everything(set[UUID]):
    def __contains__(self, _: object) -> bool:
        return True


def most_in_a_window(moments: list[tuple[float, int]], seconds: float) -> int:
    """The most that any window of that length holds, wherever it begins."""
    moments = sorted(moments)
    return max(
        (sum(amount for at, amount in moments if start <= at < start + seconds) for start, _ in moments), default=0
    )


# The reckoning ------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    most=st.integers(1, 40),
    seconds=st.sampled_from([1.0, 60.0, 600.0]),
    steps=st.lists(st.tuples(st.floats(0, 0.4), st.integers(1, 8)), max_size=80),
)
def test_no_window_holds_more_than_the_limit(most: int, seconds: float, steps: list[tuple[float, int]]) -> None:
    window, now, granted = Window(most, seconds), 1_000_000.0, list[tuple[float, int]]()
    for share, amount in steps:
        now += share * seconds
        window.forget(now)
        if window.free_at(amount, now) <= now:
            window.grant(amount, now)
            granted.append((now, amount))
    assert most_in_a_window(granted, seconds) <= most


@settings(max_examples=200, deadline=None)
@given(
    most=st.integers(1, 40),
    steps=st.lists(st.tuples(st.floats(0, 0.4), st.integers(1, 8)), max_size=60),
    amount=st.integers(1, 40),
)
def test_what_is_told_to_be_free_then_is_free_then(most: int, steps: list[tuple[float, int]], amount: int) -> None:
    window, now = Window(most, 60.0), 1_000_000.0
    for share, wanted in steps:
        now += share * 60
        if window.free_at(wanted, now) <= now:
            window.grant(wanted, now)
    at = window.free_at(amount, now)
    if amount > most:
        assert at == float("inf")
    else:
        assert at <= now + 60 + 60 / PARTS
        assert window.free_at(amount, at) <= at


def test_a_limit_is_used_to_a_sixtieth() -> None:
    window, granted = Window(100, 60.0), 0
    for second in range(600):
        for _ in range(10):
            if window.free_at(1, second) <= second:
                window.grant(1, second)
                granted += 1
    # 1,000 would be the most that ten windows hold.
    assert 950 <= granted <= 1000


def test_who_had_least_comes_first() -> None:
    def place(owner: UUID, second: int, served: float) -> Place:
        return Place(uuid7(), owner, {"requests": 1}, NOW + timedelta(seconds=second), served)

    flood = [place(OURS, second, 30.0) for second in range(50)]
    quiet = place(THEIRS, 60, 0.0)
    assert order_of([*flood, quiet])[0] is quiet
    turns = order_of([place(OURS, 0, 0), place(OURS, 1, 0), place(THEIRS, 2, 0), place(THEIRS, 3, 0)])
    assert [turn.owner for turn in turns] == [OURS, THEIRS, OURS, THEIRS]


# Many at once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
async def test_no_interleaving_of_workers_exceeds_a_window(service: Service, seed: int) -> None:
    chance = random.Random(seed)
    most, seconds = chance.randint(3, 12), chance.choice([10.0, 60.0])
    breaker_id = await allow(service, "tokens", most, seconds)
    moments, virtual = list[tuple[float, int]](), itertools.count()

    async def read_clock(_: Db) -> datetime:
        # Read under the lock: time passes with every look, by no plan.
        await asyncio.sleep(chance.uniform(0, 0.002))
        return NOW + timedelta(seconds=next(virtual) * seconds / 17)

    async def work(owner: UUID) -> None:
        limiter, waiting = worker(read_clock), dict[int, UUID]()
        for number in range(12):
            amount = chance.randint(1, 3)
            call_id = waiting.setdefault(number, uuid7())
            for _ in range(60):
                turn = await limiter._attempt(  # pyright: ignore[reportPrivateUsage]
                    service, breaker_id, owner, call_id, {"requests": 1, "tokens": amount}, timedelta(minutes=1)
                )
                if isinstance(turn, Grant):
                    moments.append((turn.at, amount))
                    break
                await asyncio.sleep(chance.uniform(0, 0.001))

    await asyncio.gather(*(work(UUID(int=1 + number % 3)) for number in range(5)))

    assert len(moments) > 30
    assert most_in_a_window(moments, seconds) <= most


@pytest.mark.slow
async def test_five_workers_by_the_real_clock(service: Service) -> None:
    await allow(service, "requests", 10, 1.0)
    moments = list[tuple[float, int]]()

    async def work() -> None:
        limiter = worker()
        for _ in range(8):
            grant = await limiter.acquire(service, OURS)
            moments.append((grant.at, 1))
            await limiter.release(grant)

    await asyncio.gather(*(work() for _ in range(5)))
    assert len(moments) == 40
    assert most_in_a_window(moments, 1.0) <= 10
    took = max(moments)[0] - min(moments)[0]
    assert 3.0 <= took <= 40.0


@pytest.mark.slow
async def test_three_processes_together_keep_to_one_limit(service: Service) -> None:
    await allow(Service("somebody", "", service.model), "requests", 6, 1.0)
    command = [sys.executable, "-m", "tests.providers.turn_taker", service.model, "8"]
    processes = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(3)]
    said = await asyncio.gather(*(process.communicate() for process in processes))
    moments = [(float(line), 1) for out, _ in said for line in out.split()]
    assert len(moments) == 24
    assert most_in_a_window(moments, 1.0) <= 6


async def test_no_more_calls_at_the_same_time_than_allowed(service: Service) -> None:
    await allow(service, "concurrency", 3)
    under_way, most = 0, 0
    two = asyncio.Event()

    async def work(limiter: Limiter) -> None:
        nonlocal under_way, most
        grant = await limiter.acquire(service, OURS)
        under_way += 1
        most = max(most, under_way)
        if most >= 2:
            two.set()
        # The first one waits until it is not alone.
        await asyncio.wait_for(two.wait(), 30)
        await asyncio.sleep(0.05)
        under_way -= 1
        await limiter.release(grant)

    limiters = [worker() for _ in range(3)]
    await asyncio.gather(*(work(limiters[number % 3]) for number in range(15)))
    assert 2 <= most <= 3


async def test_a_call_that_was_lost_gives_its_place_back(service: Service) -> None:
    await allow(service, "concurrency", 1)
    lost = await worker().acquire(service, OURS, lease=timedelta(milliseconds=100))
    assert lost.call_id is not None
    await worker().acquire(service, OURS, patience=timedelta(seconds=60))


async def test_one_who_waits_too_long_is_parked(service: Service) -> None:
    await allow(service, "requests", 1, 3600.0)
    limiter = worker()
    await limiter.acquire(service, OURS)
    with pytest.raises(Parked) as parked:
        await limiter.acquire(service, OURS)
    wait = parked.value.until - datetime.now(UTC)
    assert timedelta(minutes=50) < wait < timedelta(minutes=70)
    async with system_session() as db:
        waiting = await db.scalar(text("select count(*) from provider_calls where granted_at is null"))
    assert waiting == 0


async def in_line(owner: UUID = OURS) -> int:
    """How many calls of an organization wait."""
    async with system_session() as db:
        query = text("select count(*) from provider_calls where granted_at is null and organization_id = :owner")
        return await db.scalar(query, {"owner": owner}) or 0


async def until_in_line(count: int, owner: UUID = OURS) -> None:
    async with asyncio.timeout(30):
        while await in_line(owner) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_one_who_is_stopped_while_waiting_leaves_the_line(service: Service) -> None:
    await allow(service, "requests", 1, 30.0)
    limiter = worker()
    await limiter.acquire(service, OURS)
    waiting = asyncio.create_task(limiter.acquire(service, OURS))
    await until_in_line(1)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await in_line() == 0


async def test_more_than_ever_fits_says_so_at_once(service: Service) -> None:
    await allow(service, "tokens", 1000, 60.0)
    with pytest.raises(InputTooLarge) as error:
        await worker().acquire(service, OURS, {"tokens": 5000})
    assert error.value.failure.code == "larger-than-limit"


async def test_an_organization_that_floods_does_not_keep_another_waiting(service: Service) -> None:
    await allow(service, "concurrency", 1)
    order: list[UUID] = []
    go = asyncio.Event()

    async def work(limiter: Limiter, owner: UUID) -> None:
        grant = await limiter.acquire(service, owner)
        order.append(owner)
        await go.wait()
        await limiter.release(grant)

    flooding, quiet = worker(), worker()
    flood = [asyncio.create_task(work(flooding, OURS)) for _ in range(15)]
    await until_in_line(14)
    late = asyncio.create_task(work(quiet, THEIRS))
    await until_in_line(1, THEIRS)
    go.set()
    await asyncio.gather(late, *flood)
    # After the one that was under way, and before the fourteen that had come earlier.
    assert order.index(THEIRS) == 1


async def test_a_service_without_limits_costs_no_row(service: Service) -> None:
    unlimited = Service("somebody", "", service.model)
    grant = await worker().acquire(unlimited, OURS)
    assert grant.call_id is None


# What services say ------------------------------------------------------------------------------------


async def test_headers_set_the_limit(service: Service) -> None:
    limiter = worker()
    grant = await limiter.acquire(service, OURS)
    await limiter.release(
        grant,
        {
            "x-ratelimit-limit-requests": "60",
            "x-ratelimit-remaining-requests": "59",
            "x-ratelimit-reset-requests": "1s",
            "X-RateLimit-Limit-Tokens": "30000000",
            "X-RateLimit-Remaining-Tokens": "29999000",
            "X-RateLimit-Reset-Tokens": "2ms",
        },
    )
    assert await limits_of(service) == {"requests": (60, 60.0, "headers"), "tokens": (30_000_000, 60.0, "headers")}


async def test_what_others_use_of_the_same_key_is_counted(service: Service) -> None:
    await allow(service, "requests", 50, 60.0)
    limiter = worker()
    grant = await limiter.acquire(service, OURS)
    said = {
        "x-ratelimit-limit-requests": "50",
        "x-ratelimit-remaining-requests": "1",
        "x-ratelimit-reset-requests": "59s",
    }
    await limiter.release(grant, said)
    await limiter.release(await limiter.acquire(service, OURS))
    with pytest.raises(Parked):
        await limiter.acquire(service, OURS, patience=timedelta(seconds=1))


async def test_the_operators_own_limit_is_kept(service: Service) -> None:
    await allow(service, "requests", 5, 60.0)
    limiter = worker()
    said = {"x-ratelimit-limit-requests": "500", "x-ratelimit-remaining-requests": "499"}
    await limiter.release(await limiter.acquire(service, OURS), said)
    assert (await limits_of(service))["requests"] == (5, 60.0, "setting")


async def test_anthropics_headers_are_read(service: Service) -> None:
    limiter = worker()
    reset = (datetime.now(UTC) + timedelta(seconds=20)).isoformat()
    said: dict[str, Any] = {}
    for of, most, left in (("requests", 50, 49), ("input-tokens", 30_000, 29_000)):
        said[f"anthropic-ratelimit-{of}-limit"] = str(most)
        said[f"anthropic-ratelimit-{of}-remaining"] = str(left)
        said[f"anthropic-ratelimit-{of}-reset"] = reset
    await limiter.release(await limiter.acquire(service, OURS), said)
    assert {name: most for name, (most, _, _) in (await limits_of(service)).items()} == {
        "requests": 50,
        "tokens": 30_000,
    }


async def test_what_was_not_needed_is_given_back(service: Service) -> None:
    await allow(service, "tokens", 1000, 60.0)
    limiter = worker()
    grant = await limiter.acquire(service, OURS, {"tokens": 900})
    await limiter.release(grant, used={"tokens": 100})
    await limiter.acquire(service, OURS, {"tokens": 900}, patience=timedelta(seconds=30))


async def test_one_that_wants_a_pause_has_it_from_all(service: Service) -> None:
    await allow(service, "requests", 100, 60.0)
    await worker().leave_alone(service, 300.0)
    with pytest.raises(Parked) as parked:
        await worker().acquire(service, OURS)
    assert parked.value.until - datetime.now(UTC) > timedelta(minutes=4)


async def test_too_many_at_once_halves_them_for_a_quarter_of_an_hour(service: Service) -> None:
    await allow(service, "concurrency", 8)
    assert await worker().slow_down(service) == 4
    # Complaints of calls that were under way together are one complaint.
    assert await worker().slow_down(service) == 4
    under_way = [await worker().acquire(service, OURS) for _ in range(4)]
    assert len(under_way) == 4
    with pytest.raises(Parked):
        await worker().acquire(service, OURS, patience=timedelta(seconds=0.3))
