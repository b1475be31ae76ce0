"""The cells of a CSV or Excel file, whatever wrote it. Thinks only."""

import csv
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from lzma import LZMAError
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from brandhound.ads.importing.errors import TableUnreadable
from brandhound.ads.importing.headers import known_among

MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
_MOST_BEFORE_HEADER = 20
_FEWEST_COLUMNS = 3

# What openpyxl raises of a damaged file, wherever in it the damage is; what is wrong with XML is a SyntaxError to its readers.
_DAMAGED = (
    ArithmeticError, AttributeError, BadZipFile, EOFError, InvalidFileException, LookupError, LZMAError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, zlib.error,
)  # fmt: skip

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Table:
    """Headers, and rows with the number that a person sees beside them."""

    headers: tuple[str, ...]
    headers_row: int
    """As a person counts it, from 1."""
    rows: list[tuple[int, tuple[Cell, ...]]]
    short: Mapping[int, int]
    """Of rows of a CSV file that were cut off, how many cells they have. Fewer than headers alone are no sign of it: Excel and
    others leave empty ones at the end of a row away."""


def read_table(body: bytes) -> Table:
    """Raises TableUnreadable."""
    if not body.strip(b"\0 \r\n\t"):
        raise TableUnreadable("it is empty")
    lines = _excel(body) if body[:4] == b"PK\x03\x04" else _csv(body)
    headers: tuple[str, ...] | None = None
    headers_row = 0
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    short: dict[int, int] = {}
    for number, cells, is_cut in lines:
        if headers is None:
            if sum(cell not in (None, "") for cell in cells) >= _FEWEST_COLUMNS:
                headers, headers_row = tuple(str(cell or "").strip() for cell in cells), number
            elif number > _MOST_BEFORE_HEADER:
                break
            continue
        if any(cell not in (None, "") for cell in cells):
            if len(cells) < len(headers) and is_cut:
                short[number] = len(cells)
            rows.append((number, (*cells, *(None,) * (len(headers) - len(cells)))))
        if len(rows) > MOST_ROWS:
            raise TableUnreadable(f"it has more than {MOST_ROWS:,} rows: export it in parts")
    if headers is None:
        raise TableUnreadable("it has no row of headers")
    return Table(headers, headers_row, rows, short)


def _csv(body: bytes) -> Iterator[tuple[int, tuple[Cell, ...], bool]]:
    """Rows with their numbers, and whether they may have been cut off: the last one of a file that does not end with a line, or
    one that took the next lines for a part of a cell since a quotation mark is lost."""
    text = _decoded(body)
    if "\0" in text:
        raise TableUnreadable("it is no text")
    lines, ends = io.StringIO(text), text.endswith(("\n", "\r"))
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=_mark(text), strict=False), start=1):
            if len(cells) > MOST_COLUMNS:
                raise TableUnreadable(f"row {number} has more than {MOST_COLUMNS} columns")
            is_last = lines.tell() == len(text)
            is_cut = (is_last and not ends) or any("\n" in cell or "\r" in cell for cell in cells)
            yield number, tuple(cell.strip() for cell in cells), is_cut
    except csv.Error as error:
        raise TableUnreadable(str(error)) from error


def _mark(text: str) -> str:
    """What divides the columns: that which makes headers of a line. How often it occurs says nothing of that.

    A decimal comma is in every row, and names have commas and semicolons in them.
    """
    head = text[:20_000].splitlines()[:_MOST_BEFORE_HEADER]
    known = {mark: max((_headers_in(line, mark) for line in head), default=0) for mark in ";\t,"}
    best = max(known, key=lambda mark: known[mark])
    if known[best]:
        return best
    # Nobody knows these headers.
    first = next((line for line in head if any(line.count(mark) >= 2 for mark in known)), "")
    return next((mark for mark in ";\t" if first.count(mark) >= 2), ",")


def _headers_in(line: str, mark: str) -> int:
    """How many are known in a line that can be one of headers."""
    cells = [cell.strip() for row in csv.reader([line], delimiter=mark) for cell in row]
    return known_among(cells) if len(cells) >= _FEWEST_COLUMNS else 0


def _decoded(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _excel(body: bytes) -> Iterator[tuple[int, tuple[Cell, ...], bool]]:
    try:
        book: Any = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # What a file says of its own size may be too little, and what lies beyond that would be left out.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, tuple(_cell(cell) for cell in cells[:MOST_COLUMNS]), False
    except _DAMAGED as error:
        raise TableUnreadable(f"it is no Excel file, or a damaged one: {error}") from error


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, int | float | date | datetime):
        return value
    return str(value)
