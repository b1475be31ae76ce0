"""Sums of ads with money in one currency, each day by its own day's rate, as a table that statements join."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Double, Integer, Subquery, Text, Uuid, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

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
    arrays: Mapping[str, str]
    """`ad_id`, `covered_days` (on how many days with a rate it was shown) and by measure the sums with money converted.

    Each is an array as the database writes it, with one place an ad. They go back as they came: ten thousand ads are not read
    one by one to be written again.
    """
    has_gaps: bool
    """Whether days are left out. Then what money is divided by is of the other days, too."""

    def only(self, wanted: Collection[UUID]) -> "Converted":
        """Of these ads alone."""
        ids = {str(one) for one in wanted}
        places = [at for at, one in enumerate(_split(self.arrays["ad_id"])) if one in ids]
        arrays = {name: _split(array) for name, array in self.arrays.items()}
        chosen = {name: "{" + ",".join(array[at] for at in places) + "}" for name, array in arrays.items()}
        return replace(self, arrays=chosen)

    @cached_property
    def table(self) -> Subquery:
        """One row an ad."""
        types: dict[str, TypeEngine[Any]] = {"ad_id": Uuid(), "covered_days": Integer()}
        columns = [
            func.unnest(cast(literal(array, Text), ARRAY(types.get(name, Double())))).label(name)
            for name, array in self.arrays.items()
        ]
        return select(*columns).subquery("converted")

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
                (known.covered_days > 0, func.coalesce(known[name], 0.0)),
            )
            if MEASURES[name].additive
            else null()
        )
        return case((AdWindowSums.ad_account_id.in_(self.same), own), else_=other)

    def days_without_rate(self) -> ColumnElement[Any]:
        """Of an ad's days, those that are left out."""
        others = AdWindowSums.days - func.coalesce(self.table.c.covered_days, 0)
        return case((AdWindowSums.ad_account_id.in_(self.same), 0), else_=others)


def _split(array: str) -> list[str]:
    """The places of an array of numbers or identifiers, as they are written."""
    return array[1:-1].split(",") if len(array) > 2 else []
