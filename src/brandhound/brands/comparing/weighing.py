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
    "in_full",
    "goods_more",
    "listed_alone",
    "other_script_bones",
]
Sign = tuple[SignCode, float, str]
"""A sign with its amount from 0 to 1, and in words."""
STATED: frozenset[SignCode] = frozenset({"formerly", "bracketed", "listed_ticker"})
"""What a name itself says of the other, or the list of its ticker: nothing else counts beside it."""
START = 0.02
WEIGHTS: dict[SignCode, float] = {
    "same_words": 4.58,
    "same_letters": 3.87,
    "same_core": 3.16,
    "same_core_of_trade": 0.7,
    "same_words_moved": 1.25,
    "initials": 4.75,
    "few_initials": -0.91,
    "formerly": 4.5,
    "bracketed": 3.5,
    "shared": 1.12,
    "spelled_alike": 3.85,
    "only_corporate": 0.06,
    "only_description": -1.34,
    "only_country": 2.11,
    "more_before": -0.49,
    "whole": 0.33,
    "bearers": 0.71,
    "bearers_of_parts": -0.68,
    "only_bearer": 1.38,
    "several_words": 1.11,
    "often_left_out": 0.23,
    "hardly_left_out": -1.33,
    "initials_inside": 1.6,
    "beginnings": 2.26,
    "letters_inside": 2.12,
    "more_words": -1.7,
    "own_words": -2.36,
    "one_own_word": -2.55,
    "same_first_word": 0.39,
    "everyday": -1.56,
    "nothing_else": 0.99,
    "very_short": -1.36,
    "short_inside": -0.55,
    "much_more": 1.14,
    "numbers": -1.03,
    "other_script": 4.42,
    "also_called": -1.44,
    "letters_alike": -1.83,
    "letters_held": 0.96,
    "fits_trade": 1.69,
    "other_trade": -1.92,
    "listed_as_one": 3.23,
    "listed_apart": -2.35,
    "listed_bearers": -1.67,
    "listed_bearers_of_parts": -0.86,
    "listed_ticker": 5.34,
    "number_more": -2.73,
    "leans_to_same": 1.66,
    "leans_to_other": -1.2,
    "given_before": 1.26,
    "usual_ending": -0.57,
    "other_kind": -1.77,
    "common_more": -0.02,
    "place_more": -0.06,
    "initials_skipping": 3.69,
    "slip_doubled": 1.99,
    "slip_swapped": 2.66,
    "slip_last": -0.49,
    "in_full": 3.91,
    "goods_more": 0.83,
    "listed_alone": -0.9,
    "other_script_bones": 5.07,
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
