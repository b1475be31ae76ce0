"""A figure says how sure it is."""

import random

import pytest

from brandhound.reports.intervals import (
    count_difference,
    count_moved,
    share_interval,
    share_moved,
)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (0, 20), (20, 20), (1, 1), (10, 20), (999, 100_000)])
def test_an_interval_holds_its_share_and_stays_a_share(k: int, n: int) -> None:
    interval = share_interval(k, n)
    assert 0 <= interval.low <= (k / n if n else 0.5) + 1e-4
    assert 1 >= interval.high >= (k / n if n else 0.5) - 1e-4


@pytest.mark.parametrize("truth", [0.05, 0.3, 0.5, 0.9])
def test_nine_of_ten_intervals_hold_the_true_share(truth: float) -> None:
    chance = random.Random(7)
    held = 0
    for _ in range(2000):
        k = sum(chance.random() < truth for _ in range(60))
        interval = share_interval(k, 60)
        held += interval.low <= truth <= interval.high
    assert 0.86 <= held / 2000 <= 0.95


def test_one_loud_story_is_not_a_trend() -> None:
    assert not count_moved([40] + [1] * 20, [1] * 25)
    assert count_moved([1] * 60, [1] * 25)


def test_few_observations_never_move_anything() -> None:
    assert not share_moved((10, 10), (0, 10))
    assert not count_moved([1] * 9, [])


def test_of_unequal_days_nothing_is_said_unless_there_is_enough_on_both_sides() -> None:
    week = 7 / 90
    # None in seven days, where 24 in ninety let expect two.
    assert count_difference([], [1] * 24, week) is None
    assert not count_moved([], [1] * 24, week)
    assert count_difference([1] * 24, [], 90 / 7) is None
    assert count_moved([1] * 60, [1] * 100, week)
