"""Rates with trials (clicks of impressions): Beta-Binomial, with trials that come in clumps."""

from dataclasses import dataclass

import numpy as np

from brandhound.ads.baselines.estimates import SHARES, Estimates
from brandhound.ads.baselines.special import AT_ONCE, beta_quantile, beta_share, log_gamma
from brandhound.ads.metrics.formulas import Column

LEAST_STRENGTH, MOST_STRENGTH = 2.0, 100_000.0
STRAYS = 0.03
"""So many ads may be quite unlike the others."""
ROUNDS = 2
MOST_FITTED = 1500
"""More ads than this tell a prior nothing new: evenly chosen ones stand for all."""


@dataclass(frozen=True, slots=True)
class RatePrior:
    """How the true rates of ads lie, as a beta distribution."""

    alpha: float
    beta: float
    clumping: float
    """So many trials tell as much as one independent one (Pearson's dispersion of the days)."""

    @property
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)

    def quantile(self, share: float) -> float:
        """How the true rates are spread: narrower than the raw ones, which are spread by chance too."""
        return float(beta_quantile(np.array([self.alpha]), np.array([self.beta]), share)[0])


def clumping(successes: Column, trials: Column, squares: Column, days: Column) -> float:
    """Pearson's dispersion of days around each ad's own rate; `squares` is Σ over days of successes² ÷ trials.

    1 would be independent trials; auctions and people are not. Never taken for less than 1.
    """
    fit = (trials > 0) & (successes > 0) & (successes < trials) & (days > 1)
    if not fit.any():
        return 1.0
    rate = successes[fit] / trials[fit]
    chi = (squares[fit] - rate * successes[fit]) / (rate * (1 - rate))
    return max(1.0, float(np.sum(chi) / np.sum(days[fit] - 1)))


def fit_rates(successes: Column, trials: Column, clumped: float = 1.0, *, alike: bool = False) -> RatePrior:
    """The prior that makes what was seen most likely, looked for on a grid and then on a finer one.

    `alike`: of the ads that are no strays. One that is quite unlike the others would else make it seem that all differ, and
    so speak for itself when it is held against them.
    """
    use = (trials > 0) & ~np.isnan(successes)
    s, n = np.minimum(successes[use], trials[use]) / clumped, trials[use] / clumped
    if not len(n) or not s.sum():
        return RatePrior(0.5, 99.5, clumped)
    step = max(1, -(-len(n) // MOST_FITTED))
    s, n = s[::step], n[::step]
    found = _fitted(s, n, np.ones(len(n)), clumped)
    for _ in range(ROUNDS if alike else 0):
        stray = _stray(found, found.alpha + s, found.beta + n - s, STRAYS)
        if stray is None:
            break
        found = _fitted(s, n, 1 - stray[0], clumped)
    return found


def _fitted(s: Column, n: Column, weight: Column, clumped: float) -> RatePrior:
    pooled = float(s.sum() / n.sum())
    unweighted = float(np.clip(np.mean(s / n), pooled / 4, pooled * 4))
    middle = np.clip(np.sqrt(pooled * max(unweighted, 1e-9)), 1e-7, 1 - 1e-7)
    odds, strength = float(np.log(middle / (1 - middle))), float(np.sqrt(LEAST_STRENGTH * MOST_STRENGTH))
    width, height = 1.2, float(np.log(MOST_STRENGTH / LEAST_STRENGTH)) / 2
    for _ in range(4):
        strengths = np.exp(np.linspace(float(np.log(strength)) - height, float(np.log(strength)) + height, 9))
        m = np.repeat(np.clip(strengths, LEAST_STRENGTH, MOST_STRENGTH), 9)
        o = np.tile(np.linspace(odds - width, odds + width, 9), 9)
        mean = 1 / (1 + np.exp(-o))
        best = int(np.argmax(_log_likelihoods(s, n, weight, mean * m, (1 - mean) * m)))
        odds, strength = float(o[best]), float(m[best])
        width, height = width / 3.5, height / 3.5
    mean = float(1 / (1 + np.exp(-odds)))
    return RatePrior(mean * strength, (1 - mean) * strength, clumped)


def log_likelihood(prior: RatePrior, successes: Column, trials: Column) -> float:
    """How likely what was seen is with this prior; but for what does not depend on it, so that priors can be compared."""
    use = (trials > 0) & ~np.isnan(successes)
    s, n = np.minimum(successes[use], trials[use]) / prior.clumping, trials[use] / prior.clumping
    one, other = np.array([prior.alpha]), np.array([prior.beta])
    return float(_log_likelihoods(s, n, np.ones(len(n)), one, other)[0])


def _log_likelihoods(s: Column, n: Column, weight: Column, a: Column, b: Column) -> Column:
    """Of each pair of parameters."""
    pairs = max(1, AT_ONCE // len(n))
    sums = np.empty(len(a))
    for start in range(0, len(a), pairs):
        one, other = a[start : start + pairs, None], b[start : start + pairs, None]
        each = log_gamma(s + one) + log_gamma(n - s + other) - log_gamma(n + one + other)
        sums[start : start + pairs] = np.sum(each * weight, axis=1)
    return sums + weight.sum() * (log_gamma(a + b) - log_gamma(a) - log_gamma(b))


def _posterior(prior: RatePrior, successes: Column, trials: Column) -> tuple[Column, Column]:
    n = np.nan_to_num(trials) / prior.clumping
    s = np.minimum(np.nan_to_num(successes) / prior.clumping, n)
    return prior.alpha + s, prior.beta + n - s


def estimate_rates(prior: RatePrior, successes: Column, trials: Column) -> Estimates:
    """Each ad's rate, drawn to what is usual the more, the less was seen of it."""
    a, b = _posterior(prior, successes, trials)
    low90, low50, high50, high90 = (beta_quantile(a, b, share) for share in SHARES)
    own = (prior.alpha + prior.beta) / (a + b)
    return Estimates(a / (a + b), low90, low50, high50, high90, own)


def rate_below(
    prior: RatePrior, successes: Column, trials: Column, bound: float | Column, stray: float = STRAYS
) -> Column:
    """How likely each ad's true rate is below a bound, of its own or of all.

    Where all ads are alike, the prior is narrow, and would draw the one that is quite different to the others, however much
    was seen of it. So a few may be strays, of which nothing is known beforehand.
    """
    a, b = _posterior(prior, successes, trials)
    usual = beta_share(a, b, np.full_like(a, bound))
    away = _stray(prior, a, b, stray)
    if away is None:
        return usual
    weight, one, other = away
    return weight * beta_share(one, other, np.full_like(a, bound)) + (1 - weight) * usual


def _stray(prior: RatePrior, a: Column, b: Column, stray: float) -> tuple[Column, Column, Column] | None:
    """How likely each ad is a stray, and its rate's distribution if it is one; None where the prior is as wide as theirs."""
    mean = min(max(prior.mean, 1e-6), 1 - 1e-6)
    wide = max(2.0, 1 / mean, 1 / (1 - mean))
    if prior.alpha + prior.beta <= wide:
        return None
    s, f = a - prior.alpha, b - prior.beta
    one, other = wide * mean, wide * (1 - mean)
    away = _log_beta(one + s, other + f) - _log_beta(np.array([one]), np.array([other]))
    alike = _log_beta(a, b) - _log_beta(np.array([prior.alpha]), np.array([prior.beta]))
    weight = 1 / (1 + (1 - stray) / stray * np.exp(np.clip(alike - away, -700, 700)))
    return weight, one + s, other + f


def _log_beta(a: Column, b: Column) -> Column:
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b)
