"""Questions about many ads: formulas as SQL over their sums, filters, order; as many statements however many ads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, Uuid, and_, case, cast, exists, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.meta.facts_of_meta import fields
from brandhound.ads.metrics.formulas import Formula, Name, expanded, names_in, read_formula
from brandhound.ads.metrics.library import FORMULAS, METRICS, UNITS, Shown
from brandhound.ads.metrics.making_up import Custom, custom_metric
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.ads.object_models import Ad, AdCampaign, AdCreative, AdCreativeVersion, AdSet
from brandhound.ads.standings.converted import Converted
from brandhound.ads.standings.converted_models import AdConvertedSums
from brandhound.ads.standings.errors import UnknownColumn, UnknownFilter
from brandhound.ads.standings.formulas_in_sql import SumsTable, formula_sql, measure_sql, of_films, touches_money
from brandhound.ads.standings.landing import links_to, with_page
from brandhound.ads.standings.models import AdMetric, AdVerdict, AdWindowSums
from brandhound.ads.standings.schemas import AdMetricOut
from brandhound.brands.queries import all_one_with
from brandhound.core.db import Db


@dataclass(frozen=True)
class AdFilter:
    """Which ads."""

    window: int = 28
    brand_id: UUID | None = None
    account_id: UUID | None = None
    campaign_id: UUID | None = None
    currency: str | None = None
    status: str | None = None
    health: str | None = None
    rule: str | None = None
    q: str = ""
    page: str | None = None
    """Where it leads, in the spelling of `page_of`."""


@dataclass(frozen=True)
class Order:
    """In which order ads come."""

    column: str
    down: bool
    currencies: Sequence[str] = ()
    """Where money of several currencies is put in order: each by itself, and they in this order."""


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

    def summed(self, names: Iterable[str]) -> dict[str, Custom]:
        """Those of the organization's own that may be added up."""
        own = {name: custom for name in names if (custom := self.custom(name)) is not None}
        return {name: custom for name, custom in own.items() if custom.summable}

    def is_money(self, name: str) -> bool:
        """Whether it is in a currency."""
        if name in MEASURES:
            return UNITS[name].money != 0
        if name in METRICS:
            return METRICS[name].unit.money != 0
        custom = self.custom(name)
        return custom is not None and custom.unit.money != 0


async def check_filter(db: Db, wanted: AdFilter) -> None:
    """Nothing that no ad can be. A word for delivery that the platform made up since is known as soon as an ad has it.

    Raises UnknownFilter.
    """
    if wanted.rule is not None and wanted.rule not in RULES:
        raise UnknownFilter("rule", wanted.rule, list(RULES))
    known = fields()["every_status"]
    if wanted.status is None or wanted.status in known:
        return
    if not await db.scalar(select(exists().where(Ad.effective_status == wanted.status))):
        raise UnknownFilter("status", wanted.status, known)


async def known_columns(db: Db) -> Asked:
    """The library with the organization's own metrics."""
    return Asked({metric.name: metric for metric in await db.scalars(select(AdMetric).order_by(AdMetric.title))})


def matching(
    columns: Sequence[Any],
    wanted: AdFilter,
    *more: type[Ad | AdAccount | AdVerdict],
    sums: SumsTable = AdWindowSums,
    currency: str | None = None,
) -> Select[Any]:
    """Something about the ads that match. Tables are joined only where the filter, or somebody by `more`, needs them.

    Sums are narrow and lie together; ads and what is said of them are wide. Ten thousand of the latter are not read to find
    the hundred that are shown. `sums` may be those with money in a currency.
    """
    statement: Select[Any] = (
        select(*columns)  # pyright: ignore[reportAssignmentType]
        .select_from(sums)
        .where(sums.window_days == wanted.window)
    )
    if issubclass(sums, AdConvertedSums):
        statement = statement.where(sums.currency == currency)
    of_ad = (wanted.q, wanted.status, wanted.campaign_id, wanted.page)
    if any(of_ad) or Ad in more:
        statement = statement.join(Ad, Ad.id == sums.ad_id)
    if wanted.page is not None:
        statement = with_page(statement).where(AdCreativeVersion.link.in_(links_to(wanted.page)))
    if wanted.currency is not None or AdAccount in more:
        statement = statement.join(AdAccount, AdAccount.id == sums.ad_account_id)
    if wanted.health is not None or wanted.rule is not None:
        statement = statement.join(AdVerdict, AdVerdict.ad_id == sums.ad_id)
    if wanted.account_id is not None:
        statement = statement.where(sums.ad_account_id == wanted.account_id)
    if wanted.brand_id is not None:
        of_brand = select(BrandAdAccount.ad_account_id).where(
            BrandAdAccount.brand_id.in_(all_one_with(wanted.brand_id))
        )
        statement = statement.where(sums.ad_account_id.in_(of_brand))
    if wanted.currency is not None:
        statement = statement.where(AdAccount.currency == wanted.currency)
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


def picked_statement(
    wanted: AdFilter, asked: Asked, order: Order, offset: int, limit: int, converted: Converted | None = None
) -> Select[Any]:
    """Which ads a page holds, in order. Those without a value come last whichever way."""
    by_name = order.column == "name"
    formula = None if by_name else asked.formula(order.column)
    sums = AdWindowSums if converted is None or formula is None else converted.sums_of(formula)
    key: ColumnElement[Any] = func.lower(Ad.name) if formula is None else formula_sql(formula, sums)
    # Yen are not more than euros: money is put in order within each currency.
    ranks = {currency: place for place, currency in enumerate(order.currencies)}
    rank = [case(ranks, value=AdAccount.currency, else_=len(ranks))] if ranks else []
    more = [*([Ad] if by_name else []), *([AdAccount] if ranks else [])]
    place = key.desc().nulls_last() if order.down else key.asc().nulls_last()
    found = matching([sums.ad_id], wanted, *more, sums=sums, currency=converted.shown.currency if converted else None)
    return found.order_by(*rank, place, sums.ad_id).offset(offset).limit(limit)


def rows_statement(
    window: int, asked: Asked, columns: Sequence[str], ad_ids: Sequence[UUID], converted: Converted | None = None
) -> Select[Any]:
    """These ads with all that a row shows, in no order. Where money is converted, with the same in its own currency.

    Each table is asked for one ad after the other (the limit keeps it so): the planner does not know how much the organization
    of a setting has, takes it for little, and would read the index of all of it, or all its rows, to find a hundred.
    """
    wanted = select(func.unnest(cast(list(ad_ids), ARRAY(Uuid))).label("id")).subquery("wanted")
    of_ad = (
        Ad.id,
        Ad.external_id,
        Ad.name,
        Ad.effective_status,
        Ad.campaign_id,
        Ad.ad_set_id,
        Ad.creative_id,
        Ad.account_id,
    )
    ad = select(*of_ad).where(Ad.id == wanted.c.id).limit(1).lateral("ad")
    formulas = [asked.formula(column) for column in columns]
    is_own = [converted is None or converted.sums_of(one) is AdWindowSums for one in formulas]
    of_window = select(
        AdWindowSums.days, AdWindowSums.until, AdWindowSums.last_on,
        AdWindowSums.reach_low, AdWindowSums.reach_high, AdWindowSums.reach,
        *[formula_sql(one).label(f"v_{at}") for at, one in enumerate(formulas) if is_own[at]],
    ).where(AdWindowSums.ad_id == wanted.c.id, AdWindowSums.window_days == window)  # fmt: skip
    if converted is not None:
        own = [formula_sql(one).label(f"n_{at}") for at, one in enumerate(formulas) if touches_money(one)]
        of_window = of_window.add_columns(*own)
    sums = of_window.limit(1).lateral("sums")
    verdict = (
        select(AdVerdict.health, AdVerdict.lacks, AdVerdict.more_spend_micros, AdVerdict.diagnoses)
        .where(AdVerdict.ad_id == wanted.c.id)
        .limit(1)
        .lateral("verdict")
    )
    account = (
        select(AdAccount.name.label("account"), AdAccount.currency, AdAccount.time_zone)
        .where(AdAccount.id == ad.c.account_id)
        .limit(1)
        .lateral("its_account")
    )
    version = (AdCreativeVersion.creative_id == AdCreative.id) & (AdCreativeVersion.number == AdCreative.version)
    found = (
        select(
            *ad.c, *sums.c, *verdict.c, *account.c,
            select(AdCampaign.name).where(AdCampaign.id == ad.c.campaign_id).scalar_subquery().label("campaign"),
            select(AdSet.name).where(AdSet.id == ad.c.ad_set_id).scalar_subquery().label("ad_set"),
            select(AdCreativeVersion.format).join(AdCreative, version).where(AdCreative.id == ad.c.creative_id)
            .scalar_subquery().label("format"),
        )  # pyright: ignore[reportReturnType]
        .select_from(wanted)
        .join(ad, true())
        .join(sums, true())
        .join(account, true())
        .outerjoin(verdict, true())
    )  # fmt: skip
    if converted is None or not converted.is_kept:
        return found  # pyright: ignore[reportReturnType]
    of_currency = select(
        AdConvertedSums.days_without_rate,
        *[converted.sql(one).label(f"v_{at}") for at, one in enumerate(formulas) if not is_own[at]],
    ).where(
        AdConvertedSums.ad_id == wanted.c.id,
        AdConvertedSums.window_days == window,
        AdConvertedSums.currency == converted.shown.currency,
    )
    shown = of_currency.limit(1).lateral("shown")
    return found.add_columns(*shown.c).outerjoin(shown, true())


def totals_statement(
    wanted: AdFilter, asked: Asked, columns: Sequence[str], converted: Converted | None = None
) -> Select[Any]:
    """The ads that match as one row an account: how many, and the sums that the columns are made of.

    With `converted`, the sums of columns in which there is money, with that money converted.
    """
    together = summed(wanted, asked, columns, converted)
    return (
        select(AdAccount.currency, *together.c)
        .join(AdAccount, AdAccount.id == together.c.account_id)
        .order_by(AdAccount.currency, AdAccount.id)
    )


def summed(
    wanted: AdFilter,
    asked: Asked,
    columns: Sequence[str],
    converted: Converted | None = None,
    *,
    always: Iterable[str] = (),
    by_link: bool = False,
) -> Subquery:
    """The ads that match as one row an account, or one for each of its links: how many, with the sums that columns are made of.

    Measures that are asked for `always` are summed, too.
    """
    if converted is not None:
        columns = [column for column in columns if touches_money(asked.formula(column))]
    table = AdWindowSums if converted is None else converted.table
    needed = {name for column in columns for name in names_in(asked.formula(column))} | set(always)
    sums = [func.sum(measure_sql(name, table)).label(name) for name in sorted(needed) if MEASURES[name].additive]
    for column in columns:
        formula = asked.formula(column)
        if films := of_films(formula):
            # A film without a single one of something is told without it; an account that tells it of no film does not count it.
            told = or_(*(measure_sql(name, table).is_not(None) for name in films))
            counted_at_all = and_(*(func.count(measure_sql(name, table)) > 0 for name in films))
            sums += [
                case((counted_at_all, func.sum(measure_sql(name, table)).filter(told))).label(f"{column}__{name}")
                for name in sorted(names_in(formula))
                if MEASURES[name].additive
            ]
    own = [
        func.sum(formula_sql(custom.formula, table)).label(f"own_{name}")
        for name, custom in asked.summed(columns).items()
    ]
    days = (
        [] if converted else [func.min(AdWindowSums.since).label("since"), func.max(AdWindowSums.until).label("until")]
    )
    by = [table.ad_account_id.label("account_id"), *([AdCreativeVersion.link] if by_link else [])]
    currency = converted.shown.currency if converted else None
    counted = [*by, func.count().label("ads"), *days, *sums, *own]
    found = matching(counted, wanted, *([Ad] if by_link else []), sums=table, currency=currency)
    if by_link and wanted.page is None:
        found = with_page(found)
    return found.group_by(*by).subquery()


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
