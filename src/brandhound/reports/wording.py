"""Figures and days in words, the same on every page, in every file."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from brandhound.reports.document import ENOUGH, Figure, Interval, Range

MINUS = "−"
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TOO_FEW = "too few"
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates (UAX #9): one that is not closed turns what stands behind it, too."""
_TURNING = re.compile("(\u2068[^\u202a-\u202e\u2066-\u2069]*\u2069)|[\u202a-\u202e\u2066-\u2069]")


def number(value: float) -> str:
    return f"{value:,.0f}"


def percent(share: float) -> str:
    """A share as whole percent; what is not nothing is never shown as nothing."""
    whole = round(share * 100)
    if whole == 0 and share > 0:
        return "< 1 %"
    if whole == 100 and share < 1:
        return "> 99 %"
    return f"{whole:,} %"


def signed_percent(change: float) -> str:
    return f"{_sign(round(change * 100))}{abs(round(change * 100)):,} %"


def points(difference: float) -> str:
    """How far two shares are apart; what is not nothing is never told as nothing."""
    size = abs(difference) * 100
    whole = round(size)
    if whole == 0 and size:
        return f"{size:.1f} points" if size >= 0.05 else "less than 0.1 points"
    return "1 point" if whole == 1 else f"{whole} points"


def signed_points(difference: float) -> str:
    whole = round(difference * 100)
    return f"{_sign(whole)}{abs(whole)} pt"


def signed_balance(value: float) -> str:
    """+0.28, −0.04 or 0.00: tone between −1 and +1."""
    rounded = round(value, 2)
    return f"{_sign(rounded)}{abs(rounded):.2f}"


def figure_text(figure: Figure) -> str:
    if figure.value is None:
        return TOO_FEW
    if figure.unit == "count":
        return number(figure.value)
    return percent(figure.value) if figure.unit == "share" else signed_balance(figure.value)


def change_text(figure: Figure) -> str:
    """The change against the range before, or nothing when there is none to speak of."""
    if figure.unit == "count" and figure.before == 0 and figure.value:
        return "new"
    if figure.change is None:
        return ""
    if figure.change == 0:
        return "no change"
    if figure.unit == "count":
        if figure.value is not None and figure.before is not None and figure.before < ENOUGH:
            # Of one mention before, "+1,100 %" is true and says nothing.
            return f"{_sign(figure.value - figure.before)}{number(abs(figure.value - figure.before))}"
        return signed_percent(figure.change)
    return signed_points(figure.change) if figure.unit == "share" else signed_balance(figure.change)


def interval_text(interval: Interval | None, unit: str) -> str:
    if interval is None:
        return ""
    if unit == "share":
        low, high = interval.low * 100, interval.high * 100
        # Both ends as one whole percent would say that there is no doubt.
        return f"{low:.0f}–{high:.0f} %" if round(low) != round(high) else f"{low:.1f}–{high:.1f} %"
    return f"{signed_balance(interval.low)} to {signed_balance(interval.high)}"


def confidence_text(confidence: float) -> str:
    """Whole percent as on the screen, and never a certainty that a machine cannot have."""
    return percent(min(confidence, 0.9999))


def day_text(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def range_text(range_: Range) -> str:
    """1–30 October 2026, or as much of it as the two days do not share."""
    since, until = range_.since_on, range_.until_on
    if since == until:
        return f"{day_text(since)} {since.year}"
    if since.year != until.year:
        return f"{day_text(since)} {since.year} – {day_text(until)} {until.year}"
    if since.month != until.month:
        return f"{day_text(since)} – {day_text(until)} {until.year}"
    return f"{since.day}–{day_text(until)} {until.year}"


def moment_text(moment: datetime, time_zone: str) -> str:
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{short_day(local.date())} {local.year}, {local:%H:%M}"


def kind_text(range_: Range) -> str:
    """What such a report is called: weekly, monthly …"""
    since, until = range_.since_on, range_.until_on
    first_to_last = since.day == 1 and (until + timedelta(days=1)).day == 1
    if range_.days == 1:
        return "Daily brand report"
    if range_.days == 7:
        return "Weekly brand report"
    if first_to_last and range_.days <= 31:
        return "Monthly brand report"
    return "Quarterly brand report" if first_to_last and 89 <= range_.days <= 92 else "Brand report"


def printable(text: str) -> str:
    """Without what no page, file or database can hold: controls, halves of a character, and two that XML has not.

    Nor with marks that turn what follows around; what we set apart ourselves stays so.
    """
    held = "".join(
        char
        for char in text
        if char in "\t\n" or not (char in "\ufffe\uffff" or unicodedata.category(char).startswith(("Cc", "Cs")))
    )
    return _TURNING.sub(r"\1", held)


def set_apart(text: str) -> str:
    """A name or headline inside an English line: one that runs from right to left does not turn what stands around it.

    Without that the day behind an Arabic outlet stands before it (UAX #9, isolates).
    """
    text = _TURNS.sub("", text)
    turns = any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
    return f"\u2068{text}\u2069" if turns else text


def shortened(text: str, most: int) -> str:
    """At most that many characters, cut at a word where one ends near."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most * 2 // 3 else cut).rstrip(" ,;:.–—-") + "…"


def _sign(value: float) -> str:
    return "+" if value > 0 else MINUS if value < 0 else ""
