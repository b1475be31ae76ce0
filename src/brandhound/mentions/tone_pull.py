"""What an organization's own words about tone add to the readings. Thinking only.

The readings stay the beginning; what is learned is added to them in log-odds. Everything is held near nothing (a normal prior),
so that twenty words move a little and two hundred a lot. It is learned from three kinds of inputs, each of which may move so
far: what was read (how far which tone is to be trusted), the word list's scores, and where the sentence lies for the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from brandhound.mentions.tone_head import ToneHead
from brandhound.mentions.tone_lexicon import NUMBERS, LexiconReading
from brandhound.providers.embedding import WIDTH

Doubles = npt.NDArray[np.float64]
PullEngine = Literal["model", "lexicon"]

TONES = 3
ROUNDS = 300
LEAST_CHANCE = 1e-4


@dataclass(frozen=True)
class Reach:
    """How far each kind of input may move a tone: standard deviations of the prior, in log-odds.

    Set on one half of the texts of `bench/quality/tone_lessons.py`: with twice as much, a hundred words on news made it worse.
    """

    bias: float = 0.3
    read: float = 0.1
    words: float = 0.1
    sentence: float = 0.5
    target: float = 0.25
    around: float = 0.5


REACH = Reach()


@dataclass(frozen=True, eq=False)
class TonePull:
    """What was learned: a row of weights for each input, a column for each tone."""

    engine: PullEngine
    weights: Doubles
    number: int
    """Of the lesson, for the reasons."""

    def moved(self, read: Doubles, inputs: Doubles) -> Doubles:
        """The readings, a row each, with what was learned added to them."""
        return chances(logs(read) + inputs @ self.weights)


def inputs_of(
    read: Doubles,
    words: Sequence[LexiconReading],
    features: Doubles | None,
    head: ToneHead | None,
    reach: Reach = REACH,
) -> Doubles:
    """A row of inputs for each reading. `features` are what the head looks at, where it was the model that read."""
    told = logs(read)
    scores = np.array([reading.numbers() for reading in words], dtype=np.float64).reshape(len(words), NUMBERS)
    parts: list[Doubles] = [
        np.full((len(words), 1), reach.bias),
        (told - told.mean(axis=1, keepdims=True)) * reach.read,
        scores * reach.words,
    ]
    if features is not None and head is not None:
        scaled = head.scaled(features.astype(np.float32)).astype(np.float64) / WIDTH**0.5
        kinds = (reach.sentence, reach.target, reach.around)
        parts += [scaled[:, at * WIDTH : (at + 1) * WIDTH] * wide for at, wide in enumerate(kinds)]
    return np.hstack(parts)


def logs(read: Doubles) -> Doubles:
    """Probabilities as logarithms that a sum can start from."""
    return np.log(np.clip(read, LEAST_CHANCE, 1.0))


def chances(scores: Doubles) -> Doubles:
    """Scores as probabilities; rows sum to 1."""
    lifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return lifted / lifted.sum(axis=1, keepdims=True)


def fit(read: Doubles, inputs: Doubles, wanted: Doubles, weighs: Doubles) -> Doubles:
    """The most probable weights, by accelerated descent. `wanted` are the true tones as shares, a row each."""
    start = logs(read)
    steepness = 0.5 * _largest(inputs * np.sqrt(weighs)[:, None]) + 1.0
    weights = np.zeros((inputs.shape[1], TONES))
    ahead, momentum = weights, 1.0
    for _ in range(ROUNDS):
        slope = inputs.T @ ((chances(start + inputs @ ahead) - wanted) * weighs[:, None]) + ahead
        following = ahead - slope / steepness
        faster = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = following + (momentum - 1) / faster * (following - weights)
        still = float(np.abs(following - weights).max(initial=0.0)) < 1e-6
        weights, momentum = following, faster
        if still:
            break
    return weights


def _largest(inputs: Doubles, rounds: int = 30) -> float:
    """The largest eigenvalue of the inputs' squares, from above by a little."""
    if not inputs.size:
        return 0.0
    along = np.ones(inputs.shape[1]) / inputs.shape[1] ** 0.5
    for _ in range(rounds):
        further = inputs.T @ (inputs @ along)
        length = float(np.linalg.norm(further))
        if length == 0:
            return 0.0
        along = further / length
    return float(np.linalg.norm(inputs @ along)) ** 2 * 1.05
