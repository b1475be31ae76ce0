"""Likeness to a topic as a probability, and what answers change in it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandhound.mentions.topics.likening import MAYBE_FROM, YES_FROM, Likeness, nearest, standing_of, taught
from brandhound.mentions.topics.passages import LONGEST, Passage, passages_of
from brandhound.providers.embedding import MiniLm
from brandhound.providers.minilm import model_folder, prepared_model
from tests.mentions.topic_board import board, by_hand

WIDTH = 16


def unit(values: list[float]) -> np.ndarray:
    vector = np.array(values, dtype=np.float64)
    return vector / np.linalg.norm(vector)


def axis(at: int) -> np.ndarray:
    return np.eye(WIDTH)[at]


def topic(*examples: np.ndarray) -> Likeness:
    return Likeness("topic", axis(0), np.array(examples).reshape(len(examples), WIDTH))


def passages(number: int) -> list[Passage]:
    return [Passage("text", at, at + 1, f"passage {at}") for at in range(number)]


def test_the_passage_nearest_to_line_or_example_speaks_for_the_mention() -> None:
    vectors = np.stack([axis(3), unit([0.2] + [0.25] * (WIDTH - 1)), axis(5)])
    found = nearest(topic(axis(5)), passages(3), vectors)
    assert found is not None
    assert found.at == 2
    assert standing_of(found.probability) == "yes"
    without = nearest(topic(), passages(3), vectors)
    assert without is not None
    assert without.at == 1
    assert nearest(topic(), [], np.zeros((0, WIDTH))) is None


@given(st.floats(0, 1))
def test_between_yes_and_no_nothing_is_claimed(probability: float) -> None:
    standing = standing_of(probability)
    assert (standing == "yes") == (probability >= YES_FROM)
    assert (standing == "no") == (probability < MAYBE_FROM)


@pytest.mark.parametrize("right", [[], [True, False], [True] * 3, [False] * 4])
def test_few_or_one_sided_answers_break_nothing(right: list[bool]) -> None:
    vectors = np.stack([axis(at) for at in range(len(right))]) if right else np.zeros((0, WIDTH))
    lesson = taught(np.zeros(len(right)), vectors, [f"words {at}" for at in range(len(right))], right)
    assert (lesson is None) == (len(right) < 3)
    if lesson:
        assert np.isfinite(lesson.direction).all()


def test_answers_turn_the_topic_toward_what_was_meant() -> None:
    chance = np.random.default_rng(4)
    right = [at % 2 == 0 for at in range(20)]
    vectors = np.stack([unit((axis(1 if yes else 2) + 0.2 * chance.normal(size=WIDTH)).tolist()) for yes in right])
    like = topic()
    lesson = taught(like.cold(vectors), vectors, [f"words {at}" for at in range(20)], right)
    assert lesson is not None
    after = Likeness("topic", like.line, like.examples, lesson.bias, lesson.trust, lesson.direction)
    odds = after.odds(np.stack([axis(1), axis(2)]))
    assert odds[0] > 0 > odds[1]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=400), st.text(max_size=900), st.lists(st.integers(0, 900), max_size=5))
def test_passages_are_words_of_the_article_exactly(title: str, text: str, places: list[int]) -> None:
    evidence = [{"field": "text", "start": at, "end": at + 3} for at in places]
    for passage in passages_of(title, text, evidence):
        source = title if passage.field == "title" else text
        assert source[passage.start : passage.end] == passage.words
        assert 0 < len(passage.words) <= LONGEST


def test_the_sentences_beside_the_name_are_read_too() -> None:
    text = "It was cold. Lumara sold kettles here. They burned down a house. Nobody was hurt. It rained."
    at = text.index("Lumara")
    words = [one.words for one in passages_of("A title", text, [{"field": "text", "start": at, "end": at + 6}])]
    assert words == ["A title", "It was cold.", "Lumara sold kettles here.", "They burned down a house."]


def test_topics_of_made_up_business_news_are_found_by_a_line_and_an_example() -> None:
    """The floors are a little below what was measured; `bench/quality/topics.py` says what is left out."""
    folder = model_folder()
    if folder is None:
        pytest.skip("the sentence model is not installed")
    file = prepared_model(Path(__file__).parents[2] / ".cache/models")
    assert file is not None
    cases = [case for case in by_hand(MiniLm(file, folder / "tokenizer.json")) if case.sort == "topic"]
    found = board(cases)["line_and_example"]["shipped_numbers"]
    assert found["precision"] >= 0.78
    assert found["recall"] >= 0.45
    assert found["recall_with_doubtful"] >= 0.68
    assert found["ece"] <= 0.05
