"""Feeds as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from brandhound.feeds.encoding import without_controls

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Name = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(lambda name: " ".join(without_controls(name).split()))
]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000)]
FeedState = Literal["active", "failing", "gone", "silent", "paused", "new"]
"""As a person sees it. `new`: not read yet; `silent`: answers, but is quieter than its rhythm explains."""


class Credentials(BaseModel):
    """User and password of a feed that asks for them. Stored encrypted, never given out again."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=1, max_length=200)
    password: SecretStr = Field(max_length=500)


class NewFeed(BaseModel):
    """A feed to follow: its address, or the address of a site that names one."""

    model_config = ConfigDict(extra="forbid")

    url: Address
    title: Name | None = None
    tags: list[Tag] = Field(default=[], max_length=20)
    credentials: Credentials | None = None


class FeedChanges(BaseModel):
    """What to change of a followed feed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Name | None = None
    tags: list[Tag] | None = Field(default=None, max_length=20)
    credentials: Credentials | None = None
    timeout_seconds: int | None = Field(
        default=None, ge=5, le=600, description="The longest that a check may take; null: as the job says."
    )


class FeedOut(BaseModel):
    """A followed feed and how it is."""

    id: UUID
    url: str
    title: str
    site_url: str | None
    kind: str | None
    language: str | None
    tags: list[str]
    state: FeedState
    paused: bool
    has_credentials: bool
    next_check_at: datetime | None
    check_reason: str | None = Field(description="In words: next check 14:05, because …")
    last_checked_at: datetime | None
    last_ok_at: datetime | None
    last_entry_at: datetime | None
    failures: int
    error_code: str | None
    error_detail: str | None
    next_step: str | None = Field(description="What a person can do about it; empty when all is well.")
    entries: int = Field(description="Entries stored.")
    entries_last_week: int
    per_week: float | None = Field(description="Entries a week, by its rhythm; null until known.")
    created_at: datetime


class FeedPage(BaseModel):
    """Some of the followed feeds. `next` is null on the last page."""

    items: list[FeedOut]
    next: str | None = None


class EntryOut(BaseModel):
    """One item of a feed."""

    title: str
    link: str | None
    published_at: datetime | None
    authors: list[str]
    summary: str
    article_id: UUID | None = None
    article_state: str | None = None


class FeedDetail(FeedOut):
    """A followed feed with its latest items."""

    latest: list[EntryOut]
    rhythm: list[int] | None = Field(
        description="Entries by hour of the week, Monday 0:00 UTC first; null until known."
    )
    timeout_seconds: int | None = Field(description="The longest that a check may take; null: as the job says.")
    moved_from: str | None
    replacement_url: str | None
    notes: list[str] = Field(description="What was forgiven while reading it.")


class FeedTest(BaseModel):
    """An address to look at without following it."""

    model_config = ConfigDict(extra="forbid")

    url: Address
    credentials: Credentials | None = None


class Candidate(BaseModel):
    """A feed that a site offers."""

    url: str
    title: str | None
    kind: str | None
    entries: int | None
    followed: bool = False


class FeedProblem(BaseModel):
    """Why an address gave no feed."""

    code: str
    detail: str
    error: str = Field(description="The error that following it gives; its page under `/errors` says what to do.")


class FeedPreview(BaseModel):
    """What lies at an address."""

    final_url: str
    kind: str | None
    title: str | None
    site_url: str | None
    language: str | None
    entries: list[EntryOut]
    entry_count: int
    notes: list[str] = Field(description="What was forgiven while reading it.")
    took_ms: int
    candidates: list[Candidate]
    followed_feed_id: UUID | None
    problem: FeedProblem | None


class OpmlFeed(BaseModel):
    url: str
    title: str | None


class OpmlFeeds(BaseModel):
    """The feeds that an OPML file names, each address once."""

    items: list[OpmlFeed]


class OpmlRejected(BaseModel):
    url: str
    reason: str


class OpmlResult(BaseModel):
    """What came of an imported OPML file."""

    followed: int
    already: int
    rejected: list[OpmlRejected]


class HealthItem(BaseModel):
    """A feed that needs somebody's eye."""

    feed_id: UUID
    title: str
    url: str
    state: FeedState
    since: datetime | None
    reason: str
    next_step: str
    replacement_url: str | None
    next_check_at: datetime | None


class FeedHealth(BaseModel):
    """How all followed feeds are."""

    total: int
    healthy: int
    failing: int
    gone: int
    silent: int
    paused: int
    items: list[HealthItem]


class PackFeed(BaseModel):
    url: str
    title: str
    followed: bool = False


class Pack(BaseModel):
    """Feeds that belong together."""

    key: str
    name: str
    description: str
    feeds: list[PackFeed]


class PackList(BaseModel):
    items: list[Pack]


class RunStarted(BaseModel):
    """The run that does it."""

    id: UUID
    job: str
    title: str
    state: str
