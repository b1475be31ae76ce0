"""What brands that may be the same look like over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.mentions.merging.models import MergeState


class MergeReason(BaseModel):
    """A reason for or against two brands being one."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    text: str
    weight: float = Field(description="In log-odds; below 0 it speaks against.")


class BrandSide(BaseModel):
    """One of the two brands."""

    id: UUID
    name: str
    color: str
    kind: str
    names: int
    mentions: int


class BrandPair(BaseModel):
    """Two brands that may be one, the one with more mentions first."""

    first: BrandSide
    second: BrandSide
    alike: list[str] = Field(description="The two names that are most alike.")
    probability: float
    reasons: list[MergeReason]


class BrandPairs(BaseModel):
    """Brands that may be the same, the likeliest first."""

    items: list[BrandPair]
    next: str | None = None


class NewMerge(BaseModel):
    """Which brand stays, and which is merged into it."""

    model_config = ConfigDict(extra="forbid")

    kept_id: UUID
    gone_id: UUID


class BrandsToldApart(BaseModel):
    """Two brands that are not the same."""

    model_config = ConfigDict(extra="forbid")

    first_id: UUID
    second_id: UUID


class BrandMergeOut(BaseModel):
    """A merge, and what it moved."""

    id: UUID
    kept_id: UUID
    kept_name: str
    gone_id: UUID
    gone_name: str
    probability: float
    reasons: list[MergeReason]
    names: list[str]
    mentions: int = Field(description="Mentions that it moved so far.")
    state: MergeState = Field(description="`doing` and `undoing` while a run moves the mentions.")
    run_id: UUID | None = Field(description="The run that moves them, where there are more than 500.")
    merged_at: datetime
    merged_by: UUID | None
    undone_at: datetime | None


class BrandMerges(BaseModel):
    """The merges of an organization, the latest first."""

    items: list[BrandMergeOut]
    next: str | None = None
