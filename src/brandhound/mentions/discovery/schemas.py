"""What names that were found look like over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from brandhound.brands.models import BrandKind
from brandhound.brands.names import NameKind
from brandhound.mentions.discovery.models import CandidateState, TakenFor

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class CandidateReason(BaseModel):
    """A reason for or against a name being a brand."""

    code: str
    text: str
    weight: float = Field(description="In log-odds; below 0 it speaks against.")


class BesideBrand(BaseModel):
    """A watched brand in the same articles."""

    brand_id: UUID
    articles: int


class LikeBrand(BaseModel):
    """A watched brand that this may be another name of."""

    brand_id: UUID
    name: str
    probability: float
    reasons: list[CandidateReason]


class CandidateOut(BaseModel):
    """A name that may be a brand."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    state: CandidateState
    score: float
    mentions: int
    articles: int
    sources: int
    beside: list[BesideBrand]
    first_seen_at: datetime
    last_seen_at: datetime
    decided_at: datetime | None
    brand_id: UUID | None


class CandidatePlaceOut(BaseModel):
    """A sentence with the name in it; `start` and `end` count in the sentence."""

    model_config = ConfigDict(from_attributes=True)

    article_id: UUID
    sentence: str
    start: int
    end: int
    title: str
    url: str
    outlet: str
    published_at: datetime
    taken_for: TakenFor | None = Field(description="What a model took the name for in it; null where none read it.")


class CandidateDetail(CandidateOut):
    """The same with the reasons, sentences, and the brand it may be another name of."""

    reasons: list[CandidateReason]
    places: list[CandidatePlaceOut]
    read_by: str | None = Field(description="The model that read its sentences; null where none did.")
    like: LikeBrand | None


class LookOut(BaseModel):
    """The last look through the articles."""

    model_config = ConfigDict(from_attributes=True)

    looked_at: datetime
    articles: int
    names: int
    proposed: int


class CandidateList(BaseModel):
    """Names of one state, the likeliest first, and how many there are of each."""

    items: list[CandidateOut]
    next: str | None = None
    counts: dict[CandidateState, int]
    last_look: LookOut | None


class Promotion(BaseModel):
    """What a name shall be watched as."""

    model_config = ConfigDict(extra="forbid")

    kind: BrandKind = "competitor"
    name: Line | None = Field(default=None, description="Left out: the name as it is written most often.")


class AliasWish(BaseModel):
    """Whose name it is."""

    model_config = ConfigDict(extra="forbid")

    brand_id: UUID
    kind: NameKind = "short"
