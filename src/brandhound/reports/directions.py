"""Which way things went, and whether a sentence tells it of the same things: sales rose and profit fell, or the other way round.

Nothing is parsed. In the part of a sentence in which a direction stands, the words nearest to it are held to be what went that
way. Told otherwise is what the sources say more clearly of the opposite direction than of this one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_DIRECTIONS = {
    "rise": "rise rises rose risen rising up gain gains gained gaining grow grows grew grown growing growth increase "
    "increases increased increasing climb climbs climbed jump jumps jumped soar soars soared surge surges surged higher "
    "raise raises raised double doubles doubled triple tripled",
    "fall": "fall falls fell fallen falling down drop drops dropped decline declines declined decrease decreases "
    "decreased decreasing lower lowers lowered plunge plunges plunged slump slumps slumped sink sinks sank shrink "
    "shrinks shrank loss losses lose loses lost losing halve halves halved cut cuts",
    "win": "win wins won winning winner gain gains gained profit profits profitable victory",
    "lose": "lose loses lost losing loser loss losses defeat",
    "buy": "buy buys bought buying acquire acquires acquired acquisition takeover",
    "sell": "sell sells sold selling divest divests divested",
    "open": "open opens opened opening",
    "close": "close closes closed closing closure shut shuts",
    "hire": "hire hires hired hiring",
    "fire": "fire fires fired firing dismissal layoff layoffs",
    "better": "better best improve improves improved",
    "worse": "worse worst worsen worsens worsened",
    "dozen": "dozen dozens",
    "half": "half halves halve halved",
    "third": "third thirds",
    "quarter": "quarter quarters",
    "twice": "twice double doubles doubled",
}
WAYS: dict[str, frozenset[str]] = {
    word: frozenset(way for way, words in _DIRECTIONS.items() if word in words.split())
    for words in _DIRECTIONS.values()
    for word in words.split()
}
_OPPOSITES = (
    ("rise", "fall"),
    ("win", "lose"),
    ("buy", "sell"),
    ("open", "close"),
    ("hire", "fire"),
    ("better", "worse"),
)
_OPPOSITE = {way: other for pair in _OPPOSITES for way, other in (pair, pair[::-1])}

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_PARTS = re.compile(
    r"[,;:!?()–—]|\.(?:\s|$)|\b(?:and|while|whilst|as|but|whereas|after|although|though|despite|because|when|und|während|aber|et|"
    r"tandis|mais|y|mientras|pero)\b"
)

Meaning = Callable[[str], str | None]


@dataclass(frozen=True)
class Went:
    """A direction, and how near to it each word of its part stands: 1/2 the nearest, then 1/3, and so on."""

    ways: frozenset[str]
    near: Mapping[str, float]

    def turns(self, other: "Went") -> bool:
        """Whether the other one says the opposite, and nothing of this one."""
        return not self.ways & other.ways and any(_OPPOSITE.get(way) in other.ways for way in self.ways)

    def likeness(self, other: "Went") -> float:
        """How much both are about the same."""
        return sum(weight * other.near.get(word, 0.0) for word, weight in self.near.items())


def is_turned_round(said: str, sources: Sequence[str], meaning: Meaning) -> bool:
    """Whether a direction is told of something of which the sources tell the opposite. All of it in lower case.

    `meaning` gives what a word is compared by, or None for one that says nothing of what it is about.
    """
    heard = [went for source in sources for went in _directions(source, meaning)]
    for told in _directions(said, meaning):
        same = max((told.likeness(went) for went in heard if told.ways & went.ways), default=0.0)
        opposite = max((told.likeness(went) for went in heard if told.turns(went)), default=0.0)
        if opposite > same:
            return True
    return False


def _directions(text: str, meaning: Meaning) -> Iterator[Went]:
    for part in _PARTS.split(text):
        words = _WORD.findall(part)
        # A profit is a direction, and may be what fell.
        about = [(WAYS.get(word), word if word in WAYS else meaning(word)) for word in words]
        told = [(ways, word) for ways, word in about if word is not None]
        for at, (ways, _) in enumerate(told):
            if ways is None:
                continue
            near: dict[str, float] = {}
            for place, (_, word) in enumerate(told):
                if place != at:
                    near[word] = max(near.get(word, 0.0), 1 / (1 + abs(place - at)))
            yield Went(ways, near)
