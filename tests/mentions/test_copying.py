"""Copies of made-up articles are found, and quotations and filled-in forms are not taken for copies."""

from tests.mentions.copying import KINDS, invented, measured


def test_nine_copies_in_ten_are_found_among_quotations_and_forms() -> None:
    board = measured(invented(120), each=2)
    assert set(board.by_kind) == set(KINDS)
    assert board.recall >= 0.9, board.by_kind
    assert board.precision >= 0.98, board.wrong_kinds
