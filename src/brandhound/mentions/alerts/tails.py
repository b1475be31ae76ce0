"""How rare a count is: tails of the negative binomial distribution, exact, without a library for it.

A count of mean m and dispersion a has the variance m + a·m² (NB2). At a = 0 it is Poisson's.
"""

import math

_SMALLEST = 1e-9


def at_least(count: int, mean: float, dispersion: float) -> float:
    """The probability of this count or a higher one."""
    if count <= 0:
        return 1.0
    below = at_most(count - 1, mean, dispersion)
    # Where the lower tail is all but one, the difference would be rounding: the upper one is summed itself.
    return 1.0 - below if below < 0.999 else _upper(count, mean, dispersion)


def at_most(count: int, mean: float, dispersion: float) -> float:
    """The probability of this count or a lower one."""
    if count < 0:
        return 0.0
    term = _none(mean, dispersion)
    if term == 0.0:
        return min(1.0, sum(math.exp(_log_term(one, mean, dispersion)) for one in range(count + 1)))
    total = term
    for one in range(1, count + 1):
        term *= _step(one, mean, dispersion)
        total += term
    return min(1.0, total)


def highest_usual(mean: float, dispersion: float, share: float) -> int:
    """The smallest count that is not exceeded with this probability."""
    count, term = 0, _none(mean, dispersion)
    total = term
    # A bound far out, so that a mean out of all proportion cannot keep the loop.
    while total < share and count < 1000 + 20 * mean:
        count += 1
        term = term * _step(count, mean, dispersion) if term else math.exp(_log_term(count, mean, dispersion))
        total += term
    return count


def _upper(count: int, mean: float, dispersion: float) -> float:
    term = math.exp(_log_term(count, mean, dispersion))
    total, one = term, count
    while term > total * 1e-12:
        one += 1
        term *= _step(one, mean, dispersion)
        total += term
    return min(1.0, total)


def _none(mean: float, dispersion: float) -> float:
    return math.exp(_log_term(0, mean, dispersion))


def _step(count: int, mean: float, dispersion: float) -> float:
    """The probability of a count in shares of that of the one before it."""
    if dispersion < _SMALLEST:
        return mean / count
    size = 1 / dispersion
    return (size + count - 1) / count * mean / (size + mean)


def _log_term(count: int, mean: float, dispersion: float) -> float:
    if mean <= 0:
        return 0.0 if count == 0 else -math.inf
    if dispersion < _SMALLEST:
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    size = 1 / dispersion
    return (
        math.lgamma(size + count)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(size / (size + mean))
        + count * math.log(mean / (size + mean))
    )
