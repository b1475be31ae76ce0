"""What is usual, how rare a count is, and how well incidents are found among made-up years."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandhound.mentions.alerts.expecting import DAY, WEEK, usual_days
from brandhound.mentions.alerts.spikes import find_spikes
from brandhound.mentions.alerts.tails import at_least, at_most, highest_usual
from tests.mentions.alerts.planting import measured

means = st.floats(0.01, 300)
dispersions = st.floats(0, 3)


@given(means, dispersions, st.integers(0, 400))
def test_both_tails_make_one_and_never_grow_the_wrong_way(mean: float, dispersion: float, count: int) -> None:
    assert at_least(count, mean, dispersion) + at_most(count - 1, mean, dispersion) == pytest.approx(1, abs=1e-6)
    assert at_least(count + 1, mean, dispersion) <= at_least(count, mean, dispersion) + 1e-12
    assert 0 <= at_least(count, mean, dispersion) <= 1


def test_without_dispersion_it_is_poissons() -> None:
    assert at_most(2, 3.0, 0) == pytest.approx(math.exp(-3) * (1 + 3 + 4.5))
    assert at_least(40, 3.0, 0) == pytest.approx(2.7e-29, rel=0.5)
    assert highest_usual(3.0, 0, 0.99) == 8


@given(st.lists(st.integers(0, 50), min_size=0, max_size=10 * DAY))
def test_what_is_usual_is_told_from_the_past_alone(counts: list[int]) -> None:
    places = [hour % WEEK for hour in range(len(counts) + DAY)]
    told = list(usual_days(counts, places))
    changed = [*counts[: 3 * DAY], *(count + 7 for count in counts[3 * DAY :])]
    for one, other in zip(told[:4], list(usual_days(changed, places))[:4], strict=True):
        assert one.means.tolist() == other.means.tolist()
        assert (one.means > 0).all()


def test_a_level_that_rises_for_good_is_a_spike_once_and_then_usual() -> None:
    counts = ([0] * 9 + [1] + [0] * 4 + [1] + [0] * 9) * 60 + ([0] * 8 + [2] * 6 + [0] * 10) * 40
    spikes = find_spikes(counts, [hour % WEEK for hour in range(len(counts))])
    assert len(spikes) == 1
    assert spikes[0].closed is not None


def test_planted_incidents_are_found_and_false_alarms_are_few() -> None:
    board = measured(seed=1, brands=5, years=1, incidents=25)
    assert board.found >= 20, board
    assert board.false_alarms_a_month < 1, board
