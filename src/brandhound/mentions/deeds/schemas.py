"""Deeds as JSON."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.mentions.deeds.models import DeedKind, DeedState, Marking, Saying
from brandhound.mentions.queries import MentionFilter, StoryFilter
from brandhound.mentions.standings import Cause, Otherwise, Standing, StoryView, ToneLabel

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
MOST_NAMED = 5000


class NewMerge(BaseModel):
    """Stories that are one."""

    model_config = ConfigDict(extra="forbid")

    into: UUID = Field(description="The story that stays, with its star, its tags and those of the others")
    stories: list[UUID] = Field(min_length=1, max_length=100, description="The others; they are found under it")


class NewSplit(BaseModel):
    """Articles that are a story of their own: named themselves, or by mentions in them."""

    model_config = ConfigDict(extra="forbid")

    articles: list[UUID] = Field(default=[], max_length=1000)
    mentions: list[UUID] = Field(default=[], max_length=1000)
    with_copies: bool = Field(default=True, description="Whether those that copy them go along")


class NewHeadline(BaseModel):
    """The article that is to speak for the story."""

    article_id: UUID


class Matching(BaseModel):
    """The filters of the list, as `GET /api/stories` takes them. All that matches now is meant."""

    model_config = ConfigDict(extra="forbid")

    view: StoryView = "inbox"
    brands: list[UUID] = Field(default=[], max_length=200)
    q: str | None = Field(default=None, max_length=200)
    tones: list[ToneLabel] = Field(default=[], max_length=5)
    tags: list[Word] = Field(default=[], max_length=20)
    topic: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1)

    def as_filter(self) -> StoryFilter:
        return StoryFilter(
            self.view,
            tuple(self.brands),
            self.q,
            tuple(self.tones),
            self.since,
            self.until,
            self.min_confidence,
            tuple(self.tags),
            self.topic,
        )


class NewDeed(BaseModel):
    """One thing to be done to stories: to some by name, or to all that match."""

    model_config = ConfigDict(extra="forbid")

    kind: Marking
    tag: Word | None = Field(default=None, description="Which tag, to put one on or take one off")
    stories: list[UUID] | None = Field(default=None, max_length=MOST_NAMED)
    matching: Matching | None = None


class MatchingMentions(BaseModel):
    """The filters of the list of mentions, as `GET /api/mentions` takes them. All that matches now is meant."""

    model_config = ConfigDict(extra="forbid")

    brands: list[UUID] = Field(default=[], max_length=200)
    standing: Standing | None = None
    q: str | None = Field(default=None, max_length=200)
    tones: list[ToneLabel] = Field(default=[], max_length=5)
    outlet: str | None = Field(default=None, max_length=300)
    story: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    because: Cause | None = None
    topic: UUID | None = None
    tags: list[Word] = Field(default=[], max_length=20)
    archived: bool | None = Field(default=None, description="Only those of stories that are put away, or of those not")
    opinion: Otherwise | None = None

    def as_filter(self) -> MentionFilter:
        return MentionFilter(
            tuple(self.brands),
            self.standing,
            self.q,
            tuple(self.tones),
            self.outlet,
            self.story,
            self.since,
            self.until,
            self.min_confidence,
            self.because,
            self.topic,
            tuple(self.tags),
            self.archived,
            self.opinion,
        )


class NewMentionDeed(BaseModel):
    """One thing to be said of mentions: of some by name, or of all that match."""

    model_config = ConfigDict(extra="forbid")

    kind: Saying = Field(description="yes or no: it is the brand or is not; unjudge and untone take back what was said")
    tone: ToneLabel | None = Field(default=None, description="Which tone, with the kind `tone`")
    mentions: list[UUID] | None = Field(default=None, max_length=MOST_NAMED)
    matching: MatchingMentions | None = None


class MentionCount(BaseModel):
    """How many mentions match; more than a million are not counted."""

    mentions: int
    more: bool = Field(description="Whether there are more than were counted")


class DeedProblem(BaseModel):
    """A story or a mention that it could not be done to, and why."""

    model_config = ConfigDict(from_attributes=True)

    story_id: UUID
    mention_id: UUID | None = None
    problem: str | None


class DeedOut(BaseModel):
    """Something that was done to stories, and how far it is."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: DeedKind
    state: DeedState
    story_id: UUID | None = Field(description="The story merged into, split off or spoken for")
    tag: str | None
    tone: ToneLabel | None = None
    total: int = Field(description="Stories or mentions it is about")
    changed: int = Field(description="Those that it changed; the others were so before")
    failed: int
    run_id: UUID | None = Field(description="The run that does it, where there are many")
    user_id: UUID | None
    created_at: datetime
    undone_at: datetime | None


class DeedDetail(DeedOut):
    """A deed with the first stories that it could not be done to."""

    problems: list[DeedProblem]


class DeedPage(BaseModel):
    """Deeds, the latest first."""

    items: list[DeedOut]
    next: str | None


class TagOut(BaseModel):
    """A tag of the organization."""

    tag: str
    stories: int


class TagList(BaseModel):
    """The organization's tags, the most used first."""

    items: list[TagOut]

    @classmethod
    def of(cls, counted: list[tuple[str, int]]) -> Self:
        return cls(items=[TagOut(tag=tag, stories=number) for tag, number in counted])


class MatchCount(BaseModel):
    """How many stories match; more than a million are not counted."""

    stories: int
    more: bool = Field(description="Whether there are more than were counted")
