"""Pairs drawn a sixth to a tenth time, by another way than the five sets before, of companies that no pair before was of.

As many of each kind as in the fifth set. What is other:
- of the catalogue, two names of one company by chance, instead of its first name and another one; each kind of trade gives as
  many companies as the next one, so that the few large trades do not decide;
- names of others that are near are near by Jaro and Winkler's measure, instead of rapidfuzz's weighted ratio;
- companies are those of the list of companies, of all countries, instead of the S&P 500;
- by hand are pairs of companies that stand in no set before.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import process, utils
from rapidfuzz.distance import JaroWinkler

from bench.quality.pair_mining import clear_names
from bench.quality.pair_sources import (
    ALPHABETS,
    HAND_MADE_EIGHTH,
    HAND_MADE_NINTH,
    HAND_MADE_SEVENTH,
    HAND_MADE_SIXTH,
    HAND_MADE_TENTH,
    OTHER_NAMES,
    WAYS,
    Pair,
    catalogue_entries,
    hand_made,
    is_alike,
    plain,
    strange_to,
)
from brandhound.brands.comparing.listed import all_listed

MOST_SAME = 160
MOST_OTHER_NAMES = 53
MOST_DIFFERENT = 307
MOST_COMPANIES = 173
MOST_COMPANIES_DIFFERENT = 30


def drawn_sixth(data: Path, known: Collection[Pair]) -> list[Pair]:
    """As many pairs as in the fifth set but for eight; `known` are those of the five sets before."""
    return _drawn(data, known, random.Random(71), HAND_MADE_SIXTH)


def drawn_seventh(data: Path, known: Collection[Pair]) -> list[Pair]:
    """In the same way, since the sixth was read, too; `known` are the pairs of the six sets before."""
    return _drawn(data, known, random.Random(81), HAND_MADE_SEVENTH)


def drawn_eighth(data: Path, known: Collection[Pair]) -> list[Pair]:
    """In the same way, since the seventh was read, too; `known` are the pairs of the seven sets before."""
    return _drawn(data, known, random.Random(91), HAND_MADE_EIGHTH)


def drawn_ninth(data: Path, known: Collection[Pair]) -> list[Pair]:
    """In the same way, those by hand by somebody who knew neither comparing nor errors; `known` are the eight sets before."""
    return _drawn(data, known, random.Random(101), HAND_MADE_NINTH)


def drawn_tenth(data: Path, known: Collection[Pair]) -> list[Pair]:
    """In the same way, since the ninth was read, those by hand again by somebody who knew neither; `known` are nine sets."""
    return _drawn(data, known, random.Random(111), HAND_MADE_TENTH)


def _drawn(data: Path, known: Collection[Pair], dice: random.Random, by_hand_in: Path) -> list[Pair]:
    entries = catalogue_entries(data)
    is_new = strange_to(known, entries)
    by_hand = hand_made(by_hand_in)
    is_free = strange_to(by_hand, entries)
    new = [entry for entry in entries if is_new(entry["name"]) and is_free(entry["name"])]
    return [
        *_of_catalogue(new, is_new, dice),
        *_of_list(data, lambda name: is_new(name) and is_free(name), dice),
        *by_hand,
    ]


def _of_catalogue(entries: Sequence[dict[str, Any]], is_new: Callable[[str], bool], dice: random.Random) -> list[Pair]:
    by_trade: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_trade[entry["category"]].append(entry)
    trades = [dice.sample(of_trade, len(of_trade)) for _, of_trade in sorted(by_trade.items())]
    in_turn = [of_trade[turn] for turn in range(max(map(len, trades))) for of_trade in trades if turn < len(of_trade)]
    same: dict[str, list[Pair]] = {"catalogue": [], OTHER_NAMES: []}
    companies = set[str]()
    for entry in in_turn:
        names = [name for name in (entry["name"], *entry.get("aliases", ())) if ALPHABETS.fullmatch(name)]
        one, other = dice.sample(names, 2) if len(names) > 1 else ("", "")
        if plain(one) != plain(other) and is_new(one) and is_new(other) and entry["wikidata"] not in companies:
            companies.add(entry["wikidata"])
            source = "catalogue" if is_alike(one, other) else OTHER_NAMES
            same[source].append(Pair(one, other, True, source))
    names = clear_names(in_turn, is_new)
    different = _near(list(names), names, dice, MOST_DIFFERENT, "catalogue")
    return [*same["catalogue"][:MOST_SAME], *same[OTHER_NAMES][:MOST_OTHER_NAMES], *different]


def _of_list(data: Path, is_new: Callable[[str], bool], dice: random.Random) -> list[Pair]:
    with (data / "c_entities" / "sp500_constituents.csv").open(encoding="utf-8") as file:
        asked = {plain(row["Security"]) for row in csv.DictReader(file)}
    owners = {
        names[0]: str(number)
        for number, names in enumerate(all_listed())
        if ALPHABETS.fullmatch(names[0]) and not any(plain(name) in asked or not is_new(name) for name in names)
    }
    names = dice.sample(sorted(owners), len(owners))
    found: list[Pair] = []
    for name in names:
        ways = [way for way in WAYS if (written := way(name, dice)) and written != name]
        if ways and len(found) < MOST_COMPANIES and (written := dice.choice(ways)(name, dice)) and written != name:
            found.append(Pair(name, written, True, "companies"))
    return [*found, *_near(names, owners, dice, MOST_COMPANIES_DIFFERENT, "companies")]


def _near(names: Sequence[str], owners: Mapping[str, str], dice: random.Random, most: int, source: str) -> list[Pair]:
    """In turn a name of another company that shares a word, and the nearest one."""
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        for word in set(plain(name).split()):
            by_word[word].append(name)
    found: dict[frozenset[str], Pair] = {}
    for name in names:
        others: Iterable[str] = [other for word in plain(name).split() for other in by_word[word]]
        if len(found) % 2:
            near = process.extract(name, names, scorer=JaroWinkler.similarity, processor=utils.default_process, limit=6)
            others = [other for other, _, _ in near][:6]
        else:
            others = dice.sample(others, len(others))
        other = next((one for one in others if owners[one] != owners[name] and plain(one) != plain(name)), "")
        if other and len(found) < most:
            found.setdefault(frozenset((name, other)), Pair(name, other, False, source))
    return list(found.values())
