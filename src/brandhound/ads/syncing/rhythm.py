"""How far back a sync reads: the last days each time, because they still grow; older ones seldom, because they seldom move.

Meta restates conversions for 28 days. Each day is read once more after that, so that the last number we have of it is one
that has stood still.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from brandhound.ads.meta.facts_of_meta import limits

_SLACK = timedelta(minutes=30)
"""Schedules do not come at the same minute each time: what is due a moment later is due."""


def nearest_days() -> int:
    """How many days back are read each time."""
    return min(days for days, _ in _stretches())


def days_due(read_back: Mapping[str, str], now: datetime) -> int:
    """How many days back are to be read now, by when each stretch was last read to its end."""
    return max(days for days, every in _stretches() if _is_due(read_back.get(str(days)), every, now))


def noted(read_back: Mapping[str, str], days: int, at: datetime) -> dict[str, str]:
    """The same, after so many days were read to their end by a sync that began then."""
    return {**read_back, **{str(stretch): at.isoformat() for stretch, _ in _stretches() if stretch <= days}}


def _stretches() -> list[tuple[int, timedelta]]:
    return [(int(one["days"]), timedelta(hours=one["hours"])) for one in limits()["cadence"]]


def _is_due(read_at: str | None, every: timedelta, now: datetime) -> bool:
    return read_at is None or not every or now - datetime.fromisoformat(read_at) >= every - _SLACK
