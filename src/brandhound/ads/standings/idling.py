"""What ads cost while nothing could be had at their page."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np
from sqlalchemy import Date, Double, Uuid, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from brandhound.ads.diagnosing.happenings import runs_of
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.summing import Sums
from brandhound.core.db import Db

COLUMNS = ("spend", "matured_spend", "purchases", "purchase_value")


async def spent_idly(
    db: Db, ad_ids: Sequence[UUID], days: Sequence[date], idle: Mask, shares: Column, currency: str
) -> Sums:
    """One row an ad. `idle` is by day and ad, and `shares` of each day's purchases is told by now. At most one statement."""
    spans = [(ad_ids[ad], *run) for ad in map(int, np.flatnonzero(idle.any(0))) for run in runs_of(idle[:, ad])]
    if not spans:
        return Sums({}, currency, len(ad_ids))
    wanted = select(
        func.unnest(cast([ad for ad, _, _ in spans], ARRAY(Uuid))).label("ad_id"),
        func.unnest(cast([days[start] for _, start, _ in spans], ARRAY(Date))).label("since"),
        func.unnest(cast([days[end - 1] for _, _, end in spans], ARRAY(Date))).label("until"),
    ).subquery()
    told = select(
        func.unnest(cast(list(days), ARRAY(Date))).label("day"),
        func.unnest(cast(shares.tolist(), ARRAY(Double))).label("share"),
    ).subquery()
    rows = await db.execute(
        select(
            Fact.ad_id,
            cast(func.sum(Fact.spend_micros), Double) / 1_000_000,
            cast(func.sum(Fact.spend_micros * told.c.share), Double) / 1_000_000,
            cast(func.coalesce(func.sum(Fact.purchases), 0), Double),
            cast(func.coalesce(func.sum(Fact.purchase_value_micros), 0), Double) / 1_000_000,
        )
        .join(wanted, (wanted.c.ad_id == Fact.ad_id) & Fact.day.between(wanted.c.since, wanted.c.until))
        .join(told, told.c.day == Fact.day)
        .group_by(Fact.ad_id)
    )
    place = {ad_id: at for at, ad_id in enumerate(ad_ids)}
    found = np.zeros((len(ad_ids), len(COLUMNS)))
    for ad_id, *sums in rows:
        found[place[ad_id]] = [float(value or 0) for value in sums]
    return Sums(dict(zip(COLUMNS, found.T, strict=True)), currency, len(ad_ids))
