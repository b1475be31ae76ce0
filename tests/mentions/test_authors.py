"""Who writes about a brand, by the bylines of its articles."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from brandhound.core import clock
from brandhound.mentions.authors import people_in
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio

KETTLES = "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent and Devon, the firm said."
GHENT = "Lumara opened an office in Ghent on Tuesday. The office has room for twelve people and a small garden."
PRIZE = "The lamp maker Lumara won the prize of the city of Graz for a lamp made of straw and of beeswax."
BELLO = "Bello opens a shop in Leeds on Monday, and hopes for many guests with an eye for a lamp or two."


async def authors(client: httpx.AsyncClient, brand: str, **wanted: str) -> dict[str, Any]:
    answer = await client.get(f"/api/brands/{brand}/authors", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_bylines_are_counted_by_name_and_outlet_and_copies_are_not(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lumara, _ = await watch(client, "Lumara"), await watch(client, "Bello")
    at = clock.now() - timedelta(days=3)
    await newsroom.deliver(
        await newsroom.write("Lumara recalls kettles", KETTLES, at=at, authors=("Ada Quill",)),
        await newsroom.write("Lumara in Ghent", GHENT, at=at + timedelta(hours=2), authors=("ADA QUILL", "Bo Reed")),
        await newsroom.write("Prize for Lumara", PRIZE, at=at, outlet="Dover Echo", authors=("Ada Quill", "Reuters")),
        await newsroom.write("Bello in Leeds", BELLO, at=at, authors=("Cy Penn",)),
    )
    # The Echo takes the Courier's text over, under its own name.
    await newsroom.publish(
        "Lumara recalls kettles", KETTLES, at=at + timedelta(hours=5), outlet="Dover Echo", authors=("Dee Copy",)
    )

    found = await authors(client, lumara)

    assert [(one["name"], one["outlet"], one["texts"]) for one in found["authors"]] == [
        ("ADA QUILL", "Kent Courier", 2),
        ("Bo Reed", "Kent Courier", 1),
        ("Ada Quill", "Dover Echo", 1),
    ]
    assert (found["texts"], found["unsigned"]) == (3, 0)
    newest = found["authors"][0]
    assert newest["last_title"] == "Lumara in Ghent"
    assert sum(newest["tones"].values()) == 2
    assert (await client.get(f"/api/stories/{newest['last_story_id']}")).status_code == 200


async def test_the_texts_of_an_author_are_as_many_as_the_number_beside_the_name(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lumara = await watch(client, "Lumara")
    at = clock.now() - timedelta(days=3)
    await newsroom.deliver(
        await newsroom.write("Lumara recalls kettles", KETTLES, at=at, authors=("Ada Quill",)),
        await newsroom.write("Lumara in Ghent", GHENT, at=at + timedelta(hours=2), authors=("ADA QUILL", "Bo Reed")),
        await newsroom.write("Prize for Lumara", PRIZE, at=at, outlet="Dover Echo", authors=("Ada Quill",)),
    )
    for one in (await authors(client, lumara))["authors"]:
        asked = {"name": one["name"], "outlet": one["outlet"]}
        page = (await client.get(f"/api/brands/{lumara}/authors/texts", params=asked)).json()
        assert page["total"] == len(page["texts"]) == one["texts"]
        assert page["texts"][0]["title"] == one["last_title"]
    (busiest, *_) = (await authors(client, lumara))["authors"]
    asked = {"name": busiest["name"], "outlet": busiest["outlet"]}
    texts = (await client.get(f"/api/brands/{lumara}/authors/texts", params=asked)).json()["texts"]
    assert [text["title"] for text in texts] == ["Lumara in Ghent", "Lumara recalls kettles"]
    nobody = await client.get(f"/api/brands/{lumara}/authors/texts", params={"name": "Cy", "outlet": "Kent Courier"})
    assert nobody.json()["texts"] == []
    assert (await client.get(f"/api/brands/{uuid4()}/authors/texts", params=asked)).status_code == 404


async def test_what_is_unsigned_or_out_of_range_is_said(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    lumara = await watch(client, "Lumara")
    at = clock.now() - timedelta(days=3)
    await newsroom.publish("Lumara recalls kettles", KETTLES, at=at, authors=("Kent Courier", "AFP"))
    assert (await authors(client, lumara))["unsigned"] == 1
    later = (at + timedelta(days=1)).isoformat()
    assert (await authors(client, lumara, since=later))["texts"] == 0
    assert (await client.get(f"/api/brands/{uuid4()}/authors")).status_code == 404


def test_an_outlet_and_an_agency_are_no_people() -> None:
    byline = ("Kent Courier", "courier.example", " Ada Quill ", "ada quill", "Reuters", "")
    assert people_in(byline, "Kent Courier", "www.courier.example") == ["ada quill"]
