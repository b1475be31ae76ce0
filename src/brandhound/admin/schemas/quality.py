"""The quality board as JSON."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.admin.quality import Unit


class FigureOut(BaseModel):
    """A judgement that was measured on known data before this version was shipped."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    judgement: str
    measure: str
    value: float
    unit: Unit
    better: Literal["higher", "lower"]
    reach: float | None = Field(description="What was aimed at")
    reached: bool | None
    floor: float | None = Field(description="What a test holds it to on a small set; it fails below that")
    data: str = Field(description="What it was measured on")
    measured_on: date
    version: str
    command: str = Field(description="What measures it again")
    means: str = Field(description="What the figure says, and what it does not")
    live: Literal["precision", "ece"] | None = Field(description="Its counterpart among the live figures")


class LiveQualityOut(BaseModel):
    """What the people of an organization said of its mentions in the last twelve weeks. No brand is named."""

    model_config = ConfigDict(from_attributes=True)

    organization_id: UUID
    name: str
    brands: int
    right: int = Field(description="Sampled mentions above the limits that were right")
    sampled: int
    precision: float
    precision_low: float = Field(description="Lower end of the range that holds the true share, 90 % sure")
    precision_high: float
    judged: int = Field(description="Mentions that people judged, also outside of samples")
    ece: float | None = Field(description="How far confidence is from the truth on average; null without judgements")
    says_little: bool = Field(description="Whether too few were sampled to say much")
    is_too_slow: bool = Field(description="Whether its mentions could not be counted in time: nothing is known then")


class FigureList(BaseModel):
    """The figures that came with this version."""

    items: list[FigureOut]


class LiveQualityPage(BaseModel):
    """Organizations, the youngest first."""

    items: list[LiveQualityOut]
    next: str | None
