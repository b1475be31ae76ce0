"""Feed dates to points in time, with how far to believe them."""

import re
from calendar import timegm
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_tz
from functools import lru_cache
from typing import Any, Literal, cast

from feedparser import datetimes

from brandhound.feeds.clocks import KOREAN, clock_behind, offset_of, time_of, with_plain_clock

Confidence = Literal["stated", "guessed", "missing"]

# feedparser's readers of dates with words in them, in its order. Those of numbers alone are left out: where month or day are
# not written as ISO 8601 has them, it fills in today's, and so makes "2026/11/20" the first of the month it is read in.
_READERS = cast(
    "tuple[Callable[[str], Any], ...]",
    tuple(
        getattr(datetimes, f"_parse_date_{name}")  # pyright: ignore[reportUnknownArgumentType]
        for name in ("rfc822", "asctime", "hungarian", "greek")
    ),
)
# "2003-12-31T10:14:55Z", "2003-12-31T10:14:55.12+01:00": what nearly every Atom and JSON feed says.
RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
# "Thu, 01 Jan 2004 19:48:21 GMT": what nearly every RSS feed says.
RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2},? )?\d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} \d{4} \d\d:\d\d:\d\d "
    r"(?:[+-]\d{4}|GMT|UTC|UT|Z|[ECMP][SD]T)",
    re.ASCII,
)
# "2026/3/5", "2026. 11. 20.", "2026年11月20日(金)", "Fri, 2006/09/15"; then a clock may follow.
YEAR_FIRST = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{4})\s*(?:([-/.])\s*(\d\d?)\s*\2|[年년]\s*(\d\d?)\s*[月월])\s*(\d\d?)(?!\d)\s*[日일.]?"
    r"(?:\s*[(（][^\d()（）]{1,9}[)）]|\s*(?:星期|周|週)\w)?[Tt,;|@\s]*"
)
# "20.11.2026", "Fr., 5. 3. 2026 - 14:30": with dots the day comes first everywhere, with strokes nobody can tell.
DAY_FIRST = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})(?!\.?\d)\.?(?:\s[-–]\s|[,;|@\s])*(?:(?:um|kl\.?)\s+)?"
)
# "20261120", "20261120T143000Z".
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[Tt\s]?(\d\d):?(\d\d)(?::?(\d\d))?)?(?!\d)")
DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})(?!\d)")
# What W3C's profile of ISO 8601 allows besides: the first is meant, as its readers have always read it.
YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d\d?))?")
KOREA = timedelta(hours=9)
# Months as careless servers write them. feedparser knows Greek, Hungarian and Korean by itself.
MONTHS = {
    "januar": "jan", "jänner": "jan", "januari": "jan", "janvier": "jan", "enero": "jan", "ene": "jan", "janeiro": "jan",
    "gennaio": "jan", "gen": "jan", "februar": "feb", "février": "feb", "févr": "feb", "fév": "feb", "febrero": "feb",
    "fevereiro": "feb", "fev": "feb", "febbraio": "feb", "märz": "mar", "mär": "mar", "mrz": "mar", "mars": "mar",
    "marzo": "mar", "março": "mar", "maart": "mar", "avril": "apr", "avr": "apr", "abril": "apr", "abr": "apr",
    "aprile": "apr", "mai": "may", "mayo": "may", "maio": "may", "maggio": "may", "mag": "may", "mei": "may",
    "juni": "jun", "juin": "jun", "junio": "jun", "junho": "jun", "giugno": "jun", "giu": "jun", "juli": "jul",
    "juillet": "jul", "juil": "jul", "julio": "jul", "julho": "jul", "luglio": "jul", "lug": "jul", "août": "aug",
    "agosto": "aug", "ago": "aug", "augustus": "aug", "septembre": "sep", "septiembre": "sep", "setembro": "sep",
    "set": "sep", "settembre": "sep", "oktober": "oct", "okt": "oct", "octobre": "oct", "octubre": "oct",
    "outubro": "oct", "out": "oct", "ottobre": "oct", "ott": "oct", "novembre": "nov", "noviembre": "nov",
    "novembro": "nov", "dezember": "dec", "dez": "dec", "décembre": "dec", "déc": "dec", "diciembre": "dec",
    "dic": "dec", "dezembro": "dec", "dicembre": "dec",
}  # fmt: skip
WORDY = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})\.?\s+(?:de\s+)?([^\W\d]{3,12})\.?\s+(?:de\s+)?(\d{4})(?:,?\s+(\d\d?:\d\d(?::\d\d)?)(.*))?"
)
NONSENSE = re.compile(r"(?<![+\-:.\d])0000[-\s]|(?<!\d)\d{5,7}-|\d{15,}", re.ASCII)
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
FUTURE = timedelta(hours=24)


@lru_cache(maxsize=4096)
def parse_date(raw: str) -> datetime | None:
    """Read a date of any feed dialect as UTC. None if it is not a date, or no date that can be held.

    1970-01-01 and year 1 are what software writes when it has no date, so they are no dates.
    """
    raw = raw.strip()
    if not raw or is_nonsense(raw):
        return None
    moment = _rfc3339(raw) or year_first(raw) or _day_first(raw) or _with_words(raw)
    return moment if moment is not None and moment >= EARLIEST else None


def is_plain(raw: str) -> bool:
    """Whether a text is written as the standards want it, so that what feedparser read in it can be believed."""
    return RFC3339.fullmatch(raw) is not None or RFC822.fullmatch(raw) is not None


def year_first(raw: str, zone: tzinfo = UTC) -> datetime | None:
    """Read a date in numbers that begins with its year. A time that names no zone we know is one of `zone`.

    What follows the day and is no time is not looked at: then it is that day at 0:00 UTC.
    """
    try:
        if partial := YEAR_OR_MONTH.fullmatch(raw):
            return datetime(int(partial[1]), int(partial[2] or 1), 1, tzinfo=UTC)
        if numbered := DAY_OF_YEAR.match(raw):
            day = datetime(int(numbered[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(numbered[2]) - 1)
            return day if day.year == int(numbered[1]) else None
        if compact := COMPACT.match(raw):
            year, month, day_, hour, minute, second = compact.groups()
            clock = f"{hour}:{minute}:{second or '00'}" if hour else ""
            raw = f"{year}-{month}-{day_} {clock}{raw[compact.end() :]}"
        found = YEAR_FIRST.match(raw)
        return _numbered(found, zone) if found else None
    except (ValueError, OverflowError):
        return None


def _numbered(found: re.Match[str], zone: tzinfo) -> datetime:
    year, _, month, month_by_sign, number = found.groups()
    return _timed(found, datetime(int(year), int(month or month_by_sign), int(number), tzinfo=UTC), zone)


def _day_first(raw: str) -> datetime | None:
    if (found := DAY_FIRST.match(raw)) is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return _timed(found, datetime(year, month, day, tzinfo=UTC), UTC)
    except (ValueError, OverflowError):
        return None


def _timed(found: re.Match[str], day: datetime, zone: tzinfo) -> datetime:
    """A day with the clock that stands behind it, if there is one."""
    clock = clock_behind(found.string, found.end())
    since = time_of(clock) if clock else None
    if clock is None or since is None:
        return day
    offset = offset_of(clock["zone"], day.month)
    if offset is None and ("년" in found.group() or clock["before"] in KOREAN):
        # Korean signs are a zone by themselves, to feedparser too.
        offset = KOREA
    return (day.replace(tzinfo=zone) if offset is None else day) + since - (offset or timedelta())


def _with_words(raw: str) -> datetime | None:
    text, zone = (raw, None) if is_plain(raw) else with_plain_clock(raw)
    try:
        parts = _tolerant(text) or _tolerant(_in_english(text))
        if parts is None and (tuple_ := parsedate_tz(text)):
            seconds = timegm((*tuple_[:6], 0, 1, -1)) - (tuple_[9] or 0)
        elif parts is not None:
            seconds = timegm(parts)
        else:
            return None
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        return moment - (offset_of(zone, moment.month) or timedelta())
    # The readers of feedparser fail in many ways on hostile digits; a date that is no date is an ordinary answer.
    except (ValueError, OverflowError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
        return None


def _tolerant(raw: str) -> Any:
    """The nine numbers of a date in UTC, from the first of feedparser's readers that knows its kind; or None."""
    for reader in _READERS if raw else ():
        # Each stumbles over the dates of the others.
        with suppress(ValueError, OverflowError, KeyError, AttributeError):
            if (parts := reader(raw)) and len(parts) == 9:
                return parts
    return None


def is_nonsense(raw: str) -> bool:
    """Whether a text cannot be a date although readers of dates would make one of it: year 0, years of five digits."""
    return len(raw) > 120 or NONSENSE.search(raw) is not None


def _in_english(raw: str) -> str:
    found = WORDY.fullmatch(raw)
    if found is None:
        return ""
    day, month, year, time, zone = found.groups()
    return f"{day} {MONTHS.get(month.lower(), month[:3])} {year} {time or '00:00:00'}{zone or ''}"


def _rfc3339(raw: str) -> datetime | None:
    found = RFC3339.fullmatch(raw)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, off_hours, off_minutes = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        if fraction:
            moment += timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
        if sign:
            offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
            moment += -offset if sign == "+" else offset
    except (ValueError, OverflowError):
        return None
    return moment


def believable(published: datetime | None, first_seen: datetime) -> tuple[datetime, Confidence]:
    """The time to show for an entry: its own, or when we first saw it if its own is missing or in the future."""
    if published is None:
        return first_seen, "missing"
    if published > first_seen + FUTURE:
        return first_seen, "guessed"
    return published, "stated"
