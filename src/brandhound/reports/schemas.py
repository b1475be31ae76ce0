"""Reports as they travel over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from brandhound.reports.document import BrandKind, Judgement, Reason, ReportDocument, Tone
from brandhound.reports.wording import printable

ReportState = Literal["composing", "ready", "failed"]
Against = Literal["before", "last_year", "range"]


def _cleaned(title: object) -> object:
    return printable(title) if isinstance(title, str) else title


Title = Annotated[
    str, BeforeValidator(_cleaned), StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]


class ReportWish(BaseModel):
    """Which days and brands a report is to cover."""

    model_config = ConfigDict(extra="forbid")

    since_on: date = Field(description="First day, in the organization's time zone.")
    until_on: date = Field(description="Last day, included.")
    brand_ids: list[UUID] = Field(
        default=[], max_length=30, description="Brands to report on; empty: all that are not paused."
    )
    compare: bool = Field(default=True, description="Whether to set the figures against another range.")
    against: Against = Field(
        default="before",
        description="before: as many days right before it; last_year: the same days a year earlier; range: the days of "
        "`before_since_on` and `before_until_on`.",
    )
    before_since_on: date | None = Field(default=None, description="First day to compare with; only with `range`.")
    before_until_on: date | None = Field(default=None, description="Last day to compare with; only with `range`.")
    template_id: UUID | None = Field(default=None, description="The template to make it with; left out: the standard.")
    min_confidence: float | None = Field(
        default=None,
        ge=0.0,
        le=1.0,
        description="A mention counts from this confidence on, or when judged yes; left out: as in the inbox.",
    )
    title: Title | None = Field(default=None, description="Written for you when left out.")


class ReportSummary(BaseModel):
    """A report in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    since_on: date
    until_on: date
    brand_ids: list[UUID]
    compare: bool
    state: ReportState
    run_id: UUID | None = Field(description="The run that composes it, when it is a big one.")
    template_id: UUID | None = Field(description="The template it was made with; null: the standard one, or removed.")
    template_version: int | None
    mentions: int | None
    stories: int | None
    document_sha256: str | None
    archived: bool = Field(description="Whether it is put away.")
    tags: list[str] = Field(default=[], description="Words that people put on it; guests are told of none.")
    created_by: UUID | None
    created_at: datetime


class ReportOut(ReportSummary):
    """A report with all it says; `document` is there once `state` is ready."""

    document: ReportDocument | None


class EvidenceMention(BaseModel):
    """One mention behind a number, as it was when the report was made."""

    mention_id: UUID
    brand_id: UUID
    brand_name: str
    brand_kind: BrandKind
    story_id: UUID | None
    article_id: UUID
    title: str
    url: str
    outlet: str
    site: str
    language: str
    published_at: datetime
    salience: str
    tone: Tone
    quote: str | None
    sentence: str | None = Field(description="The sentence that names the brand, cut from the article as fetched.")
    confidence: float
    judgement: Judgement | None
    reprint: bool
    reasons: list[Reason]
    body_sha256: str | None


class Evidence(BaseModel):
    """The mentions behind one number of a report, newest first."""

    figure: str
    label: str = Field(description="What the number is, in words.")
    total: int = Field(description="How many mentions stand behind it.")
    stories: int = Field(description="How many stories those mentions are in.")
    outlets: int = Field(description="How many outlets brought them.")
    items: list[EvidenceMention]
    next: str | None
