"""What an account's own history says: how late its purchases come in, and what happened to all of its ads."""

from datetime import date, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import func, select

from brandhound.ads.baselines.maturing import CLOSED_AFTER, Maturity, Read, learn_maturity
from brandhound.ads.diagnosing.happenings import AccountDays
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.fact_models import AdRestatement as Restated
from brandhound.core.db import Db

LOOKED_BACK = 90
"""Days before the last closed one."""


async def maturity_of(db: Db, account_id: UUID, until: date) -> Maturity:
    """How late purchases come in, from the ledger of closed days that were first read while they were fresh."""
    closed = until - timedelta(days=CLOSED_AFTER)
    since = closed - timedelta(days=LOOKED_BACK)
    within = (Restated.ad_account_id == account_id, Restated.day >= since, Restated.day <= closed)
    age = func.date(Restated.observed_at) - Restated.day
    moved = await db.execute(
        select(Restated.day, age, func.sum(func.coalesce(Restated.new, 0) - func.coalesce(Restated.old, 0)))
        .where(*within, Restated.metric == "purchases", Restated.attribution_window == "default")
        .group_by(Restated.day, age)
    )
    steps: dict[date, list[tuple[int, float]]] = {}
    for day, days, change in moved:
        steps.setdefault(day, []).append((int(days), float(change)))
    finals = await db.execute(
        select(Fact.day, func.sum(Fact.purchases))
        .where(Fact.ad_account_id == account_id, Fact.day.in_(list(steps)))
        .group_by(Fact.day)
    )
    reads: list[Read] = []
    for day, final in finals:
        if final is None or min(days for days, _ in steps[day]) > 2:
            continue
        reads += [
            Read(age_now, float(final) - sum(change for days, change in steps[day] if days > age_now), float(final))
            for age_now in range(CLOSED_AFTER + 1)
        ]
    return learn_maturity(reads)


async def account_days(db: Db, account_id: UUID, since: date, until: date, maturity: Maturity) -> AccountDays:
    """The account by day, with purchases as they will have come to."""
    columns = (Fact.spend_micros, Fact.impressions, Fact.link_clicks, Fact.purchases, Fact.landing_page_views)
    rows = {
        row[0]: [float(value or 0) for value in row[1:]]
        for row in await db.execute(
            select(Fact.day, *(func.sum(column) for column in columns))
            .where(Fact.ad_account_id == account_id, Fact.day >= since, Fact.day <= until)
            .group_by(Fact.day)
        )
    }
    days = [since + timedelta(days=at) for at in range((until - since).days + 1)]
    table = np.array([rows.get(day, [0.0] * len(columns)) for day in days])
    spend, shown, clicks, purchases, landed = (table[:, at] for at in range(len(columns)))
    shares = np.array([maturity.share((until - day).days) for day in days])
    return AccountDays(days, spend / 1_000_000, shown, clicks, purchases / shares, landed)
