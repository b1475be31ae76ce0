"""What the job layer tells the rest of the product."""

from datetime import datetime
from uuid import UUID

from brandhound.jobs.models import State
from brandhound.jobs.registry import Event


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
    requested_by: UUID | None
    schedule_id: UUID | None
    parent_id: UUID | None
    seconds: float
    ended_at: datetime
