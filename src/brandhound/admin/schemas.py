"""JSON of the operator's pages."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

State = Literal["ok", "warning", "critical"]


class HealthPart(BaseModel):
    """How one part of the installation is, and what to do."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str
    state: State
    words: str
    what_to_do: str
    figures: dict[str, float | int | str | None]


class HealthOut(BaseModel):
    """How the installation is: the state of its worst part, and each part."""

    state: State
    version: str
    checked_at: datetime
    parts: list[HealthPart]


class ProcessRun(BaseModel):
    """A run that a worker has now."""

    id: UUID
    organization_id: UUID
    job: str
    title: str
    started_at: datetime | None


class ProcessOut(BaseModel):
    """One process of the product, living or ended."""

    id: str
    kind: Literal["web", "worker"]
    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    silent_seconds: float = Field(description="Time since it was last heard of.")
    ended_at: datetime | None
    end_reason: str | None
    rss_bytes: int
    cpu_seconds: float
    threads: int
    active: int
    restarts: int = Field(description="Processes of the same kind that its machine had in the day before it.")
    runs: list[ProcessRun]


class ProcessesOut(BaseModel):
    """Living processes first, then those that ended in the last 30 days."""

    items: list[ProcessOut]


class QueueOut(BaseModel):
    """One queue."""

    queue: str
    depth: int
    running: int
    waiting: int
    oldest_wait_seconds: float
    ended_last_hour: int
    failed_last_hour: int
    wait_p95_seconds: float | None
    run_p95_seconds: float | None


class FailureOut(BaseModel):
    """Failures of one class in one job."""

    code: str
    job: str
    runs: int
    organizations: int
    last_at: datetime


class OrganizationLoad(BaseModel):
    """What one organization has in the queues."""

    organization_id: UUID
    name: str | None
    running: int
    queued: int
    oldest_wait: float
    ended: int
    failed: int
    wait_p95: float | None


class QueuesOut(BaseModel):
    """The queues, what failed in the last day, and whose work it is."""

    queues: list[QueueOut]
    failures: list[FailureOut]
    organizations: list[OrganizationLoad]


class SizedTable(BaseModel):
    """A table, its size, and how it has grown."""

    name: str
    total_bytes: int
    index_bytes: int
    rows_about: int
    dead_rows: int
    full_reads: int
    vacuumed_at: datetime | None
    analyzed_at: datetime | None
    grown_bytes: int | None = Field(description="Since the oldest size known of the last 30 days.")
    grown_since: date | None


class RunningStatement(BaseModel):
    """A statement that has been running for over a second, without its values."""

    pid: int
    role: str | None
    application: str | None
    state: str | None
    seconds: float
    waits_for: str | None
    query: str


class CountedStatement(BaseModel):
    """A statement that the server keeps count of."""

    calls: int
    mean_seconds: float
    total_seconds: float
    rows: int
    query: str


class BlockedStatement(BaseModel):
    """A statement that waits for a lock."""

    pid: int
    role: str | None
    seconds: float
    query: str
    blocked_by: list[int]


class UnusedIndex(BaseModel):
    """An index that nobody has read by."""

    index: str
    table: str
    bytes: int


class DatabaseOut(BaseModel):
    """The database server, as a role sees it that can read no row of any table."""

    version: str
    bytes: int
    connections: int
    most_connections: int
    longest_transaction: float
    cache_hits: float | None
    deadlocks: int
    counting_since: datetime | None
    asked_as: str
    sees_all: bool = Field(description="Whether statements of other roles are shown.")
    migration: str | None
    migration_needed: str
    tables: list[SizedTable]
    slow_now: list[RunningStatement]
    slow_ever: list[CountedStatement] | None = Field(description="Empty where pg_stat_statements is not installed.")
    blocked: list[BlockedStatement]
    unused_indexes: list[UnusedIndex]


class IllFeed(BaseModel):
    """A feed document that fails or is late, and who follows it."""

    document_id: UUID
    title: str | None
    url: str
    state: str
    error_code: str | None
    failing_since: datetime | None
    last_ok_at: datetime | None
    next_check_at: datetime | None
    followers: int
    what_to_do: str


class FeedCodes(BaseModel):
    """How many feeds fail for one reason."""

    code: str
    feeds: int


class FeedHealthOut(BaseModel):
    """All feed documents of the installation, by state, and those that are ill."""

    states: dict[str, int]
    late: int
    codes: list[FeedCodes]
    items: list[IllFeed]


class ErrorGroupOut(BaseModel):
    """A fault: errors of one kind at one place."""

    id: UUID
    kind: str
    place: str
    source: str
    state: Literal["open", "resolved", "ignored"]
    count: int
    last_day: int
    organizations: int
    first_seen_at: datetime
    last_seen_at: datetime
    first_version: str
    last_version: str
    resolved_at: datetime | None
    regressed_at: datetime | None


class ErrorGroupPage(BaseModel):
    """Faults, the last seen first."""

    items: list[ErrorGroupOut]
    next: str | None


class ErrorSightingOut(BaseModel):
    """An organization that met the fault."""

    organization_id: UUID
    organization: str
    count: int
    first_seen_at: datetime
    last_seen_at: datetime
    message: str
    run_id: UUID | None
    request: str | None


class ErrorHour(BaseModel):
    """How often in an hour."""

    at: datetime
    count: int


class ErrorGroupDetail(ErrorGroupOut):
    """A fault with its places, whom it met, and its last week."""

    trace: str
    sightings: list[ErrorSightingOut]
    hours: list[ErrorHour]


class ErrorGroupChange(BaseModel):
    """What became of it."""

    state: Literal["open", "resolved", "ignored"]


class SeriesOut(BaseModel):
    """One line of a chart: spans of time, and the mean and the greatest value of each."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    label: str
    at: list[int] = Field(description="Beginnings of the spans, in Unix seconds.")
    value: list[float]
    most: list[float]


class ChartOut(BaseModel):
    """A chart: what it shows, in which unit, and its lines."""

    key: str
    title: str
    unit: Literal["count", "seconds", "bytes", "share"]
    about: str
    series: list[SeriesOut]


class SloOut(BaseModel):
    """A promise, how it is kept, and how fast its allowance is being used up."""

    name: str
    title: str
    about: str
    objective: float
    good: float | None = Field(description="Share that was as promised in the last 30 days; empty without events.")
    left: float | None = Field(description="Part of the 30 days' allowance that is left.")
    burn_fast: float
    burn_slow: float


class MetricsOut(BaseModel):
    """Charts and promises over a span of time."""

    since: datetime
    until: datetime
    slos: list[SloOut]
    charts: list[ChartOut]


class MetricName(BaseModel):
    """A metric that a rule can look at, and its series."""

    name: str
    about: str
    labels: list[str]


class AlertRuleOut(BaseModel):
    """A rule, and how it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    shipped: str | None
    title: str
    what_to_do: str
    metric: str
    label: str | None
    group_id: UUID | None
    comparison: Literal["above", "below"]
    threshold: float
    window_minutes: int
    severity: Literal["info", "warning", "critical"]
    channel: str
    enabled: bool
    silenced_until: datetime | None
    firing_since: datetime | None
    last_value: float | None
    last_label: str | None
    checked_at: datetime | None


class AlertEventOut(BaseModel):
    """A time that a rule told somebody."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    settled_at: datetime | None
    value: float
    label: str
    told: int
    test: bool


class AlertRuleDetail(AlertRuleOut):
    """A rule with its last times."""

    events: list[AlertEventOut]


class NewAlertRule(BaseModel):
    """When operators are to be told."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    what_to_do: str = Field("", max_length=1000)
    metric: str = Field(max_length=100, description="A metric, or errors, or regressions.")
    label: str | None = Field(None, max_length=100)
    group_id: UUID | None = None
    comparison: Literal["above", "below"] = "above"
    threshold: float
    window_minutes: int = Field(5, ge=1, le=1440)
    severity: Literal["info", "warning", "critical"] = "warning"
    channel: str = Field("preferences", max_length=60, description="preferences, or a channel that is told as well.")


class AlertRuleChange(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, min_length=1, max_length=200)
    what_to_do: str | None = Field(None, max_length=1000)
    comparison: Literal["above", "below"] | None = None
    threshold: float | None = None
    window_minutes: int | None = Field(None, ge=1, le=1440)
    severity: Literal["info", "warning", "critical"] | None = None
    channel: str | None = Field(None, max_length=60)
    enabled: bool | None = None


class Silence(BaseModel):
    """For how long nobody is to be told."""

    minutes: int = Field(ge=5, le=60 * 24 * 30)


class TestOfRule(BaseModel):
    """How many operators were told."""

    told: int
