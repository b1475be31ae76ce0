"""What a text alone says of its names is the same, however little else there is to look at."""

import json
import random
from pathlib import Path

import pytest

from brandhound.brands.catalogue import catalogue, names_of_entry
from brandhound.brands.names import BrandNames, Name
from brandhound.mentions.matching import Document, Matcher
from brandhound.mentions.places import matches_of
from brandhound.mentions.scripts import INVISIBLE_CHARACTER
from brandhound.mentions.sentences import Sentences, number_places
from brandhound.mentions.zones import LEAD_SENTENCES

SENTENCES = [
    str(json.loads(line)["text"])
    for line in Path(__file__).with_name("ambiguous_sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
BRANDS = [names_of_entry(brand) for brand in catalogue().brands[::8]]
EDGES = [
    "Uniqlo, Uniqlo and again Uniqlo. Then Uniqlo.",
    "UNIQLO opens. uniqlo closes, Uniqlos do not, and Uniqlo Inc. (TYO: 9983) is told.",
    "Apple fell. Apple, Inc. rose. Apples are sold; an apple a day, and APPLE.",
    "Rivals such as Uniqlo, Gap, Visa, Shell and Orange, but one, by and large, no rival.",
    "He said, as ever, that Uniqlo, which has shops in all of the larger cities, would, in time, grow.",
    "Read also: Gap\nUniqlo\n\nTags: Shell, Gap",
    "Gap ends one. Shell Oil\nbegins a line, Visa Inc",
    "  Uniqlo, Gap; Visa | Shell, and Orange, or Gap, , ",
    "Uniqlos sell, and Uniqlos do not.",
    "@Uniqlo, #Uniqlo, uniqlo.com/uniqlo and Uniqlo-Uniqlo",
    "Gapstore and Gap. Gap! Gap? Gap",
    "“Uniqlo” é Uniqlo… Uniqlo\u00ad and Uni\u00adqlo",
]
SHARED = [
    BrandNames("uniqlo", "Uniqlo", (Name("Uniqlo"), Name("Fast Retailing"))),
    BrandNames("other", "Uniqlo", (Name("Uniqlo", "product"),)),
    BrandNames("apple", "Apple", (Name("Apple", case_sensitive=True),)),
    BrandNames("fruit", "Apple", (Name("Apple", case_sensitive=True), Name("Gapstore"))),
    BrandNames("gap", "Gap", (Name("Gap", case_sensitive=True, needs_context=True), Name("Gapstore"))),
    *(BrandNames(name, name, (Name(name, case_sensitive=True),)) for name in ("Visa", "Shell", "Orange")),
]


def texts_with(brands: list[BrandNames]) -> list[str]:
    """Sentences with names put between their words, once or more often, alike or otherwise."""
    chance = random.Random(9)
    # Texts with marks that make no character are read otherwise, see `test_matching`.
    names = [name.text for brand in brands for name in brand.names if not INVISIBLE_CHARACTER.search(name.text)]
    found: list[str] = []
    for sentence in SENTENCES:
        words = sentence.split(" ")
        name = chance.choice(names)
        for written in (name, chance.choice((name, name.upper(), name.lower(), f"{name}, Inc.")), chance.choice(names)):
            words.insert(chance.randint(0, len(words)), written)
        found.append(chance.choice((" ", " ", "\n")).join(words))
    return found


@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("brands", [BRANDS, SHARED], ids=["catalogue", "shared names"])
def test_names_in_a_text_alone_are_weighed_as_in_a_whole_article(brands: list[BrandNames], asks: bool) -> None:
    matcher = Matcher(brands, ask_for_context=asks)
    texts = [*EDGES[:-1], *SENTENCES, *texts_with(brands)]

    alone = matcher.find_in(texts)

    thorough = matcher.weigh_all([Document(text) for text in texts])
    assert [alone.get(number, []) for number in range(len(texts))] == [matches_of(kept) for kept in thorough]
    assert sum(map(len, alone.values())) > len(SENTENCES) / 2


FOODS = Name("Acme Foods", needs_context=True)
ACME = BrandNames("Acme", "Acme", (Name("Acme"),))


@pytest.mark.parametrize(
    ("brands", "text", "found"),
    [
        ([BrandNames("Acme", "Acme", (Name("Acme"), FOODS))], "Acme Foods said profits rose.", ["Acme"]),
        (
            [BrandNames("Acme", "Acme", (Name("Acme"), FOODS), website="https://acme.com")],
            "Acme Foods said profits rose.",
            ["Acme"],
        ),
        (
            [BrandNames("Acme", "Acme", (Name("Acme"), FOODS), ("kettle",))],
            "Acme Foods said profits rose. Its kettle sells.",
            ["Acme Foods"],
        ),
        (
            [BrandNames("Acme", "Acme", (Name("Acme"), FOODS))],
            "Acme Foods said profits rose, and Acme hires.",
            ["Acme Foods", "Acme"],
        ),
        ([ACME, BrandNames("Foods", "Acme Foods", (FOODS,), ("kettle",))], "Acme Foods said profits rose.", ["Acme"]),
        (
            [ACME, BrandNames("Foods", "Acme Foods", (FOODS,), ("kettle",))],
            "Acme Foods said that its kettle sells.",
            ["Acme Foods"],
        ),
        (
            [ACME, BrandNames("Foods", "Acme Foods", (FOODS,), ("kettle",))],
            "Acme Foods and Acme Foods, twice over.",
            ["Acme", "Acme"],
        ),
        ([ACME, BrandNames("Foods", "Acme Foods", (Name("Acme Foods"),))], "Acme Foods said so.", ["Acme Foods"]),
    ],
)
def test_a_longer_name_that_does_not_count_for_want_of_its_context_hides_no_shorter_one(
    brands: list[BrandNames], text: str, found: list[str]
) -> None:
    matcher = Matcher(brands)
    assert [match.surface for match in matcher.find_in([text])[0]] == found
    assert [match.surface for match in matcher.find(text)] == found
    assert [match.surface for match in matcher.find("Nothing else.", title=text)] == found
    (kept,) = matcher.weigh_all([Document(text)])
    assert matches_of(kept) == matcher.find(text)


def test_texts_and_documents_of_them_have_the_same_matches() -> None:
    matcher = Matcher(SHARED)
    texts = ["", *EDGES, "nothing", *EDGES]

    found = matcher.find_in(texts)

    assert [found.get(number, []) for number in range(len(texts))] == matcher.find_all(
        [Document(text) for text in texts]
    )
    assert all(found.values())
    assert sorted(found) == [number for number, text in enumerate(texts) if text and text != "nothing"]


def test_what_an_article_names_several_times_is_its_subject() -> None:
    text = "First. Second. Third Uniqlo here. Fourth Uniqlo. Fifth Uniqlo and Shell."

    found = Matcher(SHARED).find_in([text])[0]

    assert {match.brand: match.salience for match in found} == {
        "uniqlo": "subject",
        "other": "subject",
        "Shell": "mentioned",
    }


@pytest.mark.parametrize(
    ("text", "saliences"),
    [
        ("Rivals such as Uniqlo, Gap, Visa, Shell and Orange.", {"list"}),
        ("They sell Uniqlo; Gap; Visa; Shell; Orange", {"list"}),
        ("Gap, Visa,, Shell , Uniqlo and Orange, or .", {"list"}),
        (
            "After a long day, and after all of it, Uniqlo opens a shop, they say, in the town of Gap, and so on.",
            {"subject"},
        ),
        (
            "It has, as they say, no rival but Uniqlo, which has shops in all of the larger cities, and more.",
            {"subject"},
        ),
    ],
)
def test_names_in_an_enumeration_of_short_things_are_told_from_names_in_a_sentence_with_commas(
    text: str, saliences: set[str]
) -> None:
    found = Matcher(SHARED).find_in([text])[0]

    assert {match.salience for match in found} == saliences


def test_each_of_many_names_in_one_sentence_is_looked_at_beside_its_neighbours_alone() -> None:
    found = Matcher(SHARED).find_in(["Uniqlo, Visa; " * 2000])[0]

    assert {match.salience for match in found} == {"list"}
    assert len(found) == 6000


def test_sentences_far_from_any_place_change_nothing() -> None:
    chance = random.Random(10)
    for _ in range(1_000):
        text = "".join(
            chance.choices(
                "aB. \n!)”。", (chance.choice((9, 99, 499)), 2, 2, 3, 1, 1, 1, 1, 1), k=chance.randint(400, 900)
            )
        )
        text = text.replace("a", chance.choice(("a", "a", "word")))
        starts = sorted(chance.sample([at for at, letter in enumerate(text) if letter.isalpha()], 3))
        ends = [start + 1 for start in starts]

        limits: list[int] = []
        number_places(text, starts, ends, 0, 3, LEAD_SENTENCES, limits)

        one_by_one = [Sentences(text).numbered(start, end) for start, end in zip(starts, ends, strict=True)]
        assert list(zip(limits[1::3], limits[2::3], strict=True)) == [span for _, span in one_by_one]
        assert [min(number, LEAD_SENTENCES) for number in limits[::3]] == [
            min(number, LEAD_SENTENCES) for number, _ in one_by_one
        ]
