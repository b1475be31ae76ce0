"""A table of rates as somebody downloaded or typed it. Thinks only."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from lzma import LZMAError
from typing import Literal

from brandhound.ads.exchange_rates.errors import RatesUnreadable
from brandhound.ads.exchange_rates.reading_numbers import Writing, number_of, writing_of
from brandhound.ads.faulty_cells import Fault

MOST_ROWS = 500_000
MOST_COLUMNS = 400
MOST_BYTES = 50_000_000
MOST_FAULTS = 1_000

CURRENCY = re.compile(r"[A-Z]{3}")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_WORDED = re.compile(r"\d{1,2} [A-Za-z]+ \d{4}")
_DAYS = {"date", "day", "datum", "tag"}
_CURRENCIES = {"currency", "währung", "waehrung", "currency_code"}
_RATES = {"rate", "kurs", "exchange_rate", "value"}
_NOTHING = {"", "n/a", "na", "-"}
# What is raised of a damaged zip, by whichever way it was packed.
_DAMAGED = (
    EOFError, LZMAError, NotImplementedError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass
class ReadRates:
    """What a table says."""

    layout: Literal["wide", "long"]
    """A column a currency, or a row a rate."""
    base: str
    writing: Writing = "point"
    """How it writes numbers."""
    rates: dict[tuple[str, date], Decimal] = field(default_factory=dict[tuple[str, date], Decimal])
    faults: list[Fault] = field(default_factory=list[Fault])
    """The first of them."""
    faulty: int = 0
    missing: int = 0
    """Cells that say that there is no rate (N/A)."""
    before: int = 0
    """Rates of days before the first that was asked for."""
    rows: int = 0
    ignored: list[str] = field(default_factory=list[str])
    """Columns that are not read."""

    def fault(self, row: int, column: str, said: str, problem: str) -> None:
        self.faulty += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(row, column, said[:80], problem))

    def add(self, row: int, column: str, currency: str, day: date, said: str) -> None:
        """One rate, or what is wrong with it."""
        rate = number_of(said, self.writing)
        if isinstance(rate, str):
            return self.fault(row, column, said, rate)
        if currency == self.base:
            if rate != 1:
                self.fault(row, column, said, f"one {self.base} is one {self.base}: is another currency the base?")
            return None
        known = self.rates.setdefault((currency, day), rate)
        if known != rate:
            self.fault(
                row, column, said, f"the table has another rate of {currency} for that day: {known.normalize():f}"
            )
        return None


def read_rates(body: bytes, base: str, last: date, since: date | None = None) -> ReadRates:
    """The rates of a CSV file, or of the one in a zip, in either layout, of days up to `last`. Raises RatesUnreadable."""
    text = _decoded(_unpacked(body))
    mark = _mark(text)
    lines = _lines(text, mark)
    head = next(((number, cells) for number, cells in lines if any(cells)), None)
    if head is None:
        raise RatesUnreadable("it is empty")
    headers = [cell.strip() for cell in head[1]]
    names = [header.casefold() for header in headers]
    day_at = next((at for at, name in enumerate(names) if name in _DAYS), None)
    if day_at is None:
        raise RatesUnreadable("it has no column date")
    currency_at = next((at for at, name in enumerate(names) if name in _CURRENCIES), None)
    rate_at = next((at for at, name in enumerate(names) if name in _RATES), None)
    if currency_at is not None and rate_at is not None:
        read = ReadRates("long", base, _writing(text, mark, [rate_at]))
        return _long(read, lines, headers, (day_at, currency_at, rate_at), last, since)
    columns = {
        at: header.upper() for at, header in enumerate(headers) if at != day_at and CURRENCY.fullmatch(header.upper())
    }
    if not columns:
        raise RatesUnreadable("it has neither the columns currency and rate nor one for a currency, such as USD")
    read = ReadRates("wide", base, _writing(text, mark, list(columns)))
    return _wide(read, lines, headers, day_at, columns, last, since)


def _long(
    read: ReadRates,
    lines: Iterator[tuple[int, list[str]]],
    headers: Sequence[str],
    places: tuple[int, int, int],
    last: date,
    since: date | None,
) -> ReadRates:
    day_at, currency_at, rate_at = places
    base_at = next((at for at, header in enumerate(headers) if header.casefold() == "base"), None)
    read.ignored = [header for at, header in enumerate(headers) if header and at not in (*places, base_at)]
    last_at = _last_named(headers)
    for number, cells in lines:
        if not any(cells):
            continue
        read.rows += 1
        if _is_torn(read, number, headers[last_at], cells[last_at + 1 :]):
            continue
        day = _day(read, number, headers[day_at], _cell(cells, day_at), last)
        currency = _cell(cells, currency_at).upper()
        if not CURRENCY.fullmatch(currency):
            read.fault(number, headers[currency_at], _cell(cells, currency_at), "that is no currency of three letters")
            continue
        against = _cell(cells, base_at).upper() if base_at is not None else read.base
        if against != read.base:
            read.fault(number, "base", against, f"these rates are taken to be against {read.base}")
            continue
        said = _cell(cells, rate_at)
        if said.casefold() in _NOTHING:
            read.missing += 1
        elif day is not None and since is not None and day < since:
            read.before += 1
        elif day is not None:
            read.add(number, headers[rate_at], currency, day, said)
    return read


def _wide(
    read: ReadRates,
    lines: Iterator[tuple[int, list[str]]],
    headers: Sequence[str],
    day_at: int,
    columns: dict[int, str],
    last: date,
    since: date | None,
) -> ReadRates:
    read.ignored = [header for at, header in enumerate(headers) if header and at != day_at and at not in columns]
    last_at = _last_named(headers)
    for number, cells in lines:
        if not any(cells):
            continue
        read.rows += 1
        if _is_torn(read, number, headers[last_at], cells[last_at + 1 :]):
            continue
        day = _day(read, number, headers[day_at], _cell(cells, day_at), last)
        if day is None:
            continue
        for at, currency in columns.items():
            said = _cell(cells, at)
            if said.casefold() in _NOTHING:
                read.missing += 1
            elif since is not None and day < since:
                read.before += 1
            else:
                read.add(number, currency, currency, day, said)
    return read


def _last_named(headers: Sequence[str]) -> int:
    # The bank's own lines, its first one too, end with a comma.
    return max(at for at, header in enumerate(headers) if header)


def _is_torn(read: ReadRates, row: int, last: str, behind: Sequence[str]) -> bool:
    """“17,234” without quotation marks is two cells, of which the first looks like a rate, and all behind it are one too far."""
    said = next((cell for cell in behind if cell), None)
    if said is None:
        return False
    words = "that stands behind the last column: does a number with a comma lack its quotation marks?"
    read.fault(row, last, said, words)
    return True


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _day(read: ReadRates, row: int, column: str, said: str, last: date) -> date | None:
    day = day_of(said)
    if day is None:
        read.fault(row, column, said, "that is no day such as 2026-11-25")
    elif day > last:
        read.fault(row, column, said, "that day is yet to come")
        day = None
    return day


def day_of(said: str) -> date | None:
    """2026-11-25, 25.11.2026, or 25 November 2026. Days with strokes can be read either way, and are not."""
    for pattern, form in ((_ISO, "%Y-%m-%d"), (_DOTTED, "%d.%m.%Y"), (_WORDED, "%d %B %Y")):
        if pattern.fullmatch(said):
            try:
                return datetime.strptime(said, form).date()
            except ValueError:
                return None
    return None


def _mark(text: str) -> str:
    """What divides cells."""
    head = text[:20_000].splitlines()[:40]
    # A decimal comma is in every row, too; a semicolon or a tab only divides.
    return next((one for one in ";\t" if head and one in head[0]), ",")


def _writing(text: str, mark: str, places: Sequence[int]) -> Writing:
    """How numbers are written, by what the numbers themselves say."""
    writing = writing_of(cells[at] for _, cells in _lines(text, mark) for at in places if at < len(cells))
    # Where commas divide cells, one within a cell was put in quotation marks: by a spreadsheet with decimal commas or by one
    # that parts thousands, and “1,054” by itself does not say by which.
    return "typed" if mark == "," and writing == "either" else writing


def _lines(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number that a person sees beside them."""
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark, strict=False), start=1):
            if len(cells) > MOST_COLUMNS:
                raise RatesUnreadable(f"row {number} has more than {MOST_COLUMNS} columns")
            if number > MOST_ROWS:
                raise RatesUnreadable(f"it has more than {MOST_ROWS:,} rows: import it in parts")
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise RatesUnreadable(str(error)) from error


def _decoded(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = body.decode("utf-16", "replace")
    else:
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = body.decode("cp1252", "replace")
    if "\0" in text:
        raise RatesUnreadable("it is no text")
    return text


def _unpacked(body: bytes) -> bytes:
    """The bank gives its table in a zip."""
    if body[:4] != b"PK\x03\x04":
        return body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            tables = [one for one in packed.infolist() if one.filename.casefold().endswith(".csv")]
            if len(tables) != 1:
                raise RatesUnreadable("the zip does not hold one CSV file")
            with packed.open(tables[0]) as file:
                # The size that a zip states may be a lie: no more is read than is allowed.
                text = file.read(MOST_BYTES + 1)
    except _DAMAGED as error:
        raise RatesUnreadable(f"the zip cannot be read: {error}") from error
    if len(text) > MOST_BYTES:
        raise RatesUnreadable("it is too large")
    return text
