"""Topics and what is about them, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from brandhound.mentions.schemas import BrandTag, Quote
from brandhound.mentions.standings import Judgement, ToneLabel
from brandhound.mentions.topic_models import TopicSort, TopicStanding

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=400)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class NewTopic(BaseModel):
    """A topic, or a key message."""

    title: Title
    sort: TopicSort = "topic"
    line: Words = Field(description="What it is about, in a line; of a message the sentence itself")
    examples: list[Words] = Field(default=[], max_length=20, description="Sentences that are about it")
    brand_id: UUID | None = Field(default=None, description="The brand it is looked for with; null: all")


class TopicOut(BaseModel):
    """A topic with what was found in the last 30 days."""

    id: UUID
    title: str
    sort: TopicSort
    line: str
    examples: list[str]
    brand_id: UUID | None
    archived: bool
    filled_at: datetime | None
    created_at: datetime
    updated_at: datetime
    yes: int = Field(description="Mentions of the last 30 days that are about it")
    maybe: int = Field(description="Mentions of the last 30 days of which it is not known")
    answers: int = Field(description="Answers of people, of any day")
    learned_from: int = Field(description="Answers that its weights were learned from")
    filling: bool = Field(description="Whether earlier mentions are being looked through now")


class TopicList(BaseModel):
    """Topics by name; and whether the sentence model is there, without which none is found."""

    items: list[TopicOut]
    model: bool


class FindingOut(BaseModel):
    """A mention and a topic: how sure, with the words that show it."""

    topic_id: UUID
    title: str
    sort: TopicSort
    mention_id: UUID
    probability: float
    standing: TopicStanding
    said: Judgement | None
    quote: Quote


class TopicMentionOut(FindingOut):
    """A finding with its mention."""

    story_id: UUID
    article_id: UUID
    brand: BrandTag
    headline: str
    outlet: str
    tone: ToneLabel
    published_at: datetime


class TopicMentionPage(BaseModel):
    """Mentions about a topic, newest first."""

    items: list[TopicMentionOut]
    next: str | None


class NewTopicWord(BaseModel):
    """Is the mention about the topic?"""

    verdict: Judgement


class Filling(BaseModel):
    """How far back to look."""

    days: int = Field(default=30, ge=1, le=365)


class TopicShareOut(BaseModel):
    """How much of what is said of a brand is about a topic, or tells a message."""

    topic_id: UUID
    title: str
    sort: TopicSort
    yes: int
    maybe: int
    positive: int
    negative: int
    share: float | None = Field(description="null under 20 texts")
    low: float | None = Field(description="By those that surely are, 90 % sure")
    high: float | None = Field(description="By those that may be too, 90 % sure")


class BrandTopicsOut(BaseModel):
    """Topics of a brand's texts; copies of one text count once."""

    brand_id: UUID
    since: datetime
    until: datetime
    out_of: int = Field(description="Accepted texts in English: others are not read for topics")
    enough: bool
    items: list[TopicShareOut]
