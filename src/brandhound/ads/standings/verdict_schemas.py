"""What is said of an ad, with its numbers, as JSON."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from brandhound.ads.diagnosing.rules import Severity
from brandhound.ads.diagnosing.verdicts import Aim, Beside, Lack, Span
from brandhound.ads.metrics.library import Direction, Shown


class SaidOut(BaseModel):
    """One thing that is said of an ad."""

    rule: str
    title: str
    severity: Severity
    confidence: float = Field(description="How likely it is true, 0 to 1")
    since: date = Field(description="The day from which on it has been said")
    explained_by: list[str] = Field(
        description="What else happened and may be the cause: then it is not held against the ad"
    )


class AmongOut(BaseModel):
    """The ads that say what is usual."""

    ads: int = Field(description="So many of which the metric is known")
    aim: Aim | None = Field(
        description="What the campaigns of all of them are for; null where they are for several things"
    )
    format: Literal["video", "still"] | None = Field(description="Null where both are among them")


class EvidenceOut(BaseModel):
    """One number, and the one that it is held against."""

    metric: str
    title: str
    shown: Shown
    span: Span = Field(
        description="Of which days: the window; its last seven (recent) or those before them; ninety days (quarter); the window"
        " without the days on which nobody could buy (selling)"
    )
    value: float | None
    beside: Beside = Field(
        description="What the other number is: the lowest tenth (p10) or quarter (p25), the median, the mean or the highest"
        " quarter (p75) of ads; what it is for the whole account (account); the ad's own days before (before) or its first week"
        " (first); what a purchase may cost (target); a fixed limit (limit); other ads that lead to its page (page); none where"
        " the number stands alone"
    )
    other: float | None


class DiagnosisOut(SaidOut):
    """The same with its numbers."""

    says: str
    what_to_do: str
    evidence: list[EvidenceOut]
    among: AmongOut | None = Field(
        default=None, description="The ads that it is held against; null where it is held against none"
    )


class EstimateOut(BaseModel):
    """What a metric of an ad truly is likely to be."""

    metric: str
    title: str
    shown: Shown
    direction: Direction
    value: float | None = Field(description="The raw quotient")
    mean: float
    low90: float
    low50: float
    high50: float
    high90: float
    own: float = Field(description="How much of it comes from the ad itself, 0 to 1")
    p25: float | None = Field(description="What is usual")
    median: float | None
    p75: float | None
    ads: int = Field(description="Ads behind what is usual")
    among: AmongOut | None = Field(default=None, description="Who they are; null where it was not kept yet")
    lacks: list[str]


class UnsaidOut(BaseModel):
    """A rule that could not be looked at: that nothing is said there is no praise."""

    rule: str
    title: str
    lacks: Lack = Field(description="Of what there was too little")
