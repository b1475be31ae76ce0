"""When a cron expression comes due, in a zone with summer time."""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter

from brandhound.jobs.errors import BadCron, NeverDue, UnknownTimeZone

# The clock is never put back or forward by more than this (Lord Howe half an hour, elsewhere an hour or two).
_SHIFT = timedelta(hours=3)


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name.

    Raises UnknownTimeZone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownTimeZone(name) from error


def check_cron(cron: str, time_zone: str, after: datetime) -> None:
    """Refuse what cannot be read or never comes due.

    Raises BadCron, NeverDue or UnknownTimeZone.
    """
    zone(time_zone)
    if len(cron.split()) != 5:
        raise BadCron(cron, "five fields are needed")
    try:
        croniter(cron, datetime(2026, 1, 1))
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


def due_times(cron: str, time_zone: str, after: datetime) -> Iterator[datetime]:
    """Every time after that moment, in order.

    A time of day that summer time skips comes as much later as the clock was put forward; one that happens twice counts
    once, the first time. An expression for every hour (its hour field begins with a star) runs through both hours instead.
    """
    local = zone(time_zone)
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
