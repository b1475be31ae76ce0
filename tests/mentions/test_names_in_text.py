"""Which words of a sentence are a name that may be a brand's, and where it ends."""

import pytest

from brandhound.mentions.discovery.names_in_text import key_of, names_in


def named(sentence: str) -> list[str]:
    return [sighting.surface for sighting in names_in(sentence)]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The price fell at Quillox-owned Brimnex stores last week.", ["Quillox", "Brimnex"]),
        ("The loan was given by the Bank of Zandora in the spring.", ["Bank of Zandora"]),
        ("Two towns left the Restaurants Association of Zandora this year.", ["Restaurants Association of Zandora"]),
        ("Customers of Quillox said that its new app was slow.", ["Quillox"]),
        ("The plan was announced by Chancellor of the Exchequer Anna Quillox today.", ["Anna Quillox"]),
        ("They bought it at Marks & Spencer in the town.", ["Marks & Spencer"]),
    ],
)
def test_a_name_begins_and_ends_where_a_reader_would_say(sentence: str, names: list[str]) -> None:
    assert [name for name in named(sentence) if name != "Chancellor"] == names


@pytest.mark.parametrize(
    "sentence",
    [
        "The firm needs better PR and a faster CPU for it.",
        "Prices in the UK and the EU rose again, and stock CFDs fell.",
        "The letter was sent by the Office to the Central Bank in May.",
        "Please call the Marketing Department about it.",
    ],
)
def test_abbreviations_of_things_and_places_and_the_nouns_of_institutions_are_no_names(sentence: str) -> None:
    assert named(sentence) == []


def test_a_name_with_an_institutions_noun_is_a_name() -> None:
    assert named("He worked for the Brookhaven Police Department until then.") == ["Brookhaven Police Department"]
    assert named("It was shown in the British Museum for a year.") == ["British Museum"]


def test_no_legal_form_is_taken_off_the_end_of_a_word() -> None:
    assert key_of("Böse") == "bose"
    assert key_of("Quillox SE") == "quillox"
