"""Deeds over reports as JSON."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.mentions.deeds.tags import LONGEST_TAG
from brandhound.reports.deeds.models import ReportMarking
from brandhound.reports.listing import ReportFilter

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TAG)]
MOST_NAMED = 5000


class MatchingReports(BaseModel):
    """The filters of the list, as `GET /api/reports` takes them. All that matches now is meant."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(default=None, max_length=200)
    tags: list[Word] = Field(default=[], max_length=20)
    archived: bool | None = Field(default=None, description="Only those that are put away, or those that are not")

    def as_filter(self) -> ReportFilter:
        return ReportFilter(self.q, tuple(self.tags), self.archived)


class NewReportDeed(BaseModel):
    """One thing to be done to reports: to some by name, or to all that match."""

    model_config = ConfigDict(extra="forbid")

    kind: ReportMarking
    tag: Word | None = Field(default=None, description="Which tag, to put one on or take one off")
    reports: list[UUID] | None = Field(default=None, max_length=MOST_NAMED)
    matching: MatchingReports | None = None


class ReportDeedOut(BaseModel):
    """Something that was done to reports."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: ReportMarking
    tag: str | None
    total: int = Field(description="Reports it is about")
    changed: int = Field(description="Those that it changed; the others were so before")
    failed: int
    user_id: UUID | None
    created_at: datetime
    undone_at: datetime | None
    titles: list[str] = Field(default=[], description="What the first of them are called, while they are kept")


class ReportDeedProblem(BaseModel):
    """A report that it could not be done to, and why."""

    model_config = ConfigDict(from_attributes=True)

    report_id: UUID
    problem: str | None


class ReportDeedDetail(ReportDeedOut):
    """A deed with the first reports that it could not be done to."""

    problems: list[ReportDeedProblem]


class ReportTagOut(BaseModel):
    """A tag that reports bear."""

    tag: str
    reports: int


class ReportTagList(BaseModel):
    """The tags of reports, the most used first."""

    items: list[ReportTagOut]

    @classmethod
    def of(cls, counted: list[tuple[str, int]]) -> Self:
        return cls(items=[ReportTagOut(tag=tag, reports=number) for tag, number in counted])


class ReportCount(BaseModel):
    """How many reports match."""

    reports: int
