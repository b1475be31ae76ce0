"""Rates as an organization keeps them: put in, looked up, taken away and back."""

from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Numeric, Text, cast, delete, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert

from brandhound.ads.exchange_rates.converting import OLDEST, DailyRates, series_of
from brandhound.ads.exchange_rates.errors import BadRate, OtherBase, RatesFaulty
from brandhound.ads.exchange_rates.events import RatesChanged
from brandhound.ads.exchange_rates.models import ExchangeRate as Rate
from brandhound.ads.exchange_rates.reading import ReadRates
from brandhound.ads.exchange_rates.reading_numbers import number_of
from brandhound.ads.exchange_rates.schemas import (
    CurrencyNeeded,
    ExchangeRateOut,
    ExchangeRatesOut,
    NewExchangeRate,
    RatesOfCurrency,
    RemovedRates,
)
from brandhound.ads.models import AdAccount
from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.problems import NotThere
from brandhound.core.spreadsheets import csv_text
from brandhound.jobs.registry import announce
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Caller

TAKEN_BACK_FOR = timedelta(days=1)
"""So long a removal can be taken back."""
_AT_ONCE = 20_000
_COUNTS = Rate.removal_id.is_(None)
_ALONE = (
    "select pg_advisory_xact_lock(hashtextextended("
    "'brandhound:exchange-rates:' || current_setting('app.organization_id'), 0))"
)


@dataclass(frozen=True)
class Compared:
    """Rates of a table beside those that are there."""

    added: int
    changed: int
    same: int


async def base_of(db: Db) -> str | None:
    """The currency that all rates are against; none while there are none."""
    return await db.scalar(select(Rate.base).where(_COUNTS).limit(1))


async def import_rates(
    db: Db, caller: Caller, read: ReadRates, source: str, now: datetime, *, commit: bool, skip_faulty: bool
) -> Compared:
    """Compare the rates of a table with those that are there, and store them if that is wanted.

    A rate that is there with another value is replaced. Raises OtherBase, or RatesFaulty before it stores.
    """
    if commit:
        if read.faulty and not skip_faulty:
            raise RatesFaulty(read.faulty)
        await _alone(db, now)
    await _same_base(db, read.base)
    known = await _known(db, read.rates)
    added = [key for key in read.rates if key not in known]
    changed = [key for key, rate in known.items() if read.rates[key] != rate]
    if commit:
        await _store(db, caller, {key: read.rates[key] for key in (*added, *changed)}, read.base, source, now)
        facts: dict[str, object] = {"source": source, "base": read.base, "added": len(added), "changed": len(changed)}
        await record(db, caller, "ads.exchange_rates_imported", "exchange_rates", None, facts)
        await announce(db, RatesChanged())
    return Compared(len(added), len(changed), len(known) - len(changed))


async def put_rate(
    db: Db, caller: Caller, currency: str, day: date, new: NewExchangeRate, now: datetime
) -> ExchangeRateOut:
    """One rate, instead of one that is there. Raises BadRate or OtherBase."""
    rate = number_of(new.rate)
    if isinstance(rate, str):
        raise BadRate(rate)
    if currency == new.base:
        raise BadRate(f"one {currency} is one {currency}")
    if day > now.date() + timedelta(days=1):
        raise BadRate("that day is yet to come")
    await _alone(db, now)
    await _same_base(db, new.base, but=(currency, day))
    await _store(db, caller, {(currency, day): rate}, new.base, new.source, now)
    facts: dict[str, object] = {
        "currency": currency, "day": day.isoformat(), "rate": f"{rate.normalize():f}", "source": new.source
    }  # fmt: skip
    await record(db, caller, "ads.exchange_rate_put", "exchange_rates", None, facts)
    await announce(db, RatesChanged())
    return ExchangeRateOut(
        currency=currency, day=day, base=new.base, rate=f"{rate.normalize():f}", source=new.source, brought_at=now
    )


async def _alone(db: Db, now: datetime) -> None:
    """One change at a time, so that all rates stay against one base. What was removed long ago goes for good."""
    await db.execute(text(_ALONE))
    await db.execute(delete(Rate).where(Rate.removed_at < now - TAKEN_BACK_FOR))


async def _same_base(db: Db, base: str, but: tuple[str, date] | None = None) -> None:
    others = select(Rate.base).where(_COUNTS, Rate.base != base)
    if but is not None:
        others = others.where((Rate.currency != but[0]) | (Rate.day != but[1]))
    other = await db.scalar(others.limit(1))
    if other is not None:
        raise OtherBase(other, base)


async def _known(db: Db, rates: Mapping[tuple[str, date], Decimal]) -> dict[tuple[str, date], Decimal]:
    """Of these currencies and days, the rates that are there."""
    if not rates:
        return {}
    days = [day for _, day in rates]
    rows = await db.execute(
        select(Rate.currency, Rate.day, Rate.rate).where(
            _COUNTS, Rate.currency.in_({currency for currency, _ in rates}), Rate.day.between(min(days), max(days))
        )
    )
    return {(currency, day): rate for currency, day, rate in rows if (currency, day) in rates}


async def _store(
    db: Db, caller: Caller, rates: Mapping[tuple[str, date], Decimal], base: str, source: str, now: datetime
) -> None:
    keys = list(rates)
    for start in range(0, len(keys), _AT_ONCE):
        chunk = keys[start : start + _AT_ONCE]
        columns = {
            "currency": func.unnest(cast([currency for currency, _ in chunk], ARRAY(Text))),
            "day": func.unnest(cast([day for _, day in chunk], ARRAY(Date))),
            "rate": func.unnest(cast([rates[key] for key in chunk], ARRAY(Numeric))),
            "base": literal(base),
            "source": literal(source),
            "brought_at": literal(now),
            "brought_by": literal(caller.user_id, type_=Rate.brought_by.type),
        }
        put = insert(Rate).from_select(list(columns), select(*columns.values()))
        fresh = {name: put.excluded[name] for name in ("rate", "base", "source", "brought_at", "brought_by")}
        gone = {"removal_id": None, "removed_at": None}
        await db.execute(
            put.on_conflict_do_update(index_elements=["organization_id", "currency", "day"], set_={**fresh, **gone})
        )


async def remove_rates(
    db: Db, caller: Caller, currency: str | None, since: date | None, until: date | None, now: datetime
) -> RemovedRates:
    """Take rates away, all unless some are named; for a day that can be taken back. Raises NotThere."""
    await _alone(db, now)
    removal_id = uuid7()
    taken = update(Rate).where(_COUNTS).values(removal_id=removal_id, removed_at=now)
    if currency is not None:
        taken = taken.where(Rate.currency == currency)
    if since is not None:
        taken = taken.where(Rate.day >= since)
    if until is not None:
        taken = taken.where(Rate.day <= until)
    count = len((await db.execute(taken.returning(Rate.day))).all())
    if count == 0:
        raise NotThere("rate")
    facts: dict[str, object] = {"currency": currency, "rates": count}
    await record(db, caller, "ads.exchange_rates_removed", "exchange_rates", removal_id, facts)
    await announce(db, RatesChanged())
    return RemovedRates(removal_id=removal_id, rates=count)


async def take_removal_back(db: Db, caller: Caller, removal_id: UUID, now: datetime) -> None:
    """Put back what a removal took away. What was put in again since stays. Raises NotThere or OtherBase."""
    await _alone(db, now)
    mine = Rate.removal_id == removal_id
    base = await db.scalar(select(Rate.base).where(mine).limit(1))
    if base is None:
        raise NotThere("removal")
    await _same_base(db, base)
    await db.execute(update(Rate).where(mine).values(removal_id=None, removed_at=None))
    await record(db, caller, "ads.exchange_rates_put_back", "exchange_rates", removal_id, {})
    await announce(db, RatesChanged())


async def told_rates(db: Db) -> ExchangeRatesOut:
    """Which rates there are, by currency, and which currencies the accounts are in. Two statements."""
    rows = await db.execute(
        select(
            Rate.currency,
            func.count(),
            func.min(Rate.day),
            func.max(Rate.day),
            func.max(Rate.brought_at),
            func.max(Rate.base),
            func.array_agg(aggregate_order_by(Rate.source.distinct(), Rate.source)),
        )
        .where(_COUNTS)
        .group_by(Rate.currency)
        .order_by(Rate.currency)
    )
    bases: set[str] = set()
    found: list[RatesOfCurrency] = []
    for currency, count, since, until, brought_at, base, sources in rows:
        bases.add(base)
        found.append(
            RatesOfCurrency(
                currency=currency, rates=count, since=since, until=until, sources=list(sources), brought_at=brought_at
            )
        )
    accounts = await db.execute(
        select(AdAccount.currency, func.count()).group_by(AdAccount.currency).order_by(AdAccount.currency)
    )
    return ExchangeRatesOut(
        base=next(iter(bases), None),
        rates=sum(one.rates for one in found),
        currencies=found,
        needed=[CurrencyNeeded(currency=currency, accounts=count) for currency, count in accounts],
    )


async def listed_rates(db: Db, currency: str, until: date | None, limit: int) -> list[ExchangeRateOut]:
    """The rates of a currency, newest first."""
    wanted = select(Rate).where(_COUNTS, Rate.currency == currency)
    if until is not None:
        wanted = wanted.where(Rate.day <= until)
    return [_shown(rate) for rate in await db.scalars(wanted.order_by(Rate.day.desc()).limit(limit))]


def _shown(rate: Rate) -> ExchangeRateOut:
    return ExchangeRateOut(
        currency=rate.currency,
        day=rate.day,
        base=rate.base,
        rate=f"{rate.rate.normalize():f}",
        source=rate.source,
        brought_at=rate.brought_at,
    )


@dataclass(frozen=True)
class Found:
    """Rates to convert by, and where they come from."""

    rates: DailyRates | None
    """None while the organization has put in no rate at all."""
    sources: Mapping[tuple[str, date], str]


async def rates_between(db: Db, currencies: Collection[str], since: date, until: date) -> Found:
    """The rates of these currencies that days from `since` to `until` can need. One statement."""
    rows = (
        await db.execute(
            select(Rate.currency, Rate.day, Rate.rate, Rate.source, Rate.base).where(
                _COUNTS, Rate.currency.in_(sorted(currencies)), Rate.day.between(since - OLDEST, until)
            )
        )
    ).all()
    if not rows:
        return Found(None, {})
    by_currency: dict[str, list[tuple[date, float]]] = {}
    for currency, day, rate, _, _ in rows:
        by_currency.setdefault(currency, []).append((day, float(rate)))
    series = {currency: series_of(rates) for currency, rates in by_currency.items()}
    return Found(DailyRates(rows[0][4], series), {(row[0], row[1]): row[3] for row in rows})


EXPORTED = ("date", "currency", "rate", "base", "source", "brought_at")


async def csv_of(db: Db, *, bom: bool = False) -> AsyncGenerator[bytes]:
    """All rates as CSV, in the layout that the import reads. A source that a spreadsheet would take for a formula is text."""
    yield csv_text([EXPORTED], bom=bom)
    query = select(Rate).where(_COUNTS).order_by(Rate.currency, Rate.day)
    result = await db.stream_scalars(query.execution_options(yield_per=_AT_ONCE))
    async for part in result.partitions(_AT_ONCE):
        yield csv_text(_cells(part))


def _cells(rates: Sequence[Rate]) -> Iterable[Sequence[Any]]:
    for one in rates:
        yield one.day, one.currency, f"{one.rate.normalize():f}", one.base, one.source, one.brought_at.isoformat()
