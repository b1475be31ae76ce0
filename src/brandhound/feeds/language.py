# pyright: reportUnknownMemberType=false
"""In which language a text is written: what the page claims, held against what its letters say."""

from functools import lru_cache
from typing import cast

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE = 600
"""Characters that are looked at; more does not change the answer."""
ENOUGH = 40
SURE = 0.9
# Labels that mean the same to a reader of news.
SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "fil": "tl", "sh": "sr", "hr": "hr"}


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def guess_language(text: str) -> tuple[str | None, float]:
    """The most likely language as an ISO 639-1 code, and how likely it is; None for texts too short to say."""
    sample = text[:SAMPLE]
    if sum(character.isalpha() for character in sample) < ENOUGH:
        return None, 0.0
    code, probability = cast("tuple[str, float]", _identifier().classify(sample))
    return SAME.get(code, code), float(probability)


def agree_on_language(stated: str | None, text: str) -> str | None:
    """What the page says, unless its text clearly says otherwise (templates in English around articles in Polish)."""
    guessed, probability = guess_language(text)
    if stated is None:
        return guessed
    stated = SAME.get(stated, stated)
    if guessed is None or guessed == stated:
        return stated
    return guessed if probability >= SURE else stated
