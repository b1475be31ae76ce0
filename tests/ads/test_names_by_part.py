"""What names of ads say by part, and which names own metrics may have."""

from uuid import UUID

import httpx
import pytest

from tests.factories.ads import AdTruth, make_ads


async def test_a_part_with_hundreds_of_values_leaves_room_for_the_others(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    truths = [AdTruth(name=f"p{min(at, 309)}_{'video' if at % 3 else 'still'}") for at in range(312)]
    board = await make_ads(organization_id, truths, days=1)
    path = f"/api/ad-accounts/{board.account_id}/naming"
    assert (await client.get(path)).json()["values"] == {}
    told = (await client.get(path, params={"pattern": "{product}_{format}"})).json()
    assert told["values"] == {"product": 310, "format": 2}
    by_part = {part: [one for one in told["parts"] if one["part"] == part] for part in told["values"]}
    assert [(one["value"], one["ads"]) for one in by_part["format"]] == [("video", 208), ("still", 104)]
    assert (len(by_part["product"]), by_part["product"][0]) == (25, {"part": "product", "value": "p309", "ads": 3})


@pytest.mark.parametrize("name", ["ads", "name", "roas", "spend"])
async def test_an_own_metric_is_not_called_what_lists_are_in_order_by_already(
    client: httpx.AsyncClient, name: str
) -> None:
    own = {"name": name, "title": "Mine", "formula": "purchases / clicks", "shown": "percent"}
    refused = await client.post("/api/ads/metrics", json=own)
    assert (refused.status_code, refused.json()["code"]) == (409, "ads/name-taken")
