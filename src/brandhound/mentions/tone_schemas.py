"""Tones of a brand, and how far they can be known, as JSON."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.tone_knowledge import Eyes


class ToneRange(BaseModel):
    """A value, and the bounds between which the true one lies, 90 % sure."""

    value: float
    low: float
    high: float


class ToneShareOut(BaseModel):
    """One tone of a brand's texts."""

    tone: ToneLabel
    texts: int = Field(description="Texts of that tone as they were read, or as people said")
    said: int = Field(description="How many of them by a person's word")
    share: ToneRange | None = Field(description="Its true share; null of mixed and unclear ones, and under 20 texts")


class ToneRowOut(BaseModel):
    """Of texts that truly have this tone: which share is read as which."""

    true: ToneLabel
    read: dict[ToneLabel, float]


class ToneMatrixOut(BaseModel):
    """How often each tone is read as which, by the sentence model or by the word list."""

    eyes: Eyes
    rows: list[ToneRowOut]


class BrandToneOut(BaseModel):
    """How is spoken of a brand, corrected by how often tone is read right. Copies of one text count once."""

    brand_id: UUID
    since: datetime
    until: datetime
    out_of: int = Field(description="Clear texts: those whose tone is unclear are left out")
    enough: bool
    tones: list[ToneShareOut]
    balance: ToneRange | None
    matrices: list[ToneMatrixOut]
    shipped_texts: int = Field(description="Labelled sentences that the shipped matrices come from")
    own_texts: int = Field(description="Sampled mentions of one's own with a tone, of the whole organization")
    engine: Literal["model", "lexicon"] = Field(description="What tone is read by here")
