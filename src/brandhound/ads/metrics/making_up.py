"""Metrics that people make up by a formula of others."""

from dataclasses import dataclass

import numpy as np

from brandhound.ads.metrics.errors import FormatDoesNotFit
from brandhound.ads.metrics.formulas import Column, Formula, Unit, expanded, read_formula, unit_of, worth
from brandhound.ads.metrics.library import FORMULAS, UNITS, Shown
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.metrics.summing import Sums


@dataclass(frozen=True)
class Custom:
    """A metric that an organization made up."""

    formula: Formula
    """Down to measures."""
    unit: Unit
    shown: Shown
    summable: bool

    def of(self, sums: Sums) -> Column:
        """Its value for each ad."""
        return np.broadcast_to(worth(self.formula, sums.column), (sums.size,))

    def together(self, sums: Sums) -> float:
        """Its value for all ads together: summed if it may be, else the formula on the sums."""
        values = self.of(sums)
        if self.summable:
            return float(np.nansum(values)) if not np.isnan(values).all() else float("nan")
        return float(self.of(sums.together())[0])


def custom_metric(text: str, shown: Shown, summable: bool) -> Custom:
    """What a formula that somebody wrote means.

    Raises a Problem that names the place where it cannot be read, the name that is unknown, or the units that do not mix.
    """
    formula = expanded(read_formula(text), FORMULAS, MEASURES)
    unit = unit_of(formula, UNITS)
    plain = not unit.money and not unit.seconds
    fits = {"money": unit.money == 1, "seconds": unit.seconds == 1 and not unit.money}.get(shown, plain)
    if not fits:
        raise FormatDoesNotFit(shown, str(unit))
    return Custom(formula, unit, shown, summable)
