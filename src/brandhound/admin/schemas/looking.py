"""What is looked at without touching: health, processes, queues, database, feeds."""

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
    stall_seconds: float = Field(description="How long its event loop let one wait for a turn, since its last sign.")
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
