"""Tone by a word list (VADER, MIT), read around the brand and not over the whole sentence. English only."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast

CLAUSE_EDGE = re.compile(
    r"[,;:—–()\-\"]|\b(?:but|while|whereas|although|though|however|despite|and|because|which|who|when|if)\b",
    re.IGNORECASE,
)
NEAR = 25
AROUND = 60
"""Characters on each side of the brand, widened to whole words."""


class _Scorer(Protocol):
    def polarity_scores(self, text: str) -> dict[str, float]: ...


@lru_cache(maxsize=1)
def _scorer() -> _Scorer:
    from vaderSentiment import vaderSentiment

    return cast("_Scorer", cast("Any", vaderSentiment).SentimentIntensityAnalyzer())


@dataclass(frozen=True)
class LexiconReading:
    """Scores between -1 and 1 of the sentence without the brand's own name, and of parts of it."""

    sentence: float
    positive: float
    negative: float
    around: float
    around_positive: float
    around_negative: float
    clause: float
    before: float
    after: float
    near: float

    @property
    def toward(self) -> float:
        """One score toward the brand: what stands near it counts most."""
        return 0.5 * self.around + 0.3 * self.clause + 0.2 * self.sentence

    def numbers(self) -> tuple[float, ...]:
        return (
            self.sentence,
            self.positive,
            self.negative,
            self.around,
            self.around_positive,
            self.around_negative,
            self.clause,
            self.before,
            self.after,
            self.near,
        )


NUMBERS = 10


def read_lexicon(sentence: str, start: int, end: int) -> LexiconReading:
    """Score a sentence toward the words between `start` and `end`, which themselves say nothing ("Happy Socks")."""
    scorer = _scorer()
    masked = sentence[:start] + " " * (end - start) + sentence[end:]
    whole = scorer.polarity_scores(masked)
    around = scorer.polarity_scores(window(masked, start, end, AROUND))
    return LexiconReading(
        whole["compound"],
        whole["pos"],
        whole["neg"],
        around["compound"],
        around["pos"],
        around["neg"],
        scorer.polarity_scores(clause(masked, start, end))["compound"],
        scorer.polarity_scores(masked[:start])["compound"],
        scorer.polarity_scores(masked[end:])["compound"],
        scorer.polarity_scores(window(masked, start, end, NEAR))["compound"],
    )


def window(text: str, start: int, end: int, width: int) -> str:
    """The text around a place, `width` characters on each side, widened to whole words."""
    first, last = max(0, start - width), min(len(text), end + width)
    while first > 0 and text[first - 1] != " ":
        first -= 1
    while last < len(text) and text[last] != " ":
        last += 1
    return text[first:last]


def clause(text: str, start: int, end: int) -> str:
    """The part of the sentence between the nearest commas, brackets and joining words."""
    edges = [m.start() for m in CLAUSE_EDGE.finditer(text) if m.end() <= start or m.start() >= end]
    first = max((edge for edge in edges if edge <= start), default=0)
    last = min((edge for edge in edges if edge >= end), default=len(text))
    return text[first:last]


WORD = re.compile(r"[^\W\d_][\w'’-]*")
TELLING_FROM = 1.0
"""On the list's scale of -4 to 4."""


def telling_words(sentence: str, start: int, end: int, most: int = 3) -> list[str]:
    """The words of the list that weigh most around the brand, as they are written."""
    weights = cast("dict[str, float]", cast("Any", _scorer()).lexicon)
    first, last = max(0, start - 2 * AROUND), min(len(sentence), end + 2 * AROUND)
    found: dict[str, float] = {}
    for word in WORD.finditer(sentence):
        if first <= word.start() and word.end() <= last and not (word.start() < end and word.end() > start):
            weight = abs(weights.get(word[0].lower(), 0.0))
            if weight >= TELLING_FROM:
                found[word[0]] = weight
    return sorted(found, key=lambda word: -found[word])[:most]
