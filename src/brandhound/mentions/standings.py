"""The closed sets of this package, and where a mention stands: accepted, doubtful or rejected."""

from dataclasses import dataclass
from typing import Literal

from brandhound.core.settings import settings

Standing = Literal["accepted", "doubtful", "rejected"]
Judgement = Literal["yes", "no"]
Before = Literal["yes", "no", "none"]
"""What was judged before; `none`: nothing."""
ToneLabel = Literal["positive", "neutral", "negative", "mixed", "unclear"]
Salience = Literal["title", "subject", "mentioned", "list", "boilerplate"]
Cause = Literal["person", "confidence"]
"""Why a mention stands where it stands."""
Otherwise = Literal["otherwise"]
"""A model reads it otherwise: what counts is not the brand, or what was rejected is."""
StoryView = Literal["inbox", "doubtful", "starred", "archived", "rejected"]
Field = Literal["title", "text"]

TONES: tuple[ToneLabel, ...] = ("positive", "neutral", "negative", "mixed", "unclear")
BEST_FIRST: tuple[Standing, ...] = ("accepted", "doubtful", "rejected")


@dataclass(frozen=True)
class Thresholds:
    """From which confidence on a mention counts, and from which on it is put to a person."""

    accept: float = 0.8
    doubtful: float = 0.4


def thresholds() -> Thresholds:
    """Those of this installation."""
    return Thresholds(settings().accept_confidence, settings().doubtful_confidence)


def standing_of(confidence: float, judgement: Judgement | None, limits: Thresholds) -> Standing:
    """A person's word counts more than any confidence."""
    if judgement is not None:
        return "accepted" if judgement == "yes" else "rejected"
    if confidence >= limits.accept:
        return "accepted"
    return "doubtful" if confidence >= limits.doubtful else "rejected"


QUICK = frozenset(("list", "boilerplate"))


def is_quick(salience: str, confidence: float, limits: Thresholds | None = None) -> bool:
    """What a person will hardly look at is not worth the sentence model's time, and is read by words alone.

    Whoever asks it of thousands gives the limits, which are looked up anew otherwise.
    """
    return salience in QUICK or confidence < (limits or thresholds()).doubtful
