"""Where a brand may be named, and what is known of such a place."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from brandhound.brands.names import NameKind
from brandhound.mentions.confidence import LEAST_CONFIDENCE, Reason, Sign, confidence_of, reasons_of
from brandhound.mentions.name_facts import NameFacts
from brandhound.mentions.surroundings import Surroundings
from brandhound.mentions.zones import ENOUGH_FOR_SUBJECT, Salience

Field = Literal["title", "text"]
Seen = tuple[Field, int, int, NameFacts]
"""A name where it was seen: from this offset of the field to that."""


@dataclass(slots=True, eq=False)
class Place:
    """A stretch of the article where one or more brands may be named, and what can be seen around it."""

    field: Field
    start: int
    end: int
    surface: str
    sentence: tuple[int, int]
    signs: list[Sign]
    zone: Salience = "mentioned"
    is_sure: bool = False
    surroundings: Surroundings | None = None
    own: tuple[Sign, ...] = ()
    """The signs of the name last weighed here, which are the same for each brand of that name."""
    own_text: str | None = None
    own_kind: NameKind | None = None
    own_case: bool = False


class Candidate(NamedTuple):
    """A name at a place, with the signs for and against it."""

    place: Place
    name: NameFacts
    signs: Sequence[Sign]
    is_sure: bool


class Match(NamedTuple):
    """One place where a brand is named: `(title if field == "title" else text)[start:end] == surface`."""

    brand: str
    start: int
    end: int
    surface: str
    name_kind: NameKind
    field: Field
    sentence_start: int
    sentence_end: int
    salience: Salience
    confidence: float
    signs: tuple[Sign, ...]

    @property
    def reasons(self) -> list[Reason]:
        """Why it is as sure as that, the weightiest first."""
        return reasons_of(self.signs)


def matches_of(kept: Sequence[Candidate]) -> list[Match]:
    """The places that are sure enough, for each name."""
    subjects = _often_named(kept) if len(kept) >= ENOUGH_FOR_SUBJECT else ()
    matches: list[Match] = []
    known: Sequence[Sign] | None = None
    confidence = 0.0
    for place, name, signs, _ in kept:
        # Brands of one name at one place share their signs.
        if signs is not known:
            known, confidence = signs, confidence_of(signs)
        if confidence < LEAST_CONFIDENCE:
            continue
        brand, salience = name.brand.key, place.zone
        if salience == "mentioned" and brand in subjects:
            salience = "subject"
        opens, closes = place.sentence
        matches.append(
            Match(
                brand,
                place.start,
                place.end,
                place.surface,
                name.kind,
                place.field,
                opens,
                closes,
                salience,
                round(confidence, 4),
                tuple(signs),
            )
        )
    return matches


def _often_named(kept: Sequence[Candidate]) -> set[str]:
    """The brands that the text itself names several times."""
    times = Counter(one.name.brand.key for one in kept if one.place.zone in {"subject", "mentioned"})
    return {brand for brand, count in times.items() if count >= ENOUGH_FOR_SUBJECT}
