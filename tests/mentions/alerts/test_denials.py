"""A sentence with a “not” never comes to the rule that says the opposite."""

from typing import Any

import pytest

from brandhound.mentions.alerts.understanding import understand
from tests.mentions.alerts.test_understanding import ACME, RIVAL

SILENCES: list[tuple[str, int, list[str]]] = [
    ("there are no positive stories about Acme for 3 days", 72, ["positive"]),
    ("no good news about Acme for 2 days", 48, ["positive"]),
    ("no negative coverage of Acme for a week", 168, ["negative"]),
    ("no positive or negative news on Acme for 2 days", 48, ["negative", "positive"]),
    ("no new stories about Acme for 3 days", 72, []),
    ("no more stories about Acme for 3 days", 72, []),
    ("no Acme stories for 3 days", 72, []),
    ("no outlet writes about Acme for 3 days", 72, []),
    ("no mention of Acme for 2 days", 48, []),
    ("not a single bad story about Acme for 4 days", 96, ["negative"]),
    ("if there isn't a story about Acme for 3 days", 72, []),
    ("if there haven’t been any good stories about Acme for 3 days", 72, ["positive"]),
    ("3 days without any news about Acme", 72, []),
    ("Acme has not appeared for 3 days", 72, []),
    ("nothing negative about Acme for 3 days", 72, ["negative"]),
    ("fewer negative stories about Acme than usual", 48, ["negative"]),
]


@pytest.mark.parametrize(("sentence", "hours", "tones"), SILENCES)
def test_no_stories_of_a_kind_are_a_silence_of_that_kind(sentence: str, hours: int, tones: list[str]) -> None:
    found = understand(sentence, [ACME])
    assert (found.brand, found.kind, found.hours, found.tones) == ("Acme", "silence", hours, tones)
    assert (found.words, found.ignored) == ([], [])


@pytest.mark.parametrize(
    ("sentence", "tones"),
    [
        ("a story about Acme is not neutral", ["positive", "negative", "mixed"]),
        ("a story about Acme is not mixed", ["positive", "negative", "neutral"]),
        ("a story about Acme isn't positive", ["negative", "mixed", "neutral"]),
        ("a story about Acme isn’t so good", ["negative", "mixed", "neutral"]),
        ("a story about Acme is never bad", ["positive", "mixed", "neutral"]),
        ("a story about Acme is no longer positive", ["negative", "mixed", "neutral"]),
        ("a non-positive story about Acme", ["negative", "mixed", "neutral"]),
        ("any story about Acme, other than positive", ["negative", "mixed", "neutral"]),
        ("any story about Acme unless it is positive", ["negative", "mixed", "neutral"]),
        ("a story about Acme is neither positive nor negative", ["mixed", "neutral"]),
        ("a story about Acme is neither positive, negative nor mixed", ["neutral"]),
        ("a story about Acme is not positive or negative", ["mixed", "neutral"]),
        ("a story about Acme is positive or negative, but not neutral", ["negative", "positive"]),
        ("a story about Acme is not positive and it is negative", ["negative"]),
    ],
)
def test_a_tone_that_is_not_wanted_leaves_the_others(sentence: str, tones: list[str]) -> None:
    found = understand(sentence, [ACME])
    assert (found.kind, found.tones, found.ignored) == ("story", tones, [])


LEFT_OUT: list[tuple[str, dict[str, Any], list[str]]] = [
    ("a story about Acme doesn't mention safety", {"kind": "story"}, ["doesn't mention safety"]),
    ("a story about Acme without “recall”", {"kind": "story"}, ["without “recall”"]),
    ("a story about Acme with no mention of safety", {"kind": "story"}, ["no", "safety"]),
    ("a story about Acme not about recalls or fires", {"kind": "story"}, ["not about recalls or fires"]),
    ("a story about Acme without any negative tone", {"kind": "story"}, ["without any negative"]),
    ("I do not want only negative stories of Acme", {}, ["not want only negative"]),
    ("I don't want positive stories about Acme", {}, ["don't want positive"]),
    ("spikes of Acme, don't tell me of positive stories", {}, ["don't tell", "positive"]),
    ("no positive spike of Acme", {}, ["no positive", "spike"]),
    ("no more stories about Acme than usual", {}, ["no more stories about Acme than usual"]),
    ("nothing but good news about Acme", {"tones": ["positive"]}, ["nothing but"]),
    ("Acme is not in 3 outlets", {}, ["not in 3 outlets"]),
    ("Acme is not in 3 outlets but in 5 outlets", {"kind": "story", "least_outlets": 5}, ["not in 3 outlets", "but"]),
    ("a story about Acme is not yet in 3 outlets", {"kind": "story"}, ["not yet in 3 outlets"]),
    ("Acme never goes quiet", {}, ["never goes quiet"]),
    ("spikes of Acme, not only when it is serious", {}, ["not only when it is serious"]),
    ("a spike of Acme, and don't be sensitive", {}, ["don't be sensitive"]),
    ("Acme in 2 outlets, not within 2 days", {"kind": "story", "within_hours": 24}, ["not within 2 days"]),
    ("not Acme but Rival has a spike", {"brand": "Rival"}, ["not Acme", "but"]),
    ("positive and not positive stories about Acme", {"tones": ["positive"]}, ["not positive"]),
    ("neither positive, negative, mixed nor neutral", {}, ["neither positive, negative, mixed nor neutral"]),
]


@pytest.mark.parametrize(("sentence", "expected", "ignored"), LEFT_OUT)
def test_what_is_denied_and_no_rule_can_say_is_left_out_and_told(
    sentence: str, expected: dict[str, Any], ignored: list[str]
) -> None:
    found = understand(sentence, [ACME, RIVAL])
    usual: dict[str, Any] = {"kind": "spike", "keenness": "usual", "tones": [], "words": []}
    wanted = usual | expected
    assert {name: getattr(found, name) for name in wanted} == wanted
    assert [part.text for part in found.ignored] == ignored


@pytest.mark.parametrize(
    ("sentence", "tones", "ignored"),
    [
        ("Tell me not only about negative but also mixed stories of Acme", ["negative", "mixed"], []),
        ("not only negative stories but also mixed ones about Acme", ["negative", "mixed"], ["ones"]),
        ("not only negative, also mixed stories about Acme", ["negative", "mixed"], []),
        ("not just negative but also positive or mixed stories of Acme", ["negative", "positive", "mixed"], []),
        # More than the negative ones, and nothing says which: all.
        ("not only negative stories about Acme", [], []),
        ("not only negative or mixed stories about Acme", [], []),
        ("don't just tell me about negative stories of Acme", [], []),
        ("a story about Acme isn't merely negative", [], []),
    ],
)
def test_a_tone_that_is_not_the_only_one_is_wanted_with_the_others(
    sentence: str, tones: list[str], ignored: list[str]
) -> None:
    found = understand(sentence, [ACME])
    assert (found.brand, found.tones, [part.text for part in found.ignored]) == ("Acme", tones, ignored)


def test_a_word_that_is_not_the_only_one_is_wanted() -> None:
    found = understand("a story not only about recalls but also about fires", [ACME])
    assert found.words == ["recalls", "fires"]


def test_a_not_denies_no_more_than_what_it_stands_before() -> None:
    found = understand("a story not about recalls in 3 outlets within 2 days", [ACME])
    assert (found.kind, found.least_outlets, found.within_hours, found.words) == ("story", 3, 48, [])
    found = understand("Don't alert me about Acme unless it is in 3 outlets", [ACME])
    assert (found.brand, found.kind, found.least_outlets) == ("Acme", "story", 3)
