"""Formulas that can be read and yet have no value: divided by what is always zero, or beyond what a number can hold."""

from dataclasses import dataclass
from math import inf, log10

from brandhound.ads.metrics.errors import FormulaWithoutValue
from brandhound.ads.metrics.formulas import Both, Formula, Name, Number

LARGEST = 300.0
"""Powers of ten. The database answers beyond 308 with an error, and everybody's list with it."""
COUNTED_UP_TO, COUNTED_FROM = 13.0, -6.0
"""As large as any sum of an ad becomes, and as small as one that is not zero: a millionth of a currency."""
LEFT_OVER = 16.0
"""What two numbers that are nearly the same leave of each other: their last digit."""


@dataclass(frozen=True, slots=True)
class _Size:
    """How small and how large a value may be, as powers of ten; and what it is, if that is the same for every ad."""

    least: float
    most: float
    always: float | None = None


def check_value(formula: Formula) -> None:
    """Whether a formula, down to measures, can have a value.

    Raises FormulaWithoutValue with the place where it has none.
    """
    _size(formula)


def _size(formula: Formula) -> _Size:
    match formula:
        case Number(value, at):
            return _held(_constant(value), at)
        case Name():
            return _Size(COUNTED_FROM, COUNTED_UP_TO)
        case Both(sign, left, right, at):
            one, other = _size(left), _size(right)
            if sign == "/" and other.always == 0:
                raise FormulaWithoutValue("what it is divided by here is always 0", at)
            return _held(_done(sign, one, other, _same(left, right)), at)


def _done(sign: str, one: _Size, other: _Size, same: bool) -> _Size:
    if (one.always == 0 and sign in "*/") or (other.always == 0 and sign == "*") or (same and sign == "-"):
        return _constant(0.0)
    if one.always is not None and other.always is not None:
        a, b = one.always, other.always
        value = a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "*" else a / b
        return _constant(value) if value or sign in "+-" else _Size(-inf, -inf, value)
    if sign == "*":
        return _Size(one.least + other.least, one.most + other.most)
    if sign == "/":
        return _Size(one.least - other.most, one.most - other.least)
    return _Size(min(one.least, other.least) - LEFT_OVER, max(one.most, other.most) + 1)


def _constant(value: float) -> _Size:
    size = log10(abs(value)) if value and abs(value) != inf else inf if value else 0.0
    return _Size(size, size, value)


def _held(size: _Size, at: int) -> _Size:
    if size.most > LARGEST or size.least < -LARGEST:
        raise FormulaWithoutValue("this may become larger or smaller than any number that can be shown", at)
    return size


def _same(left: Formula, right: Formula) -> bool:
    """Whether both say the same, wherever they stand."""
    match left, right:
        case Number(one), Number(other):
            return one == other
        case Name(one), Name(other):
            return one == other
        case Both(sign, a, b), Both(other_sign, c, d):
            return sign == other_sign and _same(a, c) and _same(b, d)
        case _:
            return False
