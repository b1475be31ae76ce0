"""Further pairs that teach: names of one entry of the catalogue, names of others near to them, and names that hold another one.

None of them is of a company of the set that is still to be asked. What is near is looked for among names that share a word, a
beginning or an ending, since laying each name beside each other one takes minutes.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, utils

from bench.quality.pair_sources import ALPHABETS, OTHER_NAMES, Pair, is_alike, plain
from brandhound.brands.comparing.listed import all_listed

MOST_NEAR = 80
MOST_IN_BLOCK = 400
MOST_SAME = 4000
MOST_DIFFERENT = 4000
MOST_HOLDING = 6000


def mined(entries: Sequence[dict[str, Any]], is_new: Callable[[str], bool]) -> list[Pair]:
    """Names of one entry and near names of others, as in the labelled sets. `is_new` tells of a name whether it may teach."""
    dice = random.Random(61)
    found: list[Pair] = []
    for entry in entries:
        if is_new(entry["name"]):
            written = [
                alias
                for alias in entry.get("aliases", ())
                if ALPHABETS.fullmatch(alias) and plain(alias) != plain(entry["name"]) and is_new(alias)
            ]
            found += [
                Pair(entry["name"], alias, True, "catalogue" if is_alike(entry["name"], alias) else OTHER_NAMES)
                for alias in dice.sample(written, min(2, len(written)))
            ]
    found = dice.sample(found, min(MOST_SAME, len(found)))
    owners = clear_names(entries, is_new)
    blocks = _blocks(owners)
    names = sorted(owners)
    different: dict[frozenset[str], Pair] = {}
    for number, name in enumerate(dice.sample(names, min(2 * MOST_DIFFERENT, len(names)))):
        words = [word for word in plain(name).split() for _ in blocks.get(f"word {word}", ())]
        others = [one for key in _keys(name) for one in blocks.get(key, ()) if owners[one] != owners[name]]
        if number % 2 and words:
            others = [one for one in blocks[f"word {dice.choice(words)}"] if owners[one] != owners[name]]
            other = dice.choice(others) if others else ""
        else:
            near = dice.sample(others, min(MOST_NEAR, len(others)))
            other = max(near, key=lambda one: fuzz.WRatio(name, one, processor=utils.default_process), default="")
        if other and plain(other) != plain(name) and len(different) < MOST_DIFFERENT:
            different.setdefault(frozenset((name, other)), Pair(name, other, False, "catalogue"))
    return [*found, *different.values()]


def holding(entries: Sequence[dict[str, Any]], is_new: Callable[[str], bool]) -> list[Pair]:
    """Names of which one holds all words of the other, of one company or of two, of the catalogue and of the list of companies.

    They teach only what the words say that are more.
    """
    found: dict[frozenset[str], Pair] = {}
    for entry in entries:
        for alias in entry.get("aliases", ()):
            if _holds(entry["name"], alias) and is_new(entry["name"]) and is_new(alias):
                found.setdefault(frozenset((entry["name"], alias)), Pair(entry["name"], alias, True, "catalogue"))
    _add_held(found, clear_names(entries, is_new), "catalogue")
    listed: dict[str, str] = {}
    for number, names in enumerate(all_listed()):
        for name in names:
            if is_new(name):
                listed.setdefault(name, str(number))
    _add_held(found, listed, "list")
    pairs = list(found.values())
    return random.Random(62).sample(pairs, min(MOST_HOLDING, len(pairs)))


def clear_names(entries: Iterable[dict[str, Any]], is_new: Callable[[str], bool]) -> dict[str, str]:
    """Names that one company alone has, with its number."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for name in (entry["name"], *entry.get("aliases", ())):
            owners[name].add(entry["wikidata"])
    return {
        name: next(iter(ids))
        for name, ids in owners.items()
        if len(ids) == 1 and ALPHABETS.fullmatch(name) and "(" not in name and is_new(name)
    }


def _add_held(found: dict[frozenset[str], Pair], owners: Mapping[str, str], source: str) -> None:
    by_words: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in sorted(owners):
        by_words[tuple(plain(name).split())].append(name)
    for words, names in by_words.items():
        for end in range(1, len(words)):
            for short in by_words.get(words[:end], ())[:1]:
                if owners[short] != owners[names[0]]:
                    found.setdefault(frozenset((short, names[0])), Pair(short, names[0], False, source))


def _holds(one: str, other: str) -> bool:
    short, long = sorted((set(plain(one).split()), set(plain(other).split())), key=len)
    return bool(short) and short < long


def _blocks(names: Iterable[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        for key in _keys(name):
            found[key].append(name)
    return {key: members for key, members in found.items() if key.startswith("word ") or len(members) <= MOST_IN_BLOCK}


def _keys(name: str) -> list[str]:
    letters = plain(name).replace(" ", "")
    return [*{f"word {word}" for word in plain(name).split()}, f"begins {letters[:4]}", f"ends {letters[-4:]}"]
