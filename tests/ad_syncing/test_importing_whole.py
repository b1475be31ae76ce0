"""A table is read whole, or refused: never in part with nothing said, whatever is wrong with its file."""

import io
import re
import zipfile
from collections.abc import Callable, Generator
from datetime import UTC, date, datetime

import httpx
import pytest
from openpyxl import Workbook

from brandhound.ads.importing.accounts import described_account
from brandhound.ads.importing.storing import prepare
from brandhound.core import clock
from tests.ad_syncing.test_importing import make_account, send

OCTETS = {"content-type": "application/octet-stream"}
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


@pytest.fixture(autouse=True)
def _in_november() -> Generator[None]:
    clock.freeze(datetime(2026, 11, 20, 12, tzinfo=UTC))
    yield
    clock.unfreeze()


def workbook() -> bytes:
    """Eight days of one ad."""
    book, written = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Day", "Ad name", "Amount spent (EUR)"])
    for day in range(1, 9):
        sheet.append([f"2026-11-{day:02}", "Blue bike", 10.0])
    book.save(written)
    return written.getvalue()


def changed(body: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same with another file of that name in it."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(written, "w") as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    return written.getvalue()


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


@pytest.mark.parametrize("told", ["A1:C4", "A1:B9", "A1", "A1:XFD1048576"])
async def test_an_excel_table_is_read_to_its_end_whatever_it_says_of_its_size(
    client: httpx.AsyncClient, told: str
) -> None:
    def lie(sheet: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{told}"'.encode(), sheet)

    tried = await send(client, await make_account(client), changed(workbook(), SHEET, lie))
    assert tried.status_code == 200, tried.text
    assert (tried.json()["good_rows"], tried.json()["spend_micros"]) == (8, 80_000_000)


def without_letters(sheet: bytes) -> bytes:
    return sheet.replace(b'r="A2"', b'r="2"')


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "half of the rows": lambda body: changed(body, SHEET, half),
    "half of the book": lambda body: changed(body, BOOK, half),
    "half of the styles": lambda body: changed(body, "xl/styles.xml", half),
    "no rows": lambda body: changed(body, SHEET, lambda _: b""),
    "a cell nowhere": lambda body: changed(body, SHEET, without_letters),
    "no sheets": lambda body: changed(body, BOOK, lambda book: book.replace(b"sheets>", b"nothing>")),
    "other bytes": lambda body: body[:600] + b"\xff" * 40 + body[640:],
    "half": half,
}


@pytest.mark.parametrize("damage", DAMAGED)
async def test_a_damaged_excel_file_is_refused_by_name(client: httpx.AsyncClient, damage: str) -> None:
    refused = await send(client, await make_account(client), DAMAGED[damage](workbook()))
    assert (refused.status_code, refused.json().get("code")) == (422, "ads/table-unreadable"), refused.text


async def test_a_damaged_zip_of_rates_is_refused_by_name(client: httpx.AsyncClient) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        days = "\n".join(f"2026-11-{day:02},1.0{day}" for day in range(1, 20))
        packed.writestr("rates.csv", f"Date,USD\n{days}")
    body = bytearray(written.getvalue())
    body[45:75] = b"\xff" * 30
    refused = await client.post("/api/exchange-rates/imports", content=bytes(body), headers=OCTETS)
    assert (refused.status_code, refused.json()["code"]) == (422, "ads/rates-unreadable"), refused.text


async def test_rows_whose_last_cells_are_empty_and_left_away_are_whole(client: httpx.AsyncClient) -> None:
    head, first = "Day;Ad name;Amount spent (EUR);Impressions;Purchases", "2026-11-01;Blue;1,00;10;1"
    table = "\r\n".join([head, first, "2026-11-02;Blue;1,00;10", "2026-11-03;Blue;1,00", ""])
    tried = (await send(client, await make_account(client), table)).json()
    assert (tried["good_rows"], tried["faulty_rows"]) == (3, 0)
    # A name that lost a quotation mark takes the next rows along.
    table = "\r\n".join([head, first, '2026-11-02;"Blue;1,00;10;1', "2026-11-03;Blue;1,00;10;1", ""])
    tried = (await send(client, await make_account(client), table)).json()
    assert (tried["good_rows"], tried["faulty_rows"]) == (1, 1)
    assert "quotation mark" in tried["faults"][0]["problem"]


async def test_a_row_that_was_cut_off_is_faulty_and_none_without_purchases(client: httpx.AsyncClient) -> None:
    table = (
        "Day,Ad name,Amount spent (EUR),Impressions,Purchases,Note\n2026-11-01,Blue,1.00,10,1,\n"
        # What is not read need not be there.
        "2026-11-02,Blue,1.00,10,1\n2026-11-03,Blue,1.00,10"
    )
    tried = (await send(client, await make_account(client), table)).json()
    assert (tried["good_rows"], tried["faulty_rows"]) == (2, 1)
    assert [(one["row"], one["column"]) for one in tried["faults"]] == [(4, "Purchases")]


def test_one_late_row_says_how_days_and_numbers_of_all_are_written() -> None:
    def read(days: list[str], spent: str, last: str) -> tuple[set[date], int]:
        lines = [f'{day},Ad {ad},"{spent}"' for day in days for ad in range(600)]
        table = "\n".join(["Day,Ad name,Amount spent (EUR)", *lines, last])
        read = prepare(described_account("Shop", "EUR", "Europe/London"), table.encode(), None).read
        assert read.faulty_rows == 0
        return {fact[1] for fact in read.facts}, read.spend_micros

    first = [f"{day:02}/02/2026" for day in range(1, 13)]
    days, _ = read(first, "1.00", '13/02/2026,Late,"1.00"')
    assert days == {date(2026, 2, day) for day in range(1, 14)}
    _, spent = read(first, "1,234", '13/02/2026,Late,"1,5"')
    assert spent == 7200 * 1_234_000 + 1_500_000
