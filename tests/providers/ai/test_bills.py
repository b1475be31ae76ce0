"""What a model answered is on the bill, whatever the answer is worth; and what nobody answered is not.

But for a question that arrived, and was still being answered when the time was over: its server bills that as well.
"""

import socket
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.exchanging import OpenAnswer
from brandhound.providers.ai import clients
from brandhound.providers.ai.asking import CANNOT_ASK, WordsWanted, ask, stream_words
from brandhound.providers.ai.kinds import Kind
from brandhound.twins.models import Asked, ModelTwin, Persona, Said
from tests.providers.ai import conftest
from tests.providers.ai.conftest import KINDS, USE, Choose, rows
from tests.providers.ai.questions import PROMPT, question, saying, says

pytestmark = pytest.mark.anyio

CALLS = "select state, input_tokens, output_tokens, cost_micros, reserved_micros from model_calls"


def always(said: Said) -> Persona:
    def persona(asked: Asked) -> Said:
        del asked
        return said

    return persona


async def spent(client: httpx.AsyncClient) -> tuple[int, int]:
    budget: dict[str, Any] = (await client.get("/api/models")).json()["budget"]
    assert (budget["reserved_micros"], budget["reserved_tokens"]) == (0, 0)
    return budget["spent_micros"], budget["spent_tokens"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [Said("word " * 500, cut=True), Said("no", refused=True)], ids=["cut off", "refused"])
async def test_an_answer_that_is_of_no_use_costs_what_it_took(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind, said: Said
) -> None:
    await choose(kind)
    twin.persona = always(said)
    with pytest.raises(CANNOT_ASK):
        await ask(organization_id, question(), once=True)
    (call,) = await rows(organization_id, CALLS)
    assert call["state"] == "done"
    read, written = call["input_tokens"], call["output_tokens"]
    assert isinstance(read, int)
    assert isinstance(written, int)
    assert read > 0
    assert written > 0
    assert await spent(client) == (call["cost_micros"], read + written)
    assert call["cost_micros"] == read + 4 * written


async def test_a_good_status_with_an_answer_that_nobody_can_read_counts_as_the_most_it_can_have_taken(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose("openai_compatible")
    twin.persona = saying("Fine.")

    async def torn(answer: OpenAnswer) -> AsyncIterator[bytes]:
        yield b'{"choices": ['
        del answer
        raise FetchFailed("connection", "the connection broke")

    monkeypatch.setattr(OpenAnswer, "__aiter__", torn)
    with pytest.raises(CANNOT_ASK):
        await ask(organization_id, question(), once=True)
    (call,) = await rows(organization_id, CALLS)
    assert (call["state"], call["cost_micros"]) == ("lost", call["reserved_micros"])
    assert (await spent(client))[0] == call["reserved_micros"] != 0


async def test_a_stream_that_breaks_halfway_counts_as_the_most_it_can_have_taken(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose("openai_compatible")
    twin.persona = saying("word " * 200)
    whole = OpenAnswer.__aiter__

    async def torn(answer: OpenAnswer) -> AsyncIterator[bytes]:
        async for piece in whole(answer):
            yield piece[: len(piece) // 2]
            raise FetchFailed("connection", "the connection broke")

    monkeypatch.setattr(OpenAnswer, "__aiter__", torn)
    with pytest.raises(CANNOT_ASK):
        async for _ in stream_words(organization_id, WordsWanted(USE, PROMPT, {"brand": "Tallow"})):
            pass
    (call,) = await rows(organization_id, CALLS)
    assert call["state"] == "lost"
    assert (await spent(client))[0] == call["reserved_micros"] != 0


async def test_who_refuses_to_answer_sends_no_bill_also_after_an_answer(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin
) -> None:
    await choose("openai")
    twin.persona = says(tone="good")
    await ask(organization_id, question())
    before = await spent(client)
    twin.fails("rate_limit", times=None)
    with pytest.raises(CANNOT_ASK):
        await ask(organization_id, question("Another text."), once=True)
    assert await spent(client) == before
    assert [call["state"] for call in await rows(organization_id, f"{CALLS} order by started_at")] == ["done", "failed"]


async def test_a_question_that_arrived_and_was_not_answered_in_time_counts_as_the_most_it_can_have_taken(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose("openai")
    monkeypatch.setattr(clients, "SECONDS", 2)
    twin.app.delay = 6.0
    with pytest.raises(CANNOT_ASK):
        await ask(organization_id, question(), once=True)
    (call,) = await rows(organization_id, CALLS)
    assert (call["state"], call["cost_micros"]) == ("lost", call["reserved_micros"])
    assert (await spent(client))[0] == call["reserved_micros"] != 0


async def test_a_question_that_never_arrived_in_time_costs_nothing(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # It takes the connection and never says who it is: nothing is sent to such a one.
        port = int(silent.getsockname()[1])

        def address_of(_: ModelTwin, kind: Kind) -> str:
            del kind
            return f"https://127.0.0.1:{port}/v1"

        monkeypatch.setattr(conftest, "address_of", address_of)
        await choose("openai")
        with pytest.raises(CANNOT_ASK):
            await ask(organization_id, question(), once=True)
    (call,) = await rows(organization_id, CALLS)
    assert call["state"] == "failed"
    assert await spent(client) == (0, 0)
