"""Return on spend: whether anything is bought (Gamma-Poisson) times what a purchase is worth (log-normal)."""

from dataclasses import dataclass

import numpy as np

from brandhound.ads.baselines.costs import CostPrior, fit_costs
from brandhound.ads.baselines.estimates import SHARES, Estimates
from brandhound.ads.baselines.special import gamma_share
from brandhound.ads.metrics.formulas import Column

DRAWS = 4000
AT_ONCE = 500
NODES = 9
HALVINGS = 40


@dataclass(frozen=True, slots=True)
class ReturnPrior:
    """How the true returns of ads lie."""

    cost: CostPrior
    log_worth: float
    """The logarithm of what a purchase is usually worth."""
    between: float
    """How much ads differ in it (variance of the logarithm)."""
    within: float
    """How much purchases of one ad differ in it."""

    def quantile(self, share: float) -> float:
        """How the true returns are spread: by what a purchase costs, and by what it is worth."""
        far = 4 * float(np.sqrt(self.between))
        low = self.log_worth - float(np.log(self.cost.cost_quantile(0.999))) - far
        high = self.log_worth - float(np.log(self.cost.cost_quantile(0.001))) + far
        nothing = np.zeros(1)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            below = float(return_below(self, nothing, nothing, nothing, float(np.exp(middle)))[0])
            low, high = (middle, high) if below < share else (low, middle)
        return float(np.exp((low + high) / 2))


def fit_returns(purchases: Column, value: Column, spend: Column) -> ReturnPrior | None:
    """The prior; none while nothing was bought.

    Single orders are not known, only sums a day: an ad's mean is taken, with as much weight as it has purchases.
    """
    cost = fit_costs(purchases, spend)
    bought = (np.nan_to_num(purchases) >= 1) & (np.nan_to_num(value) > 0)
    if cost is None or not bought.any():
        return None
    k = purchases[bought]
    worth = value[bought] / k
    if len(worth) >= 5:
        # One order of a hundred times the usual must not set what is usual.
        worth = np.minimum(worth, np.quantile(worth, 0.99))
    logs = np.log(worth)
    middle = float(np.average(logs, weights=k))
    if len(logs) < 3:
        return ReturnPrior(cost, middle, 0.05, 0.25)
    # Var(log mean of k orders) = between + within / k, fitted by least squares with positive parts.
    squared = (logs - middle) ** 2
    design = np.stack([np.ones_like(k), 1 / k], axis=1)
    weights = np.sqrt(k)[:, None]
    solved = np.linalg.lstsq(design * weights, squared * weights[:, 0], rcond=None)[0]
    return ReturnPrior(cost, middle, max(float(solved[0]), 0.003), max(float(solved[1]), 0.01))


def estimate_returns(prior: ReturnPrior, purchases: Column, value: Column, spend: Column, seed: int = 1) -> Estimates:
    """Each ad's return. Drawn at random from a seed: the same input gives the same answer."""
    chance = np.random.default_rng(seed)
    k, v, s = (np.nan_to_num(part) for part in (purchases, value, spend))
    shape, money = prior.cost.shape + k, prior.cost.money + s
    middle, spread = _worth(prior, k, v)
    normal = chance.standard_normal(DRAWS)
    mean = np.empty_like(k)
    bounds = np.empty((len(SHARES), len(k)))
    for start in range(0, len(k), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        rates = chance.standard_gamma(shape[part, None], size=(len(shape[part]), DRAWS)) / money[part, None]
        draws = rates * np.exp(middle[part, None] + spread[part, None] * normal)
        mean[part] = shape[part] / money[part] * np.exp(middle[part] + spread[part] ** 2 / 2)
        bounds[:, part] = np.quantile(draws, SHARES, axis=1)
    low90, low50, high50, high90 = bounds
    return Estimates(mean, low90, low50, high50, high90, prior.cost.money / money)


def return_below(prior: ReturnPrior, purchases: Column, value: Column, spend: Column, bound: float) -> Column:
    """How likely each ad's true return is below a bound: what a purchase of it is worth is as uncertain as how many there are."""
    k, v, s = (np.nan_to_num(part) for part in (purchases, value, spend))
    shape, money = prior.cost.shape + k, prior.cost.money + s
    middle, spread = _worth(prior, k, v)
    likely = np.zeros_like(money)
    for node, weight in zip(*np.polynomial.hermite_e.hermegauss(NODES), strict=True):
        likely += weight * gamma_share(shape, money * bound / np.exp(middle + spread * node))
    return likely / np.sqrt(2 * np.pi)


def _worth(prior: ReturnPrior, k: Column, v: Column) -> tuple[Column, Column]:
    """The logarithm of what a purchase of each ad is worth, and its standard deviation."""
    precision = np.where((k > 0) & (v > 0), 1 / np.maximum(prior.within / np.maximum(k, 1e-9), 1e-9), 0.0)
    own = np.log(np.maximum(v, 1e-12) / np.maximum(k, 1e-12), out=np.zeros_like(k), where=(k > 0) & (v > 0))
    total = precision + 1 / prior.between
    return (precision * own + prior.log_worth / prior.between) / total, np.sqrt(1 / total)
