"""What leaves by itself, as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from brandhound.core.mail_addresses import MailAddress
from brandhound.reports.periods import Period
from brandhound.reports.schemas import Title
from brandhound.reports.sending_models import FileState, Form, RecipientState, Rhythm, ScheduledAgainst, SendingState

MOST_RECIPIENTS = 50

Time = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Weekday = Annotated[int, Field(ge=1, le=7)]


def _month_day(value: int) -> int:
    if 29 <= value <= 30:
        raise ValueError("not every month has that day: choose 1 to 28, or 31 for the last one")
    return value


class RecipientIn(BaseModel):
    """A member, or an address outside: one of the two."""

    model_config = ConfigDict(extra="forbid")

    user_id: UUID | None = None
    email: MailAddress | None = None
    name: str = Field(default="", max_length=200)
    time_zone: Zone | None = Field(default=None, description="Whose clock they live by; left out: the organization's.")

    @model_validator(mode="after")
    def _one(self) -> "RecipientIn":
        if (self.user_id is None) == (self.email is None):
            raise ValueError("a recipient is a member or an address")
        return self


class RhythmIn(BaseModel):
    """When it leaves."""

    rhythm: Rhythm = "weekdays"
    weekdays: list[Weekday] = Field(default=[1, 2, 3, 4, 5], max_length=7, description="Monday is 1.")
    month_day: Annotated[int, Field(ge=1, le=31), AfterValidator(_month_day)] = Field(
        default=1, description="1 to 28, or 31 for the last day of the month."
    )
    time: Time = Field(default="08:00", description="By the clock of each recipient.")

    @model_validator(mode="after")
    def _some_day(self) -> "RhythmIn":
        if self.rhythm == "weekdays" and not self.weekdays:
            raise ValueError("on which days?")
        return self

    @property
    def minute(self) -> int:
        return int(self.time[:2]) * 60 + int(self.time[3:])


class ReportScheduleIn(RhythmIn):
    """A report that leaves by itself: what it tells, when, to whom and in which form."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    brand_ids: list[UUID] = Field(default=[], max_length=30, description="Brands to report on; empty: all.")
    period: Period = Field(default="last_7_days", description="Which days, counted back from the day it is sent.")
    compare: bool = True
    against: ScheduledAgainst = Field(
        default="before", description="before: as many days right before; last_year: the same days a year earlier."
    )
    template_id: UUID | None = Field(default=None, description="The template to make it with; left out: the standard.")
    min_confidence: float | None = Field(default=None, ge=0.0, le=1.0)
    attachments: list[Form] = Field(default=["pdf"], max_length=6)
    link: bool = Field(default=True, description="Whether each mail holds a link that opens the report for its reader.")
    link_days: int = Field(default=30, ge=1, le=365)
    skip_if_empty: bool = True
    recipients: list[RecipientIn] = Field(default=[], max_length=MOST_RECIPIENTS, description="At least one.")


class RecipientOut(BaseModel):
    """Somebody who gets a report."""

    id: UUID
    user_id: UUID | None
    name: str
    email: str
    time_zone: str
    state: RecipientState
    reason: str | None
    next_at: datetime | None


class ReportScheduleOut(BaseModel):
    """A report that leaves by itself."""

    id: UUID
    title: str
    brand_ids: list[UUID]
    period: Period
    compare: bool
    against: ScheduledAgainst
    template_id: UUID | None
    min_confidence: float | None
    rhythm: Rhythm
    weekdays: list[int]
    month_day: int
    time: str
    when: str = Field(description="The same in words.")
    attachments: list[Form]
    link: bool
    link_days: int
    skip_if_empty: bool
    paused: bool
    recipients: list[RecipientOut]
    next_times: list[datetime] = Field(description="The next five sendings, to whomever.")
    last: "LastSending | None"
    created_at: datetime


class LastSending(BaseModel):
    """What became of the newest sending."""

    window_at: datetime
    sent: int
    waiting: int
    skipped: int
    failed: int


class RhythmPreview(RhythmIn):
    """A rhythm and the zones of those who would get it."""

    model_config = ConfigDict(extra="forbid")

    time_zones: list[Zone] = Field(min_length=1, max_length=MOST_RECIPIENTS)


class NextTimes(BaseModel):
    """The next times, and the rhythm in words."""

    when: str
    next_times: list[datetime]


class SendingOut(BaseModel):
    """One mail to one reader for one moment, and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    sort: Literal["report", "digest", "test"]
    schedule_id: UUID | None
    report_id: UUID | None
    user_id: UUID | None
    title: str
    address: str
    window_at: datetime
    state: SendingState
    reason: str | None
    attempts: int
    due_at: datetime | None
    ends_at: datetime | None = Field(description="When it is tried no more; of one that is tried again")
    sent_at: datetime | None
    status: int | None
    took_ms: int | None
    request: str | None
    response: str | None
    run_id: UUID | None
    created_at: datetime


class NewShare(BaseModel):
    """How long a link is to work, and for whom."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(default=30, ge=1, le=365)
    label: str = Field(default="", max_length=200)
    password: str | None = Field(default=None, min_length=8, max_length=200)


class ShareOut(BaseModel):
    """A link that opens one report."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    label: str
    has_password: bool
    by_mail: bool = Field(description="Whether it went out in a mail of a schedule.")
    views: int
    last_viewed_at: datetime | None
    expires_at: datetime
    revoked_at: datetime | None
    created_at: datetime


class ShareMade(ShareOut):
    """A link that was just made; its address is told this once."""

    url: str


class NewFile(BaseModel):
    """In which form."""

    model_config = ConfigDict(extra="forbid")

    form: Form


class FileOut(BaseModel):
    """A report as a file."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    report_id: UUID
    form: Form
    state: FileState
    run_id: UUID | None
    size: int | None
    created_at: datetime
    expires_at: datetime


class DigestIn(BaseModel):
    """Whether and when one wants the digest."""

    model_config = ConfigDict(extra="forbid")

    wanted: bool
    weekdays: list[Weekday] = Field(default=[1, 2, 3, 4, 5], min_length=1, max_length=7, description="Monday is 1.")
    time: Time = "08:00"
    time_zone: Zone | None = Field(default=None, description="Left out: the organization's.")


class DigestOut(BaseModel):
    """Whether and when one gets the digest."""

    wanted: bool
    weekdays: list[int]
    time: str
    time_zone: str
    when: str
    next_times: list[datetime]
    mail: bool = Field(description="Whether this installation has a mail server at all.")
    last: SendingOut | None
