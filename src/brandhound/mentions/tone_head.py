"""The tone head: a few thousand numbers that turn features into probabilities of negative, neutral and positive.

Its card, with data, licence and figures, stands beside the numbers in `data/`.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
CLIP = 6.0
"""Features further from the mean than this many deviations are pulled in, so that no odd page shouts down the rest."""


@dataclass(frozen=True, eq=False)
class ToneHead:
    """Multinomial logistic regression on standardised features, with a temperature fitted on held-out sentences."""

    mean: Floats
    deviation: Floats
    weights: Floats
    bias: Floats
    temperature: float
    version: str

    def probabilities(self, features: Floats) -> Floats:
        """One row of three for each row of features; rows sum to 1."""
        return softmax((self.scaled(features) @ self.weights + self.bias) / self.temperature)

    def scaled(self, features: Floats) -> Floats:
        """The features by how far they are from what is usual."""
        return np.clip((features - self.mean) / self.deviation, -CLIP, CLIP)

    def save(self, file: Path) -> None:
        np.savez_compressed(
            file,
            mean=self.mean.astype(np.float32),
            deviation=self.deviation.astype(np.float32),
            weights=self.weights.astype(np.float32),
            bias=self.bias.astype(np.float32),
            temperature=np.float32(self.temperature),
            version=np.array(self.version),
        )


def softmax(scores: npt.NDArray[np.floating]) -> Floats:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (shifted / shifted.sum(axis=-1, keepdims=True)).astype(np.float32)


def read_head(file: Path) -> ToneHead:
    """The numbers in a file made by `save`. Nothing in it is executed."""
    with np.load(file, allow_pickle=False) as saved:
        return ToneHead(
            saved["mean"],
            saved["deviation"],
            saved["weights"],
            saved["bias"],
            float(saved["temperature"]),
            str(saved["version"]),
        )


@lru_cache(maxsize=1)
def shipped_head() -> ToneHead | None:
    """The head in this package, or None where it was taken out."""
    resource = files("brandhound.mentions") / "data" / "tone_head.npz"
    if not resource.is_file():
        return None
    with as_file(resource) as file:
        return read_head(file)
