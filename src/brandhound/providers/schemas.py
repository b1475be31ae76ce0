"""What is told about outside services, as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

State = Literal["closed", "open", "half_open"]


class LimitOut(BaseModel):
    """How much a service allows, and what was used of it."""

    metric: Literal["requests", "tokens", "concurrency"] = Field(description="What is limited.")
    most: int = Field(description="How much is allowed in a window; of calls, how many at the same time.")
    window_seconds: float = Field(description="Length of the window; 0 for calls at the same time.")
    used: int = Field(description="How much of it is used now.")
    source: Literal["default", "headers", "setting"] = Field(description="Who said so.")


class BreakerOut(BaseModel):
    """One service: a provider, a key and a model."""

    id: UUID
    provider: str
    title: str = Field(description="What people call the provider.")
    key_fingerprint: str = Field(
        description="Stands for the key, and after an @ for the address where that is somebody's own; leads nobody back to them."
    )
    model: str = Field(description="Which model or endpoint; empty where there is only one.")
    state: State = Field(description="closed: it is called. open: it is left alone. half_open: one call is trying.")
    failure_class: str | None = Field(description="Class of the failure that opened it.")
    failure_code: str | None = Field(description="The provider's own word for it.")
    reason: str | None = Field(description="Why it is left alone.")
    what_to_do: str | None = Field(description="What a person can do about it.")
    message: str | None = Field(description="What the provider said.")
    opened_at: datetime | None
    next_try_at: datetime | None = Field(
        description="When one call tries by itself; empty while open: when you say so."
    )
    resets_at: datetime | None = Field(description="When the quota that is used up begins anew.")
    openings: int = Field(description="How often it was opened in a row.")
    left_alone_until: datetime | None = Field(description="It asked for a pause until then.")
    slowed_until: datetime | None = Field(description="Fewer calls at the same time until then.")
    slowed_to: int | None = Field(description="How many.")
    calls_last_minute: int
    failures_last_minute: int = Field(description="Those that speak against the service.")
    under_way: int = Field(description="Calls that are made at this moment.")
    in_line: int = Field(description="Calls that wait for their turn.")
    limits: list[LimitOut]
    changed_at: datetime


class BudgetOut(BaseModel):
    """Calls made again in the last ten minutes."""

    calls: int = Field(description="Calls in all.")
    retries: int = Field(description="Calls that were made again.")
    allowed: int = Field(description="How many may be: a share of the calls, and a few in any case.")
    share: float = Field(description="That share, 0 to 1.")
    at_least: int = Field(description="How many in any case.")
    refused: int = Field(description="How many more there would have been.")


class ProviderRules(BaseModel):
    """What operators allow of a provider. What is empty is as known beforehand, or as the provider says itself."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    requests_a_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="Requests a minute, of each key and model."
    )
    requests_a_day: Annotated[int, Field(ge=1, le=100_000_000)] | None = Field(
        None, description="Requests in 24 hours, of each key and model."
    )
    calls_at_once: Annotated[int, Field(ge=1, le=1_000)] | None = Field(
        None, description="Calls at the same time, of each key and model."
    )
    retry_share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Which part of all calls to the provider may be calls made again, 0 to 1; empty: a tenth."
    )
    retries_at_least: Annotated[int, Field(ge=0, le=10_000)] | None = Field(
        None, description="Calls made again in ten minutes that are allowed in any case; empty: five."
    )


class ProviderOut(BaseModel):
    """An outside provider, over all of its keys and models."""

    provider: str
    title: str
    state: State = Field(description="The worst of its services.")
    services: int = Field(description="Keys and models.")
    left_alone: int = Field(description="Services that are not called at the moment.")
    next_try_at: datetime | None = Field(description="When the first of them is tried by itself.")
    parked: int = Field(description="Runs that wait for it, of all organizations.")
    calls_last_minute: int
    failures_last_minute: int
    budget: BudgetOut
    rules: ProviderRules = Field(description="What operators set.")
