"""What users may expect, in numbers, and how fast the allowance for failures is being used up.

A burn rate of 1 uses the allowance up exactly in 30 days. Two windows must agree, so that an alert begins soon and ends soon:
14.4 over an hour and five minutes is 2 % of the month's allowance in an hour; 6 over six hours and half an hour is 5 % in six.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brandhound.admin.gauges import FEEDS, FEEDS_LATE
from brandhound.admin.reading import rows
from brandhound.core.db import Db
from brandhound.core.measuring import Reading, metric

GOOD = metric("brandhound_slo_good_events", "gauge", "Events of a minute that were as promised.", "slo", exposed=False)
TOTAL = metric("brandhound_slo_events", "gauge", "Events of a minute.", "slo", exposed=False)
BURN_FAST = metric("brandhound_slo_burn_fast", "gauge", "Burn rate that both 1 h and 5 min agree on.", "slo")
BURN_SLOW = metric("brandhound_slo_burn_slow", "gauge", "Burn rate that both 6 h and 30 min agree on.", "slo")

FAST, SLOW = 14.4, 6.0
WINDOWS = (5, 30, 60, 360)
DAYS = 30
"""For how long a promise is counted."""
LATE_REPORT = 60.0
"""Seconds after which a report that somebody asked for is late."""


@dataclass(frozen=True)
class Slo:
    """A promise."""

    name: str
    title: str
    objective: float
    about: str


SLOS = (
    Slo(
        "fetch_freshness",
        "Feeds are checked in time",
        0.99,
        "A feed counts as late ten minutes after its check was due.",
    ),
    Slo("report_latency", "Reports are there within a minute", 0.95, "From the request to the finished report."),
    Slo("run_success", "Runs succeed", 0.98, "Done or done in part; what people cancelled does not count."),
)

_RUNS = """
select count(*) filter (where state in ('done', 'partial')) as good,
       count(*) filter (where state in ('done', 'partial', 'failed', 'timed_out', 'lost', 'dead')) as total,
       count(*) filter (where job = 'reports.make' and state in ('done', 'partial')
                          and finished_at - created_at <= make_interval(secs => :late)) as reports_good,
       count(*) filter (where job = 'reports.make' and state <> 'cancelled') as reports
  from runs where finished_at >= :since and finished_at < :until
"""

_BURN = """
select s.label, s.name, w.minutes, sum(m.value)::float as value
  from metric_series s join metric_samples m on m.series_id = s.id
  join unnest(cast(:windows as int[])) as w(minutes) on m.at > cast(:at as timestamptz) - make_interval(mins => w.minutes)
 where s.name in ('brandhound_slo_good_events', 'brandhound_slo_events') and m.at <= :at
   and m.at > cast(:at as timestamptz) - make_interval(mins => :longest) group by 1, 2, 3
"""


@dataclass(frozen=True)
class Burn:
    """How a promise is kept: burn rates by window in minutes, and the share that was good over the longest."""

    slo: Slo
    rates: dict[int, float]
    good: float
    total: float

    @property
    def fast(self) -> float:
        return min(self.rates[60], self.rates[5])

    @property
    def slow(self) -> float:
        return min(self.rates[360], self.rates[30])


async def events_of_minute(
    db: Db, readings: Sequence[Reading], since: datetime, until: datetime
) -> dict[tuple[str, str], float]:
    """Good and all events since the last look, as samples."""
    feeds = sum(float(one.value) for one in readings if one.metric is FEEDS and one.labels != ("gone",))  # pyright: ignore[reportArgumentType]
    late = sum(float(one.value) for one in readings if one.metric is FEEDS_LATE)  # pyright: ignore[reportArgumentType]
    runs = (await rows(db, _RUNS, since=since, until=until, late=LATE_REPORT))[0]
    counted = {
        "fetch_freshness": (feeds - late, feeds),
        "report_latency": (runs["reports_good"], runs["reports"]),
        "run_success": (runs["good"], runs["total"]),
    }
    samples: dict[tuple[str, str], float] = {}
    for name, (good, total) in counted.items():
        samples[GOOD.name, name] = float(max(0, good))
        samples[TOTAL.name, name] = float(total)
    return samples


async def burns(db: Db, at: datetime, windows: Sequence[int] = WINDOWS) -> list[Burn]:
    """How fast each promise's allowance is being used up. Without events nothing is."""
    found = await rows(db, _BURN, at=at, windows=list(windows), longest=max(windows))
    return [_burn(slo, found, windows) for slo in SLOS]


def _burn(slo: Slo, found: list[dict[str, Any]], windows: Sequence[int]) -> Burn:
    def of(name: str, minutes: int) -> float:
        return next(
            (row["value"] for row in found if (row["label"], row["name"], row["minutes"]) == (slo.name, name, minutes)),
            0.0,
        )

    rates: dict[int, float] = {}
    for minutes in windows:
        total = of(TOTAL.name, minutes)
        bad = max(0.0, 1 - of(GOOD.name, minutes) / total) if total else 0.0
        rates[minutes] = bad / (1 - slo.objective)
    longest = max(windows)
    return Burn(slo, rates, of(GOOD.name, longest), of(TOTAL.name, longest))


_MONTH = """
with parts as (
  select series_id, total from metric_hours
   where at > cast(:at as timestamptz) - make_interval(days => :days) and at < date_trunc('hour', cast(:at as timestamptz))
  union all
  select series_id, value from metric_samples where at >= date_trunc('hour', cast(:at as timestamptz)) and at <= :at)
select s.label, coalesce(sum(p.total) filter (where s.name = 'brandhound_slo_good_events'), 0)::float as good,
       coalesce(sum(p.total) filter (where s.name = 'brandhound_slo_events'), 0)::float as total
  from metric_series s join parts p on p.series_id = s.id
 where s.name in ('brandhound_slo_good_events', 'brandhound_slo_events') group by 1
"""


async def month(db: Db, at: datetime) -> dict[str, tuple[float, float]]:
    """Good and all events of each promise in the last 30 days."""
    found = await rows(db, _MONTH, at=at, days=DAYS)
    known = {row["label"]: (row["good"], row["total"]) for row in found}
    return {slo.name: known.get(slo.name, (0.0, 0.0)) for slo in SLOS}
