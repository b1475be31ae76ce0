"""Which words of a sentence are a name that may be a brand's, and where it ends."""

from uuid import UUID

import pytest

from brandhound.mentions.discovery.brand_head import shipped_head
from brandhound.mentions.discovery.gathering import Names, Source, features_of
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


def likely(name: str, text: str) -> float:
    names = Names()
    names.read(Source(UUID(int=1), "site.example", text))
    (one,) = [one for one in names.all() if one.name == name]
    return shipped_head().score(features_of(one, names.lower_share(one)), None)


def test_a_name_that_people_of_the_same_article_have_as_their_last_is_less_likely_a_brands() -> None:
    after = "It was a long day for everybody. Later the plan of Brimnex was read by all of them."

    assert likely("Brimnex", f"They met Anna Brimnex at noon. {after}") < likely(
        "Brimnex", f"They met at noon. {after}"
    )


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("Quillox Islands", "Quillox Limbers"),
        ("Quillox Act", "Quillox Limber"),
        ("Old MP Chris Quillox", "Old Vex Brim Quillox"),
        ("Slovakia", "Brimnexia"),
    ],
)
def test_places_laws_and_people_are_less_likely_brands_than_what_is_none_of_these(name: str, brand: str) -> None:
    text = "They spoke about {} for an hour, and then all of them left the room."

    assert likely(name, text.format(name)) < likely(brand, text.format(brand))
