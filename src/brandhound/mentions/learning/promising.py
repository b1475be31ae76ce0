"""The promise of a precision: the least limit of confidence at which it is proven by samples, or is at least to be expected."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from brandhound.mentions.learning.estimating import Belief, Checked, labels_needed, least_share, weighed

LIMITS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98)
"""Where a limit that moves by itself may stand."""

Proof = Literal["proven", "expected", "out_of_reach"]


@dataclass(frozen=True)
class Promise:
    """Where the limit has to stand so that the promise holds, and how that is known."""

    limit: float
    proof: Proof
    checked: int
    needed: int
    """Checked mentions, all right, that would prove it."""
    least: float
    """The precision is not below this, 90 % sure; 0 where too few were checked to say so."""


def promise(target: float, samples: Sequence[Checked], belief: Belief) -> Promise:
    """The least limit that keeps the precision at `target`.

    Proven by the samples alone where they suffice: limits are tried from the strictest with enough samples downwards, and the
    first that fails ends it, so that all of them together are wrong in one case of ten at most (fixed-sequence testing).
    Else the least at which what is believed of the brand's mentions leaves no more than one chance in twenty.
    """
    needed = labels_needed(target)
    proven: Promise | None = None
    for limit in reversed(LIMITS):
        right, total = weighed([one for one in samples if one.confidence >= limit])
        if total + 1e-9 < needed:
            continue
        least = least_share(right, total)
        if least < target:
            break
        proven = Promise(limit, "proven", _whole(total), needed, least)
    if proven:
        return proven
    for limit in LIMITS:
        there = belief.at(limit)
        if there.shown and there.precision.low >= target:
            return _unproven(limit, "expected", samples, needed)
    return _unproven(LIMITS[-1], "out_of_reach", samples, needed)


def _unproven(limit: float, proof: Proof, samples: Sequence[Checked], needed: int) -> Promise:
    right, total = weighed([one for one in samples if one.confidence >= limit])
    return Promise(limit, proof, _whole(total), needed, least_share(right, total))


def _whole(total: float) -> int:
    """Checks that are done: fourteen and a half do not prove what takes fifteen."""
    return math.floor(total + 1e-9)
