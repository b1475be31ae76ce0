"""How a past day's number moved: from what is said now, backwards through the ledger."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from brandhound.ads.fact_models import AdDailyFact, AdRestatement
from brandhound.core.db import Db


@dataclass(frozen=True)
class Point:
    """What the day's number was from a moment on; the first one has no moment."""

    at: datetime | None
    value: Decimal


@dataclass(frozen=True)
class DayMoved:
    """One day of an account (or of one ad) and how one number of it moved."""

    day: date
    first: Decimal
    now: Decimal
    moves: int
    ads: int
    points: list[Point]


@dataclass(frozen=True)
class AdMoved:
    """One change of one ad's number."""

    ad_id: UUID
    old: Decimal | None
    new: Decimal | None
    at: datetime


async def moved_days(
    db: Db, account_id: UUID, metric: str, since: date, until: date, ad_id: UUID | None = None
) -> list[DayMoved]:
    """Every day whose number moved, the newest first."""
    change = func.coalesce(AdRestatement.new, 0) - func.coalesce(AdRestatement.old, 0)
    query = (
        select(
            AdRestatement.day,
            AdRestatement.observed_at,
            func.sum(change).label("change"),
            func.count().label("moves"),
        )
        .where(
            AdRestatement.ad_account_id == account_id,
            AdRestatement.day.between(since, until),
            AdRestatement.metric == metric,
        )
        .group_by(AdRestatement.day, AdRestatement.observed_at)
        .order_by(AdRestatement.day.desc(), AdRestatement.observed_at)
    )
    ads = select(AdRestatement.day, func.count(AdRestatement.ad_id.distinct()).label("ads")).where(
        AdRestatement.ad_account_id == account_id,
        AdRestatement.day.between(since, until),
        AdRestatement.metric == metric,
    )
    column = getattr(AdDailyFact, metric)
    sums = select(AdDailyFact.day, func.sum(column).label("total")).where(
        AdDailyFact.ad_account_id == account_id, AdDailyFact.day.between(since, until)
    )
    if ad_id is not None:
        query = query.where(AdRestatement.ad_id == ad_id)
        ads = ads.where(AdRestatement.ad_id == ad_id)
        sums = sums.where(AdDailyFact.ad_id == ad_id)
    changes: defaultdict[date, list[tuple[datetime, Decimal, int]]] = defaultdict(list)
    for row in await db.execute(query):
        changes[row.day].append((row.observed_at, Decimal(row.change), row.moves))
    if not changes:
        return []
    now = {row.day: row.total for row in await db.execute(sums.group_by(AdDailyFact.day))}
    touched = {row.day: row.ads for row in await db.execute(ads.group_by(AdRestatement.day))}
    return [_day(day, Decimal(now.get(day) or 0), told, touched.get(day, 0)) for day, told in changes.items()]


def _day(day: date, now: Decimal, told: list[tuple[datetime, Decimal, int]], ads: int) -> DayMoved:
    first = now - sum((change for _, change, _ in told), Decimal(0))
    points, value = [Point(None, first)], first
    for at, change, _ in told:
        value += change
        points.append(Point(at, value))
    return DayMoved(day, first, now, sum(moves for _, _, moves in told), ads, points)


async def moved_ads(db: Db, account_id: UUID, metric: str, day: date, limit: int = 200) -> list[AdMoved]:
    """Which ads moved a day's number, the latest change first."""
    rows = await db.scalars(
        select(AdRestatement)
        .where(AdRestatement.ad_account_id == account_id, AdRestatement.day == day, AdRestatement.metric == metric)
        .order_by(AdRestatement.observed_at.desc(), AdRestatement.ad_id)
        .limit(limit)
    )
    return [AdMoved(row.ad_id, row.old, row.new, row.observed_at) for row in rows]
