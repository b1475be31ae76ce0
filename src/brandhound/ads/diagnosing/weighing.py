"""How likely a change is real, and which of many claims may be made so that few of them are wrong."""

import numpy as np

from brandhound.ads.baselines.special import normal_share
from brandhound.ads.metrics.formulas import Column, Mask

WRONG_AT_MOST = 0.05
"""Of the claims made by one rule, so many may be wrong on the whole."""
LEAST_SURE = 0.8
"""And none is made that is less sure than this by itself."""


def fell_below(
    now: tuple[Column, Column], before: tuple[Column, Column], ratio: float, clumped: float, usual: float = 0.0
) -> Column:
    """How likely a rate is now less than `ratio` times what it was, beyond a change that all ads share.

    Each side is successes and trials. The difference of the logarithms is nearly normal; half a success is added to either
    side, so that none of them is nothing.
    """
    (s1, n1), (s0, n0) = now, before
    s1, n1, s0, n0 = (np.nan_to_num(part) / clumped for part in (s1, n1, s0, n0))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log((s1 + 0.5) / (n1 + 1)) - np.log((s0 + 0.5) / (n0 + 1)) - usual
        spread = np.sqrt(1 / (s1 + 0.5) + 1 / (s0 + 0.5))
        likely = normal_share((np.log(ratio) - change) / spread)
    return np.where((n1 > 0) & (n0 > 0), likely, 0.0)


def may_be_said(likely: Column, wrong: float = WRONG_AT_MOST) -> Mask:
    """Which claims may be made: the likeliest, as many as keep the expected share of wrong ones within `wrong`.

    That is the false discovery rate over many ads, from each one's own probability; NaN stands for nothing known.
    """
    doubt = np.where(np.isnan(likely), 1.0, 1 - likely)
    order = np.argsort(doubt, kind="stable")
    expected = np.cumsum(doubt[order]) / np.arange(1, len(doubt) + 1)
    # Expected shares rise with the number of claims, so the last one that fits ends the list.
    fitting = int(np.searchsorted(expected, wrong, side="right"))
    said = np.zeros(len(doubt), dtype=np.bool_)
    said[order[:fitting]] = True
    return said & (doubt <= 1 - LEAST_SURE)
