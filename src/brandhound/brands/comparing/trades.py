"""Whether a word of a name goes with what somebody sells, by how the companies of the catalogue are called.

Most companies with *Pizzeria* in a name sell pizza: to a pizzeria's name it adds little, and a bank is not called so.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from brandhound.brands.catalogue import catalogue
from brandhound.brands.categories import keys_of_category
from brandhound.brands.comparing.parts import telling_words
from brandhound.brands.taxonomy import sector_of

TRUST = 2.0
"""How many companies of the usual kind each word is taken to have besides those that were counted."""
SURELY = 3.0
"""Log-odds from which on a word goes with a trade as surely as any."""

Trades = frozenset[str]
"""Keys of the catalogue's categories: amenity/bank."""
NOTHING: Trades = frozenset()


def trades_known(name: str) -> Trades:
    """What the one company of this name sells, by the catalogue; nothing where several have the name, or nobody."""
    companies = catalogue().companies_named(name)
    return _trades_of(next(iter(companies))) if len(companies) == 1 else NOTHING


def trades_of_category(category: str) -> Trades:
    """The catalogue's keys for what a brand's profile says that it sells; nothing for an own category."""
    return frozenset(keys_of_category(category)) if category else NOTHING


def fits(words: Iterable[str], trades: Trades, names: Iterable[str]) -> tuple[float, float, str, str]:
    """How much some word goes with these trades, how much another hardly does, each from 0 to 1, and which words these are.

    For the first the very trades count, for the second their sectors. `names` are those of companies that are not counted.
    """
    best, worst = (0.0, ""), (0.0, "")
    if trades:
        hidden = frozenset[str]().union(*map(_named, names))
        usual, usual_sector = _usual(trades)
        for word in words:
            companies, in_trade, in_sector = _with_word(word, trades)
            seen = len(companies) - len(hidden & companies)
            if seen:
                best = max(best, (_odds(seen, len(in_trade) - len(hidden & in_trade), usual), word))
                worst = max(worst, (-_odds(seen, len(in_sector) - len(hidden & in_sector), usual_sector), word))
    return min(1.0, best[0] / SURELY), min(1.0, worst[0] / SURELY), best[1], worst[1]


def _odds(seen: int, hits: int, usual: float) -> float:
    """How much oftener companies with a word sell this than companies do, as a logarithm; 0 for a word that nobody has."""
    return math.log((hits + TRUST * usual) / (seen + TRUST) / usual) if usual else 0.0


@lru_cache(maxsize=20_000)
def _named(name: str) -> frozenset[str]:
    return catalogue().companies_named(name)


@lru_cache(maxsize=20_000)
def _with_word(word: str, trades: Trades) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Companies with a word in a name, those of them that are in one of these trades, and in one of their sectors."""
    companies, sectors = _companies_by_word().get(word, frozenset[str]()), frozenset(map(_sector, trades))
    return (
        companies,
        frozenset(company for company in companies if not trades.isdisjoint(_trades_of(company))),
        frozenset(company for company in companies if not sectors.isdisjoint(_sectors_of(company))),
    )


@lru_cache(maxsize=2_000)
def _usual(trades: Trades) -> tuple[float, float]:
    """The share of companies that are in one of these trades, and in one of their sectors."""
    by_trade, by_sector, companies = _counted()
    sectors = frozenset(map(_sector, trades))
    return (
        min(0.9, sum(by_trade[trade] for trade in trades) / companies),
        min(0.9, sum(by_sector[sector] for sector in sectors) / companies),
    )


@lru_cache(maxsize=20_000)
def _trades_of(company: str) -> Trades:
    return frozenset(entry.category for entry in catalogue().of_company(company))


@lru_cache(maxsize=20_000)
def _sectors_of(company: str) -> Trades:
    return frozenset(map(_sector, _trades_of(company)))


@lru_cache(maxsize=2_000)
def _sector(trade: str) -> str:
    return sector_of(trade)


@lru_cache(maxsize=1)
def _counted() -> tuple[Counter[str], Counter[str], int]:
    """How many companies are in each trade and in each sector, and how many there are."""
    companies = {entry.wikidata for entry in catalogue().brands if entry.wikidata}
    return (
        Counter(trade for company in companies for trade in _trades_of(company)),
        Counter(sector for company in companies for sector in _sectors_of(company)),
        max(len(companies), 1),
    )


@lru_cache(maxsize=1)
def _companies_by_word() -> dict[str, frozenset[str]]:
    """Which companies have a word in any of their names: in other names words of other languages stand."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in catalogue().brands:
        if entry.wikidata:
            for name in (entry.name, *entry.aliases):
                for word in telling_words(name):
                    found[word].add(entry.wikidata)
    return {word: frozenset(companies) for word, companies in found.items()}
