"""Companies on stock exchanges and brands with an icon: who is called so, by which ticker, and how many have a word."""

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from brandhound.brands.comparing.parts import telling_words

_TICKER = re.compile(r"(?:\$|(?:NYSE|NASDAQ|AMEX|LSE|XETRA|ETR|FRA|EPA|AMS|BIT|BME|SWX|TYO|TSX)\s?:\s?)?([A-Z]{1,5})")
LEAST_TICKER = 3
"""Letters of a ticker that stands there without a dollar or an exchange."""
NOBODY = frozenset[int]()


def listed_as(name: str) -> frozenset[int]:
    """The lines of the list that have this name, but for its legal form, or a ticker that is written like it."""
    return _named(name) | _of_ticker(name)


def is_ticker_of(name: str, other: str) -> bool:
    """Whether a name is the ticker of the other one, by the list: $NVDA, NASDAQ: NVDA and NVDA of Nvidia."""
    return not _of_ticker(name).isdisjoint(_named(other))


def is_marked_ticker(name: str) -> bool:
    """Whether a name says itself that it is a ticker, by a dollar or an exchange."""
    return name.lstrip().startswith("$") or ":" in name


def names_listed(name: str) -> list[str]:
    """What the one company or brand is called that the list has by this name or ticker; nothing where several are called so."""
    lines = listed_as(name)
    return _names_of(_list().lines[next(iter(lines))]) if len(lines) == 1 else []


def are_listed_apart(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    """Whether lines of both are of one kind: companies with a ticker, or brands without.

    Ford, a brand with an icon, and Ford Motor, a company on an exchange, are two lines, and one.
    """
    with_ticker = [{bool(_list().lines[line].split("\t")[1]) for line in lines} for lines in (mine, theirs)]
    return not with_ticker[0].isdisjoint(with_ticker[1])


def all_listed() -> list[list[str]]:
    """The names of each line of the list."""
    return [_names_of(line) for line in _list().lines]


def bearers_listed(words: Iterable[str], names: Iterable[str]) -> int:
    """How many of the list have all of these words in a name, but for those that have one of the names given."""
    found: frozenset[int] | None = None
    for word in words:
        bearers = _with_word(word)
        found = bearers if found is None else found & bearers
    return len((found or NOBODY).difference(*map(_named, names)))


def endings_listed(word: str) -> int:
    """How many names of the list have the word behind another one: Petroleum, Resorts."""
    return _list().behind.get(word, 0)


@lru_cache(maxsize=20_000)
def _named(name: str) -> frozenset[int]:
    return frozenset(_list().by_name.get("".join(telling_words(name)), ()))


@lru_cache(maxsize=2_000)
def _with_word(word: str) -> frozenset[int]:
    return frozenset(_list().by_word.get(word, ()))


@lru_cache(maxsize=20_000)
def _of_ticker(name: str) -> frozenset[int]:
    if (written := _TICKER.fullmatch(name.strip())) and (
        len(written[1]) >= LEAST_TICKER or len(name.strip()) > len(written[1])
    ):
        return frozenset(_list().by_ticker.get(written[1], ()))
    return NOBODY


@dataclass(frozen=True, slots=True)
class _Lines:
    """What a word, a name or a ticker belongs to: the number of a line, or several."""

    lines: Sequence[str]
    by_name: Mapping[str, tuple[int, ...]]
    by_ticker: Mapping[str, tuple[int, ...]]
    by_word: Mapping[str, tuple[int, ...]]
    behind: Mapping[str, int]


@lru_cache(maxsize=1)
def _list() -> _Lines:
    packed = files("brandhound.brands.listed").joinpath("listed.tsv.gz").read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    by_name, by_ticker, by_word = (
        dict[str, tuple[int, ...]](),
        dict[str, tuple[int, ...]](),
        dict[str, tuple[int, ...]](),
    )
    behind = Counter[str]()
    for number, line in enumerate(lines):
        _, tickers, _ = line.split("\t")
        for name in _names_of(line):
            words = telling_words(name)
            for found, keys in ((by_name, ("".join(words),)), (by_word, words)):
                for key in keys:
                    if number not in (before := found.get(key, ())):
                        found[key] = (*before, number)
            behind.update(set(words[1:]))
        for ticker in filter(None, tickers.split("|")):
            by_ticker[ticker] = (*by_ticker.get(ticker, ()), number)
    return _Lines(lines, by_name, by_ticker, by_word, dict(behind))


def _names_of(line: str) -> list[str]:
    name, _, also = line.split("\t")
    return [name, *filter(None, also.split("|"))]
