"""Days of ads added up in another currency, and kept with what they were added up from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    Integer,
    Select,
    Text,
    Uuid,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.elements import Grouping

from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.standings.converted_models import AdConvertedAccount, AdConvertedSums
from brandhound.ads.standings.formulas_in_sql import MILLION
from brandhound.ads.standings.models import AdWindowSums
from brandhound.core.db import Db, without_nested_loops

_ADDITIVE = tuple(name for name, measure in MEASURES.items() if measure.additive)
_MONEY = tuple(name for name in _ADDITIVE if MEASURES[name].kind == "money")


@dataclass(frozen=True)
class AccountDays:
    """The days of an account's window."""

    id: UUID
    currency: str
    since: date
    until: date

    @property
    def days(self) -> list[date]:
        """Each of them, in order."""
        return [self.since + timedelta(days=at) for at in range((self.until - self.since).days + 1)]


@dataclass(frozen=True)
class Counting:
    """An account whose sums are to be counted."""

    account: AccountDays
    series: tuple[float | None, ...]
    """Of each day, in order: what its money is multiplied by."""
    digest: str
    revision: int
    is_summed: bool
    """Whether sums in its own currency are of the figures that there are."""

    @property
    def counts_stand(self) -> bool:
        """Whether counts, of which nothing is converted, are those of the sums in its own currency."""
        return self.is_summed and not self.gaps

    @property
    def gaps(self) -> list[date]:
        """Days without a rate."""
        return [day for day, factor in zip(self.account.days, self.series, strict=True) if factor is None]


async def count_converted(db: Db, stale: Sequence[Counting], window: int, currency: str, now: datetime) -> None:
    """Count the sums of these accounts and keep them. As many statements however many accounts and ads.

    Whoever calls is the only one to count sums of this window and currency.
    """
    ids = [one.account.id for one in stale]
    left_out = await _left_out(db, [(one.account.id, day) for one in stale for day in one.gaps])
    await db.execute(
        delete(AdConvertedSums).where(
            AdConvertedSums.ad_account_id.in_(ids),
            AdConvertedSums.window_days == window,
            AdConvertedSums.currency == currency,
        )
    )
    chosen = added_up(stale, window, currency)
    await db.execute(text("select set_config('jit', 'off', true)"))
    # Sums have no statistics, and would be taken for one row.
    async with without_nested_loops(db):
        await db.execute(
            insert(AdConvertedSums).from_select([column.name for column in chosen.selected_columns], chosen)
        )
    kept = upsert(AdConvertedAccount).values(
        [
            {
                "ad_account_id": one.account.id,
                "window_days": window,
                "currency": currency,
                "revision": one.revision,
                "digest": one.digest,
                "left_out": {day.isoformat(): spend for day, spend in left_out.get(one.account.id, {}).items()},
                "asked_on": now.date(),
                "counted_at": now,
            }
            for one in stale
        ]
    )
    fresh = {name: kept.excluded[name] for name in ("revision", "digest", "left_out", "counted_at")}
    key = ["organization_id", "ad_account_id", "window_days", "currency"]
    await db.execute(kept.on_conflict_do_update(index_elements=key, set_=fresh))


async def _left_out(db: Db, gaps: Sequence[tuple[UUID, date]]) -> dict[UUID, dict[date, float]]:
    """By account: the days without a rate on which something was paid, and how much, in its own currency."""
    if not gaps:
        return {}
    account_ids, days = [one for one, _ in gaps], [day for _, day in gaps]
    missing = select(
        func.unnest(cast(account_ids, ARRAY(Uuid))).label("account_id"),
        func.unnest(cast(days, ARRAY(Date))).label("day"),
    ).subquery()
    rows = await db.execute(
        select(Fact.ad_account_id, Fact.day, cast(func.sum(Fact.spend_micros), Double) / MILLION)
        .join(missing, (missing.c.account_id == Fact.ad_account_id) & (missing.c.day == Fact.day))
        .where(Fact.ad_account_id.in_(set(account_ids)), Fact.day.between(min(days), max(days)))
        .group_by(Fact.ad_account_id, Fact.day)
    )
    found: dict[UUID, dict[date, float]] = {}
    for account_id, day, spend in rows:
        found.setdefault(account_id, {})[day] = float(spend or 0)
    return found


def added_up(stale: Sequence[Counting], window: int, currency: str) -> Any:
    """The rows to keep. Accounts of the same currency and days are one part, so that factors need no table that is joined."""
    alike: dict[tuple[str, date, date, bool], list[Counting]] = {}
    for one in stale:
        account = one.account
        alike.setdefault((account.currency, account.since, account.until, one.counts_stand), []).append(one)
    parts = [
        _own(those, window, currency) if of == currency else _part(those, window, currency)
        for (of, *_), those in alike.items()
    ]
    return parts[0] if len(parts) == 1 else union_all(*parts)


def _rows(
    those: Sequence[Counting], window: int, currency: str, left_out: ColumnElement[Any], sums: Mapping[str, Any]
) -> Select[Any]:
    """One row for each ad of which there are sums in its own currency."""
    chosen: Select[Any] = select(  # pyright: ignore[reportAssignmentType]
        AdWindowSums.ad_account_id,
        AdWindowSums.ad_id,
        AdWindowSums.window_days,
        literal(currency, Text).label("currency"),
        cast(left_out, Integer).label("days_without_rate"),
        *(cast(sums[name], Double).label(_column(name)) for name in MEASURES),
    )
    ids = [one.account.id for one in those]
    return chosen.where(AdWindowSums.ad_account_id.in_(ids), AdWindowSums.window_days == window)


def _column(name: str) -> str:
    return name if name == "watch_seconds" else MEASURES[name].column


def _own(those: Sequence[Counting], window: int, currency: str) -> Select[Any]:
    """Accounts that are in the currency already: nothing of theirs is touched."""
    sums = {name: getattr(AdWindowSums, _column(name)) for name in MEASURES}
    return _rows(those, window, currency, literal(0), sums)


def _part(those: Sequence[Counting], window: int, currency: str) -> Select[Any]:
    """Each day's money times its factor, added up.

    What lies on days without a factor is left out of the counts, too: else money of some days would be divided by what all
    brought.
    """
    account, series = those[0].account, those[0].series
    gaps = bool(those[0].gaps)
    factor: ColumnElement[Any] = Grouping(cast(list(series), ARRAY(Double)))[
        Fact.day - literal(account.since, Date) + 1
    ]
    sums: list[ColumnElement[Any]] = []
    names = _MONEY if those[0].counts_stand else _ADDITIVE
    for name in names:
        if name == "watch_seconds":
            sum_ = func.sum(Fact.watch_seconds_avg * Fact.plays).filter(factor.is_not(None))
        elif name in _MONEY:
            sum_ = func.sum(getattr(Fact, MEASURES[name].column) * factor)
        else:
            sum_ = func.sum(getattr(Fact, MEASURES[name].column)).filter(factor.is_not(None))
        sums.append(cast(sum_, Double).label(name))
    within = Fact.ad_account_id.in_([one.account.id for one in those]), Fact.day.between(account.since, account.until)
    covered = func.count(factor) if gaps else func.count()
    left_out = func.count() - covered if gaps else literal(0)
    known = (
        select(Fact.ad_id, covered.label("covered"), left_out.label("left_out"), *sums)
        .where(*within)
        .group_by(Fact.ad_id)
        .subquery()
    )
    values: dict[str, Any] = {}
    for name in MEASURES:
        own: ColumnElement[Any] = getattr(AdWindowSums, _column(name))
        if name in names:
            # Nothing is nothing in whatever currency.
            nothing = case((own.is_(None), null()), ((own == 0) | (known.c.covered > 0), literal(0.0, Double)))
            values[name] = func.coalesce(known.c[name], nothing)
        else:
            # Reach of some of the days is not known.
            values[name] = null() if gaps else own
    rows = _rows(those, window, currency, func.coalesce(known.c.left_out, 0), values)
    return rows.outerjoin(known, known.c.ad_id == AdWindowSums.ad_id)
