"""What changed since yesterday: accounts beside their week, what is newly said of ads, and who does best and worst."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Double, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.formulas import Column, worth
from brandhound.ads.metrics.library import FORMULAS
from brandhound.ads.metrics.measures import ADDITIVE, MEASURES
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.ads.object_models import Ad
from brandhound.ads.standings.models import JUDGED, AdBaseline, AdVerdict, AdWindowSums
from brandhound.ads.standings.schemas import AccountChange, AdChanges, AdPerformer, ChangedAd, HappeningOut
from brandhound.ads.standings.showing import pictures_of, said_out
from brandhound.brands.queries import and_merged_into
from brandhound.core.db import Db

SHOWN = ("spend", "purchases", "cost_per_purchase", "roas", "ctr", "cpm")
MOST_NEW = 20
MOST_PERFORMERS = 5
_SUMMED = tuple(name for name in ADDITIVE if name != "watch_seconds")


async def read_changes(db: Db, brand_id: UUID | None, account_id: UUID | None) -> AdChanges:
    """Five statements, however many accounts and ads."""
    kept = await _kept(db, brand_id, account_id)
    judged = {account.id: baseline for account, baseline in kept}
    return AdChanges(
        accounts=await _accounts(db, kept),
        happened=[
            HappeningOut(account_id=account.id, account=account.name, **happened)
            for account, baseline in kept
            for happened in baseline.facts.get("happened", [])
        ],
        new=await _new(db, judged),
        top=await _performers(db, list(judged), best=True),
        bottom=await _performers(db, list(judged), best=False),
        judged_at=max((baseline.judged_at for _, baseline in kept), default=None),
    )


async def _kept(db: Db, brand_id: UUID | None, account_id: UUID | None) -> list[tuple[AdAccount, AdBaseline]]:
    statement = select(AdAccount, AdBaseline).join(AdBaseline, AdBaseline.ad_account_id == AdAccount.id)
    if account_id is not None:
        statement = statement.where(AdAccount.id == account_id)
    if brand_id is not None:
        of_brand = select(BrandAdAccount.ad_account_id).where(BrandAdAccount.brand_id.in_(and_merged_into(brand_id)))
        statement = statement.where(AdAccount.id.in_(of_brand))
    rows = await db.execute(statement.order_by(AdAccount.name, AdAccount.id))
    return [(account, baseline) for account, baseline in rows]


async def _accounts(db: Db, kept: Sequence[tuple[AdAccount, AdBaseline]]) -> list[AccountChange]:
    """Each account's last day, and the seven before it."""
    if not kept:
        return []
    mine = [
        and_(
            Fact.ad_account_id == account.id,
            Fact.day >= baseline.until - timedelta(days=7),
            Fact.day <= baseline.until,
        )
        for account, baseline in kept
    ]
    ends = case({account.id: baseline.until for account, baseline in kept}, value=Fact.ad_account_id)
    last: ColumnElement[bool] = Fact.day == cast(ends, Fact.day.type)
    columns: list[ColumnElement[Any]] = []
    for name in _SUMMED:
        total: ColumnElement[Any] = func.sum(getattr(Fact, MEASURES[name].column))
        columns.append(cast(total, Double).label(name))
    rows = (
        await db.execute(
            select(Fact.ad_account_id, last.label("last"), *columns)
            .where(or_(*mine))
            .group_by(Fact.ad_account_id, last)
        )
    ).mappings()
    sums: dict[tuple[UUID, bool], Sums] = {}
    for row in rows:
        sums[row["ad_account_id"], bool(row["last"])] = _sums([row[name] for name in _SUMMED])
    empty = _sums([None] * len(_SUMMED))
    found: list[AccountChange] = []
    for account, baseline in kept:
        day, week = sums.get((account.id, True), empty), sums.get((account.id, False), empty)
        found.append(
            AccountChange(
                account_id=account.id,
                account=account.name,
                currency=account.currency,
                day=baseline.until,
                values={name: _value(name, day, 1) for name in SHOWN},
                usual={name: _value(name, week, 7) for name in SHOWN},
            )
        )
    return found


def _sums(values: Sequence[Any]) -> Sums:
    columns: dict[str, Column] = {}
    for name, value in zip(_SUMMED, values, strict=True):
        number = np.nan if value is None else float(value)
        columns[name] = np.array([number / 1_000_000 if MEASURES[name].kind == "money" else number])
    return Sums(columns, "", 1)


def _value(name: str, sums: Sums, days: int) -> float | None:
    if name in FORMULAS:
        value = float(np.broadcast_to(worth(FORMULAS[name], sums.column), (1,))[0])
    else:
        value = float(sums.column(name)[0]) / days
    return None if np.isnan(value) else value


async def _new(db: Db, judged: dict[UUID, AdBaseline]) -> list[ChangedAd]:
    """What is said since each account's last day, the surest first."""
    if not judged:
        return []
    days: set[date] = {baseline.until for baseline in judged.values()}
    containing = [cast([{"since": day.isoformat()}], JSONB) for day in days]
    rows = await db.execute(
        select(AdVerdict, Ad.name, AdAccount.name)
        .join(Ad, Ad.id == AdVerdict.ad_id)
        .join(AdAccount, AdAccount.id == AdVerdict.ad_account_id)
        .where(
            AdVerdict.ad_account_id.in_(list(judged)),
            or_(*(AdVerdict.diagnoses.contains(one) for one in containing)),
        )
    )
    found = [
        ChangedAd(id=verdict.ad_id, name=name, account=account, said=said_out(said))
        for verdict, name, account in rows
        for said in verdict.diagnoses
        if said["since"] == verdict.until.isoformat()
    ]
    order = ("critical", "chance", "warning")
    found.sort(key=lambda ad: (order.index(ad.said.severity), -ad.said.confidence, ad.name, str(ad.id)))
    return found[:MOST_NEW]


async def _performers(db: Db, account_ids: Sequence[UUID], *, best: bool) -> list[AdPerformer]:
    """By the sure end of the estimate: the least return of the best, the most of the worst that got real money."""
    if not account_ids:
        return []
    bounds = AdVerdict.estimates["roas"]
    low, high = (cast(bounds[at].astext, Double) for at in (1, 4))
    spend = cast(AdWindowSums.spend_micros, Double)
    usual = (
        select(AdWindowSums.ad_account_id, func.avg(spend).label("spend"))
        .where(AdWindowSums.window_days == JUDGED, AdWindowSums.ad_account_id.in_(account_ids))
        .group_by(AdWindowSums.ad_account_id)
        .subquery()
    )
    order = low.desc() if best else high.asc()
    narrow = (
        select(AdVerdict.ad_id, AdWindowSums.spend_micros, (low if best else high).label("place"))
        .join(AdWindowSums, and_(AdWindowSums.ad_id == AdVerdict.ad_id, AdWindowSums.window_days == JUDGED))
        .join(usual, usual.c.ad_account_id == AdVerdict.ad_account_id)
        .where(AdVerdict.ad_account_id.in_(account_ids), low.is_not(None), AdVerdict.health != "insufficient")
        .order_by(order, AdVerdict.ad_id)
        .limit(MOST_PERFORMERS)
    )
    if not best:
        # What hardly costs anything can wait.
        narrow = narrow.where(spend >= 0.25 * usual.c.spend)
    # All that is known of an ad is wide: it is fetched of the few alone.
    picked = narrow.subquery()
    rows = (
        await db.execute(
            select(AdVerdict, Ad, AdAccount, picked.c.spend_micros)
            .join(picked, picked.c.ad_id == AdVerdict.ad_id)
            .join(Ad, Ad.id == AdVerdict.ad_id)
            .join(AdAccount, AdAccount.id == AdVerdict.ad_account_id)
            .order_by(picked.c.place.desc() if best else picked.c.place.asc(), Ad.id)
        )
    ).all()
    pictures = await pictures_of(db, [ad.creative_id for _, ad, _, _ in rows if ad.creative_id])
    return [
        AdPerformer(
            id=ad.id,
            name=ad.name,
            account=account.name,
            currency=account.currency,
            picture=pictures.get(ad.creative_id) if ad.creative_id else None,
            metric="roas",
            mean=verdict.estimates["roas"][0],
            low90=verdict.estimates["roas"][1],
            high90=verdict.estimates["roas"][4],
            spend=(spent or 0) / 1_000_000,
        )
        for verdict, ad, account, spent in rows
    ]
