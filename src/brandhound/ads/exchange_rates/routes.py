"""Addresses of exchange rates."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from fastapi.responses import StreamingResponse

from brandhound.ads.exchange_rates import keeping
from brandhound.ads.exchange_rates.reading import MOST_BYTES, ReadRates, read_rates
from brandhound.ads.exchange_rates.schemas import (
    Currency,
    ExchangeRateOut,
    ExchangeRatesOut,
    NewExchangeRate,
    RatesImportOut,
    RemovedRates,
)
from brandhound.ads.schemas import FaultOut
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.spreadsheets import BOM
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/exchange-rates", tags=["exchange-rates"])

_SHOWN = 100
Bom = Annotated[bool, Query(description=BOM)]
Day = Annotated[date | None, Query()]


@router.get("")
async def read_exchange_rates(db: TenantDb, _: Viewer) -> ExchangeRatesOut:
    """Which rates there are, by currency, and which currencies the ad accounts are in."""
    return await keeping.told_rates(db)


@router.post("/imports")
async def import_exchange_rates(
    db: TenantDb,
    caller: Analyst,
    table: Annotated[bytes, Body(media_type="application/octet-stream", max_length=MOST_BYTES)] = b"",
    commit: Annotated[bool, Query(description="Store them; otherwise it is only tried.")] = False,
    skip_faulty: Annotated[bool, Query(description="Leave out rates that cannot be read.")] = False,
    base: Annotated[Currency, Query(description="The currency of which one unit is worth so much")] = "EUR",
    source: Annotated[str, Query(min_length=1, max_length=80, description="Where they come from")] = "Imported table",
    since: Annotated[date | None, Query(description="Leave out rates of earlier days")] = None,
) -> RatesImportOut:
    """Read a table of daily rates: the European Central Bank's eurofxref-hist.csv, or date, currency and rate."""
    now = clock.now()
    # West of here the day after may have begun.
    read = await asyncio.to_thread(read_rates, table, base, now.date() + timedelta(days=1), since)
    compared = await keeping.import_rates(db, caller, read, source.strip(), now, commit=commit, skip_faulty=skip_faulty)
    return _shown(read, compared, commit=commit)


def _shown(read: ReadRates, compared: keeping.Compared, *, commit: bool) -> RatesImportOut:
    days = [day for _, day in read.rates]
    return RatesImportOut(
        committed=commit,
        layout=read.layout,
        base=read.base,
        rows=read.rows,
        rates=len(read.rates),
        currencies=sorted({currency for currency, _ in read.rates}),
        since=min(days, default=None),
        until=max(days, default=None),
        missing=read.missing,
        before=read.before,
        ignored=read.ignored,
        faulty=read.faulty,
        faults=[FaultOut.model_validate(one, from_attributes=True) for one in read.faults[:_SHOWN]],
        added=compared.added,
        changed=compared.changed,
        unchanged=compared.same,
    )


@router.get("/table.csv", response_class=StreamingResponse)
async def export_exchange_rates(_: TenantDb, caller: Viewer, bom: Bom = False) -> StreamingResponse:
    """All rates as CSV, in a layout that can be imported again."""
    headers = {"content-disposition": 'attachment; filename="exchange-rates.csv"'}
    return StreamingResponse(
        _csv(caller.organization_id, bom=bom), media_type="text/csv; charset=utf-8", headers=headers
    )


async def _csv(organization_id: UUID, *, bom: bool) -> AsyncGenerator[bytes]:
    async with tenant_session(organization_id) as db:
        async for piece in keeping.csv_of(db, bom=bom):
            yield piece


@router.delete("")
async def remove_exchange_rates(
    db: TenantDb,
    caller: Analyst,
    currency: Annotated[Currency | None, Query(description="Only those of this currency")] = None,
    since: Day = None,
    until: Day = None,
) -> RemovedRates:
    """Take rates away. For a day that can be taken back."""
    return await keeping.remove_rates(db, caller, currency, since, until, clock.now())


@router.delete("/removals/{removal_id}", status_code=204)
async def take_removal_of_rates_back(removal_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Put back the rates that a removal took away."""
    await keeping.take_removal_back(db, caller, removal_id, clock.now())


@router.get("/{currency}")
async def list_exchange_rates(
    currency: Currency,
    db: TenantDb,
    _: Viewer,
    until: Day = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 60,
) -> list[ExchangeRateOut]:
    """The rates of a currency, newest first."""
    return await keeping.listed_rates(db, currency, until, limit)


@router.put("/{currency}/{day}")
async def put_exchange_rate(
    currency: Currency, day: date, new: NewExchangeRate, db: TenantDb, caller: Analyst
) -> ExchangeRateOut:
    """Type in one rate; one that is there is replaced."""
    return await keeping.put_rate(db, caller, currency, day, new, clock.now())
