"""What a few checked mentions say of many, and a promise that is kept."""

import random

import pytest

from brandhound.mentions.learning.estimating import (
    CELLS,
    Belief,
    Checked,
    beta_quantile,
    calibration_error,
    cell_of,
    exact_range,
    labels_needed,
    least_share,
    reliability,
    weighed,
)
from brandhound.mentions.learning.moving import in_words
from brandhound.mentions.learning.promising import LIMITS, promise


@pytest.mark.parametrize(
    ("right", "total", "sure", "least"),
    [
        # Clopper and Pearson's bound where all are right is the root of the chance that is left: 0.1 ** (1 / n).
        (45, 45, 0.9, 0.1 ** (1 / 45)),
        (59, 59, 0.95, 0.05 ** (1 / 59)),
        (1, 1, 0.9, 0.1),
        # Published: 95 % bounds of 10 of 20 are 0.2720 and 0.7280.
        (10, 20, 0.975, 0.2720),
        (0, 20, 0.9, 0.0),
        (0, 0, 0.9, 0.0),
    ],
)
def test_the_least_share_is_that_of_clopper_and_pearson(right: int, total: int, sure: float, least: float) -> None:
    assert least_share(right, total, sure) == pytest.approx(least, abs=5e-5)


def test_both_bounds_of_a_share_mirror_each_other() -> None:
    one, other = exact_range(3, 20), exact_range(17, 20)
    assert one.low == pytest.approx(1 - other.high)
    assert one.low < 0.15 < one.high
    assert exact_range(0, 0) == (0.0, 0.0, 1.0)


def test_quantiles_of_an_even_chance_are_even() -> None:
    assert [beta_quantile(chance, 1, 1) for chance in (0.05, 0.5, 0.95)] == pytest.approx([0.05, 0.5, 0.95])
    assert beta_quantile(0.5, 300, 700) == pytest.approx(0.3, abs=0.001)


def test_forty_five_clean_checks_prove_ninety_five_percent() -> None:
    assert labels_needed(0.95) == 45
    assert least_share(45, 45) >= 0.95 > least_share(44, 44)


def test_checks_that_speak_for_more_count_as_fewer_equal_ones() -> None:
    right, total = weighed([Checked(0.9, True)] * 10)
    assert (right, total) == (10, 10)
    right, total = weighed([*[Checked(0.9, True)] * 10, Checked(0.5, False, 10.0)])
    assert right / total == pytest.approx(0.5)
    assert total < 5
    assert weighed([]) == (0.0, 0.0)


def test_every_confidence_has_its_cell() -> None:
    assert [cell_of(confidence) for confidence in (0.0, 0.29, 0.8, 0.999, 1.0)] == [0, 29, 80, 99, 99]


def counts(*of: tuple[float, int]) -> list[int]:
    found = [0] * CELLS
    for confidence, number in of:
        found[cell_of(confidence)] += number
    return found


def test_without_checks_a_limit_is_worth_the_machines_own_word_and_says_how_little_that_is() -> None:
    belief = Belief(counts((0.95, 60), (0.6, 40)), [])
    there = belief.at(0.8)
    assert (there.shown, there.checked) == (60, 0)
    assert there.precision.share == pytest.approx(0.955, abs=0.002)
    assert there.precision.high - there.precision.low > 0.2
    assert there.kept == pytest.approx(60 * 0.955 / (60 * 0.955 + 40 * 0.605), abs=0.01)


def test_checks_correct_the_machines_own_word() -> None:
    wrong_often = [*[Checked(0.96, True)] * 30, *[Checked(0.96, False)] * 30]
    there = Belief(counts((0.96, 100)), wrong_often).at(0.8)
    assert 0.45 < there.precision.share < 0.6
    assert there.precision.high < 0.7


def test_a_brand_without_mentions_has_nothing_to_show() -> None:
    there = Belief([0] * CELLS, []).at(0.8)
    assert (there.shown, there.kept, there.precision) == (0, 0.0, (0.0, 0.0, 1.0))


def test_reliability_tells_belief_and_truth_apart_by_tenths() -> None:
    checked = [*[Checked(0.95, True)] * 9, Checked(0.95, False), *[Checked(0.25, False)] * 10]
    low, high = reliability(checked)
    assert (low.predicted, low.observed.share, low.checked) == (pytest.approx(0.25), 0.0, 10)
    assert (high.predicted, high.observed.share) == (pytest.approx(0.95), 0.9)
    assert calibration_error(checked) == pytest.approx((0.05 + 0.25) / 2)
    assert reliability([]) == []


def test_a_promise_is_proven_at_the_least_limit_whose_samples_suffice() -> None:
    clean = [Checked(0.97, True)] * 50
    doubtful = [*[Checked(0.6, True)] * 10, *[Checked(0.6, False)] * 10]
    due = promise(0.95, [*clean, *doubtful], Belief(counts((0.97, 100), (0.6, 100)), []))
    # Above 60 % only the clean ones are left; at 60 % ten of seventy are wrong.
    assert (due.proof, due.limit, due.checked) == ("proven", 0.65, 50)
    assert due.least >= 0.95


def test_a_promise_without_samples_stands_where_it_is_to_be_expected() -> None:
    sure = Belief(counts((0.99, 200), (0.7, 200)), [Checked(0.99, True)] * 80)
    due = promise(0.95, [], sure)
    assert (due.proof, due.checked, due.needed) == ("expected", 0, 45)
    # At 70 % confidence half of what is shown would be right in seven cases of ten only.
    assert due.limit > 0.7
    hopeless = Belief(counts((0.9, 200)), [Checked(0.9, False)] * 50)
    assert promise(0.95, [], hopeless).proof == "out_of_reach"
    assert promise(0.95, [], hopeless).limit == LIMITS[-1]


def test_what_is_not_proven_yet_does_not_say_that_all_checks_for_it_are_done() -> None:
    sure = Belief(counts((0.99, 200)), [Checked(0.99, True)] * 80)
    # Worth 14.6 equal ones: not fifteen, which is what 85 % takes.
    nearly = [*[Checked(0.99, True)] * 10, *[Checked(0.99, True, 0.7)] * 5]
    due = promise(0.85, nearly, sure)
    assert (due.proof, due.checked, due.needed) == ("expected", 14, 15)
    assert in_words(due, 0.85) == "85 % are to be expected there; 14 of 15 checks that prove it are done"
    some_wrong = [*[Checked(0.99, True)] * 27, *[Checked(0.99, False)] * 3]
    due = promise(0.85, some_wrong, sure)
    assert (due.proof, due.checked, due.needed) == ("expected", 30, 15)
    assert in_words(due, 0.85) == (
        "85 % are to be expected there; 30 checked mentions prove no more yet than that at least 79.0 % are right"
    )


def test_a_proven_promise_is_broken_in_fewer_than_one_case_of_ten() -> None:
    """Brands by chance, some of whose confidence is far too high; twelve weeks of samples each."""
    chance = random.Random(7)
    proven = broken = 0
    for _ in range(300):
        boast = chance.choice((0.0, 0.1, 0.25))
        mentions = [min(0.999, chance.betavariate(2.5, 0.6)) for _ in range(800)]
        truth = [chance.random() < max(0.0, p - boast * (1 - p) * 4 * chance.random()) for p in mentions]
        sampled = chance.sample(range(800), 168)
        samples = [Checked(mentions[at], truth[at]) for at in sampled]
        due = promise(0.95, samples, Belief(counts(*[(p, 1) for p in mentions]), samples))
        if due.proof == "proven":
            proven += 1
            shown = [true for p, true in zip(mentions, truth, strict=True) if p >= due.limit]
            broken += sum(shown) / len(shown) < 0.95
    assert proven >= 60
    assert broken / proven <= 0.1
