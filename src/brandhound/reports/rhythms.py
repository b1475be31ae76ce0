"""When a report or a digest leaves: by the clock on the wall of whoever reads it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from brandhound.jobs.timing import due_times, next_due, zone
from brandhound.reports.sending_models import Rhythm

SHOWN = 5
"""How many of the next times a person is shown."""

LAST_DAY = 31
"""As a day of the month: the last one, whichever that is."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def cron_of(rhythm: Rhythm, weekdays: Sequence[int], month_day: int, minute: int) -> str:
    """The five fields that say the same. Weekdays count from Monday, 1, to Sunday, 7."""
    at = f"{minute % 60} {minute // 60}"
    if rhythm == "monthly":
        return f"{at} {'L' if month_day == LAST_DAY else month_day} * *"
    return f"{at} * * {','.join(str(day % 7) for day in sorted(set(weekdays)))}"


def first_after(cron: str, time_zone: str, now: datetime) -> datetime:
    """The first time after that moment. A time that summer time skips comes as much later; one that is twice, once."""
    return next_due(cron, time_zone, now)


def planned(cron: str, time_zone: str, due_at: datetime | None, now: datetime) -> datetime:
    """When it leaves next. What has come due and has not left yet stays due, if it is a time of this very plan."""
    if due_at is not None and due_at <= now and first_after(cron, time_zone, due_at - timedelta(seconds=1)) == due_at:
        return due_at
    return first_after(cron, time_zone, now)


def missed_and_next(cron: str, time_zone: str, due_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Of the times from `due_at` on that have passed, the last: all of them are caught up with it. And the one after."""
    last = due_at
    for at in due_times(cron, time_zone, due_at):
        if at > now:
            return last, at
        last = at
    return last, next_due(cron, time_zone, now)


def next_times(cron: str, time_zones: Sequence[str], now: datetime) -> list[datetime]:
    """The next times at which somebody in one of these zones gets it, each once."""
    found = {at for name in set(time_zones) for at in islice(due_times(cron, name, now), SHOWN)}
    return sorted(found)[:SHOWN]


def in_words(rhythm: Rhythm, weekdays: Sequence[int], month_day: int, minute: int) -> str:
    """Every weekday at 8:00, Mondays and Thursdays at 8:00, on the last day of each month at 18:30."""
    at = f"at {minute // 60}:{minute % 60:02}"
    if rhythm == "monthly":
        day = "the last day" if month_day == LAST_DAY else f"day {month_day}"
        return f"On {day} of each month {at}"
    days = sorted(set(weekdays))
    if days == [1, 2, 3, 4, 5]:
        return f"Every weekday {at}"
    if len(days) == 7:
        return f"Every day {at}"
    names = [f"{_DAYS[day - 1]}s" for day in days]
    return f"{names[0] if len(names) == 1 else ', '.join(names[:-1]) + ' and ' + names[-1]} {at}"


def check_zone(name: str) -> str:
    """The name of a time zone. Raises UnknownTimeZone."""
    return zone(name).key
