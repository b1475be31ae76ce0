"""Calls over real HTTP to a provider that answers what it was told to, in the form of each family."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.providers.breaker import breakers
from brandhound.providers.budget import FLOOR, budget_of, may_retry
from brandhound.providers.callees import Service
from brandhound.providers.calling import ask_json, guarded_call
from brandhound.providers.errors import PROBLEMS, BillingProblem, ProviderFailed, ProviderTroubled
from brandhound.providers.failures import FailureClass
from brandhound.providers.fake import GOOD, FakeProvider
from brandhound.providers.parking import Parked
from brandhound.providers.pursuing import Asking, pursue
from brandhound.providers.strategies import STRATEGIES, Effect, Move, backoff, decide
from tests.providers.test_failures import recorded

OURS = UUID(int=1)
FAMILIES = [name for name in GOOD if name != "http"]
NO_CREDIT = {"error": {"message": "no credit", "type": "insufficient_quota", "code": "insufficient_quota"}}


@pytest.fixture
async def fake() -> AsyncGenerator[FakeProvider]:
    async with FakeProvider() as made:
        yield made


async def ask(service: Service, fake: FakeProvider, **more: Any) -> Any:
    return await ask_json(service, fake.url, {"question": "?"}, OURS, **more)


async def state_of(service: Service) -> Any:
    async with system_session() as db:
        query = text("select * from provider_breakers where provider = :provider and model = :model")
        values = {"provider": service.provider, "model": service.model}
        return (await db.execute(query, values)).one_or_none()


# The same for every family -----------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_good_answer_comes_back(service: Service, family: str) -> None:
    async with FakeProvider(family) as fake:
        answer = await ask(Service(family, "", service.model), fake, headers={"authorization": "Bearer x"})
    assert answer == GOOD[family]
    assert json.loads(fake.asked[0].body) == {"question": "?"}
    assert fake.asked[0].headers["authorization"] == "Bearer x"


@pytest.mark.parametrize("family", FAMILIES)
async def test_every_recorded_failure_is_raised_or_parks(service: Service, family: str) -> None:
    async with FakeProvider(family) as fake:
        for number, case in enumerate(recorded()):
            provider, record = case.values
            if provider != family or record["status"] is None:
                continue
            fake.answers(record["status"], record["headers"], record["body"])
            one = Service(family, "", f"{service.model}-{number}")
            cls = FailureClass(record["expect"]["class"])
            with pytest.raises((ProviderFailed, Parked)) as error:
                await ask(one, fake)
            parks = STRATEGIES[cls].effect is Effect.OPENS or (record["expect"].get("retry_after") or 0) > 60
            assert isinstance(error.value, Parked) == parks, record["says"]
            if not parks:
                assert type(error.value) is PROBLEMS[cls], record["says"]
                # Whoever catches it by its code finds the class in it.
                assert error.value.code == f"providers/{cls}"


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_connection_that_breaks_is_the_networks_fault(service: Service, family: str) -> None:
    async with FakeProvider(family) as fake:
        fake.answers(200, hangs_up=True)
        with pytest.raises(ProviderFailed) as error:
            await ask(Service(family, "", service.model), fake)
    assert error.value.failure.cls == FailureClass.NETWORK


# Parking and limits --------------------------------------------------------------------------------------


async def test_after_one_unpaid_bill_nobody_calls_any_more(service: Service, fake: FakeProvider) -> None:
    fake.answers(429, {}, NO_CREDIT, times=None)
    for _ in range(4):
        with pytest.raises(Parked):
            await ask(service, fake)
    with pytest.raises(Parked) as parked:
        await ask(service, fake)
    assert len(fake.asked) == 1
    assert parked.value.breaker_id == (await state_of(service)).id
    assert parked.value.until - clock.now() == pytest.approx(timedelta(days=1), abs=timedelta(minutes=1))


async def test_a_short_wait_is_told_and_a_long_one_parks(service: Service, fake: FakeProvider) -> None:
    fake.answers(503, {"retry-after": "2"})
    with pytest.raises(ProviderFailed) as error:
        await ask(service, fake)
    assert error.value.retry_after == 2.0

    other = Service(service.provider, "other key", service.model)
    fake.answers(503, {"retry-after": "7200"})
    with pytest.raises(Parked) as parked:
        await ask(other, fake)
    assert parked.value.until - clock.now() == pytest.approx(timedelta(hours=2), abs=timedelta(minutes=1))
    # Whoever comes next does not ask again.
    with pytest.raises(Parked):
        await ask(other, fake)
    assert len(fake.asked) == 2


async def test_a_service_that_keeps_failing_is_left_alone_and_comes_back(service: Service, fake: FakeProvider) -> None:
    fake.answers(500, times=None)
    for _ in range(20):
        with pytest.raises(ProviderTroubled):
            await ask(service, fake)
    await breakers().flush()
    with pytest.raises(Parked):
        await ask(service, fake)
    assert len(fake.asked) == 20

    fake.is_well()
    clock.freeze(datetime.now(UTC) + timedelta(seconds=31))
    breakers().forget()
    assert await ask(service, fake) == GOOD["openai"]
    assert (await state_of(service)).state == "closed"


async def test_calls_at_the_same_time_are_held_to_the_limit(service: Service, fake: FakeProvider) -> None:
    one = Service("reddit", "", service.model)
    fake.family = "reddit"
    fake.answers(200, {}, GOOD["reddit"], times=None, delay=0.3)
    await asyncio.gather(*(ask(one, fake) for _ in range(12)))
    assert 2 <= fake.most_at_once <= 4


async def test_one_that_is_stopped_says_nothing_against_the_service(service: Service, fake: FakeProvider) -> None:
    fake.answers(200, delay=60.0)
    call = asyncio.create_task(ask(service, fake))
    async with asyncio.timeout(30):
        while not fake.asked:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    async with system_session() as db:
        assert await db.scalar(text("select count(*) from provider_calls")) == 0
    assert (await state_of(service)).state == "closed"


async def test_a_mistake_of_our_own_is_not_blamed_on_the_service(service: Service) -> None:
    with pytest.raises(KeyError):
        async with guarded_call(service.provider, "", service.model, OURS):
            raise KeyError("ours")
    await breakers().flush()
    async with system_session() as db:
        assert await db.scalar(text("select coalesce(sum(failures), 0) from provider_tallies")) == 0


# Strategies -----------------------------------------------------------------------------------------------


def test_every_class_has_its_strategy() -> None:
    assert set(STRATEGIES) == set(FailureClass)
    assert set(PROBLEMS) == set(FailureClass)
    for cls in (FailureClass.BILLING, FailureClass.AUTH):
        assert STRATEGIES[cls].tries == 1
        assert STRATEGIES[cls].opens_for is None
        assert STRATEGIES[cls].tells


@pytest.mark.parametrize("cls", [FailureClass.BILLING, FailureClass.AUTH, FailureClass.FATAL])
def test_a_bill_or_a_bad_key_is_never_tried_again(cls: FailureClass) -> None:
    from brandhound.providers.failures import Failure

    failure = Failure(cls, "openai", "x", "…", retry_after=1.0)
    for failures in range(1, 10):
        decision = decide(failure, failures, set(Move))
        assert decision.move not in (Move.RETRY_AFTER, Move.BACK_OFF, Move.ASK_AGAIN, Move.SHRINK_INPUT)


def test_waits_are_drawn_between_nothing_and_a_limit_that_doubles() -> None:
    for failures, limit in ((1, 1), (2, 2), (5, 16), (12, 2048), (13, 3600), (500, 3600)):
        waits = [backoff(failures).total_seconds() for _ in range(300)]
        assert 0 <= min(waits) < limit * 0.1
        assert limit * 0.9 < max(waits) <= limit


class _Sleeper:
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


async def test_it_waits_as_long_as_it_is_asked_to(service: Service, fake: FakeProvider) -> None:
    fake.answers(429, {"retry-after": "0"}, {"error": {"code": "rate_limit_exceeded", "message": "…"}}, times=2)
    sleep = _Sleeper()
    assert await pursue([service], lambda one, _: ask(one, fake), sleep=sleep) == GOOD["openai"]
    assert sleep.slept == [0.0, 0.0]


async def test_it_asks_another_when_one_has_no_credit(service: Service, fake: FakeProvider) -> None:
    other = Service("anthropic", "", service.model)
    async with FakeProvider("anthropic") as second:
        fake.answers(429, {}, NO_CREDIT, times=None)
        servers = {service: fake, other: second}
        for _ in range(3):
            assert await pursue([service, other], lambda one, _: ask(one, servers[one])) == GOOD["anthropic"]
    assert len(fake.asked) == 1


async def test_it_asks_for_less_when_it_was_too_much(service: Service, fake: FakeProvider) -> None:
    fake.answers(400, {}, {"error": {"code": "context_length_exceeded", "message": "too long"}})
    sizes: list[float] = []

    async def put(one: Service, asking: Asking) -> Any:
        sizes.append(asking.size)
        return await ask(one, fake)

    assert await pursue([service], put, shrinks=True, sleep=_Sleeper()) == GOOD["openai"]
    assert sizes == [1.0, 0.5]


async def test_it_shows_what_was_wrong_once(service: Service, fake: FakeProvider) -> None:
    fake.answers(400, {}, {"error": {"code": "json_validate_failed", "message": "not JSON"}}, times=5)
    complaints: list[str | None] = []

    async def put(one: Service, asking: Asking) -> Any:
        complaints.append(asking.complaint)
        return await ask(one, fake)

    with pytest.raises(ProviderFailed):
        await pursue([service], put, repairs=True, sleep=_Sleeper())
    assert complaints == [None, "not JSON"]


async def test_it_does_without_before_it_gives_up(service: Service, fake: FakeProvider) -> None:
    fake.answers(500, times=None)
    reasons: list[ProviderFailed | Parked] = []

    async def by_headline(why: ProviderFailed | Parked) -> str:
        reasons.append(why)
        return "by the headline"

    sleep = _Sleeper()
    answer: str = await pursue([service], lambda one, _: ask(one, fake), degrade=by_headline, sleep=sleep)
    assert answer == "by the headline"
    assert isinstance(reasons[0], ProviderTroubled)
    assert len(fake.asked) == 4
    assert len(sleep.slept) == 3


async def test_it_is_parked_until_the_first_of_all_may_be_asked_again(service: Service, fake: FakeProvider) -> None:
    other = Service("openai", "", f"{service.model}-2")
    fake.answers(503, {"retry-after": "7200"})
    fake.answers(503, {"retry-after": "600"})
    with pytest.raises(Parked) as parked:
        await pursue([service, other], lambda one, _: ask(one, fake))
    assert parked.value.until - clock.now() < timedelta(minutes=11)


# The budget -------------------------------------------------------------------------------------------------


async def test_at_most_a_tenth_of_the_calls_are_made_again(service: Service) -> None:
    board = breakers()
    for _ in range(200):
        await board.leave(await board.enter(service), None)
    await board.flush()
    answers = await asyncio.gather(*(may_retry(service.provider) for _ in range(40)))
    # Those that were allowed are not yet among the calls, and are taken for some that were: a little less than a tenth.
    assert answers.count(True) == 18
    async with system_session() as db:
        budget = await budget_of(db, service.provider, clock.now())
    assert (budget.retries, budget.refused, budget.left) == (18, 22, 0)


async def test_one_that_is_seldom_called_may_be_tried_again_a_few_times(service: Service) -> None:
    answers = [await may_retry(service.provider) for _ in range(FLOOR + 3)]
    assert answers.count(True) == FLOOR
    clock.freeze(datetime.now(UTC) + timedelta(minutes=12))
    assert await may_retry(service.provider)


async def test_without_a_budget_work_is_parked(service: Service, fake: FakeProvider) -> None:
    while await may_retry(service.provider):
        pass
    fake.answers(500, times=None)
    with pytest.raises(Parked) as parked:
        await pursue([service], lambda one, _: ask(one, fake), sleep=_Sleeper())
    assert "more would make things worse" in parked.value.reason
    assert timedelta(0) < parked.value.until - clock.now() < timedelta(minutes=11)


def test_what_is_parked_or_failed_survives_a_pickle() -> None:
    import pickle

    parked = pickle.loads(pickle.dumps(Parked("openai", "left alone", clock.now())))
    assert (parked.provider, parked.reason) == ("openai", "left alone")
    from brandhound.providers.failures import classify

    failed = pickle.loads(pickle.dumps(BillingProblem(classify("openai", 429, {}, NO_CREDIT))))
    assert failed.failure.code == "insufficient-quota"


def test_the_manual_says_what_the_table_says() -> None:
    manual = (Path(__file__).parents[2] / "docs/how-to/when-a-provider-fails.md").read_text()
    for cls, strategy in STRATEGIES.items():
        row = next(line for line in manual.splitlines() if line.startswith(f"| `{cls}` |"))
        assert f"| {strategy.tries} |" in row
        assert ("Try now" in row) == (strategy.opens_for is None)
        assert row.endswith("| no |") == (strategy.effect is Effect.NONE and cls != FailureClass.RETRY_AFTER)
