"""A report taken away: as pictures, as tables, as the document itself."""

import csv
import io
import json
import zipfile
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import pytest

from tests.reports.telling import Told
from tests.reports.test_reports import made, october

pytestmark = pytest.mark.anyio


async def test_charts_are_pictures_of_their_own(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand(), october(3))
    report = await made(client)
    for name in ("volume", "share", "tone", "outlets"):
        answer = await client.get(f"/api/reports/{report['id']}/charts/{name}.svg")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.text.startswith("<svg")


async def test_tables_run_nothing_in_a_spreadsheet(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand()
    for title in ("=HYPERLINK(1)", "+1", "-1", "@x", 'plain, with "quotes"\nand lines'):
        await told.mention(acme, october(3), title=title, outlet="=1+1")
    report = await made(client)

    answer = await client.get(f"/api/reports/{report['id']}/export.csv", params={"bom": True})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert {row["title"] for row in rows} == {"'=HYPERLINK(1)", "'+1", "'-1", "'@x", 'plain, with "quotes"\nand lines'}
    assert {row["outlet"] for row in rows} == {"'=1+1"}
    assert rows[0]["published_at"] == "2026-10-03T14:00:00+02:00"

    answer = await client.get(f"/api/reports/{report['id']}/export.xlsx")
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
        assert len(sheets) == 7
        assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
        assert any("=HYPERLINK(1)" in sheet for sheet in sheets)


async def test_a_table_holds_all_mentions_however_many(
    client: httpx.AsyncClient, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brandhound.reports import exporting

    monkeypatch.setattr(exporting, "AT_ONCE", 3)
    acme = await told.brand()
    for at in range(9):
        await told.mention(acme, october(3), title=f"Title {at}")
    report = await made(client)
    answer = await client.get(f"/api/reports/{report['id']}/export.csv")
    assert {row["title"] for row in csv.DictReader(io.StringIO(answer.text))} == {f"Title {at}" for at in range(9)}


async def test_the_json_is_the_document_and_has_its_hash(client: httpx.AsyncClient, told: Told) -> None:
    import hashlib

    await told.mention(await told.brand("Ümläut"), october(3))
    report = await made(client)
    answer = await client.get(f"/api/reports/{report['id']}/export.json")
    assert json.loads(answer.content) == report["document"]
    assert hashlib.sha256(answer.content).hexdigest() == report["document_sha256"]
    assert "filename*=UTF-8''%C3%9Cml%C3%A4ut" in answer.headers["content-disposition"]


async def test_tables_hold_rivals_too_and_say_which_mentions_the_headline_counts(
    client: httpx.AsyncClient, told: Told
) -> None:
    acme, rival = await told.brand("Acme"), await told.brand("Rival", "competitor")
    for day in (3, 4, 5):
        await told.mention(acme, october(day))
    await told.mention(rival, october(6))
    report = await made(client)
    counted = report["document"]["headline"]["mentions"]["value"]

    address = f"/api/reports/{report['id']}/export"
    rows = list(csv.DictReader(io.StringIO((await client.get(f"{address}.csv")).text)))
    lines = [json.loads(line) for line in (await client.get(f"{address}.ndjson")).text.splitlines()]
    with zipfile.ZipFile(io.BytesIO((await client.get(f"{address}.xlsx")).content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]

    assert len(rows) == len(lines) == 4
    assert len([row for row in rows if row["subject"] == "yes"]) == counted == 3
    assert [row["brand"] for row in rows if not row["subject"]] == ["Rival"]
    assert [line["subject"] for line in lines] == [row["subject"] == "yes" for row in rows]
    mentions = next(sheet for sheet in sheets if "body_sha256" in sheet)
    assert mentions.count("<t>yes</t>") == counted
    assert any("count those with “yes” under subject" in sheet for sheet in sheets)


async def test_dates_in_a_workbook_are_dates_by_the_clocks_of_the_report(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand(), october(3), title="2026-10-03")
    report = await made(client)
    answer = await client.get(f"/api/reports/{report['id']}/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)

    def column(sheet: str, title: str) -> list[Any]:
        [names, *rows] = book[sheet].iter_rows(values_only=True)
        return [row[names.index(title)] for row in rows]

    assert column("Mentions", "published_at") == [datetime(2026, 10, 3, 14)]
    assert column("Stories", "Published") == [datetime(2026, 10, 3, 14)]
    assert datetime(2026, 10, 3) in column("Volume", "Day")
    assert column("Mentions", "title") == ["2026-10-03"]
    assert "Europe/Berlin: all dates and times are by its clocks" in column("How counted", "Words")


async def test_a_file_of_a_brand_that_begins_with_a_dot_is_not_hidden(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand(".NET"), october(3))
    report = await made(client)
    answer = await client.get(f"/api/reports/{report['id']}/export.csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="NET ')


async def test_a_file_has_a_name_that_every_computer_takes(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand('A*C: "M|E" <2>?'), october(3))
    report = await made(client)
    answer = await client.get(f"/api/reports/{report['id']}/export.csv")
    name = unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])
    assert name == f"A-C- -M-E- -2-- {report['since_on']}-{report['until_on']}.csv"
