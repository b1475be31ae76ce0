"""Checkouts of ninety days and what they came to: few an ad and month, so that it takes more than a month to see."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import Date, Double, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from brandhound.ads.diagnosing.happenings import paid_by_day
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.standings.reckoning import EARLIEST
from brandhound.core.db import Db


async def checkouts_of(db: Db, account_id: UUID, until: date, ad_ids: Sequence[UUID], currency: str) -> Sums:
    """By ad: checkouts, purchases, and those that all ads' checkouts on the same days let expect. Two statements."""
    days = [until - timedelta(days=EARLIEST - 1 - at) for at in range(EARLIEST)]
    within = (Fact.ad_account_id == account_id, Fact.day >= days[0], Fact.day <= until, Fact.checkouts > 0)
    by_day = {
        row[0]: (float(row[1] or 0), float(row[2] or 0))
        for row in await db.execute(
            select(Fact.day, func.sum(Fact.checkouts), func.sum(Fact.purchases)).where(*within).group_by(Fact.day)
        )
    }
    if not by_day:
        return Sums({}, currency, len(ad_ids))
    begun, bought = np.array([by_day.get(day, (0.0, 0.0)) for day in days]).T
    paid = paid_by_day(begun, bought).tolist()
    usual = select(
        func.unnest(cast(days, ARRAY(Date))).label("day"), func.unnest(cast(paid, ARRAY(Double))).label("paid")
    ).subquery()
    rows = await db.execute(
        select(
            Fact.ad_id,
            cast(func.sum(Fact.checkouts), Double),
            cast(func.coalesce(func.sum(Fact.purchases), 0), Double),
            cast(func.sum(Fact.checkouts * usual.c.paid), Double),
        )
        .join(usual, usual.c.day == Fact.day)
        .where(*within)
        .group_by(Fact.ad_id)
    )
    found = {row[0]: (row[1], row[2], row[3]) for row in rows}
    table = np.array([found.get(ad_id, (0.0, 0.0, 0.0)) for ad_id in ad_ids], dtype=np.float64).reshape(len(ad_ids), 3)
    columns = {name: table[:, at] for at, name in enumerate(("checkouts", "purchases", "hoped"))}
    return Sums(columns, currency, len(ad_ids))
