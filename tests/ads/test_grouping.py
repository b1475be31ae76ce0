"""Ads by the page that they lead to: a row a page, however its address is written in each ad."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.ads.test_exchange_rates import DAYS, asked, put_in, table_of
from tests.ads.test_standing import counted, judged, usual
from tests.factories.ads import AdTruth, make_ads

COLUMNS = "spend,purchases,cost_per_purchase,roas,ctr"
CHAIR = "https://shop.example/chair"


async def by_page(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await client.get("/api/ads/by-page", params={"columns": COLUMNS, **wanted})
    assert answer.status_code == 200, answer.text
    return answer.json()


def shop() -> list[AdTruth]:
    chairs = [CHAIR, f"{CHAIR}/?utm_source=ad", "https://WWW.Shop.example/chair#top"]
    return [
        *(AdTruth(link=link, money=30, buys=0.05) for link in chairs),
        *(AdTruth(link=f"https://shop.example/table?{at}", money=20, buys=0.03) for at in range(2)),
        AdTruth(money=10),
    ]


async def test_a_page_is_one_row_with_the_sums_of_its_ads_divided(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await judged(organization_id, await make_ads(organization_id, shop()))
    told = await by_page(client)
    rows = {row["page"]: row for row in told["items"]}
    assert [(row["page"], row["ads"]) for row in told["items"]] == [
        (CHAIR, 3), ("https://shop.example/table", 2), (None, 1),
    ]  # fmt: skip
    assert rows[CHAIR]["values"]["spend"] == 3 * 30 * 28
    for page, row in rows.items():
        if page is None:
            continue
        # Opening a page shows its ads; their totals are the row.
        opened = await asked(client, page=page, columns=COLUMNS)
        assert opened["total"] == row["ads"]
        assert row["values"] == pytest.approx(opened["totals"]["values"])
    assert told["totals"]["values"]["spend"] == sum(row["values"]["spend"] for row in rows.values())
    assert (told["total"], told["totals"]["ads"]) == (3, 6)
    assert [row["page"] for row in (await by_page(client, sort="roas"))["items"]][-1] == CHAIR
    assert [row["ads"] for row in (await by_page(client, sort="ads"))["items"]] == [1, 2, 3]
    # Ads of which it is not known where they lead come last whichever way.
    by_name = [[row["page"] for row in (await by_page(client, sort=sort))["items"]] for sort in ("name", "-name")]
    assert by_name == [[CHAIR, "https://shop.example/table", None], ["https://shop.example/table", CHAIR, None]]
    assert [row["page"] for row in (await by_page(client, sort="-cpm"))["items"]]
    assert [row["page"] for row in (await by_page(client, q="Ad 3"))["items"]] == ["https://shop.example/table"]
    assert (await client.get("/api/ads/by-page", params={"sort": "nothing"})).status_code == 422


async def test_the_return_of_a_page_has_an_interval_that_narrows_as_more_is_bought(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    many = [AdTruth(link=CHAIR, money=90, buys=0.05) for _ in range(8)]
    few = [AdTruth(link="https://shop.example/new", money=3, buys=0.05)]
    await judged(organization_id, await make_ads(organization_id, [*many, *few, *usual(2)]))
    rows = {row["page"]: row for row in (await by_page(client))["items"]}
    wide = {page: row["return_high90"] / row["return_low90"] for page, row in rows.items()}
    assert wide["https://shop.example/new"] > 1.5 * wide[CHAIR]
    for row in rows.values():
        assert row["return_low90"] < row["return_mean"] < row["return_high90"]
    assert rows[CHAIR]["return_low90"] < rows[CHAIR]["values"]["roas"] < rows[CHAIR]["return_high90"]


async def test_a_page_of_two_currencies_has_a_row_for_each_until_money_is_shown_in_one(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    for name, currency in (("Ohio", "USD"), ("Paris", "EUR")):
        await judged(organization_id, await make_ads(organization_id, shop(), currency=currency, name=name))
    told = await by_page(client)
    assert [(row["page"], row["currency"]) for row in told["items"]][:3] == [
        (CHAIR, "EUR"), ("https://shop.example/table", "EUR"), (None, "EUR"),
    ]  # fmt: skip
    assert (told["in_order_by_currency"], told["totals"]["values"]["spend"]) == (True, None)
    # Half of the days have no rate: their money is left out, and what it is divided by.
    await put_in(client, table_of(USD=dict.fromkeys(DAYS[:14], 2.0)))
    shown = await by_page(client, show_in="EUR")
    chair = shown["items"][0]
    assert (chair["page"], chair["currency"], chair["ads"]) == (CHAIR, "EUR", 6)
    assert chair["values"]["spend"] == 3 * 30 * 28 + 3 * 30 * 14 / 2
    opened = await asked(client, page=CHAIR, columns=COLUMNS, show_in="EUR")
    assert chair["values"] == pytest.approx(opened["totals"]["values"])
    assert shown["shown_in"]["currencies"][0]["days_without_rate"] == 14
    assert shown["totals"]["values"]["spend"] == sum(row["values"]["spend"] for row in shown["items"])


@pytest.mark.parametrize("show_in", [None, "EUR"])
async def test_as_many_questions_for_twenty_pages_as_for_two(
    client: httpx.AsyncClient,
    organization_id: UUID,
    other_client: httpx.AsyncClient,
    other_organization_id: UUID,
    show_in: str | None,
) -> None:
    found: list[int] = []
    for whose, owner, pages in ((client, organization_id, 2), (other_client, other_organization_id, 20)):
        truths = [AdTruth(link=f"https://shop.example/{at % pages}") for at in range(2 * pages)]
        await judged(owner, await make_ads(owner, truths, currency="USD"))
        await put_in(whose, table_of(USD=dict.fromkeys(DAYS, 1.25)))
        with counted() as statements:
            told = await by_page(whose, **({"show_in": show_in} if show_in else {}))
        assert told["total"] == pages
        found.append(len(statements))
    assert found[0] == found[1]
