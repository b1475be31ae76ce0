"""Questions about many ads: formulas as SQL over their sums, filters, order; as many statements however many ads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Select, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from brandhound.ads.metrics.formulas import Both, Formula, Name, Number, expanded, read_formula
from brandhound.ads.metrics.library import FORMULAS, METRICS, UNITS, Shown
from brandhound.ads.metrics.making_up import Custom, custom_metric
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.ads.object_models import Ad, AdCampaign, AdCreative, AdCreativeVersion, AdSet
from brandhound.ads.standings.errors import UnknownColumn
from brandhound.ads.standings.models import AdMetric, AdVerdict, AdWindowSums
from brandhound.ads.standings.schemas import AdMetricOut
from brandhound.brands.queries import and_merged_into
from brandhound.core.db import Db

_MILLION = 1_000_000


@dataclass(frozen=True)
class AdFilter:
    """Which ads."""

    window: int = 28
    brand_id: UUID | None = None
    account_id: UUID | None = None
    campaign_id: UUID | None = None
    status: str | None = None
    health: str | None = None
    rule: str | None = None
    q: str = ""
    ad_id: UUID | None = None


@dataclass(frozen=True)
class Asked:
    """What columns mean: the library, and the organization's own."""

    own: Mapping[str, AdMetric] = field(default_factory=dict[str, AdMetric])

    def formula(self, name: str) -> Formula:
        """Down to measures. Raises UnknownColumn."""
        if name in MEASURES:
            return Name(name, 1)
        if name in FORMULAS:
            return FORMULAS[name]
        if name in self.own:
            return expanded(read_formula(self.own[name].formula), FORMULAS, MEASURES)
        raise UnknownColumn(name)

    def custom(self, name: str) -> Custom | None:
        """One of the organization's own."""
        metric = self.own.get(name)
        shown: dict[str, Shown] = {"number": "number", "percent": "percent", "times": "times", "money": "money"}
        return custom_metric(metric.formula, shown.get(metric.shown, "seconds"), metric.summable) if metric else None

    def is_money(self, name: str) -> bool:
        """Whether it is in a currency."""
        if name in MEASURES:
            return UNITS[name].money != 0
        if name in METRICS:
            return METRICS[name].unit.money != 0
        custom = self.custom(name)
        return custom is not None and custom.unit.money != 0


async def known_columns(db: Db) -> Asked:
    """The library with the organization's own metrics."""
    return Asked({metric.name: metric for metric in await db.scalars(select(AdMetric).order_by(AdMetric.title))})


def measure_sql(name: str) -> ColumnElement[Any]:
    """A measure in its main unit."""
    if name == "watch_seconds":
        return cast(AdWindowSums.watch_seconds, Double)
    column: InstrumentedAttribute[Any] = getattr(AdWindowSums, MEASURES[name].column)
    number = cast(column, Double)
    return number / _MILLION if MEASURES[name].kind == "money" else number


def formula_sql(formula: Formula) -> ColumnElement[Any]:
    """A formula as SQL; empty where a divisor is zero or something was not reported."""
    match formula:
        case Number(value):
            return literal(value, Double)
        case Name(name):
            return measure_sql(name)
        case Both(sign, left, right):
            one, other = formula_sql(left), formula_sql(right)
            if sign == "+":
                return one + other
            if sign == "-":
                return one - other
            if sign == "*":
                return one * other
            return one / func.nullif(other, 0.0)


def base(columns: Sequence[Any], wanted: AdFilter) -> Select[Any]:
    """Something about the ads that match."""
    statement: Select[Any] = (
        select(*columns)  # pyright: ignore[reportAssignmentType]
        .select_from(AdWindowSums)
        .join(Ad, Ad.id == AdWindowSums.ad_id)
        .join(AdAccount, AdAccount.id == AdWindowSums.ad_account_id)
        .outerjoin(AdVerdict, AdVerdict.ad_id == AdWindowSums.ad_id)
        .where(AdWindowSums.window_days == wanted.window)
    )
    if wanted.ad_id is not None:
        statement = statement.where(AdWindowSums.ad_id == wanted.ad_id)
    if wanted.account_id is not None:
        statement = statement.where(AdWindowSums.ad_account_id == wanted.account_id)
    if wanted.brand_id is not None:
        of_brand = select(BrandAdAccount.ad_account_id).where(
            BrandAdAccount.brand_id.in_(and_merged_into(wanted.brand_id))
        )
        statement = statement.where(AdWindowSums.ad_account_id.in_(of_brand))
    if wanted.campaign_id is not None:
        statement = statement.where(Ad.campaign_id == wanted.campaign_id)
    if wanted.status is not None:
        statement = statement.where(Ad.effective_status == wanted.status)
    if wanted.health is not None:
        statement = statement.where(AdVerdict.health == wanted.health)
    if wanted.rule is not None:
        statement = statement.where(literal(wanted.rule) == func.any(AdVerdict.rules))
    if wanted.q:
        like = "%" + wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(or_(Ad.name.ilike(like), Ad.external_id == wanted.q))
    return statement


def rows_statement(
    wanted: AdFilter, asked: Asked, columns: Sequence[str], sort: str, offset: int, limit: int
) -> Select[Any]:
    """A page of ads. The order is by the column; ads without a value come last whichever way."""
    name = sort.removeprefix("-")
    key: ColumnElement[Any] = func.lower(Ad.name) if name == "name" else formula_sql(asked.formula(name))
    values = [formula_sql(asked.formula(column)).label(f"v_{at}") for at, column in enumerate(columns)]
    statement = base(
        [
            Ad.id, Ad.external_id, Ad.name, Ad.effective_status, Ad.campaign_id, Ad.ad_set_id, Ad.creative_id,
            AdAccount.id.label("account_id"), AdAccount.name.label("account"), AdAccount.currency,
            AdWindowSums.days, AdWindowSums.until, AdWindowSums.reach_low, AdWindowSums.reach_high, AdWindowSums.reach,
            AdVerdict.health, AdVerdict.lacks, AdVerdict.more_spend_micros, AdVerdict.diagnoses,
            key.label("place"), *values,
        ],
        wanted,
    )  # fmt: skip
    order = key.desc().nulls_last() if sort.startswith("-") else key.asc().nulls_last()
    picked = statement.order_by(order, Ad.id).offset(offset).limit(limit).subquery()
    # Names are looked up for the page alone.
    return (
        select(picked, AdCampaign.name.label("campaign"), AdSet.name.label("ad_set"), AdCreativeVersion.format)
        .outerjoin(AdCampaign, AdCampaign.id == picked.c.campaign_id)
        .outerjoin(AdSet, AdSet.id == picked.c.ad_set_id)
        .outerjoin(AdCreative, AdCreative.id == picked.c.creative_id)
        .outerjoin(
            AdCreativeVersion,
            (AdCreativeVersion.creative_id == AdCreative.id) & (AdCreativeVersion.number == AdCreative.version),
        )
        .order_by(
            picked.c.place.desc().nulls_last() if sort.startswith("-") else picked.c.place.asc().nulls_last(),
            picked.c.id,
        )
    )


def totals_statement(wanted: AdFilter, summed: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    """All ads that match as one: counts, currencies, and the sums."""
    sums = [func.sum(measure_sql(name)).label(name) for name in MEASURES if MEASURES[name].additive]
    own = [func.sum(value).label(f"own_{name}") for name, value in summed.items()]
    return base(
        [
            func.count().label("ads"), func.min(AdAccount.currency).label("least"),
            func.max(AdAccount.currency).label("most"), func.max(AdWindowSums.until).label("until"), *sums, *own,
        ],
        wanted,
    )  # fmt: skip


def listed_metrics(asked: Asked) -> list[AdMetricOut]:
    """All that columns can show."""
    raw = [
        AdMetricOut(
            name=m.name,
            title=m.title,
            about=m.about,
            formula=None,
            shown="money" if m.kind == "money" else "seconds" if m.kind == "seconds" else "number",
            direction="none",
            group=m.group,
            summable=m.additive,
        )
        for m in MEASURES.values()
    ]
    library = [
        AdMetricOut(
            name=m.name,
            title=m.title,
            about=m.about,
            formula=m.text,
            shown=m.shown,
            direction=m.direction,
            group=m.group,
            summable=False,
        )
        for m in METRICS.values()
    ]
    own = [
        AdMetricOut.model_validate(
            {
                "name": m.name,
                "title": m.title,
                "about": "",
                "formula": m.formula,
                "shown": m.shown,
                "direction": m.direction,
                "group": "own",
                "summable": m.summable,
                "id": m.id,
            }
        )
        for m in asked.own.values()
    ]
    return [*raw, *library, *own]
