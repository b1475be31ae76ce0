"""What it says that one of two names has words more: which kind of words these are, and how often they are left out."""

import math
from collections.abc import Collection, Iterable, Sequence

from brandhound.brands.comparing.listed import endings_listed
from brandhound.brands.comparing.parts import NameParts, is_country
from brandhound.brands.comparing.rarity import Rarity, is_goods, is_other_kind
from brandhound.brands.comparing.weighing import Sign
from brandhound.brands.words import commonness, is_first_name, is_given_name, is_place

USUAL_ENDING = 5.0
"""The logarithm of how many names of the list end in a word that is a usual ending without doubt."""


def signs_of_more(more: Sequence[str], words: Sequence[str], leading: Collection[str], legal: str) -> Iterable[Sign]:
    """What kind of words only one name has. `leading` are letters in front that stand for first names.

    `legal` is the legal form, where only the longer name has one.
    """
    listed = " ".join(more)
    if words[0] in more and all(
        is_first_name(word) or is_given_name(word) or len(word) == 1 or word in leading for word in more
    ):
        yield "given_before", 1.0, f"“{listed}” is a first name in front"
    if ending := min(math.log1p(endings_listed(word)) for word in more):
        yield "usual_ending", min(1.0, ending / USUAL_ENDING), f"Many companies have “{listed}” behind their name"
    if any(any(sign.isdigit() for sign in word) for word in more):
        yield "number_more", 1.0, f"“{listed}” has a number, which the other has not"
    if other := [word for word in more if is_other_kind(word)]:
        yield "other_kind", 1.0, f"“{other[0]}” is another kind of thing"
    if common := sum(commonness(word) > 0 for word in more):
        yield "common_more", common / len(more), f"“{listed}” are common words"
    if all(is_place(word) or is_country(word) for word in more):
        yield "place_more", 1.0, f"“{listed}” says where"
    if is_goods(more[-1]):
        yield "goods_more", 1.0, f"“{more[-1]}” is what is sold under a brand"
    if legal:
        yield "in_full", 1.0, f"“{listed}” stands in a company's full name, with its legal form ({legal})"


def usually_left_out(more: Sequence[str], rarity: Rarity) -> Iterable[Sign]:
    """How often these words are left out of names, and how they lean by what they mean."""
    usual = sum(rarity.left_out(word) for word in more) / max(len(more), 1)
    listed = " ".join(more)
    if usual > 0:
        yield "often_left_out", min(1.0, usual), f"“{listed}” is often left out"
    elif usual < 0:
        yield "hardly_left_out", min(1.0, -usual), f"“{listed}” is hardly ever left out"
    if (leaning := rarity.leaning(more)) > 0:
        yield "leans_to_same", leaning, f"“{listed}” means what is often added to a name"
    elif leaning < 0:
        yield "leans_to_other", -leaning, f"“{listed}” means what rather makes another brand of a name"


def legal_beside(one: NameParts, other: NameParts, *, is_other_longer: bool) -> str:
    """The legal form of the longer name, where the shorter one has none."""
    long, short = (other, one) if is_other_longer else (one, other)
    return "" if short.legal else long.legal
