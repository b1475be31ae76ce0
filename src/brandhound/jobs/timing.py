"""When a cron expression comes due, in a zone with summer time."""

import heapq
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from croniter import CroniterError, croniter
from croniter.croniter import DOW_ALPHAS, M_ALPHAS

from brandhound.jobs.errors import BadCron, NeverDue, UnknownTimeZone

# The clock is never put back or forward by more than this (Lord Howe half an hour, elsewhere an hour or two).
_SHIFT = timedelta(hours=3)

_LOOKED_AHEAD = 200
"""Times that are looked at to find how close two of them may come: more than a week of every hour, half a year of every day."""

# What these mean, another machine need not know, or takes for something else.
_OF_ONE_MACHINE = {"localtime", "Factory"}

# Drawn anew by whoever reads it, or reckoned from a name that we do not give.
_BY_CHANCE = re.compile(r"(?i)(?<![a-z])[hr](?![a-z])")
_RANGE = re.compile(r"(\w+)-(\w+)(/\d+)?")
_NAMES: dict[str, int] = {**M_ALPHAS, **DOW_ALPHAS}


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name.

    Raises UnknownTimeZone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownTimeZone(name) from error


def check_zone(name: str) -> None:
    """Refuse a zone that is no IANA name: this machine may know more of them than the one that will reckon with it.

    Raises UnknownTimeZone.
    """
    if name not in _zones():
        raise UnknownTimeZone(name)


def check_cron(cron: str, time_zone: str, after: datetime) -> None:
    """Refuse what cannot be read or never comes due.

    Raises BadCron, NeverDue or UnknownTimeZone.
    """
    check_zone(time_zone)
    if _BY_CHANCE.search(cron):
        raise BadCron(cron, "H and R, a time by chance, cannot be told in advance: let the start vary instead")
    try:
        croniter(_readable(cron), datetime(2026, 1, 1))
    except (CroniterError, ValueError, KeyError) as error:
        raise BadCron(cron, str(error)) from error
    next_due(cron, time_zone, after)


def next_due(cron: str, time_zone: str, after: datetime) -> datetime:
    """The first time strictly after that moment, in UTC.

    Raises NeverDue, BadCron or UnknownTimeZone.
    """
    for at in due_times(cron, time_zone, after):
        return at
    raise NeverDue(cron)


def next_dues(cron: str, time_zone: str, after: datetime, count: int) -> list[datetime]:
    """The next times, earliest first, in UTC."""
    found: list[datetime] = []
    for at in due_times(cron, time_zone, after):
        found.append(at)
        if len(found) == count:
            break
    return found


def least_gap(cron: str, time_zone: str, after: datetime) -> timedelta | None:
    """The shortest time between two of the next times, None where there is only one.

    Raises BadCron or UnknownTimeZone.
    """
    dues = next_dues(cron, time_zone, after, _LOOKED_AHEAD)
    return min((later - sooner for sooner, later in itertools.pairwise(dues)), default=None)


def due_times(cron: str, time_zone: str, after: datetime) -> Iterator[datetime]:
    """Every time after that moment, in order.

    A time of day that summer time skips comes as much later as the clock was put forward; one that happens twice counts
    once, the first time. An expression for every hour (its hour field begins with a star) runs through both hours instead.

    Raises BadCron if there are not five fields, or UnknownTimeZone.
    """
    local, cron = zone(time_zone), _readable(cron)
    every_hour = cron.split()[1].startswith("*")
    waiting: list[datetime] = []
    last = after.astimezone(UTC)
    for naive in _wall_times(
        cron, last.astimezone(local).replace(tzinfo=None) - (_SHIFT if _is_put(last, local) else timedelta(0))
    ):
        first = naive.replace(tzinfo=local, fold=0).astimezone(UTC)
        heapq.heappush(waiting, first)
        second = naive.replace(tzinfo=local, fold=1).astimezone(UTC)
        # In a gap the second reading lies before the first: it is no time of its own.
        if every_hour and second > first:
            heapq.heappush(waiting, second)
        # Nothing can come before it any more: the clock is not put anywhere near, or that is long past.
        while waiting and (waiting[0] + _SHIFT < first or not _is_put(waiting[0], local)):
            if (due := heapq.heappop(waiting)) > last:
                last = due
                yield due
    while waiting:
        if (due := heapq.heappop(waiting)) > last:
            last = due
            yield due


def _is_put(at: datetime, local: ZoneInfo) -> bool:
    """Whether the clock is put near that moment: only there, a time of day that lies before another may come after it."""
    before, after = ((at + shift).astimezone(local).utcoffset() for shift in (-_SHIFT, _SHIFT))
    return before != after


def _wall_times(cron: str, after: datetime) -> Iterator[datetime]:
    try:
        times = croniter(cron, after, max_years_between_matches=9)
        while True:
            yield times.get_next(datetime)
    except (CroniterError, ValueError, KeyError, OverflowError):
        # Nothing (more) to come; what cannot be read at all was refused before it was stored.
        return


def _readable(cron: str) -> str:
    """The same five fields for croniter, to which a range from a value to itself is the whole field, as if it were a star.

    Raises BadCron.
    """
    if len(cron.split()) != 5:
        raise BadCron(cron, "five fields are needed")
    return " ".join(",".join(map(_without_empty_range, field.split(","))) for field in cron.split())


def _without_empty_range(item: str) -> str:
    found = _RANGE.fullmatch(item)
    return found[1] if found and _number(found[1]) == _number(found[2]) else item


def _number(bound: str) -> int | str:
    return int(bound) if bound.isdecimal() else _NAMES.get(bound.lower(), bound.lower())


@cache
def _zones() -> set[str]:
    return available_timezones() - _OF_ONE_MACHINE
