"""What the signs in two names weigh, and how likely it is by all of them that both mean one brand.

The weights were fitted by `python -m bench.quality.pairs --fit` on one half of its labelled pairs; the figures that are told come
from the other half. Two are set by hand, since hardly any pair has them: what a name itself says of the other.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from brandhound.brands.comparing.together import together

SignCode = Literal[
    "same_words",
    "same_letters",
    "same_words_moved",
    "same_core",
    "same_core_of_trade",
    "initials",
    "few_initials",
    "formerly",
    "bracketed",
    "shared",
    "spelled_alike",
    "only_corporate",
    "only_description",
    "only_country",
    "more_before",
    "whole",
    "bearers",
    "bearers_of_parts",
    "only_bearer",
    "several_words",
    "often_left_out",
    "hardly_left_out",
    "initials_inside",
    "beginnings",
    "letters_inside",
    "more_words",
    "own_words",
    "one_own_word",
    "same_first_word",
    "everyday",
    "nothing_else",
    "very_short",
    "short_inside",
    "much_more",
    "numbers",
    "other_script",
    "also_called",
    "letters_alike",
    "letters_held",
    "fits_trade",
    "other_trade",
]
Sign = tuple[SignCode, float, str]
"""A sign with its amount from 0 to 1, and in words."""
STATED: frozenset[SignCode] = frozenset({"formerly", "bracketed"})
"""What a name itself says of the other: nothing else counts beside it."""
START = 0.78
WEIGHTS: dict[SignCode, float] = {
    "same_words": 3.73,
    "same_letters": 2.92,
    "same_core": 2.93,
    "same_core_of_trade": 1.46,
    "same_words_moved": 1.11,
    "initials": 2.9,
    "few_initials": -2.03,
    "formerly": 4.5,
    "bracketed": 3.5,
    "shared": 1.09,
    "spelled_alike": 2.49,
    "only_corporate": -1.54,
    "only_description": -1.02,
    "only_country": 1.08,
    "more_before": -1.1,
    "whole": 0.8,
    "bearers": -0.43,
    "bearers_of_parts": -0.8,
    "only_bearer": 1.39,
    "several_words": 1.79,
    "often_left_out": 2.59,
    "hardly_left_out": -0.71,
    "initials_inside": 1.49,
    "beginnings": 0.98,
    "letters_inside": 2.51,
    "more_words": -1.38,
    "own_words": -3.2,
    "one_own_word": -2.73,
    "same_first_word": 0.75,
    "everyday": -1.46,
    "nothing_else": 1.06,
    "very_short": -1.48,
    "short_inside": -0.72,
    "much_more": 0.5,
    "numbers": -0.8,
    "other_script": 2.03,
    "also_called": -1.43,
    "letters_alike": 1.37,
    "letters_held": -1.87,
    "fits_trade": 1.64,
    "other_trade": -1.81,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against, in words, and what it weighs in log-odds."""

    code: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two names mean one brand, and why; the weightiest reason first."""

    probability: float
    evidence: tuple[Evidence, ...]

    @property
    def odds(self) -> float:
        """The same as log-odds."""
        kept = min(max(self.probability, 1e-6), 1 - 1e-6)
        return math.log(kept / (1 - kept))


def judged(signs: Iterable[Sign]) -> Likeness:
    """The signs added up, and what they say together beyond that."""
    signs = list(signs)
    evidence = [Evidence(code, words, round(WEIGHTS[code] * amount, 2)) for code, amount, words in signs]
    odds = START + sum(one.weight for one in evidence)
    if not any(code in STATED for code, _, _ in signs):
        more = together({code: amount for code, amount, _ in signs}, odds)
        evidence.append(Evidence("together", _told(more), round(more, 2)))
        odds += more
    told = sorted((one for one in evidence if abs(one.weight) >= 0.1), key=lambda one: -abs(one.weight))
    return Likeness(1 / (1 + math.exp(-odds)), tuple(told))


def _told(more: float) -> str:
    return f"Together these signs say {'more' if more > 0 else 'less'} than each by itself"
