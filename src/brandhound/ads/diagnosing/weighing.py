"""How likely a change is real, and which of many claims may be made so that few of them are wrong."""

import numpy as np

from brandhound.ads.baselines.special import normal_share
from brandhound.ads.metrics.formulas import Column, Mask

WRONG_AT_MOST = 0.05
"""Of the claims made by one rule, so many may be wrong on the whole."""
STAYS_WITHIN, CHANGES_BY = 0.06, 0.5
"""Of the logarithm of a click rate, from the days before to the last week: as most ads stay, and as those do that change."""
LEAST_SURE = 0.8
"""And none is made that is less sure than this by itself."""


def fell_below(
    now: tuple[Column, Column],
    before: tuple[Column, Column],
    ratio: float,
    clumped: float,
    usual: float = 0.0,
    changing: float | None = None,
) -> Column:
    """How likely a rate is now less than `ratio` times what it was, beyond a change that all ads share.

    Each side is successes and trials. The difference of the logarithms is nearly normal; half a success is added to either
    side, so that none of them is nothing. `changing` is the share of ads that truly change, if nothing else speaks for a
    change; the others stay about as they were.
    """
    (s1, n1), (s0, n0) = now, before
    s1, n1, s0, n0 = (np.nan_to_num(part) / clumped for part in (s1, n1, s0, n0))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log((s1 + 0.5) / (n1 + 1)) - np.log((s0 + 0.5) / (n0 + 1)) - usual
        spread = np.sqrt(1 / (s1 + 0.5) + 1 / (s0 + 0.5))
        likely = normal_share((np.log(ratio) - change) / spread)
        if changing is not None:
            likely = _drawn(change, spread, float(np.log(ratio)), changing)
    return np.where((n1 > 0) & (n0 > 0), likely, 0.0)


def _drawn(change: Column, spread: Column, below: float, changing: float) -> Column:
    """The same with what is known beforehand: most ads stay as they are, some change a lot."""
    parts: list[tuple[Column, Column]] = []
    for share, width in ((1 - changing, STAYS_WITHIN), (changing, CHANGES_BY)):
        total = width**2 + spread**2
        weight = share * np.exp(-(change**2) / (2 * total)) / np.sqrt(total)
        mean, doubt = change * width**2 / total, width * spread / np.sqrt(total)
        parts.append((weight, normal_share((below - mean) / doubt)))
    return (parts[0][0] * parts[0][1] + parts[1][0] * parts[1][1]) / np.maximum(parts[0][0] + parts[1][0], 1e-300)


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
