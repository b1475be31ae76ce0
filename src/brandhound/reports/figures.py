"""Evidence keys: the short text beside each number that says which mentions it was counted from.

mentions · stories · outlets · tone · copies    the subject of the report
volume:2026-10-03[:BRAND]                       a day, of the subject or of one brand
brand:BRAND · brand:BRAND:negative              a brand, in one tone
outlet:NAME · story:STORY · mention:MENTION     a row of a table
story-tone:STORY:negative                       what a story says of the subject, in one tone
topic:TOPIC                                     a topic's texts, without copies
before:…                                        any of them in the range before
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from brandhound.reports.document import TONES, Tone
from brandhound.reports.errors import UnknownFigure

Period = Literal["range", "before"]


@dataclass(frozen=True)
class Selection:
    """Which of the counted mentions a figure is about."""

    period: Period = "range"
    subject: bool = False
    brand_id: UUID | None = None
    day_on: date | None = None
    tone: Tone | None = None
    outlet: str | None = None
    story_id: UUID | None = None
    mention_id: UUID | None = None
    topic_id: UUID | None = None
    originals: bool = False
    """Without copies, as tone is counted."""
    copies: bool = False
    """Only copies of another text."""
    clear: bool = False
    """Without those whose tone is unclear."""
    counted: Literal["mentions", "stories", "outlets"] = "mentions"
    """What the figure is a number of; its evidence is mentions in any case."""


def volume_key(day: date, brand_id: UUID | None = None) -> str:
    return f"volume:{day.isoformat()}" + (f":{brand_id}" if brand_id else "")


def brand_key(brand_id: UUID) -> str:
    return f"brand:{brand_id}"


def tone_key(brand_id: UUID, tone: Tone | None = None) -> str:
    return f"tone:{brand_id}" + (f":{tone}" if tone else "")


def outlet_tone_key(outlet: str) -> str:
    return f"outlet-tone:{outlet}"


def outlet_key(outlet: str) -> str:
    return f"outlet:{outlet}"


def story_key(story_id: UUID) -> str:
    return f"story:{story_id}"


def story_tone_key(story_id: UUID, tone: Tone) -> str:
    return f"story-tone:{story_id}:{tone}"


def topic_key(topic_id: UUID) -> str:
    return f"topic:{topic_id}"


def mention_key(mention_id: UUID) -> str:
    return f"mention:{mention_id}"


def before_key(key: str) -> str:
    return f"before:{key}"


def selection_of(key: str) -> Selection:
    """What a key stands for. Raises UnknownFigure for anything that is none."""
    try:
        return _selection(key)
    except ValueError as error:
        raise UnknownFigure(key) from error


def _selection(key: str) -> Selection:
    name, _, rest = key.partition(":")
    match name:
        case "before" if not rest.startswith("before"):
            return replace(_selection(rest), period="before")
        case "mentions" | "stories" | "outlets" if not rest:
            return Selection(subject=True, counted=name)
        case "copies" if not rest:
            return Selection(subject=True, copies=True)
        case "tone" if not rest:
            return Selection(subject=True, originals=True, clear=True)
        case "tone":
            brand, _, tone = rest.partition(":")
            return Selection(brand_id=UUID(brand), tone=_tone(tone) if tone else None, originals=True, clear=not tone)
        case "volume":
            day, _, brand = rest.partition(":")
            brand_id = UUID(brand) if brand else None
            return Selection(day_on=date.fromisoformat(day), brand_id=brand_id, subject=brand_id is None)
        case "brand":
            return Selection(brand_id=UUID(rest))
        case "outlet-tone" if rest:
            return Selection(outlet=rest, subject=True, originals=True, clear=True)
        case "outlet" if rest:
            return Selection(outlet=rest, subject=True)
        case "story":
            return Selection(story_id=UUID(rest))
        case "story-tone":
            story, _, tone = rest.partition(":")
            return Selection(story_id=UUID(story), tone=_tone(tone), subject=True)
        case "topic":
            return Selection(topic_id=UUID(rest), subject=True, originals=True)
        case "mention":
            return Selection(mention_id=UUID(rest))
        case _:
            raise ValueError(key)


def _tone(word: str) -> Tone:
    for tone in TONES:
        if word == tone:
            return tone
    raise ValueError(word)
