"""Our totals against the platform's own, day by day; and where they differ, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select

from brandhound.ads.fact_models import AdDailyFact, AdRestatement
from brandhound.ads.metrics.units import DIGITS
from brandhound.ads.sync_models import AdAccountDay
from brandhound.core.db import Db

COMPARED = ("spend_micros", "impressions", "clicks", "link_clicks", "purchases", "purchase_value_micros")

Cause = Literal["equal", "rounding", "no_source", "no_rows", "read_earlier", "moved", "attribution", "unexplained"]

_ATTRIBUTED = ("purchases", "purchase_value_micros")

WORDS: Mapping[Cause, str] = {
    "equal": "The same.",
    "rounding": "Each ad's amount is rounded by itself; that is all the difference.",
    "no_source": "The platform's total of this day was not asked for yet: the next sync does.",
    "no_rows": "The platform has a total, and no ad of this day is here: sync again with more days back.",
    "read_earlier": "Our numbers are older than the total: the platform has restated since. The next sync reads them again.",
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
    sums: Mapping[str, Decimal | None]


async def compare_days(db: Db, account_id: UUID, currency: str, since: date, until: date) -> list[DayCompared]:
    """Every day for which either side has something, the newest first. Three queries, however many ads."""
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
    moved = {
        row.day: row.at
        for row in await db.execute(
            select(AdRestatement.day, func.max(AdRestatement.observed_at).label("at"))
            .where(AdRestatement.ad_account_id == account_id, AdRestatement.day.between(since, until))
            .group_by(AdRestatement.day)
        )
    }
    unit = smallest_unit(currency)
    return [
        compare_day(day, ours.get(day), totals.get(day), moved.get(day), unit)
        for day in sorted(ours.keys() | totals.keys(), reverse=True)
    ]


def smallest_unit(currency: str) -> int:
    """In millionths."""
    return 1_000_000 // 10 ** DIGITS.get(currency, 2)


def compare_day(
    day: date, ours: "OurDay | None", total: AdAccountDay | None, moved_at: datetime | None, unit: int
) -> DayCompared:
    """One day's sums against the platform's total of it. Rows of ads are rounded to the `unit`, in millionths, each by itself."""
    measures = [_compare(name, ours, total, moved_at, unit) for name in COMPARED]
    # Money is what people compare first; what is wrong with it is what is wrong with the day.
    telling = [one for one in measures if one.cause not in ("equal", "rounding")] or measures
    cause = telling[0].cause
    at = total.observed_at if total is not None else None
    return DayCompared(day, ours.ads if ours else 0, measures, cause, ours.at if ours else None, at)


def _compare(
    name: str, ours: "OurDay | None", total: AdAccountDay | None, moved_at: datetime | None, unit: int
) -> Compared:
    mine = _exact(ours.sums[name]) if ours else None
    theirs = _exact(getattr(total, name)) if total is not None else None
    if total is None:
        return Compared(name, mine, None, None, "no_source")
    difference = (mine or Decimal(0)) - (theirs or Decimal(0))
    if not difference:
        return Compared(name, mine, theirs, Decimal(0), "equal")
    return Compared(name, mine, theirs, difference, _cause(name, difference, ours, total, moved_at, unit))


def _cause(
    name: str, difference: Decimal, ours: "OurDay | None", total: AdAccountDay, moved_at: datetime | None, unit: int
) -> Cause:
    if ours is None or not ours.ads:
        return "no_rows"
    if name.endswith("_micros") and abs(difference) <= unit * ours.ads:
        return "rounding"
    if name in _ATTRIBUTED:
        return "attribution"
    if moved_at is not None and moved_at >= total.observed_at:
        return "moved"
    if ours.at is not None and ours.at < total.observed_at:
        return "read_earlier"
    return "unexplained"


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
