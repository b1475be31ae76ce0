"""Learning from said tones, and seeing whether that is any better on what it had not seen. Thinking only.

People say tones where they see mistakes, so that counting only what they said would make any change look good. Therefore texts
that nobody corrected are looked at too. What is gained is how many of the wrong readings become right; what is lost is how many
of the right ones become wrong. Who judged a mention and left its tone as it was has confirmed it. Where too little is confirmed,
the readings' own word is taken for how many are wrong. Each text is judged by weights that were learned without it and its like.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from brandhound.mentions.learning.fitting import folds_of
from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.tone_pull import Doubles, chances, fit, logs

FOLDS = 5
LEFT_WEIGHS = 1.0
"""How much a text that nobody corrected says, beside one whose tone was said."""
USUALLY_WRONG = 0.3
ENOUGH_LEFT = 10
ENOUGH_CONFIRMED = 20
ENOUGH_SAMPLED = 10

SHARES: dict[ToneLabel, tuple[float, float, float]] = {
    "negative": (1.0, 0.0, 0.0),
    "neutral": (0.0, 1.0, 0.0),
    "positive": (0.0, 0.0, 1.0),
    "mixed": (0.5, 0.0, 0.5),
}
"""What a tone wants of the three. Of an unclear one nothing can be learned."""
CLEAR: tuple[ToneLabel, ...] = ("negative", "neutral", "positive")


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts as rows: what was read, what a lesson may look at, and a key that like texts share."""

    read: Doubles
    inputs: Doubles
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Check:
    """How right a lesson is on texts that it had not seen."""

    corrected: int
    """Texts whose reading people corrected."""
    corrected_right: int
    """How many of them it reads as they said."""
    confirmed: int
    """Texts of which people said what was read, or that they judged and whose tone they left."""
    confirmed_right: int
    left: int
    """Texts that nobody said anything of."""
    left_otherwise: int
    """How many of them it reads otherwise."""
    sampled: int
    """Texts of the weekly samples: drawn by chance, and none of them teaches."""
    sampled_before: int
    sampled_right: int
    gain: float
    """By how much the share of right readings grows, as far as is known."""

    @property
    def is_better(self) -> bool:
        """Whether it may be offered."""
        sampled_worse = self.sampled >= ENOUGH_SAMPLED and self.sampled_right < self.sampled_before
        return self.gain > 0 and not sampled_worse

    def as_json(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


@dataclass(frozen=True, eq=False)
class Learned:
    """Weights, and how right they are."""

    weights: Doubles
    check: Check


def learn(said: Texts, tones: Sequence[ToneLabel], left: Texts, sampled: Texts, truths: Sequence[ToneLabel]) -> Learned:
    """What the said tones teach. `left` are texts that nobody said anything of, `sampled` those that only measure."""
    wanted = np.array([SHARES[tone] for tone in tones]).reshape(len(tones), 3)
    read = np.vstack([said.read, left.read])
    inputs = np.vstack([said.inputs, left.inputs])
    # What nobody corrected is wanted as it was read: that holds what is learned to where people were at odds with it.
    wanted = np.vstack([wanted, left.read])
    weighs = np.concatenate([np.ones(len(said)), np.full(len(left), LEFT_WEIGHS)])
    unseen = _unseen(read, inputs, wanted, weighs, (*said.keys, *left.keys))
    weights = fit(read, inputs, wanted, weighs)
    return Learned(weights, _checked(unseen, said, tones, left, sampled, truths, weights))


def _unseen(
    read: Doubles, inputs: Doubles, wanted: Doubles, weighs: Doubles, keys: Sequence[str]
) -> npt.NDArray[np.int64]:
    """The tone that each text would have by weights learned without it."""
    part = folds_of(keys, FOLDS)
    found = np.zeros(len(keys), dtype=np.int64)
    for fold in np.unique(part):
        out = part == fold
        weights = fit(read[~out], inputs[~out], wanted[~out], weighs[~out])
        found[out] = chances(logs(read[out]) + inputs[out] @ weights).argmax(axis=1)
    return found


def _checked(
    unseen: npt.NDArray[np.int64],
    said: Texts,
    tones: Sequence[ToneLabel],
    left: Texts,
    sampled: Texts,
    truths: Sequence[ToneLabel],
    weights: Doubles,
) -> Check:
    clear = np.array([tone in CLEAR for tone in tones], dtype=np.bool_)
    truth = np.array([CLEAR.index(tone) if tone in CLEAR else 0 for tone in tones], dtype=np.int64)
    before = said.read.argmax(axis=1) if len(said) else truth
    right = unseen[: len(said)] == truth
    was_right = before == truth
    corrected, confirmed = clear & ~was_right, clear & was_right
    was = left.read.argmax(axis=1) if len(left) else np.zeros(0, dtype=np.int64)
    otherwise = unseen[len(said) :] != was
    sure = left.read.max(axis=1) if len(left) else np.zeros(0)
    mended = float(right[corrected].mean()) if corrected.any() else 0.0
    if int(confirmed.sum()) >= ENOUGH_CONFIRMED:
        # People said both what was wrong and what was right: then they are to be believed, and not the readings.
        wrong = int(corrected.sum()) / int(clear.sum())
        broken = float((~right[confirmed]).mean())
    else:
        # A reading that nobody corrected is right as often as it believes itself to be.
        wrong = 1.0 - float(sure.mean()) if len(left) >= ENOUGH_LEFT else USUALLY_WRONG
        weight = int(confirmed.sum()) + float(sure.sum())
        broken = (int((confirmed & ~right).sum()) + float(sure[otherwise].sum())) / weight if weight else 0.0
    of_sample = np.array([CLEAR.index(tone) for tone in truths], dtype=np.int64)
    then = chances(logs(sampled.read) + sampled.inputs @ weights).argmax(axis=1) if len(sampled) else of_sample
    return Check(
        corrected=int(corrected.sum()),
        corrected_right=int((corrected & right).sum()),
        confirmed=int(confirmed.sum()),
        confirmed_right=int((confirmed & right).sum()),
        left=len(left),
        left_otherwise=int(otherwise.sum()),
        sampled=len(sampled),
        sampled_before=int((sampled.read.argmax(axis=1) == of_sample).sum()) if len(sampled) else 0,
        sampled_right=int((then == of_sample).sum()) if len(sampled) else 0,
        gain=wrong * mended - (1 - wrong) * broken,
    )
