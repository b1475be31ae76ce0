"""Tone toward a brand, read from sentences."""

from dataclasses import replace

import pytest

from brandhound.mentions.tone import (
    MentionToJudge,
    Place,
    ToneInput,
    judge_mentions,
    judge_tone,
    judge_tone_by_words,
)
from brandhound.mentions.tone_signs import read_signs


def toward(brand: str, sentence: str, language: str | None = "en") -> ToneInput:
    start = sentence.index(brand)
    return ToneInput(sentence, start, start + len(brand), language)


def article(title: str, text: str, brand: str, language: str | None = "en") -> MentionToJudge:
    places: list[Place] = []
    if brand in title:
        places.append(Place("title", title.index(brand), title.index(brand) + len(brand), 0, len(title)))
    at = 0
    for sentence in text.split("\n"):
        if brand in sentence:
            start = at + sentence.index(brand)
            places.append(Place("text", start, start + len(brand), at, at + len(sentence)))
        at += len(sentence) + 1
    return MentionToJudge(title, text, language, tuple(places))


def test_praise_and_blame_are_told_apart_by_words_alone() -> None:
    praise, blame, plain = judge_tone_by_words(
        [
            toward("Lumara", "Testers love the Lumara kettle: it is wonderful, quiet and a great success."),
            toward("Lumara", "Angry customers blame Lumara for terrible service and dangerous faults."),
            toward("Lumara", "Lumara opened an office in Ghent on Tuesday."),
        ]
    )
    assert (praise.label, blame.label, plain.label) == ("positive", "negative", "neutral")
    assert "“dangerous”" in " ".join(blame.reasons) or "“terrible”" in " ".join(blame.reasons)


def test_a_brand_named_happy_is_not_praised_by_its_own_name() -> None:
    (tone,) = judge_tone_by_words([toward("Happy Love Best", "Happy Love Best moved its depot to Ghent on Monday.")])
    assert tone.label == "neutral"


@pytest.mark.parametrize("language", ["de", "fr", "ja", "pl"])
def test_another_language_is_unclear_and_says_so(language: str) -> None:
    (tone,) = judge_tone([ToneInput("Lumara ist wirklich wunderbar.", 0, 6, language)])
    assert tone.label == "unclear"
    assert tone.confidence == 0
    assert "English only" in tone.reasons[0]
    assert language in tone.reasons[0]


@pytest.mark.parametrize(
    ("sentence", "negative"),
    [
        ("Lumara: ★★★★★", False),
        ("Lumara ★☆☆☆☆", True),
        ("Lumara 4,5/5 im Test", False),
        ("Lumara bekam 2/10", True),
        ("Lumara 👍🎉", False),
        ("Lumara 😡", True),
    ],
)
def test_signs_are_read_in_any_language(sentence: str, negative: bool) -> None:
    (tone,) = judge_tone([ToneInput(sentence, 0, 6, "de")])
    assert tone.label == ("negative" if negative else "positive")
    assert tone.engine == "signs"


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "Lumara am 24/12",
        "Lumara 👍 😡",
        "Lumara 12/10",
        "1/5/2026",
        "3/5 der Läden",
        "El 1/5 Lumara abrirá su nueva tienda en Madrid.",
        "Dal 9/10 Lumara apre a Milano.",
        "Le 10/10, Lumara ouvrira un magasin à Lyon.",
        "Lumara: 2/5 des magasins fermeront",
        "1/5 der Kunden kauft bei Lumara",
        "Lumara 1-2/5",
    ],
)
def test_what_is_no_sign_is_not_read_as_one(sentence: str) -> None:
    assert read_signs(sentence) is None


@pytest.mark.parametrize("sentence", ["Lumara: note 4/5", "Un 9/10 para Lumara", "Lumara bekommt 4,5/5 Punkte."])
def test_a_mark_is_one_in_any_language(sentence: str) -> None:
    assert read_signs(sentence) is not None


def test_a_title_that_stands_again_in_the_text_has_one_voice() -> None:
    title = "Lumara sued over faulty kettles"
    praise = "Testers love the Lumara kettle.\nThe Lumara kettle is a wonderful success."
    once, twice = judge_mentions([article(title, praise, "Lumara"), article(title, f"{title}\n{praise}", "Lumara")])
    assert (twice.label, twice.confidence) == (once.label, once.confidence)
    assert not any(reason.startswith("0 of") for reason in twice.reasons)


def test_the_quote_stands_in_the_article_word_for_word() -> None:
    text = "Lumara said it would open a shop.\nCritics called Lumara a terrible, dishonest failure.\nIt rained."
    (tone,) = judge_mentions([article("A shop in Ghent", text, "Lumara")])
    assert tone.quote == text[tone.start : tone.end]
    assert tone.field == "text"
    assert "Lumara" in tone.quote


def test_praise_in_one_sentence_and_blame_in_another_is_mixed() -> None:
    text = (
        "Everybody loves Lumara: brilliant, beautiful, a wonderful success and the best.\n"
        "Furious owners hate Lumara after horrible, dangerous and terrible fires."
    )
    (tone,) = judge_mentions([article("Kettles", text, "Lumara")])
    assert tone.label == "mixed"


def test_at_most_three_sentences_are_read_and_a_thousand_characters_of_each() -> None:
    long = "Lumara " + "and so on " * 5000
    (tone,) = judge_mentions([article(long, "\n".join(["Lumara rose."] * 50), "Lumara")])
    assert len(tone.quote) <= 1000


@pytest.mark.parametrize(
    "mention",
    [
        MentionToJudge("", "", "en", ()),
        MentionToJudge("", "x", None, (Place("text", 0, 1, 0, 1),)),
        MentionToJudge("", "日本語のルマラ", None, (Place("text", 4, 7, 0, 7),)),
        MentionToJudge("", "שלום לומארה", None, (Place("text", 5, 11, 0, 11),)),
    ],
)
def test_odd_texts_give_an_answer(mention: MentionToJudge) -> None:
    (tone,) = judge_mentions([mention])
    assert tone.label in {"unclear", "neutral"}


def test_no_items_no_tones() -> None:
    assert judge_tone([]) == []
    assert judge_mentions([]) == []


def test_a_sentence_is_read_alike_whatever_stands_beside_it() -> None:
    one = toward("Lumara", "Angry customers blame Lumara for terrible service.")
    others = [replace(one, sentence=one.sentence + " Again." * n) for n in range(5)]
    assert judge_tone([one])[0] == judge_tone([*others, one])[-1]
