"""Ads that pay in several currencies, ads and days without clicks or delivery, and what is told of an account's last day."""

from collections.abc import Callable, Generator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, update

from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.object_models import Ad
from brandhound.ads.standings.models import AdBaseline, AdWindowSums
from brandhound.core import clock
from brandhound.core.db import tenant_session
from tests.ads.test_standing import judged, usual
from tests.factories.ads import UNTIL, AdBoard, AdTruth, make_ads


@pytest.fixture
def stopped() -> Generator[Callable[[date], None]]:
    """Let it be the noon after a day."""
    yield lambda day: clock.freeze(datetime.combine(day + timedelta(days=1), time(12), UTC))
    clock.unfreeze()


async def asked(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await client.get("/api/ads", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def two_currencies(organization_id: UUID) -> None:
    """Two ads in euros, and three in yen that look a hundred times as dear."""
    euros = [AdTruth(money=40, name="E 40"), AdTruth(money=90, name="E 90")]
    await judged(organization_id, await make_ads(organization_id, euros, currency="EUR", name="Paris"))
    yen = [AdTruth(money=5000 + 100 * at, name=f"Y {at}") for at in range(3)]
    await judged(organization_id, await make_ads(organization_id, yen, currency="JPY", name="Tokyo"))


async def test_money_is_in_order_within_each_currency_and_never_across(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await two_currencies(organization_id)
    page = await asked(client, columns="spend,ctr", sort="-spend")
    assert [row["name"] for row in page["items"]] == ["Y 2", "Y 1", "Y 0", "E 90", "E 40"]
    assert page["in_order_by_currency"] is True
    upwards = await asked(client, columns="spend", sort="spend")
    assert [row["name"] for row in upwards["items"]] == ["Y 0", "Y 1", "Y 2", "E 40", "E 90"]
    second = await asked(client, columns="spend", sort="-spend", offset=2, limit=2)
    assert [row["name"] for row in second["items"]] == ["Y 0", "E 90"]
    # A rate is the same whatever is paid in: one order over all.
    rates = await asked(client, columns="ctr", sort="-ctr")
    assert rates["in_order_by_currency"] is False
    values = [row["values"]["ctr"] for row in rates["items"]]
    assert values == sorted(values, reverse=True)


async def test_each_currency_has_sums_of_its_own(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await two_currencies(organization_id)
    page = await asked(client, columns="spend,impressions")
    assert page["totals"]["values"]["spend"] is None
    told = [(one["currency"], one["ads"], one["values"]["spend"]) for one in page["currencies"]]
    assert told == [("JPY", 3, 28 * 15_300), ("EUR", 2, 28 * 130)]
    shown = [one["values"]["impressions"] for one in page["currencies"]]
    assert page["totals"]["values"]["impressions"] == sum(shown)
    euros = await asked(client, currency="EUR", columns="spend")
    assert (euros["total"], euros["totals"]["currency"], euros["in_order_by_currency"]) == (2, "EUR", False)
    assert (await asked(client, currency="CHF"))["total"] == 0


async def ended(organization_id: UUID, board: AdBoard, ad_id: UUID, last: date) -> None:
    """From this day on it was not shown any more."""
    async with tenant_session(organization_id) as db:
        await db.execute(delete(AdDailyFact).where(AdDailyFact.ad_id == ad_id, AdDailyFact.day > last))
    await judged(organization_id, board)


async def test_an_ad_that_was_not_shown_for_28_days_opens_with_its_last_ones(
    client: httpx.AsyncClient, organization_id: UUID, stopped: Callable[[date], None]
) -> None:
    board = await make_ads(organization_id, [*usual(3), AdTruth(money=50, name="Over", on=False)], days=60)
    last = UNTIL - timedelta(days=30)
    await ended(organization_id, board, board.ads[-1], last)
    ad = (await client.get(f"/api/ads/{board.ads[-1]}")).raise_for_status().json()
    assert (ad["delivery"], ad["last_shown_on"], ad["status"]) == ("ended", str(last), "PAUSED")
    assert (ad["health"], ad["said"], ad["diagnoses"], ad["estimates"]) == (None, [], [], [])
    assert [ad["trend"][0]["day"], ad["trend"][-1]["day"]] == [str(last - timedelta(days=27)), str(last)]
    assert ad["values"]["spend"] == pytest.approx(50 * 28)
    assert ad["values"]["frequency"] is None
    assert (ad["title"], ad["days"]) == ("A title", 28)
    # In a longer window it is in the list, and says the same there.
    stopped(UNTIL)
    rows = {row["name"]: row for row in (await asked(client, window=90))["items"]}
    assert (rows["Over"]["delivery"], rows["Over"]["last_shown_on"]) == ("ended", str(last))
    assert rows["Ad 0"]["delivery"] == "recent"


async def test_ads_of_an_account_of_which_nothing_is_known_any_more_are_not_told_to_have_ended(
    client: httpx.AsyncClient, organization_id: UUID, stopped: Callable[[date], None]
) -> None:
    over = UNTIL - timedelta(days=28)
    await judged(organization_id, await make_ads(organization_id, [AdTruth(name="Now")]))
    await judged(organization_id, await make_ads(organization_id, [AdTruth(name="Then")], until=over, name="Over"))
    stopped(UNTIL - timedelta(days=2))
    page = await asked(client, columns="spend")
    assert (page["until_first"], page["until"]) == (str(over), str(UNTIL))
    assert {row["name"]: row["delivery"] for row in page["items"]} == {"Now": "recent", "Then": "recent"}
    stopped(UNTIL - timedelta(days=1))
    assert {row["name"]: row["delivery"] for row in (await asked(client))["items"]} == {
        "Now": "recent",
        "Then": "unknown",
    }
    (only,) = (await asked(client, q="Then"))["items"]
    assert only["health"] is not None
    opened = (await client.get(f"/api/ads/{only['id']}")).raise_for_status().json()
    told = (opened["delivery"], opened["last_shown_on"], opened["known_until"], opened["health"])
    assert told == ("unknown", str(over), str(over), only["health"])
    by_page = (await client.get("/api/ads/by-page", params={"q": "Then"})).json()
    assert (by_page["until_first"], by_page["until"]) == (str(over), str(over))
    # Of one that is not counted yet it is not known either.
    async with tenant_session(organization_id) as db:
        await db.execute(delete(AdWindowSums).where(AdWindowSums.ad_id == UUID(only["id"])))
    quiet = (await client.get(f"/api/ads/{only['id']}")).raise_for_status().json()
    assert (quiet["delivery"], quiet["known_until"], quiet["health"]) == ("unknown", str(over), None)


async def test_an_ad_that_was_never_shown_says_so(client: httpx.AsyncClient, organization_id: UUID) -> None:
    board = await make_ads(organization_id, usual(2), days=3)
    async with tenant_session(organization_id) as db:
        await db.execute(delete(AdDailyFact).where(AdDailyFact.ad_id == board.ads[0]))
    ad = (await client.get(f"/api/ads/{board.ads[0]}")).raise_for_status().json()
    assert (ad["delivery"], ad["last_shown_on"], ad["trend"]) == ("never", None, [])
    # Sums come with the judgement: an ad that runs is not quiet because nobody has counted yet.
    other = (await client.get(f"/api/ads/{board.ads[1]}")).raise_for_status().json()
    assert (other["delivery"], other["days"]) == ("recent", 3)


async def test_what_is_told_of_the_last_day_leaves_out_ads_that_are_gone(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    truths = [*usual(12), AdTruth(buys=0.12, name="Best"), AdTruth(buys=0.003, money=80, name="Worst")]
    board = await make_ads(organization_id, truths)
    await judged(organization_id, board)
    async with tenant_session(organization_id) as db:
        await db.execute(delete(Ad).where(Ad.id == board.ads[-1]))
    changes = (await client.get("/api/ads/changes")).raise_for_status().json()
    assert changes["top"][0]["name"] == "Best"
    assert "Worst" not in [one["name"] for one in (*changes["bottom"], *changes["new"])]
    # An account that an older version judged is told of again after its next sync.
    async with tenant_session(organization_id) as db:
        await db.execute(update(AdBaseline).values(facts={"happened": []}))
    assert (await client.get("/api/ads/changes")).raise_for_status().json()["accounts"] == []


async def test_the_mean_of_a_young_account_is_of_the_days_that_it_has(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    young = await make_ads(organization_id, [AdTruth(money=30)], days=4, name="Young")
    new = await make_ads(organization_id, [AdTruth(money=30)], days=1, name="New")
    resting = await make_ads(organization_id, [AdTruth(money=30)], days=28, name="Resting")
    async with tenant_session(organization_id) as db:
        rested = AdDailyFact.day.between(UNTIL - timedelta(days=3), UNTIL - timedelta(days=1))
        await db.execute(delete(AdDailyFact).where(AdDailyFact.ad_account_id == resting.account_id, rested))
    for board in (young, new, resting):
        await judged(organization_id, board)
    changes = (await client.get("/api/ads/changes")).raise_for_status().json()
    usual_spend = {one["account"]: one["usual"]["spend"] for one in changes["accounts"]}
    assert usual_spend == {"Young": 30, "New": None, "Resting": pytest.approx(30 * 4 / 7)}


async def test_days_on_which_a_page_sold_nothing_are_held_against_no_ad_that_leads_there(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    chair, table = "https://shop.example/chair?from=ad", "https://shop.example/table"
    out = AdTruth(money=90, link=chair, sold_out=(19, 8))
    truths = [*([out] * 6), *([AdTruth(money=60, link=table)] * 20)]
    # The same on their own, since nobody knows where they lead.
    truths += [AdTruth(money=90, sold_out=(19, 8), name=f"Nowhere {at}") for at in range(2)]
    board = await make_ads(organization_id, truths)
    aims = f"/api/ad-accounts/{board.account_id}/aims"
    (await client.put(aims, json={"target_cost": 29, "naming": None})).raise_for_status()
    await judged(organization_id, board)
    happened = (await client.get("/api/ads/changes")).json()["happened"]
    assert ("sold_out", "https://shop.example/chair") in [(one["what"], one["page"]) for one in happened]
    ads = {row["name"]: row for row in (await asked(client))["items"]}
    said = {name: {one["rule"] for one in row["said"]} for name, row in ads.items()}
    assert all("dear_purchases" in said[f"Nowhere {at}"] for at in range(2))
    assert all("dear_purchases" not in said[f"Ad {at}"] for at in range(6))
    assert {ads[f"Ad {at}"]["health"] for at in range(6)} <= {"healthy", "unjudged"}


async def test_ads_are_filtered_by_the_page_that_they_lead_to_however_its_address_is_written(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    chair = [
        "https://shop.example/Chair",
        "https://WWW.Shop.example/Chair/?utm_source=ad",
        "https://shop.example/Chair#top",
    ]
    truths = [AdTruth(link=link, name=f"Chair {at}") for at, link in enumerate(chair)]
    others = [AdTruth(link=link, name="Other") for link in ("https://shop.example/chair", "?utm_source=ad", None)]
    await judged(organization_id, await make_ads(organization_id, [*truths, *others]))
    pages = (await client.get("/api/ads/pages")).json()
    # A host is the same in whatever letters; a path is not.
    assert [(one["page"], one["ads"]) for one in pages] == [
        ("https://shop.example/Chair", 3),
        ("https://shop.example/chair", 1),
    ]
    found = await asked(client, page="https://shop.example/Chair", sort="name", columns="spend")
    assert [row["name"] for row in found["items"]] == ["Chair 0", "Chair 1", "Chair 2"]
    assert (found["total"], found["totals"]["values"]["spend"]) == (3, 3 * 30 * 28)
    assert (await asked(client, page="https://shop.example"))["total"] == 0


async def test_a_day_on_which_nobody_clicked_or_bought_has_none_and_is_no_gap(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, usual(4), days=60)
    still, ended = board.ads[:2]
    without = {"purchases": None, "purchase_value_micros": None, "link_clicks": None}
    quiet = UNTIL - timedelta(days=3)
    async with tenant_session(organization_id) as db:
        await db.execute(
            update(AdDailyFact).where(AdDailyFact.ad_id == still, AdDailyFact.day == quiet).values(without)
        )
        await db.execute(update(AdDailyFact).where(AdDailyFact.ad_id == ended).values(without))
        over = AdDailyFact.ad_id == ended, AdDailyFact.day > UNTIL - timedelta(days=40)
        await db.execute(delete(AdDailyFact).where(*over))
    await judged(organization_id, board)
    for show_in in ({}, {"show_in": "USD"}):
        told = (await client.get(f"/api/ads/{still}", params=show_in)).json()
        (day,) = (one["values"] for one in told["trend"] if one["day"] == quiet.isoformat())
        assert (day["purchases"], day["ctr"], day["roas"], day["cost_per_purchase"]) == (0, 0, 0, None)
        # One that is over as well: it stood there without purchases, where its account's other ads had some.
        past = (await client.get(f"/api/ads/{ended}", params=show_in)).json()
        assert (past["delivery"], past["values"]["purchases"], past["values"]["ctr"]) == ("ended", 0, 0)
        assert past["values"]["hook_rate"] > 0
