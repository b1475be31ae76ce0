"""Tables as CSV (RFC 4180, UTF-8) that a spreadsheet opens as they are: text stays text, and umlauts stay umlauts."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

MARK = b"\xef\xbb\xbf"
"""Excel takes a file without it for one in the machine's own code page, and shows an ü as two letters.

Files that a person is handed begin with it: those that the screens link to, and those in a mail. A program that asks an
address gets none unless it wants one, since many would read it as part of the first column's name.
"""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

BOM = "Begin with a byte order mark, by which Excel sees that the file is UTF-8"
"""What an address says of its parameter `bom`."""


def safe(cell: object) -> object:
    """A text that would be a formula in a spreadsheet gets an apostrophe in front, and stays text. Numbers are no texts.

    An exact one is written out: without an exponent, and without zeros that say nothing.
    """
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def csv_text(rows: Iterable[Iterable[object]], *, bom: bool = False) -> bytes:
    """Rows as CSV, with nothing in them that a spreadsheet would run."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return (MARK if bom else b"") + written.getvalue().encode()
