"""Whoever chose a currency sees it wherever money of ads is told, or plainly in which other one it is."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core.db import tenant_session
from tests.ads.test_exchange_rates import DAYS, put_in, table_of
from tests.ads.test_standing import counted, judged, usual
from tests.factories.ads import UNTIL, AdBoard, AdTruth, make_ads

RATES = {day: 1.0 + 0.01 * at for at, day in enumerate([UNTIL - timedelta(days=at) for at in range(40)])}


async def opened(client: httpx.AsyncClient, ad_id: UUID, **wanted: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/ads/{ad_id}", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def dollars(organization_id: UUID) -> AdBoard:
    board = await make_ads(organization_id, [*usual(20), AdTruth(ctr=0.0024, money=60, name="Dull")])
    await judged(organization_id, board)
    return board


async def money_of_days(organization_id: UUID, ad_id: str) -> dict[date, float]:
    """What an ad cost on each of the days it was judged by, in its own currency."""
    statement = "select day, spend_micros from ad_daily_facts where ad_id = :ad and day > :before and spend_micros > 0"
    asked = {"ad": UUID(ad_id), "before": UNTIL - timedelta(days=28)}
    async with tenant_session(organization_id) as db:
        return {day: micros / 1_000_000 for day, micros in await db.execute(text(statement), asked)}


def money(told: dict[str, Any]) -> list[tuple[str, float | None]]:
    """What verdicts and estimates say in money."""
    said = [
        (one["metric"], one["value"]) for it in told["diagnoses"] for one in it["evidence"] if one["shown"] == "money"
    ]
    return said + [(one["metric"], one["mean"]) for one in told["estimates"] if one["shown"] == "money"]


async def test_an_ad_opens_in_the_currency_that_was_chosen_with_its_own_beside_it(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    dull = (await dollars(organization_id)).ads[-1]
    await put_in(client, table_of(USD=RATES), source="ECB")
    own, told = await opened(client, dull), await opened(client, dull, show_in="EUR")
    assert (own["shown_in"], own["verdict_currency"]) == (None, "USD")
    assert told["shown_in"]["currencies"] == [{"currency": "USD", "days_without_rate": 0, "left_out": 0.0}]
    spend = sum(60 / RATES[day] for day in DAYS)
    assert told["values"]["spend"] == pytest.approx(spend)
    assert told["own_values"]["spend"] == own["values"]["spend"] == 60 * 28
    assert told["values"]["cpm"] == pytest.approx(1000 * spend / told["values"]["impressions"])
    assert (told["values"]["ctr"], told["values"]["frequency"]) == (own["values"]["ctr"], own["values"]["frequency"])
    for one, other in zip(told["trend"], own["trend"], strict=True):
        rate = RATES[DAYS[(UNTIL - type(UNTIL).fromisoformat(one["day"])).days]]
        assert one["values"]["spend"] == pytest.approx(other["values"]["spend"] / rate)
        assert one["values"]["ctr"] == other["values"]["ctr"]
    # Verdicts are of many days: at the one rate that the ad's own spend came to, which is told.
    assert (told["verdict_currency"], told["verdict_rate"]) == ("EUR", pytest.approx(spend / (60 * 28)))
    assert money(own)
    for (name, value), (other_name, other_value) in zip(money(told), money(own), strict=True):
        assert name == other_name
        assert value == (None if other_value is None else pytest.approx(other_value * told["verdict_rate"]))
    # The list says the same of it.
    listed = await client.get("/api/ads", params={"show_in": "EUR", "q": "Dull", "columns": "spend,cpm,roas"})
    assert listed.json()["items"][0]["values"] == pytest.approx(
        {name: told["values"][name] for name in ("spend", "cpm", "roas")}
    )


async def test_an_ad_of_which_days_have_no_rate_leaves_them_out_and_says_so(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    dull = (await dollars(organization_id)).ads[-1]
    nothing = await opened(client, dull, show_in="EUR")
    assert (nothing["values"]["spend"], nothing["days_without_rate"]) == (None, 28)
    # What cannot be converted stays what it was, and says in what.
    assert (nothing["verdict_currency"], nothing["verdict_rate"]) == ("USD", None)
    assert money(nothing) == money(await opened(client, dull))
    await put_in(client, table_of(USD=dict.fromkeys(DAYS[:10], 2.0)))
    told = await opened(client, dull, show_in="EUR")
    assert (told["values"]["spend"], told["days_without_rate"]) == (10 * 30, 18)
    assert told["shown_in"]["currencies"][0] == {"currency": "USD", "days_without_rate": 18, "left_out": 18 * 60}
    assert [one["values"]["spend"] for one in told["trend"]] == [None] * 18 + [30] * 10
    assert told["verdict_rate"] == 0.5
    same = await opened(client, dull, show_in="USD")
    assert (same["values"], same["verdict_rate"]) == ((await opened(client, dull))["values"], None)


async def test_an_ad_that_is_not_shown_any_more_opens_in_the_currency_too(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    old = await make_ads(organization_id, [AdTruth(money=40)], days=10, until=UNTIL - timedelta(days=120), name="Old")
    far = {UNTIL - timedelta(days=at): 2.0 for at in range(110, 140)}
    await put_in(client, table_of(USD=far))
    told = await opened(client, old.ads[0], show_in="EUR")
    assert (told["values"]["spend"], told["own_values"]["spend"]) == (200, 400)


async def test_what_changed_is_told_by_each_days_rate(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await dollars(organization_id)
    own = (await client.get("/api/ads/changes")).json()["accounts"][0]
    await put_in(client, table_of(USD=RATES))
    told = (await client.get("/api/ads/changes", params={"show_in": "EUR"})).json()["accounts"][0]
    assert (own["currency"], own["converted_from"]) == ("USD", None)
    assert (told["currency"], told["converted_from"]) == ("EUR", "USD")
    assert told["values"]["spend"] == pytest.approx(own["values"]["spend"] / RATES[UNTIL])
    mean = sum(own["usual"]["spend"] / RATES[day] for day in DAYS[1:8]) / 7
    assert told["usual"]["spend"] == pytest.approx(mean)
    assert told["values"]["cpm"] == pytest.approx(own["values"]["cpm"] / RATES[UNTIL])
    assert told["values"]["ctr"] == own["values"]["ctr"]
    assert told["usual"]["cost_per_purchase"] == pytest.approx(
        own["usual"]["cost_per_purchase"] / RATES[DAYS[4]], rel=0.03
    )
    # A day without a rate stays in the account's own currency, and says so.
    await client.delete("/api/exchange-rates")
    left = (await client.get("/api/ads/changes", params={"show_in": "EUR"})).json()["accounts"][0]
    assert (left["currency"], left["values"]) == ("USD", own["values"])
    with counted() as statements:
        await client.get("/api/ads/changes", params={"show_in": "EUR"})
    assert not [one for one in statements if "ad_daily_facts" in one]


async def test_what_the_best_and_worst_ads_cost_is_told_by_each_days_rate(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await dollars(organization_id)
    await put_in(client, table_of(USD=RATES))
    own = (await client.get("/api/ads/changes")).json()
    told = (await client.get("/api/ads/changes", params={"show_in": "EUR"})).json()
    assert own["top"]
    for mine, theirs in zip([*own["top"], *own["bottom"]], [*told["top"], *told["bottom"]], strict=True):
        days = await money_of_days(organization_id, mine["id"])
        assert mine["currency"] == "USD"
        assert mine["spend"] == pytest.approx(sum(days.values()))
        assert theirs["currency"] == "EUR"
        assert theirs["spend"] == pytest.approx(sum(paid / RATES[day] for day, paid in days.items()))
        assert theirs["low90"] == mine["low90"]


async def test_the_comparison_with_the_platform_stays_in_the_accounts_currency_with_a_rate_a_day(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, usual(2))
    await put_in(client, table_of(USD={UNTIL: 1.25}))
    asked_for = {"since": str(DAYS[3]), "until": str(UNTIL), "show_in": "EUR"}
    told = (await client.get(f"/api/ad-accounts/{board.account_id}/reconciliation", params=asked_for)).json()
    plain = (
        await client.get(f"/api/ad-accounts/{board.account_id}/reconciliation", params={**asked_for, "show_in": "USD"})
    ).json()
    assert (told["currency"], told["show_in"]) == ("USD", "EUR")
    assert [one["rate"] for one in told["days"]] == [0.8, None, None, None]
    assert [one["measures"] for one in told["days"]] == [one["measures"] for one in plain["days"]]
    assert {one["rate"] for one in plain["days"]} == {1.0}
