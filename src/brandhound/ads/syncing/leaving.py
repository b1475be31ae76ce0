"""What a sync leaves for later: which days, why, and when they are tried again."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel

What = Literal["unreadable", "older", "reach"]
"""unreadable: too much for Meta, however small the pieces. older: they were read before, and are read again when there is room
within the limit. reach: their figures were read, and whom they reached was not asked."""
AGAIN = timedelta(hours=24)
"""What could not be read is tried again no sooner."""
SOON = timedelta(hours=1)
"""What the limit had no room for is tried again with the next sync by the clock."""
_SLACK = timedelta(minutes=30)
"""Schedules do not come at the same minute each time."""


class Slice(BaseModel):
    """Days that are read together."""

    since: date
    until: date

    def days(self) -> list[date]:
        return [self.since + timedelta(days=number) for number in range((self.until - self.since).days + 1)]


class Left(Slice):
    """Days that were left for later."""

    what: What
    why: str
    again_at: datetime

    def as_slice(self) -> Slice:
        """Only the days."""
        return Slice(since=self.since, until=self.until)

    def is_due(self, now: datetime) -> bool:
        """Whether they are to be tried again."""
        return now >= self.again_at - _SLACK


def still_left(before: Iterable[Left], read: Iterable[Slice], anew: Iterable[Left], oldest: date) -> list[Left]:
    """Days that are left after a sync that read some and left others; what is older than Meta keeps is given up."""
    were_read = {day for one in read for day in one.days()}
    by_day = {(one.what, day): one for one in before for day in one.days() if day >= oldest}
    by_day = {key: one for key, one in by_day.items() if key[0] == "reach" or key[1] not in were_read}
    by_day |= {(one.what, day): one for one in anew for day in one.days()}
    found: list[Left] = []
    for what, day in sorted(by_day):
        one = by_day[what, day]
        last = found[-1] if found else None
        same = last and (last.what, last.why, last.again_at) == (one.what, one.why, one.again_at)
        if last and same and day - last.until == timedelta(days=1):
            last.until = day
        else:
            found.append(one.model_copy(update={"since": day, "until": day}))
    return found


def owed(left: Sequence[Left], since: date, until: date, now: datetime) -> list[Slice]:
    """Days outside of those that a sync reads anyway, that it is to try again."""
    days = sorted(
        {day for one in left if one.what == "unreadable" and one.is_due(now) for day in one.days()}
        - set(Slice(since=since, until=until).days())
    )
    ends = [at for at, (day, following) in enumerate(pairwise(days)) if following - day > timedelta(days=1)]
    starts = [0, *(at + 1 for at in ends)]
    return [
        Slice(since=days[start], until=days[end])
        for start, end in zip(starts, [*ends, len(days) - 1], strict=True)
        if days
    ][::-1]
