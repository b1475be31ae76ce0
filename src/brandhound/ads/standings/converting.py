"""What ads came to in one currency: each day's money by that day's rate, and only then added up. Facts stay as they are.

The sums are kept, and shown as long as they rest on the very figures and rates that there are; else they are counted anew
before anything is shown.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import delete, func, literal, select, update

from brandhound.ads.exchange_rates.converting import DailyRates
from brandhound.ads.exchange_rates.keeping import Found, rates_between
from brandhound.ads.fact_models import AdFigures
from brandhound.ads.models import AdAccount
from brandhound.ads.standings.adding_up_converted import AccountDays, Counting, count_converted
from brandhound.ads.standings.converted import Converted
from brandhound.ads.standings.converted_models import AdConvertedAccount as Kept
from brandhound.ads.standings.converted_models import AdConvertedSums
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.standings.schemas import CurrencyConverted, ShownIn
from brandhound.core import clock
from brandhound.core.db import Db

KEPT_FOR = timedelta(days=14)
"""After the last day on which somebody asked for a currency its sums are not counted any more, and forgotten."""


@dataclass(frozen=True)
class _Known:
    """What is kept of an account, and which revision of its figures there is."""

    now: int
    is_summed: bool
    """Whether sums in its own currency are of just these figures."""
    revision: int | None
    digest: str | None
    left_out: Mapping[str, float] | None
    asked_on: date | None


@dataclass(frozen=True)
class _Unit:
    """An account with the factors of its days, and what is kept of it."""

    account: AccountDays
    series: tuple[float | None, ...]
    """Of each of its days, in order: what its money is multiplied by; none where there is no rate."""
    known: _Known

    @cached_property
    def digest(self) -> str:
        said = (self.account.currency, self.account.since, self.account.until, self.series)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def left_out(self) -> Mapping[str, float]:
        """By day without a rate on which something was paid: how much, in its own currency."""
        return self.known.left_out or {}

    @property
    def is_fresh(self) -> bool:
        return (self.known.revision, self.known.digest) == (self.known.now, self.digest)

    @property
    def counting(self) -> Counting:
        return Counting(self.account, self.series, self.digest, self.known.now, self.known.is_summed)


async def convert_sums(db: Db, accounts: Sequence[AccountDays], window: int, currency: str) -> Converted:
    """See to it that the sums of these accounts in a currency are there and rest on what is known now.

    Two statements where they do, whatever number of accounts and ads there is; none where no money is in another currency.
    """
    others = [account for account in accounts if account.currency != currency]
    if not others:
        return Converted(ShownIn(currency=currency, base=None, rates=0, sources=[], currencies=[]), AdWindowSums)
    found = await rates_between(
        db,
        {*(one.currency for one in others), currency},
        min(one.since for one in others),
        max(one.until for one in others),
    )
    factors, used = _factors(accounts, found.rates, currency)
    units = await _units(db, accounts, window, currency, factors)
    now = clock.now()
    if not all(unit.is_fresh for unit in units):
        await _alone(db, window, currency)
        # Somebody else may have counted them meanwhile.
        units = await _units(db, accounts, window, currency, factors)
        stale = [unit.counting for unit in units if not unit.is_fresh]
        if stale:
            await count_converted(db, stale, window, currency, now)
            units = await _units(db, accounts, window, currency, factors)
    elif any(unit.known.asked_on != now.date() for unit in units):
        await _note_asked(db, [unit.account.id for unit in units], window, currency, now)
    gaps = [
        (unit.account.id, date.fromisoformat(day))
        for unit in units
        if unit.account.currency != currency
        for day in unit.left_out
    ]
    return Converted(_shown(units, found, used, currency), AdConvertedSums, gaps)


def _factors(
    accounts: Sequence[AccountDays], rates: DailyRates | None, currency: str
) -> tuple[Mapping[tuple[str, date], float], set[tuple[str, date]]]:
    """What money of each currency and day is multiplied by, and the rates that this takes."""
    values: dict[tuple[str, date], float] = {}
    used: set[tuple[str, date]] = set()
    for name, day in {(account.currency, day) for account in accounts for day in account.days}:
        factor = rates.factor(name, currency, day) if rates else None
        if factor is not None:
            values[(name, day)] = factor.value
            used |= factor.rates
        elif name == currency:
            values[(name, day)] = 1.0
    return values, used


async def _units(
    db: Db,
    accounts: Sequence[AccountDays],
    window: int,
    currency: str,
    factors: Mapping[tuple[str, date], float],
) -> list[_Unit]:
    """One statement. The revision is read before what is added up, so that a later one is noticed the next time."""
    mine = (Kept.ad_account_id == AdAccount.id) & (Kept.window_days == window) & (Kept.currency == currency)
    rows = await db.execute(
        select(
            AdAccount.id,
            func.coalesce(AdFigures.revision, 0),
            func.coalesce(AdFigures.summed == AdFigures.revision, literal(value=False)),
            Kept.revision,
            Kept.digest,
            Kept.left_out,
            Kept.asked_on,
        )
        .outerjoin(AdFigures, AdFigures.ad_account_id == AdAccount.id)
        .outerjoin(Kept, mine)
        .where(AdAccount.id.in_([account.id for account in accounts]))
    )
    known = {row[0]: _Known(*row[1:]) for row in rows}
    return [
        _Unit(account, tuple(factors.get((account.currency, day)) for day in account.days), known[account.id])
        for account in accounts
        if account.id in known
    ]


async def _alone(db: Db, window: int, currency: str) -> None:
    """One at a time counts an organization's sums of a window and currency."""
    key = func.concat_ws(":", "ads.converted", func.current_setting("app.organization_id"), window, currency)
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def _note_asked(db: Db, account_ids: Collection[UUID], window: int, currency: str, now: datetime) -> None:
    await db.execute(
        update(Kept)
        .where(Kept.ad_account_id.in_(account_ids), Kept.window_days == window, Kept.currency == currency)
        .values(asked_on=now.date())
    )


def _shown(units: Sequence[_Unit], found: Found, used: set[tuple[str, date]], currency: str) -> ShownIn:
    others = [unit for unit in units if unit.account.currency != currency]
    return ShownIn(
        currency=currency,
        base=found.rates.base if found.rates else None,
        rates=len(used),
        sources=sorted({found.sources[one] for one in used}),
        currencies=[
            CurrencyConverted(
                currency=name,
                days_without_rate=len(
                    {day for unit in others if unit.account.currency == name for day in unit.left_out}
                ),
                left_out=sum(sum(unit.left_out.values()) for unit in others if unit.account.currency == name),
            )
            for name in sorted({unit.account.currency for unit in others})
        ],
    )


async def count_again(db: Db, account_id: UUID | None, now: datetime) -> int:
    """Count kept sums anew that rest on other figures or rates than there are, of an account or of all.

    What nobody asked for in two weeks is forgotten. Returns of how many windows and currencies. Safe to repeat.
    """
    old = Kept.asked_on < now.date() - KEPT_FOR
    same = [
        getattr(Kept, name) == getattr(AdConvertedSums, name) for name in ("ad_account_id", "window_days", "currency")
    ]
    await db.execute(delete(AdConvertedSums).where(select(Kept.ad_account_id).where(old, *same).exists()))
    await db.execute(delete(Kept).where(old))
    wanted = select(Kept.window_days, Kept.currency).distinct().order_by(Kept.window_days, Kept.currency)
    if account_id is not None:
        wanted = wanted.where(Kept.ad_account_id == account_id)
    counted = (await db.execute(wanted)).all()
    for window, currency in counted:
        accounts = await _accounts(db, window, currency, account_id)
        await convert_sums(db, accounts, window, currency)
    return len(counted)


async def is_kept(db: Db, account_id: UUID | None = None) -> bool:
    """Whether anything is kept, of an account or of any."""
    wanted = select(Kept.ad_account_id)
    if account_id is not None:
        wanted = wanted.where(Kept.ad_account_id == account_id)
    return await db.scalar(wanted.limit(1)) is not None


async def _accounts(db: Db, window: int, currency: str, account_id: UUID | None) -> list[AccountDays]:
    """Accounts of which sums in a currency are kept, with the days of their windows."""
    wanted = (
        select(
            AdWindowSums.ad_account_id, AdAccount.currency, func.min(AdWindowSums.since), func.max(AdWindowSums.until)
        )
        .join(AdAccount, AdAccount.id == AdWindowSums.ad_account_id)
        .join(Kept, (Kept.ad_account_id == AdAccount.id) & (Kept.currency == currency) & (Kept.window_days == window))
        .where(AdWindowSums.window_days == window)
        .group_by(AdWindowSums.ad_account_id, AdAccount.currency)
    )
    if account_id is not None:
        wanted = wanted.where(AdAccount.id == account_id)
    return [AccountDays(*row) for row in await db.execute(wanted)]
