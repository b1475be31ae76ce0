"""The optional catalogue of 16,630 brands: other names and categories, searched in memory."""

import gzip
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from brandhound.brands.catalogue.profiles import profile_of
from brandhound.brands.folding import fold
from brandhound.brands.names import BrandNames, Name, name_with_rules, unique_names
from brandhound.brands.words import commonness, is_given_name, is_place

EVERYWHERE = "001"
EVERYDAY = 5.1
WIDELY = 3
"""In how many countries a brand is before its name alone makes people think of it."""
BESIDE_SOMETHING = {
    **dict.fromkeys(("amenity/cafe", "amenity/fuel", "amenity/pharmacy", "shop/convenience", "shop/optician"), 1),
    **dict.fromkeys((
        "amenity/atm", "amenity/bicycle_parking", "amenity/car_wash", "amenity/charging_station", "amenity/clinic",
        "amenity/doctors", "amenity/money_transfer", "amenity/parcel_locker", "amenity/payment_terminal",
        "amenity/photo_booth", "amenity/post_office", "amenity/trolley_bay", "amenity/vending_machine",
        "leisure/playground", "shop/outpost",
    ), 2),
}  # fmt: skip
"""What many run beside their main business, and how surely. Whoever runs nothing else is known for it all the same."""


@dataclass(frozen=True, slots=True)
class CatalogueBrand:
    """A brand of the catalogue. `where` holds country codes, "001" for the world.

    `english` is what its company is called in English, where that is none of the other names.
    """

    id: str
    name: str
    category: str
    aliases: tuple[str, ...]
    where: tuple[str, ...]
    wikidata: str
    english: str = ""

    @property
    def other_names(self) -> tuple[str, ...]:
        """All names but the first."""
        return (*self.aliases, self.english) if self.english else self.aliases

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the one that it is known by first."""
        return (self.name, *self.other_names)


class Catalogue:
    """Brands that can be found by the beginning of a word of any of their names, or by likeness."""

    def __init__(self, brands: Sequence[CatalogueBrand]) -> None:
        self.brands = brands
        self._by_category: dict[str, list[CatalogueBrand]] = {}
        self._by_company: dict[str, list[CatalogueBrand]] = {}
        self._by_key: dict[str, list[int]] = {}
        starts: list[tuple[str, int]] = []
        for number, brand in enumerate(brands):
            self._by_category.setdefault(brand.category, []).append(brand)
            self._by_company.setdefault(brand.wikidata, []).append(brand)
            for key in dict.fromkeys(search_key(name) for name in brand.names):
                self._by_key.setdefault(key, []).append(number)
                words = key.split()
                starts.extend((" ".join(words[place:]), number) for place in range(len(words)))
        starts.sort()
        self._starts = starts
        self._start_keys = [key for key, _ in starts]
        self._keys = list(self._by_key)

    def search(self, query: str, limit: int = 10) -> list[CatalogueBrand]:
        """The best matches, best first: the whole name, its beginning, the beginning of a word, then likeness.

        Of several that are called the same the better known company comes first, which Wikidata has had longer, with its entries.
        """
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
        called = Counter(self.brands[number].name for number in ranked)

        def place(number: int) -> tuple[object, ...]:
            brand = self.brands[number]
            among = (_age(brand), *self._standing(brand)) if called[brand.name] > 1 else ()
            return (*ranked[number], brand.name, *among)

        return [self.brands[number] for number in sorted(ranked, key=place)[:limit]]

    def named(self, name: str) -> list[CatalogueBrand]:
        """The brands that bear exactly this name, whatever its case and accents; those known everywhere first."""
        found = [self.brands[number] for number in self._by_key.get(search_key(name), ())]
        own = [brand for brand in found if search_key(brand.name) == search_key(name)]
        return sorted(own or found, key=self._standing)

    def companies_named(self, name: str) -> frozenset[str]:
        """What Wikidata takes for one brand each, of all that have this name among theirs, whatever its case and accents."""
        found = (self.brands[number].wikidata for number in self._by_key.get(search_key(name), ()))
        return frozenset(company for company in found if company)

    def main_entry(self, brand: CatalogueBrand) -> CatalogueBrand:
        """The company's entry for what it is known for: that of a furniture house, not those of its restaurants."""
        main = self._main_category(brand)
        if brand.category == main:
            return brand
        entries = [one for one in self.of_company(brand.wikidata) if one.category == main]
        return max(entries, key=lambda one: (EVERYWHERE in one.where, len(one.where)), default=brand)

    def is_main_business(self, brand: CatalogueBrand) -> bool:
        """Whether an entry's category is what its company is known for; pumps and the shop beside them are one."""
        main = self._main_category(brand)
        return brand.category == main or BESIDE_SOMETHING.get(brand.category, 0) == BESIDE_SOMETHING.get(main, 0) == 1

    def _main_category(self, brand: CatalogueBrand) -> str:
        weight: dict[str, tuple[int, int, int]] = {}
        for one in self.of_company(brand.wikidata) or [brand]:
            _, entries, names = weight.get(one.category, (0, 0, 0))
            weight[one.category] = -BESIDE_SOMETHING.get(one.category, 0), entries + 1, names + len(one.aliases)
        return max(weight, key=lambda category: weight[category])

    def _standing(self, brand: CatalogueBrand) -> tuple[int, bool, bool, int, int]:
        beside = BESIDE_SOMETHING.get(brand.category, 0)
        is_main = self._main_category(brand) == brand.category
        return beside, not is_main, EVERYWHERE not in brand.where, _age(brand), -len(brand.where)

    def in_category(self, category: str) -> list[CatalogueBrand]:
        """All brands of a category."""
        return self._by_category.get(category, [])

    def of_company(self, wikidata: str) -> list[CatalogueBrand]:
        """All entries of what Wikidata takes for one brand: in other countries and scripts, and its other businesses."""
        return self._by_company.get(wikidata, []) if wikidata else []

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
        aliases = {search_key(alias) for alias in brand.other_names}
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


def _age(brand: CatalogueBrand) -> int:
    """The number of its company in Wikidata, which counts them as they come in: what many know came early."""
    return int(digits) if (digits := brand.wikidata.removeprefix("Q")).isdigit() else 10**12


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
                english=profile_of(wikidata).english,
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
    names = [brand.name, *(_cased_like(other, brand.name) for other in brand.other_names)]
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
