"""Who says a sentence: the outlet itself, or somebody it quotes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandhound.mentions.sentences import sentence_spans
from brandhound.mentions.speech import speech_in, voice_of
from brandhound.mentions.tone import MentionToJudge, Place, judge_mentions


def voice(text: str, target: str = "Acme") -> tuple[bool, str]:
    at = text.index(target)
    start, end = next((s, e) for s, e in sentence_spans(text) if s <= at < e)
    found = voice_of(text, start, end, at, at + len(target))
    return found.quoted, found.speaker


@pytest.mark.parametrize(
    ("text", "quoted", "speaker"),
    [
        ("Acme recalled 40,000 kettles on Tuesday.", False, ""),
        ("The “smart kettle” by Acme is on sale again.", False, ""),
        ("“Acme has lied to all of us for years,” said Jane Doe, a shopper from Leeds.", True, "Jane Doe"),
        ("“Acme has lied to all of us for years,” Jane Doe, a shopper from Leeds, told the Courier.", True, "Jane Doe"),
        ('Jane Doe of the Kent Union said: "We shall never buy from Acme again."', True, "Jane Doe of the Kent Union"),
        ("According to the consumer agency, Acme misled its customers.", True, "the consumer agency"),
        ("Acme misled its customers, according to Rita Moss.", True, "Rita Moss"),
        ("Analysts said Acme had paid too much for the chain.", True, "Analysts"),
        ("A spokeswoman for the ministry said that Acme would be fined.", True, "A spokeswoman for the ministry"),
        ("The court found that Acme owes nothing.", False, ""),
        ("Acme had paid too much, said Dan Ruiz.", True, "Dan Ruiz"),
        ("It will take decades.\n\nWe had built on Acme for years,” Dan Ruiz added.", True, "Dan Ruiz"),
        ('We had built on Acme for years," said Dan Ruiz.', True, "Dan Ruiz"),
        ("Acme gave them away “for a song,” Dan Ruiz wrote.", True, "Dan Ruiz"),
        ("Acme gave them away “for a song,” and nobody wrote.", False, ""),
        ("She said Acme had never called back.", True, ""),
        ("“They are wonderful people. Acme saved my shop,” Tom Hale said.", True, "Tom Hale"),
        ("«Acme nous a sauvés, et mon magasin avec», raconte-t-il.", True, ""),
        ("„Acme hat uns alle belogen“, sagt er.", True, ""),
        ("But Acme said nothing.", False, ""),
    ],
)
def test_the_speaker_is_told_apart_from_the_outlet(text: str, quoted: bool, speaker: str) -> None:
    assert voice(text) == (quoted, speaker)


@pytest.mark.parametrize(
    ("who", "speaker"),
    [
        ("Bob Roe. Acme declined to comment.", "Bob Roe"),
        ("Bob Roe. He left in May.", "Bob Roe"),
        ("Malcolm X. He left in May.", "Malcolm X"),
        ("Bob Roe Jr. Owners agreed.", "Bob Roe Jr"),
        ("Mr. Roe.", "Mr. Roe"),
        ("Mrs. Roe of Leeds.", "Mrs. Roe of Leeds"),
        ("Prof. Jane Doe.", "Prof. Jane Doe"),
        ("J. K. Rowling. Acme declined to comment.", "J. K. Rowling"),
        ("John F. Kelly.", "John F. Kelly"),
        ("U.S. Steel.", "U.S. Steel"),
        ("Boltwerk Inc. Chief Executive Bob Roe.", "Boltwerk Inc. Chief Executive Bob Roe"),
        ("Boltwerk Co. Ltd. in May.", "Boltwerk Co. Ltd"),
        ("Warner Bros. Discovery.", "Warner Bros. Discovery"),
        ("Warner Bros. The studio agreed.", "Warner Bros"),
        ("Det. Jane Doe.", "Det. Jane Doe"),
        ("Supt. Jane Doe.", "Supt. Jane Doe"),
        ("Mt. Sinai Hospital.", "Mt. Sinai Hospital"),
        ("Fr. Tom Hale.", "Fr. Tom Hale"),
        ("Lance Cpl. Tom Hale.", "Lance Cpl. Tom Hale"),
    ],
)
def test_a_name_ends_with_its_sentence_but_not_after_a_title_or_an_initial(who: str, speaker: str) -> None:
    assert voice(f"“Acme is really unsafe,” said {who}") == (True, speaker)


@pytest.mark.parametrize(
    "opening",
    ["On Monday", "But", "Then", "Yesterday", "In March", "When", "And Yet", "As", "While", "Late Last May"],
)
def test_words_that_open_a_sentence_are_no_part_of_the_name_after_them(opening: str) -> None:
    assert voice(f"{opening} Jane Doe said Acme had lied.") == (True, "Jane Doe")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“Acme is really unsafe,” said Bob Roe Monday.", "Bob Roe"),
        ("“Acme is really unsafe,” said Sheffield Wednesday.", "Sheffield Wednesday"),
        ("As May said, Acme had lied.", "May"),
        ("The Sunday Times said Acme had lied.", "The Sunday Times"),
    ],
)
def test_a_day_is_no_part_of_a_name_unless_the_name_has_one(text: str, speaker: str) -> None:
    assert voice(text) == (True, speaker)


@pytest.mark.parametrize(
    ("after", "speaker"),
    [
        ("said Here Technologies.", "Here Technologies"),
        ("said Even Realities.", "Even Realities"),
        ("according to So Young.", "So Young"),
        ("said Joe Friday.", "Joe Friday"),
        ("said Joe Friday Thursday.", "Joe Friday"),
        ("said Jane Doe Friday.", "Jane Doe"),
        ("said On Friday.", ""),
    ],
)
def test_behind_said_no_sentence_opens_and_a_name_is_whole(after: str, speaker: str) -> None:
    assert voice(f"“Acme is really unsafe,” {after}") == (True, speaker)


def test_a_name_that_ends_a_reported_sentence_is_whole() -> None:
    assert voice("Acme had paid too much, said Even Realities.") == (True, "Even Realities")


@pytest.mark.parametrize("text", ["When I said Acme had lied.", "And I think Acme is fine.", "On Monday said Acme."])
def test_i_and_a_day_are_nobodys_name(text: str) -> None:
    assert voice(text) == (False, "")


@pytest.mark.parametrize(
    ("after", "speaker"),
    [
        ("said Acme’s former engineer Bob Roe.", "Bob Roe"),
        ("said Acme's head of design, Bob Roe.", "Bob Roe"),
        ("said the company’s former chief engineer, Bob Roe.", "Bob Roe"),
        ("said the workers’ lawyer Bob Roe.", "Bob Roe"),
        ("said the company’s CEO Bob Roe.", "Bob Roe"),
        ("said the company’s PR chief, Bob Roe.", "Bob Roe"),
        ("said Acme’s CFO, Bob Roe.", "Bob Roe"),
        ("said McDonald’s UK.", "McDonald’s UK"),
        ("said Acme’s former engineer, who left in May.", ""),
        ("said Jane Doe’s lawyer.", ""),
        ("said the company’s spokesman.", "the company’s spokesman"),
        ("according to Jane Doe’s lawyer.", ""),
        ("according to the company’s annual report.", "the company"),
        ("said McDonald’s.", "McDonald’s"),
        ("said McDonald’s in a statement.", "McDonald’s"),
        ("McDonald’s said.", "McDonald’s"),
        ("McDonald’s claims.", "McDonald’s"),
        ("McDonald’s claimed.", "McDonald’s"),
    ],
)
def test_whoever_only_owns_the_speaker_has_not_spoken(after: str, speaker: str) -> None:
    assert voice(f"“The Acme phone is unsafe,” {after}") == (True, speaker)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Macy's argued that Acme lied.", "Macy's"),
        ("Macy’s accused Acme of lying.", "Macy’s"),
        ("Macy's has warned that Acme lied.", "Macy's"),
        ("Macy's, the chain, said Acme lied.", "Macy's"),
        ("Macy's claimed that Acme lied.", "Macy's"),
        ("Macy's had also claimed Acme lied.", "Macy's"),
        ("Wendy's has said Acme lied.", "Wendy's"),
        ("Sotheby's called Acme a liar.", "Sotheby's"),
        ("Domino's criticized Acme.", "Domino's"),
        ("Warner Bros. Discovery said Acme lied.", "Warner Bros. Discovery"),
    ],
)
def test_a_brand_whose_name_looks_like_an_owners_says_things_too(text: str, speaker: str) -> None:
    start, end = 0, len(text)
    at = text.index("Acme")
    found = voice_of(text, start, end, at, at + 4)
    assert (found.quoted, found.speaker) == (True, speaker)


@pytest.mark.parametrize(
    "text",
    [
        "Bob Roe’s claims that Acme lied are false.",
        "Bob Roe's alleged lies about Acme are many.",
        "Bob Roe’s stated aim is to buy Acme.",
        "Bob Roe's accused killer worked for Acme.",
        "Boltwerk's recalled Acme kettles caught fire.",
        "Bob Roe's calls for Acme to pay were heard.",
        "Bob Roe's notes on Acme were found.",
    ],
)
def test_ones_claims_are_not_ones_claiming(text: str) -> None:
    assert voice(text) == (False, "")


def test_a_speaker_is_not_sought_in_another_paragraph() -> None:
    assert voice("Jane Doe said: “It was bad.”\nAcme opened a shop in Ghent.") == (False, "")


@given(st.text(alphabet="aA .,“”\"'‘’«»„\nAcme said", max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_whatever_the_text_an_answer_comes_and_speech_lies_inside_it(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    found = voice_of(text, start, end, start, end)
    assert found.quoted or not found.speaker
    for first, last in speech_in(text):
        assert 0 <= first < last <= len(text)


def test_each_sentence_of_a_mention_has_its_own_voice_and_tone() -> None:
    text = (
        "Acme opened an office in Ghent on Tuesday. "
        "“Acme is a terrible, dangerous and dishonest company,” said Jane Doe, a former engineer."
    )
    places = tuple(
        Place("text", at, at + 4, start, end)
        for start, end in sentence_spans(text)
        if (at := text.find("Acme", start, end)) >= 0
    )
    (found,) = judge_mentions([MentionToJudge("A title", text, "en", places, quick=True)])
    outlet, jane = found.voices
    assert (outlet.quoted, outlet.tone) == (False, "neutral")
    assert (jane.quoted, jane.speaker, jane.tone) == (True, "Jane Doe", "negative")
    assert text[jane.start : jane.end] == jane.text


def test_in_a_text_of_one_line_a_sentence_costs_little_more_than_by_itself() -> None:
    def seconds(sentences: int) -> float:
        line = "Acme sells kettles. " * sentences
        places = [20 * (sentences * part // 500) for part in range(500)]
        began = time.process_time()
        for at in places:
            voice_of(line, at, at + 19, at, at + 4)
        return time.process_time() - began

    assert min(seconds(200_000) for _ in range(3)) < 20 * min(seconds(1) for _ in range(3))
