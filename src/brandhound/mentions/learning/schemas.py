"""Trust, lessons and samples as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.brands.schemas import Line, Phrases
from brandhound.brands.watching import MOST_NAMES
from brandhound.mentions.learning.models import Answer, LessonState
from brandhound.mentions.learning.promising import Proof
from brandhound.mentions.schemas import MentionOut, Reason
from brandhound.mentions.standings import Standing, ToneLabel


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MeaningsWish(BaseModel):
    """What a brand is and how it is called; nothing of it has to be stored."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    context_words: Phrases = []
    names: Annotated[list[Line], Field(max_length=MOST_NAMES)] = []


class MeaningOut(BaseModel):
    """What one of the names also means, by the dictionary."""

    key: str = Field(description="By which it is switched off")
    name: str
    gloss: str
    uses: int = Field(description="How often it was met in the texts whose senses WordNet's authors counted")
    is_brand: bool = Field(
        description="So like the description that it is taken for the brand, and not held against it"
    )


class MeaningList(BaseModel):
    """Meanings of the names that are words, name by name, the commonest first."""

    items: list[MeaningOut]
    next: str | None = None


class RangeOut(Out):
    """A share, and the bounds between which the true one lies, 90 % sure."""

    share: float
    low: float
    high: float


class AtLimitOut(Out):
    """What one would see with the limit there."""

    limit: float
    shown: int = Field(description="Mentions of the last 90 days at or above it")
    kept: float = Field(description="Share of the brand's true mentions that are shown, as far as is known")
    precision: RangeOut = Field(description="Share of the shown ones that are the brand")
    checked: int = Field(description="How many of the shown ones a person has judged")


class BinOut(Out):
    """Judged mentions of like confidence: what was believed and what was true."""

    low: float
    high: float
    predicted: float
    observed: RangeOut
    checked: int


class PromiseOut(Out):
    """The promise of a precision, and how it is known that it is kept."""

    target: float
    proof: Proof
    checked: int
    needed: int
    least: float
    why: str


class LiveOut(BaseModel):
    """The precision measured by the samples of the last twelve weeks.

    Shares are weighed by how many mentions each that was checked stands for, and not `right` by `checked` once the limit moved.
    """

    right: int
    checked: int
    unsure: int
    precision: RangeOut
    least: float = Field(description="It is not below this, 90 % sure")
    missed: RangeOut | None = Field(description="Share of the brand in what is hidden; null where none was checked")
    hidden_checked: int


class LearnedSign(BaseModel):
    """What a lesson thinks of a sign for this brand, beyond the usual."""

    text: str
    weight: float


class LessonFigures(BaseModel):
    """How right it is on judged mentions that it had not seen."""

    right: int
    wrong: int
    f1: float
    ece: float


class LessonExample(BaseModel):
    """A judged sentence that the lesson explains itself by."""

    mention_id: UUID
    verdict: Literal["yes", "no"]
    text: str


class LessonOut(BaseModel):
    """What was learned from judgements."""

    id: UUID
    number: int
    state: LessonState
    yes: int
    no: int
    conflicts: int
    before: LessonFigures
    after: LessonFigures
    looked_at: int
    changes: int
    signs: list[LearnedSign]
    examples: list[LessonExample]
    created_at: datetime
    decided_at: datetime | None


class LessonList(BaseModel):
    """Lessons of a brand, newest first."""

    items: list[LessonOut]
    next: str | None = None


class Moves(BaseModel):
    """How many mentions a lesson would move where to, and how many of them are starred."""

    to_accepted: int
    to_doubtful: int
    to_rejected: int
    starred_lost: int


class EffectOut(BaseModel):
    """What a lesson makes of one mention."""

    mention_id: UUID
    story_id: UUID
    title: str
    outlet: str
    surface: str
    starred: bool
    standing_before: Standing
    standing_after: Standing
    confidence_before: float
    confidence_after: float
    reasons: list[Reason]


class LessonDetail(LessonOut):
    """A lesson with the mentions that it would move, the greatest changes first."""

    moves: Moves
    effects: list[EffectOut]


class MoveOut(Out):
    """One move of the limit."""

    before: float
    after: float
    cause: Literal["person", "promise"]
    why: str
    created_at: datetime


class ReadinessOut(BaseModel):
    """What there is to learn from."""

    yes: int
    no: int
    new: int = Field(description="Judged since the last lesson")
    missing: str | None = Field(description="What is still needed, in words; null when it suffices")
    learning: bool = Field(description="Whether a run is learning now")


class SampleBrief(BaseModel):
    """The last weekly sample."""

    id: UUID
    week_on: date
    items: int
    answered: int


class TrustOut(BaseModel):
    """How far the mentions of a brand can be trusted, and by what that is known."""

    brand_id: UUID
    limit: float
    general_limit: float
    doubtful: float
    mentions: int = Field(description="Mentions of the last 90 days")
    curve: list[AtLimitOut]
    reliability: list[BinOut]
    ece: float | None
    checked: int
    promise: PromiseOut | None
    live: LiveOut
    readiness: ReadinessOut
    applied: LessonOut | None
    proposed: LessonOut | None
    moves: list[MoveOut]
    sample: SampleBrief | None
    has_profile: bool = Field(description="Whether the brand has a one-line description to start from")
    reads_sentences: bool = Field(description="Whether the sentence model is at hand")


class SampleItemOut(BaseModel):
    """A mention to check."""

    id: UUID
    answer: Answer | None
    tone: ToneLabel | None
    mention: MentionOut


class SampleOut(SampleBrief):
    """A weekly sample with its mentions, in no telling order."""

    shown: int
    hidden: int
    mentions: list[SampleItemOut]


class NewLimit(BaseModel):
    """The limit of confidence; null for the installation's."""

    limit: Annotated[float, Field(ge=0.3, le=0.99)] | None


class NewPromise(BaseModel):
    """The share of what is shown that shall really be the brand."""

    target: Annotated[float, Field(ge=0.8, le=0.99)]


class NewAnswer(BaseModel):
    """Is it the brand? And if so, how does it speak of it?"""

    answer: Answer
    tone: ToneLabel | None = Field(default=None, description="Of a yes alone; it measures how often tone is read right")
