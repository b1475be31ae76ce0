"""What the job layer tells the rest of the product."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from brandhound.jobs.registry import Event
from brandhound.jobs.states import State


class RunEnded(Event):
    """A run has come to its end; announced in the transaction that writes it."""

    run_id: UUID
    organization_id: UUID
    job: str
    title: str
    state: State
    outcome: str | None
    error_code: str | None
    error_detail: str | None
    error_class: str | None = None
    """What can be done about the failure: see `failures`."""
    attempts: int = 1
    """Times it was tried; waits and pauses do not count."""
    last_lines: tuple[str, ...] = ()
    """The last lines of its log, if it failed."""
    key: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    queue: str = "interactive"
    requested_by: UUID | None
    schedule_id: UUID | None
    parent_id: UUID | None
    seconds: float
    ended_at: datetime


class SchedulePaused(Event):
    """A schedule stopped by itself: what it queues cannot be queued any more."""

    schedule_id: UUID
    organization_id: UUID
    job: str
    title: str
    reason: str
