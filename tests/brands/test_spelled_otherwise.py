"""Names of one brand that differ in how they are spelled, and in nothing else."""

import pytest

from brandhound.brands.comparing.likeness import compare_names
from brandhound.brands.comparing.rarity import Rarity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zandora Group Ltd.", "zandoragroup.com"),
        ("Zandora AI Holdings, Inc.", "#ZandoraAIHoldings"),
        ("Zandora.com", "zandora com"),
        ("Норвест и Зандора", "Норвест та Зандора"),
        ("Норвѣст", "Норвест"),
        ("Ford Motor", "NYSE: F"),
    ],
)
def test_what_differs_in_spelling_only_is_one_brand_without_doubt(one: str, other: str) -> None:
    assert compare_names(one, other, Rarity()).probability > 0.9
