"""Facts as files for other programs: every row of an account in a span of days, with the names that keys stand for."""

import csv
import io
from collections.abc import AsyncGenerator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.models import AdAccount
from brandhound.ads.object_models import Ad, AdCampaign, AdSet
from brandhound.ads.syncing.parquet import Kind, ParquetFile
from brandhound.ads.syncing.reading_rows import MEASURES
from brandhound.core.db import Db

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


async def rows_of(db: Db, account_id: UUID, since: date, until: date) -> AsyncGenerator[list[tuple[Any, ...]]]:
    """The rows in portions; money in units of its currency, exact."""
    result = await db.stream(_query(account_id, since, until).execution_options(yield_per=_AT_ONCE))
    async for part in result.partitions(_AT_ONCE):
        yield [_plain(row) for row in part]


async def csv_of(db: Db, account_id: UUID, since: date, until: date) -> AsyncGenerator[bytes]:
    """As CSV (RFC 4180, UTF-8). A name that a spreadsheet would take for a formula is written as text."""
    yield (",".join(COLUMNS) + "\r\n").encode()
    async for rows in rows_of(db, account_id, since, until):
        written = io.StringIO()
        writer = csv.writer(written)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
        yield written.getvalue().encode()


async def write_parquet(db: Db, account_id: UUID, since: date, until: date, path: Path) -> int:
    """As Parquet, into a file; how many rows."""
    count = 0
    with ParquetFile(path, _KINDS) as file:
        async for rows in rows_of(db, account_id, since, until):
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


_FIRST = len(_NAMES)
_MONEY_AT = tuple(_FIRST + place for place, name in enumerate(MEASURES) if name in _MONEY)


def _plain(row: Any) -> tuple[Any, ...]:
    values = list(row)
    for place in _MONEY_AT:
        if values[place] is not None:
            values[place] = Decimal(values[place]).scaleb(-6)
    return tuple(values)


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, str):
        value = value.translate(_SAFE)
        return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    return value
