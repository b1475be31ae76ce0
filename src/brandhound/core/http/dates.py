"""What HTTP headers say about time: dates in their three forms, when to come back, how long an answer stays fresh."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"

# Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110, section 5.6.7), and what servers make of it.
_IMF = re.compile(
    r"(?:[a-z]+,?\s+)?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4}) (\d{1,2}):(\d\d)(?::(\d\d))?\s*(\S*)", re.I
)
# Sunday, 06-Nov-94 08:49:37 GMT
_RFC_850 = re.compile(r"[a-z]+,?\s+(\d{1,2})-([a-z]{3})-(\d\d) (\d\d):(\d\d):(\d\d)\s*(\S*)", re.I)
# Sun Nov  6 08:49:37 1994
_ASCTIME = re.compile(r"[a-z]{3}\s+([a-z]{3})\s+(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})", re.I)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;]*)))?', re.I)

SHORTEST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=24)


def parse_http_date(value: str | None) -> datetime | None:
    """The moment an HTTP-date names, in UTC; None for anything that is no date. Never raises."""
    if not value or len(value) > 64:
        return None
    text = value.strip()
    if match := _IMF.fullmatch(text):
        day, month, year, hour, minute, second, zone = match.groups()
        return _moment(int(year), month, day, (hour, minute, second or "0"), zone)
    if match := _RFC_850.fullmatch(text):
        day, month, short_year, hour, minute, second, zone = match.groups()
        # A two-digit year more than 50 years ahead is of the past century (RFC 9110, section 5.6.7).
        this_year = datetime.now(UTC).year
        year = this_year - this_year % 100 + int(short_year)
        return _moment(year - 100 if year > this_year + 50 else year, month, day, (hour, minute, second), zone)
    if match := _ASCTIME.fullmatch(text):
        month, day, hour, minute, second, year = match.groups()
        return _moment(int(year), month, day, (hour, minute, second), "GMT")
    return None


def _moment(year: int, month: str, day: str, time: tuple[str, str, str], zone: str) -> datetime | None:
    place = _MONTHS.find(month.lower())
    if place < 0 or place % 3:
        return None
    if offset := _OFFSET.fullmatch(zone):
        minutes = int(offset[2]) * 60 + int(offset[3])
        shift = timedelta(minutes=-minutes if offset[1] == "-" else minutes)
    elif zone.upper() in ("GMT", "UTC", "Z", "UT", ""):
        shift = timedelta(0)
    else:
        return None
    hour, minute, second = (int(part) for part in time)
    try:
        # Second 60 is a leap second; Python knows none.
        moment = datetime(year, place // 3 + 1, int(day), hour, minute, min(second, 59), tzinfo=timezone(shift))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def retry_after_seconds(value: str | None, answered_at: datetime | None = None) -> float | None:
    """Seconds to wait. A date is read against the answer's own `Date`, so that a wrong clock does not matter."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), 10**9))
    at = parse_http_date(text)
    if at is None:
        return None
    return max(0.0, (at - (answered_at or datetime.now(UTC))).total_seconds())


def clamp_wait(seconds: float) -> float:
    """Between 30 seconds and a day: servers ask for anything."""
    return min(max(seconds, SHORTEST_WAIT.total_seconds()), LONGEST_WAIT.total_seconds())


def cache_directives(value: str | None) -> dict[str, str]:
    """The directives of a Cache-Control header, lower-case; those without a value map to an empty string."""
    found: dict[str, str] = {}
    for name, quoted, plain in _DIRECTIVE.findall(value or ""):
        found.setdefault(name.lower(), quoted or plain)
    return found


def freshness(headers: Mapping[str, str]) -> float | None:
    """Seconds for which an answer stays fresh in a private cache; None when the server says nothing.

    `max-age` wins over `Expires`, `Age` counts against it; s-maxage is for shared caches (RFC 9111, sections 4.2, 5.3).
    """
    directives = cache_directives(headers.get("cache-control"))
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
        if lifetime is not None:
            return max(0.0, lifetime - (_seconds(headers.get("age", "")) or 0.0))
        return 0.0
    expires = headers.get("expires")
    if expires is None:
        return None
    at = parse_http_date(expires)
    if at is None:
        # An invalid date, "0" above all, means already expired (RFC 9111, section 5.3).
        return 0.0
    answered_at = parse_http_date(headers.get("date")) or datetime.now(UTC)
    return max(0.0, (at - answered_at).total_seconds())


def _seconds(text: str) -> float | None:
    text = text.strip()
    return float(min(int(text[:12]), 10**9)) if text.isascii() and text.isdigit() else None
