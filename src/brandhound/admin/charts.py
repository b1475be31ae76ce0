"""The charts of the operator's dashboard."""

from dataclasses import dataclass
from typing import Literal

from brandhound.admin import gauges, measures, sampling, slos
from brandhound.core.measuring import Metric

Unit = Literal["count", "seconds", "bytes", "share"]


@dataclass(frozen=True)
class Chart:
    """What one chart shows."""

    key: str
    title: str
    unit: Unit
    metrics: tuple[Metric, ...]
    about: str


CHARTS = (
    Chart("runs", "Runs that ended, a minute", "count", (sampling.RUNS_PER_MINUTE,), "By how they ended."),
    Chart("wait", "Oldest wait", "seconds", (gauges.QUEUE_OLDEST,), "Of a run that could be begun, by queue."),
    Chart("depth", "Queue depth", "count", (gauges.QUEUE_DEPTH,), "Runs that could be begun, by queue."),
    Chart("wait_p95", "Wait before the start", "seconds", (gauges.QUEUE_WAIT,), "95 of 100 runs of the last hour, by queue."),
    Chart("requests", "Requests, a minute", "count", (sampling.REQUESTS, sampling.REQUEST_ERRORS), "And those that failed."),
    Chart("answers", "Time to answer", "seconds", (sampling.REQUEST_P95,), "95 of 100 requests."),
    Chart("feeds", "Feeds", "count", (gauges.FEEDS, gauges.FEEDS_LATE), "By state, and those that are late."),
    Chart("fetches", "Requests to the outside, a minute", "count", (sampling.FETCHES_PER_MINUTE,), "By what came of them."),
    Chart("fetch_p95", "Time to fetch", "seconds", (sampling.FETCH_P95,), "95 of 100 requests to the outside."),
    Chart("providers", "Calls of providers", "count", (gauges.CALLS, gauges.CALLS_FAILED), "In five minutes, and the failed."),
    Chart("errors", "Errors, a minute", "count", (sampling.ERRORS_PER_MINUTE,), "Caught for the inbox."),
    Chart("burn", "Burn rates", "count", (slos.BURN_FAST,), f"Over {slos.FAST:g} operators are woken."),
    Chart("memory", "Memory", "bytes", (sampling.MEMORY,), "Of all living processes, by kind."),
    Chart("database", "Size of the database", "bytes", (gauges.DB_BYTES,), "With indexes."),
    Chart("connections", "Database connections", "count", (gauges.DB_CONNECTIONS, gauges.DB_BLOCKED), "And blocked statements."),
    Chart("disk", "Free disk", "bytes", (gauges.DISK_FREE,), "Where the data is."),
    Chart("workers", "Workers", "count", (gauges.WORKERS,), "That are alive."),
    Chart("probe", "Self-probe", "count", (measures.PROBE_UP,), "1 while the web server answers itself."),
)  # fmt: skip
