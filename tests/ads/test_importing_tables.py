"""What a table is taken for: which mark divides it, whose money it is, which purchases, and which rows are no ads."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from brandhound.ads.importing.accounts import described_account
from brandhound.ads.importing.errors import OtherCurrency, SeveralAccounts
from brandhound.ads.importing.storing import Prepared, prepare
from brandhound.ads.importing.understanding import number_of
from brandhound.ads.syncing.reading_rows import MEASURES
from brandhound.core import clock


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Any:
    clock.freeze(datetime(2026, 11, 20, 12, tzinfo=UTC))
    yield
    clock.unfreeze()


def tried(*lines: str, mapping: dict[str, str] | None = None) -> Prepared:
    account = described_account("From tables", "EUR", "Europe/Berlin")
    return prepare(account, "\n".join(lines).encode(), mapping)


def told(table: Prepared, measure: str) -> list[Any]:
    return [fact[2 + MEASURES.index(measure)] for fact in table.read.facts]


def named(table: Prepared) -> list[str]:
    return [table.read.ads[fact[0]].name for fact in table.read.facts]


# Money and accounts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "currencies"),
    [
        (
            (
                "Day,Ad name,Currency,Amount spent,Account ID",
                "2026-11-01,A,EUR,10,111",
                "2026-11-01,B,JPY,1000,222",
            ),
            "EUR, JPY",
        ),
        (("Day,Ad name,Currency,Amount spent", "2026-11-01,A,usd,10", "2026-11-01,B,USD,9"), "USD"),
        (("Day,Ad name,Amount spent (EUR),Purchases conversion value (USD)", "2026-11-01,A,10,20"), "EUR, USD"),
        (("Day,Ad name,Currency,Amount spent (EUR)", "2026-11-01,A,CHF,10"), "CHF, EUR"),
    ],
)
def test_money_of_another_currency_or_of_several_is_never_added_up(lines: Sequence[str], currencies: str) -> None:
    with pytest.raises(OtherCurrency) as refused:
        tried(*lines)
    assert refused.value.facts == {"table": currencies, "account": "EUR"}


def test_a_table_that_tells_its_one_currency_in_each_row_but_the_totals_is_taken() -> None:
    table = tried("Day,Ad name,Currency,Amount spent", "2026-11-01,A,EUR,10", ",Results from 2 ads,–,20")
    assert told(table, "spend_micros") == [10_000_000]


def test_a_table_of_several_accounts_is_not_one_account() -> None:
    lines = ("Day,Ad name,Account ID,Amount spent", "2026-11-01,A,111,10", "2026-11-01,B,222,20", ",,,30")
    with pytest.raises(SeveralAccounts) as refused:
        tried(*lines)
    assert refused.value.facts["accounts"] == ["111", "222"]
    assert refused.value.facts["why"] == "“Account ID” holds 2 of them: 111, 222"
    # Whoever says that the column is not to be read means one account for them all.
    assert told(tried(*lines, mapping={"account_id": ""}), "spend_micros") == [10_000_000, 20_000_000]
    assert tried(lines[0], lines[1], "2026-11-02,A,111,5").read.spend_micros == 15_000_000


# Numbers -----------------------------------------------------------------------------------------------------------

GERMAN = "Tag;Anzeigenname;Ausgegebener Betrag;Impressionen"
ENGLISH = "Day;Ad name;Amount spent;Impressions"


@pytest.mark.parametrize(
    ("header", "spend", "impressions", "micros", "count"),
    [
        (GERMAN, "1.234\u00a0€", "12.345", 1_234_000_000, 12_345),
        (GERMAN, "1.234\u202f€", "12.345", 1_234_000_000, 12_345),
        (GERMAN, "€ 1.234", "12.345", 1_234_000_000, 12_345),
        (ENGLISH, "1,234 £", "12,345", 1_234_000_000, 12_345),
        (ENGLISH, "¥1,234", "12,345", 1_234_000_000, 12_345),
        (ENGLISH, "1\u202f234,5", "12\u00a0345", 1_234_500_000, 12_345),
        # Before a decimal mark stands a zero, or more digits than a group has.
        (ENGLISH, "0,450", "12.345", 450_000, 12_345),
        (ENGLISH, "-0,450", "12.345", None, None),
        (ENGLISH, "1234,567", "12.345", 1_234_567_000, 12_345),
        (GERMAN, "0.450", "12,345", 450_000, 12_345),
        (GERMAN, "1234.567", "12,345", 1_234_567_000, 12_345),
        # Only the language is left to say it.
        (GERMAN, "1.234", "12.345", 1_234_000_000, 12_345),
        (ENGLISH, "1,234", "12,345", 1_234_000_000, 12_345),
    ],
)
def test_a_number_is_as_large_as_it_was_written(
    header: str, spend: str, impressions: str, micros: int | None, count: int | None
) -> None:
    table = tried(header, f"2026-11-01;A;{spend};{impressions}")
    assert told(table, "spend_micros") == ([] if micros is None else [micros])
    assert told(table, "impressions") == ([] if count is None else [count])


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1.234,50 €", "comma", "1234.50"),
        ("12,34,567.8", "point", "1234567.8"),
        ("-$1,234", "point", "-1234"),
        ("1’234.5", "point", "1234.5"),
        # Marks that do not group: rather told than taken for another number.
        ("12.5", "comma", None),
        ("12,50", "point", None),
        ("12 %", "point", None),
        ("1,2,3", "point", None),
    ],
)
def test_a_mark_where_no_group_of_digits_ends_is_told(cell: str, decimal: Any, number: str | None) -> None:
    if number is not None:
        assert number_of(cell, decimal) == number
        return
    with pytest.raises(ValueError, match="is no number"):
        number_of(cell, decimal)


# What divides the columns ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("before", [(), ("Bericht, Müller, Berlin, November, 2026", "")])
def test_decimal_commas_and_commas_in_names_divide_nothing(mark: str, before: Sequence[str]) -> None:
    header = "Tag;Anzeigenname;Ausgaben;CPC;CTR;CPM;ROAS"
    rows = [f"2026-11-0{day};Video, Sommer, rot;12,50;0,45;1,20;7,30;2,10" for day in range(1, 9)]
    table = tried(*before, *(line.replace(";", mark) for line in (header, *rows)))
    assert named(table) == ["Video, Sommer, rot"] * 8
    assert told(table, "spend_micros") == [12_500_000] * 8


def test_semicolons_in_names_divide_no_table_of_commas() -> None:
    table = tried("Day,Ad name,Amount spent", *(f"2026-11-0{day},a; b; c; d; e,1.50" for day in range(1, 9)))
    assert named(table) == ["a; b; c; d; e"] * 8


def test_a_table_whose_headers_nobody_knows_is_divided_by_its_first_line() -> None:
    mapping = {"day": "Wann", "ad": "Was", "spend_micros": "Wie viel"}
    table = tried("Wann;Was;Wie viel", "2026-11-01;a, b, c, d, e;1,50", mapping=mapping)
    assert (named(table), told(table, "spend_micros")) == (["a, b, c, d, e"], [1_500_000])
    table = tried("Kampagne", "Wann,Was,Wie viel", "2026-11-01,a; b; c; d; e,1.50", mapping=mapping)
    assert named(table) == ["a; b; c; d; e"]


# Purchases ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "cells", "purchases", "value"),
    [
        ("Website purchases,Purchases,Purchases conversion value", "2,5,400", 5, 400),
        ("Website purchases,Website purchases conversion value", "2,80", 2, 80),
        ("Website-Käufe,Conversion-Wert der Website-Käufe", "2,80", 2, 80),
        (
            "Website purchases conversion value,Website purchases,Purchases conversion value,Purchases",
            "80,2,400,5",
            5,
            400,
        ),
        ("Purchases conversion value,Website purchases conversion value,Website purchases", "400,80,2", 2, 80),
        # What says of no type what it is worth goes with either.
        ("Website purchases,Conversion value", "2,80", 2, 80),
        ("Website purchases conversion value", "80", None, 80),
    ],
)
def test_purchases_and_their_value_are_of_one_type_wherever_their_columns_stand(
    headers: str, cells: str, purchases: int | None, value: int
) -> None:
    table = tried(f"Day,Ad name,Amount spent,{headers}", f"2026-11-01,A,10,{cells}")
    assert told(table, "purchases") == [None if purchases is None else Decimal(purchases)]
    assert told(table, "purchase_value_micros") == [value * 1_000_000]
    assert table.read.faults == []


@pytest.mark.parametrize(
    ("headers", "other"),
    [
        ("Purchases,Website purchases conversion value", "Website purchases conversion value"),
        ("Website purchases,Purchases conversion value", "Purchases conversion value"),
    ],
)
def test_a_value_of_other_purchases_is_not_read_and_that_is_said(headers: str, other: str) -> None:
    table = tried(f"Day,Ad name,Amount spent,{headers}", "2026-11-01,A,10,2,80")
    assert (told(table, "purchases"), told(table, "purchase_value_micros")) == ([2], [None])
    assert table.read.faulty_rows == 0
    assert [(one.row, one.column) for one in table.read.faults] == [(1, other)]
    assert headers.partition(",")[0] in table.read.faults[0].problem
    # A person may know better.
    by_hand = tried(
        f"Day,Ad name,Amount spent,{headers}", "2026-11-01,A,10,2,80", mapping={"purchase_value_micros": other}
    )
    assert (told(by_hand, "purchases"), told(by_hand, "purchase_value_micros")) == ([2], [80_000_000])
    assert by_hand.read.faults == []


@pytest.mark.parametrize(
    "mapping",
    [{"purchases": "Website purchases"}, {"purchase_value_micros": "Website purchases conversion value"}],
)
def test_what_is_mapped_by_hand_takes_the_other_of_its_type_along(mapping: dict[str, str]) -> None:
    headers = "Purchases,Purchases conversion value,Website purchases,Website purchases conversion value"
    table = tried(f"Day,Ad name,Amount spent,{headers}", "2026-11-01,A,10,5,400,2,80", mapping=mapping)
    assert (told(table, "purchases"), told(table, "purchase_value_micros")) == ([2], [80_000_000])


# Rows of totals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Total Body Workout",
        "Gesamtpaket Sale",
        "Summer",
        "Results from 12 days",
        "Results from the lab",
        "Ergebnisse von Anna",
    ],
)
def test_an_ad_whose_name_begins_like_a_total_is_an_ad(name: str) -> None:
    table = tried("Reporting starts,Reporting ends,Ad name,Amount spent", f"2026-11-01,2026-11-01,{name},10")
    assert (named(table), table.read.totals_left_out) == ([name], 0)


@pytest.mark.parametrize(
    "name",
    [
        "Total",
        "TOTALS:",
        "Gesamt",
        "Summe",
        "Results from 12 ads",
        "Results from 1 ad set",
        "Ergebnisse von 1.200 Werbeanzeigen",
        "Ergebnisse aus 3 Anzeigen",
        "",
    ],
)
def test_a_row_that_is_called_total_and_nothing_else_is_left_out(name: str) -> None:
    table = tried(
        "Reporting starts;Reporting ends;Ad name;Amount spent",
        f"2026-11-01;2026-11-01;{name};10",
        "2026-11-01;2026-11-01;A;10",
    )
    assert (named(table), table.read.totals_left_out) == (["A"], 1)
