"""Facts as files for other programs: every row of an account in a span of days, with the names that keys stand for.

Money is in the account's own currency; where another one is asked for, it stands beside it with the day's rate.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.exchange_rates.converting import DailyRates
from brandhound.ads.exchange_rates.keeping import rates_between
from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.models import AdAccount
from brandhound.ads.object_models import Ad, AdCampaign, AdSet
from brandhound.ads.syncing.parquet import Kind, ParquetFile
from brandhound.ads.syncing.reading_rows import MEASURES
from brandhound.core.db import Db
from brandhound.core.spreadsheets import csv_text

_AT_ONCE = 5_000
_NAMES = ("day", "account", "currency", "campaign_id", "campaign", "ad_set_id", "ad_set", "ad_id", "ad", "status")
_MONEY = tuple(name for name in MEASURES if name.endswith("_micros"))
_FRACTIONS = ("content_views", "adds_to_cart", "checkouts", "purchases", "leads")
_SAFE = str.maketrans({"\0": ""})
COLUMNS = (
    *_NAMES,
    *(name.removesuffix("_micros") for name in MEASURES),
    "attribution_setting",
    "source",
    "observed_at",
)
SHOWN_COLUMNS = ("shown_in", "exchange_rate", "spend_shown", "purchase_value_shown")
"""Behind the others, where another currency is asked for. Empty on days without a rate."""


@dataclass(frozen=True)
class ShownIn:
    """A currency to show money in, and by which rates."""

    currency: str
    rates: DailyRates | None

    def rate(self, own: str, day: date) -> float | None:
        """What one unit of a currency was worth on the day."""
        if own == self.currency:
            return 1.0
        factor = self.rates.factor(own, self.currency, day) if self.rates else None
        return factor.value if factor else None

    def cells(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """What stands behind a row."""
        value = self.rate(row[_CURRENCY_AT], row[0])
        if value is None:
            return self.currency, None, None, None
        rate = Decimal(repr(value))
        money = (None if row[at] is None else (row[at] * rate).quantize(_SMALLEST) for at in _SHOWN_AT)
        return self.currency, value, *money


async def shown_in(db: Db, currency: str, own: str, since: date, until: date) -> ShownIn:
    """A currency with the rates that the days of an account can need."""
    found = await rates_between(db, {own, currency}, since, until)
    return ShownIn(currency, found.rates)


def _query(account_id: UUID, since: date, until: date) -> Any:
    return (
        select(
            AdDailyFact.day,
            AdAccount.name.label("account"),
            AdAccount.currency,
            AdCampaign.external_id.label("campaign_id"),
            AdCampaign.name.label("campaign"),
            AdSet.external_id.label("ad_set_id"),
            AdSet.name.label("ad_set"),
            Ad.external_id.label("ad_id"),
            Ad.name.label("ad"),
            Ad.effective_status.label("status"),
            *(getattr(AdDailyFact, name) for name in MEASURES),
            AdDailyFact.attribution_setting,
            AdDailyFact.source,
            AdDailyFact.observed_at,
        )
        .join(Ad, Ad.id == AdDailyFact.ad_id)
        .join(AdAccount, AdAccount.id == AdDailyFact.ad_account_id)
        .outerjoin(AdCampaign, AdCampaign.id == Ad.campaign_id)
        .outerjoin(AdSet, AdSet.id == Ad.ad_set_id)
        .where(AdDailyFact.ad_account_id == account_id, AdDailyFact.day.between(since, until))
        .order_by(AdDailyFact.day, Ad.external_id)
    )


async def rows_of(
    db: Db, account_id: UUID, since: date, until: date, shown: ShownIn | None = None
) -> AsyncGenerator[list[tuple[Any, ...]]]:
    """The rows in portions; money in units of its currency, exact."""
    result = await db.stream(_query(account_id, since, until).execution_options(yield_per=_AT_ONCE))
    async for part in result.partitions(_AT_ONCE):
        rows = [_plain(row) for row in part]
        yield [(*row, *shown.cells(row)) for row in rows] if shown else rows


async def csv_of(
    db: Db, account_id: UUID, since: date, until: date, shown: ShownIn | None = None, *, bom: bool = False
) -> AsyncGenerator[bytes]:
    """As CSV. A name that a spreadsheet would take for a formula is written as text."""
    yield csv_text([(*COLUMNS, *(SHOWN_COLUMNS if shown else ()))], bom=bom)
    async for rows in rows_of(db, account_id, since, until, shown):
        yield csv_text([_cell(value) for value in row] for row in rows)


async def write_parquet(
    db: Db, account_id: UUID, since: date, until: date, path: Path, shown: ShownIn | None = None
) -> int:
    """As Parquet, into a file; how many rows."""
    count = 0
    with ParquetFile(path, {**_KINDS, **(_SHOWN_KINDS if shown else {})}) as file:
        async for rows in rows_of(db, account_id, since, until, shown):
            file.write(rows)
            count += len(rows)
    return count


_KINDS: dict[str, Kind] = {
    **dict.fromkeys(COLUMNS, "text"),
    **{name.removesuffix("_micros"): "exact" if name in (*_MONEY, *_FRACTIONS) else "whole" for name in MEASURES},
    "watch_seconds_avg": "float",
    "day": "date",
    "observed_at": "time",
}


_SHOWN_KINDS: dict[str, Kind] = {
    "shown_in": "text",
    "exchange_rate": "float",
    "spend_shown": "exact",
    "purchase_value_shown": "exact",
}
_SMALLEST = Decimal(1).scaleb(-6)
_FIRST = len(_NAMES)
_CURRENCY_AT = _NAMES.index("currency")
_SHOWN_AT = tuple(_FIRST + list(MEASURES).index(name) for name in ("spend_micros", "purchase_value_micros"))
_MONEY_AT = tuple(_FIRST + place for place, name in enumerate(MEASURES) if name in _MONEY)


def _plain(row: Any) -> tuple[Any, ...]:
    values = list(row)
    for place in _MONEY_AT:
        if values[place] is not None:
            values[place] = Decimal(values[place]).scaleb(-6)
    return tuple(values)


def _cell(value: object) -> object:
    return value.translate(_SAFE) if isinstance(value, str) else value
