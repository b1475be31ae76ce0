"""A sentence that our grammar does not understand is read by the model, if one is chosen; the rule is a proposal all the same."""

import json
from typing import Any

import httpx
import pytest

from brandhound.twins.models import Asked, ModelTwin, Said
from tests.factories.models import choose_model
from tests.mentions.newsroom import watch

pytestmark = pytest.mark.anyio

SAID = "Sag mir, wenn Lumara wegen Rückruf in fünf Zeitungen aus Bayern schlecht wegkommt"


@pytest.fixture
async def twin(model_twin: ModelTwin, client: httpx.AsyncClient) -> ModelTwin:
    """A model that is chosen to read sentences."""
    await choose_model(client, model_twin, "alerts.sentence")
    return model_twin


async def read(client: httpx.AsyncClient, sentence: str = SAID) -> dict[str, Any]:
    answer = await client.post("/api/alerts/readings/model", json={"text": sentence})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_model_reads_what_the_grammar_cannot_and_is_held_to_the_sentence(
    client: httpx.AsyncClient, twin: ModelTwin
) -> None:
    brand = await watch(client, "Lumara")
    assert (await client.post("/api/alerts/readings", json={"text": SAID})).json()["ignored"] != []
    rule = {"brand": "lumara", "kind": "story", "least_outlets": 5000, "within_hours": None, "tones": ["negative"]}
    rule |= {"words": ["Rückruf", "invented"], "left_out": ["aus Bayern", "never said"]}

    def reads(_: Asked) -> Said:
        return Said(json.dumps(rule))

    twin.persona = reads
    found = await read(client)
    assert (found["brand_id"], found["kind"], found["tones"]) == (brand, "story", ["negative"])
    # Within what a rule can say, and no word that the sentence does not hold.
    assert (found["least_outlets"], found["within_hours"], found["words"]) == (100, 24, ["Rückruf"])
    assert [part["text"] for part in found["ignored"]] == ["aus Bayern"]
    assert found["notes"] == ["Read by made-up-1: look at each field before you switch it on."]
    (asked,) = twin.asked
    assert asked.tools == []


async def test_without_a_model_the_grammar_reads_it_and_says_so(client: httpx.AsyncClient) -> None:
    await watch(client, "Lumara")
    found = await read(client)
    by_grammar = (await client.post("/api/alerts/readings", json={"text": SAID})).json()
    assert found == {**by_grammar, "notes": [*by_grammar["notes"], "No model read it: none is chosen."]}


async def test_a_model_that_answers_garbage_costs_nothing_but_its_reading(
    client: httpx.AsyncClient, twin: ModelTwin
) -> None:
    await watch(client, "Lumara")

    def garbage(_: Asked) -> Said:
        return Said("no JSON at all")

    twin.persona = garbage
    found = await read(client)
    assert found["brand"] == "Lumara"
    assert found["notes"][-1].startswith("No model read it: ")
