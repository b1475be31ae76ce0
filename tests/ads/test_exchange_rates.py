"""Rates that people put in, and money of several currencies shown in one by them."""

import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from brandhound.ads.fact_models import AdDailyFact
from brandhound.core import clock
from brandhound.core.db import tenant_session
from tests.ads.test_standing import counted, judged, usual
from tests.factories.ads import UNTIL, AdTruth, make_ads

DAYS = [UNTIL - timedelta(days=at) for at in range(28)]


async def put_in(client: httpx.AsyncClient, table: str | bytes, **how: Any) -> dict[str, Any]:
    body = table if isinstance(table, bytes) else table.encode()
    answer = await client.post("/api/exchange-rates/imports", content=body, params={"commit": True, **how})
    assert answer.status_code == 200, answer.text
    return answer.json()


def table_of(**series: dict[date, float]) -> str:
    lines = [f"{day},{name},{rate}" for name, of_days in series.items() for day, rate in of_days.items()]
    return "\n".join(["date,currency,rate", *lines])


async def asked(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await client.get("/api/ads", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_table_is_tried_before_it_is_stored_and_again_changes_nothing(client: httpx.AsyncClient) -> None:
    table = "Date,USD,JPY,\n2026-11-20,1.05,160,\n2026-11-19,1.06,N/A,\n2026-11-18,none,159,\n"
    tried = await put_in(client, table, commit=False)
    assert (tried["committed"], tried["rates"], tried["added"], tried["missing"], tried["faulty"]) == (
        False,
        4,
        4,
        1,
        1,
    )
    assert tried["faults"] == [
        {"row": 4, "column": "USD", "said": "none", "problem": "that is no plain number, such as 1.0543"}
    ]
    assert (await client.get("/api/exchange-rates")).json()["rates"] == 0
    refused = await client.post("/api/exchange-rates/imports", content=table.encode(), params={"commit": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "ads/rates-faulty")
    await put_in(client, table, skip_faulty=True, source="European Central Bank")
    told = (await client.get("/api/exchange-rates")).json()
    assert (told["base"], told["rates"]) == ("EUR", 4)
    yen = told["currencies"][0]
    assert (yen["currency"], yen["since"], yen["until"], yen["sources"]) == (
        "JPY", "2026-11-18", "2026-11-20", ["European Central Bank"],
    )  # fmt: skip
    again = await put_in(client, table.replace("1.05", "1.07"), skip_faulty=True, commit=False)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 1, 3)


async def test_the_banks_zip_is_taken_as_it_comes(client: httpx.AsyncClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("eurofxref-hist.csv", "Date,USD,\n2026-11-20,1.05,\n")
    assert (await put_in(client, packed.getvalue()))["added"] == 1


async def test_what_is_exported_can_be_put_in_again(client: httpx.AsyncClient, other_client: httpx.AsyncClient) -> None:
    await put_in(
        client, table_of(USD={UNTIL: 1.0543, UNTIL - timedelta(days=1): 1.05}, IDR={UNTIL: 17712.34}), source="=1+1"
    )
    exported = await client.get("/api/exchange-rates/table.csv")
    assert "'=1+1" in exported.text
    again = await put_in(client, exported.content, commit=False)
    assert (again["unchanged"], again["added"], again["changed"], again["faulty"]) == (3, 0, 0, 0)
    # So can one that was made for Excel, which only sees by a mark at its beginning that it is UTF-8.
    marked = await client.get("/api/exchange-rates/table.csv", params={"bom": True})
    assert marked.content == b"\xef\xbb\xbf" + exported.content
    assert (await put_in(client, marked.content, commit=False))["unchanged"] == 3
    # Another organization has none of them.
    assert (await other_client.get("/api/exchange-rates")).json()["rates"] == 0
    assert (await other_client.get("/api/exchange-rates/USD")).json() == []
    assert (await other_client.get("/api/exchange-rates/table.csv")).text.count("\n") == 1


async def test_one_rate_is_typed_in_and_a_wrong_one_is_refused(client: httpx.AsyncClient) -> None:
    new = {"rate": "1,0543", "source": "our bank"}
    assert (await client.put("/api/exchange-rates/USD/2026-11-20", json=new)).json()["rate"] == "1.0543"
    listed = (await client.get("/api/exchange-rates/USD")).json()
    assert [(one["day"], one["rate"], one["source"]) for one in listed] == [("2026-11-20", "1.0543", "our bank")]
    # The first may be put in against another base; the next may not.
    assert (await client.put("/api/exchange-rates/USD/2026-11-20", json={**new, "base": "CHF"})).status_code == 200
    other = await client.put("/api/exchange-rates/JPY/2026-11-20", json={**new, "base": "GBP"})
    assert (other.status_code, other.json()["code"], other.json()["base"]) == (409, "ads/other-base", "CHF")
    table = table_of(JPY={UNTIL: 160})
    refused = await client.post("/api/exchange-rates/imports", content=table.encode(), params={"base": "EUR"})
    assert refused.status_code == 409
    far = clock.now().date() + timedelta(days=9)
    for path, body in (
        (f"USD/{far}", {**new, "base": "CHF"}),
        ("CHF/2026-11-20", {**new, "base": "CHF"}),
        ("USD/2026-11-20", {"rate": "0", "source": "x", "base": "CHF"}),
        ("USD/2026-11-20", {"rate": "one", "source": "x", "base": "CHF"}),
        ("usd/2026-11-20", new),
    ):
        assert (await client.put(f"/api/exchange-rates/{path}", json=body)).status_code == 422, path


async def test_what_was_removed_can_be_taken_back_for_a_day(client: httpx.AsyncClient) -> None:
    await put_in(client, table_of(USD={UNTIL: 1.05}, JPY={UNTIL: 160.0, UNTIL - timedelta(days=1): 161.0}))
    gone = (await client.delete("/api/exchange-rates", params={"currency": "JPY"})).json()
    assert gone["rates"] == 2
    assert [one["currency"] for one in (await client.get("/api/exchange-rates")).json()["currencies"]] == ["USD"]
    assert (await client.delete("/api/exchange-rates", params={"currency": "JPY"})).status_code == 404
    # What was put in again meanwhile stays as it is.
    await put_in(client, table_of(JPY={UNTIL: 170}))
    assert (await client.delete(f"/api/exchange-rates/removals/{gone['removal_id']}")).status_code == 204
    listed = (await client.get("/api/exchange-rates/JPY")).json()
    assert [one["rate"] for one in listed] == ["170", "161"]
    later = (await client.delete("/api/exchange-rates")).json()["removal_id"]
    clock.freeze(clock.now() + timedelta(days=2))
    try:
        assert (await client.delete(f"/api/exchange-rates/removals/{later}")).status_code == 404
    finally:
        clock.unfreeze()


async def three_currencies(organization_id: UUID) -> None:
    for name, currency, money in (("Paris", "EUR", 40.0), ("Ohio", "USD", 100.0), ("Tokyo", "JPY", 5000.0)):
        truths = [AdTruth(money=money, name=f"{currency} 1"), AdTruth(money=money / 2, name=f"{currency} 2")]
        await judged(organization_id, await make_ads(organization_id, truths, currency=currency, name=name))


async def test_each_days_money_is_converted_by_its_own_rate_and_then_added_up(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await three_currencies(organization_id)
    dollars = {day: 1.0 + 0.01 * at for at, day in enumerate(DAYS)}
    yen = {day: 150.0 + at for at, day in enumerate(DAYS)}
    await put_in(client, table_of(USD=dollars, JPY=yen), source="ECB")
    page = await asked(client, columns="spend,cpm,ctr,roas,purchases", sort="-spend", show_in="EUR")
    rows = {row["name"]: row for row in page["items"]}
    assert rows["USD 1"]["values"]["spend"] == pytest.approx(sum(100 / rate for rate in dollars.values()))
    assert rows["JPY 1"]["values"]["spend"] == pytest.approx(sum(5000 / rate for rate in yen.values()))
    assert rows["EUR 1"]["values"]["spend"] == 40 * 28
    assert rows["JPY 1"]["own_values"]["spend"] == 5000 * 28
    assert set(rows["JPY 1"]["own_values"]) == {"spend", "cpm", "roas"}
    # One order over all, and one sum.
    assert page["in_order_by_currency"] is False
    values = [row["values"]["spend"] for row in page["items"]]
    assert values == sorted(values, reverse=True)
    assert page["totals"]["currency"] == "EUR"
    assert page["totals"]["values"]["spend"] == pytest.approx(sum(values))
    shown = page["shown_in"]
    assert (shown["currency"], shown["base"], shown["rates"], shown["sources"]) == ("EUR", "EUR", 56, ["ECB"])
    assert [(one["currency"], one["days_without_rate"]) for one in shown["currencies"]] == [("JPY", 0), ("USD", 0)]
    # Quotients are of converted sums, and what has no money in it is the same as ever.
    native = {
        row["name"]: row["values"] for row in (await asked(client, columns="spend,cpm,ctr,roas,purchases"))["items"]
    }
    for name, row in rows.items():
        assert row["values"]["ctr"] == native[name]["ctr"]
        ratio = row["values"]["spend"] / native[name]["spend"]
        assert row["values"]["cpm"] == pytest.approx(native[name]["cpm"] * ratio)
        assert row["own_values"]["cpm"] == native[name]["cpm"]
    assert (await asked(client, columns="spend"))["shown_in"] is None
    tenth = await asked(client, columns="ctr", sort="-spend", show_in="EUR", limit=2, offset=2)
    assert [row["name"] for row in tenth["items"]] == [row["name"] for row in page["items"][2:4]]


async def test_days_without_a_rate_are_left_out_whole_and_never_taken_for_one(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await three_currencies(organization_id)
    # Of dollars the last 18 days, the oldest ten of the 28 have none within a week before; of yen nothing.
    await put_in(client, table_of(USD=dict.fromkeys(DAYS[:18], 2.0)), source="ECB")
    page = await asked(client, columns="spend,cpm,purchases,cost_per_purchase", sort="spend", show_in="EUR")
    rows = {row["name"]: row for row in page["items"]}
    assert rows["USD 1"]["values"]["spend"] == 18 * 50
    assert (rows["USD 1"]["days_without_rate"], rows["JPY 1"]["days_without_rate"]) == (10, 28)
    assert (rows["JPY 1"]["values"]["spend"], rows["JPY 1"]["values"]["cpm"]) == (None, None)
    assert rows["JPY 1"]["values"]["purchases"] > 0
    # The price of a thousand is of those days whose cost is known: half of it, as a dollar is half a euro.
    assert rows["USD 1"]["values"]["cpm"] == pytest.approx(rows["USD 1"]["own_values"]["cpm"] / 2, rel=0.02)
    assert rows["USD 1"]["values"]["cost_per_purchase"] == pytest.approx(
        rows["USD 1"]["own_values"]["cost_per_purchase"] / 2, rel=0.1
    )
    assert page["items"][-1]["name"].startswith("JPY")
    assert page["totals"]["values"]["spend"] == pytest.approx(18 * 75 + 28 * 60)
    told = {one["currency"]: (one["days_without_rate"], one["left_out"]) for one in page["shown_in"]["currencies"]}
    assert told == {"USD": (10, 1500.0), "JPY": (28, 28 * 7500.0)}


async def test_without_any_rate_nothing_is_shown_and_it_says_so(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await three_currencies(organization_id)
    page = await asked(client, columns="spend", show_in="EUR")
    assert [row["values"]["spend"] for row in page["items"] if row["currency"] != "EUR"] == [None] * 4
    assert (page["shown_in"]["base"], page["shown_in"]["rates"]) == (None, 0)
    assert (await client.get("/api/ads", params={"show_in": "euro"})).status_code == 422


async def test_a_rate_of_one_changes_no_figure(client: httpx.AsyncClient, organization_id: UUID) -> None:
    own = {"name": "profit", "title": "Profit", "formula": "purchase_value - spend", "shown": "money", "summable": True}
    assert (await client.post("/api/ads/metrics", json=own)).status_code == 201
    await judged(organization_id, await make_ads(organization_id, usual(5), currency="USD"))
    await put_in(client, table_of(USD=dict.fromkeys(DAYS, 1.0)))
    columns = "spend,purchase_value,cpm,cpc,cost_per_purchase,roas,ctr,frequency,profit"
    native, shown = await asked(client, columns=columns), await asked(client, columns=columns, show_in="EUR")
    for one, other in zip(native["items"], shown["items"], strict=True):
        assert one["id"] == other["id"]
        assert other["values"] == pytest.approx(one["values"], rel=1e-12)
    for name, value in native["totals"]["values"].items():
        assert shown["totals"]["values"][name] == (value if value is None else pytest.approx(value, rel=1e-12)), name
    # In its own currency, to the last digit.
    assert (await asked(client, columns=columns, show_in="USD"))["items"][0]["values"] == native["items"][0]["values"]


async def test_all_rates_ten_times_as_high_make_all_money_a_tenth(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await judged(organization_id, await make_ads(organization_id, usual(3), currency="JPY"))
    rates = {day: 150.0 + at for at, day in enumerate(DAYS)}
    spent: list[float] = []
    for times in (1, 10):
        await put_in(client, table_of(JPY={day: times * rate for day, rate in rates.items()}))
        spent.append((await asked(client, columns="spend", show_in="EUR"))["totals"]["values"]["spend"])
    assert spent[0] == pytest.approx(10 * spent[1])


async def test_windows_add_up_when_days_are_split_between_them(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await judged(organization_id, await make_ads(organization_id, usual(3), currency="USD"))
    rates = {day: 1.0 + 0.02 * at for at, day in enumerate(DAYS)}
    await put_in(client, table_of(USD=rates))
    whole = (await asked(client, columns="spend", show_in="EUR", window=28))["totals"]["values"]["spend"]
    last = (await asked(client, columns="spend", show_in="EUR", window=14))["totals"]["values"]["spend"]
    await client.delete("/api/exchange-rates", params={"since": str(DAYS[13])})
    first = (await asked(client, columns="spend", show_in="EUR", window=28))["totals"]["values"]["spend"]
    # The last rate that is left serves for seven more days.
    kept = DAYS[14]
    served = sum(sum(20 + at % 7 * 5 for at in range(3)) / rates[kept] for _ in range(7))
    assert whole == pytest.approx(last + first - served)


async def test_no_fact_is_changed_by_a_rate(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await judged(organization_id, await make_ads(organization_id, usual(2), currency="JPY"))

    async def facts() -> list[Any]:
        async with tenant_session(organization_id) as db:
            chosen = select(AdDailyFact.ad_id, AdDailyFact.day, AdDailyFact.spend_micros, text("xmin::text"))
            return sorted((await db.execute(chosen)).all())

    before = await facts()
    await put_in(client, table_of(JPY=dict.fromkeys(DAYS, 160.0)))
    await asked(client, show_in="EUR")
    assert await facts() == before


async def test_as_many_questions_for_forty_converted_ads_as_for_four(
    client: httpx.AsyncClient, organization_id: UUID, other_client: httpx.AsyncClient, other_organization_id: UUID
) -> None:
    found: list[int] = []
    for whose, owner, count in ((client, organization_id, 4), (other_client, other_organization_id, 40)):
        await judged(owner, await make_ads(owner, usual(count), currency="USD"))
        await put_in(whose, table_of(USD=dict.fromkeys(DAYS, 1.25)))
        with counted() as statements:
            assert (await asked(whose, show_in="EUR"))["items"][0]["values"]["spend"] is not None
        found.append(len(statements))
    assert found[0] == found[1]


async def test_a_view_keeps_the_currency_that_money_is_shown_in(client: httpx.AsyncClient) -> None:
    saved = await client.post("/api/ads/views", json={"name": "All in euros", "query": {"in": "EUR"}})
    assert saved.json()["query"] == {"in": "EUR"}


async def test_an_export_says_both_currencies_and_the_rate(client: httpx.AsyncClient, organization_id: UUID) -> None:
    board = await make_ads(organization_id, [AdTruth(money=5000, name="Y")], currency="JPY", days=20)
    await put_in(client, table_of(JPY={UNTIL: 160.0}, USD={UNTIL: 1.25}))
    asked_for = {"since": str(DAYS[9]), "until": str(UNTIL), "show_in": "USD"}
    exported = await client.get(f"/api/ad-accounts/{board.account_id}/facts.csv", params=asked_for)
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert [row["day"] for row in rows] == [str(day) for day in reversed(DAYS[:10])]
    # Only the last day has a rate: those before it are empty, not the same amount.
    assert [row["spend_shown"] for row in rows] == [""] * 9 + ["39.0625"]
    last = rows[-1]
    assert (last["currency"], last["spend"], last["shown_in"], last["exchange_rate"]) == (
        "JPY", "5000", "USD", "0.0078125",
    )  # fmt: skip
    plain = await client.get(f"/api/ad-accounts/{board.account_id}/facts.csv", params={"until": str(UNTIL)})
    assert "shown" not in plain.text
    parquet = await client.get(f"/api/ad-accounts/{board.account_id}/facts.parquet", params=asked_for)
    assert parquet.status_code == 200
    assert b"spend_shown" in parquet.content
