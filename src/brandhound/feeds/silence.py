"""A feed that still answers but says nothing any more."""

import math
from datetime import datetime, timedelta

from brandhound.feeds.rhythm import Rhythm

LEAST_EXPECTED = 5.0
SURPRISE = 0.01
LEAST_HISTORY = timedelta(days=3)


def chance_of_silence(rhythm: Rhythm, since: datetime, now: datetime) -> float:
    """How likely it is that a feed of this rhythm brings nothing between the two times.

    Entries that come in bunches leave longer gaps by themselves: with a dispersion d above 1 the counts follow a
    negative binomial whose zero has the chance d ** (-μ / (d - 1)); for d = 1 that is Poisson's exp(-μ).
    """
    expected = rhythm.expected(since, now)
    if rhythm.dispersion <= 1.001:
        return math.exp(-expected)
    return rhythm.dispersion ** (-expected / (rhythm.dispersion - 1))


def is_silent(rhythm: Rhythm, now: datetime) -> bool:
    """Whether nothing came although at least five entries were to be expected and chance explains less than 1 in 100."""
    if rhythm.latest is None or rhythm.weeks * 7 < LEAST_HISTORY.days:
        return False
    if rhythm.expected(rhythm.latest, now) < LEAST_EXPECTED:
        return False
    return chance_of_silence(rhythm, rhythm.latest, now) < SURPRISE
