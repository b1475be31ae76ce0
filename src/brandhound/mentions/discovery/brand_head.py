"""The brand head: a few hundred numbers that say how likely a name in the articles is a brand.

Two layers, both logistic regressions. The first reads the states of the sentence model at the name's own letters, so that it
knows the sentence; the second puts that together with the cues of all places and the name's shape. Without the sentence model
the second has weights of its own. How they were made, from which data, and how right they are stands beside the numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from brandhound.mentions.discovery.gathering import FEATURES, Gathered, Seen, features_of, told_places
from brandhound.providers.embedding import Embedder

Floats = npt.NDArray[np.float32]
READ_PLACES = 4
"""Sentences of a name that the sentence model reads."""
READ_WIDTH = 160
"""Characters around the name that it reads."""


@dataclass(frozen=True, eq=False)
class BrandHead:
    """The numbers. `plain` are the weights of the second layer without the first; a bias is the last of each."""

    state_mean: Floats
    state_deviation: Floats
    state_weights: Floats
    weights: Floats
    plain: Floats
    version: str

    def of_states(self, states: Floats) -> Floats:
        """How likely each place is a brand's, by what the sentence model makes of it: one row of states each."""
        scaled = np.clip((states - self.state_mean) / self.state_deviation, -6, 6)
        return _logistic(scaled @ self.state_weights[:-1] + self.state_weights[-1])

    def score(self, features: Sequence[float], read: Floats | None) -> float:
        """How likely a name is a brand's, 0 to 1."""
        weights, row = (
            (self.plain, features) if read is None or not len(read) else (self.weights, [*features, *summed(read)])
        )
        return float(_logistic(np.array(row, dtype=np.float32) @ weights[:-1] + weights[-1]))

    def parts(self, features: Sequence[float], read: Floats | None) -> dict[str, float]:
        """What each feature adds to the odds."""
        weights, row = (
            (self.plain, features) if read is None or not len(read) else (self.weights, [*features, *summed(read)])
        )
        names = [*FEATURES, *READ_FEATURES][: len(row)]
        return {name: float(weight * value) for name, weight, value in zip(names, weights[:-1], row, strict=True)}

    def save(self, file: Path) -> None:
        np.savez_compressed(
            file,
            state_mean=self.state_mean.astype(np.float32),
            state_deviation=self.state_deviation.astype(np.float32),
            state_weights=self.state_weights.astype(np.float32),
            weights=self.weights.astype(np.float32),
            plain=self.plain.astype(np.float32),
            version=np.array(self.version),
        )


READ_FEATURES = ("read_mean", "read_best", "read_any")


def summed(read: Floats) -> list[float]:
    """What the places together say: their mean, the surest, and that one of them at least is right."""
    return [float(read.mean()), float(read.max()), float(1 - np.prod(1 - 0.75 * read[:8]))]


def read_head(file: Path) -> BrandHead:
    """The numbers in a file made by `save`. Nothing in it is executed."""
    with np.load(file, allow_pickle=False) as saved:
        return BrandHead(
            saved["state_mean"],
            saved["state_deviation"],
            saved["state_weights"],
            saved["weights"],
            saved["plain"],
            str(saved["version"]),
        )


@lru_cache(maxsize=1)
def shipped_head() -> BrandHead:
    """The head in this package."""
    with as_file(files("brandhound.mentions") / "data" / "brand_head.npz") as file:
        return read_head(file)


def states_of(places: Sequence[Seen], model: Embedder) -> Floats:
    """One row for each place: the mean state of the name's letters in its sentence."""
    windows = [_window(place) for place in places]
    rows: list[Floats] = []
    for (_, start, end), read in zip(windows, model.read([text for text, _, _ in windows]), strict=True):
        inside = [number for number, (opens, closes) in enumerate(read.offsets) if opens < end and closes > start]
        rows.append(read.states[inside].mean(axis=0) if inside else read.sentence)
    return np.array(rows, dtype=np.float32).reshape(len(places), -1)


def ranked(
    names: Sequence[tuple[Gathered, float]], head: BrandHead, model: Embedder | None, read_most: int = 600
) -> list[tuple[Gathered, float, dict[str, float]]]:
    """Names with their share in lower case, ranked by how likely they are brands, each with what its features add.

    The sentence model reads only of those that may be brands by what is known without it.
    """
    first: list[tuple[float, Gathered, list[float]]] = []
    for one, lower in names:
        features = features_of(one, lower)
        first.append((head.score(features, None), one, features))
    first.sort(key=lambda scored: (-scored[0], scored[1].key))
    found: list[tuple[Gathered, float, dict[str, float]]] = []
    for place, (guess, one, features) in enumerate(first):
        read, score = None, guess
        if model is not None and place < read_most:
            read = head.of_states(states_of(told_places(one, READ_PLACES), model))
            score = head.score(features, read)
        elif model is not None:
            # Beyond those that are read nothing is sure enough to be proposed.
            score = min(guess, 0.5)
        found.append((one, score, head.parts(features, read)))
    return sorted(found, key=lambda scored: (-scored[1], scored[0].key))


def _window(place: Seen) -> tuple[str, int, int]:
    opens = max(0, place.start - READ_WIDTH)
    return place.sentence[opens : place.end + READ_WIDTH], place.start - opens, place.end - opens


def _logistic(odds: npt.NDArray[np.floating]) -> Floats:
    return (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
