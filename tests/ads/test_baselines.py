"""What is usual for an ad, and how sure one can be of the few data that one ad has."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandhound.ads.baselines.costs import dearer_than, estimate_costs, fit_costs, results_per_money
from brandhound.ads.baselines.maturing import USUAL, Read, learn_maturity, matured_spend
from brandhound.ads.baselines.quantiles import ROUGH_DOLLAR, baseline, baseline_for, quantile
from brandhound.ads.baselines.rates import clumping, estimate_rates, fit_rates, rate_below
from brandhound.ads.baselines.returns import estimate_returns, fit_returns, return_below
from brandhound.ads.baselines.special import beta_quantile, beta_share, gamma_quantile, gamma_share, log_gamma
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.metrics.formulas import Column
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums, daily_sums
from brandhound.ads.metrics.units import DIGITS

RATIOS = ("cpc", "cpm", "ctr", "conversion_rate", "cost_per_purchase", "roas", "cost_per_add_to_cart")


@st.composite
def ad_days(draw: st.DrawFn) -> tuple[dict[str, Column], Column]:
    ads = draw(st.integers(1, 8))
    whose = np.array(draw(st.lists(st.integers(1, ads), min_size=3, max_size=40)), dtype=np.float64)
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    impressions = chance.integers(0, 20_000, len(whose)).astype(np.float64)
    clicks = chance.binomial(impressions.astype(np.int64), 0.01).astype(np.float64)
    purchases = chance.binomial(clicks.astype(np.int64), 0.05).astype(np.float64)
    columns = {
        "impressions": impressions,
        "spend": np.round(impressions * chance.uniform(0.002, 0.02, len(whose)), 2),
        "link_clicks": clicks,
        "purchases": purchases,
        "adds_to_cart": purchases * 2.0,
        "purchase_value": purchases * 50.0,
    }
    return columns, whose


def medians(columns: dict[str, Column], whose: Column, currency: str = "EUR") -> dict[str, tuple[float, ...]]:
    _, added = daily_sums(columns, whose, currency)
    found = {name: baseline(METRICS[name], added) for name in RATIOS}
    return {n: tuple(-1.0 if v is None else v for v in (b.p25, b.median, b.p75, b.mean)) for n, b in found.items()}


def same(one: dict[str, tuple[float, ...]], other: dict[str, tuple[float, ...]]) -> None:
    for name, values in one.items():
        assert values == pytest.approx(other[name], rel=1e-9), name


@settings(max_examples=60, deadline=None)
@given(ad_days(), st.floats(0, 1), st.integers(0, 39))
def test_splitting_a_day_in_two_never_changes_a_baseline(
    given_days: tuple[dict[str, Column], Column], part: float, which: int
) -> None:
    columns, whose = given_days
    row = which % len(whose)
    split = {name: np.append(values, np.floor(values[row] * part)) for name, values in columns.items()}
    for name, values in split.items():
        values[row] = columns[name][row] - values[-1]
    same(medians(columns, whose), medians(split, np.append(whose, whose[row])))


@settings(max_examples=40, deadline=None)
@given(ad_days(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_baseline(
    given_days: tuple[dict[str, Column], Column], chance: Random
) -> None:
    columns, whose = given_days
    order = list(range(len(whose)))
    chance.shuffle(order)
    same(medians(columns, whose), medians({n: v[order] for n, v in columns.items()}, whose[order]))


@settings(max_examples=40, deadline=None)
@given(ad_days(), st.sampled_from([0.01, 3.0, 150.0]))
def test_another_currency_scales_costs_and_leaves_rates_alone(
    given_days: tuple[dict[str, Column], Column], rate: float
) -> None:
    columns, whose = given_days
    dearer = {n: v * rate if n in ("spend", "purchase_value") else v for n, v in columns.items()}
    before, after = medians(columns, whose), medians(dearer, whose, "JPY")
    for name in RATIOS:
        factor = rate if METRICS[name].shown == "money" else 1
        scaled = tuple(value if value == -1 else value * factor for value in before[name])
        assert after[name] == pytest.approx(scaled, rel=1e-9), name


def test_ads_without_a_purchase_are_part_of_what_is_usual() -> None:
    five = Sums(
        {
            "spend": np.full(5, 100.0),
            "purchases": np.array([0.0, 0.0, 0.0, 2.0, 4.0]),
            "purchase_value": np.array([0.0, 0.0, 0.0, 100.0, 200.0]),
            "impressions": np.full(5, 5000.0),
            "days": np.full(5, 10.0),
        },
        "USD",
        5,
    )
    assert baseline(METRICS["roas"], five).median == 0
    cost = baseline(METRICS["cost_per_purchase"], five)
    assert (cost.p25, cost.median, cost.ads) == (50, None, 5)
    assert cost.sufficient


def test_leaving_out_ads_without_a_purchase_would_raise_the_median_return_by_a_quarter() -> None:
    chance = np.random.default_rng(7)
    n = 20_000
    cpa = np.exp(chance.normal(np.log(50), 0.45, n))
    spend = np.exp(chance.normal(np.log(80), 1.4, n))
    bought = chance.poisson(spend / cpa).astype(np.float64)
    fit = spend >= 20
    all_ads = Sums({"spend": spend[fit], "purchase_value": bought[fit] * 60}, "USD", int(fit.sum()))
    some = Sums({name: column[bought[fit] > 0] for name, column in all_ads.columns.items()}, "USD", 1)
    some = Sums(some.columns, "USD", int((bought[fit] > 0).sum()))
    right, wrong = baseline(METRICS["roas"], all_ads).median, baseline(METRICS["roas"], some).median
    assert right == pytest.approx(1.14, abs=0.03)
    assert wrong == pytest.approx(1.42, abs=0.03)


def test_quantiles_lie_linearly_between_neighbours_as_numpy_has_them() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0])
    for share in (0.0, 0.02, 0.25, 0.5, 0.75, 1.0):
        assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)))


def test_a_cohort_that_is_too_small_hands_over_to_a_wider_one() -> None:
    chance = np.random.default_rng(3)
    n = 30
    impressions = chance.integers(5_000, 20_000, n).astype(np.float64)
    ads = Sums(
        {
            "impressions": impressions,
            "link_clicks": chance.binomial(impressions.astype(np.int64), 0.01).astype(np.float64),
            "spend": np.full(n, 50.0),
            "days": np.full(n, 7.0),
        },
        "USD",
        n,
    )
    video = np.arange(n) < 20
    video_for_sales = np.arange(n) < 3
    found = baseline_for(METRICS["ctr"], ads, [video_for_sales, video])
    assert (found.level, found.ads, found.sufficient) == (1, 20, True)
    few = ads.chosen(video_for_sales)
    assert baseline_for(METRICS["ctr"], few, []).lacks == ("ads", "ad_days")


# Those that Meta bills in: developers.facebook.com/docs/marketing-api/currencies.
BILLED_IN = (
    "AED ARS AUD BDT BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK JPY KES KRW KZT "
    "LKR MAD MOP MXN MYR NGN NIO NOK NZD PEN PHP PKR PLN PYG QAR RON RUB SAR SEK SGD THB TRY TWD UAH UGX USD UYU VND XOF ZAR"
)


@pytest.mark.parametrize("currency", sorted({*limits()["whole_currencies"], *DIGITS, *BILLED_IN.split()}))
def test_of_every_currency_that_an_account_can_be_in_it_is_known_what_a_dollar_is(currency: str) -> None:
    assert ROUGH_DOLLAR[currency] > 0.2
    # Where nobody counts hundredths, one unit is worth little.
    assert currency not in limits()["whole_currencies"] or ROUGH_DOLLAR[currency] > 20


@pytest.mark.parametrize(("currency", "spend"), [("ISK", 600.0), ("XTS", 1e12)])
def test_what_is_usual_is_not_told_of_hardly_any_money(currency: str, spend: float) -> None:
    columns = {"impressions": np.full(9, 9_000.0), "link_clicks": np.full(9, 90.0), "days": np.full(9, 9.0)}
    ads = Sums({**columns, "spend": np.full(9, spend)}, currency, 9)
    assert baseline_for(METRICS["ctr"], ads, []).lacks == ("spend",)


# The functions below are held against closed forms, since no library of statistics is at hand.


def test_gamma_functions_are_right() -> None:
    x = np.array([0.5, 1, 2.5, 10, 171.5, 1e6])
    assert log_gamma(x) == pytest.approx([math.lgamma(value) for value in x], rel=1e-12)
    at = np.array([0.01, 0.5, 1, 3, 20])
    assert gamma_share(np.ones(5), at) == pytest.approx(1 - np.exp(-at), rel=1e-9)
    for shape in (3, 40, 900):
        for mean in (0.5 * shape, 0.99 * shape, 1.3 * shape):
            poisson = sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(shape))
            assert gamma_share(np.array([shape]), np.array([mean]))[0] == pytest.approx(1 - poisson, abs=1e-9)
    assert gamma_share(np.array([999.9]), np.array([980.0]))[0] == pytest.approx(
        float(gamma_share(np.array([1000.1]), np.array([980.2]))[0]), abs=5e-5
    )


def test_beta_functions_are_right() -> None:
    x = np.array([0.001, 0.2, 0.5, 0.9, 0.9999])
    assert beta_share(np.full(5, 3.0), np.ones(5), x) == pytest.approx(x**3, rel=1e-9)
    for n, p in ((12, 0.3), (400, 0.02), (3000, 0.4)):
        for k in (1, int(n * p), int(n * p) + 3):
            tail = sum(
                math.exp(
                    math.lgamma(n + 1)
                    - math.lgamma(j + 1)
                    - math.lgamma(n - j + 1)
                    + j * math.log(p)
                    + (n - j) * math.log(1 - p)
                )
                for j in range(k, n + 1)
            )
            assert beta_share(np.array([k]), np.array([n - k + 1]), np.array([p]))[0] == pytest.approx(tail, abs=1e-8)


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 0.95, 0.999])
def test_quantiles_undo_shares(share: float) -> None:
    shapes = np.array([0.05, 0.3, 1, 2.5, 40, 900, 50_000])
    assert gamma_share(shapes, gamma_quantile(shapes, share)) == pytest.approx(np.full(7, share), abs=1e-6)
    a, b = np.array([0.3, 1, 5, 20, 2000, 3]), np.array([0.3, 400, 1e5, 3, 2500, 1e6])
    assert beta_share(a, b, beta_quantile(a, b, share)) == pytest.approx(np.full(6, share), abs=1e-6)


def world(chance: np.random.Generator, n: int = 200) -> tuple[Column, Column, Column]:
    """True cost of a purchase, spend with a heavy tail, and what was bought."""
    cost = np.exp(chance.normal(np.log(50), 0.45, n))
    spend = np.exp(chance.normal(np.log(80), 1.4, n))
    return cost, spend, chance.poisson(spend / cost).astype(np.float64)


def test_shrunk_estimates_choose_better_than_raw_ratios_and_their_intervals_hold() -> None:
    chance = np.random.default_rng(7)
    hits: dict[str, list[float]] = {"raw": [], "filtered": [], "shrunk": []}
    covered: list[float] = []
    half: list[float] = []
    for _ in range(40):
        cost, spend, bought = world(chance)
        prior = fit_costs(bought, spend)
        assert prior is not None
        best = set(np.argsort(cost)[:20])
        scores = {
            "raw": bought / spend,
            "filtered": np.where(spend >= 50, bought / spend, -1),
            "shrunk": results_per_money(prior, bought, spend),
        }
        for name, score in scores.items():
            hits[name].append(len(best & set(np.argsort(-score)[:10])) / 10)
        estimates = estimate_costs(prior, bought, spend)
        covered.append(float(np.mean((estimates.low90 <= cost) & (cost <= estimates.high90))))
        half.append(float(np.mean((estimates.low50 <= cost) & (cost <= estimates.high50))))
    assert np.mean(hits["shrunk"]) >= 0.55
    assert np.mean(hits["raw"]) <= 0.45
    assert np.mean(hits["shrunk"]) > np.mean(hits["filtered"]) > np.mean(hits["raw"])
    assert 0.85 <= np.mean(covered) <= 0.95
    assert 0.44 <= np.mean(half) <= 0.56


def test_money_without_a_purchase_is_information_not_an_endless_cost() -> None:
    chance = np.random.default_rng(5)
    _, spend, bought = world(chance)
    prior = fit_costs(bought, spend)
    assert prior is not None
    nothing, little, much = estimate_costs(prior, np.zeros(3), np.array([0.0, 30.0, 400.0])).mean
    assert nothing < little < much < 400
    likely = dearer_than(prior, np.zeros(3), np.array([0.0, 100.0, 1500.0]), 2 * prior.cost)
    assert likely[0] < likely[1] < likely[2]
    assert likely[2] > 0.95
    assert fit_costs(np.zeros(5), np.full(5, 10.0)) is None


def test_clumped_clicks_are_not_taken_for_as_many_independent_ones() -> None:
    chance = np.random.default_rng(11)
    ads, length = 150, 20
    true = chance.beta(8, 700, ads)
    n = chance.integers(200, 2000, (ads, length))
    moody = np.clip(true[:, None] * chance.gamma(12, 1 / 12, (ads, length)), 0, 1)
    clicks = chance.binomial(n, moody).astype(np.float64)
    s, t = clicks.sum(1), n.sum(1).astype(np.float64)
    clumped = clumping(s, t, (clicks**2 / n).sum(1), np.full(ads, float(length)))
    assert clumped > 1.4
    shares: list[float] = []
    for factor in (1.0, clumped):
        e = estimate_rates(fit_rates(s, t, factor), s, t)
        shares.append(float(np.mean((e.low90 <= true) & (true <= e.high90))))
    assert shares[0] < 0.85 < shares[1] <= 0.97


def test_an_ad_that_nobody_saw_is_taken_for_usual_and_says_so() -> None:
    s, t = np.array([0.0, 90.0, 110.0, 95.0]), np.array([0.0, 9000.0, 10_000.0, 12_000.0])
    prior = fit_rates(s, t)
    e = estimate_rates(prior, s, t)
    assert e.mean[0] == pytest.approx(prior.mean)
    assert e.prior_weight[0] == 1
    assert e.prior_weight[1] < 1
    assert rate_below(prior, s, t, prior.mean)[0] == pytest.approx(0.5, abs=0.2)


def test_one_that_is_unlike_the_others_does_not_speak_for_itself() -> None:
    # Half of those who check out pay, whichever ad they came by; of one ad a quarter. By the spread that this one made alone,
    # ads were taken to differ, and it for one of them.
    chance = np.random.default_rng(4)
    tried = np.tile([20.0, 40.0, 60.0, 90.0], 10)
    s = np.append(24.0, chance.binomial(tried.astype(np.int64), 0.5).astype(np.float64))
    t = np.append(91.0, tried)
    with_it, without = fit_rates(s, t), fit_rates(s, t, alike=True)
    assert without.alpha + without.beta > 10 * (with_it.alpha + with_it.beta)
    assert rate_below(with_it, s, t, 0.375)[0] < 0.8
    likely = rate_below(without, s, t, 0.375)
    assert likely[0] > 0.95
    assert (likely[1:] < 0.05).all()


def test_ads_that_truly_differ_are_no_strays() -> None:
    chance = np.random.default_rng(5)
    tried = np.full(200, 80.0)
    paid = chance.binomial(80, chance.beta(10, 10, 200)).astype(np.float64)
    plain, alike = fit_rates(paid, tried), fit_rates(paid, tried, alike=True)
    assert alike.alpha + alike.beta == pytest.approx(plain.alpha + plain.beta, rel=0.25)
    assert alike.mean == pytest.approx(plain.mean, abs=0.01)


def test_more_evidence_never_makes_an_estimate_less_sure() -> None:
    chance = np.random.default_rng(2)
    impressions = chance.integers(1000, 50_000, 60).astype(np.float64)
    prior = fit_rates(
        chance.binomial(impressions.astype(np.int64), chance.beta(10, 900, 60)).astype(np.float64), impressions
    )
    tried = np.array([100.0, 1_000, 10_000, 100_000])
    e = estimate_rates(prior, tried * 0.012, tried)
    assert (np.diff(e.high90 - e.low90) < 0).all()
    assert (np.diff(e.prior_weight) < 0).all()


def test_returns_keep_ads_without_a_purchase_and_cover_the_truth() -> None:
    chance = np.random.default_rng(9)
    n = 300
    cost, spend, bought = world(chance, n)
    worth = np.exp(chance.normal(np.log(60), 0.2, n))
    value: Column = np.array(
        [float(np.exp(chance.normal(np.log(worth[at]), 0.5, int(bought[at]))).sum()) for at in range(n)]
    )
    truth: Column = worth * float(np.exp(0.125)) / cost
    prior = fit_returns(bought, value, spend)
    assert prior is not None
    e = estimate_returns(prior, bought, value, spend)
    assert 0.83 <= float(np.mean((e.low90 <= truth) & (truth <= e.high90))) <= 0.97
    assert (e.mean[bought == 0] > 0).all()
    again = estimate_returns(prior, bought, value, spend)
    assert np.array_equal(e.low90, again.low90)


def test_how_likely_a_low_return_is_keeps_what_it_says_where_ads_sell_unlike_things() -> None:
    chance = np.random.default_rng(4)
    n = 3000
    cost, spend, bought = world(chance, n)
    worth = np.exp(chance.normal(np.log(60), 0.5, n))
    orders = np.maximum(bought, 1).astype(np.int64)
    value: Column = np.where(bought > 0, bought * worth * np.exp(chance.normal(0, 0.5 / np.sqrt(orders))), 0.0)
    truth: Column = worth / cost
    prior = fit_returns(bought, value, spend)
    assert prior is not None
    bound = prior.quantile(0.25)
    assert bound == pytest.approx(float(np.quantile(truth, 0.25)), rel=0.15)
    likely = return_below(prior, bought, value, spend, bound)
    for low, high in ((0.5, 0.8), (0.8, 0.95), (0.95, 1.01)):
        members = (likely >= low) & (likely < high)
        assert members.sum() >= 20
        assert (truth < bound)[members].mean() == pytest.approx(float(likely[members].mean()), abs=0.1)


def test_late_purchases_are_expected_from_what_the_account_did_before() -> None:
    reads = [
        Read(age, seen, 100.0) for age, seen in enumerate([40, 60, 75, 85, 90, 95, 97, *[100] * 22]) for _ in range(20)
    ]
    learnt = learn_maturity(reads)
    assert learnt.share(0) == pytest.approx(0.40, abs=0.02)
    assert learnt.final(30, 1) == pytest.approx(50, rel=0.05)
    assert learnt.share(28) == learnt.share(90) == 1
    assert (np.diff(learnt.shares) >= 0).all()
    assert learn_maturity([]).shares == pytest.approx(USUAL)
    assert matured_spend(np.array([100.0, 100.0]), np.array([0.0, 40.0]), learnt) == pytest.approx([40, 100], abs=2)
