"""How words lean that only one of two names has: to the same brand (*Vodka*) or to another (*Stadium*), by what they mean.

The sentence model turns each word into a vector, and a logistic regression on the mean of a pair's words learns from labelled
pairs. What it still has wrong of the pairs with a word is that word's own. What both say of each word is written down, so that
the product needs no model for it.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.quality.pair_sources import Pair
from brandhound.brands.catalogue import catalogue
from brandhound.brands.comparing.likeness import laid_beside
from brandhound.brands.comparing.listed import all_listed
from brandhound.brands.comparing.parts import telling_words
from brandhound.brands.words import unpacked
from brandhound.providers.embedding import embedder
from brandhound.providers.minilm import model_folder

Floats = npt.NDArray[np.float64]

LEANINGS = Path(__file__).parents[2] / "src/brandhound/brands/comparing/leanings.tsv.gz"
PULL = 3.0
OWN_PULL = 1.0
"""How much what is a word's own is drawn to zero, in pairs."""
BY_HAND_COUNTS = 4.0
SURELY = 3.0
"""Log-odds from which on a word leans as much as any."""
LEAST_WRITTEN = 0.05
LEAST_SEEN = 2
"""Companies that have a word, so that it is told of; words of the pairs and common English words besides."""


def words_more(pair: Pair) -> tuple[str, ...]:
    """What one of the names has more, where both share a word and the other has nothing of its own; else nothing."""
    one, other = sorted((pair.one, pair.other))
    _, both, left, right = laid_beside(one, other)
    return tuple(left or right) if both and bool(left) != bool(right) else ()


def vocabulary(pairs: Iterable[Pair]) -> list[str]:
    """Words that are told of: of these pairs, of two companies or more, common English ones, and those the model knows whole."""
    seen: set[tuple[str, str]] = set()
    for brand in catalogue().brands:
        for name in (brand.name, *brand.aliases):
            seen.update((word, brand.wikidata or brand.name) for word in telling_words(name))
    for number, names in enumerate(all_listed()):
        seen.update((word, str(number)) for name in names for word in telling_words(name))
    counted = Counter(word for word, _ in seen)
    words = {word for word, times in counted.items() if times >= LEAST_SEEN and len(word) > 1}
    words |= {line.split("\t")[0] for line in unpacked("common.tsv.gz")}
    words |= {word for pair in pairs for word in words_more(pair)}
    words |= _known_to_model()
    return sorted(word for word in words if word.isalpha())


def _known_to_model() -> set[str]:
    """Words that the sentence model reads in one piece: things that are sold under a brand are hardly in any brand's name."""
    folder = model_folder()
    if folder is None:
        raise RuntimeError("the sentence model is not installed")
    pieces = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    return {piece for piece in pieces if piece.isascii() and piece.isalpha() and len(piece) > 2}


def leanings(pairs: Sequence[Pair], words: Sequence[str]) -> dict[str, float]:
    """For each of the words how it leans, from −1 to 1; without those that hardly do."""
    vectors = vectors_of(words)
    taught = [(pair, known) for pair in pairs if (known := [word for word in words_more(pair) if word in vectors])]
    rows = np.array([np.mean([vectors[word] for word in known], axis=0) for _, known in taught])
    same = np.array([pair.same for pair, _ in taught])
    counts = np.array([BY_HAND_COUNTS if pair.source == "by hand" else 1.0 for pair, _ in taught])
    weights = _regression(np.column_stack((np.ones(len(rows)), rows)), same, counts)
    own = _own_of_words([known for _, known in taught], weights[0] + rows @ weights[1:], same, counts)
    said = weights[0] + np.array([vectors[word] for word in words]) @ weights[1:]
    said += np.array([own.get(word, 0.0) for word in words])
    amounts = np.clip(said / SURELY, -1, 1)
    return {
        word: round(float(amount), 2)
        for word, amount in zip(words, amounts, strict=True)
        if abs(amount) > LEAST_WRITTEN
    }


def packed_leanings(found: Mapping[str, float]) -> bytes:
    """The file that the product reads: words with hundredths."""
    lines = (f"{word}\t{round(amount * 100)}\n" for word, amount in sorted(found.items()))
    return gzip.compress("".join(lines).encode(), 9, mtime=0)


def vectors_of(words: Iterable[str]) -> Mapping[str, Floats]:
    """The sentence model's vector of each word."""
    return {word: _vector(word) for word in words}


@lru_cache(maxsize=100_000)
def _vector(word: str) -> Floats:
    model = embedder()
    if model is None:
        raise RuntimeError("the sentence model is not installed")
    return model.encode([word])[0].astype(np.float64)


def _own_of_words(
    words: Sequence[Sequence[str]], odds: Floats, same: npt.NDArray[np.bool_], counts: Floats, rounds: int = 4
) -> dict[str, float]:
    """What each word adds to the log-odds of the pairs that have it, beyond its meaning; each has its share of a pair."""
    places = [(pair, word, 1 / len(known)) for pair, known in enumerate(words) for word in known]
    names = sorted({word for _, word, _ in places})
    number = {word: at for at, word in enumerate(names)}
    pairs, columns = np.array([pair for pair, _, _ in places]), np.array([number[word] for _, word, _ in places])
    shares, own = np.array([share for _, _, share in places]), np.zeros(len(names))
    for _ in range(rounds):
        chances = 1 / (1 + np.exp(-(odds + np.bincount(pairs, shares * own[columns], len(odds)))))
        slopes = (counts * (same - chances))[pairs] * shares
        bends = (counts * chances * (1 - chances))[pairs] * shares**2
        # Words of one pair are learned at once, so each goes a part of its way only.
        own += (
            0.7
            * (np.bincount(columns, slopes, len(names)) - OWN_PULL * own)
            / (np.bincount(columns, bends, len(names)) + OWN_PULL)
        )
    return dict(zip(names, own.tolist(), strict=True))


def _regression(rows: Floats, same: npt.NDArray[np.bool_], counts: Floats) -> Floats:
    weights = np.zeros(rows.shape[1])
    penalty = np.full(rows.shape[1], PULL)
    penalty[0] = 1e-3
    for _ in range(20):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ ((chances - same) * counts) + penalty * weights
        bend = (rows * (chances * (1 - chances) * counts)[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-5:
            break
    return weights
