"""What is worth telling of an account's last day, found once when its ads are judged and kept with what is usual."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Double, cast, func, select

from brandhound.ads.baselines.estimates import Estimates
from brandhound.ads.diagnosing.rules import RULES, applies
from brandhound.ads.diagnosing.verdicts import Verdict
from brandhound.ads.fact_models import AdDailyFact as Fact
from brandhound.ads.metrics.formulas import Column, worth
from brandhound.ads.metrics.library import FORMULAS
from brandhound.ads.metrics.measures import ADDITIVE, MEASURES
from brandhound.ads.metrics.summing import Sums
from brandhound.ads.standings.converting_an_ad import is_of_money, with_money
from brandhound.ads.standings.keeping_verdicts import SaidOfAd
from brandhound.ads.standings.models import JUDGED
from brandhound.ads.standings.reckoning import counted_at_all
from brandhound.core.db import Db

FIGURES = ("spend", "purchases", "cost_per_purchase", "roas", "ctr", "cpm")
MOST_NEW = 20
MOST_PERFORMERS = 5
_SUMMED = tuple(name for name in ADDITIVE if name != "watch_seconds")
_SEVERITIES = ("critical", "chance", "warning")


async def day_beside_week(db: Db, account_id: UUID, until: date) -> dict[str, Any]:
    """The account's last day, and the mean of the seven before it, or of as many `days` as it has; rates are of their sums."""
    last: ColumnElement[bool] = Fact.day == until
    columns: list[ColumnElement[Any]] = []
    for name in _SUMMED:
        total: ColumnElement[Any] = func.sum(getattr(Fact, MEASURES[name].column))
        columns.append(cast(total, Double).label(name))
    rows = await db.execute(
        select(last.label("last"), *columns)
        .where(Fact.ad_account_id == account_id, Fact.day >= until - timedelta(days=7), Fact.day <= until)
        .group_by(last)
    )
    counted = await counted_at_all(db, account_id, until - timedelta(days=JUDGED - 1), until)
    sums = {
        bool(row["last"]): _sums([0 if row[name] is None and name in counted else row[name] for name in _SUMMED])
        for row in rows.mappings()
    }
    # A day on which nothing was shown is a day of the mean; one before the account's first is not.
    first = await db.scalar(select(func.min(Fact.day)).where(Fact.ad_account_id == account_id)) or until
    days = min(max((until - first).days, 1), 7)
    empty = _sums([None] * len(_SUMMED))
    day, week = sums.get(True, empty), sums.get(False, empty)
    return {
        "values": {name: _value(name, day, 1) for name in FIGURES},
        "usual": {name: _value(name, week, days) for name in FIGURES},
        "days": days,
    }


BY_DAY = ("spend", "purchase_value", "purchases", "impressions", "link_clicks")
"""What figures with money in them are made of."""


async def eight_days(db: Db, account_id: UUID, until: date) -> dict[str, dict[str, float | None]]:
    """The same days each by itself, so that their money can be shown by the rates of each."""
    columns: list[ColumnElement[Any]] = []
    for name in BY_DAY:
        total: ColumnElement[Any] = func.sum(getattr(Fact, MEASURES[name].column))
        columns.append(cast(total / 1_000_000 if MEASURES[name].kind == "money" else total, Double).label(name))
    rows = await db.execute(
        select(Fact.day, *columns)
        .where(Fact.ad_account_id == account_id, Fact.day >= until - timedelta(days=7), Fact.day <= until)
        .group_by(Fact.day)
    )
    return {row["day"].isoformat(): {name: row[name] for name in BY_DAY} for row in rows.mappings()}


def in_currency(
    told: Mapping[str, Any],
    by_day: Mapping[str, Mapping[str, float | None]],
    until: date,
    factors: Mapping[date, float],
) -> dict[str, dict[str, float | None]] | None:
    """What was told of the last day and its week with each day's money by its own rate; nothing where the last day has none.

    Days of the week without a rate are left out whole.
    """
    if until not in factors:
        return None
    known = {date.fromisoformat(day): sums for day, sums in by_day.items() if date.fromisoformat(day) in factors}
    week = {day: sums for day, sums in known.items() if day != until}
    # A day on which nothing was shown is a day of the mean, where its rate is known.
    first = until - timedelta(days=told["days"])
    days = sum(first <= day < until for day in factors)
    last = {day: sums for day, sums in known.items() if day == until}
    return {
        "values": with_money(told["values"], _figures(last, factors, 1)),
        "usual": with_money(told["usual"], _figures(week, factors, max(days, 1))),
    }


def _figures(
    known: Mapping[date, Mapping[str, float | None]], factors: Mapping[date, float], days: int
) -> dict[str, float | None]:
    columns: dict[str, Column] = {}
    for name in BY_DAY:
        money = MEASURES[name].kind == "money"
        found = [
            value * (factors[day] if money else 1) for day, sums in known.items() if (value := sums[name]) is not None
        ]
        columns[name] = np.array([sum(found) if found else np.nan])
    sums = Sums(columns, "", 1)
    return {name: _value(name, sums, days) for name in FIGURES if is_of_money(name)}


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


def newly_said(of_ads: Sequence[SaidOfAd], until: date) -> list[dict[str, Any]]:
    """What is said of ads for the first time on their last day, the worst and surest first."""
    found = [
        {"ad_id": str(ad.ad_id), "rule": said["rule"], "confidence": said["confidence"], "since": said["since"]}
        for ad in of_ads
        for said in ad.diagnoses
        if said["since"] == until.isoformat()
    ]
    return sorted(found, key=order_of_new)[:MOST_NEW]


def order_of_new(said: Mapping[str, Any]) -> tuple[int, float, str]:
    return _SEVERITIES.index(RULES[said["rule"]].severity), -said["confidence"], said["ad_id"]


def best_and_worst(
    ad_ids: Sequence[UUID],
    verdicts: Sequence[Verdict],
    returns: Estimates | None,
    spend: Column,
    objectives: Sequence[str],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """By the sure end of their return: the least of the best, the most of the worst that got real money."""
    if returns is None:
        return [], []
    told = [
        at
        for at, verdict in enumerate(verdicts)
        if verdict.health != "insufficient"
        and applies(RULES["low_return"], objectives[at])
        and not np.isnan(returns.mean[at])
    ]
    best = sorted(told, key=lambda at: (-returns.low90[at], ad_ids[at]))[:MOST_PERFORMERS]
    # What hardly costs anything can wait.
    real = 0.25 * np.nanmean(spend) if not np.isnan(spend).all() else np.inf
    costly = [at for at in told if spend[at] >= real]
    worst = sorted(costly, key=lambda at: (returns.high90[at], ad_ids[at]))[:MOST_PERFORMERS]

    def performer(at: int) -> dict[str, Any]:
        bounds = {"mean": returns.mean, "low90": returns.low90, "high90": returns.high90}
        numbers = {name: float(f"{column[at]:.6g}") for name, column in bounds.items()}
        return {"ad_id": str(ad_ids[at]), **numbers, "spend": round(float(np.nan_to_num(spend[at])), 6)}

    return [performer(at) for at in best], [performer(at) for at in worst]
