"""The error inbox."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


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
