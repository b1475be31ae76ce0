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
START = 0.06
WEIGHTS: dict[SignCode, float] = {
    "same_words": 4.48,
    "same_letters": 3.71,
    "same_core": 4.41,
    "same_core_of_trade": 1.15,
    "same_words_moved": 1.14,
    "initials": 4.54,
    "few_initials": -1.39,
    "formerly": 4.5,
    "bracketed": 3.5,
    "shared": 1.44,
    "spelled_alike": 3.75,
    "only_corporate": -0.17,
    "only_description": -1.46,
    "only_country": 2.01,
    "more_before": -0.38,
    "whole": 0.39,
    "bearers": 0.53,
    "bearers_of_parts": -0.6,
    "only_bearer": 1.24,
    "several_words": 1.17,
    "often_left_out": 0.78,
    "hardly_left_out": 0.11,
    "initials_inside": 1.74,
    "beginnings": 1.93,
    "letters_inside": 1.88,
    "more_words": -1.61,
    "own_words": -2.32,
    "one_own_word": -2.48,
    "same_first_word": 0.36,
    "everyday": -1.42,
    "nothing_else": 0.75,
    "very_short": -1.08,
    "short_inside": -0.4,
    "much_more": 1.11,
    "numbers": -0.37,
    "other_script": 4.54,
    "also_called": -1.3,
    "letters_alike": -2.31,
    "letters_held": 0.9,
    "fits_trade": 1.61,
    "other_trade": -2.19,
    "listed_as_one": 2.46,
    "listed_apart": -2.22,
    "listed_bearers": -1.61,
    "listed_bearers_of_parts": -0.97,
    "listed_ticker": 5.28,
    "number_more": -1.82,
    "leans_to_same": 1.59,
    "leans_to_other": -1.46,
    "given_before": 1.0,
    "usual_ending": -0.49,
    "other_kind": -1.94,
    "common_more": 0.11,
    "place_more": 0.11,
    "initials_skipping": 0.63,
    "slip_doubled": 2.27,
    "slip_swapped": 3.0,
    "slip_last": -0.21,
    "in_full": 3.31,
    "goods_more": 0.44,
    "listed_alone": -0.8,
    "other_script_bones": 4.9,
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
