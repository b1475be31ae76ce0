"""A value a minute for each series, kept for 30 days: what charts are drawn from and rules look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from brandhound.admin.reading import rows
from brandhound.core.db import Db
from brandhound.core.measuring import Histogram, Metric, Reading, metric

KEPT_DAYS = 30

REQUESTS = metric(
    "brandhound_http_requests_per_minute", "gauge", "Requests answered, all processes together.", exposed=False
)
REQUEST_ERRORS = metric(
    "brandhound_http_errors_per_minute", "gauge", "Requests that failed through our fault.", exposed=False
)
REQUEST_P95 = metric(
    "brandhound_http_p95_seconds", "gauge", "Time to answer, 95th of 100, in that minute.", exposed=False
)
RUNS_PER_MINUTE = metric("brandhound_runs_per_minute", "gauge", "Runs that ended, by how.", "state", exposed=False)
FETCHES_PER_MINUTE = metric(
    "brandhound_fetches_per_minute", "gauge", "Requests to the outside, by what came of them.", "outcome", exposed=False
)
FETCH_P95 = metric(
    "brandhound_fetch_p95_seconds", "gauge", "Time of requests to the outside, 95th of 100.", exposed=False
)
ERRORS_PER_MINUTE = metric("brandhound_errors_per_minute", "gauge", "Errors caught for the inbox.", exposed=False)
MEMORY = metric("brandhound_process_bytes", "gauge", "Memory of the living processes.", "kind", exposed=False)
PROCESSES = metric("brandhound_processes", "gauge", "Processes that are alive.", "kind", exposed=False)

_WRITE = """
with wanted as (
  select * from unnest(cast(:names as text[]), cast(:labels as text[]), cast(:values as float8[])) as w(name, label, value)),
made as (
  insert into metric_series (name, label) select name, label from wanted on conflict (name, label) do nothing
  returning id, name, label),
known as (
  select id, name, label from made union all select s.id, s.name, s.label from metric_series s join wanted using (name, label))
insert into metric_samples (series_id, at, value)
select distinct on (k.id) k.id, :at, w.value from wanted w join known k using (name, label)
on conflict (series_id, at) do update set value = excluded.value
"""

# Put into lists by the server: a row for each line and not for each of its points.
_LINES = """
select name, label, array_agg(at order by at) as at, array_agg(value order by at) as value, array_agg(most order by at) as most
  from points group by name, label order by name, label
"""

_READ = f"""
with points as (
  select s.name, s.label, extract(epoch from date_bin(make_interval(secs => :step), m.at, '2000-01-01 UTC'))::int as at,
         avg(m.value)::float as value, max(m.value)::float as most
    from metric_series s join metric_samples m on m.series_id = s.id
   where s.name = any(:names) and m.at >= :since and m.at < :until group by 1, 2, 3)
{_LINES}"""

# Over the hours that are complete, and the minutes of the one that is not.
_READ_HOURS = f"""
with hours as (
  select series_id, at, mean, most from metric_hours where at >= :since and at < :until
  union all
  select series_id, date_trunc('hour', at), avg(value), max(value) from metric_samples
   where at >= date_trunc('hour', cast(:until as timestamptz)) and at < :until group by 1, 2),
points as (
  select s.name, s.label, extract(epoch from date_bin(make_interval(secs => :step), h.at, '2000-01-01 UTC'))::int as at,
         avg(h.mean)::float as value, max(h.most)::float as most
    from metric_series s join hours h on h.series_id = s.id where s.name = any(:names) group by 1, 2, 3)
{_LINES}"""

_ROLL_UP = """
insert into metric_hours (series_id, at, mean, most, total)
select series_id, date_trunc('hour', at), avg(value), max(value), sum(value) from metric_samples
 where at >= coalesce((select max(at) from metric_hours), '-infinity') and at < date_trunc('hour', cast(:at as timestamptz))
 group by 1, 2
on conflict (series_id, at) do update set mean = excluded.mean, most = excluded.most, total = excluded.total
"""

BY_THE_HOUR = timedelta(days=2)
"""Looking back for longer, hours are read and not minutes."""


@dataclass(frozen=True)
class Series:
    """The line of one series: spans of time by their beginning in Unix seconds, the mean and the greatest value of each."""

    name: str
    label: str
    at: list[int]
    value: list[float]
    most: list[float]


Minute = Mapping[tuple[str, str], float]
"""Name and label of a series, and its value."""


def minute_of(readings: Sequence[Reading]) -> dict[tuple[str, str], float]:
    """The readings as samples. Histograms have none."""
    return {
        (one.metric.name, "|".join(one.labels)): float(one.value)
        for one in readings
        if not isinstance(one.value, Histogram)
    }


async def write_minute(db: Db, at: datetime, values: Minute) -> None:
    """Write the values of a minute. Safe to repeat."""
    if values:
        names, labels = zip(*values, strict=True)
        await db.execute(
            text(_WRITE),
            {
                "names": list(names),
                "labels": list(labels),
                "values": [float(value) for value in values.values()],
                "at": at,
            },
        )


async def read_series(
    db: Db, names: Sequence[str], since: datetime, until: datetime, points: int = 180
) -> list[Series]:
    """The lines of these metrics, with at most about that many points each, oldest first."""
    long = until - since > BY_THE_HOUR
    unit = 3600 if long else 60
    step = max(unit, round((until - since).total_seconds() / unit / points) * unit)
    statement = _READ_HOURS if long else _READ
    return [Series(**row) for row in await rows(db, statement, names=list(names), since=since, until=until, step=step)]


async def roll_up(db: Db, at: datetime) -> None:
    """Put the minutes of the hours before this moment together. Safe to repeat."""
    await db.execute(text(_ROLL_UP), {"at": at})


async def series_names(db: Db) -> list[tuple[str, str]]:
    """Name and label of every series that there is."""
    return [
        (row["name"], row["label"]) for row in await rows(db, "select name, label from metric_series order by 1, 2")
    ]


async def forget_samples(db: Db, days: int = KEPT_DAYS) -> None:
    """Delete samples that are that old."""
    for table in ("metric_samples", "metric_hours"):
        await db.execute(text(f"delete from {table} where at < now() - make_interval(days => :days)"), {"days": days})


def total_of(metric: Metric, grown: Mapping[str, Mapping[str, float | list[float]]]) -> float:
    """The sum over all labels of a counter."""
    return sum(value for value in grown.get(metric.name, {}).values() if isinstance(value, int | float))
