"""A month's budget for models: reserved before each call, settled after it, and never overrun."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from brandhound.core import clock
from brandhound.providers.ai.asking import ask
from brandhound.providers.ai.errors import BudgetSpent
from brandhound.providers.ai.prices import Price, Usage
from brandhound.providers.ai.spending import LEASE, PlannedCall, reserve
from brandhound.twins.models import ModelTwin
from tests.providers.ai.conftest import USE, Choose, rows
from tests.providers.ai.questions import PROMPT, question, says


async def test_a_spent_budget_asks_nobody(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai")
    await client.put("/api/models/budget", json={"limit_micros": 10, "limit_tokens": 1_000_000})
    with pytest.raises(BudgetSpent):
        await ask(organization_id, question())
    await client.put("/api/models/budget", json={"limit_micros": 10_000_000, "limit_tokens": 0})
    with pytest.raises(BudgetSpent):
        await ask(organization_id, question())
    assert twin.asked == []


async def test_administrators_are_told_once_when_the_budget_is_nearly_spent_and_when_it_is(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai_compatible")
    twin.persona = says(tone="good", quotes=["long " * 600])
    await client.put("/api/models/budget", json={"limit_micros": 10_000_000, "limit_tokens": 20_000})

    async def ask_on() -> None:
        for number in range(100):
            await ask(organization_id, question(f"Text {number}."))

    with pytest.raises(BudgetSpent):
        await ask_on()
    with pytest.raises(BudgetSpent):
        await ask(organization_id, question("Another text."))
    notices = (await client.get("/api/notifications")).json()["items"]
    told = {notice["kind"]: notice["title"] for notice in notices}
    assert told["quota_spent"] == "The budget for models is spent"
    assert told["quota_near"].endswith("% of the budget for models are spent")
    assert len(notices) == 2


async def test_a_budget_that_is_too_small_for_the_next_call_is_not_said_to_be_spent(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai_compatible")
    twin.persona = says(tone="good")
    await ask(organization_id, question())
    (call,) = await rows(organization_id, "select reserved_micros, cost_micros from model_calls")
    reserved, cost = call["reserved_micros"], call["cost_micros"]
    assert isinstance(reserved, int)
    assert isinstance(cost, int)
    await client.put("/api/models/budget", json={"limit_micros": reserved, "limit_tokens": 1_000_000})
    with pytest.raises(BudgetSpent) as refused:
        await ask(organization_id, question("The bike won no award."))
    assert (refused.value.used, refused.value.limit, refused.value.needed) == (cost, reserved, reserved)
    (notice,) = (await client.get("/api/notifications")).json()["items"]
    assert notice["title"] == "The budget for models is too small for the next call"
    assert "$0.00 of $0.00 are spent" not in notice["body"]
    assert f"${cost / 1e6:.4f} of ${reserved / 1e6:.4f} are spent or reserved" in notice["body"]


async def test_of_a_budget_that_was_raised_and_is_spent_again_people_hear_anew(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai_compatible")
    for limit in (10, 20):
        await client.put("/api/models/budget", json={"limit_micros": limit, "limit_tokens": 1_000_000})
        for _ in range(2):
            with pytest.raises(BudgetSpent):
                await ask(organization_id, question())
    notices = (await client.get("/api/notifications")).json()["items"]
    assert [(notice["kind"], notice["count"], notice["read"]) for notice in notices] == [("quota_spent", 2, False)] * 2


async def test_calls_at_the_same_moment_do_not_overrun_the_budget_together(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai_compatible")
    twin.persona = says(tone="good")
    twin.app.delay = 0.3
    # Room for the reservations of three: each holds a thousand tokens written and some hundred read.
    await client.put("/api/models/budget", json={"limit_micros": 14_500, "limit_tokens": 1_000_000})
    outcomes = await asyncio.gather(
        *(ask(organization_id, question(f"Text {number}.")) for number in range(8)), return_exceptions=True
    )
    answered = [one for one in outcomes if not isinstance(one, BaseException)]
    refused = [one for one in outcomes if isinstance(one, BudgetSpent)]
    assert len(answered) == 3, outcomes
    assert len(refused) == 5
    budget = (await client.get("/api/models")).json()["budget"]
    assert budget["spent_micros"] == sum(one.cost_micros or 0 for one in answered)
    assert budget["reserved_micros"] == 0


async def test_a_call_that_nobody_hears_of_again_counts_as_spent(
    choose: Choose, organization_id: UUID, twin: ModelTwin, client: httpx.AsyncClient
) -> None:
    price = Price(1_000_000, 4_000_000, 1_000_000, "test")
    planned = PlannedCall(USE, "openai", "made-up-1", PROMPT, Usage(100, 50), price)
    # Not at the end of a month, where the budget begins anew.
    now = clock.now().replace(day=10)
    try:
        clock.freeze(now)
        await reserve(organization_id, planned)
        clock.freeze(now + LEASE + timedelta(seconds=1))
        await reserve(organization_id, planned)
        budget = (await client.get("/api/models")).json()["budget"]
    finally:
        clock.unfreeze()
    assert (budget["spent_micros"], budget["reserved_micros"]) == (300, 300)
    lost = await rows(organization_id, "select cost_micros from model_calls where state = 'lost'")
    assert lost == [{"cost_micros": 300}]


async def test_one_that_is_stopped_in_the_middle_counts_as_spent(
    choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai")
    twin.app.delay = 30.0
    asking = asyncio.create_task(ask(organization_id, question()))
    while not twin.asked:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    (call,) = await rows(organization_id, "select state, cost_micros, reserved_micros from model_calls")
    assert call["state"] == "lost"
    assert call["cost_micros"] == call["reserved_micros"] != 0


async def test_a_model_without_a_price_has_an_unknown_cost_and_is_held_by_tokens(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("vllm", priced=False)
    twin.persona = says(tone="good")
    answer = await ask(organization_id, question())
    assert answer.cost_micros is None
    (day,) = (await client.get("/api/models/usage")).json()
    assert (day["calls"], day["unpriced"], day["cost_micros"]) == (1, 1, 0)
    await client.put("/api/models/budget", json={"limit_micros": 10_000_000, "limit_tokens": answer.tokens + 5})
    with pytest.raises(BudgetSpent):
        await ask(organization_id, question("Another text."))
