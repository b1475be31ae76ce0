"""How often something new comes, by hour of the week, and so when to look again."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

HOURS = 168
WEEK = timedelta(weeks=1)
PRIOR_WEEKS = 4.0
"""Weeks of pseudo-data at the feed's mean rate: how slowly an hour of the week is believed to be different."""
MEMORY = timedelta(weeks=12)
WANTED = 0.7
"""New entries that a look should find on average: between 0.5 and 1."""
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
UNKNOWN = timedelta(minutes=60)
BURST = 4.0
BURST_FOR = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was counted: entries in each hour of the week (Monday 0:00 UTC is 0) over some weeks."""

    counts: tuple[int, ...] = ()
    weeks: float = 0.0
    clusters: bool = False
    """Whether entries come in bunches, so that one announces more."""
    dispersion: float = 1.0
    """Variance over mean of entries a day; 1 for entries that know nothing of one another."""
    latest: datetime | None = None
    counted_at: datetime | None = None

    @classmethod
    def from_json(cls, found: Mapping[str, Any] | None) -> "Rhythm":
        if not found or len(found.get("counts", ())) != HOURS:
            return cls()
        latest, counted_at = found.get("latest"), found.get("counted_at") or found.get("latest")
        return cls(
            counts=tuple(int(count) for count in found["counts"]),
            weeks=float(found["weeks"]),
            clusters=bool(found.get("clusters")),
            dispersion=float(found.get("dispersion", 1.0)),
            latest=datetime.fromisoformat(latest) if latest else None,
            counted_at=datetime.fromisoformat(counted_at) if counted_at else None,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": list(self.counts),
            "weeks": round(self.weeks, 4),
            "clusters": self.clusters,
            "dispersion": round(self.dispersion, 3),
            "latest": self.latest.isoformat() if self.latest else None,
            "counted_at": self.counted_at.isoformat() if self.counted_at else None,
        }

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float:
        """Entries an hour, over the whole week."""
        return self.total / (HOURS * self.weeks) if self.weeks > 0 else 0.0

    def rate(self, at: datetime) -> float:
        """Entries to expect in the hour of the week that `at` lies in: (k + α·mean) / (n + α), gamma-smoothed."""
        if not self.counts or self.weeks <= 0:
            return 0.0
        return (self.counts[hour_of_week(at)] + PRIOR_WEEKS * self.mean) / (self.weeks + PRIOR_WEEKS)

    def expected(self, since: datetime, until: datetime) -> float:
        """Entries to expect between two times; whole weeks are not walked hour by hour."""
        if until <= since or not self.counts:
            return 0.0
        weeks, rest = divmod((until - since).total_seconds(), WEEK.total_seconds())
        week = sum((count + PRIOR_WEEKS * self.mean) / (self.weeks + PRIOR_WEEKS) for count in self.counts)
        found, at, ends = weeks * week, until - timedelta(seconds=rest), until
        while at < ends:
            next_hour = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            upto = min(next_hour, ends)
            found += self.rate(at) * (upto - at).total_seconds() / 3600
            at = upto
        return found

    def aged(self, now: datetime) -> "Rhythm":
        """The same after a time in which nothing came: the longer that is, the less is to be expected."""
        if self.counted_at is None or now <= self.counted_at:
            return self
        return replace(self, weeks=self.weeks + (now - self.counted_at) / WEEK, counted_at=now)

    def is_bursting(self, now: datetime) -> bool:
        return self.clusters and self.latest is not None and timedelta(0) <= now - self.latest < BURST_FOR


def hour_of_week(at: datetime) -> int:
    return at.weekday() * 24 + at.hour


def count_rhythm(times: Iterable[datetime], now: datetime, *, watched_since: datetime | None = None) -> Rhythm:
    """The rhythm of entries published at these times; those older than twelve weeks or in the future are left out.

    From `watched_since` on, if that was before the first of them, it is known that there were no others.
    """
    kept = sorted(at for at in times if now - MEMORY < at <= now)
    if not kept:
        return Rhythm()
    counts = [0] * HOURS
    days: dict[int, int] = {}
    for at in kept:
        counts[hour_of_week(at)] += 1
        day = (now - at).days
        days[day] = days.get(day, 0) + 1
    begin = kept[0] if watched_since is None else min(kept[0], max(watched_since, now - MEMORY))
    span = max(now - begin, timedelta(hours=1))
    gaps = [(after - before).total_seconds() for before, after in pairwise(kept)]
    close = sum(gap < 3600 for gap in gaps) / len(gaps) if gaps else 0.0
    mean_gap = span.total_seconds() / len(kept)
    return Rhythm(
        counts=tuple(counts),
        weeks=span / WEEK,
        # Independent entries with a mean gap of g come within the hour with probability 1 - exp(-1h/g).
        clusters=len(gaps) >= 5 and close > 1.5 * (1 - math.exp(-3600 / mean_gap)) and close > 0.3,
        dispersion=_dispersion(days, max(1, math.ceil(span / timedelta(days=1)))),
        latest=kept[-1],
        counted_at=now,
    )


def _dispersion(days: Mapping[int, int], length: int) -> float:
    mean = sum(days.values()) / length
    if length < 7 or mean <= 0:
        return 1.0
    variance = (sum((count - mean) ** 2 for count in days.values()) + (length - len(days)) * mean**2) / (length - 1)
    return max(1.0, variance / mean)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait, and why in words."""

    interval: timedelta
    because: str


def adaptive_wait(rhythm: Rhythm, now: datetime) -> Wait:
    """The wait after which about 0.7 new entries are to be expected, between five minutes and a day."""
    if rhythm.mean <= 0:
        return Wait(UNKNOWN, "its rhythm is not known yet")
    if rhythm.latest is not None and now - rhythm.latest >= MEMORY:
        return Wait(LONGEST, f"it has brought nothing new for {(now - rhythm.latest) // WEEK} weeks")
    rhythm = rhythm.aged(now)
    factor = BURST if rhythm.is_bursting(now) else 1.0
    found, at = 0.0, now
    while at - now < LONGEST and found < WANTED:
        rate = rhythm.rate(at) * (factor if at - now < BURST_FOR else 1.0)
        step = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - at
        brings = rate * step.total_seconds() / 3600
        if found + brings >= WANTED:
            at += step * ((WANTED - found) / brings)
            found = WANTED
        else:
            found += brings
            at += step
    wait = min(max(at - now, SHORTEST), LONGEST)
    expected = rhythm.expected(now, now + wait)
    if factor > 1:
        return Wait(wait, "something new came within the last two hours and here it comes in bunches")
    if wait <= SHORTEST:
        return Wait(
            wait, f"at this time of the week about {_items(rhythm.rate(now), 'new item')} an hour can be expected"
        )
    if wait >= LONGEST:
        return Wait(wait, f"it brings about {_items(rhythm.mean * HOURS, 'item')} a week")
    return Wait(wait, f"about {_items(max(expected, 0.1), 'new item')} can be expected by then")


def _items(value: float, what: str) -> str:
    number = f"{value:.0f}" if value >= 9.5 else f"{value:.1f}".removesuffix(".0")
    return f"{number} {what if number == '1' else f'{what}s'}"
