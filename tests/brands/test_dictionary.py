"""What words mean, by the dictionary that comes along."""

import tracemalloc

import pytest

from brandhound.brands import dictionary
from brandhound.brands.dictionary import entry_of, is_word, look_up


def test_a_word_is_found_with_its_meanings_the_commonest_first() -> None:
    target = look_up("target")
    assert target is not None
    assert target.senses[0].gloss == "a reference point to shoot at"
    assert [sense.uses for sense in target.senses] == sorted((sense.uses for sense in target.senses), reverse=True)
    assert "his arrow hit the mark" in target.senses[0].examples
    assert target.senses[0].key == "target.n1"


def test_longer_names_of_the_same_thing_stand_with_it_and_others_by_themselves() -> None:
    amazon = look_up("amazon")
    assert amazon is not None
    river = next(sense for sense in amazon.senses if "river" in sense.gloss)
    assert river.longer == ("Amazon River",)
    assert amazon.longer == ("Amazon ant",)
    court = look_up("supreme")
    assert court is not None
    assert "Supreme Court" in court.longer


@pytest.mark.parametrize("name", ["Supreme", "SUPREME", "supreme"])
def test_a_name_is_looked_up_however_it_is_written(name: str) -> None:
    entry = entry_of(name)
    assert entry is not None
    assert entry.word == "supreme"


@pytest.mark.parametrize("name", ["Harbour", "defence", "Tyre", "licence", "Parlour", "jewellery"])
def test_words_are_known_as_they_are_spelled_in_britain(name: str) -> None:
    assert is_word(name)
    assert entry_of(name) is not None


@pytest.mark.parametrize("name", ["", "Zyxgard", "Nike", "The Guardian", "a\tb", '["a"', "\0", "Ångström", "日本"])
def test_what_is_no_word_in_use_is_not_there(name: str) -> None:
    assert not is_word(name)


def test_the_dictionary_stays_on_the_disk() -> None:
    look_up("window")
    look_up.cache_clear()
    tracemalloc.start()
    for word in ("amazon", "gap", "journal", "lee", "orange", "sky", "time", "zone"):
        assert look_up(word)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000, "bytes that a few words take, with the blocks they stand in"
    assert dictionary._index()[0][0] == "a"  # pyright: ignore[reportPrivateUsage] # the first word of the first block
