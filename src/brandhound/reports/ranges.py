"""Days of the organization's calendar as half-open stretches of time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from brandhound.reports.document import Range
from brandhound.reports.errors import (
    ComparedRangeOverlaps,
    RangeInFuture,
    RangeOutOfCalendar,
    RangeReversed,
    RangeTooLong,
)

MOST_DAYS = 731
FIRST_YEAR = 1970


def range_of(since_on: date, until_on: date, time_zone: str) -> Range:
    """The days from `since_on` to `until_on`, both included. A day may last 23 or 25 hours."""
    zone = ZoneInfo(time_zone)
    return Range(
        since_on=since_on,
        until_on=until_on,
        days=(until_on - since_on).days + 1,
        starts_at=_first_instant(since_on, zone),
        ends_at=_first_instant(until_on + timedelta(days=1), zone),
    )


def range_before(range_: Range, time_zone: str) -> Range:
    """As many days, ending on the day before."""
    until_on = range_.since_on - timedelta(days=1)
    return range_of(until_on - timedelta(days=range_.days - 1), until_on, time_zone)


def year_before(range_: Range) -> tuple[date, date]:
    """The same days of the calendar a year earlier; 29 February is the 28th there."""
    return _a_year_earlier(range_.since_on), _a_year_earlier(range_.until_on)


def other_range(range_: Range, since_on: date, until_on: date, time_zone: str, today_on: date) -> Range:
    """Any other days. Raises as `check_range`, or ComparedRangeOverlaps."""
    check_range(since_on, until_on, today_on)
    if since_on <= range_.until_on and range_.since_on <= until_on:
        raise ComparedRangeOverlaps
    return range_of(since_on, until_on, time_zone)


def _a_year_earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def check_range(since_on: date, until_on: date, today_on: date) -> None:
    """Raises a problem that names what is wrong with the wish, if anything is."""
    if until_on < since_on:
        raise RangeReversed(since_on, until_on)
    if until_on > today_on:
        raise RangeInFuture(until_on, today_on)
    if since_on.year < FIRST_YEAR:
        raise RangeOutOfCalendar(since_on)
    if (days := (until_on - since_on).days + 1) > MOST_DAYS:
        raise RangeTooLong(days, MOST_DAYS)


def days_of(range_: Range) -> tuple[date, ...]:
    return tuple(range_.since_on + timedelta(days=offset) for offset in range(range_.days))


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    # Where the clocks skip midnight, the wall time that never was maps to the very instant of the change; where they
    # repeat it, fold=0 is the first of the two. Both are what a half-open day needs.
    return datetime.combine(day, time.min, zone).astimezone(UTC)
