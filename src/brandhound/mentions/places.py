"""Where a brand may be named, and what is known of such a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from brandhound.brands.names import NameKind
from brandhound.mentions.confidence import Sign
from brandhound.mentions.name_facts import NameFacts
from brandhound.mentions.surroundings import Surroundings
from brandhound.mentions.zones import Salience

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
