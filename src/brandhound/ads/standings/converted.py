"""Sums of ads with money in one currency, each day by its own day's rate, as a table that statements join."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Integer, Subquery, Uuid, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import ARRAY

from brandhound.ads.metrics.formulas import Formula
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.standings.formulas_in_sql import formula_sql, measure_sql, touches_money
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.standings.schemas import ShownIn


@dataclass(frozen=True)
class Converted:
    """What ads whose accounts are in other currencies came to, of those days that have a rate."""

    shown: ShownIn
    same: tuple[UUID, ...]
    """Accounts that are in the currency already: nothing of theirs is touched."""
    ad_ids: Sequence[UUID]
    days: Sequence[int]
    """By ad: on how many days with a rate it was shown."""
    columns: Mapping[str, Sequence[float | None]]
    """By measure: the sums in the order of the ads, money converted."""
    has_gaps: bool
    """Whether days are left out. Then what money is divided by is of the other days, too."""

    def only(self, wanted: Collection[UUID]) -> "Converted":
        """Of these ads alone."""
        places = [at for at, ad_id in enumerate(self.ad_ids) if ad_id in wanted]
        return replace(
            self,
            ad_ids=[self.ad_ids[at] for at in places],
            days=[self.days[at] for at in places],
            columns={name: [column[at] for at in places] for name, column in self.columns.items()},
        )

    @cached_property
    def table(self) -> Subquery:
        """One row an ad."""
        columns = [func.unnest(cast(list(column), ARRAY(Double))).label(name) for name, column in self.columns.items()]
        return select(
            func.unnest(cast(list(self.ad_ids), ARRAY(Uuid))).label("ad_id"),
            func.unnest(cast(list(self.days), ARRAY(Integer))).label("covered_days"),
            *columns,
        ).subquery("converted")

    def sql(self, formula: Formula) -> ColumnElement[Any]:
        """A formula over what is converted, where there is money in it."""
        return formula_sql(formula, self.measured) if touches_money(formula) else formula_sql(formula)

    def measured(self, name: str) -> ColumnElement[Any]:
        """A measure of the days that have a rate; money is converted."""
        own = measure_sql(name)
        if MEASURES[name].kind != "money" and not self.has_gaps:
            return own
        known = self.table.c
        # Nothing is nothing in whatever currency. Reach of some of the days is not known.
        other = (
            case(
                (own.is_(None), null()),
                (own == 0, literal(0.0, Double)),
                (known.covered_days.is_not(None), func.coalesce(known[name], 0.0)),
            )
            if MEASURES[name].additive
            else null()
        )
        return case((AdWindowSums.ad_account_id.in_(self.same), own), else_=other)

    def days_without_rate(self) -> ColumnElement[Any]:
        """Of an ad's days, those that are left out."""
        others = AdWindowSums.days - func.coalesce(self.table.c.covered_days, 0)
        return case((AdWindowSums.ad_account_id.in_(self.same), 0), else_=others)
