"""How like a passage is to a topic, as a probability; and what a person's answers change in that. Thinking only.

Cold, a topic is its line and its examples as vectors of the sentence model. The likeness to the nearest of them becomes odds by
numbers fitted once (bench/quality/topics.py). Answers move these odds by the same learning as those on brands: held near the cold
start, so that five answers move a little and fifty a lot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brandhound.mentions.learning.fitting import Cases, Floats, chance, fit, learn
from brandhound.mentions.learning.fitting import Hold as _Hold
from brandhound.mentions.topic_models import TopicSort, TopicStanding
from brandhound.mentions.topics.passages import Passage

YES_FROM = 0.65
MAYBE_FROM = 0.25
"""Between the two nothing is claimed: a person is asked."""


@dataclass(frozen=True)
class Numbers:
    """What likeness to the line and to the nearest example weigh, and the odds of a passage that is like neither."""

    line: float
    example: float
    start: float


COLD: dict[TopicSort, Numbers] = {
    "topic": Numbers(22.6, 20.4, -6.5),
    "message": Numbers(15.0, 17.0, -7.0),
}
LEAST = 3
"""Answers of which anything is learned."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """A topic made ready to be compared with."""

    sort: TopicSort
    line: Floats
    examples: Floats
    bias: float = 0.0
    trust: float = 1.0
    direction: Floats | None = None

    def cold(self, vectors: Floats) -> Floats:
        """The odds of each passage by line and examples."""
        numbers = COLD[self.sort]
        by_line = numbers.line * (vectors @ self.line) + numbers.start
        if not len(self.examples):
            return by_line
        by_example = numbers.example * (vectors @ self.examples.T).max(axis=1) + numbers.start
        return np.maximum(by_line, by_example)

    def odds(self, vectors: Floats) -> Floats:
        """The odds of each passage, with what answers taught."""
        taught = vectors @ self.direction if self.direction is not None else 0.0
        return self.bias + self.trust * self.cold(vectors) + taught


@dataclass(frozen=True)
class Found:
    """The passage nearest to a topic, and how sure it is that it is about it."""

    passage: Passage
    at: int
    probability: float


def nearest(like: Likeness, passages: Sequence[Passage], vectors: Floats) -> Found | None:
    """The passage that is most likely about the topic; None where there is none."""
    if not passages:
        return None
    odds = like.odds(vectors)
    at = int(odds.argmax())
    return Found(passages[at], at, round(float(chance(odds[at : at + 1])[0]), 4))


def standing_of(probability: float) -> TopicStanding:
    """Yes, no, or maybe where neither is known."""
    if probability >= YES_FROM:
        return "yes"
    return "maybe" if probability >= MAYBE_FROM else "no"


@dataclass(frozen=True, eq=False)
class Lesson:
    """What answers taught: added to the odds of the cold start."""

    bias: float
    trust: float
    direction: Floats


def taught(cold: Floats, vectors: Floats, words: Sequence[str], right: Sequence[bool]) -> Lesson | None:
    """Weights from answered passages; None as long as there are too few."""
    if len(right) < LEAST:
        return None
    cases = Cases(cold, np.zeros((len(cold), 0)), vectors, tuple(words))
    truth = np.array(right, dtype=np.bool_)
    one_sided = truth.all() or not truth.any() or len(set(words)) < LEAST
    # Of one answer alone nothing can be set aside and asked: then it is not calibrated.
    found = fit(cases, truth, _Hold()) if one_sided else learn(cases, truth).fit
    return Lesson(found.bias - float(found.center @ found.direction), found.trust, found.direction)
