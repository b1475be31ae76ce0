"""Feed dates to points in time, with how far to believe them."""

import re
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from functools import lru_cache
from typing import Any, Literal, cast

from feedparser.datetimes import _parse_date as _feedparser_date  # pyright: ignore[reportPrivateUsage, reportUnknownVariableType]

Confidence = Literal["stated", "guessed", "missing"]

_tolerant = cast("Callable[[str], Any]", _feedparser_date)
# "2003-12-31T10:14:55Z", "2003-12-31T10:14:55.12+01:00": what nearly every Atom and JSON feed says.
RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
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
    moment = _rfc3339(raw)
    if moment is None:
        try:
            parts = _tolerant(raw) or _tolerant(_in_english(raw))
            if parts is None and (tuple_ := parsedate_tz(raw)):
                seconds = timegm((*tuple_[:6], 0, 1, -1)) - (tuple_[9] or 0)
            elif parts is not None:
                seconds = timegm(parts)
            else:
                return None
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        # The readers of feedparser fail in many ways on hostile digits; a date that is no date is an ordinary answer.
        except (ValueError, OverflowError, TypeError, IndexError, KeyError, AttributeError, RecursionError):
            return None
    return moment if moment >= EARLIEST else None


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
