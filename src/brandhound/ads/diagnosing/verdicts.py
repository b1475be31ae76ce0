"""What is said of an ad, with the numbers that it was said from."""

from dataclasses import dataclass
from typing import Literal

Health = Literal["healthy", "warning", "critical", "unjudged", "insufficient"]
"""Unjudged is an ad that speaks for or against itself no more than its page, or the tracking, lets it."""
Lack = Literal["impressions", "days", "reach", "spend", "purchases", "clicks", "others_on_page", "page", "sold_out"]
"""Of what there was too little for a rule to be looked at."""
Span = Literal["window", "recent", "before", "quarter", "selling"]
Beside = Literal["p10", "p25", "median", "mean", "p75", "before", "first", "target", "limit", "account", "page", "none"]


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
