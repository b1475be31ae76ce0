"""What brands sell on two levels: sectors, and the categories in them; and which of these a text speaks of."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from brandhound.brands.catalogue import catalogue
from brandhound.brands.categories import name_of_category, words_of_category
from brandhound.brands.folding import fold

Vectors = Callable[[Sequence[str]], npt.NDArray[np.floating]]
"""Sentences in, one vector of length 1 for each out."""

MOST_PROPOSED = 5
# Fitted by `python -m bench.quality.categories` on one half of its profiles; the figures come from the other.
SHARPNESS = 22.0
WORD = 1.2
KNOWN = 4.0
WORDS_ALONE = 1.2
"""What a word weighs where there is no sentence model, times how few categories it goes with."""
_WORDS = re.compile(r"[a-z][a-z-]{2,}")


@dataclass(frozen=True, slots=True)
class Category:
    """A category in its sector; `words` go with it in texts."""

    sector: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposedCategory:
    """A category that fits, how likely it is, and why."""

    category: Category
    probability: float
    why: str


@lru_cache(maxsize=1)
def taxonomy() -> tuple[Category, ...]:
    """All categories that come along, sector by sector."""
    rows = (
        line.split("\t") for line in files("brandhound.brands").joinpath("taxonomy.tsv").read_text("utf-8").splitlines()
    )
    return tuple(
        Category(sector, name, tuple(rest[0].split()) if rest else words_of_category(name))
        for sector, name, *rest in rows
    )


def sector_of(category: str, own: Sequence[Category] = ()) -> str:
    """The sector of a category by its name or its key in the catalogue; empty for one that nobody has placed."""
    wanted = fold(name_of_category(category))
    return next((one.sector for one in (*own, *taxonomy()) if fold(one.name) == wanted), "")


def propose_categories(
    name: str, text: str, vectors: Vectors | None = None, own: Sequence[Category] = ()
) -> list[ProposedCategory]:
    """The likeliest categories of a brand by what is said of it, the likeliest first; none where nothing is known.

    By the catalogue's entry of that name, by words that go with a category, and by meaning where the sentence model is at hand.
    """
    categories = (*own, *taxonomy())
    entry = next(iter(catalogue().named(name)), None)
    known = fold(name_of_category(catalogue().main_entry(entry).category)) if entry else ""
    said = set(_WORDS.findall(fold(text)))
    if not said and not known:
        return []
    counted = [[word for word in category.words if word in said] for category in categories]
    means = _meanings(text, categories, vectors) if said and vectors is not None else np.zeros(len(categories))
    of_words = [WORD * math.log1p(len(words)) for words in counted]
    if vectors is None:
        shared = Counter(word for category in categories for word in set(category.words))
        of_words = [
            WORDS_ALONE * sum(math.log(len(categories) / shared[word]) for word in set(words)) for words in counted
        ]
    odds = np.array(
        [
            SHARPNESS * float(meaning) + weight + KNOWN * (fold(category.name) == known)
            for category, weight, meaning in zip(categories, of_words, means, strict=True)
        ]
    )
    shares = np.exp(odds - odds.max())
    shares /= shares.sum()
    best = sorted(range(len(categories)), key=lambda number: -shares[number])[:MOST_PROPOSED]
    return [
        ProposedCategory(
            categories[number],
            float(shares[number]),
            _why(counted[number], fold(categories[number].name) == known, float(means[number])),
        )
        for number in best
        if shares[number] >= 0.02
    ]


def _meanings(text: str, categories: Sequence[Category], vectors: Vectors) -> npt.NDArray[np.floating]:
    lines = tuple(_line(category) for category in categories)
    mine = vectors([" ".join(text.split())[:400]])[0]
    return _kept_vectors(lines, vectors) @ mine


_kept: dict[tuple[str, ...], npt.NDArray[np.floating]] = {}


def _kept_vectors(lines: tuple[str, ...], vectors: Vectors) -> npt.NDArray[np.floating]:
    """The vectors of the categories, reckoned once for each list of them."""
    if lines not in _kept:
        if len(_kept) > 16:
            _kept.clear()
        _kept[lines] = vectors(lines)
    return _kept[lines]


def _line(category: Category) -> str:
    return f"{category.name}, {category.sector.lower()}: {' '.join(category.words[:12])}"


def _why(words: Sequence[str], is_known: bool, meaning: float) -> str:
    reasons = ["the catalogue says so"] if is_known else []
    if words:
        reasons.append("the text says " + ", ".join(f"“{word}”" for word in words[:4]))
    if meaning > 0.25:
        reasons.append("the text means something alike")
    return "; ".join(reasons).capitalize() or "A little likelier than the others"
