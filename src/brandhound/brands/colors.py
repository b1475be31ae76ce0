"""Colours that stay apart for colour-blind eyes, on light and dark ground."""

from collections import Counter
from collections.abc import Iterable

# Paul Tol's “bright” and “muted” schemes (personal.sron.nl/~pault, read 2026-11-25), without the greys.
PALETTE = (
    "#4477AA",
    "#EE6677",
    "#228833",
    "#CCBB44",
    "#66CCEE",
    "#AA3377",
    "#CC6677",
    "#44AA99",
    "#DDCC77",
    "#88CCEE",
    "#882255",
    "#999933",
)


def next_color(taken: Iterable[str]) -> str:
    """The colour used least so far, the first of the palette among equals."""
    used = Counter(taken)
    return min(PALETTE, key=lambda color: used[color])
