"""What a call costs, by a table that is data: `prices.json` names its source and the day it was read.

A model that is not in the table has no price, which is not the same as costing nothing: its cost stays unknown until the
organization enters one, and meanwhile the limit of tokens holds it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

_MILLION = 1_000_000
_DATED = re.compile(r"(-\d{4}-\d{2}-\d{2}|-\d{8}|-latest|-preview(-[\d-]+)?|-\d{3})$")


@dataclass(frozen=True)
class Usage:
    """Tokens of one call. `cached` are part of `read`."""

    read: int = 0
    written: int = 0
    cached: int = 0

    @property
    def total(self) -> int:
        return self.read + self.written


@dataclass(frozen=True)
class Price:
    """Millionths of a dollar for a million tokens. `source` and `read_on` say where that is from."""

    read: int
    written: int
    cached: int
    source: str
    read_on: date | None = None

    def cost(self, usage: Usage) -> int:
        """What that much costs, in millionths of a dollar, rounded up: a call is never counted as less than it was."""
        fresh = max(0, usage.read - usage.cached)
        sum_ = fresh * self.read + min(usage.cached, usage.read) * self.cached + usage.written * self.written
        return -(-sum_ // _MILLION)


def own_price(read: int | None, written: int | None) -> Price | None:
    """A price that the organization entered; both parts of it are needed."""
    if read is None or written is None:
        return None
    return Price(read, written, read, "entered here")


def price_of(provider: str, model: str, own: Price | None = None) -> Price | None:
    """The organization's own price, else that of the table; None where neither knows it."""
    if own is not None:
        return own
    table = _table()
    known = table.models.get(provider, {})
    name = model.lower().removeprefix("models/")
    row = known.get(name) or known.get(_DATED.sub("", name))
    if row is None:
        return None
    read, cached, written = row
    return Price(read, written, cached, table.source, table.read_on)


def priced_models(provider: str) -> list[str]:
    """The models of a provider that are in the table, for a list to choose from."""
    return sorted(_table().models.get(provider, {}))


@dataclass(frozen=True)
class _Table:
    source: str
    read_on: date
    models: Mapping[str, Mapping[str, tuple[int, int, int]]]


@cache
def _table() -> _Table:
    data: dict[str, Any] = json.loads((files("brandhound.providers.ai") / "prices.json").read_text("utf-8"))
    models = {
        provider: {name: (int(row[0]), int(row[1]), int(row[2])) for name, row in rows.items()}
        for provider, rows in data["models"].items()
    }
    return _Table(data["source"], date.fromisoformat(data["read_on"]), models)


def table_source() -> tuple[str, date]:
    """Where the table is from, and when it was read."""
    return _table().source, _table().read_on
