"""Which of two hundred ads are the best, by raw ratios and by shrunk estimates, where the truth is known. Prints JSON.

    python -m bench.quality.ads_ranking [--seed 7] [--rounds 200] [--ads 200]

True costs of a purchase are log-normal (median 50, σ 0.45), spend has a heavy tail (median 80, σ 1.4), purchases are a
Poisson count: half of the ads have hardly any. Each way of ranking names ten; those that truly belong to the best tenth
count. Coverage is the share of ads whose true cost lies in the interval.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from brandhound.ads.baselines.costs import estimate_costs, fit_costs, results_per_money
from brandhound.ads.baselines.quantiles import baseline
from brandhound.ads.metrics.formulas import Column
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums

CHOSEN = 10
WAYS = ("raw", "raw, spend >= 50", "shrunk")


def drawn(chance: np.random.Generator, ads: int) -> tuple[Column, Column, Column]:
    """True costs, spend, and what was bought."""
    cost = np.exp(chance.normal(np.log(50), 0.45, ads))
    spend = np.exp(chance.normal(np.log(80), 1.4, ads))
    return cost, spend, chance.poisson(spend / cost).astype(np.float64)


def one_round(chance: np.random.Generator, ads: int) -> dict[str, list[float]]:
    """Precision, rate of the chosen over the mean rate, and squared error of each way; then coverage of the intervals."""
    cost, spend, bought = drawn(chance, ads)
    prior = fit_costs(bought, spend)
    assert prior is not None
    raw, rate = bought / spend, 1 / cost
    best = set(np.argsort(cost)[: ads // 10].tolist())
    found: dict[str, list[float]] = {}
    scores = (raw, np.where(spend >= 50, raw, -1.0), results_per_money(prior, bought, spend))
    for way, score in zip(WAYS, scores, strict=True):
        top = np.argsort(-score)[:CHOSEN]
        hits = len(best & set(top.tolist())) / CHOSEN
        found[way] = [hits, float(rate[top].mean() / rate.mean()), float(np.mean((score - rate) ** 2))]
    estimates = estimate_costs(prior, bought, spend)
    found["coverage"] = [
        float(np.mean((estimates.low50 <= cost) & (cost <= estimates.high50))),
        float(np.mean((estimates.low90 <= cost) & (cost <= estimates.high90))),
    ]
    return found


def survivorship(chance: np.random.Generator) -> dict[str, float]:
    """The median return with and without ads that sold nothing."""
    _, spend, bought = drawn(chance, 20_000)
    fit = spend >= 20
    everything = Sums({"spend": spend[fit], "purchase_value": 60 * bought[fit]}, "USD", int(fit.sum()))
    sold = everything.chosen(bought[fit] > 0)
    with_all, only_sold = (baseline(METRICS["roas"], sums).median or 0 for sums in (everything, sold))
    return {"all ads": round(with_all, 3), "only ads that sold": round(only_sold, 3)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="as all the others take it; nothing is read there")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--ads", type=int, default=200)
    chosen = options.parse_args()
    chance = np.random.default_rng(chosen.seed)
    rounds = [one_round(chance, chosen.ads) for _ in range(chosen.rounds)]
    means = {way: np.mean([found[way] for found in rounds], axis=0) for way in (*WAYS, "coverage")}
    ranking = {
        way: {
            "precision_at_10": round(float(means[way][0]), 3),
            "rate_over_mean": round(float(means[way][1]), 3),
            "squared_error_1e6": round(float(means[way][2]) * 1e6, 1),
        }
        for way in WAYS
    }
    covered = {"50 %": round(float(means["coverage"][0]), 3), "90 %": round(float(means["coverage"][1]), 3)}
    report = {"rounds": chosen.rounds, "ranking": ranking, "coverage": covered, "median_return": survivorship(chance)}
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
