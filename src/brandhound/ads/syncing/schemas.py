"""Syncs, comparisons and imports as JSON."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from brandhound.ads.job_parameters import HowMuch
from brandhound.ads.syncing.leaving import What
from brandhound.ads.syncing.reconciling import Cause
from brandhound.jobs.states import State

Number = Annotated[Decimal, PlainSerializer(float, return_type=float)]
"""As a JSON number: counts and millionths are below what it can hold exactly."""

Metric = Literal[
    "spend_micros",
    "impressions",
    "reach",
    "clicks",
    "link_clicks",
    "outbound_clicks",
    "plays",
    "views_3s",
    "thruplays",
    "landing_page_views",
    "adds_to_cart",
    "checkouts",
    "purchases",
    "leads",
    "purchase_value_micros",
]


class WantedSync(HowMuch):
    """How far back a sync goes, and how much it fetches."""

    model_config = ConfigDict(extra="forbid")

    days_back: int | None = Field(
        28,
        ge=1,
        le=1130,
        description="Days that are read again, at first at least 90; null: as many as are due by now.",
    )


class SyncRun(BaseModel):
    """One sync."""

    id: UUID
    state: State
    outcome: str | None
    reason: str | None
    error_code: str | None
    error_detail: str | None
    progress_share: float | None
    progress_text: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class UnknownField(BaseModel):
    """A field that the platform tells and we do not know. It is kept in the raw answers."""

    name: str
    first_seen_at: datetime


class LeftDays(BaseModel):
    """Days that a sync left for later."""

    model_config = ConfigDict(from_attributes=True)

    since: date
    until: date
    what: What
    why: str
    again_at: datetime


class SyncTrouble(BaseModel):
    """Why the last sync did not go through."""

    code: str = Field(description="A page of documentation stands under `/errors/CODE`.")
    says: str
    what_to_do: str
    said: str = Field(description="The words of whoever refused: Meta's own, with their numbers.")


class SyncOut(BaseModel):
    """How far an account is synced."""

    account_id: UUID
    facts_since: date | None
    facts_until: date | None
    last_ok_at: datetime | None
    last_started_at: datetime | None
    error_code: str | None
    error_detail: str | None
    trouble: SyncTrouble | None = Field(description="The same for people: what happened, and what helps.")
    api_version: str | None
    unknown_fields: list[UnknownField]
    ads: int
    assets: dict[str, int] = Field(description="Pictures and films by whether we have them.")
    active_run_id: UUID | None
    next_at: datetime | None = Field(description="When it is synced by itself next.")
    left: list[LeftDays] = Field(description="Days that were left for later, with why and until when.")
    runs: list[SyncRun]


class StartedSync(BaseModel):
    """The run that syncs."""

    run_id: UUID


class MeasureCompared(BaseModel):
    """One measure of one day, ours and the platform's. Money is in millionths."""

    measure: str
    ours: Number | None
    source: Number | None
    difference: Number | None
    cause: Cause


class DayComparedOut(BaseModel):
    """One day, ours and the platform's."""

    day: date
    ads: int
    cause: Cause
    words: str
    measures: list[MeasureCompared]
    ours_at: datetime | None
    source_at: datetime | None
    rate: float | None = Field(
        default=None, description="What one unit of the account's currency was worth that day in the one asked for"
    )


class Reconciliation(BaseModel):
    """Our totals against the platform's."""

    currency: str = Field(description="The account's own: in it both are compared")
    show_in: str | None = Field(
        default=None, description="The currency that days have a rate into, if one was asked for"
    )
    time_zone: str
    since: date
    until: date
    days: list[DayComparedOut]
    equal_days: int


class PointOut(BaseModel):
    """What a day's number was from a moment on."""

    at: datetime | None
    value: Number


class DayMovedOut(BaseModel):
    """How one number of a past day moved."""

    day: date
    first: Number
    now: Number
    moves: int
    ads: int
    points: list[PointOut]


class Restatements(BaseModel):
    """How a number moved, by day."""

    metric: Metric
    currency: str
    time_zone: str
    days: list[DayMovedOut]


class AdMovedOut(BaseModel):
    """One ad's change of a day's number."""

    ad_id: UUID
    ad: str
    old: Number | None
    new: Number | None
    at: datetime


class DayRestated(BaseModel):
    """Which ads moved a day's number."""

    metric: Metric
    day: date
    changes: list[AdMovedOut]
