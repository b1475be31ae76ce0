"""Log lines, searches and retention in and out."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

LevelName = Literal["debug", "info", "warning", "error"]
LEVELS: dict[LevelName, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
LEVEL_NAMES: dict[int, LevelName] = {number: name for name, number in LEVELS.items()}


class LogRecordOut(BaseModel):
    """One line. `boot` and `seq` number the lines of a process without gaps."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    level: LevelName
    text: str
    logger: str
    process: str
    host: str
    pid: int
    boot: str
    seq: int
    run_id: UUID | None
    feed_id: UUID | None
    provider: str | None
    request_id: str | None
    facts: dict[str, Any]
    has_traceback: bool


class LogRecordFull(LogRecordOut):
    """One line with everything that was noted."""

    traceback: str | None


class LogRecords(BaseModel):
    """Some lines, newest first, of the time that was searched. `next` is null when there are no older ones in it."""

    items: list[LogRecordOut]
    next: str | None
    since: datetime
    until: datetime


class LinesLeftOut(BaseModel):
    """So many lines came too fast; null: too many to be counted."""

    lines: int | None


class LogBucket(BaseModel):
    """How many lines of each level were said from `at` on."""

    at: datetime
    debug: int = 0
    info: int = 0
    warning: int = 0
    error: int = 0


class LogHistogram(BaseModel):
    """Lines over time. Spans without lines are left out; `complete` is false when counting took too long."""

    since: datetime
    until: datetime
    bucket_seconds: int
    complete: bool
    buckets: list[LogBucket]


class NewLogSearch(BaseModel):
    """A search to be kept: a name, and the parameters of the screen's address."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    query: Annotated[dict[str, Annotated[str, Field(max_length=500)]], Field(max_length=20)]


class LogSearchOut(BaseModel):
    """A search that the caller saved."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    query: dict[str, Any]
    created_at: datetime


Days = Annotated[int, Field(ge=1, le=400)]


class LogRetentionIn(BaseModel):
    """Days that lines of each level are kept; null for what the installation keeps."""

    model_config = ConfigDict(extra="forbid")

    debug_days: Days | None = None
    info_days: Days | None = None
    warning_days: Days | None = None
    error_days: Days | None = None


class LogRetentionOut(LogRetentionIn):
    """What the organization chose, and what holds where it chose nothing."""

    usual_debug_days: int
    usual_info_days: int
    usual_warning_days: int
    usual_error_days: int


class LogStorage(BaseModel):
    """How much room the log lines of all organizations take, and since when there are any."""

    used_bytes: int
    limit_bytes: int | None
    since: datetime | None
    partitions: int
