"""Numbers of a sentence are read whole or not at all, and told as they are."""

from typing import Any

import pytest

from brandhound.mentions.alerts.understanding import understand
from brandhound.mentions.alerts.wording import hours
from tests.mentions.alerts.test_understanding import ACME

READ: list[tuple[str, dict[str, Any], str]] = [
    ("Acme is in 1,000 outlets", {"kind": "story", "least_outlets": 100}, "at least 1,000 outlets"),
    ("more than 1,000 stories about Acme", {"least_stories": 1000}, "at least 1,001 stories"),
    ("Acme in more than a dozen outlets", {"kind": "story", "least_outlets": 13}, "at least 13 outlets"),
    ("Acme in a dozen outlets", {"kind": "story", "least_outlets": 12}, "at least 12 outlets"),
    ("half a dozen outlets on Acme", {"kind": "story", "least_outlets": 6}, "at least 6 outlets"),
    ("at least two dozen bad stories about Acme", {"least_stories": 24}, "at least 24 stories"),
    ("more than a couple of outlets on Acme", {"kind": "story", "least_outlets": 3}, "at least 3 outlets"),
    ("Acme in 3 to 5 outlets", {"kind": "story", "least_outlets": 3}, "at least 3 outlets"),
    ("between 3 and 5 outlets on Acme", {"kind": "story", "least_outlets": 3}, "at least 3 outlets"),
    ("Acme in 2 outlets within 1.5 days", {"kind": "story", "within_hours": 36}, "36 hours"),
    ("Acme in 2 outlets within 1,5 days", {"kind": "story", "within_hours": 36}, "36 hours"),
    ("Acme in 2 outlets within a day and a half", {"kind": "story", "within_hours": 36}, "36 hours"),
    ("Acme in 2 outlets within half a day", {"kind": "story", "within_hours": 12}, "12 hours"),
    ("Acme in 2 outlets within a couple of days", {"kind": "story", "within_hours": 48}, "2 days"),
    ("Acme in 2 outlets within 60 hours", {"kind": "story", "within_hours": 60}, "60 hours"),
    ("Acme in 2 outlets within 1,000 hours", {"kind": "story", "within_hours": 720}, "1,000 hours"),
    ("Acme in fıve outletſ", {"kind": "story", "least_outlets": 5}, "at least 5 outlets"),
]


@pytest.mark.parametrize(("sentence", "expected", "means"), READ)
def test_a_number_is_read_with_all_its_digits(sentence: str, expected: dict[str, Any], means: str) -> None:
    found = understand(sentence, [ACME])
    wanted = {"kind": "spike"} | expected
    assert {name: getattr(found, name) for name in wanted} == wanted
    assert means in [part.means for part in found.parts]
    assert found.ignored == []


@pytest.mark.parametrize(
    ("sentence", "ignored"),
    [
        ("Acme is in 1.000 outlets", ["1.000 outlets"]),
        ("Acme is in 1'000 outlets", ["1'000 outlets"]),
        ("Acme is in 1 000 outlets", ["1 000 outlets"]),
        ("Acme is in 1.5 outlets", ["1.5 outlets"]),
        ("at least 12,5 stories about Acme", ["12,5"]),
        ("1,000,000,000,000 stories about Acme", ["1,000,000,000,000"]),
        ("twenty five outlets on Acme", ["twenty five outlets"]),
        ("twenty-five outlets on Acme", ["twenty-five outlets"]),
        ("a hundred and five outlets on Acme", ["hundred", "five outlets"]),
        ("at most a dozen outlets on Acme", ["most", "dozen outlets"]),
        ("Acme is in fewer than a dozen outlets", ["fewer", "dozen outlets"]),
    ],
)
def test_of_a_number_that_is_not_understood_nothing_is_used(sentence: str, ignored: list[str]) -> None:
    found = understand(sentence, [ACME])
    assert (found.kind, found.least_outlets, found.least_stories) == ("spike", 3, 4)
    assert [part.text for part in found.ignored] == ignored


def test_of_a_span_that_is_not_understood_nothing_is_used() -> None:
    for span in ("1.000 hours", "twenty-five hours", "a few days"):
        found = understand(f"Acme is in 2 outlets within {span}", [ACME])
        assert (found.within_hours, len(found.ignored)) == (24, 1)
        assert "It says no span of time, so: within 24 hours." in found.notes


def test_hours_are_told_as_days_only_where_they_are_whole_days() -> None:
    said = {1: "an hour", 24: "24 hours", 48: "2 days", 60: "60 hours", 71: "71 hours", 72: "3 days", 720: "30 days"}
    assert {number: hours(number) for number in said} == said
