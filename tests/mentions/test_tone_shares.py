"""Shares of tones are corrected by how often tone is read right, and say how far they can be known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandhound.mentions.tone_knowledge import EYES, ToneKnowledge, shipped
from brandhound.mentions.tone_shares import (
    READ,
    TRUE,
    Counts4,
    Matrix,
    ToneCounts,
    balance,
    balance_moved,
    counts_from,
    labelled,
    matrix_of,
    quantile,
    shares,
)

SHARP: Matrix = ((1e6, 0, 0, 0), (0, 1e6, 0, 0), (0, 0, 1e6, 0))
USUAL = matrix_of(((70, 20, 8, 2, 5), (15, 75, 10, 0, 9), (10, 20, 68, 2, 5)))

counts4 = st.tuples(*[st.integers(0, 400)] * 4)
said3 = st.tuples(*[st.integers(0, 50).map(float)] * 3)
rows = st.tuples(*[st.floats(0, 300)] * 4)


def read(*numbers: int) -> ToneCounts:
    return ToneCounts((0.0, 0.0, 0.0), (_four(numbers),))


def _four(numbers: tuple[int, ...]) -> Counts4:
    negative, neutral, positive, mixed = numbers
    return negative, neutral, positive, mixed


@settings(max_examples=60, deadline=None)
@given(said3, counts4, st.tuples(rows, rows, rows))
def test_shares_are_shares_and_their_intervals_hold_them(
    said: tuple[float, float, float], texts: Counts4, matrix: Matrix
) -> None:
    counts = ToneCounts(said, (texts,))
    eyes = [matrix_of(tuple((*row, 0.0) for row in np.array(matrix) + 0.01))]
    found = shares(counts, eyes)
    assert abs(sum(share.value for share in found.values()) - 1) < 1e-3
    for share in found.values():
        assert 0 <= share.low <= share.value + 0.02
        assert share.value - 0.02 <= share.high <= 1
    tone = balance(counts, eyes)
    assert -1 <= tone.low <= tone.high <= 1
    assert tone.value == pytest.approx(found["positive"].value - found["negative"].value, abs=2e-4)


def test_with_eyes_that_never_err_the_shares_are_those_counted() -> None:
    found = shares(read(300, 500, 200, 0), [SHARP])
    for tone, share in zip(TRUE, (0.3, 0.5, 0.2), strict=True):
        assert found[tone].value == pytest.approx(share, abs=0.01)
        assert found[tone].high - found[tone].low < 0.06


def test_what_a_person_said_counts_as_true_and_needs_no_correction() -> None:
    by_people = shares(ToneCounts((100.0, 100.0, 200.0), ((0, 0, 0, 0),)), [USUAL])
    assert by_people["positive"].value == pytest.approx(0.5, abs=0.02)
    by_machine = shares(read(100, 100, 200, 0), [USUAL])
    width = by_people["positive"].high - by_people["positive"].low
    assert by_machine["positive"].high - by_machine["positive"].low > 1.5 * width


def test_what_is_often_mistaken_for_neutral_is_given_back() -> None:
    # Half of all blame is read as neutral: as many more must be there.
    eyes = [
        matrix_of(
            ((50, 50, 0, 0, 0), (0, 100, 0, 0, 0), (0, 0, 100, 0, 0)),
            ((500, 500, 0, 0), (0, 1000, 0, 0), (0, 0, 1000, 0)),
        )
    ]
    found = shares(read(100, 300, 100, 0), eyes)
    assert found["negative"].value == pytest.approx(0.4, abs=0.04)


def test_more_labels_make_narrower_intervals() -> None:
    few = shares(read(300, 400, 300, 0), [USUAL])
    own: Matrix = tuple(tuple(value * 20 for value in row) for row in USUAL)
    many = shares(read(300, 400, 300, 0), [matrix_of(((70, 20, 8, 2, 5), (15, 75, 10, 0, 9), (10, 20, 68, 2, 5)), own)])
    assert all(many[t].high - many[t].low < few[t].high - few[t].low for t in TRUE)


@pytest.mark.parametrize("truth", [(0.1, 0.6, 0.3), (0.33, 0.34, 0.33), (0.05, 0.9, 0.05), (0.6, 0.3, 0.1)])
@pytest.mark.parametrize("texts", [40, 300])
def test_nine_of_ten_intervals_hold_the_true_share(truth: tuple[float, ...], texts: int) -> None:
    """Eyes are drawn as uncertain as they are known; texts are drawn and read by them."""
    chance = np.random.default_rng(11)
    held, asked = 0, 0
    for _ in range(150):
        eyes = np.array([chance.dirichlet(row) for row in USUAL])
        labels = chance.multinomial(texts, truth)
        seen = sum(chance.multinomial(number, row) for number, row in zip(labels, eyes, strict=True))
        found = shares(read(*(int(n) for n in np.asarray(seen))), [USUAL])
        for tone, share in zip(TRUE, truth, strict=True):
            held += found[tone].low <= share <= found[tone].high
            asked += 1
    assert 0.84 <= held / asked <= 0.97


def test_the_bare_counts_hold_the_truth_far_less_often() -> None:
    """What the correction is for: intervals of what was read are narrow and wrong."""
    chance = np.random.default_rng(12)
    bare, corrected = 0, 0
    for _ in range(100):
        eyes = np.array([chance.dirichlet(row) for row in USUAL])
        seen = np.asarray(sum(chance.multinomial(n, row) for n, row in zip((60, 180, 60), eyes, strict=True)))
        counts = read(*(int(n) for n in seen))
        for matrix, add in ((SHARP, "bare"), (USUAL, "corrected")):
            found = shares(counts, [matrix])["neutral"]
            holds = found.low <= 0.6 <= found.high
            bare += holds if add == "bare" else 0
            corrected += holds if add == "corrected" else 0
    assert bare < 60
    assert corrected > 80


def test_the_same_counts_give_the_same_figures() -> None:
    assert shares(read(30, 50, 20, 4), [USUAL]) == shares(read(30, 50, 20, 4), [USUAL])


def test_a_change_is_clear_only_beyond_chance_and_doubt() -> None:
    assert not balance_moved(read(10, 20, 10, 0), read(10, 20, 11, 0), [USUAL])
    assert balance_moved(read(200, 100, 20, 0), read(20, 100, 200, 0), [USUAL])


def test_a_mixed_truth_counts_half_to_each_side_and_an_unclear_one_not_at_all() -> None:
    found = counts_from({"mixed": 4, "positive": 1, "unclear": 7}, [{"neutral": 3, "unclear": 9}])
    assert found == ToneCounts((2.0, 0.0, 3.0), ((0, 3, 0, 0),))
    assert found.total == 8
    matrix = labelled({("mixed", "neutral"): 2, ("neutral", "unclear"): 5, ("unclear", "positive"): 5})
    assert matrix == ((0, 1, 0, 0), (0, 0, 0, 0), (0, 1, 0, 0))


def test_the_shipped_matrices_are_of_eyes_that_are_mostly_right() -> None:
    known = shipped()
    assert known.texts == 840
    for eyes in EYES:
        for at, row in enumerate(known.matrices[eyes]):
            assert len(row) == len(READ) + 1
            assert row[at] == max(row[: len(READ)])
    assert len(ToneKnowledge().matrices) == len(EYES)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=500), st.floats(0, 1))
def test_the_ends_of_an_interval_are_where_numpy_sees_them(drawn: list[float], share: float) -> None:
    assert quantile(sorted(drawn), share) == pytest.approx(float(np.quantile(drawn, share)), abs=1e-12)
