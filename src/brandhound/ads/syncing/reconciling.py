"""Our totals against the platform's own, day by day; and where they differ, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.metrics.units import DIGITS
from brandhound.ads.models import AdAccount
from brandhound.ads.sync_models import AdAccountDay, AdSync
from brandhound.ads.syncing.leaving import Left
from brandhound.core.db import Db

COMPARED = ("spend_micros", "impressions", "clicks", "link_clicks", "purchases", "purchase_value_micros")

Cause = Literal["equal", "rounding", "no_source", "no_rows", "read_earlier", "moved", "attribution", "unexplained"]

_ATTRIBUTED = ("purchases", "purchase_value_micros")

WORDS: Mapping[Cause, str] = {
    "equal": "The same.",
    "rounding": "Each ad's amount is rounded by itself; that is all the difference.",
    "no_source": "The platform's total of this day was not asked for yet: the next sync does.",
    "no_rows": "The platform has a total, and no ad of this day is here: sync again with more days back.",
    "read_earlier": "Not all ads of this day could be read when its total was: a later sync tries them again.",
    "moved": "Numbers of this day moved between the reading of the ads and that of the total; the next sync settles it.",
    "attribution": "Ad sets count in windows of their own, and the account in its own one: conversions may differ for good.",
    "unexplained": "Nothing we know explains it. Ads that the token may not read would: compare the permissions.",
}


@dataclass(frozen=True)
class Compared:
    """One measure of one day."""

    measure: str
    ours: Decimal | None
    source: Decimal | None
    difference: Decimal | None
    cause: Cause


@dataclass(frozen=True)
class DayCompared:
    """One day: its measures, and the most telling cause among them."""

    day: date
    ads: int
    measures: list[Compared]
    cause: Cause
    ours_at: datetime | None
    source_at: datetime | None

    @property
    def words(self) -> str:
        """What explains it, in a sentence."""
        return WORDS[self.cause]


@dataclass(frozen=True)
class OurDay:
    """What the ads of one day come to."""

    ads: int
    at: datetime | None
    """When the last of them changed: a day that stands still is read again and again, and is as old as ever."""
    sums: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Reading:
    """How one day was read, which explains what differs."""

    ends_at: datetime
    """Until then its numbers grow by the minute."""
    was_left: bool = False
    """Its ads could not be read by the sync that read its total."""


async def compare_days(db: Db, account: AdAccount, since: date, until: date) -> list[DayCompared]:
    """Every day for which either side has something, the newest first. Three queries, however many ads."""
    account_id = account.id
    sums = [func.sum(getattr(AdDailyFact, name)).label(name) for name in COMPARED]
    ours = {
        row.day: OurDay(row.ads, row.at, {name: getattr(row, name) for name in COMPARED})
        for row in await db.execute(
            select(AdDailyFact.day, func.count().label("ads"), func.max(AdDailyFact.observed_at).label("at"), *sums)
            .where(AdDailyFact.ad_account_id == account_id, AdDailyFact.day.between(since, until))
            .group_by(AdDailyFact.day)
        )
    }
    totals = {
        row.day: row
        for row in await db.scalars(
            select(AdAccountDay).where(AdAccountDay.account_id == account_id, AdAccountDay.day.between(since, until))
        )
    }
    left = await _left(db, account_id)
    unit, zone = smallest_unit(account.currency), ZoneInfo(account.time_zone)
    return [
        compare_day(day, ours.get(day), totals.get(day), Reading(end_of(day, zone), day in left), unit)
        for day in sorted(ours.keys() | totals.keys(), reverse=True)
    ]


async def _left(db: Db, account_id: UUID) -> frozenset[date]:
    """Days whose ads could not be read. Of older ones that wait for room within the limit no total is read either."""
    told = await db.scalar(select(AdSync.left_days).where(AdSync.account_id == account_id))
    left = [Left.model_validate(one) for one in told or ()]
    return frozenset(day for one in left if one.what == "unreadable" for day in one.days())


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When the next one begins there."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def smallest_unit(currency: str) -> int:
    """In millionths."""
    return 1_000_000 // 10 ** DIGITS.get(currency, 2)


def compare_day(
    day: date, ours: "OurDay | None", total: AdAccountDay | None, reading: Reading, unit: int
) -> DayCompared:
    """One day's sums against the platform's total of it. Rows of ads are rounded to the `unit`, in millionths, each by itself."""
    measures = [_compare(name, ours, total, reading, unit) for name in COMPARED]
    # Money is what people compare first; what is wrong with it is what is wrong with the day.
    telling = [one for one in measures if one.cause not in ("equal", "rounding")] or measures
    cause = telling[0].cause
    at = total.observed_at if total is not None else None
    return DayCompared(day, ours.ads if ours else 0, measures, cause, ours.at if ours else None, at)


def _compare(name: str, ours: "OurDay | None", total: AdAccountDay | None, reading: Reading, unit: int) -> Compared:
    mine = _exact(ours.sums[name]) if ours else None
    theirs = _exact(getattr(total, name)) if total is not None else None
    if total is None:
        return Compared(name, mine, None, None, "no_source")
    difference = (mine or Decimal(0)) - (theirs or Decimal(0))
    if not difference:
        return Compared(name, mine, theirs, Decimal(0), "equal")
    return Compared(name, mine, theirs, difference, _cause(name, difference, ours, total, reading, unit))


def _cause(
    name: str, difference: Decimal, ours: "OurDay | None", total: AdAccountDay, reading: Reading, unit: int
) -> Cause:
    if ours is None or not ours.ads:
        return "read_earlier" if reading.was_left else "no_rows"
    # Each ad's amount is at most half a unit off, and so is the total.
    if name.endswith("_micros") and 2 * abs(difference) <= unit * (ours.ads + 1):
        return "rounding"
    if reading.was_left:
        return "read_earlier"
    if name in _ATTRIBUTED:
        return "attribution"
    # Each sync reads the ads first: what of them is newer than the total came with one that did not get to it.
    if total.observed_at < reading.ends_at or (ours.at is not None and ours.at > total.observed_at):
        return "moved"
    return "unexplained"


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
