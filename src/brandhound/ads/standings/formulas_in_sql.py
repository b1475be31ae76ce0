"""Formulas of measures as SQL over the sums of ads."""

from typing import Any

from sqlalchemy import ColumnElement, Double, cast, func, literal
from sqlalchemy.orm import InstrumentedAttribute

from brandhound.ads.metrics.formulas import Both, Formula, Name, Number, names_in
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.standings.converted_models import AdConvertedSums
from brandhound.ads.standings.models import AdWindowSums

SumsTable = type[AdWindowSums] | type[AdConvertedSums]
"""Sums in each account's own currency, or with money in another one, under the same names."""

MILLION = 1_000_000


def measure_sql(name: str, sums: SumsTable = AdWindowSums) -> ColumnElement[Any]:
    """A measure in its main unit."""
    if name == "watch_seconds":
        return cast(sums.watch_seconds, Double)
    column: InstrumentedAttribute[Any] = getattr(sums, MEASURES[name].column)
    number = cast(column, Double)
    return number / MILLION if MEASURES[name].kind == "money" else number


def formula_sql(formula: Formula, sums: SumsTable = AdWindowSums) -> ColumnElement[Any]:
    """A formula as SQL; empty where a divisor is zero or something was not reported."""
    match formula:
        case Number(value):
            return literal(value, Double)
        case Name(name):
            return measure_sql(name, sums)
        case Both(sign, left, right):
            one, other = formula_sql(left, sums), formula_sql(right, sums)
            if sign == "+":
                return one + other
            if sign == "-":
                return one - other
            if sign == "*":
                return one * other
            return one / func.nullif(other, 0.0)


def of_films(formula: Formula) -> frozenset[str]:
    """What is said of films alone, in a formula of several measures: stills' impressions are no part of a hook rate."""
    names = names_in(formula)
    films = frozenset({name for name in names if MEASURES[name].group == "video"})
    return films if len(names) > 1 else frozenset()


def touches_money(formula: Formula) -> bool:
    """Whether money is in it, even where it cancels out, as in return on spend."""
    return any(MEASURES[name].kind == "money" for name in names_in(formula))
