"""The real clients ask over real HTTP: each wire format, typed answers, tools, streams, errors, cost and cache."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic_ai import Agent
from sqlalchemy import text

from brandhound.core.system import system_session
from brandhound.providers.ai.asking import WordsWanted, ask, conversation, stream_words
from brandhound.providers.ai.choosing import chosen_for
from brandhound.providers.ai.errors import NoModel
from brandhound.providers.ai.guarding import GuardedModel
from brandhound.providers.ai.kinds import Kind
from brandhound.providers.ai.prompts import Prompt, read_prompt
from brandhound.providers.errors import BadOutput, ContentBlocked, ProviderFailed
from brandhound.providers.failures import classify
from brandhound.providers.parking import Parked
from brandhound.providers.strategies import STRATEGIES, Effect
from brandhound.twins.models import Asked, ModelTwin, Said, ToolCall, garbage, refuser
from brandhound.twins.models.asked import Wire
from brandhound.twins.models.failing import troubles
from tests.providers.ai.conftest import KINDS, USE, Choose, rows
from tests.providers.ai.questions import PROMPT, Verdict, question, saying, says

WIRES: dict[Kind, Wire] = {
    "openai": "responses",
    "openai_compatible": "chat",
    "anthropic": "anthropic",
    "gemini": "gemini",
}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_typed_answer_comes_over_every_wire_with_its_tokens_and_its_cost(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    await choose(kind)
    twin.persona = says(tone="good", quotes=["won an award"])

    answer = await ask(organization_id, question())

    assert answer.value == Verdict(tone="good", quotes=["won an award"])
    assert (answer.provider, answer.model, answer.prompt_version, answer.cached) == (kind, "made-up-1", "1-abc", False)
    (asked,) = twin.asked
    assert asked.wire == WIRES[kind]
    assert "Say what tone it has." in asked.system
    assert "The bike won an award." in asked.text
    (call,) = await rows(organization_id, "select * from model_calls")
    assert (call["state"], call["feature"], call["provider"]) == ("done", USE, kind)
    read, written = int(str(call["input_tokens"])), int(str(call["output_tokens"]))
    assert read > 0
    assert written > 0
    # Millionths of a dollar: one for a token read, four for one written.
    assert call["cost_micros"] == answer.cost_micros == read + 4 * written
    assert answer.tokens == read + written
    (budget,) = await rows(organization_id, "select * from model_budgets")
    assert (budget["spent_micros"], budget["spent_tokens"]) == (answer.cost_micros, answer.tokens)


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_of_this_machine_is_told_and_the_key_goes_where_it_belongs(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "HTTPS_PROXY", "HTTP_PROXY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/environment")
    await choose(kind, key="sk-the-key")
    twin.persona = says(tone="good")
    await ask(organization_id, question())
    headers = twin.asked[0].headers
    assert "sk-the-key" in " ".join(headers.values())
    told = {name: value for name, value in headers.items() if "sk-the-key" not in value}
    assert not [name for name in told if name.startswith(("x-stainless", "x-goog-api-client"))], told
    assert "environment" not in str(told)
    assert headers["user-agent"].startswith("brandhound/")
    if kind == "openai":
        assert twin.asked[0].body["store"] is False


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_that_does_not_fit_is_asked_for_once_more(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    await choose(kind)
    first, then = says(tone="splendid"), says(tone="bad")

    def persona(asked: Asked) -> Said:
        answer: Said = first(asked) if len(twin.asked) == 1 else then(asked)
        return answer

    twin.persona = persona
    assert (await ask(organization_id, question())).value.tone == "bad"
    assert len(twin.asked) == 2
    # Both were answered, and both are paid for.
    assert len(await rows(organization_id, "select 1 from model_calls where state = 'done'")) == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_garbage_is_a_bad_answer_and_not_an_error_of_ours(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    await choose(kind)
    twin.persona = garbage
    with pytest.raises(BadOutput) as refused:
        await ask(organization_id, question())
    assert len(twin.asked) == 2
    assert "It was asked once more, in vain." in (refused.value.detail or "")
    assert refused.value.failure.message == "", "what our client says is nothing that the server said"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refusal_is_told_as_one(choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind) -> None:
    await choose(kind)
    twin.persona = refuser
    with pytest.raises(ContentBlocked):
        await ask(organization_id, question())


@pytest.mark.parametrize("kind", KINDS)
async def test_words_come_as_they_are_written(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    await choose(kind)
    words = "Tallow sold more bikes than ever before in a single month."
    twin.persona = saying(words)
    pieces = [piece async for piece in stream_words(organization_id, WordsWanted(USE, PROMPT, {"brand": "Tallow"}))]
    assert "".join(pieces) == words
    assert len(pieces) > 2
    assert twin.asked[0].streams
    (call,) = await rows(organization_id, "select * from model_calls")
    assert call["state"] == "done"
    assert int(str(call["output_tokens"])) > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_who_stops_listening_has_paid_for_it_and_keeps_nobody_waiting(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    await choose(kind)
    twin.persona = saying("Tallow sold more bikes than ever before in a single month, and more again. " * 20)
    words = stream_words(organization_id, WordsWanted(USE, PROMPT))
    assert await anext(words)
    await words.aclose()
    (call,) = await rows(organization_id, "select state, cost_micros, reserved_micros from model_calls")
    assert call["state"] == "lost"
    assert call["cost_micros"] == call["reserved_micros"]
    async with system_session() as db:
        assert await db.scalar(text("select count(*) from provider_calls")) == 0
    # And the next is served.
    assert [piece async for piece in stream_words(organization_id, WordsWanted(USE, PROMPT))]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stream_that_breaks_or_reports_an_error_is_a_failure_of_the_service(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    await choose(kind)
    twin.persona = saying("Tallow sold more bikes than ever before in a single month, and more again.")
    twin.app.breaks_after = 3
    with pytest.raises((ProviderFailed, Parked)):
        _ = [piece async for piece in stream_words(organization_id, WordsWanted(USE, PROMPT))]
    if kind != "gemini":
        twin.app.breaks_after, twin.app.error_after = None, 3
        with pytest.raises((ProviderFailed, Parked)):
            _ = [piece async for piece in stream_words(organization_id, WordsWanted(USE, PROMPT))]
    assert not await rows(organization_id, "select 1 from model_calls where ended_at is null")


@pytest.mark.parametrize("kind", KINDS)
async def test_tools_are_called_and_each_request_of_the_conversation_is_counted(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    await choose(kind)

    def persona(asked: Asked) -> Said:
        if asked.results:
            return Said(f"So it is: {asked.results[-1]}")
        return Said(calls=[ToolCall("stories_of", {"brand": "Tallow"})])

    twin.persona = persona
    called: list[str] = []

    def stories_of(brand: str) -> str:
        """How many stories there are."""
        called.append(brand)
        return f"three stories on {brand}"

    async with conversation(organization_id, USE, PROMPT) as model:
        result = await Agent(model, tools=[stories_of]).run("How many stories are there?")
        assert "three stories on Tallow" in result.output
        assert model.tokens > 0
    assert called == ["Tallow"]
    assert len(twin.asked) == 2
    calls = await rows(organization_id, "select state, cost_micros from model_calls")
    assert [call["state"] for call in calls] == ["done", "done"]
    assert sum(int(str(call["cost_micros"])) for call in calls) == model.cost_micros


# Errors ---------------------------------------------------------------------------------------------------------


def recorded() -> list[Any]:
    wanted: list[tuple[Kind, str]] = [
        ("openai", "openai"), ("anthropic", "anthropic"), ("gemini", "gemini"), ("ollama", "ollama"), ("vllm", "vllm"),
    ]  # fmt: skip
    return [
        pytest.param(kind, family, name, id=f"{kind}: {name}") for kind, family in wanted for name in troubles()[family]
    ]


@pytest.mark.parametrize(("kind", "family", "name"), recorded())
async def test_every_recorded_error_is_understood_through_the_real_client(
    choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind, family: str, name: str
) -> None:
    await choose(kind, model=f"model-{name}")
    trouble = troubles()[family][name]
    expected = classify(kind, trouble.status, trouble.headers, trouble.body)
    twin.fails(name, family, times=None)
    chosen = await chosen_for(organization_id, USE)
    agent = Agent(GuardedModel(organization_id, chosen, PROMPT))
    with pytest.raises((ProviderFailed, Parked)) as raised:
        await agent.run("?")
    error = raised.value
    if isinstance(error, Parked):
        opens = STRATEGIES[expected.cls].effect is Effect.OPENS
        assert opens or (expected.retry_after or 0) > 60, f"{expected.cls} should not park"
        assert error.reason == expected.detail
    else:
        assert (error.failure.cls, error.failure.code) == (expected.cls, expected.code)
        assert error.failure.retry_after == expected.retry_after
    assert len(twin.asked) == 1
    (call,) = await rows(organization_id, "select state, cost_micros from model_calls")
    assert call == {"state": "failed", "cost_micros": None}


async def test_what_passes_is_tried_again(choose: Choose, organization_id: UUID, twin: ModelTwin) -> None:
    await choose("openai")
    twin.persona = says(tone="good")
    twin.fails("thousandths_in_retry_after_ms")
    assert (await ask(organization_id, question())).value.tone == "good"
    states = await rows(organization_id, "select state from model_calls order by started_at")
    assert [one["state"] for one in states] == ["failed", "done"]


async def test_an_open_breaker_is_heard_of_by_the_next_at_once(
    choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai")
    twin.fails("no_credit", times=None)
    for _ in range(3):
        with pytest.raises(Parked):
            await ask(organization_id, question())
    assert len(twin.asked) == 1


async def test_one_that_is_not_there_is_a_failure_in_words(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID
) -> None:
    account_id = await choose("ollama")
    await client.patch(
        f"/api/models/accounts/{account_id}", json={"address": "http://127.0.0.1:9/v1", "key": "sk-test-key"}
    )
    with pytest.raises(Parked, match="does not run where the settings say"):
        await ask(organization_id, question())


# Kept answers ---------------------------------------------------------------------------------------------------


async def test_the_same_question_is_asked_once(choose: Choose, organization_id: UUID, twin: ModelTwin) -> None:
    await choose("openai")
    twin.persona = says(tone="good")
    first = await ask(organization_id, question())
    again = await ask(organization_id, question())
    assert (again.value, again.cached, again.cost_micros) == (first.value, True, 0)
    assert len(twin.asked) == 1
    assert len(await rows(organization_id, "select 1 from model_calls where state = 'cached'")) == 1


async def test_another_text_another_prompt_or_another_model_is_another_question(
    choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai")
    twin.persona = says(tone="good")
    await ask(organization_id, question())
    await ask(organization_id, question("Another text."))
    await ask(organization_id, question(prompt=Prompt("test", "2-def", PROMPT.text)))
    await choose("openai", model="made-up-2")
    await ask(organization_id, question())
    assert len(twin.asked) == 4


async def test_a_kept_answer_is_nobody_elses(
    choose: Choose, organization_id: UUID, other_organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai")
    twin.persona = says(tone="good")
    await ask(organization_id, question())
    with pytest.raises(NoModel):
        await ask(other_organization_id, question())
    assert await rows(other_organization_id, "select 1 from model_answers") == []


def test_a_prompt_that_was_changed_has_another_version() -> None:
    first = read_prompt("p", "version: 1\n\nSay yes.\n")
    assert first.text == "Say yes."
    assert first.version != read_prompt("p", "version: 1\n\nSay no.\n").version
    with pytest.raises(ValueError, match="version"):
        read_prompt("p", "Say yes.")


# Budget ---------------------------------------------------------------------------------------------------------
