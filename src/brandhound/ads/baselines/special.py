"""Gamma and beta distributions on arrays: shares below a value and the values below which a share lies.

Series and continued fractions after Abramowitz & Stegun (6.5.29, 6.5.31, 26.5.8) by Lentz's method; quantiles by Newton's
steps kept between bounds. Good to about 1e-9, or 1e-5 for gamma shapes above 1,000.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from brandhound.ads.metrics.formulas import Column

Ints = NDArray[np.int64]

_TINY = 1e-300
_ENOUGH = 1e-12
_NEAR = 1e-9
"""Of a logarithm or of log odds: where a step is that small, the next would be about its square."""
_LARGE = 1000.0
AT_ONCE = 10_000
"""So many numbers in one array stay near the processor. With fewer, the price of each step of numpy itself tells."""
_erf = np.vectorize(math.erf, otypes=[np.float64])


def log_gamma(x: Column) -> Column:
    """The logarithm of Γ(x), for x > 0: Stirling's series from 8 on."""
    z = np.array(x, dtype=np.float64)
    small = z < 8
    if not small.any():
        return _stirling(z)
    # One product for each, of all by which it is below 8. Most need none.
    at = z[small]
    product = np.ones_like(at)
    while (lower := at < 8).any():
        product = np.where(lower, product * at, product)
        at = np.where(lower, at + 1, at)
    z[small] = at
    found = np.asarray(_stirling(z))
    found[small] -= np.log(product)
    return found


def _stirling(z: Column) -> Column:
    squared = z * z
    series = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / squared) / squared) / squared) / squared) / z
    return (z - 0.5) * np.log(z) - z + 0.5 * math.log(2 * math.pi) + series


def normal_share(x: Column) -> Column:
    """The share of a standard normal distribution below x."""
    return 0.5 * (1 + np.asarray(_erf(np.asarray(x) / math.sqrt(2))))


def gamma_share(shape: Column, x: Column) -> Column:
    """The share of a gamma distribution (scale 1) below x."""
    shape, x = (np.array(part, dtype=np.float64) for part in np.broadcast_arrays(shape, x))
    share = np.zeros(shape.shape)
    large = (shape > _LARGE) & (x > 0)
    if large.any():
        # Wilson and Hilferty: the cube root is nearly normal.
        a = shape[large]
        share[large] = normal_share(3 * np.sqrt(a) * (np.cbrt(x[large] / a) - 1 + 1 / (9 * a)))
    series = ~large & (x > 0) & (x < shape + 1)
    if series.any():
        share[series] = _gamma_series(shape[series], x[series])
    fraction = ~large & (x > 0) & (x >= shape + 1)
    if fraction.any():
        share[fraction] = 1 - _gamma_fraction(shape[fraction], x[fraction])
    return np.clip(share, 0, 1)


def _gamma_series(a: Column, x: Column) -> Column:
    term = 1 / a
    total = term.copy()
    for n in range(1, 2000):
        term = term * x / (a + n)
        total = total + term
        if bool((np.abs(term) < np.abs(total) * _ENOUGH).all()):
            break
    return total * np.exp(a * np.log(x) - x - log_gamma(a))


def _gamma_fraction(a: Column, x: Column) -> Column:
    b = x + 1 - a
    c = np.full_like(x, 1 / _TINY)
    d = 1 / b
    h = d.copy()
    for n in range(1, 2000):
        step = -n * (n - a)
        b = b + 2
        d = 1 / _away_from_zero(step * d + b)
        c = _away_from_zero(b + step / c)
        change = c * d
        h = h * change
        if bool((np.abs(change - 1) < _ENOUGH).all()):
            break
    return np.exp(a * np.log(x) - x - log_gamma(a)) * h


def _away_from_zero(x: Column) -> Column:
    return np.where(np.abs(x) < _TINY, _TINY, x)


def gamma_quantile(shape: Column, share: float) -> Column:
    """The value below which a share of a gamma distribution (scale 1) lies."""
    shape = np.atleast_1d(np.array(shape, dtype=np.float64))
    z = _normal_quantile(share)
    start = np.log(np.maximum(shape, 1e-8)) + 3 * np.log(
        np.maximum(1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape)), 1e-3)
    )
    # For small shapes nearly all lies close to zero: there P(x) is about x^a / (a Γ(a)).
    near_zero = (math.log(share) + np.log(shape) + log_gamma(shape)) / shape
    start = np.where(shape < 1, np.minimum(start, near_zero), start)

    constant = log_gamma(shape)

    def density(at: Column, of: Ints) -> Column:
        return shape[of] * at - np.exp(at) - constant[of]

    def below(at: Column, of: Ints) -> Column:
        return gamma_share(shape[of], np.exp(at))

    return np.exp(_inverse(below, density, start, share, np.full_like(shape, -700.0), np.log(shape + 60) + 3))


def beta_share(a: Column, b: Column, x: Column) -> Column:
    """The share of a beta distribution below x."""
    a, b, x = (np.array(part, dtype=np.float64) for part in np.broadcast_arrays(a, b, x))
    share = np.where(x >= 1, 1.0, 0.0)
    inside = (x > 0) & (x < 1)
    a, b, x = a[inside], b[inside], x[inside]
    if not x.size:
        return share
    turned = x > (a + 1) / (a + b + 2)
    p, q, y = np.where(turned, b, a), np.where(turned, a, b), np.where(turned, 1 - x, x)
    front = log_gamma(p + q) - log_gamma(p) - log_gamma(q) + p * np.log(y) + q * np.log1p(-y)
    value = np.exp(front) * _beta_fraction(p, q, y) / p
    share[inside] = np.clip(np.where(turned, 1 - value, value), 0, 1)
    return share


def _beta_fraction(a: Column, b: Column, x: Column) -> Column:
    c = np.ones_like(x)
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    h = d.copy()
    for m in range(1, 3000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _away_from_zero(1 + even * d)
        c = _away_from_zero(1 + even / c)
        h = h * d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _away_from_zero(1 + odd * d)
        c = _away_from_zero(1 + odd / c)
        change = d * c
        h = h * change
        if bool((np.abs(change - 1) < 1e-10).all()):
            break
    return h


def beta_quantile(a: Column, b: Column, share: float) -> Column:
    """The value below which a share of a beta distribution lies, found on the scale of log odds."""
    a, b = (np.atleast_1d(np.array(part, dtype=np.float64)) for part in np.broadcast_arrays(a, b))
    spread = np.sqrt(1 / np.maximum(a, 0.3) + 1 / np.maximum(b, 0.3))
    start = np.log(a / b) + _normal_quantile(share) * spread
    constant = log_gamma(a + b) - log_gamma(a) - log_gamma(b)

    def density(at: Column, of: Ints) -> Column:
        return constant[of] - a[of] * np.logaddexp(0, -at) - b[of] * np.logaddexp(0, at)

    def below(at: Column, of: Ints) -> Column:
        return beta_share(a[of], b[of], 1 / (1 + np.exp(-at)))

    found = _inverse(below, density, start, share, np.full_like(a, -700.0), np.full_like(a, 700.0))
    return 1 / (1 + np.exp(-found))


def _inverse(
    below: Callable[[Column, Ints], Column],
    log_density: Callable[[Column, Ints], Column],
    start: Column,
    share: float,
    low: Column,
    high: Column,
) -> Column:
    """Where a rising function comes to a share: Newton's steps, and the middle of the bounds where they leave them.

    Only those are looked at again that are not there yet: most are after a few steps, and a few take dozens.
    """
    found = np.clip(start, low + 1e-9, high - 1e-9)
    left = np.arange(len(found))
    for _ in range(80):
        at = found[left]
        wrong = below(at, left) - share
        low[left] = np.where(wrong < 0, at, low[left])
        high[left] = np.where(wrong > 0, at, high[left])
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            new = at - wrong / np.exp(log_density(at, left))
        inside = np.isfinite(new) & (new > low[left]) & (new < high[left])
        new = np.where(inside, new, (low[left] + high[left]) / 2)
        found[left] = np.where(wrong == 0, at, new)
        left = left[(wrong != 0) & (np.abs(new - at) >= _NEAR)]
        if not len(left):
            break
    return found


def _normal_quantile(share: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(share)
