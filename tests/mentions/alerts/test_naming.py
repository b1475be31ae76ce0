"""A brand that is spelled like a small word does not take over a rule about another one."""

from uuid import uuid4

import pytest

from brandhound.mentions.alerts.understanding import KnownBrand, understand
from tests.mentions.alerts.test_understanding import ACME

BRANDS = [
    ACME,
    *(KnownBrand(uuid4(), name, names, own=False) for name, names in (("On", ("On Running",)), ("Three", ()))),
    *(KnownBrand(uuid4(), name, (), own=False) for name in ("Good", "next", "Tallow")),
]


@pytest.mark.parametrize(
    ("sentence", "brand"),
    [
        ("Tell me when a story on Acme is negative in 3 outlets", "Acme"),
        ("TELL ME WHEN A STORY ON ACME IS NEGATIVE IN THREE OUTLETS", "Acme"),
        ("Tell Me When A Story On Acme Is Negative", "Acme"),
        ("On Acme: any spike", "Acme"),
        ("On our brand: any spike", "Acme"),
        ("Tell me of good news about Acme", "Acme"),
        ("the next spike of Acme", "Acme"),
        ("Tell me when a story on On is negative", "On"),
        ("tell me of any spike of on running", "On"),
        ("On has a spike", "On"),
        ("any spike. On's, that is", "On"),
        ("tell me when Good has a spike", "Good"),
        ("tell me when Next has a spike", "next"),
        ("tell me when on has a spike", ""),
        ("tell me when tallow has a spike", "Tallow"),
    ],
)
def test_a_small_word_is_a_brand_only_with_its_capitals(sentence: str, brand: str) -> None:
    found = understand(sentence, BRANDS)
    assert found.brand == brand
    assert "a rule is about one brand" not in [part.means for part in found.ignored]


@pytest.mark.parametrize(
    ("sentence", "brand"),
    [
        ("Acme is in three outlets within a day", "Acme"),
        ("Three outlets write about Acme within a day", "Acme"),
        ("Tell me when Three is in three outlets within a day", "Three"),
    ],
)
def test_a_number_stays_a_number_where_a_brand_is_called_so(sentence: str, brand: str) -> None:
    found = understand(sentence, BRANDS)
    assert (found.brand, found.kind, found.least_outlets) == (brand, "story", 3)
    assert found.ignored == []
