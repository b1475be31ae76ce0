"""Lessons of tone as JSON."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.tone_lessons.models import ToneLessonState
from brandhound.mentions.tone_pull import PullEngine


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ToneLessonFigures(BaseModel):
    """How right it is on texts that it had not seen."""

    corrected: int = Field(description="Texts whose tone people corrected")
    corrected_right: int = Field(description="How many of them it reads as they said; without it none")
    confirmed: int = Field(description="Texts of which people said what was read")
    confirmed_right: int
    left: int = Field(description="Texts drawn by chance of which nobody said anything")
    left_otherwise: int = Field(description="How many of them it reads otherwise")
    sampled: int = Field(description="Texts of the weekly samples; they measure, and do not teach")
    sampled_before: int = Field(description="How many of them were read right without it")
    sampled_right: int
    gain: float = Field(description="By how much the share of right readings grows, as far as is known")


class ToneChange(BaseModel):
    """A mention of the last 30 days that would be read otherwise."""

    mention_id: UUID
    story_id: UUID
    title: str
    outlet: str
    sentence: str
    before: ToneLabel
    after: ToneLabel


class ToneLessonOut(Out):
    """What was learned from the tones that people said."""

    id: UUID
    number: int
    state: ToneLessonState
    engine: PullEngine = Field(description="Whose readings it adds to: the sentence model's or the word list's")
    said: dict[ToneLabel, int]
    conflicts: int
    figures: ToneLessonFigures
    looked_at: int
    changes: int
    created_at: datetime
    decided_at: datetime | None


class ToneLessonDetail(ToneLessonOut):
    """A lesson with some of the mentions that it would read otherwise."""

    shown: list[ToneChange]


class ToneLessonsOut(BaseModel):
    """What there is to learn from, what was learned, and what reads now."""

    said: dict[ToneLabel, int] = Field(description="Tones that people said and that can be learned from")
    new: int = Field(description="Said since the last lesson")
    missing: str | None = Field(description="What is still needed, in words; null when it suffices")
    learning: bool = Field(description="Whether a run is learning now")
    engine: PullEngine = Field(description="What tone is read by here")
    applied: ToneLessonOut | None
    idle: bool = Field(description="Whether the applied lesson was learned for something else than what reads now")
    latest: ToneLessonOut | None = Field(description="The last that was learned")
