"""From which day on a page brings less: its ads come and go, and are each compared with themselves."""

import numpy as np

from brandhound.ads.baselines.costs import CostPrior
from brandhound.ads.diagnosing.happenings import split_of_days
from brandhound.ads.diagnosing.turning import AdDays, turn_of
from brandhound.ads.metrics.formulas import Column

DAYS, TURN = 90, 79
USUAL = CostPrior(7.0, 100.0)
"""Seven of a hundred put something into a cart, and two thirds of ads lie within a third of that."""
SURE = 3.5


def ads(seed: int, clicks: Column, left: float = 1.0) -> AdDays:
    """What comes by ads whose rates are spread as usual; from the turn on, so much of it is left."""
    rng = np.random.default_rng(seed)
    rates = rng.standard_gamma(USUAL.shape, size=(clicks.shape[1],)) / USUAL.money
    of_page: Column = np.where(np.arange(DAYS) >= TURN, left, 1.0)
    return AdDays(clicks, rng.poisson(clicks * rates * of_page[:, None]).astype(np.float64))


def others(seed: int) -> tuple[Column, Column]:
    expected = np.full(DAYS, 60.0)
    return np.random.default_rng(seed + 1000).poisson(expected).astype(np.float64), expected


def coming_and_going() -> Column:
    """Four ads of which three ran long before, with little, and one began three days before the turn, with much."""
    clicks = np.zeros((DAYS, 4))
    clicks[40:, 0], clicks[30:, 1], clicks[20:85, 2] = 8, 8, 8
    clicks[TURN - 3 :, 3] = 150
    return clicks


def found(seed: int, clicks: Column, left: float, prior: CostPrior | None = USUAL) -> bool:
    turned = turn_of(ads(seed, clicks, left), others(seed), DAYS - 28, 1.0, prior)
    return turned is not None and turned[0].sure >= SURE and turned[0].factor < 1 / 1.5


def hidden_in_own_rates(seed: int, clicks: Column, left: float) -> bool:
    """As if each ad's rate were known from all of its days: then those after the turn hide it."""
    came = ads(seed, clicks, left)
    own = (came.done.sum(0) + USUAL.shape) / (clicks.sum(0) + USUAL.money)
    split = split_of_days(came.done.sum(1), (clicks * own).sum(1), *others(seed))
    return split is not None and split.sure >= SURE and split.factor < 1 / 1.5


def test_a_turn_is_found_though_most_clicks_are_of_an_ad_that_hardly_ran_before() -> None:
    clicks = coming_and_going()
    named = sum(found(seed, clicks, 0.4) for seed in range(40))
    before = sum(hidden_in_own_rates(seed, clicks, 0.4) for seed in range(40))
    assert named >= 30, (named, before)
    assert named >= 1.5 * before, (named, before)


def test_ads_that_differ_are_no_turn_of_their_page() -> None:
    clicks = coming_and_going()
    assert sum(found(seed, clicks, 1.0) for seed in range(300)) <= 3


def test_ads_that_only_ran_afterwards_say_no_more_than_rates_are_spread() -> None:
    # One ended as the other began; how much they differ is how much ads differ.
    one_each = np.zeros((DAYS, 2))
    one_each[:TURN, 0] = one_each[TURN:, 1] = 200
    assert sum(found(seed, one_each, 1.0) for seed in range(300)) <= 3
    assert turn_of(ads(1, np.zeros((DAYS, 2))), others(1), DAYS - 28, 1.0, USUAL) is None


def test_where_nothing_is_known_of_ads_a_page_is_one_and_compared_with_itself() -> None:
    clicks = np.full((DAYS, 1), 100.0)
    for seed in range(10):
        came = ads(seed, clicks, 0.5)
        turned = turn_of(came, others(seed), 0, 1.0)
        as_before = split_of_days(came.done[:, 0], clicks[:, 0], *others(seed), clumped=1.0)
        assert turned is not None
        assert as_before is not None
        assert abs(turned[0].sure - as_before.sure) < 0.2
        assert turned[0].at == as_before.at
