"""The language of formulas: names, numbers, `+ - * /` and parentheses, read by hand and never run as code."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from brandhound.ads.metrics.errors import FormulaUnreadable, UnitsDoNotMix, UnknownName

Column = NDArray[np.float64]
"""One value an ad; NaN where it was not reported or is undefined."""

Mask = NDArray[np.bool_]

LONGEST = 400
DEEPEST = 24
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>[-+*/()]))")


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Both:
    """Two formulas and what is done with them."""

    sign: Literal["+", "-", "*", "/"]
    left: "Formula"
    right: "Formula"
    at: int


Formula = Number | Name | Both


@dataclass(frozen=True, slots=True)
class Unit:
    """What a formula's value is measured in, as powers: money 1, count -1 is money for one."""

    money: int = 0
    count: int = 0
    seconds: int = 0
    bare: bool = False
    """A number that was written down: goes with counts as well."""

    def __str__(self) -> str:
        names = (("money", self.money), ("a count", self.count), ("seconds", self.seconds))
        above = [name for name, power in names for _ in range(max(power, 0))]
        below = [name for name, power in names for _ in range(max(-power, 0))]
        if not above and not below:
            return "a plain number"
        return (" times ".join(above) or "one") + (f" divided by {' and '.join(below)}" if below else "")


@dataclass(slots=True)
class _Reading:
    text: str
    tokens: list[tuple[str, str, int]]
    next: int = 0
    depth: int = 0

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.next] if self.next < len(self.tokens) else ("end", "", len(self.text) + 1)

    def take(self) -> tuple[str, str, int]:
        token = self.peek()
        self.next += 1
        return token


def read_formula(text: str) -> Formula:
    """The formula that a text says.

    Raises FormulaUnreadable with the place where it stops making sense.
    """
    if len(text) > LONGEST:
        raise FormulaUnreadable(f"a formula has at most {LONGEST} characters", LONGEST + 1)
    reading = _Reading(text, list(_tokens(text)))
    formula = _sum(reading)
    kind, shown, at = reading.peek()
    if kind != "end":
        raise FormulaUnreadable(f"one of + - * / or the end is expected here, not “{shown}”", at)
    return formula


def _tokens(text: str) -> Iterable[tuple[str, str, int]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found:
            wrong = at + len(text[at:]) - len(text[at:].lstrip())
            raise FormulaUnreadable(f"“{text[wrong]}” means nothing in a formula", wrong + 1)
        kind = found.lastgroup or "sign"
        yield kind, found[kind], found.start(kind) + 1
        at = found.end()


def _sum(reading: _Reading) -> Formula:
    reading.depth += 1
    if reading.depth > DEEPEST:
        raise FormulaUnreadable(f"more than {DEEPEST} parentheses in each other", reading.peek()[2])
    left = _product(reading)
    while reading.peek()[1] in ("+", "-"):
        _, sign, at = reading.take()
        left = Both("+" if sign == "+" else "-", left, _product(reading), at)
    reading.depth -= 1
    return left


def _product(reading: _Reading) -> Formula:
    left = _single(reading)
    while reading.peek()[1] in ("*", "/"):
        _, sign, at = reading.take()
        left = Both("*" if sign == "*" else "/", left, _single(reading), at)
    return left


def _single(reading: _Reading) -> Formula:
    kind, shown, at = reading.take()
    match kind, shown:
        case "number", _:
            return Number(float(shown), at)
        case "name", _:
            return Name(shown, at)
        case _, "-":
            reading.depth += 1
            if reading.depth > DEEPEST:
                raise FormulaUnreadable("too many signs in a row", at)
            inner = _single(reading)
            reading.depth -= 1
            return Both("*", Number(-1.0, at), inner, at)
        case _, "(":
            inner = _sum(reading)
            _, closing, closing_at = reading.take()
            if closing != ")":
                raise FormulaUnreadable("a closing parenthesis is missing", closing_at)
            return inner
        case _:
            what = f"not “{shown}”" if shown else "but the formula ends"
            raise FormulaUnreadable(f"a name, a number or ( is expected here, {what}", at)


def names_in(formula: Formula) -> set[str]:
    """Every name that a formula uses."""
    match formula:
        case Number():
            return set()
        case Name(name):
            return {name}
        case Both(_, left, right):
            return names_in(left) | names_in(right)


def expanded(formula: Formula, metrics: Mapping[str, Formula], known: Iterable[str]) -> Formula:
    """The same formula with the metrics it names replaced by their own formulas, down to measures.

    Raises UnknownName for a name that is neither.
    """
    match formula:
        case Number():
            return formula
        case Name(name, at):
            if name in metrics:
                return metrics[name]
            if name in set(known):
                return formula
            near = difflib.get_close_matches(name, [*known, *metrics], n=3, cutoff=0.5)
            raise UnknownName(name, at, near)
        case Both(sign, left, right, at):
            return Both(sign, expanded(left, metrics, known), expanded(right, metrics, known), at)


def unit_of(formula: Formula, units: Mapping[str, Unit]) -> Unit:
    """What the value of a formula is measured in.

    Raises UnitsDoNotMix where money is added to a count.
    """
    match formula:
        case Number():
            return Unit(bare=True)
        case Name(name):
            return units[name]
        case Both(sign, left, right, at):
            one, other = unit_of(left, units), unit_of(right, units)
            if sign in ("+", "-"):
                return _added(one, other, at)
            power = 1 if sign == "*" else -1
            return Unit(
                one.money + power * other.money,
                one.count + power * other.count,
                one.seconds + power * other.seconds,
                one.bare and other.bare,
            )


def _added(one: Unit, other: Unit, at: int) -> Unit:
    if (one.money, one.count, one.seconds) == (other.money, other.count, other.seconds):
        return Unit(one.money, one.count, one.seconds, one.bare and other.bare)
    for written, counted in ((one, other), (other, one)):
        if written.bare and counted.count == 1 and not counted.money and not counted.seconds:
            return counted
    raise UnitsDoNotMix(f"{one} and {other} cannot be added", at)


def worth(formula: Formula, column: Callable[[str], Column]) -> Column:
    """The formula's value for each ad; NaN where something was not reported or a divisor is zero."""
    match formula:
        case Number(value):
            return np.asarray(value, dtype=np.float64)
        case Name(name):
            return column(name)
        case Both(sign, left, right):
            one, other = worth(left, column), worth(right, column)
            if sign == "+":
                return one + other
            if sign == "-":
                return one - other
            if sign == "*":
                return one * other
            return divided(one, other)


def divided(one: Column, other: Column) -> Column:
    """One by the other; undefined, not zero and not endless, where there is nothing to divide by."""
    one, other = np.broadcast_arrays(one, other)
    result = np.full(one.shape, np.nan)
    np.divide(one, other, out=result, where=(other != 0) & ~np.isnan(other))
    return result
