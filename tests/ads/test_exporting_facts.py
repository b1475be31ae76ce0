"""Facts as files: what a spreadsheet is to reckon with is a number there."""

import csv
import io
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from brandhound.ads.fact_models import AdDailyFact
from brandhound.core.db import tenant_session
from tests.factories.ads import UNTIL, AdTruth, make_ads

pytestmark = pytest.mark.anyio


async def test_money_that_was_given_back_is_a_number_and_a_name_that_looks_like_one_is_text(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, [AdTruth(money=50, name="-12.5")], days=1)
    async with tenant_session(organization_id) as db:
        money = {"spend_micros": -12_500_000, "purchase_value_micros": 100_000_000}
        await db.execute(update(AdDailyFact).where(AdDailyFact.day == UNTIL).values(**money))
    exported = await client.get(f"/api/ad-accounts/{board.account_id}/facts.csv", params={"until": str(UNTIL)})
    (row,) = csv.DictReader(io.StringIO(exported.text))
    assert (row["spend"], row["purchase_value"], row["ad"]) == ("-12.5", "100", "'-12.5")
