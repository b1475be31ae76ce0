"""Formulas of measures as SQL over the sums of ads."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Double, cast, func, literal
from sqlalchemy.orm import InstrumentedAttribute

from brandhound.ads.metrics.formulas import Both, Formula, Name, Number, names_in
from brandhound.ads.metrics.measures import MEASURES
from brandhound.ads.standings.models import AdWindowSums

Measured = Callable[[str], ColumnElement[Any]]
"""A measure by its name."""

MILLION = 1_000_000


def measure_sql(name: str) -> ColumnElement[Any]:
    """A measure in its main unit, money in the account's own currency."""
    if name == "watch_seconds":
        return cast(AdWindowSums.watch_seconds, Double)
    column: InstrumentedAttribute[Any] = getattr(AdWindowSums, MEASURES[name].column)
    number = cast(column, Double)
    return number / MILLION if MEASURES[name].kind == "money" else number


def formula_sql(formula: Formula, measured: Measured = measure_sql) -> ColumnElement[Any]:
    """A formula as SQL; empty where a divisor is zero or something was not reported."""
    match formula:
        case Number(value):
            return literal(value, Double)
        case Name(name):
            return measured(name)
        case Both(sign, left, right):
            one, other = formula_sql(left, measured), formula_sql(right, measured)
            if sign == "+":
                return one + other
            if sign == "-":
                return one - other
            if sign == "*":
                return one * other
            return one / func.nullif(other, 0.0)


def touches_money(formula: Formula) -> bool:
    """Whether money is in it, even where it cancels out, as in return on spend."""
    return any(MEASURES[name].kind == "money" for name in names_in(formula))
