"""Results per money (the inverse of what one costs): Gamma-Poisson. Zero results are information, not endless cost."""

from dataclasses import dataclass

import numpy as np

from brandhound.ads.baselines.estimates import SHARES, Estimates
from brandhound.ads.baselines.special import AT_ONCE, gamma_quantile, gamma_share, log_gamma
from brandhound.ads.metrics.formulas import Column

LEAST_SHAPE, MOST_SHAPE = 0.3, 60.0
MOST_FITTED = 2500


@dataclass(frozen=True, slots=True)
class CostPrior:
    """How the true results per money of ads lie, as a gamma distribution."""

    shape: float
    money: float
    """Its second parameter: as if so much had been spent for `shape` results."""

    @property
    def cost(self) -> float:
        """What a result costs on the whole."""
        return self.money / self.shape

    def cost_quantile(self, share: float) -> float:
        """How the true costs are spread."""
        return self.money / float(gamma_quantile(np.array([self.shape]), 1 - share)[0])


def fit_costs(results: Column, spend: Column) -> CostPrior | None:
    """The prior that makes what was seen most likely; none while nothing at all came of any money."""
    use = (spend > 0) & ~np.isnan(results)
    k, s = results[use], spend[use]
    if not len(k) or not k.sum():
        return None
    step = max(1, -(-len(k) // MOST_FITTED))
    k, s = k[::step], s[::step]
    if not k.sum():
        k, s = results[use], spend[use]
    rate, shape = float(k.sum() / s.sum()), float(np.sqrt(LEAST_SHAPE * MOST_SHAPE))
    width, height = 0.6, float(np.log(MOST_SHAPE / LEAST_SHAPE)) / 2
    for _ in range(4):
        shapes = np.exp(np.linspace(float(np.log(shape)) - height, float(np.log(shape)) + height, 13))
        a = np.repeat(np.clip(shapes, LEAST_SHAPE, MOST_SHAPE), 9)
        m = np.tile(rate * np.exp(np.linspace(-width, width, 9)), 13)
        best = int(np.argmax(_log_likelihoods(k, s, a, a / m)))
        shape, rate = float(a[best]), float(m[best])
        width, height = width / 3.5, height / 3.5
    return CostPrior(shape, shape / rate)


def _log_likelihoods(k: Column, s: Column, a: Column, b: Column) -> Column:
    """Of each pair of parameters; the constants of what was seen left out."""
    pairs = max(1, AT_ONCE // len(k))
    sums = np.empty(len(a))
    for start in range(0, len(a), pairs):
        one, other = a[start : start + pairs, None], b[start : start + pairs, None]
        each = one * np.log(other / (other + s)) + k * np.log(s / (other + s))
        fixed = np.sum(log_gamma(k + one), axis=1) - len(k) * log_gamma(a[start : start + pairs])
        sums[start : start + pairs] = fixed + np.sum(each, axis=1)
    return sums


def results_per_money(prior: CostPrior, results: Column, spend: Column) -> Column:
    """The mean of what each ad truly brings for one unit of money: what ads are ranked by."""
    return (prior.shape + np.nan_to_num(results)) / (prior.money + np.nan_to_num(spend))


def estimate_costs(prior: CostPrior, results: Column, spend: Column) -> Estimates:
    """What a result of each ad costs. `spend` is what results have had the time to come from (see `maturing`)."""
    shape, money = prior.shape + np.nan_to_num(results), prior.money + np.nan_to_num(spend)
    low90, low50, high50, high90 = (money / gamma_quantile(shape, 1 - share) for share in SHARES)
    return Estimates(money / shape, low90, low50, high50, high90, prior.money / money)


def dearer_than(prior: CostPrior, results: Column, spend: Column, cost: float) -> Column:
    """How likely a result of each ad truly costs more than so much."""
    shape, money = prior.shape + np.nan_to_num(results), prior.money + np.nan_to_num(spend)
    return gamma_share(shape, money / cost)
