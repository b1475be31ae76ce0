"""What the signs in two names weigh, and how likely it is by all of them that both mean one brand.

The weights were fitted by `python -m bench.quality.pairs --fit` on labelled pairs that were read; the figures that are told come
from others. Two are set by hand, since hardly any pair has them: what a name itself says of the other.
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
    "listed_as_one",
    "listed_apart",
    "listed_bearers",
    "listed_bearers_of_parts",
    "listed_ticker",
    "number_more",
    "leans_to_same",
    "leans_to_other",
    "given_before",
    "usual_ending",
    "other_kind",
    "common_more",
    "place_more",
    "initials_skipping",
    "slip_doubled",
    "slip_swapped",
    "slip_last",
]
Sign = tuple[SignCode, float, str]
"""A sign with its amount from 0 to 1, and in words."""
STATED: frozenset[SignCode] = frozenset({"formerly", "bracketed", "listed_ticker"})
"""What a name itself says of the other, or the list of its ticker: nothing else counts beside it."""
START = 0.32
WEIGHTS: dict[SignCode, float] = {
    "same_words": 4.08,
    "same_letters": 3.3,
    "same_core": 4.49,
    "same_core_of_trade": 1.27,
    "same_words_moved": 1.74,
    "initials": 3.97,
    "few_initials": -1.06,
    "formerly": 4.5,
    "bracketed": 3.5,
    "shared": 1.64,
    "spelled_alike": 3.17,
    "only_corporate": -2.38,
    "only_description": -1.71,
    "only_country": 1.6,
    "more_before": -0.22,
    "whole": 0.12,
    "bearers": 0.56,
    "bearers_of_parts": -1.01,
    "only_bearer": 1.34,
    "several_words": 1.18,
    "often_left_out": 0.75,
    "hardly_left_out": -0.24,
    "initials_inside": 1.51,
    "beginnings": 1.8,
    "letters_inside": 1.12,
    "more_words": -1.38,
    "own_words": -2.69,
    "one_own_word": -2.63,
    "same_first_word": 0.5,
    "everyday": -1.3,
    "nothing_else": 0.62,
    "very_short": -0.59,
    "short_inside": -0.56,
    "much_more": 0.78,
    "numbers": -0.23,
    "other_script": 3.84,
    "also_called": -1.17,
    "letters_alike": -2.87,
    "letters_held": 0.71,
    "fits_trade": 1.68,
    "other_trade": -2.04,
    "listed_as_one": 1.36,
    "listed_apart": -1.71,
    "listed_bearers": -1.67,
    "listed_bearers_of_parts": -0.48,
    "listed_ticker": 4.81,
    "number_more": -1.56,
    "leans_to_same": 1.59,
    "leans_to_other": -1.62,
    "given_before": 1.98,
    "usual_ending": -0.55,
    "other_kind": -1.86,
    "common_more": 0.01,
    "place_more": -0.05,
    "initials_skipping": 1.19,
    "slip_doubled": 1.33,
    "slip_swapped": 2.32,
    "slip_last": -1.46,
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
