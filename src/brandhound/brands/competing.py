"""Who competes with a brand of the catalogue."""

import math
from collections.abc import Iterable

from brandhound.brands.catalogue import EVERYWHERE, CatalogueBrand, catalogue
from brandhound.brands.folding import fold

MOST_COMPETITORS = 6
KNOWN_FROM = -0.6
"""Fame below which nobody would name a brand: then none is proposed, rather than a stranger."""
ABROAD = 30
"""For how many countries a brand counts that is everywhere."""


def competitors_of(entry: CatalogueBrand) -> list[str]:
    """The best-known brands of the same category in the same countries; none where nothing tells how known they are."""
    entry = catalogue().main_entry(entry)
    where = _markets_of(catalogue().in_category(entry.category), entry)
    name = fold(entry.name)
    fame: dict[str, tuple[float, CatalogueBrand]] = {}
    for other in catalogue().in_category(entry.category):
        known = fame_of(other) if catalogue().is_main_business(other) else None
        if known is None or other.wikidata == entry.wikidata or other.name.isascii() != entry.name.isascii():
            continue
        # "Tesco Express" does not compete with Tesco.
        if name in fold(other.name) or fold(other.name) in name:
            continue
        near = _nearness(where, other)
        if near is None or (score := known + near) < KNOWN_FROM:
            continue
        if score > fame.get(other.wikidata, (-math.inf, other))[0]:
            fame[other.wikidata] = (score, other)
    best = sorted(fame.values(), key=lambda found: (-found[0], found[1].name))
    return list(dict.fromkeys(other.name for _, other in best))[:MOST_COMPETITORS]


def fame_of(brand: CatalogueBrand) -> float | None:
    """How well known a brand is, in tens: by how early the world wrote about it, how often, and in how many countries.

    None where the catalogue knows too little of it.
    """
    number = brand.wikidata.removeprefix("Q")
    if not number.isdigit():
        return None
    kin = catalogue().of_company(brand.wikidata)
    countries = {country for one in kin for country in one.where}
    spread = ABROAD if EVERYWHERE in countries else len(countries)
    return 6 - math.log10(int(number)) + 0.5 * math.log10(1 + spread) + 0.5 * math.log10(len(kin))


def _markets_of(brands: Iterable[CatalogueBrand], entry: CatalogueBrand) -> set[str]:
    """Where a brand sells: what its entries in the category say together."""
    return {country for one in brands if one.wikidata == entry.wikidata for country in one.where} | set(entry.where)


def _nearness(where: set[str], other: CatalogueBrand) -> float | None:
    """How much more a brand counts for being where the other is; None where they never meet."""
    if EVERYWHERE in where:
        return 0.0 if EVERYWHERE in other.where else -1.0
    if shared := where & set(other.where):
        return 1.0 + 0.2 * len(shared) / len(where)
    return 0.0 if EVERYWHERE in other.where else None
