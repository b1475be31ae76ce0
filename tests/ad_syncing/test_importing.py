"""Tables from Ads Manager are useful on the first day: in two languages, tried first, with what is wrong in which row."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import httpx
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session

ENGLISH = (
    "Reporting starts,Reporting ends,Day,Campaign name,Ad set name,Ad name,Amount spent (EUR),Impressions,Reach,"
    "Link clicks,Purchases,Purchases conversion value\n"
    ",,,,,Results from 3 ads,70.75,6100,,,,\n"
    "2026-11-01,2026-11-03,2026-11-01,Autumn,Broad,Blue bike,20.50,2000,1800,40,2,190.00\n"
    "2026-11-01,2026-11-03,2026-11-02,Autumn,Broad,Blue bike,30.25,2600,2300,44,,\n"
    '2026-11-01,2026-11-03,2026-11-01,Autumn,Broad,"Red, round",20.00,1500,1400,12,1,95.00\n'
)
GERMAN = (
    "Tag;Kampagnenname;Anzeigengruppenname;Anzeigenname;Ausgegebener Betrag (EUR);Impressionen;Link-Klicks;Käufe\r\n"
    "01.11.2026;Herbst;Breit;Blaues Rad;1.020,50;12.000;40;2\r\n"
    "02.11.2026;Herbst;Breit;Blaues Rad;30,25;2.600;44;–\r\n"
)


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Any:
    clock.freeze(datetime(2026, 11, 20, 12, tzinfo=UTC))
    yield
    clock.unfreeze()


async def make_account(client: httpx.AsyncClient, **more: str) -> str:
    facts = {"name": "From tables", "currency": "EUR", "time_zone": "Europe/Berlin"} | more
    made = await client.post("/api/ad-accounts/files", json=facts)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def send(client: httpx.AsyncClient, account: str, body: bytes | str, **how: str) -> httpx.Response:
    data = body.encode() if isinstance(body, str) else body
    headers = {"content-type": "application/octet-stream"}
    return await client.post(f"/api/ad-accounts/{account}/imports", params=how, content=data, headers=headers)


async def spent(organization_id: UUID, account: str) -> list[tuple[Any, ...]]:
    statement = (
        "select a.name, f.day, f.spend_micros, f.impressions, f.purchases, f.purchase_value_micros from ad_daily_facts f "
        "join ads a on a.id = f.ad_id where f.ad_account_id = :account order by 1, 2"
    )
    async with tenant_session(organization_id) as db:
        return [tuple(row) for row in await db.execute(text(statement), {"account": UUID(account)})]


async def test_an_english_table_is_tried_then_stored_and_again_changes_nothing(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    account = await make_account(client)
    tried = (await send(client, account, ENGLISH)).json()
    assert (tried["committed"], tried["good_rows"], tried["faulty_rows"], tried["totals_left_out"]) == (False, 3, 0, 1)
    assert {one["header"]: one["holds"] for one in tried["columns"]}["Amount spent (EUR)"] == "spend_micros"
    assert await spent(organization_id, account) == []
    stored = (await send(client, account, ENGLISH, commit="true")).json()
    assert (stored["added"], stored["changed"]) == (3, 0)
    assert await spent(organization_id, account) == [
        ("Blue bike", date(2026, 11, 1), 20_500_000, 2000, 2, 190_000_000),
        ("Blue bike", date(2026, 11, 2), 30_250_000, 2600, None, None),
        ("Red, round", date(2026, 11, 1), 20_000_000, 1500, 1, 95_000_000),
    ]
    again = (await send(client, account, ENGLISH, commit="true")).json()
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)


async def test_a_german_table_has_its_own_numbers_and_days(client: httpx.AsyncClient, organization_id: UUID) -> None:
    account = await make_account(client)
    stored = (await send(client, account, GERMAN.encode("cp1252"), commit="true")).json()
    assert (stored["language"], stored["decimal"], stored["day_order"]) == ("de", "comma", "day_first")
    assert (await spent(organization_id, account))[0][2:4] == (1_020_500_000, 12_000)


async def test_an_excel_table_is_read_like_a_csv_one(client: httpx.AsyncClient, organization_id: UUID) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Day", "Ad ID", "Ad name", "Amount spent (EUR)", "Impressions"])
    sheet.append([datetime(2026, 11, 3), "120210000000000001", "Blue bike", 12.34, 900])
    written = io.BytesIO()
    book.save(written)
    account = await make_account(client)
    stored = (await send(client, account, written.getvalue(), commit="true")).json()
    assert stored["added"] == 1
    assert (await spent(organization_id, account))[0][:4] == ("Blue bike", date(2026, 11, 3), 12_340_000, 900)


async def test_of_a_trial_nothing_is_left_not_even_an_account(client: httpx.AsyncClient, organization_id: UUID) -> None:
    async def names() -> list[str]:
        return [one["name"] for one in (await client.get("/api/ad-accounts")).json()["items"]]

    new = {"name": "From a table", "currency": "EUR", "time_zone": "Europe/Berlin"}
    tried = await send(client, "files", ENGLISH, **new)
    assert tried.status_code == 200, tried.text
    assert (tried.json()["good_rows"], tried.json()["committed"], tried.json()["account_id"]) == (3, False, None)
    # The currency was mistyped, and a row cannot be read: either way there is still no account.
    other = await send(client, "files", ENGLISH, **(new | {"currency": "USD"}))
    assert (other.json()["code"], other.json()["table"]) == ("ads/other-currency", "EUR")
    # A table of two currencies has none to give to a new account.
    two = "Day,Ad name,Currency,Amount spent\n2026-11-01,A,EUR,10\n2026-11-01,B,JPY,1000\n"
    both = await send(client, "files", two, commit="true", **new)
    assert (both.json()["code"], both.json()["table"]) == ("ads/other-currency", "EUR, JPY")
    faulty = await send(client, "files", ENGLISH.replace("20.50", "lots"), commit="true", **new)
    assert faulty.json()["code"] == "ads/rows-faulty"
    for wrong in ({"currency": "E1R"}, {"time_zone": "Mars/Olympus"}):
        refused = await send(client, "files", ENGLISH, **(new | wrong))
        assert refused.json()["code"] == "ads/zone-or-currency-unknown"
    assert await names() == []
    stored = (await send(client, "files", ENGLISH, commit="true", **new)).json()
    assert (stored["committed"], stored["added"]) == (True, 3)
    assert await names() == ["From a table"]
    assert len(await spent(organization_id, stored["account_id"])) == 3


async def test_other_columns_are_mapped_by_hand(client: httpx.AsyncClient, organization_id: UUID) -> None:
    account = await make_account(client)
    table = "When,What,Costs,Seen\n11/02/2026,Blue bike,5.00,100\n11/13/2026,Blue bike,6.00,120\n"
    refused = await send(client, account, table)
    assert (refused.status_code, refused.json()["code"]) == (422, "ads/columns-missing")
    assert refused.json()["headers"] == ["When", "What", "Costs", "Seen"]
    mapping = '{"day": "When", "ad": "What", "spend_micros": "Costs", "impressions": "Seen"}'
    stored = await send(client, account, table, commit="true", mapping=mapping)
    assert stored.json()["day_order"] == "month_first"
    assert [row[1] for row in await spent(organization_id, account)] == [date(2026, 11, 2), date(2026, 11, 13)]
    unknown = await send(client, account, table, mapping='{"colour": "What"}')
    assert unknown.json()["code"] == "ads/mapping-unknown"


async def test_what_is_wrong_is_told_with_its_row_and_nothing_is_stored_half(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    account = await make_account(client)
    table = (
        "Day,Ad name,Amount spent (EUR),Impressions\n2026-11-01,Blue,1.00,10\n2026-11-31,Blue,1.00,10\n"
        "2026-11-02,Blue,a lot,10\n2026-11-01,Blue,2.00,20\n2027-01-01,Blue,1.00,10\n2026-11-03,Blue,-1.00,10\n"
        # 1,234 without quotation marks.
        "2026-11-04,Blue,1,234,10\n"
    )
    tried = (await send(client, account, table)).json()
    assert [(one["row"], one["column"]) for one in tried["faults"]] == [
        (3, "Day"), (4, "Amount spent (EUR)"), (5, "Ad name"), (6, "Day"), (7, "Amount spent (EUR)"),
        (8, "Impressions"),
    ]  # fmt: skip
    refused = await send(client, account, table, commit="true")
    assert (refused.status_code, refused.json()["code"]) == (422, "ads/rows-faulty")
    assert await spent(organization_id, account) == []
    stored = await send(client, account, table, commit="true", skip_faulty="true")
    assert stored.json()["added"] == 1


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (
            "Reporting starts,Reporting ends,Ad name,Amount spent (EUR)\n2026-11-01,2026-11-07,Blue,9.00\n",
            "ads/not-by-day",
        ),
        ("Day,Campaign name,Amount spent (EUR)\n2026-11-01,Autumn,9.00\n", "ads/not-by-ad"),
        ("Day,Ad name,Amount spent (USD)\n2026-11-01,Blue,9.00\n", "ads/other-currency"),
        ("Day,Ad name,Currency,Amount spent\n2026-11-01,A,EUR,10\n2026-11-01,B,JPY,1000\n", "ads/other-currency"),
        ("Day,Ad name,Account ID,Amount spent\n2026-11-01,A,1,10\n2026-11-01,B,2,9\n", "ads/several-accounts"),
        ("", "ads/table-unreadable"),
        ("PK\x03\x04 half of an Excel file", "ads/table-unreadable"),
        ("just a letter to somebody", "ads/table-unreadable"),
    ],
)
async def test_a_table_that_cannot_be_days_of_ads_is_refused_with_its_reason(
    client: httpx.AsyncClient, table: str, code: str
) -> None:
    refused = await send(client, await make_account(client), table)
    assert refused.json()["code"] == code
    assert refused.status_code in (409, 422)


async def test_what_was_imported_comes_out_as_csv_and_parquet(client: httpx.AsyncClient, tmp_path: Any) -> None:
    account = await make_account(client, name="=Cunning")
    await send(client, account, ENGLISH, commit="true")
    answer = await client.get(f"/api/ad-accounts/{account}/facts.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert sorted((row["day"], row["ad"], row["spend"], row["purchases"]) for row in rows) == [
        ("2026-11-01", "Blue bike", "20.5", "2"),
        ("2026-11-01", "Red, round", "20", "1"),
        ("2026-11-02", "Blue bike", "30.25", ""),
    ]
    assert rows[0]["account"] == "'=Cunning"
    path = tmp_path / "facts.parquet"
    path.write_bytes((await client.get(f"/api/ad-accounts/{account}/facts.parquet")).content)
    columns = cast("dict[str, list[Any]]", pq.read_table(path).to_pydict())  # pyright: ignore[reportUnknownMemberType]
    assert sorted(str(one) for one in columns["spend"]) == ["20.000000", "20.500000", "30.250000"]
    assert columns["purchases"][2] is None
    backwards = await client.get(f"/api/ad-accounts/{account}/facts.csv?since=2026-11-03&until=2026-11-01")
    assert backwards.json()["code"] == "ads/days-reversed"
    for what in ("facts.csv", "reconciliation", "restatements"):
        assert (await client.get(f"/api/ad-accounts/{account}/{what}?until=0001-01-01")).status_code == 200
    # Compared is no further back than the platform keeps anything: 37 months.
    compared = (await client.get(f"/api/ad-accounts/{account}/reconciliation?since=1990-01-01")).json()
    assert compared["since"] == "2023-10-21"


async def test_a_table_for_excel_begins_with_the_mark_of_utf_8_and_is_taken_in_again(client: httpx.AsyncClient) -> None:
    account = await make_account(client, name="Müller")
    await send(client, account, ENGLISH, commit="true")
    plain = (await client.get(f"/api/ad-accounts/{account}/facts.csv")).content
    marked = (await client.get(f"/api/ad-accounts/{account}/facts.csv", params={"bom": True})).content
    assert marked == b"\xef\xbb\xbf" + plain
    assert "Müller".encode() in plain
    again = (await send(client, await make_account(client, name="Moved"), marked.decode())).json()
    assert (again["good_rows"], again["faulty_rows"]) == (3, 0)


async def test_a_table_that_was_taken_along_is_taken_in_again_as_it_is(client: httpx.AsyncClient) -> None:
    first, second = await make_account(client), await make_account(client, name="Moved here")
    await send(client, first, ENGLISH, commit="true")
    along = await client.get(f"/api/ad-accounts/{first}/facts.csv")
    taken = (await send(client, second, along.text, commit="true")).json()
    assert (taken["good_rows"], taken["faulty_rows"], taken["added"]) == (3, 0, 3)
    again = (await client.get(f"/api/ad-accounts/{second}/facts.csv")).text
    assert again.replace("Moved here", "From tables") == along.text


async def test_the_trial_shows_which_purchases_are_read_and_which_value_is_not(client: httpx.AsyncClient) -> None:
    table = "Day,Ad name,Amount spent,Website purchases,Purchases,Website purchases conversion value\n2026-11-01,A,9,2,5,80\n"
    tried = (await send(client, await make_account(client), table)).json()
    assert [one["holds"] for one in tried["columns"]] == ["day", "ad", "spend_micros", None, "purchases", None]
    assert (tried["good_rows"], tried["faulty_rows"]) == (1, 0)
    assert [(one["row"], one["column"]) for one in tried["faults"]] == [(1, "Website purchases conversion value")]
