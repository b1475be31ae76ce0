"""How sure it is that a name means the brand: a sum of weighted signs, each of which can be said in words.

The weights lie between those that `bench/matching_confidence.py` fits and those set by hand: its names are all known to be
meant somewhere, so that what it fits trusts names of many meanings too much. Signs that its texts lack are set by hand.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

START = 1.2
LEAST_CONFIDENCE = 0.02
"""Below this a place is none."""
_FARTHEST = 30.0
_KNOWN_ODDS = 1 << 12


class Sign(NamedTuple):
    """What was seen: a code of `SIGNS`, how much of it (1 is the usual), and the words it is about."""

    code: str
    amount: float = 1.0
    about: str = ""


class Kind(NamedTuple):
    """What a sign weighs in log-odds, and how it is said."""

    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign in plain words. `weight` is in log-odds: above 0 it speaks for the brand, below 0 against it."""

    code: str
    text: str
    weight: float

    def as_json(self) -> dict[str, object]:
        """The reason as it is stored."""
        return {"code": self.code, "text": self.text, "weight": self.weight}


SIGNS: dict[str, Kind] = {
    # The name by itself.
    "distinctive": Kind(0.9, "“{}” is not a word, a person or a place we know"),
    "several_words": Kind(1.5, "“{}” is a name of several words"),
    "own_spelling": Kind(0.6, "“{}” is spelled in its own way"),
    "legal_name": Kind(2.5, "the full legal name is used"),
    "domain": Kind(3.2, "the brand's own domain “{}” is written"),
    "handle": Kind(2.8, "the brand's own handle “{}” is written"),
    "product": Kind(0.3, "“{}” is a product of the brand"),
    "former": Kind(-0.2, "“{}” is a former name"),
    "misspelling": Kind(-0.5, "“{}” is a misspelling of the name"),
    "common_word": Kind(-1.2, "spelled like the common word “{}”"),
    "common_words": Kind(-0.4, "made of common words"),
    "given_name": Kind(-1.3, "“{}” is also a person's name"),
    "place": Kind(-2.0, "“{}” is also a place"),
    "short": Kind(-0.2, "“{}” is very short"),
    "mark": Kind(-2.5, "“{}” is a mark that any text may have"),
    # How it is written here.
    "lower_case": Kind(-1.8, "written in lower case"),
    "small_letters": Kind(-1.8, "written in lower case, as the word is that it also means"),
    "all_caps": Kind(-0.9, "written in capitals in a line of capitals"),
    "capitals": Kind(-0.2, "written in capitals"),
    "sentence_start": Kind(-1.2, "begins a sentence, where any word has a capital"),
    "inside_address": Kind(-1.5, "part of an address"),
    "tagged": Kind(-0.2, "tagged with “{}”"),
    # What stands beside it.
    "legal_form": Kind(2.4, "“{}” follows the name"),
    "ticker": Kind(2.8, "the stock ticker “{}” stands with it"),
    "bare_ticker": Kind(-0.6, "a ticker without its exchange"),
    "possessive": Kind(0.4, "used as an owner: “{}”"),
    "preposition": Kind(0.4, "“{}” stands before it"),
    "article": Kind(-0.8, "“{}” stands before it, as before a common noun"),
    "capital_before": Kind(-1.1, "“{}” before it may make a longer name"),
    "capital_after": Kind(-0.9, "“{}” after it may make a longer name"),
    "person": Kind(-2.0, "“{}” looks like a person's name"),
    "acts": Kind(1.7, "it “{}”, as companies do"),
    "done_to": Kind(1.1, "“{}” before it, as of somebody"),
    "verb_after": Kind(1.2, "“{}” after it, as after somebody's name"),
    "verb_use": Kind(-1.8, "“{}”: used as a verb"),
    "noun_after": Kind(-1.1, "“{}”: used to describe another thing"),
    "phrase": Kind(-1.8, "“{}” is an everyday phrase"),
    "company_beside": Kind(1.5, "the company “{}” in the same sentence"),
    "business": Kind(1.0, "“{}” in the same sentence"),
    # What the article says besides.
    "context_near": Kind(1.9, "“{}” stands nearby"),
    "context_article": Kind(1.0, "“{}” stands in the article"),
    "no_context": Kind(-1.5, "none of the brand's context words is in the article"),
    "asks_context": Kind(-1.0, "“{}” needs a context and the brand has none: add context words, or its website"),
    "category": Kind(0.7, "“{}” fits what the brand sells"),
    "other_name": Kind(1.3, "“{}” is named too"),
    "own_domain": Kind(2.6, "the article points to “{}”"),
    "in_address": Kind(0.7, "the article's address names it"),
    "in_title": Kind(0.3, "named in the title"),
    "same_sense": Kind(1.1, "clearly meant elsewhere in the article"),
    "other_sense": Kind(-0.9, "“{}” is used as a common word in the article"),
    "namesake": Kind(-2.0, "“{}” points to a namesake"),
    "boilerplate": Kind(-0.6, "stands outside the article proper"),
}

WEIGHTS = {code: kind.weight for code, kind in SIGNS.items()}


def odds_of(signs: Iterable[Sign]) -> float:
    """The logarithm of the odds that the brand is meant."""
    odds = START
    for code, amount, _ in signs:
        odds += WEIGHTS[code] * amount
    return odds


def confidence_of(signs: Iterable[Sign]) -> float:
    """The probability, between 0 and 1, that the brand is meant."""
    return probability(odds_of(signs))


def probability(odds: float) -> float:
    """The probability of which that is the logarithm of the odds."""
    if odds > _FARTHEST:
        odds = _FARTHEST
    elif odds < -_FARTHEST:
        odds = -_FARTHEST
    return 1.0 / (1.0 + math.exp(-odds))


@lru_cache(maxsize=_KNOWN_ODDS)
def rounded_confidence(odds: float) -> float | None:
    """The probability as a match has it; None if the place is none."""
    confidence = probability(odds)
    return round(confidence, 4) if confidence >= LEAST_CONFIDENCE else None


def reasons_of(signs: Iterable[Sign]) -> list[Reason]:
    """The signs in words, the weightiest first."""
    said = [
        Reason(code, SIGNS[code].words.replace("{}", about), round(SIGNS[code].weight * amount, 2))
        for code, amount, about in signs
    ]
    return sorted(said, key=lambda reason: -abs(reason.weight))
