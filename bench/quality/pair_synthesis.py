"""Pairs made of the list of companies and brands, that teach a little: names written as people write them, and with slips.

Different ones are the nearest names of the list, and very short names beside any other. What the list itself says of two names
is taken out of most of these pairs, since it knows them all (`pair_fitting`).
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process, utils

from bench.quality.pair_sources import ALPHABETS, WAYS, Pair, bare, plain, slip
from brandhound.brands.comparing.listed import all_listed, are_listed_apart, listed_as

MADE = "made of the list"
MOST_SLIPPED = 1500
MOST_REWRITTEN = 750
MOST_NEAR = 1500
MOST_SHORT = 400
LEAST_SLIPPED = 5
"""Letters of a word that a slip is made in."""
SHORT = 3
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = {
    letter: [row[near] for near in (at - 1, at + 1) if 0 <= near < len(row)]
    for row in ROWS
    for at, letter in enumerate(row)
}
"""Which keys stand beside a key."""
_HEARD = """
    ph f  f ph  ck k  c k  k c  y i  i y  e i  sch sh  ei ie  ie ei  ce chi  z s  s z  a e  o u  th t  ou u  w v
"""
HEARD = tuple(zip(_HEARD.split()[::2], _HEARD.split()[1::2], strict=True))
"""What sounds nearly the same."""


def made_of_list(is_new: Callable[[str], bool]) -> list[Pair]:
    """Pairs of names for which `is_new` says that they may teach."""
    dice = random.Random(63)
    owners: dict[str, int] = {}
    also: defaultdict[int, list[str]] = defaultdict(list)
    for number, names in enumerate(all_listed()):
        for name in names:
            if is_new(name) and ALPHABETS.fullmatch(name):
                owners.setdefault(name, number)
                also[number].append(name)
    names = sorted(owners)
    return [
        *_slipped(names, owners, dice),
        *_rewritten(names, dice),
        *(Pair(one, other, True, MADE) for one, other, *_ in _several(also) if plain(one) != plain(other)),
        *_near(names, owners, dice),
        *_short(names, owners, dice),
    ]


def slipped(name: str, dice: random.Random) -> str:
    """One slip in a word: letters swapped, left out, twice or once, a key beside, what sounds alike, or another ending."""
    words = [word for word in re.findall(r"[A-Za-z]+", bare(name)) if len(word) >= LEAST_SLIPPED]
    if not words:
        return ""
    word = dice.choice(words) if dice.random() < 0.3 else words[0]
    made = dice.choice((_of_letters, _of_keys, _of_sounds, _of_sounds, _once, _once, _of_ending))(word, dice)
    return bare(name).replace(word, made) if made not in {"", word} else ""


def _of_letters(word: str, dice: random.Random) -> str:
    return slip(word, dice.randrange(1, len(word) - 1), dice)


def _of_keys(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + dice.choice(BESIDE[word[at].lower()]) + word[at + 1 :]


def _of_sounds(word: str, dice: random.Random) -> str:
    found = [(at.start() + 1, *sounds) for sounds in HEARD for at in re.finditer(sounds[0], word[1:])]
    if not found:
        return ""
    at, written, heard = dice.choice(found)
    return word[:at] + heard + word[at + len(written) :]


def _once(word: str, dice: random.Random) -> str:
    twice = [found.start() for found in re.finditer(r"(.)\1", word)]
    at = dice.choice(twice) if twice else len(word)
    return word[:at] + word[at + 1 :]


def _of_ending(word: str, dice: random.Random) -> str:
    return dice.choice((word + "s", word + "e", word[:-1], word[:-1]))


def _slipped(names: Sequence[str], owners: dict[str, int], dice: random.Random) -> list[Pair]:
    known = {name.casefold() for name in owners}
    found = ((name, slipped(name, dice)) for name in dice.sample(names, min(MOST_SLIPPED, len(names))))
    return [Pair(name, made, True, MADE) for name, made in found if made and made.casefold() not in known]


def _rewritten(names: Sequence[str], dice: random.Random) -> list[Pair]:
    found: list[Pair] = []
    for name in dice.sample(names, min(MOST_REWRITTEN, len(names))):
        made = [written for way in WAYS if (written := way(name, dice)) and written != name]
        if made:
            found.append(Pair(name, dice.choice(made), True, MADE))
    return found


def _several(also: dict[int, list[str]]) -> list[list[str]]:
    return [names for names in also.values() if len(names) > 1]


def _near(names: Sequence[str], owners: dict[str, int], dice: random.Random) -> list[Pair]:
    found: list[Pair] = []
    for name in dice.sample(names, min(MOST_NEAR, len(names))):
        measure = dice.choice((fuzz.ratio, fuzz.WRatio))
        near = process.extract(name, names, scorer=measure, processor=utils.default_process, limit=6)
        other = next(
            (
                other
                for other, _, _ in near
                if owners[other] != owners[name]
                and plain(other) != plain(name)
                and are_listed_apart(listed_as(name), listed_as(other))
            ),
            "",
        )
        if other:
            found.append(Pair(name, other, False, MADE))
    return found


def _short(names: Sequence[str], owners: dict[str, int], dice: random.Random) -> list[Pair]:
    short = [name for name in names if 0 < len(plain(name).replace(" ", "")) <= SHORT]
    chosen = ((name, dice.choice(short)) for name in dice.sample(names, min(MOST_SHORT, len(names))))
    return [Pair(name, other, False, MADE) for name, other in chosen if owners[name] != owners[other]]
