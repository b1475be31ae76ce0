"""What alerts look like over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.mentions.alerts.counting import Wanted, folded_words
from brandhound.mentions.alerts.models import AlertKind, BrandAlert, Keenness, Severity
from brandhound.mentions.standings import ToneLabel

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class AlertWish(BaseModel):
    """What somebody wants to be told of."""

    model_config = ConfigDict(extra="forbid")

    brand_id: UUID
    kind: AlertKind = "spike"
    keenness: Keenness = Field(default="usual", description="How rare a count must be before anybody is told.")
    least_stories: int = Field(default=4, ge=2, le=1000, description="A spike has at least so many stories.")
    hours: int = Field(default=48, ge=24, le=720, description="A silence lasts at least so many hours.")
    least_outlets: int = Field(
        default=3, ge=1, le=100, description="A story that spreads is in at least so many outlets."
    )
    within_hours: int = Field(default=24, ge=1, le=720, description="It is in them within so many hours.")
    tones: list[ToneLabel] = Field(default=[], max_length=5, description="Only stories with one of these tones.")
    words: list[Word] = Field(default=[], max_length=20, description="Only stories with one of these in their titles.")

    def wanted(self) -> Wanted:
        """The stories that count."""
        return Wanted(self.brand_id, tuple(self.tones), tuple(folded_words(self.words)))

    @property
    def is_narrow(self) -> bool:
        """Whether it is about a part of the brand's stories."""
        return bool(self.tones or self.words)

    @classmethod
    def of(cls, alert: BrandAlert) -> Self:
        """What a stored alert wants."""
        return cls(
            brand_id=alert.brand_id,
            kind=alert.kind,
            keenness=alert.keenness,
            least_stories=alert.least_stories,
            hours=alert.hours,
            least_outlets=alert.least_outlets,
            within_hours=alert.within_hours,
            tones=list(alert.tones),
            words=list(alert.words),
        )


class NewAlert(AlertWish):
    """An alert to be made."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        default="", description="What to call it; empty: it is named after what it tells of."
    )
    said: str = Field(default="", max_length=500, description="The sentence that it was asked for with.")
    enabled: bool = True


class AlertOut(BaseModel):
    """An alert."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    brand_id: UUID
    kind: AlertKind
    title: str
    keenness: Keenness
    least_stories: int
    hours: int
    least_outlets: int
    within_hours: int
    said: str
    tones: list[ToneLabel]
    words: list[str]
    enabled: bool
    created_at: datetime
    checked_at: datetime | None
    incidents: int = Field(
        default=0, description="Times that it told of something in the last 90 days, and of what still lasts."
    )
    last_incident_at: datetime | None = None
    is_open: bool = Field(default=False, description="Whether something that it told of still lasts.")


class AlertList(BaseModel):
    """All alerts."""

    items: list[AlertOut]


class IncidentOut(BaseModel):
    """A spike, a silence, or a story that spread."""

    model_config = ConfigDict(from_attributes=True)

    opened_at: datetime = Field(description="When it could first be known.")
    closed_at: datetime | None
    window_hours: int
    stories: int
    expected: float = Field(description="Stories that are usual in as many hours at that time of the week.")
    probability: float = Field(description="How often chance alone would do that.")
    severity: Severity
    words: str = Field(description="The same in one sentence.")
    why: dict[str, Any] = Field(
        description="Of a spike: stories, outlets, tones, in_all, thin. Of a silence: feeds, feeds_in_trouble, is_deaf."
    )


class KeptIncident(IncidentOut):
    """One that was told of."""

    id: UUID
    alert_id: UUID
    brand_id: UUID
    kind: AlertKind


class DayCount(BaseModel):
    """A day of the organization's calendar."""

    day_on: date
    stories: int
    expected: float


class BackTest(BaseModel):
    """What an alert would have told of."""

    days: int
    says: str = Field(description="The result in one sentence.")
    incidents: list[IncidentOut]
    by_day: list[DayCount]
    is_thin: bool = Field(description="Whether the history is too short to tell well what is usual.")
    days_known: int


class Sentence(BaseModel):
    """What somebody wants to be told of, in a sentence."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=500, pattern=r"\S")]


class SaidPart(BaseModel):
    """Words of the sentence, and what they came to."""

    model_config = ConfigDict(from_attributes=True)

    start: int
    end: int
    text: str
    means: str


class ReadRule(BaseModel):
    """The rule that a sentence came to. It is a proposal: nothing is stored before somebody has looked at it."""

    model_config = ConfigDict(from_attributes=True)

    brand_id: UUID | None = Field(description="Null where the sentence names none of your brands.")
    brand: str
    kind: AlertKind
    keenness: Keenness
    least_stories: int
    hours: int
    least_outlets: int
    within_hours: int
    tones: list[ToneLabel]
    words: list[str]
    parts: list[SaidPart] = Field(description="What was understood, in the order of the sentence.")
    ignored: list[SaidPart] = Field(description="What was not understood: the rule does not say it.")
    notes: list[str] = Field(description="What was assumed or left out.")
