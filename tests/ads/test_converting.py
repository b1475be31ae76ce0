"""From one currency into another: by the rate of the day, and never by one that is not known."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandhound.ads.exchange_rates.converting import DailyRates, series_of
from brandhound.ads.exchange_rates.errors import RatesUnreadable
from brandhound.ads.exchange_rates.reading import day_of, read_rates
from brandhound.ads.exchange_rates.reading_numbers import number_of

FRIDAY = date(2026, 11, 20)
TODAY = date(2026, 11, 26)

rate = st.floats(min_value=1e-6, max_value=1e6)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))


def rates(**series: dict[date, float]) -> DailyRates:
    return DailyRates("EUR", {currency: series_of(of_days.items()) for currency, of_days in series.items()})


def value(known: DailyRates, of: str, into: str, day: date) -> float | None:
    factor = known.factor(of, into, day)
    return None if factor is None else factor.value


def test_a_weekend_goes_by_fridays_rate_and_a_week_without_one_by_none() -> None:
    known = rates(USD={FRIDAY: 1.25})
    assert value(known, "USD", "EUR", FRIDAY + timedelta(days=2)) == 0.8
    assert value(known, "USD", "EUR", FRIDAY + timedelta(days=7)) == 0.8
    assert value(known, "USD", "EUR", FRIDAY + timedelta(days=8)) is None
    assert value(known, "USD", "EUR", FRIDAY - timedelta(days=1)) is None


def test_a_currency_of_which_nothing_is_known_is_not_worth_one() -> None:
    known = rates(USD={FRIDAY: 1.25})
    assert value(known, "JPY", "EUR", FRIDAY) is None
    assert value(known, "USD", "JPY", FRIDAY) is None


def test_two_currencies_are_converted_through_the_base_by_each_ones_last_rate() -> None:
    known = rates(USD={FRIDAY: 1.25}, JPY={FRIDAY - timedelta(days=1): 160.0})
    factor = known.factor("USD", "JPY", FRIDAY)
    assert factor is not None
    assert factor.value == 128.0
    assert factor.rates == {("USD", FRIDAY), ("JPY", FRIDAY - timedelta(days=1))}


@given(day=days, one=rate)
def test_a_currency_into_itself_is_exactly_the_same_with_or_without_rates(day: date, one: float) -> None:
    assert value(rates(), "CHF", "CHF", day) == 1.0
    assert value(rates(CHF={day: one}), "CHF", "CHF", day) == 1.0


@given(day=days, one=rate, other=rate)
def test_there_and_back_is_where_one_was(day: date, one: float, other: float) -> None:
    known = rates(USD={day: one}, JPY={day: other})
    there, back = value(known, "USD", "JPY", day), value(known, "JPY", "USD", day)
    assert there is not None
    assert back is not None
    assert there * back == pytest.approx(1.0, rel=1e-12)


@given(st.dictionaries(days, rate, min_size=1), st.randoms(use_true_random=False), days)
def test_it_does_not_matter_in_which_order_rates_come(of_days: dict[date, float], chance: Random, day: date) -> None:
    mixed = list(of_days.items())
    chance.shuffle(mixed)
    assert series_of(mixed).at(day) == series_of(sorted(of_days.items())).at(day)


ECB = """Date,USD,JPY,TRY,
2026-11-25,1.0543,161.2,N/A,
2026-11-24,1.0501,160.9,36.1,
"""


def test_the_banks_own_table_is_read_as_it_is() -> None:
    read = read_rates(ECB.encode(), "EUR", TODAY)
    assert (read.layout, read.rows, read.missing, read.faulty) == ("wide", 2, 1, 0)
    assert {key: str(rate.normalize()) for key, rate in read.rates.items()} == {
        ("USD", date(2026, 11, 25)): "1.0543",
        ("JPY", date(2026, 11, 25)): "161.2",
        ("USD", date(2026, 11, 24)): "1.0501",
        ("JPY", date(2026, 11, 24)): "160.9",
        ("TRY", date(2026, 11, 24)): "36.1",
    }
    late = read_rates(ECB.encode(), "EUR", TODAY, since=date(2026, 11, 25))
    assert (len(late.rates), late.before) == (2, 3)
    daily = read_rates(b"Date, USD, JPY, \n25 November 2026, 1.0543, 161.2, \n", "EUR", TODAY)
    assert list(daily.rates) == [("USD", date(2026, 11, 25)), ("JPY", date(2026, 11, 25))]


def test_a_table_with_a_row_a_rate_is_read_with_either_decimal_mark() -> None:
    english = read_rates(b"date,currency,rate\n2026-11-25,usd,1.0543\n", "EUR", TODAY)
    german = read_rates("Datum;Währung;Kurs\n25.11.2026;USD;1,0543\n".encode("cp1252"), "EUR", TODAY)
    assert english.rates == german.rates
    assert (english.layout, len(english.rates)) == ("long", 1)


def rates_in(*lines: str) -> list[float | str]:
    """What each row of a table says, as a number or as what is wrong with it."""
    read = read_rates("\n".join(lines).encode(), "EUR", TODAY)
    wrong = {fault.row: fault.problem for fault in read.faults}
    told = iter(read.rates.values())
    return [wrong[row] if row in wrong else float(next(told)) for row in range(2, len(lines) + 1)]


def test_where_commas_divide_a_table_too_its_own_numbers_say_what_a_comma_is() -> None:
    head = "date,currency,rate"
    assert rates_in(head, '2026-11-25,IDR,"17,234"', '2026-11-25,VND,"26,123.5"') == [17234, 26123.5]
    assert rates_in("Date,IDR", '2026-11-25,"17,234"', '2026-11-24,"1,017,234.25"') == [17234, 1017234.25]
    assert rates_in(head, "2026-11-25,KWD,0.325", "2026-11-25,IDR,17.234") == [0.325, 17.234]
    assert rates_in(head, "2026-11-25,USD,1.0543", '2026-11-25,IDR,"17,234"') == [1.0543, 17234]
    wide = read_rates(b'Date,USD,IDR\n2026-11-25,"1,054","17.234,5"\n', "EUR", TODAY)
    assert [float(rate) for rate in wide.rates.values()] == [1.054, 17234.5]
    # So does a spreadsheet with decimal commas write its table.
    assert rates_in(head, '2026-11-25,USD,"1,054"', '2026-11-25,JPY,"170,12"') == [1.054, 170.12]
    for said, rate in (("1,0543", 1.0543), ("0,325", 0.325), ("17,23", 17.23), ("1.234,56", 1234.56)):
        assert rates_in(head, f'2026-11-25,USD,"{said}"') == [rate]
    assert "no plain number" in str(rates_in(head, '2026-11-25,USD,"1,2345.6"'))


def test_commas_that_may_be_either_in_a_whole_table_that_commas_divide_are_asked_about() -> None:
    head = "date,currency,rate"
    assert rates_in(head, '2026-11-25,USD,"1,054"', '2026-11-24,USD,"1,061"', "2026-11-23,USD,1") == [
        "that can be read either way: write 1054, or 1.0540",
        "that can be read either way: write 1061, or 1.0610",
        1,
    ]
    assert "write 17234, or 17.2340" in str(rates_in("Date,IDR", '2026-11-25,"17,234"'))
    assert all("either way" in str(one) for one in rates_in(head, '2026-11-25,USD,"1,054"', "2026-11-25,IDR,17.234"))


@pytest.mark.parametrize(
    ("layout", "row"),
    [
        ("date,currency,rate", "2026-11-25,IDR,17,234"),
        ("date,USD,IDR", "2026-11-25,1.05,17,234"),
        ("Date,IDR,", "2026-11-25,17,234,"),
    ],
)
def test_thousands_without_quotation_marks_are_not_taken_for_their_first_cell(layout: str, row: str) -> None:
    read = read_rates(f"{layout}\n{row}\n".encode(), "EUR", TODAY)
    assert (read.rates, read.faulty) == ({}, 1)
    assert "quotation marks" in read.faults[0].problem


@pytest.mark.parametrize("mark", [";", "\t"])
def test_where_other_marks_divide_a_table_its_own_numbers_say_what_a_comma_is(mark: str) -> None:
    def table(*said: str) -> list[float | str]:
        codes = ("USD", "IDR", "VND", "KRW")
        rows = [f"25.11.2026;{code};{rate}".replace(";", mark) for code, rate in zip(codes, said, strict=False)]
        return rates_in("date;currency;rate".replace(";", mark), *rows)

    assert table("1,0543", "17.234", "1.234,56", "17.234.000") == [1.0543, 17234, 1234.56, 17234000]
    assert table("1.0543", "17,234", "1,234.56", "17,234,000") == [1.0543, 17234, 1234.56, 17234000]
    # With nothing else to go by a single mark is the decimal one.
    assert table("1,054", "161,200") == [1.054, 161.2]
    assert table("1.054", "161.200") == [1.054, 161.2]
    # Both marks are: what can be read in one way is, and the others are asked about.
    assert table("1,0543", "161.2") == [1.0543, 161.2]
    first, second, third, fourth = table("1.234,5", "1,234.5", "1,234", "1.234")
    assert (first, second) == (1234.5, 1234.5)
    assert "write 1234, or 1.2340" in str(third)
    assert "either way" in str(fourth)
    assert all("either way" in str(one) for one in table("1,234", "1.234"))


@pytest.mark.parametrize(
    ("said", "rate"),
    [("1,0543", 1.0543), ("1.0543", 1.0543), ("17.234", 17.234), ("17,234.5", 17234.5), ("17.234,5", 17234.5)],
)
def test_one_rate_is_read_with_either_mark(said: str, rate: float) -> None:
    assert number_of(said) == pytest.approx(Decimal(str(rate)))


def test_one_rate_that_may_be_a_thousand_times_as_much_is_asked_about() -> None:
    assert number_of("17,234") == "that can be read either way: write 17234, or 17.2340"


@pytest.mark.parametrize(
    ("line", "column", "problem"),
    [
        ("2026-13-01,USD,1.05", "date", "no day"),
        ("11/25/2026,USD,1.05", "date", "no day"),
        ("2026-11-27,USD,1.05", "date", "yet to come"),
        ("2026-11-25,US,1.05", "currency", "no currency"),
        ("2026-11-25,USD,about one", "rate", "no plain number"),
        ("2026-11-25,USD,nan", "rate", "no plain number"),
        ("2026-11-25,USD,-1", "rate", "no plain number"),
        ("2026-11-25,USD,0", "rate", "more than nothing"),
        ("2026-11-25,USD,0.0000000000001", "rate", "more than nothing"),
        ("2026-11-25,USD,1e30", "rate", "too large"),
        ("2026-11-25,EUR,1.05", "rate", "one EUR is one EUR"),
        ("2026-11-24,USD,1.06", "rate", "another rate of USD for that day: 1.05"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_row(line: str, column: str, problem: str) -> None:
    read = read_rates(f"date,currency,rate\n2026-11-24,USD,1.05\n{line}\n".encode(), "EUR", TODAY)
    assert [(fault.row, fault.column) for fault in read.faults] == [(3, column)]
    assert problem in read.faults[0].problem
    assert len(read.rates) == 1


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (b"", "empty"),
        (b"a,b,c\n1,2,3\n", "no column date"),
        (b"date,dollars\n2026-11-24,1\n", "neither"),
        (b"PK\x03\x04nothing", "zip"),
        (b"date,currency\0,rate\n", "no text"),
    ],
)
def test_what_is_no_table_of_rates_is_refused_in_words(table: bytes, why: str) -> None:
    with pytest.raises(RatesUnreadable) as refused:
        read_rates(table, "EUR", TODAY)
    assert why in str(refused.value.facts["why"])


@given(st.text(max_size=200), st.binary(max_size=200))
def test_whatever_is_sent_it_is_read_or_refused(text: str, data: bytes) -> None:
    for body in (text.encode(), data, b"date,currency,rate\n" + text.encode()):
        try:
            read = read_rates(body, "EUR", TODAY)
        except RatesUnreadable:
            continue
        assert all(rate > 0 for rate in read.rates.values())


def test_days_are_read_as_people_and_banks_write_them() -> None:
    assert day_of("2026-11-05") == day_of("5.11.2026") == day_of("5 November 2026") == date(2026, 11, 5)
    assert day_of("2026-02-30") is None
