"""How loud brands are these days: the figures of a report, for the list of brands and for each of them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from brandhound.brands.models import Brand
from brandhound.core.db import tenant_session
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)


def october(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


@pytest.fixture
async def brands(told: Told) -> dict[str, UUID]:
    """Three brands and what was said of them: Acme twice in a story and once in another, Rival once, both long ago."""
    found = {
        "Acme": await told.brand("Acme"),
        "Client": await told.brand("Client", "client"),
        "Rival": await told.brand("Rival", "competitor"),
    }
    await told.feed(since=SUMMER)
    story = await told.story()
    await told.mention(found["Acme"], october(20), story_id=story, outlet="Wire")
    await told.mention(found["Acme"], october(21), story_id=story, outlet="Paper", copy=True)
    # Half past midnight of the first of November, where the organization is.
    await told.mention(found["Acme"], october(31, 23), outlet="Wire")
    await told.mention(found["Rival"], october(22))
    await told.mention(found["Rival"], october(1))
    await told.mention(found["Acme"], october(2))
    return found


async def read(client: httpx.AsyncClient, path: str, days: int = 14) -> dict[str, Any]:
    answer = await client.get(path, params={"days": days})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_all_brands_are_told_by_day_and_by_their_share(
    client: httpx.AsyncClient, brands: dict[str, UUID]
) -> None:
    found = await read(client, "/api/voices")

    assert (found["range"]["since_on"], found["range"]["until_on"]) == ("2026-10-20", "2026-11-02")
    assert [brand["name"] for brand in found["brands"]] == ["Acme", "Client", "Rival"]
    days, series = found["volume"]["days"], found["volume"]["series"]
    assert {day: one for day, one in zip(days, series[0]["mentions"], strict=True) if one} == {
        "2026-10-20": 1,
        "2026-10-21": 1,
        "2026-11-01": 1,
    }
    assert [(row["brand_id"], row["stories"]) for row in found["share"]["rows"]] == [
        (str(brands["Acme"]), 2),
        (str(brands["Rival"]), 1),
        (str(brands["Client"]), 0),
    ]
    # Three stories say nothing about shares.
    assert not found["share"]["enough"]
    assert found["share"]["rows"][0]["share"]["value"] is None


async def test_a_brand_is_told_beside_the_days_before_and_the_other_brands(
    client: httpx.AsyncClient, brands: dict[str, UUID]
) -> None:
    found = await read(client, f"/api/brands/{brands['Acme']}/voice", 16)

    assert [brand["name"] for brand in found["brands"] if brand["subject"]] == ["Acme"]
    assert (found["headline"]["mentions"]["value"], found["headline"]["mentions"]["before"]) == (3, 1)
    assert found["headline"]["stories"]["value"] == 2
    assert [(row["outlet"], row["mentions"]) for row in found["outlets"]] == [("Wire", 2), ("Paper", 1)]
    assert found["share"]["out_of"] == 3

    # A report on these days says the same.
    wish = {"since_on": found["range"]["since_on"], "until_on": found["range"]["until_on"]}
    report = (await client.post("/api/reports/preview", json=wish)).json()
    told, reported = ({one["brand_id"]: one for one in of["volume"]["series"]} for of in (found, report))
    assert told == reported
    assert found["share"] == report["share"]


async def test_days_before_anything_was_listened_to_are_not_compared_with(
    client: httpx.AsyncClient, told: Told
) -> None:
    acme = await told.brand("Acme")
    await told.mention(acme, october(30))
    await told.feed(since=october(29))

    found = await read(client, f"/api/brands/{acme}/voice", 7)

    assert found["before"] is None
    assert found["headline"]["mentions"]["before"] is None


async def test_a_paused_brand_is_told_when_asked_for_and_not_among_all(
    client: httpx.AsyncClient, told: Told, brands: dict[str, UUID]
) -> None:
    async with tenant_session(told.organization_id) as db:
        rival = await db.get(Brand, brands["Rival"])
        assert rival is not None
        rival.paused = True
    assert [brand["name"] for brand in (await read(client, "/api/voices"))["brands"]] == ["Acme", "Client"]
    found = await read(client, f"/api/brands/{brands['Rival']}/voice")
    assert found["headline"]["mentions"]["value"] == 1


async def test_a_brand_that_is_not_there_has_no_voice(client: httpx.AsyncClient, brands: dict[str, UUID]) -> None:
    assert (await client.get(f"/api/brands/{uuid4()}/voice")).status_code == 404
    assert (await client.get("/api/voices", params={"days": 0})).status_code == 422
