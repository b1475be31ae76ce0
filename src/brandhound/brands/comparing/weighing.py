"""What the signs in two names weigh, and how likely it is by all of them that both mean one brand.

The weights were fitted by `python -m bench.quality.pairs --fit` on labelled pairs that were read; the figures that are told come
from others. Three are set by hand, since hardly any pair has them: what a name itself says of the other, and what tells apart.
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
    "told_apart",
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
STATED: frozenset[SignCode] = frozenset({"formerly", "bracketed", "listed_ticker", "told_apart"})
"""What a name itself says of the other, the list of its ticker, or what nothing makes good for: nothing else counts beside it."""
START = 0.15
WEIGHTS: dict[SignCode, float] = {
    "same_words": 4.53,
    "same_letters": 3.94,
    "same_core": 2.76,
    "same_core_of_trade": 0.62,
    "same_words_moved": 2.5,
    "initials": 5.01,
    "few_initials": -1.44,
    "formerly": 4.5,
    "bracketed": 3.5,
    "told_apart": -4.0,
    "shared": 0.72,
    "spelled_alike": 5.02,
    "only_corporate": -1.37,
    "only_description": -1.37,
    "only_country": 1.49,
    "more_before": -0.49,
    "whole": 0.99,
    "bearers": 0.27,
    "bearers_of_parts": -0.37,
    "only_bearer": 1.0,
    "several_words": 1.29,
    "often_left_out": 0.22,
    "hardly_left_out": -0.52,
    "initials_inside": 2.3,
    "beginnings": 2.24,
    "letters_inside": 2.19,
    "more_words": -1.66,
    "own_words": -2.62,
    "one_own_word": -2.69,
    "same_first_word": 0.18,
    "everyday": -1.3,
    "nothing_else": 0.56,
    "very_short": -1.06,
    "short_inside": -0.83,
    "much_more": 0.85,
    "numbers": -0.89,
    "other_script": 5.01,
    "also_called": -1.43,
    "letters_alike": -2.78,
    "letters_held": 1.58,
    "fits_trade": 1.81,
    "other_trade": -2.16,
    "listed_as_one": 4.26,
    "listed_apart": -2.56,
    "listed_bearers": -1.54,
    "listed_bearers_of_parts": -0.51,
    "listed_ticker": 5.31,
    "number_more": -2.37,
    "leans_to_same": 1.88,
    "leans_to_other": -0.99,
    "given_before": 0.99,
    "usual_ending": -0.18,
    "other_kind": -1.88,
    "common_more": 0.07,
    "place_more": 0.38,
    "initials_skipping": 4.67,
    "slip_doubled": 1.95,
    "slip_swapped": 2.34,
    "slip_last": -0.72,
    "in_full": 3.2,
    "goods_more": 1.25,
    "listed_alone": -0.92,
    "other_script_bones": 5.2,
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
