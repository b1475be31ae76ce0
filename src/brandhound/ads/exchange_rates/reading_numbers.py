"""A rate as people and banks write it. The mistake that nobody sees is one mark taken for the other: a thousandfold."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal

from brandhound.ads.exchange_rates.models import PLACES

LARGEST = Decimal(10) ** 12
SMALLEST = Decimal(1).scaleb(-PLACES)

Writing = Literal["point", "comma", "either", "mixed", "typed"]
"""Which mark is the decimal one. either: nothing says so, and a single mark is taken for it. mixed: both are, so that what can
be read two ways is refused. typed: a number by itself, or a table that says no more than one, where a point is the decimal
mark, as in every program, and a comma may be."""

_POINT = re.compile(r"(?:\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?)")
"""1234.5, 1,234.5 or 1.5e-3"""
_COMMA = re.compile(r"(?:\d+(?:,\d+)?(?:[eE][+-]?\d{1,3})?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?)")
"""1234,5, 1.234,5 or 1,5e-3"""


def writing_of(cells: Iterable[str]) -> Writing:
    """How a table writes its numbers, by those of its cells that can be read in one way only."""
    by_point = by_comma = lone_point = lone_comma = False
    for said in cells:
        if "," not in said and "." not in said:
            continue
        match bool(_POINT.fullmatch(said)), bool(_COMMA.fullmatch(said)):
            case True, True:
                lone_comma |= "," in said
                lone_point |= "." in said
            case True, False:
                by_point = True
            case False, True:
                by_comma = True
            case _:
                pass
    if by_point != by_comma:
        return "point" if by_point else "comma"
    # 1,234 and 1.234 in one table: one of them is a thousand and more, and nothing says which.
    return "mixed" if by_point or (lone_point and lone_comma) else "either"


def number_of(said: str, writing: Writing = "typed") -> Decimal | str:
    """A rate, or what is wrong with it."""
    by_point = writing != "comma" and _POINT.fullmatch(said)
    by_comma = writing != "point" and _COMMA.fullmatch(said)
    if not by_point and not by_comma:
        return "that is no plain number, such as 1.0543"
    if by_point and by_comma:
        if "," in said and writing in ("mixed", "typed"):
            return f"that can be read either way: write {said.replace(',', '')}, or {said.replace(',', '.')}0"
        if "." in said and writing == "mixed":
            return f"that can be read either way: write {said.replace('.', '')}, or {said}0"
        by_point = "." in said
    try:
        plain = said.replace(",", "") if by_point else said.replace(".", "").replace(",", ".")
        rate = Decimal(plain).quantize(SMALLEST)
    except InvalidOperation:
        return "that number is too large for a rate"
    if rate <= 0:
        return "a rate is more than nothing"
    return rate if rate < LARGEST else "that number is too large for a rate"
