"""What the tone head looks at: the sentence, the brand's own tokens, eight tokens on each side, and the word list."""

import numpy as np
import numpy.typing as npt

from brandhound.mentions.tone_lexicon import NUMBERS, LexiconReading
from brandhound.providers.embedding import WIDTH, EncodedSentence

Floats = npt.NDArray[np.float32]

TOKENS_AROUND = 8
FEATURES = 3 * WIDTH + NUMBERS


def tone_features(encoded: EncodedSentence, start: int, end: int, lexicon: LexiconReading) -> Floats:
    """One row of `FEATURES` numbers. A brand beyond the tokens that are read is seen by the sentence alone."""
    last = len(encoded.offsets) - 1
    target = [at for at, (first, stop) in enumerate(encoded.offsets) if stop > first and first < end and stop > start]
    target = target or [0]
    low, high = max(1, target[0] - TOKENS_AROUND), max(2, min(last, target[-1] + TOKENS_AROUND + 1))
    # Not the last layer: there each token already speaks of the whole sentence. On news that costs three points of macro F1.
    states = encoded.inner
    around = states[low:high] if high > low and last > 1 else states[:1]
    return np.concatenate(
        [
            encoded.sentence,
            states[target].mean(axis=0),
            around.mean(axis=0),
            np.array(lexicon.numbers(), dtype=np.float32),
        ]
    ).astype(np.float32)
