"""Which column of a table holds what, how it writes numbers and days. Thinks only."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from brandhound.ads.importing.errors import ColumnsMissing, MappingUnknown, NotByAd
from brandhound.ads.importing.tables import Cell, Table
from brandhound.ads.syncing.reading_rows import MEASURES

_UNIT = re.compile(r"\s*[\(\[]\s*([A-Z]{3})\s*[\)\]]\s*$")
_SPACES = re.compile(r"\s+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$")

DayOrder = Literal["iso", "day_first", "month_first"]
Decimal = Literal["point", "comma"]


@dataclass(frozen=True)
class Understood:
    """How a table is read."""

    columns: Mapping[str, int]
    """Where each thing stands."""
    currency: str | None
    is_german: bool
    decimal: Decimal
    day_order: DayOrder
    is_order_assumed: bool
    """Every day of it could be read either way, so that its language decided."""


def understand(table: Table, mapping: Mapping[str, str] | None = None) -> Understood:
    """Raises MappingUnknown, ColumnsMissing or NotByAd."""
    columns = _columns(table.headers)
    if mapping:
        columns = {name: at for name, at in columns.items() if name not in mapping} | _mapped(table.headers, mapping)
    if "day" not in columns and "since" not in columns:
        raise ColumnsMissing(["day"], table.headers)
    if "ad" not in columns and "ad_id" not in columns:
        if "campaign" in columns or "ad_set" in columns:
            raise NotByAd
        raise ColumnsMissing(["ad"], table.headers)
    if not any(name in columns for name in MEASURES):
        raise ColumnsMissing(["spend_micros"], table.headers)
    german = any(_plain(header) in _known()["german"] for header in table.headers)
    numbers = [at for name, at in columns.items() if name in MEASURES]
    order, assumed = _day_order(_texts(table, [columns.get("day", columns.get("since", 0))]), german)
    return Understood(
        columns,
        _currency(table, columns),
        german,
        _decimal(_texts(table, numbers), german),
        order,
        assumed,
    )


def _columns(headers: Sequence[str]) -> dict[str, int]:
    names = {alias: name for name, aliases in _known()["columns"].items() for alias in aliases}
    # A table that was taken along from here calls them as we do: `ad_id`, `spend`, `attribution_setting`.
    names |= {name.removesuffix("_micros").replace("_", " "): name for name in _known()["columns"]}
    found: dict[str, int] = {}
    for at, header in enumerate(headers):
        spaced = header.casefold().replace("_", " ")
        name = names.get(header.casefold()) or names.get(spaced) or names.get(_plain(header))
        if name is not None:
            found.setdefault(name, at)
    return found


def _mapped(headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    known = tuple(_known()["columns"])
    places = {header: at for at, header in enumerate(headers)}
    wrong = [name for name in mapping if name not in known]
    wrong += [header for header in mapping.values() if header and header not in places]
    if wrong:
        raise MappingUnknown(wrong, known)
    return {name: places[header] for name, header in mapping.items() if header}


def _currency(table: Table, columns: Mapping[str, int]) -> str | None:
    for name in ("spend_micros", "purchase_value_micros"):
        if name in columns and (found := _UNIT.search(table.headers[columns[name]])):
            return found[1]
    if "currency" in columns:
        told = {str(cells[columns["currency"]]).upper() for _, cells in table.rows if cells[columns["currency"]]}
        return told.pop() if len(told) == 1 else None
    return None


def _texts(table: Table, places: Iterable[int]) -> list[str]:
    wanted = tuple(places)
    return [cell for _, cells in table.rows[:5000] for at in wanted if isinstance(cell := cells[at], str) and cell]


def _decimal(texts: Iterable[str], german: bool) -> Decimal:
    """A number with both marks, or with other than three digits behind its only one, says which is which."""
    for text in texts:
        last = max(text.rfind(","), text.rfind("."))
        if last < 0:
            continue
        mark = text[last]
        if text.count(mark) == 1 and (("," in text and "." in text) or len(text.rstrip(" %€$")[last + 1 :]) != 3):
            return "comma" if mark == "," else "point"
        if text.count(mark) > 1:
            return "point" if mark == "," else "comma"
    return "comma" if german else "point"


def _day_order(texts: Sequence[str], german: bool) -> tuple[DayOrder, bool]:
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
    if cell is None or cell == "" or (isinstance(cell, str) and cell in ("-", "–", "—")):
        return None
    if isinstance(cell, bool | date):
        raise ValueError("is no number")
    if isinstance(cell, int | float):
        return repr(cell) if isinstance(cell, int) else format(cell, ".6f").rstrip("0").rstrip(".")
    text = cell.strip().strip("€$£¥").replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "")
    text = text.replace(".", "").replace(",", ".") if decimal == "comma" else text.replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValueError("is no number")
    return text


def is_total(cells: Sequence[Cell], columns: Mapping[str, int]) -> bool:
    """Whether a row sums up others: Ads Manager puts one at the top or the end."""
    name = str(cells[columns["ad"]] or "") if "ad" in columns else ""
    identity = str(cells[columns["ad_id"]] or "") if "ad_id" in columns else ""
    if not name and not identity:
        return True
    return (
        not identity
        and any(name.casefold().startswith(word) for word in _known()["totals"])
        and not ("day" in columns and cells[columns["day"]])
    )


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _plain(header: str) -> str:
    """Without its currency, and in one spelling."""
    return _SPACES.sub(" ", _UNIT.sub("", header)).strip().casefold()


@cache
def _known() -> Mapping[str, Any]:
    return json.loads(files("brandhound.ads.importing").joinpath("headers.json").read_text("utf-8"))


def known_measures() -> tuple[str, ...]:
    """What a column can be mapped to."""
    return tuple(_known()["columns"])
