"""Learning weights from judgements: a little from few, much from many, and honest on what it has not seen."""

import numpy as np
import numpy.typing as npt
import pytest

from brandhound.mentions.learning.fitting import (
    Cases,
    Floats,
    Hold,
    calibration,
    chance,
    fit,
    folds_of,
    learn,
    unseen_odds,
)

RANDOM = np.random.default_rng(3)


def cases(number: int, *, cold: float = 0.0) -> tuple[Cases, npt.NDArray[np.bool_]]:
    """Sentences about one of two things, which the cold start cannot tell apart."""
    axes: Floats = np.eye(384)
    right = np.arange(number) % 2 == 0
    meant: Floats = np.stack([axes[0] if one else axes[1] for one in right.tolist()])
    noise: Floats = RANDOM.normal(size=(number, 384)) / 24
    vectors: Floats = meant * 0.7 + noise
    keys = tuple(f"sentence {at}" for at in range(number))
    return Cases(np.full(number, cold), np.zeros((number, 0)), vectors, keys), right


def test_thirty_judgements_part_two_meanings() -> None:
    known, right = cases(230)
    seen = np.arange(230) < 30
    learned = learn(known.some(seen), right[seen])
    said = chance(learned.fit.odds(known.some(~seen)))
    assert ((said >= 0.5) == right[~seen]).mean() >= 0.95


def test_few_judgements_move_it_a_little() -> None:
    known, right = cases(4, cold=1.0)
    few = chance(fit(known, right, Hold()).odds(known))
    assert (few[right] > few[~right].max()).all()
    assert ((few > 0.05) & (few < 0.99)).all()


def test_without_vectors_and_signs_only_the_trust_in_the_cold_start_is_learned() -> None:
    cold = np.array([2.0, 1.5, -1.0, -2.0, 0.5, -0.5])
    right = cold > 0
    plain = Cases(cold, np.zeros((6, 0)), np.zeros((6, 384)), tuple("abcdef"))
    found = fit(plain, right, Hold())
    assert not found.direction.any()
    assert found.trust > 1.0


def test_what_is_said_of_unseen_cases_does_not_know_them() -> None:
    known, right = cases(60)
    shuffled = RANDOM.permutation(right)
    seen = chance(fit(known, shuffled, Hold()).odds(known))
    unseen = chance(unseen_odds(known, shuffled, Hold()))
    assert ((seen >= 0.5) == shuffled).mean() > 0.8
    assert ((unseen >= 0.5) == shuffled).mean() < 0.7


def test_like_sentences_are_set_aside_together() -> None:
    part = folds_of(["a", "b", "a", "c", "b"])
    assert part[0] == part[2]
    assert part[1] == part[4]
    assert len({part[0], part[1], part[3]}) == 3


def test_odds_that_say_too_much_are_made_humbler() -> None:
    odds = np.where(np.arange(200) % 2 == 0, 6.0, -6.0)
    right = odds > 0
    right[:40] = ~right[:40]
    slope, _ = calibration(odds, right, Hold())
    assert slope < 0.5


@pytest.mark.parametrize("number", [2, 9])
def test_any_small_number_of_judgements_can_be_learned_from(number: int) -> None:
    known, right = cases(number)
    assert np.isfinite(learn(known, right).unseen).all()
