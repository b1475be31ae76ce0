"""How sure a match is, and how it says so."""

import pytest

from brandhound.brands.names import BrandNames, Name, load_brands_file
from brandhound.mentions.as_written import capitals_sign
from brandhound.mentions.confidence import SIGNS, Sign, confidence_of, reasons_of
from brandhound.mentions.matching import Match, Matcher
from brandhound.mentions.sentences import Sentences, sentence_spans

APPLE = {
    "name": "Apple",
    "aliases": ["Apple Inc.", "apple.com", "Cupertino giant"],
    "context": ["iPhone", "Mac", "iPad"],
    "category": "shop/electronics",
}


def only(brand: object, text: str, **article: str) -> Match:
    (match, *_) = Matcher(load_brands_file([brand])).find(text, **article)
    return match


def codes(match: Match) -> set[str]:
    return {reason.code for reason in match.reasons}


@pytest.mark.parametrize(
    ("surer", "less_sure"),
    [
        ("We like Uniqlo.", "We like uniqlo."),
        ("We met Orange SA today.", "We met Orange today."),
        ("Shares of Orange (EPA: ORA) rose.", "Pieces of Orange rose."),
        ("Orange's customers and investors wait.", "Orange peels wait."),
        ("They work at Orange.", "They work in an Orange."),
        ("We called Orange.", "Orange was called."),
        ("We called Orange.", "We called John Orange."),
        ("We called Orange.", "We called Orange County."),
        ("We called Orange.", "An orange is here. We called Orange."),
        ("We called Orange.", "SO WE CALLED ORANGE NOW"),
    ],
)
def test_what_stands_beside_a_name_makes_it_more_or_less_sure(surer: str, less_sure: str) -> None:
    brand = "Uniqlo" if "niqlo" in surer else "Orange"

    assert only(brand, surer).confidence > only(brand, less_sure).confidence


def test_a_clear_name_is_sure_and_a_common_word_is_not() -> None:
    assert only("Uniqlo", "We went to Uniqlo.").confidence > 0.85
    assert only("Next", "Next we went home.").confidence < 0.3


@pytest.mark.parametrize("name", ["Supreme", "Harbour", "Umbrella", "Ledger"])
def test_what_the_dictionary_knows_is_never_called_a_name_that_is_no_word(name: str) -> None:
    found = only(name, f"We went to {name}.")
    assert "common_word" in codes(found)
    assert "distinctive" not in codes(found)
    # With a capital inside it is a name of its own.
    assert "distinctive" in codes(only("BlackBerry", "We called BlackBerry."))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SPRINT AND OTHERS ROSE BY NINE PER CENT", "all_caps"),
        ("SPRINT UND ÄRGER IN MÜNCHEN UND KÖLN", "all_caps"),
        ("The shares of SPRINT rose by nine per cent", "capitals"),
        ("Die Aktien von SPRINT stiegen in München und Köln", "capitals"),
        ("the day was long\nSPRINT ROSE BY NINE PER CENT\nand so was the night", "all_caps"),
    ],
)
def test_capitals_say_less_of_a_name_where_its_whole_line_has_them(text: str, said: str) -> None:
    start = text.index("SPRINT")
    assert capitals_sign(text, start, start + len("SPRINT")).code == said


def test_context_words_nearby_make_a_common_word_sure() -> None:
    near = only(APPLE, "He said that Apple will show a new iPhone.")
    without = only(APPLE, "He said that Apple will show something.")

    assert near.confidence > 0.85
    assert "context_near" in codes(near)
    assert without.confidence < 0.5
    assert "no_context" in codes(without)


def test_the_own_domain_in_the_article_counts() -> None:
    text = "They say that Apple is closed."
    matcher = Matcher(load_brands_file([APPLE]))

    (linked,) = matcher.find(text, links=["https://support.apple.com/en"])
    (misled,) = matcher.find(text, links=["https://pineapple.com/en", "https://apple.computer"])

    assert "own_domain" in codes(linked)
    assert "own_domain" not in codes(misled)
    assert linked.confidence > misled.confidence


def test_a_sure_place_makes_the_others_of_the_article_surer() -> None:
    matcher = Matcher(load_brands_file(["Orange"]))

    sure, later = matcher.find("Orange SA grew. Then we called Orange.")

    assert "same_sense" in codes(later)
    assert later.confidence > only("Orange", "It grew. Then we called Orange.").confidence
    assert sure.confidence > later.confidence


def test_a_phrase_of_a_namesake_nearby_speaks_against_the_brand() -> None:
    brand = {"name": "Apple", "not": ["cider", "Apple Valley"]}

    assert "namesake" in codes(only(brand, "We drank cider. Then came Apple."))
    assert only(brand, "We drank cider. Then came Apple.").confidence < only(brand, "Then came Apple.").confidence


def test_the_address_of_the_article_counts() -> None:
    plain = only("Orange", "We called Orange.")
    named = only("Orange", "We called Orange.", url="https://news.example/2026/why-orange-is-down.html")

    assert named.confidence > plain.confidence


def test_reasons_are_in_plain_words() -> None:
    match = only("Orange", "Then Orange SA fell.")

    assert [reason.text for reason in match.reasons] == [
        "“SA” follows the name",
        "spelled like the common word “orange”",
    ]
    assert [reason.weight > 0 for reason in match.reasons] == [True, False]


def test_confidence_stays_between_zero_and_one_whatever_is_seen() -> None:
    assert confidence_of([Sign(code, 50.0) for code in SIGNS if SIGNS[code].weight > 0]) <= 1
    assert confidence_of([Sign(code, 50.0) for code in SIGNS if SIGNS[code].weight < 0]) >= 0
    assert reasons_of([]) == []


def test_every_sign_can_be_said() -> None:
    for code, kind in SIGNS.items():
        (reason,) = reasons_of([Sign(code, 1.0, "{}")])
        assert reason.text.replace("{}", "") != ""
        assert kind.weight != 0


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mr. Smith left. He ran.", ["Mr. Smith left.", "He ran."]),
        ("Acme Inc. The firm grew.", ["Acme Inc.", "The firm grew."]),
        ("Acme Inc. (NYSE: A) rose.", ["Acme Inc. (NYSE: A) rose."]),
        ("Warner Bros. Discovery fell. Det. Roe rose.", ["Warner Bros. Discovery fell.", "Det. Roe rose."]),
        ("She joined Warner Bros. The firm grew.", ["She joined Warner Bros.", "The firm grew."]),
        ("“Really?” he said. So do I. Then J. Crew came.", ["“Really?” he said.", "So do I.", "Then J. Crew came."]),
        ("Version 2.5 is out... and so on.", ["Version 2.5 is out... and so on."]),
        ("The U.S. Senate met. It rose.", ["The U.S. Senate met.", "It rose."]),
        ("Yahoo! shares rose.", ["Yahoo! shares rose."]),
        ("苹果公司发布。“好！”他说。", ["苹果公司发布。", "“好！”", "他说。"]),
        ("टाटा ने कार पेश की। क्या यह बिकेगी?", ["टाटा ने कार पेश की।", "क्या यह बिकेगी?"]),
        ("ٹاٹا نے گاڑی پیش کی۔ قیمت کم ہے۔", ["ٹاٹا نے گاڑی پیش کی۔", "قیمت کم ہے۔"]),
        ("هل تبيع الغلايات؟ قالت نعم. انتهى", ["هل تبيع الغلايات؟", "قالت نعم.", "انتهى"]),
        ("هل تبيع الغلايات؟! قالت نعم", ["هل تبيع الغلايات؟!", "قالت نعم"]),
        ("هل تبيع الغلايات؟... قالت نعم", ["هل تبيع الغلايات؟...", "قالت نعم"]),
        ("هل تبيع الغلايات!؟ قالت نعم", ["هل تبيع الغلايات!؟", "قالت نعم"]),
        ("真的？!他说。...IBM说。", ["真的？!", "他说。...", "IBM说。"]),
        ("我们用它。.NET很快。", ["我们用它。", ".NET很快。"]),
        ("ბანკი გაიხსნა. ფასი მაღალია.", ["ბანკი გაიხსნა.", "ფასი მაღალია."]),
        ("Բանկը բացվեց։ Գինը բարձր է։", ["Բանկը բացվեց։", "Գինը բարձր է։"]),
        ("ባንኩ ተከፈተ። ዋጋው ዝቅ ብሏል።", ["ባንኩ ተከፈተ።", "ዋጋው ዝቅ ብሏል።"]),
        ("It was sold. Étamax rose.", ["It was sold.", "Étamax rose."]),
        ("They asked again. (Nobody came.)", ["They asked again.", "(Nobody came.)"]),
        ("We met Prof. Smith\n. At 5 p.m. Monday.", ["We met Prof. Smith", ".", "At 5 p.m. Monday."]),
        ("A heading\n\nA text", ["A heading", "A text"]),
        ("one\r\n two", ["one", "two"]),
        ("", []),
        (" \n ", []),
        ("...", ["..."]),
    ],
)
def test_sentences_end_where_people_end_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_a_place_between_sentences_belongs_to_the_one_before() -> None:
    sentences = Sentences("One. Two.")

    assert sentences.around(4, 5) == (0, 5)
    assert sentences.around(5, 8) == (5, 9)
    assert Sentences("").around(0, 0) == (0, 0)


def test_a_brand_without_anything_but_one_odd_name_is_still_told() -> None:
    matcher = Matcher([BrandNames("b", "B", (Name("B", case_sensitive=True),))])

    assert [match.surface for match in matcher.find("Plan B")] == ["B"]


def test_a_word_that_was_called_a_domain_or_the_website_is_not_the_brand_wherever_it_stands() -> None:
    kaffa = BrandNames("kaffa", "Kaffa", (Name("Kaffa"), Name("coffee", "domain")), website="coffee")

    assert [match.surface for match in Matcher([kaffa]).find("I like coffee. Kaffa sells it.")] == ["Kaffa"]


def test_a_handle_that_was_pasted_as_the_address_of_its_profile_is_found_as_texts_write_it() -> None:
    kaffa = BrandNames("kaffa", "Kaffa", (Name("https://x.com/KaffaCo", "handle"),))

    (match,) = Matcher([kaffa]).find("Thanks, @KaffaCo!")

    assert match.surface == "@KaffaCo"
    assert match.confidence > 0.9
