"""Which labelled pairs of names nobody can decide, and what trees upon a sum of signs learn."""

import random
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import DamerauLevenshtein

from bench.quality.pair_labels import undecidable
from bench.quality.pair_sources import (
    HAND_MADE,
    HAND_MADE_ANEW,
    HAND_MADE_FIFTH,
    HAND_MADE_FOURTH,
    HAND_MADE_SEVENTH,
    HAND_MADE_SIXTH,
    HAND_MADE_THIRD,
    Pair,
    hand_made,
    plain,
)
from bench.quality.pair_synthesis import slipped
from bench.quality.pair_trees import grown, said_by, written
from brandhound.brands.comparing import together
from brandhound.brands.comparing.weighing import WEIGHTS

ENTRIES: list[dict[str, Any]] = [
    {"name": "Stone", "wikidata": "Q1", "aliases": ["Stone Foods"]},
    {"name": "The Stone", "wikidata": "Q2"},
    {"name": "Zandora", "wikidata": "Q3", "aliases": ["Zandora Nord", "Zan"]},
    {"name": "Zandora France S.A.", "wikidata": "Q4"},
    {"name": "Umbra", "wikidata": "Q5", "aliases": ["Zan"]},
    {"name": "Umbra Air", "wikidata": "Q6"},
]


@pytest.mark.parametrize(
    ("one", "other", "same", "is_open"),
    [
        ("Stone", "The Stone", False, True),
        ("Zandora", "Zandora France S.A.", False, True),
        ("Zandora", "Umbra", False, True),
        ("Umbra", "Umbra Air", False, False),
        ("Zandora", "Zan", True, True),
        ("Zandora", "Zandora Nord", True, False),
        ("Stone", "Stone Foods", True, False),
        ("Acme", "Acme Inc.", True, False),
        ("Acme", "Apex", False, False),
    ],
)
def test_a_pair_is_open_where_the_collection_contradicts_itself_or_two_bear_one_name(
    one: str, other: str, same: bool, is_open: bool
) -> None:
    assert undecidable([Pair(one, other, same, "catalogue")], ENTRIES) == [is_open]


def test_trees_learn_what_a_sum_cannot_say_and_the_product_reads_them_as_they_were_grown() -> None:
    # One brand where exactly one of two signs is there.
    rows = np.array([[one, other] for one in (0.0, 1.0) for other in (0.0, 1.0)] * 50)
    same = rows.sum(axis=1) == 1
    trees = grown(rows, ("shared", "whole"), np.zeros(len(rows)), same, np.ones(len(rows)))

    odds = said_by(trees, rows, ("shared", "whole"))
    assert ((odds > 0) == same).all()
    assert [together.read_tree(written(tree)) for tree in trees] == trees


def test_the_product_asks_of_its_trees_what_they_would_say_of_a_row() -> None:
    lines = files("brandhound.brands.comparing").joinpath("together.tsv").read_text(encoding="utf-8").splitlines()
    trees, columns = [together.read_tree(line) for line in lines], (*WEIGHTS, together.ODDS)
    for seed in range(20):
        dice = random.Random(seed)
        amounts = {sign: dice.random() for sign in dice.sample(list(WEIGHTS), 8)}
        odds = dice.uniform(-4, 4)
        row = np.array([[*(amounts.get(sign, 0.0) for sign in WEIGHTS), odds]])

        assert together.together(amounts, odds) == pytest.approx(said_by(trees, row, columns)[0])


SETS_BY_HAND = (
    HAND_MADE,
    HAND_MADE_ANEW,
    HAND_MADE_THIRD,
    HAND_MADE_FOURTH,
    HAND_MADE_FIFTH,
    HAND_MADE_SIXTH,
    HAND_MADE_SEVENTH,
)


@pytest.mark.parametrize("number", [5, 6])
def test_no_name_by_hand_of_a_set_of_strangers_stands_in_a_set_before(number: int) -> None:
    *before, fresh = (
        {plain(name) for pair in hand_made(file) for name in (pair.one, pair.other)}
        for file in SETS_BY_HAND[: number + 1]
    )

    assert fresh
    assert fresh.isdisjoint(set[str]().union(*before))


def test_a_slip_that_is_made_changes_one_word_by_little_and_leaves_short_names_alone() -> None:
    made = {slipped("Zandora Foods, Inc.", random.Random(seed)) for seed in range(200)} - {""}

    assert len(made) > 20
    assert "Zandora Foods" not in made
    assert all(DamerauLevenshtein.distance("Zandora Foods", one) <= 2 for one in made)
    assert slipped("Acme", random.Random(1)) == ""
