"""Measures summed over days and ads: counts first, and only then is anything divided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.measures import ADDITIVE, MEASURES


@dataclass(frozen=True)
class Sums:
    """Measures summed over a window, one row an ad. What was not reported is NaN."""

    columns: Mapping[str, Column]
    currency: str = ""
    size: int = field(default=1)

    def column(self, name: str) -> Column:
        return self.columns[name] if name in self.columns else np.full(self.size, np.nan)

    def of(self, metric: str) -> Callable[[str], Column]:
        """Columns as one metric needs them: of those ads alone of which all that it is made of is known."""
        return lambda name: self.column(f"{metric}__{name}" if f"{metric}__{name}" in self.columns else name)

    def chosen(self, rows: Mask) -> "Sums":
        """Only some of the ads."""
        return Sums({name: column[rows] for name, column in self.columns.items()}, self.currency, int(rows.sum()))

    def together(self) -> "Sums":
        """All ads as one. People reached by one ad were reached by another too: reach is not in it."""
        totals = {
            name: np.array([np.nansum(column) if not np.isnan(column).all() else np.nan])
            for name, column in self.columns.items()
            if name not in MEASURES or MEASURES[name].additive
        }
        return Sums(totals, self.currency, 1)


def daily_sums(days: Mapping[str, Column], ads: Column, currency: str = "") -> tuple[Column, Sums]:
    """Rows of single days put together per ad, before anything is divided. Returns the ads and their sums."""
    names, place = np.unique(ads, return_inverse=True)
    columns: dict[str, Column] = {}
    for name in ADDITIVE:
        if name in days:
            known = ~np.isnan(days[name])
            total = np.bincount(place[known], weights=days[name][known], minlength=len(names))
            seen = np.bincount(place[known], minlength=len(names)) > 0
            columns[name] = np.where(seen, total, np.nan)
    columns["days"] = np.bincount(place, minlength=len(names)).astype(np.float64)
    return names, Sums(columns, currency, len(names))
