"""Sums of ads with money in one currency, each day by its own day's rate, as statements read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from brandhound.ads.metrics.formulas import Formula
from brandhound.ads.standings.converted_models import AdConvertedSums
from brandhound.ads.standings.formulas_in_sql import SumsTable, formula_sql, touches_money
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.standings.schemas import ShownIn


@dataclass(frozen=True)
class Converted:
    """Where sums in a currency are to be read, for the accounts and the window that were asked for."""

    shown: ShownIn
    table: SumsTable
    """The accounts' own sums where all of them are in the currency already."""
    gaps: Sequence[tuple[UUID, date]] = ()
    """Accounts with days without a rate on which something was paid."""

    @property
    def is_kept(self) -> bool:
        """Whether they stand in a table of their own, in which there are other currencies, too."""
        return self.table is AdConvertedSums

    def sums_of(self, formula: Formula) -> SumsTable:
        """What a formula is reckoned from: what is converted, where there is money in it."""
        return self.table if touches_money(formula) else AdWindowSums

    def sql(self, formula: Formula) -> ColumnElement[Any]:
        """A formula over what is converted, where there is money in it."""
        return formula_sql(formula, self.sums_of(formula))
