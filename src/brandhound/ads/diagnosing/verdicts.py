"""What is said of an ad, with the numbers that it was said from."""

from dataclasses import dataclass
from typing import Literal

Health = Literal["healthy", "warning", "critical", "unjudged", "insufficient"]
"""Unjudged is an ad that speaks for or against itself no more than its page, or the tracking, lets it; or one that is to sell,
like others of which none sold anything, where nobody said what a purchase may cost."""
OfOthers = Literal["ads", "ad_days", "impressions_of_ads", "spend_of_ads"]
"""Of the ads that one is held against, of what they have too little to say what is usual."""
Lack = Literal[
    "impressions",
    "days",
    "reach",
    "spend",
    "purchases",
    "clicks",
    "others_on_page",
    "page",
    "sold_out",
    "target",
    OfOthers,
]
"""Of what there was too little for a rule to be looked at."""
Span = Literal["window", "recent", "before", "quarter", "selling"]
Beside = Literal["p10", "p25", "median", "mean", "p75", "before", "first", "target", "limit", "account", "page", "none"]

Aim = Literal["sales", "leads", "app", "traffic", "engagement", "awareness"]
"""What campaigns are for, as far as it moves how many click, what that costs, and how many buy."""


@dataclass(frozen=True, slots=True)
class Among:
    """Ads that one is held against."""

    ads: int
    """So many of which the metric is known."""
    aim: Aim | None
    """What the campaigns of all of them are for; none where they are for several things, or it is not known."""
    format: Literal["video", "still"] | None
    """None where both are among them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One number, and the one that it is held against."""

    metric: str
    span: Span
    value: float | None
    beside: Beside = "none"
    other: float | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that is said of an ad."""

    rule: str
    confidence: float
    """How likely it is true."""
    evidence: tuple[Evidence, ...]
    explained_by: tuple[str, ...] = ()
    """What else happened and may be the cause."""
    among: Among | None = None
    """The ads that say what is usual; none where the ad is held against none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is said of an ad."""

    health: Health
    diagnoses: tuple[Diagnosis, ...]
    lacks: tuple[str, ...]
    """Why nothing can be said, if so."""
    more_spend: float | None
    """About so much more would tell what a purchase costs."""
    unsaid: tuple[tuple[str, Lack], ...] = ()
    """Rules that could not be looked at, each with what it takes: silence there is no praise. Empty where nothing can be said
    at all."""
