"""What ads came to in one currency: each day's money by that day's rate, and only then added up. Facts stay as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Double, Subquery, Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

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


@dataclass(frozen=True)
class _Factors:
    """What the money of each account and day is multiplied by, and for which there is nothing."""

    values: Mapping[tuple[UUID, date], float]
    gaps: Sequence[tuple[UUID, date]]


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
        return Converted(shown, same, [], [], {name: [] for name in MEASURES}, has_gaps=False)
    since, until = min(one.since for one in others), max(one.until for one in others)
    named = {one.currency for one in others}
    found = await rates_between(db, {*named, currency}, since, until)
    factors, used = _factors(others, found.rates, currency)
    left_out = await _left_out(db, factors.gaps) if factors.gaps else {}
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
    names = sorted(
        name for name in needed if MEASURES[name].kind == "money" or (factors.gaps and MEASURES[name].additive)
    )
    return await _summed(db, shown, same, factors, names)


def _factors(
    accounts: Sequence[_Account], rates: DailyRates | None, currency: str
) -> tuple[_Factors, set[tuple[str, date]]]:
    values: dict[tuple[UUID, date], float] = {}
    gaps: list[tuple[UUID, date]] = []
    used: set[tuple[str, date]] = set()
    for account in accounts:
        for day in account.days:
            factor = rates.factor(account.currency, currency, day) if rates else None
            if factor is None:
                gaps.append((account.id, day))
            else:
                values[(account.id, day)] = factor.value
                used |= factor.rates
    return _Factors(values, gaps), used


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


async def _summed(db: Db, shown: ShownIn, same: tuple[UUID, ...], factors: _Factors, names: Sequence[str]) -> Converted:
    """By ad: each day's money times its factor, added up; counts are of the same days."""
    keys = list(factors.values)
    rows: Sequence[Any] = []
    if keys and names:
        known = _by_day(keys, [factors.values[key] for key in keys])
        sums = [cast(func.sum(_of_day(name, known)), Double).label(name) for name in names]
        statement = (
            select(Fact.ad_id, func.count(), *sums)
            .join(known, (known.c.account_id == Fact.ad_account_id) & (known.c.day == Fact.day))
            .where(*_within(keys))
            .group_by(Fact.ad_id)
        )
        rows = (await db.execute(statement)).all()
    return Converted(
        shown,
        same,
        [row[0] for row in rows],
        [row[1] for row in rows],
        {name: [row[2 + at] for row in rows] for at, name in enumerate(names)},
        has_gaps=bool(factors.gaps),
    )


def _of_day(name: str, known: Subquery) -> Any:
    if name == "watch_seconds":
        return Fact.watch_seconds_avg * Fact.plays
    column = cast(getattr(Fact, MEASURES[name].column), Double)
    return column * known.c.factor / MILLION if MEASURES[name].kind == "money" else column


def _by_day(keys: Sequence[tuple[UUID, date]], factors: Sequence[float] = ()) -> Subquery:
    columns = [
        func.unnest(cast([account_id for account_id, _ in keys], ARRAY(Uuid))).label("account_id"),
        func.unnest(cast([day for _, day in keys], ARRAY(Date))).label("day"),
    ]
    if factors:
        columns.append(func.unnest(cast(list(factors), ARRAY(Double))).label("factor"))
    return select(*columns).subquery()


def _within(keys: Sequence[tuple[UUID, date]]) -> tuple[Any, ...]:
    days = [day for _, day in keys]
    return Fact.ad_account_id.in_({account_id for account_id, _ in keys}), Fact.day.between(min(days), max(days))
