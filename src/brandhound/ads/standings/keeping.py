"""People's own metrics, views and aims."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from brandhound.ads.metrics.bounding import check_value
from brandhound.ads.metrics.errors import FormulaNotSummable
from brandhound.ads.metrics.formulas import names_in
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.making_up import custom_metric
from brandhound.ads.metrics.measures import ADDITIVE, MEASURES
from brandhound.ads.object_models import Ad
from brandhound.ads.queries import account_by_id
from brandhound.ads.standings.asking import known_columns, listed_metrics
from brandhound.ads.standings.errors import NameTaken
from brandhound.ads.standings.models import AdAim, AdBaseline, AdMetric, AdView
from brandhound.ads.standings.naming import count_parts, read_name, read_pattern, suggested_name
from brandhound.ads.standings.schemas import (
    AdMetricOut,
    AdViewOut,
    AimsIn,
    AimsOut,
    BadName,
    ChangedAdMetric,
    NamePart,
    NamingOut,
    NewAdMetric,
    NewAdView,
)
from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

MOST_BAD = 200
MOST_VALUES = 25
_ORDERS = frozenset({"name", "ads"})
"""Ads and pages can be in order by these, which are no metrics."""


async def make_metric(db: Db, new: NewAdMetric, caller: Caller, now: datetime) -> AdMetricOut:
    """Keep a metric. Raises what is wrong with its formula, or NameTaken."""
    _check(new)
    taken = await db.scalar(select(AdMetric.id).where(AdMetric.name == new.name))
    if taken or new.name in METRICS or new.name in MEASURES or new.name in _ORDERS:
        raise NameTaken(new.name)
    metric = AdMetric(**new.model_dump(), created_by=caller.user_id, created_at=now)
    db.add(metric)
    await db.flush()
    await record(db, caller, "ads.metric_made", "ad_metric", metric.id, {"name": new.name, "formula": new.formula})
    return await _as_listed(db, new.name)


async def change_metric(db: Db, metric_id: UUID, changed: ChangedAdMetric, caller: Caller) -> AdMetricOut:
    """Let a metric be another from now on, in every view that has its name. Raises what is wrong with its formula."""
    metric = await db.get(AdMetric, metric_id)
    if metric is None:
        raise NotThere("metric")
    _check(changed)
    facts: dict[str, object] = {"name": metric.name, "formula": changed.formula, "formula_before": metric.formula}
    for field, value in changed.model_dump().items():
        setattr(metric, field, value)
    await db.flush()
    await record(db, caller, "ads.metric_changed", "ad_metric", metric.id, facts)
    return await _as_listed(db, metric.name)


def _check(metric: ChangedAdMetric) -> None:
    formula = custom_metric(metric.formula, metric.shown, metric.summable).formula
    check_value(formula)
    if metric.summable and (apart := sorted(names_in(formula) - set(ADDITIVE))):
        raise FormulaNotSummable(apart)


async def _as_listed(db: Db, name: str) -> AdMetricOut:
    return next(metric for metric in listed_metrics(await known_columns(db)) if metric.name == name)


async def remove_metric(db: Db, metric_id: UUID, caller: Caller) -> None:
    """Forget a metric. Views that name it show the others."""
    metric = await db.scalar(delete(AdMetric).where(AdMetric.id == metric_id).returning(AdMetric))
    if metric is None:
        raise NotThere("metric")
    facts: dict[str, object] = {"name": metric.name, "formula": metric.formula}
    await record(db, caller, "ads.metric_removed", "ad_metric", metric_id, facts)


async def views(db: Db) -> list[AdViewOut]:
    """All saved views, by name."""
    rows = await db.scalars(select(AdView).order_by(func.lower(AdView.name), AdView.id))
    return [AdViewOut(id=row.id, name=row.name, query=row.query, created_at=row.created_at) for row in rows]


async def save_view(db: Db, new: NewAdView, caller: Caller, now: datetime) -> AdViewOut:
    """Keep a view; one of the same name is overwritten."""
    view = await db.scalar(select(AdView).where(AdView.name == new.name))
    if view is None:
        view = AdView(name=new.name, query=dict(new.query), created_by=caller.user_id, created_at=now)
        db.add(view)
    else:
        view.query = dict(new.query)
    await db.flush()
    return AdViewOut(id=view.id, name=view.name, query=dict(new.query), created_at=view.created_at)


async def rename_view(db: Db, view_id: UUID, name: str) -> AdViewOut:
    """Give a view another name. Raises NameTaken: the other view of that name stays what it is."""
    view = await db.get(AdView, view_id)
    if view is None:
        raise NotThere("view")
    if await db.scalar(select(AdView.id).where(AdView.name == name, AdView.id != view_id)):
        raise NameTaken(name)
    view.name = name
    await db.flush()
    return AdViewOut(id=view.id, name=view.name, query=view.query, created_at=view.created_at)


async def remove_view(db: Db, view_id: UUID) -> None:
    """Forget a view."""
    if await db.scalar(delete(AdView).where(AdView.id == view_id).returning(AdView.id)) is None:
        raise NotThere("view")


async def aims_of(db: Db, account_id: UUID) -> AimsOut:
    """What people want of an account, and what is taken for it."""
    account = await account_by_id(db, account_id)
    aim = await db.scalar(select(AdAim).where(AdAim.ad_account_id == account_id))
    kept = await db.scalar(select(AdBaseline).where(AdBaseline.ad_account_id == account_id))
    facts = kept.facts if kept else {}
    return AimsOut(
        account_id=account_id,
        currency=account.currency,
        target_cost=_money(aim.target_cost_micros if aim else None),
        taken_cost=_money(facts.get("bar_micros")),
        usual_cost=_money(facts.get("usual_cost_micros")),
        naming=aim.naming if aim else None,
    )


def _money(micros: int | None) -> float | None:
    return None if micros is None else micros / 1_000_000


async def set_aims(db: Db, account_id: UUID, new: AimsIn, caller: Caller, now: datetime) -> AimsOut:
    """Say what a purchase may cost, and how ads are named. Raises BadNamingPattern."""
    account = await account_by_id(db, account_id)
    if new.naming is not None:
        read_pattern(new.naming)
    aim = await db.scalar(select(AdAim).where(AdAim.ad_account_id == account_id))
    if aim is None:
        aim = AdAim(ad_account_id=account_id, changed_at=now)
        db.add(aim)
    facts: dict[str, object] = {
        "account": account.name,
        "target_cost": new.target_cost,
        "target_cost_before": _money(aim.target_cost_micros),
        "naming": new.naming,
        "naming_before": aim.naming,
    }
    aim.target_cost_micros = None if new.target_cost is None else max(1, round(new.target_cost * 1_000_000))
    aim.naming, aim.changed_at = new.naming, now
    await db.flush()
    await record(db, caller, "ads.aims_set", "ad_account", account_id, facts)
    return await aims_of(db, account_id)


async def naming_of(db: Db, account_id: UUID, tried: str | None) -> NamingOut:
    """How far names follow the account's pattern, or one that somebody tries out. Raises BadNamingPattern."""
    await account_by_id(db, account_id)
    text = tried or await db.scalar(select(AdAim.naming).where(AdAim.ad_account_id == account_id))
    rows = (await db.execute(select(Ad.id, Ad.name).where(Ad.account_id == account_id).order_by(Ad.name, Ad.id))).all()
    if text is None:
        return NamingOut(pattern=None, ads=len(rows), fitting=0, coverage=None, parts=[], values={}, bad=[])
    pattern = read_pattern(text)
    fitting: list[dict[str, str]] = []
    bad: list[BadName] = []
    for ad_id, name in rows:
        read = read_name(pattern, name)
        if isinstance(read, dict):
            fitting.append(read)
        else:
            bad.append(BadName(id=ad_id, name=name, reason=read, suggestion=suggested_name(pattern, name)))
    values = count_parts(fitting)
    parts = [
        NamePart(part=part, value=value, ads=count)
        for part in pattern.parts
        for value, count in sorted(values.get(part, Counter[str]()).items(), key=lambda item: (-item[1], item[0]))[
            :MOST_VALUES
        ]
    ]
    return NamingOut(
        pattern=text,
        ads=len(rows),
        fitting=len(fitting),
        coverage=len(fitting) / len(rows) if rows else None,
        parts=parts,
        values={part: len(different) for part, different in values.items()},
        bad=bad[:MOST_BAD],
    )
