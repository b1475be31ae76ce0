"""What the dictionary says a brand's name means besides: shown, switched off, and told from the brand by itself."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from brandhound.brands.models import Brand
from brandhound.core.db import tenant_session
from brandhound.mentions.reconsidering import Passage, facts_of
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio

STREETWEAR = "streetwear and skateboarding clothes label from New York"
COURT = "The judges of the Supreme Court heard the case on Monday. A ruling is expected in June."
SHIRT = "Fans queued for a hoodie by Supreme in Manhattan. The label sells skateboards and streetwear, too."


async def meanings(client: httpx.AsyncClient, **wish: object) -> list[dict[str, Any]]:
    answer = await client.post("/api/brands/meanings", json=wish)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_the_meanings_of_names_that_are_words_are_shown(client: httpx.AsyncClient) -> None:
    found = await meanings(client, name="Amazon", names=["Amazon", "Fire", "AWS"])
    assert {one["name"] for one in found} == {"Amazon", "Fire"}
    river = next(one for one in found if "river" in one["gloss"])
    assert (river["key"], river["is_brand"]) == ("amazon.n3", False)
    assert await meanings(client, name="Zyxgard") == []


async def test_too_long_a_wish_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/brands/meanings", json={"name": "x" * 201})
    assert answer.status_code == 422


async def standing(client: httpx.AsyncClient, brand: str) -> dict[str, Any]:
    """The brand's mentions by their headlines."""
    items = (await client.get("/api/mentions", params={"brand": brand, "limit": 100})).json()["items"]
    return {one["title"]: one for one in items}


@pytest.mark.usefixtures("sentences_are_read")
async def test_by_its_line_alone_a_brand_is_told_from_what_its_name_means_besides(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Supreme", description=STREETWEAR)
    await newsroom.deliver(await newsroom.write("Judges", COURT), await newsroom.write("Queues", SHIRT))
    found = await standing(client, brand)
    assert found["Judges"]["standing"] == "rejected"
    assert "“Supreme Court” is another name in the dictionary" in str(found["Judges"]["reasons"])
    assert found["Queues"]["standing"] != "rejected"


@pytest.mark.usefixtures("sentences_are_read")
async def test_a_meaning_that_was_switched_off_does_not_count(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    off = [one["key"] for one in await meanings(client, name="Supreme", description=STREETWEAR)]
    brand = await watch(client, "Supreme", description=STREETWEAR, meanings_off=off)
    assert (await client.get(f"/api/brands/{brand}")).json()["meanings_off"] == off
    await newsroom.deliver(await newsroom.write("Judges", COURT))
    assert "dictionary" not in str((await standing(client, brand))["Judges"]["reasons"])
    changed = await client.patch(f"/api/brands/{brand}", json={"meanings_off": []})
    assert changed.json()["meanings_off"] == []


async def test_a_model_is_told_what_people_said_and_nothing_of_the_dictionary(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    brand_id = await watch(
        client, "Supreme", description=STREETWEAR, namesakes=["a pizza"], meanings_off=["supreme.a1"]
    )
    async with tenant_session(organization_id) as db:
        brand = (
            await db.scalars(select(Brand).where(Brand.id == UUID(brand_id)).options(selectinload(Brand.names)))
        ).one()
        passage = Passage(brand.as_names(), brand.description, "", "", COURT, 0, tuple(brand.namesakes))
    assert facts_of(passage)["namesakes"] == ["a pizza"]
    assert "supreme.a1" not in str(facts_of(passage))
