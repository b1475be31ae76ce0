"""The rows of a table as facts, and what is wrong with those that are none. Thinks only."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from brandhound.ads.faulty_cells import Fault
from brandhound.ads.importing.errors import NotByDay
from brandhound.ads.importing.tables import Cell, Table
from brandhound.ads.importing.understanding import Understood, day_of, is_total, number_of
from brandhound.ads.meta.money import exact, micros, whole
from brandhound.ads.syncing.reading_rows import MEASURES, Fact

_FRACTIONS = frozenset(("content_views", "adds_to_cart", "checkouts", "purchases", "leads"))
BY_NAME = "name:"
"""Stands before what something is known by when the table has no numbers of the platform."""


@dataclass(frozen=True)
class AdNamed:
    """An ad with what is above it, as a table names them."""

    external_id: str
    name: str
    campaign: tuple[str, str] | None
    ad_set: tuple[str, str] | None


@dataclass
class ReadTable:
    """What a table comes to."""

    facts: list[Fact] = field(default_factory=list[Fact])
    ads: dict[str, AdNamed] = field(default_factory=dict[str, AdNamed])
    faults: list[Fault] = field(default_factory=list[Fault])
    faulty_rows: int = 0
    totals_left_out: int = 0
    spend_micros: int = 0

    @property
    def since(self) -> date | None:
        return min((fact[1] for fact in self.facts), default=None)

    @property
    def until(self) -> date | None:
        return max((fact[1] for fact in self.facts), default=None)


def read_rows_of(table: Table, how: Understood, today: date) -> ReadTable:
    """Every row, or what is wrong with it. Raises NotByDay where rows span several days."""
    found = ReadTable()
    if how.other_value is not None:
        words = f"is of other purchases than “{_header(table, how, 'purchases')}” and is not read, unless you map it by hand"
        found.faults.append(Fault(table.headers_row, table.headers[how.other_value], "", words))
    seen: dict[tuple[str, date], int] = {}
    for number, cells in table.rows:
        if is_total(cells, how.columns):
            found.totals_left_out += 1
            continue
        faults = _behind_the_last(number, cells, table.headers) or _cut_short(number, table, how)
        day = _day(number, cells, table.headers, how, today, faults)
        ad = _ad(cells, how)
        measures = [_measure(number, cells, table.headers, how, name, faults) for name in MEASURES]
        if day is not None and not faults:
            if earlier := seen.get((ad.external_id, day)):
                words = (
                    f"the same ad and day as row {earlier}: is it broken down further, or are two ads called the same?"
                )
                faults.append(Fault(number, _header(table, how, "ad"), ad.name, words))
            seen[ad.external_id, day] = number
        if faults or day is None:
            found.faulty_rows += 1
            found.faults += faults
            continue
        found.ads.setdefault(ad.external_id, ad)
        found.facts.append((ad.external_id, day, *measures, _text(cells, how, "attribution")))
        found.spend_micros += measures[0] or 0
    return found


def _behind_the_last(number: int, cells: Sequence[Cell], headers: Sequence[str]) -> list[Fault]:
    """“1,234” without quotation marks is two cells, and what stands behind it is one column further than it belongs."""
    more = [cell for cell in cells[len(headers) :] if cell not in (None, "")]
    words = "stands behind the last column: does a number or a name with a comma lack its quotation marks?"
    return [Fault(number, headers[-1], _said(cell), words) for cell in more[:1]]


def _cut_short(number: int, table: Table, how: Understood) -> list[Fault]:
    """A cell that is not there says nothing, and is none that says “none”."""
    there = table.short.get(number)
    lacking = [] if there is None else [at for at in sorted(how.columns.values()) if at >= there]
    words = "is not there: was the file cut off in this row, or does a name lack its quotation mark?"
    return [Fault(number, table.headers[at], "", words) for at in lacking[:1]]


def _day(
    number: int, cells: Sequence[Cell], headers: Sequence[str], how: Understood, today: date, faults: list[Fault]
) -> date | None:
    name = "day" if "day" in how.columns else "since"
    at = how.columns[name]
    try:
        day = day_of(cells[at], how.day_order)
    except ValueError as error:
        faults.append(Fault(number, headers[at], _said(cells[at]), str(error)))
        return None
    # With a column of days the others say only which span was exported.
    if name == "since" and (end := how.columns.get("until")) is not None:
        try:
            last = day_of(cells[end], how.day_order)
        except ValueError as error:
            faults.append(Fault(number, headers[end], _said(cells[end]), str(error)))
            return None
        if last != day:
            raise NotByDay(day.isoformat(), last.isoformat())
    if day > today or day.year < 2004:
        faults.append(
            Fault(number, headers[at], _said(cells[at]), "lies in the future" if day > today else "is too old")
        )
        return None
    return day


def _measure(
    number: int, cells: Sequence[Cell], headers: Sequence[str], how: Understood, name: str, faults: list[Fault]
) -> Any:
    at = how.columns.get(name)
    if at is None:
        return None
    try:
        text = number_of(cells[at], how.decimal)
        if text is None:
            return None
        value: int | float | Decimal | None
        if name.endswith("_micros"):
            value = micros(text)
        elif name in _FRACTIONS:
            value = exact(text)
        else:
            value = float(text) if name == "watch_seconds_avg" else whole(text)
        if value is not None and value < 0 and name != "purchase_value_micros":
            raise ValueError("is below zero")
        if value is not None and abs(value) >= 9 * 10**18:
            raise ValueError("is too large")
    except ValueError as error:
        faults.append(Fault(number, headers[at], _said(cells[at]), str(error)))
        return None
    return value


def _ad(cells: Sequence[Cell], how: Understood) -> AdNamed:
    name = _text(cells, how, "ad")
    identity = _identity(_text(cells, how, "ad_id"))
    campaign = _above(cells, how, "campaign")
    ad_set = _above(cells, how, "ad_set")
    if not identity:
        # Two ads of different ad sets may be called the same.
        whole_name = "\n".join((campaign[0] if campaign else "", ad_set[0] if ad_set else "", name or ""))
        identity = BY_NAME + hashlib.sha256(whole_name.encode()).hexdigest()[:32]
    return AdNamed(identity, name or identity, campaign, ad_set)


def _above(cells: Sequence[Cell], how: Understood, kind: str) -> tuple[str, str] | None:
    name, identity = _text(cells, how, kind), _identity(_text(cells, how, f"{kind}_id"))
    if not name and not identity:
        return None
    return identity or BY_NAME + hashlib.sha256((name or "").encode()).hexdigest()[:32], name or identity or ""


def _identity(text: str | None) -> str:
    """Excel writes long numbers as 1.2E+17, which is no identity any more."""
    digits = (text or "").removesuffix(".0")
    return digits if digits.isdigit() else ""


def _text(cells: Sequence[Cell], how: Understood, name: str) -> str | None:
    at = how.columns.get(name)
    value = cells[at] if at is not None else None
    return (str(value).replace("\0", "") or None) if value is not None else None


def _header(table: Table, how: Understood, name: str) -> str:
    return table.headers[how.columns.get(name, how.columns.get("ad_id", 0))]


def _said(cell: Cell) -> str:
    return "" if cell is None else str(cell)[:100]
