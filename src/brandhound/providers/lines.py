"""The order of those who wait for a service: who had least of it lately comes first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Place:
    """One call in the line."""

    call_id: UUID
    owner: UUID
    amounts: Mapping[str, Any]
    asked_at: datetime
    served: float
    """What its organization had of the service lately."""


def order_of(places: Iterable[Place]) -> list[Place]:
    """Fair order: the first call of each organization before anybody's second, counting what they had lately."""
    by_owner: defaultdict[UUID, list[Place]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (place.asked_at, place.call_id)):
        by_owner[place.owner].append(place)
    numbered = [(place.served + number, place) for line in by_owner.values() for number, place in enumerate(line)]
    return [place for _, place in sorted(numbered, key=lambda pair: (pair[0], pair[1].asked_at, pair[1].call_id))]
