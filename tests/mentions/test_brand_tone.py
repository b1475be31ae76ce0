"""How is spoken of a brand: corrected shares with intervals, what people said, and by what all that is known."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.core.clock import now
from brandhound.mentions.tone_knowledge import shipped
from tests.factories.things import make_brand, make_story
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio


async def told(client: httpx.AsyncClient, organization_id: UUID, number: int) -> tuple[str, list[str]]:
    """A brand with so many texts, all read as positive by the sentence model's matrix."""
    brand = await make_brand(client, "Lumara")
    made = [await make_story(organization_id, UUID(brand), f"Story {at}") for at in range(number)]
    return brand, [ids["mention"] for ids in made]


def share_of(tone: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in tone["tones"] if one["tone"] == name)


async def test_of_eleven_texts_no_share_is_told(client: httpx.AsyncClient, organization_id: UUID) -> None:
    brand, _ = await told(client, organization_id, 11)
    tone = (await client.get(f"/api/brands/{brand}/tone")).json()
    assert (tone["out_of"], tone["enough"], tone["balance"]) == (11, False, None)
    assert all(one["share"] is None for one in tone["tones"])
    assert share_of(tone, "positive")["texts"] == 11


async def test_what_people_said_counts_as_true_and_what_was_read_is_corrected(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    brand, mentions = await told(client, organization_id, 24)
    read = (await client.get(f"/api/brands/{brand}/tone")).json()
    positive = share_of(read, "positive")
    # All were read as positive, and readings err: not all of them are.
    assert positive["share"]["low"] < positive["share"]["value"] < 1
    wanted = [{"mention_id": one, "tone": "negative"} for one in mentions]
    await client.put("/api/mentions/tones", json={"tones": wanted})
    said = (await client.get(f"/api/brands/{brand}/tone")).json()
    negative = share_of(said, "negative")
    assert (negative["texts"], negative["said"], share_of(said, "positive")["texts"]) == (24, 24, 0)
    assert negative["share"]["low"] > 0.85
    assert said["balance"]["high"] < -0.8


async def test_the_table_says_how_often_each_tone_is_read_right(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, organization_id: UUID
) -> None:
    brand, _ = await told(client, organization_id, 1)
    tone = (await client.get(f"/api/brands/{brand}/tone")).json()
    assert (tone["shipped_texts"], tone["own_texts"]) == (shipped().texts, 0)
    for matrix in tone["matrices"]:
        for row in matrix["rows"]:
            assert sum(row["read"].values()) == pytest.approx(1, abs=0.001)
    assert (await other_client.get(f"/api/brands/{brand}/tone")).status_code == 404


async def test_a_sampled_tone_makes_the_table_ones_own_and_a_correction_does_not(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Lumara")
    for town in ("Ghent", "Leeds", "Bonn"):
        await newsroom.publish(f"Lumara in {town}", f"Lumara is a wonderful, brilliant success in {town}, all say.")
    first = (await client.get("/api/mentions", params={"brand": brand})).json()["items"][0]["id"]
    await client.put(f"/api/mentions/{first}/tone", json={"tone": "negative"})
    assert (await client.get(f"/api/brands/{brand}/tone")).json()["own_texts"] == 0
    sample = (await client.post(f"/api/brands/{brand}/sample")).json()
    drawn = [one["mention"]["id"] for one in sample["mentions"]]
    assert len(drawn) == 2
    assert first not in drawn, "who corrects sees mistakes: such mentions would make readings look worse than they are"
    path = f"/api/sampled/{sample['mentions'][0]['id']}/answer"
    await client.put(path, json={"answer": "yes", "tone": "neutral"})
    assert (await client.get(f"/api/brands/{brand}/tone")).json()["own_texts"] == 1


async def test_a_report_takes_peoples_word_and_corrects_the_rest(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    _, mentions = await told(client, organization_id, 22)
    today = now().date()
    span = {"since_on": str(today - timedelta(days=6)), "until_on": str(today)}
    before = (await client.post("/api/reports/preview", json=span)).json()
    (tone,) = before["tone"]
    assert tone["corrected"]
    assert tone["balance"]["value"] < 1
    wanted = [{"mention_id": one, "tone": "neutral"} for one in mentions]
    await client.put("/api/mentions/tones", json={"tones": wanted})
    (tone,) = (await client.post("/api/reports/preview", json=span)).json()["tone"]
    shares = {one["tone"]: one["share"]["value"] for one in tone["counts"]}
    assert shares["neutral"] > 0.9
    assert shares["mixed"] is shares["unclear"] is None
