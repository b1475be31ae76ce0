"""Brands that are called like a fruit, a verb or a river, typed without a word of context."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from brandhound.brands.names import BrandNames, Name, load_brands_file
from brandhound.mentions.matching import Document, Match, Matcher


class Sentence(NamedTuple):
    """A sentence with the name, and whether the company is meant; no weight was set by looking at those held out."""

    name: str
    text: str
    company: bool
    held_out: bool


SENTENCES = [
    Sentence(**json.loads(line))
    for line in Path(__file__).with_name("ambiguous_sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


def confidence(name: str, text: str) -> float:
    """How sure the surest place is; 0 where the name does not count at all."""
    return max((match.confidence for match in Matcher(load_brands_file([name])).find(text)), default=0.0)


@pytest.mark.parametrize(("held_out", "least"), [(False, 0.95), (True, 0.88)])
def test_a_name_alone_is_enough_to_part_companies_from_common_words(held_out: bool, least: float) -> None:
    said = [(one.company, confidence(one.name, one.text)) for one in SENTENCES if one.held_out is held_out]

    right = sum(company and sure >= 0.5 for company, sure in said)
    taken, companies = sum(sure >= 0.5 for _, sure in said), sum(company for company, _ in said)
    assert 2 * right / (taken + companies) >= least
    assert sum(sure < 0.4 for company, sure in said if not company) / (len(said) - companies) >= 0.9
    assert not [sure for company, sure in said if not company and sure >= 0.8]


@pytest.mark.parametrize(
    ("name", "company", "other"),
    [
        ("Apple", "Apple has raised prices.", "Apple pie is cheap."),
        ("Ring", "Ring recalled a doorbell.", "Ring the bell."),
        ("Amazon", "Google and Amazon declined.", "The Amazon declined."),
        ("Orange", "They sued Orange.", "They peeled an Orange."),
        ("Target", "Workers at Target walked out.", "Workers hit the Target."),
        ("Ford", "Nobody bought Ford in May.", "Nobody met Harrison Ford in May."),
        ("Mars", "Nestlé and Mars reported.", "Bruno Mars reported."),
        ("Slack", "Slack said on Monday that it grew.", "Slack demand on Monday."),
    ],
)
def test_how_a_sentence_takes_the_name_decides(name: str, company: str, other: str) -> None:
    assert confidence(name, company) >= 0.5 > confidence(name, other)


def test_two_signs_of_a_company_make_it_sure() -> None:
    assert confidence("Target", "Walmart and Target cut prices, and shares of Target rose.") >= 0.8
    assert confidence("Orange", "Orange said its revenue grew.") >= 0.8
    assert confidence("Visa", "Visa announced record quarterly earnings.") >= 0.8


def test_what_a_known_brand_sells_is_context_of_its_own() -> None:
    (match,) = Matcher(load_brands_file(["Ford"])).find("On the lot stood a Ford, a truck without an engine.")

    assert "category" in {sign.code for sign in match.signs}


def test_brands_of_one_name_are_each_taken_by_what_they_sell() -> None:
    matcher = Matcher(
        [
            BrandNames("cars", "Ford", (Name("Ford"),), category="shop/car"),
            BrandNames("more cars", "Ford", (Name("Ford"),), category="shop/car"),
            BrandNames("shoes", "Ford", (Name("Ford"),), category="shop/shoes"),
        ]
    )

    found = matcher.find("On the lot stood a Ford, a car without an engine.")

    confidence_of = {match.brand: match.confidence for match in found}
    assert confidence_of["cars"] == confidence_of["more cars"] > confidence_of["shoes"]
    assert [match.brand for match in found if "category" in {sign.code for sign in match.signs}] == [
        "cars",
        "more cars",
    ]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("iPhone", "Two iPhones and an iPhone.", ["iPhones", "iPhone"]),
        ("Tallow", "The Tallows are sold out; tallows are not.", ["Tallows"]),
        ("Apple", "Apples and pears", []),
        ("Ubr", "Two Ubrs", []),
        ("Bosch", "Two Boschs", []),
    ],
)
def test_several_things_of_a_name_are_the_name(name: str, text: str, found: list[str]) -> None:
    assert [match.surface for match in Matcher(load_brands_file([name])).find(text)] == found


def test_a_plural_is_as_sure_as_the_name() -> None:
    assert confidence("Tallow", "We bought Tallows.") == pytest.approx(confidence("Tallow", "We bought Tallow."))


def test_a_plural_that_is_another_name_is_that_name() -> None:
    matcher = Matcher(load_brands_file(["Tallow", "Tallows"]))

    assert [match.brand for match in matcher.find("Tallows grew.")] == ["Tallows"]


def asked(text: str) -> Match:
    """What a brand makes of a text whose only name needs a context that nobody gave."""
    matcher = Matcher([BrandNames("gap", "Gap", (Name("Gap", case_sensitive=True, needs_context=True),))])
    (match,) = matcher.find(text)
    return match


def test_a_name_that_lacks_its_context_is_put_to_a_person() -> None:
    plain, clear = (
        asked("We went to see Gap."),
        asked("Gap said its quarterly revenue and earnings rose, and Walmart fell."),
    )

    assert 0.4 <= plain.confidence < clear.confidence < 0.8
    (reason,) = [reason for reason in clear.reasons if reason.code == "asks_context"]
    assert reason.text == "“Gap” needs a context and the brand has none: add context words, or its website"
    assert reason.weight < 0


def test_a_sentence_against_a_name_is_not_put_to_a_person() -> None:
    assert asked("Mind the Gap.").confidence < 0.4


def test_a_name_that_lacks_its_context_is_passed_over_where_nobody_can_be_asked() -> None:
    brand = BrandNames("gap", "Gap", (Name("Gap", case_sensitive=True, needs_context=True),))

    assert Matcher([brand], ask_for_context=False).find("Gap said so.") == []


BRAND_WITH_A_CLEAR_NAME = BrandNames(
    "gap", "Gap", (Name("Gap", case_sensitive=True, needs_context=True), Name("Gapstore Holdings"))
)


@pytest.mark.parametrize(
    ("article", "found"),
    [
        (Document("They went to see Gap."), []),
        (Document("They went to see Gap, then Gap again."), []),
        (Document("Gap is a label of Gapstore Holdings."), ["Gap", "Gapstore Holdings"]),
        (Document("They went to see Gap.", title="Gapstore Holdings grows"), ["Gapstore Holdings", "Gap"]),
        (Document("They went to see Gapstore Holdings.", title="Gap grows"), ["Gap", "Gapstore Holdings"]),
    ],
)
def test_a_common_word_counts_where_another_name_of_its_brand_stands(article: Document, found: list[str]) -> None:
    matcher = Matcher([BRAND_WITH_A_CLEAR_NAME, BrandNames("other", "Uniqlo", (Name("Uniqlo"),))])

    together = matcher.find_all([Document("Uniqlo and Gap."), article, Document("Gapstore Holdings é")])

    assert [[match.surface for match in matches] for matches in together] == [["Uniqlo"], found, ["Gapstore Holdings"]]


def test_a_word_of_business_counts_as_it_is_written() -> None:
    def business(text: str) -> list[str]:
        (match,) = Matcher(load_brands_file(["Apple"])).find(text)
        return [reason.text for reason in match.reasons if reason.code == "business"]

    assert business("One said of Apple that its customer's device broke.") == ["“customer's” in the same sentence"]
    assert business("One said of Apple that a device' broke.") == []
    assert business("One said of Apple that nothing broke. A device did.") == []
