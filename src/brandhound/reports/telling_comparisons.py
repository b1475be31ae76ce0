"""A comparison of two ranges of days in words: each figure beside what it was, and whether the difference can be chance."""

from dataclasses import dataclass

from brandhound.core.wording import count_of
from brandhound.reports.document import Compared, Comparison
from brandhound.reports.pieces import BAD, GOOD, settable
from brandhound.reports.svg import INK, MUTED
from brandhound.reports.wording import MINUS, TOO_FEW, number, percent, range_text, signed_balance, signed_points

_WORDS = {"more": "more", "less": "less", "chance": "may be chance", "not-enough": "not enough evidence"}


@dataclass(frozen=True)
class ComparedLine:
    """A row of the comparison."""

    label: str
    value: str
    before: str
    difference: str
    interval: str
    verdict: str
    color: str


def comparison_note(comparison: Comparison) -> str:
    """Which days are held against which."""
    note = f"{range_text(comparison.range)} against {range_text(comparison.before)}"
    if abs(comparison.scale - 1) > 1e-9:
        note += (
            f" · {count_of(comparison.range.days, 'day')} against {count_of(comparison.before.days, 'day')}: differences "
            "of counts are against as many days"
        )
    return note


def compared_line(row: Compared) -> ComparedLine:
    """One figure beside what it was, in words."""
    # More is neither good nor bad of anything but tone: a scandal makes many mentions.
    good, bad = (GOOD, BAD) if row.unit == "balance" else (INK, INK)
    color = {"more": good, "less": bad}.get(row.verdict, MUTED)
    interval = row.interval
    return ComparedLine(
        settable(row.label),
        _told(row.value, row.unit),
        _told(row.before, row.unit),
        TOO_FEW if interval is None or row.difference is None else _difference(row.difference, row.unit),
        "" if interval is None else f"{_difference(interval.low, row.unit)} to {_difference(interval.high, row.unit)}",
        _WORDS[row.verdict],
        color,
    )


def _told(value: float | None, unit: str) -> str:
    if value is None:
        return TOO_FEW
    return number(value) if unit == "count" else percent(value) if unit == "share" else signed_balance(value)


def _difference(value: float, unit: str) -> str:
    if unit == "count":
        whole = round(value)
        return f"{'+' if whole > 0 else MINUS if whole < 0 else ''}{number(abs(whole))}"
    return signed_points(value) if unit == "share" else signed_balance(value)
