"""For how long the other side wants to be left alone, in all the ways in which providers say it."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from brandhound.core.http.dates import parse_http_date, retry_after_seconds

LONGEST = 35 * 86_400.0
"""No wait is believed to be longer than a month and a few days."""

_PACIFIC = ZoneInfo("America/Los_Angeles")

_UNITS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6,
    "ms": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3,
    "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0,
    "m": 60.0, "min": 60.0, "mins": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3600.0, "hr": 3600.0, "hrs": 3600.0, "hour": 3600.0, "hours": 3600.0,
    "d": 86_400.0, "day": 86_400.0, "days": 86_400.0,
}  # fmt: skip
_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,12})?"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PART = re.compile(rf"({_NUMBER})\s*({_UNIT})(?![a-zµμ])", re.IGNORECASE)
_GO_PART = re.compile(rf"({_NUMBER})(ns|us|µs|μs|ms|s|m|h)")
_IN_WORDS = re.compile(
    rf"(?:try again|retry|wait|available again)(?:\s+(?:in|after|for|about|another|at\s+least))*\s+"
    rf"((?:{_NUMBER}\s*(?:{_UNIT})(?![a-zµμ])(?:[\s,]*(?:and\s+)?)?)+)",
    re.IGNORECASE,
)
_PLAIN = re.compile(_NUMBER)
_REGAIN_AT = re.compile(
    r"(?:regain access|resets?|available again)\s+(?:on|at)\s+(\d{4}-\d\d-\d\d)(?:\s*(?:at|T)?\s*(\d\d:\d\d))?"
)


def sane(seconds: float | None) -> float | None:
    """Seconds as they can be used: not negative, not endless, not a month and more; None for what is no number."""
    if seconds is None or math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST)


def plain_seconds(value: object) -> float | None:
    """The seconds in `12`, `"12"` or `"12.5"`."""
    return sane(_number(value))


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(min(value, 10**15))
    return float(value) if isinstance(value, str) and _PLAIN.fullmatch(value.strip()) else None


def duration(value: object) -> float | None:
    """The seconds in a duration of Go ("6m0s", "120ms") or of protobuf ("36s", "45.837906927s", {"seconds": 36})."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        seconds, nanos = _number(fields.get("seconds")), _number(fields.get("nanos"))
        return None if seconds is None and nanos is None else sane((seconds or 0.0) + (nanos or 0.0) * 1e-9)
    if not isinstance(value, str) or len(value) > 64:
        return None
    text, total, at = value.strip(), 0.0, 0
    while at < len(text):
        part = _GO_PART.match(text, at)
        if part is None:
            return None
        total += float(part[1]) * _UNITS[part[2]]
        at = part.end()
    return sane(total) if text else None


def wait_in_words(text: str) -> float | None:
    """The seconds in "Please try again in 26.604s", "Please retry in 36.4s.", "try again in 9 minutes"."""
    found = _IN_WORDS.search(text[:4000])
    if found is None:
        return None
    return sane(sum(float(number) * _UNITS[unit.lower()] for number, unit in _PART.findall(found[1])))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that `retry-after-ms` or `Retry-After` ask for: a number, also broken, or one of the HTTP dates."""
    if (thousandths := plain_seconds(headers.get("retry-after-ms"))) is not None:
        return sane(thousandths / 1000)
    value = headers.get("retry-after")
    if value is None:
        return None
    seconds = plain_seconds(value)
    if seconds is None:
        seconds = duration(value)
    if seconds is None:
        seconds = retry_after_seconds(value, parse_http_date(headers.get("date")) or now)
    return sane(seconds)


def reset_header(value: str | None, now: datetime) -> float | None:
    """The seconds until the moment in a reset header: a duration, seconds, an epoch, or an RFC 3339 time."""
    if value is None:
        return None
    if (seconds := duration(value)) is not None:
        return seconds
    value = value.strip()
    if _PLAIN.fullmatch(value):
        number = float(value)
        # Seconds since 1970, or since 1970 in thousandths: no wait is thirty years long.
        if number > 1e11:
            number /= 1000
        return sane(number - now.timestamp() if number > 1e9 else number)
    at = parse_moment(value)
    return None if at is None else sane((at - now).total_seconds())


def parse_moment(value: object) -> datetime | None:
    """The moment in an RFC 3339 text, UTC when it names no zone."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        at = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_in_words(text: str) -> datetime | None:
    """The moment in "You will regain access on 2026-12-01 at 00:00 UTC"."""
    found = _REGAIN_AT.search(text[:4000])
    return parse_moment(f"{found[1]}T{found[2] or '00:00'}") if found else None


def midnight_pacific(now: datetime) -> datetime:
    """When Google's days begin: the next midnight in California, an hour off for a part of the year."""
    tomorrow = now.astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_PACIFIC).astimezone(UTC)


def first_of_next_month(now: datetime) -> datetime:
    """When a monthly limit begins anew: the first of the next month, 00:00 UTC."""
    now = now.astimezone(UTC)
    year, month = divmod(now.year * 12 + now.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
