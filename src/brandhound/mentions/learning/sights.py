"""What is to be seen of a mention: its signs, and the words around its surest place as a vector. Thinking only."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from brandhound.core.settings import settings
from brandhound.mentions.confidence import Sign, odds_of
from brandhound.mentions.learning.fitting import Floats
from brandhound.mentions.matching import BrandMention, Match
from brandhound.providers.embedding import WIDTH, Embedder, embedder
from brandhound.providers.minilm import model_folder

REACH = 160
"""Characters on each side of the name that are read, to the end of the word."""
NEAR = 30
"""Those that are read once more by themselves: what stands right beside a name says the most about it."""
VECTORS = "2"
"""Which vectors these are. Who changes what `vectors_of` makes of the same words counts on: lessons are learned again then."""
AMBIGUOUS = frozenset(("common_word", "common_words", "given_name", "place", "short"))


@dataclass(frozen=True)
class Sight:
    """The surest place of a mention: its signs, the words around it, and where in them the name stands."""

    signs: tuple[Sign, ...]
    words: str
    start: int
    end: int

    @property
    def odds(self) -> float:
        """The odds by the signs alone."""
        return odds_of(self.signs)

    @property
    def is_ambiguous(self) -> bool:
        """Whether the name can mean something else."""
        return any(sign.code in AMBIGUOUS for sign in self.signs)

    @property
    def nearest_words(self) -> str:
        """The few words right around the name."""
        start, end = _at_words(self.words, self.start - NEAR, self.end + NEAR)
        return self.words[min(start, self.start) : max(end, self.end)]


def sight_of(mention: BrandMention, title: str, text: str) -> Sight:
    """What is to be seen of a mention in its article."""
    match = max(mention.evidence, key=lambda one: one.confidence)
    return sight_at(match, title if match.field == "title" else text)


def sight_at(match: Match, text: str) -> Sight:
    """What is to be seen of one place."""
    start, end = _at_words(text, match.start - REACH, match.end + REACH)
    start, end = min(start, match.start), max(end, match.end)
    return Sight(match.signs, text[start:end], match.start - start, match.end - start)


def _at_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The range cut to whole words, inside the text."""
    if start <= 0:
        start = 0
    else:
        while not text[start].isspace() and not text[start - 1].isspace():
            start += 1
    if end >= len(text):
        end = len(text)
    else:
        while end > start and not text[end].isspace() and not text[end - 1].isspace():
            end -= 1
    return start, end


def sentence_model() -> Embedder | None:
    """The sentence model, unless this installation does without."""
    return embedder() if settings().tone_engine == "model" else None


def sentence_model_is_there() -> bool:
    """Whether sentences are read, said without loading the model."""
    return settings().tone_engine == "model" and model_folder() is not None


def vectors_of(sights: Sequence[Sight], model: Embedder | None) -> Floats:
    """One row for each, between what its words say and what the nearest of them say; zeros where there is no model."""
    if model is None or not sights:
        return np.zeros((len(sights), WIDTH))
    near = [sight.nearest_words for sight in sights]
    both = model.encode([sight.words for sight in sights]) + model.encode(near)
    vectors = both.astype(np.float64)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def vector_of_line(line: str) -> Floats | None:
    """The vector of a line that is asked for again and again, such as a brand's profile; None without a model."""
    model = sentence_model()
    return _vector(model, line) if model is not None and line.strip() else None


@lru_cache(maxsize=512)
def _vector(model: Embedder, line: str) -> Floats:
    return model.encode([line])[0].astype(np.float64)
