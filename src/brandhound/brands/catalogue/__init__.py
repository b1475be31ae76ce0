"""The optional catalogue of 16,630 brands: other names and categories, searched in memory."""

import gzip
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from brandhound.brands.folding import fold
from brandhound.brands.names import BrandNames, Name, name_with_rules, unique_names
from brandhound.brands.words import commonness, is_given_name, is_place

EVERYWHERE = "001"
EVERYDAY = 5.1
WIDELY = 3
"""In how many countries a brand is before its name alone makes people think of it."""


@dataclass(frozen=True, slots=True)
class CatalogueBrand:
    """A brand of the catalogue. `where` holds country codes, "001" for the world."""

    id: str
    name: str
    category: str
    aliases: tuple[str, ...]
    where: tuple[str, ...]
    wikidata: str


class Catalogue:
    """Brands that can be found by the beginning of a word of any of their names, or by likeness."""

    def __init__(self, brands: Sequence[CatalogueBrand]) -> None:
        self.brands = brands
        self._by_category: dict[str, list[CatalogueBrand]] = {}
        self._by_key: dict[str, list[int]] = {}
        starts: list[tuple[str, int]] = []
        for number, brand in enumerate(brands):
            self._by_category.setdefault(brand.category, []).append(brand)
            for key in dict.fromkeys(search_key(name) for name in (brand.name, *brand.aliases)):
                self._by_key.setdefault(key, []).append(number)
                words = key.split()
                starts.extend((" ".join(words[place:]), number) for place in range(len(words)))
        starts.sort()
        self._starts = starts
        self._start_keys = [key for key, _ in starts]
        self._keys = list(self._by_key)

    def search(self, query: str, limit: int = 10) -> list[CatalogueBrand]:
        """The best matches, best first: the whole name, its beginning, the beginning of a word, then likeness."""
        wanted = search_key(query)
        if not wanted or limit < 1:
            return []
        ranked: dict[int, tuple[float, ...]] = {}
        self._rank_starts(ranked, wanted)
        if len(ranked) < limit and " " in wanted:
            self._rank_starts(ranked, wanted.replace(" ", ""))
        if len(ranked) < limit and len(wanted) > 2:
            alike = process.extract(wanted, self._keys, scorer=fuzz.ratio, score_cutoff=72, limit=limit * 2)
            for key, score, _ in alike:
                for number in self._by_key[key]:
                    self._rank(ranked, number, wanted, float(score))
        best = sorted(ranked, key=lambda number: (*ranked[number], self.brands[number].name))
        return [self.brands[number] for number in best[:limit]]

    def named(self, name: str) -> list[CatalogueBrand]:
        """The brands that bear exactly this name, whatever its case and accents; those known everywhere first."""
        found = [self.brands[number] for number in self._by_key.get(search_key(name), ())]
        own = [brand for brand in found if search_key(brand.name) == search_key(name)]
        return sorted(own or found, key=lambda brand: (EVERYWHERE not in brand.where, -len(brand.aliases)))

    def in_category(self, category: str) -> list[CatalogueBrand]:
        """All brands of a category."""
        return self._by_category.get(category, [])

    def _rank_starts(self, ranked: dict[int, tuple[float, ...]], wanted: str) -> None:
        at = bisect_left(self._start_keys, wanted)
        while at < len(self._starts) and self._start_keys[at].startswith(wanted) and len(ranked) < 500:
            self._rank(ranked, self._starts[at][1], wanted, 0.0)
            at += 1

    def _rank(self, ranked: dict[int, tuple[float, ...]], number: int, wanted: str, likeness: float) -> None:
        if number in ranked:
            return
        brand = self.brands[number]
        name = search_key(brand.name)
        aliases = {search_key(alias) for alias in brand.aliases}
        if name == wanted:
            tier = 0
        elif name.startswith(wanted):
            tier = 1
        elif wanted in aliases:
            tier = 2
        elif not likeness:
            tier = 3
        else:
            tier = 4
        ranked[number] = (tier, -likeness, EVERYWHERE not in brand.where, len(name))


def search_key(name: str) -> str:
    """What a person types when looking for the name: without case, accents and signs."""
    return " ".join(
        "".join(character if character.isalnum() else " " for character in fold(name).replace("'", "")).split()
    )


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue that came with the product; an empty one where the file was left out."""
    file = files(__name__).joinpath("brands.tsv.gz")
    if not file.is_file():
        return Catalogue([])
    rows = (line.split("\t") for line in gzip.decompress(file.read_bytes()).decode().splitlines())
    return Catalogue(
        [
            CatalogueBrand(
                id=number,
                name=name,
                category=category,
                aliases=tuple(filter(None, aliases.split("|"))),
                where=tuple(filter(None, where.split(","))),
                wikidata=wikidata,
            )
            for number, name, category, aliases, where, wikidata in rows
        ]
    )


def search_catalogue(query: str, limit: int = 10) -> list[CatalogueBrand]:
    """The catalogue's best matches for what somebody typed, best first."""
    return catalogue().search(query, limit)


@lru_cache(maxsize=4096)
def categories_of(name: str) -> tuple[str, ...]:
    """What the well known brands of exactly this name sell: “Ford” sells cars. Empty where the catalogue knows none."""
    known = (brand for brand in catalogue().named(name) if fold(brand.name) == fold(name))
    return tuple(
        dict.fromkeys(brand.category for brand in known if EVERYWHERE in brand.where or len(brand.where) >= WIDELY)
    )


def names_of_entry(brand: CatalogueBrand) -> BrandNames:
    """A catalogue brand as matching wants it. Names that are everyday words, people or places need a context."""
    names = [brand.name, *(_cased_like(alias, brand.name) for alias in brand.aliases)]
    return BrandNames(
        key=brand.id,
        name=brand.name,
        names=tuple(unique_names(_with_strict_rules(name) for name in names)),
        category=brand.category,
    )


def _with_strict_rules(text: str) -> Name:
    name, folded = name_with_rules(text), fold(text)
    is_everyday = commonness(folded) >= EVERYDAY or is_given_name(folded) or is_place(folded)
    return replace(name, needs_context=name.needs_context or is_everyday)


def _cased_like(alias: str, name: str) -> str:
    # The catalogue keeps search terms in lower case; in a text they are written like the name.
    if alias.islower() and alias.isascii() and name[:1].isupper():
        return alias.upper() if len(alias) < 4 and " " not in alias else alias.title()
    return alias
