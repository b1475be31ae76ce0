"""What was slow lately, and why."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class SlowStatement(BaseModel):
    """A statement without its values: how often it was asked, and for how long in all."""

    statement: str
    times: int
    seconds: float


class SlowRequestOut(BaseModel):
    """A request that took long until its answer began. The organization is null for one that belongs to none."""

    id: UUID
    at: datetime
    organization_id: UUID
    organization: str | None
    request: str
    request_id: str | None
    process: str
    status: int
    seconds: float
    database_seconds: float
    statements: int
    slowest: list[SlowStatement]


class SlowStep(BaseModel):
    """A step of a run: how often it was done, and how long that took in all."""

    name: str
    times: int
    seconds: float


class SlowRunOut(BaseModel):
    """A run that took long from its first step to its end, with its longest steps."""

    id: UUID
    organization_id: UUID
    organization: str | None
    job: str
    title: str
    state: str
    started_at: datetime
    finished_at: datetime
    seconds: float
    waited_seconds: float
    steps: list[SlowStep]


class SlowOut(BaseModel):
    """The slowest requests and runs of the last hours."""

    hours: int
    slow_from_seconds: float
    requests: list[SlowRequestOut]
    runs: list[SlowRunOut]
