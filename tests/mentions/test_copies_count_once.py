"""Copies of one text count once for each brand that they name: not each time, and not never."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from brandhound.core.clock import now
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio

WIRE = (
    "Acme opened a glass works in Ripon on Monday after nine years of building beside the old canal. "
    "The mayor cut a ribbon, the choir sang twice, and 400 people were shown the furnaces by their new owners. "
    "Two hundred places are still open, the firm says, and apprentices begin in the second week of September. "
    "Bottles from the works go to breweries in Leeds and Hull, by barge rather than by lorry."
)
LUMARA = " Lumara makes wonderful, brilliant kettles a mile away, and everybody in town praises Lumara for them."
TOWNS = ("Kent Courier", "Harbour Post", "Daily Kettle")


async def tone_of(client: httpx.AsyncClient, brand: str) -> dict[str, Any]:
    return (await client.get(f"/api/brands/{brand}/tone")).json()


async def preview(client: httpx.AsyncClient) -> dict[str, Any]:
    today = now().date()
    span = {"since_on": str(today - timedelta(days=6)), "until_on": str(today)}
    answer = await client.post("/api/reports/preview", json=span)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_brand_that_only_copies_name_has_a_tone_and_topics(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    acme, lumara = await watch(client, "Acme"), await watch(client, "Lumara", kind="competitor")
    await newsroom.publish("Acme opens works", WIRE, outlet="Newswire", at=now() - timedelta(hours=9))
    for number, town in enumerate(TOWNS):
        await newsroom.publish("Acme opens works", WIRE + LUMARA, outlet=town, at=now() - timedelta(hours=8 - number))
    named = (await client.get("/api/mentions", params={"brand": lumara})).json()["items"]
    assert [(one["standing"], one["reprint_of"] is not None) for one in named] == [("accepted", True)] * 3
    assert (await tone_of(client, lumara))["out_of"] == 1
    assert sum(one["texts"] for one in (await tone_of(client, acme))["tones"]) == 1
    assert (await client.get(f"/api/brands/{lumara}/topics")).json()["out_of"] == 1
    told = {one["brand_id"]: one for one in (await preview(client))["tone"]}
    assert sum(one["mentions"] for one in told[lumara]["counts"]) == 1
    assert sum(one["mentions"] for one in told[acme]["counts"]) == 1


async def test_a_text_of_before_counts_once_in_the_days_in_which_it_was_copied(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lumara = await watch(client, "Lumara")
    noon = now().replace(hour=12, minute=0, second=0, microsecond=0)
    await newsroom.publish("Kettles", WIRE + LUMARA, outlet="Newswire", at=noon - timedelta(days=2))
    for number, town in enumerate(TOWNS):
        at = noon - timedelta(days=1, minutes=number)
        await newsroom.publish("Kettles", WIRE + LUMARA, outlet=town, at=at)
    day = noon.date() - timedelta(days=1)
    answer = await client.post("/api/reports/preview", json={"since_on": str(day), "until_on": str(day)})
    report = answer.raise_for_status().json()
    (told,) = report["tone"]
    assert sum(one["mentions"] for one in told["counts"]) == 1
    span = {"since": (noon - timedelta(days=1, hours=11)).isoformat(), "until": noon.isoformat()}
    tone = (await client.get(f"/api/brands/{lumara}/tone", params=span)).json()
    assert tone["out_of"] == 1


async def test_a_text_whose_original_was_turned_down_counts_by_its_first_copy(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    lumara = await watch(client, "Lumara")
    for number, outlet in enumerate(("Newswire", *TOWNS)):
        await newsroom.publish("Kettles", WIRE + LUMARA, outlet=outlet, at=now() - timedelta(hours=9 - number))
    named = (await client.get("/api/mentions", params={"brand": lumara})).json()["items"]
    assert len(named) == 4
    assert (await tone_of(client, lumara))["out_of"] == 1
    (original,) = [one for one in named if one["reprint_of"] is None]
    await client.put(f"/api/mentions/{original['id']}/judgement", json={"verdict": "no"})
    assert (await tone_of(client, lumara))["out_of"] == 1
    (told,) = (await preview(client))["tone"]
    assert sum(one["mentions"] for one in told["counts"]) == 1
    await client.delete(f"/api/mentions/{original['id']}/judgement")
    assert (await tone_of(client, lumara))["out_of"] == 1
