"""The time of day in a date: hours by twelve or by twenty-four, zones by number or by name."""

import re
from datetime import timedelta

# Hours ahead of UTC. Names that meant one thing alone in the IANA time zone database between 2005 and 2026 (releases 2016j,
# the last with names for South America and Singapore, and 2026f; both looked at on 2026-11-28), with German and Turkish ones.
# Left out, and so read as UTC: IST, GST, SST, AMT, ECT, BDT, PYT, VET and others that mean several things or did not stay.
# MSK was UTC+4 from 2011 to 2014, and KST half an hour less in North Korea from 2015 to 2018: such dates are off by that.
NAMED: dict[str, float] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "MSD": 4, "TRT": 3, "WAT": 1, "CAT": 2, "SAST": 2, "EAT": 3, "IDT": 3, "IRST": 3.5,
    "PKT": 5, "NPT": 5.75, "MMT": 6.5, "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9, "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8,
    "JST": 9, "KST": 9, "CHST": 10, "AWST": 8, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "BRT": -3, "BRST": -2, "ART": -3, "UYT": -3, "CLT": -4, "CLST": -3, "BOT": -4, "COT": -5, "PET": -5,
    "NST": -3.5, "NDT": -2.5, "AKST": -9, "AKDT": -8, "HST": -10, "HDT": -9,
    # Those of America are RFC 822's, whatever else CST and PST may be, and what feedparser adds to them.
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AST": -4, "ADT": -3,
    "ET": -5, "CT": -6, "MT": -7, "PT": -8, "AT": -4,
}  # fmt: skip


def _clock(mark: str, second_mark: str) -> re.Pattern[str]:
    # Blanks may be tried many times over: whoever reads dates cuts them at 120 characters before.
    return re.compile(
        rf"(?<![\d:])(?<!\dT)(?P<before>午前|午後|上午|下午|오전|오후)?\s*(?P<hour>\d\d?)\s*{mark}\s*(?P<minute>\d\d?)(?!\d)"
        rf"(?:\s*{second_mark}\s*(?P<second>\d\d?)(?!\d)(?:[.,]\d{{1,9}})?)?\s*[分분秒초]?"
        r"(?:\s*(?P<after>[AP])\.?M\b\.?)?"
        r"(?:\s*\(?(?P<zone>(?:GMT|UTC|UT)?\s?[+\-−]\d\d?(?::?\d\d)?|Z|[A-Z]{2,5})(?![\w/])\)?)?",
        re.IGNORECASE,
    )


CLOCK = _clock("[:時时點点시]", "[:分분]")
_BEHIND_A_DAY = _clock(r"(?:[:時时點点시]|\.(?=\d\d(?!\d))|h(?=\s*\d\d(?!\d)))", r"(?:[:分분]|[.m](?=\d\d(?!\d)))")
"""Directly behind a date in numbers “14.30” and “14 h 30” are clocks as well; elsewhere they may be anything."""
_HOUR = re.compile(r"(?:(?<=T)\d\d(?=[+\-−]\d|$)|\d\d(?=Z$))", re.IGNORECASE)
"""ISO 8601 has hours without minutes, too: T14, T14Z."""
OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s?([+\-−])(\d\d?)(?::?(\d\d))?", re.IGNORECASE)
KOREAN = frozenset({"오전", "오후"})
AFTERNOON = frozenset({"午後", "下午", "오후", "P", "p"})
SUMMER = range(3, 11)
"""Months in which BST can be British Summer Time."""
WIDEST = timedelta(hours=15)


def clock_behind(text: str, end: int) -> re.Match[str] | None:
    """The clock that stands directly behind a date in numbers, which ends there."""
    if hour := _HOUR.match(text, end):
        return CLOCK.match(f"{hour[0]}:00{text[hour.end() :]}")
    return _BEHIND_A_DAY.match(text[end:])


def time_of(clock: re.Match[str]) -> timedelta | None:
    """How long after midnight a found CLOCK stands. None if no clock can show it; 24:00 and a leap second can be shown."""
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = clock["before"] or clock["after"]
    if half and hour <= 12:
        hour = hour % 12 + 12 * (half in AFTERNOON)
    since = timedelta(hours=hour, minutes=minute, seconds=second)
    return since if minute < 60 and second <= 60 and since <= timedelta(hours=24) else None


def offset_of(zone: str | None, month: int) -> timedelta | None:
    """How far a zone is ahead of UTC in a month. None if it says nothing, or several things."""
    if not zone:
        return None
    if zone.upper() == "BST":
        # In summer Britain's. In winter it is Bangladesh's, Bougainville's, or Britain's by mistake, and nobody can tell.
        return timedelta(hours=1) if month in SUMMER else None
    if (hours := NAMED.get(zone.upper())) is not None:
        return timedelta(hours=hours)
    if found := OFFSET.fullmatch(zone):
        sign, hour, minute = found.groups()
        offset = timedelta(hours=int(hour), minutes=int(minute or 0))
        return None if offset > WIDEST else offset if sign == "+" else -offset
    return None


def with_plain_clock(text: str) -> tuple[str, str | None]:
    """A date with its clock as every reader knows it, by 24 hours and in UTC, and the zone that it was in.

    The offset of that zone is still to be taken off what is read. Without a zone that we know the text keeps its own.
    """
    clock = CLOCK.search(text)
    if clock is None:
        return text, None
    zone: str | None = clock["zone"]
    is_known = offset_of(zone, SUMMER[0]) is not None
    since = time_of(clock)
    if since is None or not (is_known or clock["before"] or clock["after"]):
        return text, None
    minutes, second = divmod(int(since.total_seconds()), 60)
    plain = f"{minutes // 60:02}:{minutes % 60:02}:{second:02} {'+0000' if is_known else zone or ''}"
    text = f"{text[: clock.start()].rstrip()} {plain.strip()} {text[clock.end() :].lstrip()}"
    return text, zone if is_known else None
