"""What brands sell: sectors, categories, own ones, and proposals."""

from typing import Any

import httpx
import pytest

from brandhound.brands.catalogue import catalogue
from brandhound.brands.categories import name_of_category
from brandhound.brands.taxonomy import propose_categories, sector_of, taxonomy

pytestmark = pytest.mark.anyio


async def sectors(client: httpx.AsyncClient) -> dict[str, list[dict[str, Any]]]:
    answer = await client.get("/api/brand-categories")
    assert answer.status_code == 200, answer.text
    return {sector["name"]: sector["categories"] for sector in answer.json()["items"]}


async def proposals(client: httpx.AsyncClient, **wish: str) -> list[dict[str, Any]]:
    answer = await client.post("/api/brand-categories/proposals", json=wish)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_each_category_of_the_catalogue_has_a_sector_and_none_has_two() -> None:
    names = [category.name for category in taxonomy()]

    assert len(names) == len(set(names))
    unplaced = {name_of_category(brand.category) for brand in catalogue().brands} - set(names)
    assert {name for name in unplaced if "/" not in name} == set()
    assert all(category.words for category in taxonomy())


async def test_what_a_brand_sells_is_proposed_with_how_sure_that_is_and_why(client: httpx.AsyncClient) -> None:
    found = await proposals(client, description="An airline: flights to ninety airports, planes and passengers")

    assert (found[0]["sector"], found[0]["name"]) == ("Travel and transport", "Airline")
    assert found[0]["confidence"] > 0.5
    assert "passengers" in found[0]["why"]
    assert sum(one["confidence"] for one in found) <= 1.001


async def test_the_catalogue_is_asked_for_the_name(client: httpx.AsyncClient) -> None:
    found = await proposals(client, name="Starbucks")

    assert (found[0]["name"], found[0]["why"]) == ("Coffee shop", "The catalogue says so")


async def test_of_nothing_nothing_is_proposed(client: httpx.AsyncClient) -> None:
    assert await proposals(client, name="Qzzxw") == []
    assert await proposals(client) == []


async def test_an_own_category_stands_in_its_sector_and_is_proposed_too(client: httpx.AsyncClient) -> None:
    new = {"name": "Vertical farming", "sector": "Industry and farming"}
    added = await client.post("/api/brand-categories", json=new)
    assert added.status_code == 201, added.text

    assert added.json() in (await sectors(client))["Industry and farming"]
    found = await proposals(client, description="vertical farming under lamps: a vertical farm")
    assert "Vertical farming" in [one["name"] for one in found]

    twice = await client.post("/api/brand-categories", json={"name": "vertical FARMING", "sector": "Retail"})
    assert (twice.status_code, twice.json()["sector"]) == (409, "Industry and farming")
    known = await client.post("/api/brand-categories", json={"name": "airline", "sector": "Retail"})
    assert (known.status_code, known.json()["code"]) == (409, "brands/category-exists")

    assert (await client.delete(f"/api/brand-categories/{added.json()['id']}")).status_code == 204
    assert added.json() not in (await sectors(client))["Industry and farming"]


async def test_another_organization_does_not_see_it(client: httpx.AsyncClient, other_client: httpx.AsyncClient) -> None:
    await client.post("/api/brand-categories", json={"name": "Vertical farming", "sector": "Our own sector"})

    assert "Our own sector" in await sectors(client)
    assert "Our own sector" not in await sectors(other_client)


def test_a_category_is_placed_by_its_name_or_its_key() -> None:
    assert sector_of("Fast food") == sector_of("amenity/fast_food") == "Restaurants and cafés"
    assert sector_of("Something else") == ""
    assert propose_categories("", "") == []
