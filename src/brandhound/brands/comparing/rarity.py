"""How telling a word of a name is: “Acme” says which company, “Group” and “Foods” hardly do."""

import gzip
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from brandhound.brands.catalogue import catalogue
from brandhound.brands.comparing.parts import parts_of, telling_words
from brandhound.brands.words import commonness, is_given_name, is_place

MOST_OF_DESCRIPTION = 0.3
_CORPORATE_WORDS = """
    group holding holdings company companies corp corporation international global worldwide brands enterprise enterprises
    industries stores store shop shops online usa limited partners associates products groupe grupo gruppo gruppe grupa
"""
_CORPORATE = frozenset(_CORPORATE_WORDS.split())


class Rarity:
    """Weights of words from 0 (every second name has it) to 1, by the names of the catalogue and those given."""

    def __init__(
        self,
        names: Iterable[str] = (),
        left_out: Mapping[str, float] | None = None,
        leanings: Mapping[str, float] | None = None,
    ) -> None:
        self._left_out = _left_out() if left_out is None else left_out
        self._leanings = _leanings() if leanings is None else leanings
        counted, self._names = _counted_in_catalogue()
        self._counted = counted
        self._own = Counter(word for name in dict.fromkeys(names) for word in set(parts_of(name).words))

    def of(self, word: str) -> float:
        """How telling the word is."""
        seen = self._counted[word] + self._own[word]
        rare = 1 - math.log1p(seen) / math.log1p(self._names)
        if is_description(word):
            return min(rare, MOST_OF_DESCRIPTION)
        return max(0.05, rare)

    def left_out(self, word: str) -> float:
        """How often the word is left out of a name, from −1 (it parts companies) to 1."""
        return self._left_out.get(word, 0.0)

    def leaning(self, words: Sequence[str]) -> float:
        """How words that only one name has lean, by their meaning: from −1 (to another thing) to 1 (to the same brand)."""
        known = [leaning for word in words if (leaning := self._leaning_of(word)) is not None]
        return sum(known) / len(words) if known else 0.0

    def _leaning_of(self, word: str) -> float | None:
        """Of several things as of one, and the other way about, where it is told of one of them only."""
        other = word.removesuffix("s") if word.endswith("s") else f"{word}s"
        return self._leanings.get(word, self._leanings.get(other))

    @staticmethod
    def bearers(words: Iterable[str], names: Iterable[str]) -> int:
        """How many companies of the catalogue have all of these words in their name, but for those of the names given."""
        found: frozenset[str] | None = None
        for word in words:
            bearers = _companies_by_word().get(word, frozenset[str]())
            found = bearers if found is None else found & bearers
        return len((found or frozenset[str]()).difference(*map(catalogue().companies_named, names)))

    @staticmethod
    def is_known(name: str) -> bool:
        """Whether the catalogue has the name."""
        return bool(catalogue().companies_named(name))

    @staticmethod
    def is_everyday(word: str) -> bool:
        """Whether the word means something without any brand: delta, gap, monster, a first name, a place."""
        return commonness(word) > 0 or is_given_name(word) or is_place(word)


def is_corporate(word: str) -> bool:
    """Whether a lower-case word says only that a name is a company's: Group, International, Stores."""
    return word in _CORPORATE


@lru_cache(maxsize=50_000)
def is_description(word: str) -> bool:
    """Whether a lower-case word only says what a company does or how large it is."""
    return word in _descriptions() or word.removesuffix("s") in _descriptions() or is_trade_elsewhere(word)


def is_trade_elsewhere(word: str) -> bool:
    """Whether a word without accents names a trade in another language: piekarnia, drogaria. There it may stand first."""
    return word in _trades_elsewhere()


@lru_cache(maxsize=1)
def _descriptions() -> frozenset[str]:
    """Words that say what a company does or how large it is. The catalogue holds shops and so knows few of the trades."""
    return frozenset(
        files("brandhound.brands.comparing").joinpath("descriptions.txt").read_text(encoding="utf-8").split()
    )


@lru_cache(maxsize=1)
def _trades_elsewhere() -> frozenset[str]:
    return frozenset(
        files("brandhound.brands.comparing").joinpath("trades_elsewhere.txt").read_text(encoding="utf-8").split()
    )


def is_goods(word: str) -> bool:
    """Whether a word without accents says what is sold in a shop under a brand: gin, diapers, tyres."""
    return word in _goods()


@lru_cache(maxsize=1)
def _goods() -> frozenset[str]:
    return frozenset(files("brandhound.brands.comparing").joinpath("goods.txt").read_text(encoding="utf-8").split())


def is_other_kind(word: str) -> bool:
    """Whether a word without accents says that a name is no seller's: a stadium, a foundation, a school, a cup."""
    return word in _other_kinds()


@lru_cache(maxsize=1)
def _other_kinds() -> frozenset[str]:
    return frozenset(
        files("brandhound.brands.comparing").joinpath("other_kinds.txt").read_text(encoding="utf-8").split()
    )


@lru_cache(maxsize=1)
def _left_out() -> dict[str, float]:
    """Counted in one half of the catalogue by `python -m bench.quality.pairs --left-out`."""
    lines = files("brandhound.brands.comparing").joinpath("left_out.tsv").read_text(encoding="utf-8").splitlines()
    return {word: float(weight) for word, weight in (line.split("\t") for line in lines)}


@lru_cache(maxsize=1)
def _leanings() -> dict[str, float]:
    """Told of each word by the sentence model and what pairs teach: `python -m bench.quality.pairs --leanings`."""
    packed = files("brandhound.brands.comparing").joinpath("leanings.tsv.gz").read_bytes()
    lines = (line.split("\t") for line in gzip.decompress(packed).decode().splitlines())
    return {word: int(hundredths) / 100 for word, hundredths in lines}


@lru_cache(maxsize=1)
def _companies_by_word() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for brand in catalogue().brands:
        if brand.wikidata:
            for word in telling_words(brand.name):
                found[word].add(brand.wikidata)
    return {word: frozenset(companies) for word, companies in found.items()}


@lru_cache(maxsize=1)
def _counted_in_catalogue() -> tuple[Counter[str], int]:
    names = {brand.name for brand in catalogue().brands}
    return Counter(word for name in names for word in set(telling_words(name))), max(len(names), 100)
