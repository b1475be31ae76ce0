"""What ads came to in one currency: each day's money by that day's rate, and only then added up. Facts stay as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    Select,
    Subquery,
    Text,
    Uuid,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import Grouping

from brandhound.ads.exchange_rates.converting import DailyRates
from brandhound.ads.exchange_rates.keeping import rates_between
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.formulas import names_in
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.models import AdAccount
from brandhound.ads.standings.asking import AdFilter, Asked, matching
from brandhound.ads.standings.converted import Converted
from brandhound.ads.standings.formulas_in_sql import MILLION, touches_money
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.standings.schemas import CurrencyConverted, ShownIn
from brandhound.core.db import Db


@dataclass(frozen=True)
class _Account:
    """The days of an account."""

    id: UUID
    currency: str
    since: date
    until: date

    @property
    def days(self) -> list[date]:
        return [self.since + timedelta(days=at) for at in range((self.until - self.since).days + 1)]


Factors = Mapping[tuple[str, date], float]
"""By currency and day; nothing where there is no rate."""
KEYS = ("ad_id", "covered_days")


async def convert_sums(db: Db, wanted: AdFilter, asked: Asked, columns: Sequence[str], currency: str) -> Converted:
    """The sums that these columns need, with money in a currency. Three statements, and one more where rates are missing."""
    rows = await db.execute(
        matching(
            [
                AdWindowSums.ad_account_id,
                AdAccount.currency,
                func.min(AdWindowSums.since),
                func.max(AdWindowSums.until),
            ],
            wanted,
            AdAccount,
        ).group_by(AdWindowSums.ad_account_id, AdAccount.currency)
    )
    accounts = [_Account(*row) for row in rows]
    others = [account for account in accounts if account.currency != currency]
    same = tuple(account.id for account in accounts if account.currency == currency)
    if not others:
        shown = ShownIn(currency=currency, base=None, rates=0, sources=[], currencies=[])
        return Converted(shown, same, dict.fromkeys((*KEYS, *MEASURES), "{}"), has_gaps=False)
    since, until = min(one.since for one in others), max(one.until for one in others)
    named = {one.currency for one in others}
    found = await rates_between(db, {*named, currency}, since, until)
    factors, used = _factors(others, found.rates, currency)
    gaps = [(one.id, day) for one in others for day in one.days if (one.currency, day) not in factors]
    left_out = await _left_out(db, gaps) if gaps else {}
    shown = ShownIn(
        currency=currency,
        base=found.rates.base if found.rates else None,
        rates=len(used),
        sources=sorted({found.sources[one] for one in used}),
        currencies=[
            CurrencyConverted(
                currency=name,
                days_without_rate=len(
                    {day for one in others if one.currency == name for day in left_out.get(one.id, {})}
                ),
                left_out=sum(sum(left_out.get(one.id, {}).values()) for one in others if one.currency == name),
            )
            for name in sorted(named)
        ],
    )
    needed = {
        name for column in columns for name in names_in(asked.formula(column)) if touches_money(asked.formula(column))
    }
    # What lies between is left out of the counts, too: else money of some days would be divided by what all brought.
    names = sorted(name for name in needed if MEASURES[name].kind == "money" or (gaps and MEASURES[name].additive))
    arrays = await _summed(db, others, factors, names) if factors and names else dict.fromkeys((*KEYS, *names), "{}")
    return Converted(shown, same, arrays, has_gaps=bool(gaps))


def _factors(
    accounts: Sequence[_Account], rates: DailyRates | None, currency: str
) -> tuple[Factors, set[tuple[str, date]]]:
    """What money of each currency and day is multiplied by, and the rates that this takes."""
    values: dict[tuple[str, date], float] = {}
    used: set[tuple[str, date]] = set()
    for name, day in {(account.currency, day) for account in accounts for day in account.days}:
        factor = rates.factor(name, currency, day) if rates else None
        if factor is not None:
            values[(name, day)] = factor.value
            used |= factor.rates
    return values, used


async def _left_out(db: Db, gaps: Sequence[tuple[UUID, date]]) -> dict[UUID, dict[date, float]]:
    """By account: the days without a rate on which something was paid, and how much, in its own currency."""
    missing = _by_day(gaps)
    rows = await db.execute(
        select(Fact.ad_account_id, Fact.day, cast(func.sum(Fact.spend_micros), Double) / MILLION)
        .join(missing, (missing.c.account_id == Fact.ad_account_id) & (missing.c.day == Fact.day))
        .where(*_within(gaps))
        .group_by(Fact.ad_account_id, Fact.day)
    )
    found: dict[UUID, dict[date, float]] = {}
    for account_id, day, spend in rows:
        found.setdefault(account_id, {})[day] = float(spend or 0)
    return found


async def _summed(db: Db, accounts: Sequence[_Account], factors: Factors, names: Sequence[str]) -> dict[str, str]:
    """By ad: each day's money times its factor, added up; counts are of the same days. Arrays as the database writes them.

    One part for accounts of the same currency and days: a table of factors that is joined would be taken for one row, and all
    their days sorted to be added up.
    """
    alike: dict[tuple[str, date, date], list[UUID]] = {}
    for one in accounts:
        alike.setdefault((one.currency, one.since, one.until), []).append(one.id)
    parts = [_part(ids, key[1], key[2], _series(factors, *key), names) for key, ids in alike.items()]
    sums = union_all(*parts).subquery()
    row = (await db.execute(select(*(cast(func.array_agg(column), Text) for column in sums.c)))).one()
    return {column.name: array or "{}" for column, array in zip(sums.c, row, strict=True)}


def _series(factors: Factors, currency: str, since: date, until: date) -> list[float | None]:
    """The factors of each day, in order."""
    days = (until - since).days + 1
    return [factors.get((currency, since + timedelta(days=at))) for at in range(days)]


def _part(
    account_ids: Sequence[UUID], since: date, until: date, series: Sequence[float | None], names: Sequence[str]
) -> Select[Any]:
    place = Fact.day - literal(since, Date) + 1
    factor: ColumnElement[Any] = Grouping(cast(list(series), ARRAY(Double)))[place]
    sums: list[ColumnElement[Any]] = []
    for name in names:
        if name == "watch_seconds":
            sums.append(func.sum(Fact.watch_seconds_avg * Fact.plays).filter(factor.is_not(None)))
        elif MEASURES[name].kind == "money":
            sums.append(func.sum(getattr(Fact, MEASURES[name].column) * factor) / MILLION)
        else:
            sums.append(func.sum(getattr(Fact, MEASURES[name].column)).filter(factor.is_not(None)))
    summed: Select[Any] = (
        select(  # pyright: ignore[reportAssignmentType]
            Fact.ad_id,
            func.count(factor).label("covered_days"),
            *(cast(sum_, Double).label(name) for sum_, name in zip(sums, names, strict=True)),
        )
        .where(Fact.ad_account_id.in_(account_ids), Fact.day.between(since, until))
        .group_by(Fact.ad_id)
    )
    return summed


def _by_day(keys: Sequence[tuple[UUID, date]]) -> Subquery:
    return select(
        func.unnest(cast([account_id for account_id, _ in keys], ARRAY(Uuid))).label("account_id"),
        func.unnest(cast([day for _, day in keys], ARRAY(Date))).label("day"),
    ).subquery()


def _within(keys: Sequence[tuple[UUID, date]]) -> tuple[Any, ...]:
    days = [day for _, day in keys]
    return Fact.ad_account_id.in_({account_id for account_id, _ in keys}), Fact.day.between(min(days), max(days))
