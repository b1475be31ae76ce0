"""Runs and schedules as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from brandhound.core.pages import Page
from brandhound.jobs.bulk import Action, Which
from brandhound.jobs.models import Level, Queue
from brandhound.jobs.scheduling import Misfire, Overlap
from brandhound.jobs.states import State

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class JobOut(BaseModel):
    """A kind of work that can be started or scheduled."""

    name: str
    title: str
    description: str
    queue: Queue
    timeout_seconds: float
    soft_timeout_seconds: float | None
    parameters: dict[str, Any] = Field(description="JSON Schema of the parameters.")


class RunError(BaseModel):
    """Why a run failed."""

    code: str
    detail: str
    error_class: str = Field(description="What can be done about it, such as network or config.")


class RunProgress(BaseModel):
    """How far a run is: in the parts of what it does now, and in the whole of what is planned."""

    done: int
    total: int | None
    text: str | None
    share: float | None = Field(None, description="Part of the planned work that is finished, 0 to 1.")
    step: str | None = None
    step_number: int | None = None
    step_count: int | None = None
    seconds_left: float | None = Field(None, description="What it probably still takes, from past runs of the job.")


class RunOut(BaseModel):
    """One execution of a job."""

    id: UUID
    job: str
    title: str
    queue: Queue
    state: State
    reason: str | None = Field(description="Why it stands where it stands, in words.")
    waiting_for: str | None
    outcome: str | None
    error: RunError | None
    progress: RunProgress | None
    parameters: dict[str, Any]
    created_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    timeout_seconds: float
    soft_timeout_seconds: float | None
    timeout_from: str = Field(description="Who set the limits: job, schedule, feed or run.")
    worker: str | None
    beat_at: datetime | None = Field(description="When its worker last said that it is at work on it.")
    requested_by: UUID | None
    schedule_id: UUID | None
    parent_id: UUID | None
    attempts: int = Field(description="Times it was tried; waits and pauses do not count.")
    interruptions: int
    cancel_requested_at: datetime | None
    cancel_requested_by: UUID | None
    pause_requested_at: datetime | None
    pause_requested_by: UUID | None
    can_cancel: bool
    can_pause: bool
    can_resume: bool
    can_replay: bool


class RunPage(Page[RunOut]):
    """Some of the runs, newest first."""


class NewRun(BaseModel):
    """A job to start now."""

    job: str
    parameters: dict[str, Any] = {}
    key: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    timeout_seconds: Seconds | None = None
    soft_timeout_seconds: Seconds | None = None
    due_at: Annotated[AwareDatetime | None, Field(description="Begin then; empty: now.")] = None


class LogLineOut(BaseModel):
    """One line of a run's log."""

    seq: int
    at: datetime
    level: Level
    text: str
    facts: dict[str, Any]


class LogOut(BaseModel):
    """Some lines of a run's log, oldest first. Ask again with `after` set to `last`; when `over`, nothing will follow."""

    items: list[LogLineOut]
    last: int
    more: bool
    over: bool


class NewSchedule(BaseModel):
    """A job to start by itself from now on."""

    job: str
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    parameters: dict[str, Any] = {}
    cron: Annotated[str, Field(min_length=1, max_length=200)]
    time_zone: Annotated[str, Field(max_length=64)] | None = Field(None, description="Empty: the organization's own.")
    paused: bool = False
    timeout_seconds: Seconds | None = None
    soft_timeout_seconds: Seconds | None = None
    overlap: Overlap = Field("skip", description="When it comes due while its last run is not over.")
    misfire: Misfire = Field("once", description="Times that were missed are made up for once, or skipped.")
    jitter_seconds: Annotated[float, Field(ge=0, le=3600)] = 0


class ScheduleChange(BaseModel):
    """What is to be different about a schedule; what is left out stays as it is, as does what is empty but for the limits."""

    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    parameters: dict[str, Any] | None = None
    cron: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    time_zone: Annotated[str, Field(max_length=64)] | None = None
    timeout_seconds: Seconds | None = Field(None, description="Given and empty: the job's own limit from now on.")
    soft_timeout_seconds: Seconds | None = Field(None, description="Given and empty: the job's own limit from now on.")
    overlap: Overlap | None = None
    misfire: Misfire | None = None
    jitter_seconds: Annotated[float, Field(ge=0, le=3600)] | None = None


class LastRun(BaseModel):
    """What a schedule queued last."""

    id: UUID
    state: State
    created_at: datetime


class ScheduleOut(BaseModel):
    """When a job is started by itself."""

    id: UUID
    job: str
    title: str
    parameters: dict[str, Any]
    cron: str | None
    every_seconds: float | None
    time_zone: str
    paused: bool
    paused_because: str | None = Field(description="Why it stopped by itself; empty where a person paused it.")
    timeout_seconds: float | None = Field(description="Empty: the job's own limit.")
    soft_timeout_seconds: float | None
    job_timeout_seconds: float | None = Field(description="The job's own limit, which holds where none is set.")
    job_soft_timeout_seconds: float | None
    overlap: Overlap
    misfire: Misfire
    jitter_seconds: float
    missed: int
    next_at: datetime | None
    next_runs: list[datetime] = Field(description="The next ten times; empty while it is paused.")
    skipped: int
    last_run: LastRun | None
    created_at: datetime
    updated_at: datetime


class CalendarEntry(BaseModel):
    """A time at which a schedule comes due."""

    at: datetime
    schedule_id: UUID
    title: str
    job: str
    jitter_seconds: float


class Calendar(BaseModel):
    """The next times of all schedules, earliest first."""

    items: list[CalendarEntry]
    more: bool = Field(description="There are more until then than are told.")


class SchedulePreview(BaseModel):
    """A schedule that is being written."""

    cron: Annotated[str, Field(min_length=1, max_length=200)]
    time_zone: Annotated[str, Field(max_length=64)]


class NextRuns(BaseModel):
    """When a schedule would come due."""

    next_runs: list[datetime]


class Bulk(BaseModel):
    """One thing to do to all runs that match."""

    action: Action
    filter: Which = Which()


class BulkOut(BaseModel):
    """The run that does it, and how many runs match."""

    run: RunOut
    matched: int
    more: bool = Field(description="More runs match than are changed at once.")
    undo: UUID | None = Field(description="With this id it can be taken back.")
    undo_seconds: int = Field(description="For so long after its end.")


class WhichDead(BaseModel):
    """Which dead letters; what is left out does not narrow."""

    error_class: str | None = None
    error_code: str | None = None
    job: list[str] = []


class DeadGroupOut(BaseModel):
    """Dead letters of one kind."""

    model_config = ConfigDict(from_attributes=True)

    error_class: str
    error_code: str
    job: str
    title: str
    count: int
    first_at: datetime
    last_at: datetime


class StuckRun(BaseModel):
    """A run that does not get on, and what is best done about it."""

    model_config = ConfigDict(from_attributes=True)

    run_id: UUID
    organization_id: UUID
    job: str
    title: str
    state: State
    worker: str | None
    silent_since: datetime
    action: Literal["resume", "lose", "bury"]
    reason: str
    done: bool = Field(description="Whether it was done; false if the run got on meanwhile, or in a dry run.")


class CleanupOut(BaseModel):
    """The runs that do not get on."""

    dry_run: bool
    older_than_seconds: float
    settled: int
    runs: list[StuckRun]
