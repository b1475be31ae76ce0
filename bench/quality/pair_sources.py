"""Where labelled pairs of names come from, and which half of them teaches. None of it asks our own comparing."""

import csv
import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process, utils

TESTS = Path(__file__).parents[2] / "tests" / "brands"
HAND_MADE = TESTS / "name_pairs.tsv"
HAND_MADE_ANEW = TESTS / "name_pairs_anew.tsv"
HAND_MADE_THIRD = TESTS / "name_pairs_third.tsv"
HAND_MADE_FOURTH = TESTS / "name_pairs_fourth.tsv"
HAND_MADE_FIFTH = TESTS / "name_pairs_fifth.tsv"
HAND_MADE_SIXTH = TESTS / "name_pairs_sixth.tsv"
HAND_MADE_SEVENTH = TESTS / "name_pairs_seventh.tsv"
HAND_MADE_EIGHTH = TESTS / "name_pairs_eighth.tsv"
HAND_MADE_NINTH = TESTS / "name_pairs_ninth.tsv"
HAND_MADE_TENTH = TESTS / "name_pairs_tenth.tsv"
ALPHABETS = re.compile(r"[\u0000-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1fff\u2010-\u2122]+")
OTHER_NAMES = "catalogue, other names altogether"
"""Names of one company that have little in common (Repsol and Campsa): no comparing of names finds them."""
OF_CATALOGUE = ("catalogue", OTHER_NAMES)
FOLDS = 5


@dataclass(frozen=True)
class Pair:
    """Two names, and whether they mean one brand."""

    one: str
    other: str
    same: bool
    source: str

    @property
    def teaches(self) -> bool:
        """Whether it lies in the half that weights and limit come from."""
        return teaches(self.one)


def teaches(name: str) -> bool:
    """Whether the pairs of a first name lie in the half that weights and limit come from."""
    return hashlib.md5(name.casefold().encode(), usedforsecurity=False).digest()[0] % 2 == 0


def fold_of(name: str) -> int:
    """The fifth of that half."""
    return hashlib.md5(f"f{name.casefold()}".encode(), usedforsecurity=False).digest()[0] % FOLDS


def drawn_anew(data: Path, known: Collection[Pair]) -> list[Pair]:
    """Pairs that the figures are not from: drawn from the same places with other dice, none of them of the half that teaches.

    Half of the figures' pairs has been asked after each change. These were drawn to see what that half is still worth.
    """
    return _drawn(data, known, (21, 22), HAND_MADE_ANEW)


def drawn_third(data: Path, known: Collection[Pair]) -> list[Pair]:
    """The same a third time, with traps by hand of the kinds that an agency meets: `known` are the pairs of both sets before."""
    return _drawn(data, known, (31, 32), HAND_MADE_THIRD)


def drawn_fourth(data: Path, known: Collection[Pair]) -> list[Pair]:
    """And a fourth time, since the third was looked at: `known` are the pairs of the three sets before."""
    return _drawn(data, known, (41, 42), HAND_MADE_FOURTH)


def drawn_fifth(data: Path, known: Collection[Pair]) -> list[Pair]:
    """A fifth time, since the fourth was read, too: of the catalogue only companies that no pair before was of.

    Of the 500 companies each was asked about before, so there only the pairs are new. No name by hand was in a set before.
    """
    entries = catalogue_entries(data)
    is_new = strange_to(known, entries)
    of_strangers = [entry for entry in entries if is_new(entry["name"])]
    drawn = _drawn(data, known, (51, 52), HAND_MADE_FIFTH, of_strangers)
    return [pair for pair in drawn if pair.source not in OF_CATALOGUE or (is_new(pair.one) and is_new(pair.other))]


def strange_to(known: Iterable[Pair], entries: Sequence[dict[str, Any]]) -> Callable[[str], bool]:
    """Tells of a name whether no company that has it is in one of these pairs. A company is its number, or else its very name."""
    companies: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for name in (entry["name"], *entry.get("aliases", ())):
            companies[plain(name)].add(entry["wikidata"])

    def of(name: str) -> set[str]:
        return {plain(name), *companies.get(plain(name), ())}

    met = set[str]().union(*(of(name) for pair in known for name in (pair.one, pair.other)))
    return lambda name: met.isdisjoint(of(name))


def _drawn(
    data: Path,
    known: Collection[Pair],
    dice: tuple[int, int],
    by_hand: Path,
    entries: Sequence[dict[str, Any]] | None = None,
) -> list[Pair]:
    seen = {frozenset((pair.one, pair.other)) for pair in known}
    drawn = [
        *of_catalogue(data, dice=random.Random(dice[0]), entries=entries),
        *of_companies(data, dice=random.Random(dice[1])),
    ]
    return [
        *(pair for pair in drawn if not pair.teaches and frozenset((pair.one, pair.other)) not in seen),
        *hand_made(by_hand),
    ]


def hand_made(file: Path = HAND_MADE) -> list[Pair]:
    """Traps and plain cases written by hand."""
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return [Pair(one, other, label == "same", "by hand") for label, one, other in rows]


def of_catalogue(
    data: Path, most: int = 700, dice: random.Random | None = None, entries: Sequence[dict[str, Any]] | None = None
) -> list[Pair]:
    """Other names of one entry, and the nearest entries of other companies; of all the catalogue or of these entries."""
    entries = catalogue_entries(data) if entries is None else entries
    dice = dice or random.Random(11)
    found: list[Pair] = []
    for entry in _sample(dice, [one for one in entries if one.get("aliases")], most):
        written = [
            alias for alias in entry["aliases"] if ALPHABETS.fullmatch(alias) and plain(alias) != plain(entry["name"])
        ]
        if written:
            alias = dice.choice(written)
            found.append(
                Pair(entry["name"], alias, True, "catalogue" if is_alike(entry["name"], alias) else OTHER_NAMES)
            )
    names: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for name in (entry["name"], *entry.get("aliases", ())):
            names[name].add(entry["wikidata"])
    # One name may stand for several companies; of those nobody can say which is meant.
    # What stands in brackets there is a note to tell them apart, and no part of any name.
    clear = {
        name: next(iter(ids))
        for name, ids in names.items()
        if len(ids) == 1 and ALPHABETS.fullmatch(name) and "(" not in name
    }
    found += _different(dice, clear, most, "catalogue")
    return found


def of_companies(data: Path, most: int = 450, dice: random.Random | None = None) -> list[Pair]:
    """Companies as people write them, and companies that look alike."""
    with (data / "c_entities" / "sp500_constituents.csv").open(encoding="utf-8") as file:
        companies = {row["Security"]: row["CIK"] for row in csv.DictReader(file)}
    dice = dice or random.Random(12)
    found: list[Pair] = []
    for name in _sample(dice, sorted(companies), most):
        ways = [way for way in WAYS if (written := way(name, dice)) and written != name]
        if ways and (written := dice.choice(ways)(name, dice)):
            found.append(Pair(name, written, True, "companies"))
    return found + _different(dice, companies, most, "companies")


def is_alike(one: str, other: str) -> bool:
    """Whether a public measure (rapidfuzz's partial ratio) finds most of the shorter name in the longer one."""
    return fuzz.partial_ratio(one, other, processor=utils.default_process) >= 70


def _different(dice: random.Random, owners: dict[str, str], most: int, source: str) -> list[Pair]:
    """Names of others that share a word, and the most alike by a public measure (rapidfuzz's weighted ratio)."""
    names = sorted(owners)
    by_word: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for word in set(plain(name).split()):
            by_word[word].append(name)
    found: dict[frozenset[str], Pair] = {}
    for name in _sample(dice, names, most * 2):
        others = [other for word in plain(name).split() for other in by_word[word] if owners[other] != owners[name]]
        if len(found) % 2 == 0 and others:
            other = dice.choice(others)
        else:
            near = process.extract(name, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=6)
            other = next((one for one, _, _ in near if owners[one] != owners[name] and plain(one) != plain(name)), "")
        if other and plain(other) != plain(name) and len(found) < most:
            found.setdefault(frozenset((name, other)), Pair(name, other, False, source))
    return list(found.values())


def _sample(dice: random.Random, things: Sequence[Any], most: int) -> list[Any]:
    return dice.sample(list(things), min(most, len(things)))


def plain(name: str) -> str:
    """Its words in small letters, without signs."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def _legal(name: str, dice: random.Random) -> str:
    bare = re.sub(
        r"\s*\((?:Class|The)[^)]*\)|,? (?:Inc\.?|Corporation|Corp\.?|Company|plc|Ltd\.?|Limited|Co\.)$", "", name
    )
    return bare + dice.choice(
        [" Inc.", ", Incorporated", " Corp.", " Corporation", " plc", " Co., Ltd.", " AG", " S.A.", ""]
    )


def _capitals(name: str, _: random.Random) -> str:
    return bare(name).upper()


def _joined(name: str, _: random.Random) -> str:
    words = re.findall(r"\w+", bare(name))
    return "#" + "".join(word[:1].upper() + word[1:] for word in words) if 1 < len(words) < 4 else ""


def _address(name: str, _: random.Random) -> str:
    words = re.findall(r"\w+", bare(name).replace("&", "and").lower())
    return "".join(words) + ".com" if len("".join(words)) < 18 else ""


def _slip(name: str, dice: random.Random) -> str:
    """Two letters in the wrong order, one left out, or one twice, in the longest word of seven letters or more."""
    word = max(re.findall(r"[A-Za-z]+", bare(name)) or [""], key=len)
    if len(word) < 7:
        return ""
    return bare(name).replace(word, slip(word, dice.randrange(1, len(word) - 2), dice))


def slip(word: str, at: int, dice: random.Random) -> str:
    """A word with the letter at this place and the next one swapped, or the letter left out or written twice."""
    return dice.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )


def _and(name: str, _: random.Random) -> str:
    return name.replace(" & ", " and ") if " & " in name else ""


def _hyphen(name: str, _: random.Random) -> str:
    return name.replace("-", " ") if "-" in name else ""


def _initials(name: str, _: random.Random) -> str:
    words = [word for word in re.findall(r"[A-Za-z]+", bare(name)) if word.lower() not in {"of", "and", "the"}]
    return "".join(word[0].upper() for word in words) if len(words) >= 3 else ""


def _shortened(name: str, _: random.Random) -> str:
    short = name.replace("International", "Intl").replace("Technologies", "Tech").replace("Brothers", "Bros.")
    return short.replace("Laboratories", "Labs").replace("Pharmaceuticals", "Pharma").replace("Manufacturing", "Mfg.")


def bare(name: str) -> str:
    """The name without the legal forms of American companies and what stands in brackets."""
    return re.sub(r"\s*\([^)]*\)|,? (?:Inc\.?|Corporation|Corp\.?|Company|plc|Ltd\.?|Limited|Co\.)$", "", name)


WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    _legal, _capitals, _joined, _address, _slip, _and, _hyphen, _initials, _shortened, _legal, _slip,
)  # fmt: skip


def catalogue_entries(data: Path) -> list[dict[str, Any]]:
    """Entries of the brand catalogue that say which company they are, in letters that are compared."""
    with gzip.open(data / "c_entities" / "brand_catalogue_nsi.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [
            entry for entry in map(json.loads, lines) if entry.get("wikidata") and ALPHABETS.fullmatch(entry["name"])
        ]
