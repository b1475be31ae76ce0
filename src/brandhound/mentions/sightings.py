"""What was seen in many texts, column by column.

A row of its own for each place would take the collector of garbage more time than all else here: it looks through tuples and
lists, but not through numbers.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from brandhound.mentions.word_keys import Offsets

Span = tuple[int, int]
Spot = tuple[int, int, tuple[int, ...]]
"""Where names stand: from this offset to that, and the numbers that the caller gave them."""


@dataclass(slots=True)
class Seen:
    """What stands in one text: spots by where they start, overlapping ones included; and cues in their order."""

    spots: list[Spot] = field(default_factory=list[Spot])
    cues: list[Span] = field(default_factory=list[Span])


class Named(NamedTuple):
    """Whose a word is, whether those call for names that wait, and whether they want cues."""

    owners: tuple[int, ...]
    calls: bool
    wants_cues: bool


class Sightings:
    """The spots and cues seen so far, each with the number of its text, and the texts where more is asked for."""

    __slots__ = (
        "_cues_of",
        "cue_ends",
        "cue_numbers",
        "cue_starts",
        "ends",
        "is_called",
        "numbers",
        "owners",
        "starts",
        "wants_cues",
    )

    def __init__(self, texts: int, awaited: Iterable[int] | None) -> None:
        self.numbers: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.owners: list[tuple[int, ...]] = []
        self.cue_numbers: list[int] = []
        self.cue_starts: list[int] = []
        self.cue_ends: list[int] = []
        self._cues_of: dict[int, Span] | None = None
        self.wants_cues = np.zeros(texts, dtype=np.bool_)
        self.is_called = np.zeros(texts, dtype=np.bool_)
        if awaited is None:
            self.is_called[:] = True
        else:
            self.is_called[np.fromiter(awaited, dtype=np.int64)] = True

    def keep(self, number: int, start: int, end: int, named: Named) -> None:
        """Adds what stands in that text from one offset to the other."""
        owners, calls, wants_cues = named
        self.numbers.append(number)
        self.starts.append(start)
        self.ends.append(end)
        self.owners.append(owners)
        if calls:
            self.is_called[number] = True
        if wants_cues:
            self.wants_cues[number] = True

    def sort(self) -> None:
        """Puts the spots in the order of their texts, then of where they start."""
        order: list[int] = np.lexsort((self.starts, self.numbers)).tolist()
        self.numbers = [self.numbers[at] for at in order]
        self.starts = [self.starts[at] for at in order]
        self.ends = [self.ends[at] for at in order]
        self.owners = [self.owners[at] for at in order]

    def by_text(self) -> Iterator[tuple[int, int, int]]:
        """The number of each text with spots, which are sorted, and from which to which these stand in their columns."""
        return runs(self.numbers)

    def cues_of(self, number: int) -> Span:
        """From which to which the cues of that text stand in their columns."""
        if self._cues_of is None:
            # The words of a text are seen one after the other.
            self._cues_of = {of: (first, last) for of, first, last in runs(self.cue_numbers)}
        return self._cues_of.get(number, (0, 0))

    def spots(self, first: int, last: int) -> list[Spot]:
        """The spots that stand there in their columns."""
        return list(zip(self.starts[first:last], self.ends[first:last], self.owners[first:last], strict=True))

    def seen(self, wanted: Collection[int] | None = None) -> dict[int, Seen]:
        """What stands in each text where any name does, or in those of them that are wanted."""
        return {
            number: Seen(self.spots(first, last), self._cues(number))
            for number, first, last in self.by_text()
            if wanted is None or number in wanted
        }

    def _cues(self, number: int) -> list[Span]:
        first, last = self.cues_of(number)
        return list(zip(self.cue_starts[first:last], self.cue_ends[first:last], strict=True))


def runs(numbers: list[int]) -> Iterator[tuple[int, int, int]]:
    """Each number that stands several times in a row, with from where to where it does."""
    if not numbers:
        return
    values: Offsets = np.array(numbers)
    firsts: list[int] = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1).tolist()]
    for first, last in zip(firsts, [*firsts[1:], len(numbers)], strict=True):
        yield numbers[first], first, last


def longest_leftmost(spots: list[Spot]) -> list[Spot]:
    """Of overlapping spots the one that begins first, of those the longest; names that share that place as one spot.

    They are given by where they start.
    """
    if len(spots) < 2:
        return spots
    return _leftmost(spots) or _leftmost(sorted(spots, key=_from_left))


def _leftmost(spots: list[Spot]) -> list[Spot]:
    """Of sorted spots those that are not covered by one before; none if a longer one comes after a shorter one."""
    kept: list[Spot] = []
    opened, closed = -1, 0
    for spot in spots:
        start, end, owners = spot
        if start == opened:
            if end > closed:
                return []
            if end == closed:
                before = kept[-1][2]
                kept[-1] = (start, end, before + tuple(owner for owner in owners if owner not in before))
        elif start >= closed:
            opened, closed = start, end
            kept.append(spot)
    return kept


def hiding(spots: list[Spot], kept: list[Spot], waiting: Collection[int]) -> set[Span]:
    """Of the kept spots those that stand over others, and all of whose names are among the waiting ones.

    Both are given by where they start.
    """
    found: set[Span] = set()
    if len(kept) == len(spots):
        return found
    for start, end, owners in kept:
        if all(owner in waiting for owner in owners):
            first, last = bisect_left(spots, start, key=_start), bisect_left(spots, end, key=_start)
            if any(spot[:2] != (start, end) for spot in spots[first:last]):
                found.add((start, end))
    return found


def _start(spot: Spot) -> int:
    return spot[0]


def _from_left(spot: Spot) -> tuple[int, int]:
    return spot[0], -spot[1]
