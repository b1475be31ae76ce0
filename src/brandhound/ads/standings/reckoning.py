"""Sums of the daily facts: over the last days of an account into a table, and over the days that verdicts rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Double,
    Integer,
    Select,
    Subquery,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from brandhound.ads.baselines.maturing import Maturity
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.fact_models import AdFigures, AdWindowReach
from brandhound.ads.metrics.formulas import Column
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.measures import ADDITIVE, MEASURES
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.object_models import Ad
from brandhound.ads.standings.models import WINDOWS, AdWindowSums
from brandhound.core.db import Db

SUMMED = tuple(name for name in ADDITIVE if name != "watch_seconds")
CLUMPED = ("ctr", "hook_rate", "conversion_rate")
# Zero is not said for what an ad never had: if the account counts it at all, an ad without it had none.
EARLIEST = 90
"""Days back in which an ad's first week is looked for."""
COUNTED_IF_ANY = (
    "link_clicks",
    "purchases",
    "purchase_value",
    "leads",
    "adds_to_cart",
    "checkouts",
    "content_views",
    "landing_page_views",
)


async def last_day(db: Db, account_id: UUID, today: date) -> date | None:
    """The last whole day of which anything is known. Today is not over, and reach is asked for whole days only."""
    return await db.scalar(select(func.max(Fact.day)).where(Fact.ad_account_id == account_id, Fact.day < today))


async def sum_windows(db: Db, account_id: UUID, until: date) -> int:
    """Count the sums of all windows anew: one statement, which reads each day once. Returns how many ads delivered."""
    await db.execute(delete(AdWindowSums).where(AdWindowSums.ad_account_id == account_id))
    chosen = _sums(account_id, until)
    await db.execute(insert(AdWindowSums).from_select([column.name for column in chosen.selected_columns], chosen))
    return int(
        await db.scalar(
            select(func.count()).where(
                AdWindowSums.ad_account_id == account_id, AdWindowSums.window_days == WINDOWS[-1]
            )
        )
        or 0
    )


async def figures_revision(db: Db, account_id: UUID) -> int:
    """How often the account's figures changed until now."""
    return await db.scalar(select(AdFigures.revision).where(AdFigures.ad_account_id == account_id)) or 0


async def windows_summed(db: Db, account_id: UUID, revision: int) -> None:
    """Say that the sums of windows are new, and of the figures of that revision if none came since."""
    first = upsert(AdFigures).values(ad_account_id=account_id, revision=revision + 1, summed=revision + 1)
    same = case((AdFigures.revision == revision, revision + 1))
    again = {"revision": AdFigures.revision + 1, "summed": same}
    await db.execute(first.on_conflict_do_update(index_elements=["organization_id", "ad_account_id"], set_=again))


async def counted_at_all(db: Db, account_id: UUID, since: date, until: date) -> frozenset[str]:
    """Which clicks and conversions the account counts at all in these days."""
    asked = [func.count(getattr(Fact, MEASURES[name].column)).label(name) for name in COUNTED_IF_ANY]
    row = (await db.execute(select(*asked).where(*_in(account_id, since, until)))).one()
    return frozenset(name for name, found in zip(COUNTED_IF_ANY, row, strict=True) if found)


def _in(account_id: UUID, since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    return Fact.ad_account_id == account_id, Fact.day >= since, Fact.day <= until


def _sums(account_id: UUID, until: date) -> Select[Any]:
    """One row an ad and window: what it came to in these days, with the reach that was asked for just them.

    A window is the shorter one and the days before it, so that days are added up once, by the shortest window they lie in.
    """
    rings = _rings(account_id, until)
    counted = select(*(func.bool_or(rings.c[name].is_not(None)).label(name) for name in COUNTED_IF_ANY)).subquery()
    windows = select(func.unnest(cast(list(WINDOWS), ARRAY(Integer))).label("days")).subquery()
    since = literal(until) - windows.c.days + 1
    asked = select(AdWindowReach).where(AdWindowReach.ad_account_id == account_id).subquery()
    sums: list[ColumnElement[Any]] = []
    for name in SUMMED:
        target = AdWindowSums.__table__.c[MEASURES[name].column]
        total: ColumnElement[Any] = func.sum(rings.c[name])
        if name in COUNTED_IF_ANY:
            total = func.coalesce(total, case((counted.c[name], 0)))
        sums.append(cast(total, target.type).label(target.name))
    return (
        select(
            literal(account_id).label("ad_account_id"),
            rings.c.ad_id,
            windows.c.days.label("window_days"),
            since.label("since"),
            literal(until).label("until"),
            cast(func.sum(rings.c.days), Integer).label("days"),
            func.max(rings.c.last_on).label("last_on"),
            *sums,
            func.sum(rings.c.watch_seconds).label("watch_seconds"),
            func.max(asked.c.reach).label("reach"),
            func.max(rings.c.reach_low).label("reach_low"),
            cast(func.sum(rings.c.reach_high), BigInteger).label("reach_high"),
        )
        .select_from(rings)
        .join(windows, rings.c.ring <= windows.c.days)
        .join(counted, literal(True))
        .outerjoin(asked, (asked.c.ad_id == rings.c.ad_id) & (asked.c.since == since) & (asked.c.until == until))
        .group_by(rings.c.ad_id, windows.c.days, *counted.c)
    )


def _rings(account_id: UUID, until: date) -> CTE:
    """By ad and the shortest window that its days lie in: their sums, empty where nothing was ever said."""
    ring = case(*((Fact.day > until - timedelta(days=days), days) for days in WINDOWS[:-1]), else_=WINDOWS[-1]).label(
        "ring"
    )
    return (
        select(
            Fact.ad_id,
            ring,
            func.count().label("days"),
            func.max(Fact.day).label("last_on"),
            *(func.sum(getattr(Fact, MEASURES[name].column)).label(name) for name in SUMMED),
            func.sum(Fact.watch_seconds_avg * Fact.plays).label("watch_seconds"),
            func.max(Fact.reach).label("reach_low"),
            func.sum(Fact.reach).label("reach_high"),
        )
        .where(*_in(account_id, until - timedelta(days=WINDOWS[-1] - 1), until))
        .group_by(Fact.ad_id, ring)
        .cte("rings")
    )


@dataclass(frozen=True)
class Counted:
    """The days of an account as verdicts need them, one row an ad."""

    ad_ids: list[UUID]
    window: Sums
    recent: Sums
    before: Sums
    early: Sums
    """The first week of each ad's life."""
    daily_reach_low: Column
    quiet_days: Column


async def count_for_verdicts(
    db: Db, account_id: UUID, since: date, until: date, currency: str, maturity: Maturity, outage: frozenset[date]
) -> Counted:
    """Everything in one statement, however many ads."""
    counted = await counted_at_all(db, account_id, since, until)
    turn = until - timedelta(days=6)
    late = Fact.day >= turn
    shares = _shares_by_day(since, until, maturity, outage)
    asked: list[ColumnElement[Any]] = []
    for name in SUMMED:
        column: ColumnElement[Any] = getattr(Fact, MEASURES[name].column)
        for label, sum_ in (("w", func.sum(column)), ("r", func.sum(column).filter(late))):
            asked.append(cast(func.coalesce(sum_, 0) if name in counted else sum_, Double).label(f"{label}_{name}"))
    for rate in CLUMPED:
        metric = METRICS[rate]
        done = cast(getattr(Fact, MEASURES[metric.numerator].column), Double)
        tried = cast(getattr(Fact, MEASURES[metric.denominator].column), Double)
        asked.append(func.sum(done * done / func.nullif(tried, 0)).label(f"w_{rate}_squares"))
    asked += [
        func.count().label("w_days"),
        func.count().filter(late).label("r_days"),
        func.sum(Fact.spend_micros * shares.c.share).label("w_matured_spend"),
        func.max(Fact.reach).label("reach_low"),
        (3 - func.count().filter(Fact.day >= until - timedelta(days=2), Fact.impressions >= 10)).label("quiet_days"),
    ]
    statement = (
        select(Fact.ad_id, *asked)
        .join(shares, shares.c.day == Fact.day)
        .where(*_in(account_id, since, until))
        .group_by(Fact.ad_id)
        .order_by(Fact.ad_id)
    )
    rows = (await db.execute(statement)).all()
    names = [column.name for column in statement.selected_columns][1:]
    table = np.array([tuple(row)[1:] for row in rows], dtype=np.float64).reshape(len(rows), len(names))
    columns = {name: table[:, place] for place, name in enumerate(names)}
    window = _span(columns, "w_", currency)
    recent = _span(columns, "r_", currency)
    before = {
        name: np.where(np.isnan(recent.columns[name]), column, column - np.nan_to_num(recent.columns[name]))
        for name, column in window.columns.items()
        if name in recent.columns
    }
    return Counted(
        [row[0] for row in rows],
        window,
        recent,
        Sums(before, currency, len(rows)),
        await _early(db, account_id, until, [row[0] for row in rows], currency),
        columns["reach_low"],
        columns["quiet_days"],
    )


def _shares_by_day(since: date, until: date, maturity: Maturity, outage: frozenset[date]) -> Subquery:
    """Each day with the share of its purchases that is there: none on days on which nothing could be counted."""
    days = [since + timedelta(days=at) for at in range((until - since).days + 1)]
    shares = [0.0 if day in outage else maturity.share((until - day).days) for day in days]
    return select(
        func.unnest(cast(days, ARRAY(Date))).label("day"), func.unnest(cast(shares, ARRAY(Double))).label("share")
    ).subquery()


async def _early(db: Db, account_id: UUID, until: date, ad_ids: Sequence[UUID], currency: str) -> Sums:
    """The first week of ads that began at least two weeks before the last one, and of whose first day we know.

    Each ad looks for its own days by the key: all days of all ads would be sorted for it.
    """
    since = until - timedelta(days=EARLIEST - 1)
    began = (
        select(Fact.day.label("first"))
        .where(Fact.ad_id == Ad.id, Fact.day >= since)
        .order_by(Fact.day)
        .limit(1)
        .lateral()
    )
    week = (
        select(
            cast(func.sum(Fact.link_clicks), Double).label("clicks"),
            cast(func.sum(Fact.impressions), Double).label("shown"),
        )
        .where(Fact.ad_id == Ad.id, Fact.day >= began.c.first, Fact.day < began.c.first + 7)
        .lateral()
    )
    rows = await db.execute(
        select(Ad.id, week.c.clicks, week.c.shown)
        .select_from(Ad)
        .join(began, began.c.first.between(since + timedelta(days=1), until - timedelta(days=20)))
        .join(week, literal(True))
        .where(Ad.account_id == account_id)
    )
    found = {ad_id: (clicks, shown) for ad_id, clicks, shown in rows}
    table = np.array([found.get(ad_id, (None, None)) for ad_id in ad_ids], dtype=np.float64).reshape(len(ad_ids), 2)
    return Sums({"link_clicks": table[:, 0], "impressions": table[:, 1]}, currency, len(ad_ids))


def _span(columns: dict[str, Column], prefix: str, currency: str) -> Sums:
    chosen = {name.removeprefix(prefix): column for name, column in columns.items() if name.startswith(prefix)}
    for name, column in chosen.items():
        if name in ("spend", "purchase_value", "matured_spend"):
            chosen[name] = column / 1_000_000
    return Sums(chosen, currency, len(next(iter(chosen.values()))))


async def asked_reach(
    db: Db, account_id: UUID, spans: Sequence[tuple[date, date]], ad_ids: Sequence[UUID]
) -> list[Column]:
    """The reach of each span as it was asked for, in the order of the ads; NaN where it was not."""
    rows = await db.execute(
        select(AdWindowReach.ad_id, AdWindowReach.since, AdWindowReach.until, AdWindowReach.reach).where(
            AdWindowReach.ad_account_id == account_id,
            AdWindowReach.since.in_([since for since, _ in spans]),
            AdWindowReach.until.in_([until for _, until in spans]),
        )
    )
    place = {ad_id: at for at, ad_id in enumerate(ad_ids)}
    found = [np.full(len(ad_ids), np.nan) for _ in spans]
    where = {span: at for at, span in enumerate(spans)}
    for ad_id, since, until, reach in rows:
        if (since, until) in where and ad_id in place and reach is not None:
            found[where[(since, until)]][place[ad_id]] = reach
    return found
