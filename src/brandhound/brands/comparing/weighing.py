"""What the signs in two names weigh, and how likely it is by all of them that both mean one brand.

The weights were fitted by `python -m bench.quality.pairs --fit` on one half of its labelled pairs and on traps by hand; the
figures that are told come from others. Three are set by hand, since hardly any pair has them: what a name itself says of the
other, and that a list has both names for one.
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
    "only_listed",
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
STATED: frozenset[SignCode] = frozenset({"formerly", "bracketed"})
"""What a name itself says of the other: nothing else counts beside it."""
START = 0.93
WEIGHTS: dict[SignCode, float] = {
    "same_words": 3.36,
    "same_letters": 3.06,
    "same_core": 3.18,
    "same_core_of_trade": 0.96,
    "same_words_moved": 1.17,
    "initials": 3.22,
    "few_initials": -1.99,
    "formerly": 4.5,
    "bracketed": 3.5,
    "shared": 0.75,
    "spelled_alike": 2.48,
    "only_corporate": -0.58,
    "only_description": -1.07,
    "only_country": 1.74,
    "more_before": -0.64,
    "whole": 0.3,
    "bearers": 0.54,
    "bearers_of_parts": -0.72,
    "only_bearer": 1.48,
    "several_words": 1.65,
    "often_left_out": 2.84,
    "hardly_left_out": -0.86,
    "initials_inside": 1.52,
    "beginnings": 0.84,
    "letters_inside": 1.69,
    "more_words": -1.55,
    "own_words": -3.26,
    "one_own_word": -2.93,
    "same_first_word": 0.75,
    "everyday": -1.47,
    "nothing_else": 0.78,
    "very_short": -1.58,
    "short_inside": -0.46,
    "much_more": 0.82,
    "numbers": -0.39,
    "other_script": 2.07,
    "also_called": -1.45,
    "letters_alike": 0.3,
    "letters_held": -0.91,
    "fits_trade": 1.64,
    "other_trade": -1.96,
    "listed_as_one": 2.0,
    "listed_apart": -1.71,
    "listed_bearers": -1.36,
    "listed_bearers_of_parts": -0.75,
    "only_listed": -0.1,
    "given_before": 1.76,
    "usual_ending": -0.43,
    "other_kind": -1.03,
    "common_more": -0.21,
    "place_more": -0.33,
    "initials_skipping": 0.7,
    "slip_doubled": 0.68,
    "slip_swapped": 1.2,
    "slip_last": -1.67,
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
