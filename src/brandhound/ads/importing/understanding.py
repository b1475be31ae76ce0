"""Which column of a table holds what, how it writes numbers and days. Thinks only."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from brandhound.ads.importing.errors import ColumnsMissing, MappingUnknown, NotByAd
from brandhound.ads.importing.headers import (
    currency_of,
    is_german,
    is_named_total,
    known_measures,
    places_of,
    purchase_type,
)
from brandhound.ads.importing.tables import Cell, Table
from brandhound.ads.syncing.reading_rows import MEASURES

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$")
# Spaces of every width, the Swiss strokes between thousands, and the signs of currencies, those in full width, too.
_BESIDE_DIGITS = re.compile(r"[\s'\u2019$\u00a2-\u00a5\u0e3f\u20a0-\u20cf\uff04\uffe0\uffe1\uffe5\uffe6]")
_NOTHING = (None, "", "-", "–", "—")
_MARKED = re.compile(r"-?(\d[\d.,]*)")

DayOrder = Literal["iso", "day_first", "month_first"]
Decimal = Literal["point", "comma"]

# Groups are of three digits, before the last of two where one counts in lakhs. What a mark parts otherwise is another
# number than it seems.
_NUMBERS: Mapping[Decimal, re.Pattern[str]] = {
    "point": re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3})(?:\.\d+)?"),
    "comma": re.compile(r"-?(?:\d+|\d{1,3}(?:\.\d{2,3})*\.\d{3})(?:,\d+)?"),
}


@dataclass(frozen=True)
class Understood:
    """How a table is read."""

    columns: Mapping[str, int]
    """Where each thing stands."""
    other_value: int | None
    """Where the value of other purchases stands than of those that are read. It is left unread."""
    currencies: frozenset[str]
    """All that headers and rows tell; none where they tell of none."""
    accounts: frozenset[str]
    """The platform's identifiers of them, as the rows tell them."""
    is_german: bool
    decimal: Decimal
    day_order: DayOrder
    is_order_assumed: bool
    """Every day of it could be read either way, so that its language decided."""


def understand(table: Table, mapping: Mapping[str, str] | None = None) -> Understood:
    """Raises MappingUnknown, ColumnsMissing or NotByAd."""
    columns, other_value = _columns(table.headers, mapping or {})
    if "day" not in columns and "since" not in columns:
        raise ColumnsMissing(["day"], table.headers)
    if "ad" not in columns and "ad_id" not in columns:
        if "campaign" in columns or "ad_set" in columns:
            raise NotByAd
        raise ColumnsMissing(["ad"], table.headers)
    if not any(name in columns for name in MEASURES):
        raise ColumnsMissing(["spend_micros"], table.headers)
    german = is_german(table.headers)
    numbers = [at for name, at in columns.items() if name in MEASURES]
    order, assumed = _day_order(set(_texts(table, [columns.get("day", columns.get("since", 0))])), german)
    return Understood(
        columns,
        other_value,
        _currencies(table, columns),
        _told(table, columns, "account_id"),
        german,
        _decimal(_texts(table, numbers), german),
        order,
        assumed,
    )


def _columns(headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[dict[str, int], int | None]:
    """Where each thing stands, and where the value of other purchases does."""
    places, by_hand = places_of(headers), _mapped(headers, mapping)
    columns = {name: found[0] for name, found in places.items() if name not in mapping} | by_hand
    count, value = "purchases", "purchase_value_micros"
    if count not in columns or value not in columns:
        return columns, None
    # Purchases and their value are of one type: that of the purchases, unless somebody says of the value alone which it is.
    leading, led = (value, count) if value in by_hand and count not in by_hand else (count, value)
    if led in by_hand:
        return columns, None
    kind = purchase_type(headers[columns[leading]])
    of_kind = [at for at in places[led] if kind is None or purchase_type(headers[at]) in (kind, None)]
    if of_kind:
        return columns | {led: of_kind[0]}, None
    if led == value:
        other_value = columns.pop(value)
        return columns, other_value
    return columns, None


def _mapped(headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    known = known_measures()
    places = {header: at for at, header in enumerate(headers)}
    wrong = [name for name in mapping if name not in known]
    wrong += [header for header in mapping.values() if header and header not in places]
    if wrong:
        raise MappingUnknown(wrong, known)
    return {name: places[header] for name, header in mapping.items() if header}


def _currencies(table: Table, columns: Mapping[str, int]) -> frozenset[str]:
    money = [table.headers[columns[name]] for name in MEASURES if name.endswith("_micros") and name in columns]
    units = {unit for header in money if (unit := currency_of(header))}
    return frozenset(units) | _told(table, columns, "currency")


def _told(table: Table, columns: Mapping[str, int], name: str) -> frozenset[str]:
    """What a column holds in the rows of ads, each once."""
    at = columns.get(name)
    if at is None:
        return frozenset()
    found = {cells[at] for _, cells in table.rows if not is_total(cells, columns)}
    return frozenset(str(cell).strip().upper() for cell in found if cell not in _NOTHING)


def _texts(table: Table, places: Iterable[int]) -> Iterator[str]:
    """Of all rows: what decides how a table is read may stand in its last one."""
    wanted = tuple(places)
    return (cell for _, cells in table.rows for at in wanted if isinstance(cell := cells[at], str) and cell)


def _decimal(texts: Iterable[str], german: bool) -> Decimal:
    """Which mark stands before fractions: the first number that can be read in one way only says it.

    That is one with both marks, with one of them twice, with other than three digits behind its only one, or with a
    zero or more than three digits before it.
    """
    for text in texts:
        if text.isdecimal():
            continue
        found = _MARKED.fullmatch(_bare(text))
        if found is None:
            continue
        whole, mark, part = _parted(found[1])
        if not mark:
            continue
        if mark in whole:
            return "point" if mark == "," else "comma"
        if not whole.isdigit() or len(part) != 3 or len(whole) > 3 or whole.startswith("0"):
            return "comma" if mark == "," else "point"
    return "comma" if german else "point"


def _parted(digits: str) -> tuple[str, str, str]:
    """What stands before the last mark of a number, the mark, and what stands behind it."""
    return digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")


def _bare(text: str) -> str:
    """A number without what people write beside it or between its thousands."""
    return _BESIDE_DIGITS.sub("", text)


def _day_order(texts: Collection[str], german: bool) -> tuple[DayOrder, bool]:
    order: DayOrder = "day_first" if german else "month_first"
    slashed = [found for text in texts if (found := _SLASHED.match(text))]
    if not slashed:
        return ("day_first" if any(_DOTTED.match(text) for text in texts) else "iso"), False
    if any(int(found[1]) > 12 for found in slashed):
        return "day_first", False
    if any(int(found[2]) > 12 for found in slashed):
        return "month_first", False
    return order, True


def day_of(cell: Cell, order: DayOrder) -> date:
    """Raises ValueError with what is wrong."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell or "").strip()
    try:
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DOTTED.match(text):
            return date(_year(found[3]), int(found[2]), int(found[1]))
        if found := _SLASHED.match(text):
            first, second = int(found[1]), int(found[2])
            day, month = (first, second) if order == "day_first" else (second, first)
            return date(_year(found[3]), month, day)
    except ValueError as error:
        raise ValueError("is no day of the calendar") from error
    raise ValueError("is no day" if text else "is empty")


def number_of(cell: Cell, decimal: Decimal) -> str | None:
    """A number as exact text; None for an empty cell. Raises ValueError with what is wrong."""
    if cell in _NOTHING:
        return None
    if isinstance(cell, bool | date):
        raise ValueError("is no number")
    if isinstance(cell, int | float):
        return repr(cell) if isinstance(cell, int) else format(cell, ".6f").rstrip("0").rstrip(".")
    text = _bare(cell)
    if not _NUMBERS[decimal].fullmatch(text):
        raise ValueError("is no number")
    return text.replace(".", "").replace(",", ".") if decimal == "comma" else text.replace(",", "")


def is_total(cells: Sequence[Cell], columns: Mapping[str, int]) -> bool:
    """Whether a row sums up others: Ads Manager puts one at the top or the end."""
    name = str(cells[columns["ad"]] or "") if "ad" in columns else ""
    identity = str(cells[columns["ad_id"]] or "") if "ad_id" in columns else ""
    if not name and not identity:
        return True
    return not identity and not ("day" in columns and cells[columns["day"]]) and is_named_total(name)


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)
