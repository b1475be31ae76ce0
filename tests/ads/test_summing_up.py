"""Ads as one, and what is told of an account: what belongs in a sum, and what does not."""

from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.object_models import Ad, AdCampaign
from brandhound.brands.models import Brand
from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from tests.ads.test_exchange_rates import DAYS, asked, put_in, table_of
from tests.ads.test_standing import judged, usual
from tests.factories.ads import UNTIL, AdTruth, make_ads, serve_brand

SHOP = "https://shop.example"


async def test_money_of_two_currencies_is_not_divided_by_each_other_either(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    for currency in ("USD", "JPY"):
        board = await make_ads(organization_id, [AdTruth(link=SHOP)] * 2, currency=currency, name=currency)
        await judged(organization_id, board)
    own = {"name": "margin", "title": "Margin", "formula": "(purchase_value - spend) / spend", "shown": "percent"}
    assert (await client.post("/api/ads/metrics", json=own)).status_code == 201
    for path in ("/api/ads", "/api/ads/by-page"):
        told = (await client.get(path, params={"columns": "spend,roas,margin,purchases"})).json()
        assert {name for name, value in told["totals"]["values"].items() if value is None} == {
            "spend",
            "roas",
            "margin",
        }
    by_currency = (await asked(client, columns="roas,margin"))["currencies"]
    assert all(one["values"]["margin"] == pytest.approx(one["values"]["roas"] - 1) for one in by_currency)


@pytest.mark.parametrize("show_in", [None, "EUR"])
async def test_what_is_said_of_films_is_divided_by_what_films_had_and_not_by_stills_too(
    client: httpx.AsyncClient, organization_id: UUID, show_in: str | None
) -> None:
    film = AdTruth(hook=0.3, money=30, link=SHOP)
    board = await make_ads(organization_id, [film, film, AdTruth(money=240, name="Still", link=SHOP)])
    nothing = dict.fromkeys(("views_3s", "thruplays", "plays", "p25", "p100", "watch_seconds_avg"))
    async with tenant_session(organization_id) as db:
        await db.execute(update(AdDailyFact).where(AdDailyFact.ad_id == board.ads[2]).values(**nothing))
    await judged(organization_id, board)
    await put_in(client, table_of(USD=dict.fromkeys(DAYS, 2.0)))
    own = {"name": "per_hook", "title": "Per hook", "formula": "spend / views_3s", "shown": "money"}
    assert (await client.post("/api/ads/metrics", json=own)).status_code == 201
    columns = "hook_rate,completion_rate,per_hook,impressions"
    wanted = {"columns": columns, **({"show_in": show_in} if show_in else {})}
    page = await asked(client, **wanted)
    films = [row["values"] for row in page["items"] if row["name"] != "Still"]
    (row,) = (await client.get("/api/ads/by-page", params=wanted)).json()["items"]
    for together in (page["totals"]["values"], row["values"]):
        assert together["hook_rate"] == pytest.approx(0.3, abs=0.01)
        for name in ("hook_rate", "completion_rate", "per_hook"):
            assert min(one[name] for one in films) <= together[name] <= max(one[name] for one in films)
        # Whatever is no part of such a metric is of all ads.
        assert together["impressions"] == sum(one["values"]["impressions"] for one in page["items"])


async def test_a_film_that_nobody_saw_to_its_end_belongs_to_the_rate_of_all(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, [AdTruth(hook=0.3, money=30, link=SHOP)] * 2)
    none = {"thruplays": None, "p100": None}
    async with tenant_session(organization_id) as db:
        await db.execute(update(AdDailyFact).where(AdDailyFact.ad_id == board.ads[1]).values(**none))
    await judged(organization_id, board)
    page = await asked(client, columns="hold_rate,thruplays,views_3s")
    films = [row["values"] for row in page["items"]]
    views, through = (sum(one[name] or 0 for one in films) for name in ("views_3s", "thruplays"))
    assert page["totals"]["values"]["hold_rate"] == pytest.approx(through / views)
    # An account that counts it for no film at all says nothing of it.
    other = await make_ads(organization_id, [AdTruth(hook=0.3, money=30)], name="From a table")
    async with tenant_session(organization_id) as db:
        await db.execute(update(AdDailyFact).where(AdDailyFact.ad_id == other.ads[0]).values(**none))
    await judged(organization_id, other)
    both = await asked(client, columns="hold_rate,views_3s")
    assert both["totals"]["values"]["hold_rate"] == pytest.approx(through / views)
    assert both["totals"]["values"]["views_3s"] > views


async def test_a_brand_that_was_merged_into_another_shows_what_both_have(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    brands: list[UUID] = []
    for name in ("Alpha", "Beta", "Gamma"):
        board = await make_ads(organization_id, usual(2), days=7, name=name)
        brands.append(await serve_brand(organization_id, board, name))
        await judged(organization_id, board)
    async with tenant_session(organization_id) as db:
        # A chain, as two merges one after the other leave it.
        await db.execute(update(Brand).where(Brand.id == brands[0]).values(merged_into=brands[1]))
        await db.execute(update(Brand).where(Brand.id == brands[1]).values(merged_into=brands[2]))
    other = await make_ads(organization_id, usual(1), days=7, name="Other")
    await judged(organization_id, other)
    for brand in brands:
        wanted = {"brand_id": str(brand)}
        assert (await asked(client, **wanted))["total"] == 6
        assert len((await client.get("/api/ads/changes", params=wanted)).json()["accounts"]) == 3


async def test_a_last_day_on_which_nobody_bought_brought_nothing(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, usual(4))
    nothing = {"purchases": None, "purchase_value_micros": None}
    async with tenant_session(organization_id) as db:
        await db.execute(update(AdDailyFact).where(AdDailyFact.day == UNTIL).values(**nothing))
    await judged(organization_id, board)
    (told,) = (await client.get("/api/ads/changes")).json()["accounts"]
    values = told["values"]
    assert (values["purchases"], values["roas"], values["cost_per_purchase"]) == (0, 0, None)
    assert told["usual"]["purchases"] > 0
    await put_in(client, table_of(USD=dict.fromkeys(DAYS, 2.0)))
    (shown,) = (await client.get("/api/ads/changes", params={"show_in": "EUR"})).json()["accounts"]
    assert (shown["values"]["purchases"], shown["values"]["roas"]) == (0, 0)
    # Where an account counts no purchases at all it is not known whether there were any.
    async with tenant_session(organization_id) as db:
        await db.execute(update(AdDailyFact).values(**nothing))
    await judged(organization_id, board)
    (told,) = (await client.get("/api/ads/changes")).json()["accounts"]
    assert (told["values"]["purchases"], told["values"]["roas"]) == (None, None)


async def test_an_ad_that_was_never_meant_to_sell_is_not_named_among_the_worst(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, [AdTruth(buys=0.05, money=60, name=f"S{at}") for at in range(8)])
    visits = board.ads[0]
    async with tenant_session(organization_id) as db:
        traffic = AdCampaign(
            account_id=board.account_id, external_id="t", name="Visits", objective="OUTCOME_TRAFFIC", seen_at=now()
        )
        db.add(traffic)
        await db.flush()
        await db.execute(update(Ad).where(Ad.id == visits).values(campaign_id=traffic.id, name="Visits"))
        nothing = {"purchases": None, "purchase_value_micros": None}
        await db.execute(update(AdDailyFact).where(AdDailyFact.ad_id == visits).values(**nothing))
    await judged(organization_id, board)
    changes = (await client.get("/api/ads/changes")).json()
    assert len(changes["bottom"]) == 5
    assert "Visits" not in [one["name"] for one in (*changes["top"], *changes["bottom"])]


async def test_what_is_left_out_for_want_of_a_rate_is_told_of_the_ads_that_are_shown(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    yen = [AdTruth(money=50_000, name="Big", link=SHOP), AdTruth(money=10, name="Tiny", link=f"{SHOP}/tiny")]
    board = await make_ads(organization_id, yen, days=7, currency="JPY", name="Tokyo")
    async with tenant_session(organization_id) as db:
        late = AdDailyFact.ad_id == board.ads[1], AdDailyFact.day == UNTIL
        await db.execute(update(AdDailyFact).where(*late).values(spend_micros=25_000_000))
    await judged(organization_id, board)
    without = {"currency": "JPY", "days_without_rate": 7, "left_out": 7 * 50_000 + 6 * 10 + 25}
    assert (await asked(client, show_in="EUR"))["shown_in"]["currencies"] == [without]
    for wanted in ({"q": "Tiny"}, {"page": f"{SHOP}/tiny"}):
        tiny = (await asked(client, show_in="EUR", **wanted))["shown_in"]["currencies"]
        assert tiny == [{**without, "left_out": 85}]
        by_page = (await client.get("/api/ads/by-page", params={"show_in": "EUR", **wanted})).json()
        assert by_page["shown_in"]["currencies"] == tiny
    # A day on which those ads paid nothing leaves nothing of them out.
    async with tenant_session(organization_id) as db:
        await db.execute(update(AdDailyFact).where(*late).values(spend_micros=0))
    await judged(organization_id, board)
    (tiny,) = (await asked(client, show_in="EUR", q="Tiny"))["shown_in"]["currencies"]
    assert (tiny["days_without_rate"], tiny["left_out"]) == (6, 60)
