"""Which of an organization's brands may be one and the same: pairs with their probability and the reasons. Thinking only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from brandhound.brands.comparing.aligning import MOST_MADE
from brandhound.brands.comparing.beside import (
    beside_names,
    companies_of,
    marks_of,
    meant_by_marks,
    names_as_marks,
    own_names,
    sites_of,
    trades_of,
)
from brandhound.brands.comparing.knowing import MOST_KNOWN, compare_also, known_names
from brandhound.brands.comparing.likeness import compare_names
from brandhound.brands.comparing.parts import parts_of
from brandhound.brands.comparing.rarity import Rarity
from brandhound.brands.comparing.weighing import Likeness
from brandhound.brands.names import BrandNames, NameKind

WORTH_SHOWING = 0.5
MARKS: tuple[NameKind, ...] = ("ticker", "handle")
MOST_IN_BLOCK = 60
"""A word that more brands than these share brings nobody together."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """Two brands that may be one, with the names that are most alike."""

    first: str
    second: str
    names: tuple[str, str]
    likeness: Likeness


def kin_among(
    brands: Sequence[BrandNames], apart: frozenset[frozenset[str]] = frozenset(), least: float = WORTH_SHOWING
) -> list[Kinship]:
    """Pairs that may be one brand, the likeliest first, without those that a person has told apart."""
    rarity = Rarity(name.text for brand in brands for name in brand.names)
    found: list[Kinship] = []
    by_key = {brand.key: brand for brand in brands}
    for pair in _worth_comparing(brands):
        if frozenset(pair) not in apart:
            first, second = by_key[pair[0]], by_key[pair[1]]
            kinship = compare_brands(first, second, rarity)
            if kinship.likeness.probability >= least:
                found.append(kinship)
    return sorted(found, key=lambda kinship: -kinship.likeness.probability)


def compare_brands(one: BrandNames, other: BrandNames, rarity: Rarity) -> Kinship:
    """How likely two brands are one, by the two names that are most alike and by what else is known of both."""
    best = Likeness(0.0, ()), (one.name, other.name)
    for likeness, names in _compared(one, other, rarity):
        if likeness.probability > best[0].probability:
            best = likeness, names
    beside = list(beside_names(one, other))
    odds = best[0].odds + sum(evidence.weight for evidence in beside)
    reasons = sorted((*best[0].evidence, *beside), key=lambda evidence: -abs(evidence.weight))
    return Kinship(one.key, other.key, best[1], Likeness(1 / (1 + 2.718281828459045**-odds), tuple(reasons)))


def _compared(one: BrandNames, other: BrandNames, rarity: Rarity) -> Iterable[tuple[Likeness, tuple[str, str]]]:
    sold = trades_of(one), trades_of(other)
    for mine in own_names(one):
        for theirs in own_names(other):
            yield compare_names(mine, theirs, rarity, sold), (mine, theirs)
    for also, mine in _known_names(one).items():
        for theirs in own_names(other):
            yield compare_also(mine, also, theirs, rarity, sold), (mine, theirs)
    for also, theirs in _known_names(other).items():
        for mine in own_names(one):
            yield compare_also(theirs, also, mine, rarity, (sold[1], sold[0])), (mine, theirs)


def _known_names(brand: BrandNames) -> dict[str, str]:
    """What the catalogue calls the brand besides, each with the own name that it goes by there."""
    own = own_names(brand)
    found = {also: name for name in own for also in known_names(name, own)}
    return dict(list(found.items())[:MOST_KNOWN])


def _worth_comparing(brands: Sequence[BrandNames]) -> list[tuple[str, str]]:
    """Pairs that share a word, a beginning, initials, a site or a company: comparing all with all would be of no use."""
    blocks: defaultdict[str, set[str]] = defaultdict(set)
    for brand in brands:
        for key in set(_block_keys(brand)):
            blocks[key].add(brand.key)
    pairs = {
        pair
        for members in blocks.values()
        if len(members) <= MOST_IN_BLOCK
        for pair in combinations(sorted(members), 2)
    }
    return sorted(pairs)


def _block_keys(brand: BrandNames) -> Iterable[str]:
    for text in (*own_names(brand), *_known_names(brand)):
        parts = parts_of(text)
        yield from (f"word {word}" for word in parts.words)
        yield from (f"initials {one}" for one in parts.initials)
        yield from (f"word {parts_of(name).joined}" for name in (*parts.former, *parts.also))
        yield from (f"word {meant}" for meant in parts.in_between)
        # NatWest and National Westminster, BofA and Bank of America.
        if len(parts.words) == 1 and 4 <= len(parts.joined) <= MOST_MADE:
            yield f"opens {parts.joined[:2]}"
        elif len(parts.words) > 1:
            yield f"opens {parts.words[0][:2]}"
            yield f"opens {''.join(word[0] for word in parts.all_words[:2])}"
        if len(parts.words) == 1 and len(parts.joined) <= 7:
            yield f"initials {parts.joined}"
        yield f"word {parts.joined}"
        yield f"begins {parts.joined[:4]}"
    yield from (f"site {host}" for host in sites_of(brand))
    yield from (f"company {company}" for company in companies_of(brand))
    for kind in MARKS:
        meant = meant_by_marks(marks_of(brand, kind), kind)
        yield from (f"{kind} {mark}" for mark in names_as_marks(brand, kind) | meant.keys())
