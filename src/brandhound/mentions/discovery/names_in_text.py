"""Names in a text that may be brands, and what stands around each of them. Thinking only; Latin and Cyrillic letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from brandhound.brands.catalogue import catalogue, search_key
from brandhound.brands.comparing.rarity import is_description
from brandhound.brands.folding import fold
from brandhound.brands.names import LEGAL_TAIL
from brandhound.brands.words import commonness, is_first_name, is_given_name, is_place
from brandhound.mentions.cues import POSSESSIVE
from brandhound.mentions.discovery.vocabulary import (
    ALONE,
    BUYING,
    DROPPED,
    INSTITUTIONS,
    MATTERS,
    OFFICES,
    OWN_NOUNS,
    OWNING,
    PERSON_BEFORE,
    PLACE_NOUNS,
    PREPOSITIONS,
    QUALIFIED,
    SHORT_PLACES,
    THINGS,
    TITLES,
    TRADES,
    VERBS,
    WHERE,
    WHICH,
)
from brandhound.mentions.sentences import sentence_spans

LONGEST_SENTENCE = 600
LONGEST_NAME = 5
"""Words. What is longer is a title or a list."""
SCREAMING = 0.6
"""A sentence of more capitals than this says nothing by them."""

# A word of a name: begins with a capital, has one inside (iPhone), or a digit beside one (7-Eleven, 3M).
_CAPITAL = r"[^\W\d_a-zà-öø-ÿß-я]"
_NAME_WORD = re.compile(
    rf"(?:[@#](?=\w)|(?<![\w@#'’.-]))(?:{_CAPITAL}[\w&'’.+-]*\w|{_CAPITAL}(?:[&!+]\w+)*|[a-z]{{1,3}}[A-Z]\w+|\d+-?{_CAPITAL}\w*)!?"
)
_JOINED = re.compile(r" (?:(?:&|de|du|la|di|del|van|von) )?")
_QUALIFIED = re.compile(rf"-(?:{QUALIFIED.replace(' ', '|')})$", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_INSIDE = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
CUES = (
    "legal_form",
    "trade_word",
    "says",
    "has",
    "trade_after",
    "explained",
    "trade_before",
    "bought",
    "owned",
    "preposition",
    "in_place",
    "person_before",
    "the",
    "opens",
    "handle",
)
"""What may stand around a place of a name; each is counted."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name at one place of a sentence, and the cues around it, as a number whose bits are those of `CUES`."""

    key: str
    surface: str
    sentence: tuple[int, int]
    start: int
    end: int
    cues: int


def names_in(text: str) -> Iterator[Sighting]:
    """The names in a text; offsets of name and sentence count in the text."""
    for opens, closes in sentence_spans(text):
        if closes - opens <= LONGEST_SENTENCE:
            yield from _in_sentence(text[opens:closes], opens)


def key_of(name: str) -> str:
    """What spellings of one name share: no case, no accents, no possessive, no legal form."""
    bare = LEGAL_TAIL.sub("", name.lstrip("@#").strip(" .,-"))
    return fold(bare or name).replace("-", " ").replace("'", "").strip()


def _in_sentence(sentence: str, offset: int) -> Iterator[Sighting]:
    words = _WORD.findall(sentence)
    if not words or sum(word[0].isupper() for word in words) > max(2.5, SCREAMING * len(words)):
        return
    for start, end in _spans(sentence):
        surface = sentence[start:end]
        key = key_of(surface)
        if len(key) > 1 and not key.isdigit():
            cues = _cues(sentence, start, end, opens=not sentence[:start].strip(" \"'“”‘’([-–—•*"))
            yield Sighting(key, surface, (offset, offset + len(sentence)), offset + start, offset + end, cues)


def _spans(sentence: str) -> Iterator[tuple[int, int]]:
    """Runs of name words, without what merely begins a sentence."""
    runs: list[list[tuple[int, int]]] = []
    for found in _NAME_WORD.finditer(sentence):
        start, end = found.span()
        word = found.group()
        if possessive := re.search(r"['’]s$", word) or _QUALIFIED.search(word):
            end -= len(possessive.group())
        goes_on = runs and runs[-1] and not word.startswith(("@", "#")) and _joins(sentence, runs[-1][-1], start)
        if goes_on:
            runs[-1].append((start, end))
        else:
            runs.append([(start, end)])
        if possessive:
            runs.append([])
    for run in runs:
        kept = _trimmed(sentence, run)
        if kept and len(kept) <= LONGEST_NAME:
            yield kept[0][0], kept[-1][1]


def _joins(sentence: str, last: tuple[int, int], start: int) -> bool:
    """“Of” is a part of Bank of America, and none of Customers of Acme."""
    between = sentence[last[1] : start]
    if between == " of ":
        return _plain(sentence[slice(*last)]) in INSTITUTIONS
    return _JOINED.fullmatch(between) is not None


def _plain(word: str) -> str:
    return fold(word).replace(".", "")


def _trimmed(sentence: str, run: list[tuple[int, int]]) -> list[tuple[int, int]]:
    while run and fold(sentence[slice(*run[0])]) in DROPPED:
        run = run[1:]
    while run and fold(sentence[slice(*run[-1])]) in DROPPED:
        run = run[:-1]
    while len(run) > 1 and _plain(sentence[slice(*run[0])]) in TITLES:
        run = run[1:]
    if (
        len(run) > 1
        and not sentence[: run[0][0]].strip(" \"'“‘(")
        and commonness(fold(sentence[slice(*run[0])])) >= 4.5
    ):
        run = run[1:]
    if len(run) == 1:
        word = sentence[slice(*run[0])]
        if fold(word) in ALONE or _plain(word) in THINGS | SHORT_PLACES:
            return []
        if not sentence[: run[0][0]].strip(" \"'“‘(") and commonness(fold(word)) > 0 and not _INSIDE.search(word):
            return []
    said = {_plain(sentence[slice(*word)]) for word in run}
    return [] if said <= INSTITUTIONS | WHICH else run


def _cues(sentence: str, start: int, end: int, *, opens: bool) -> int:
    surface = sentence[start:end]
    before = [word.lower() for word in _WORD.findall(sentence[max(0, start - 40) : start])][-2:]
    rest = sentence[end : end + 90]
    after = [word.lower() for word in _WORD.findall(rest)][:4]
    last, first = (before or [""])[-1], (after or [""])[0]
    tail = surface.rsplit(" ", 1)[-1]
    own = POSSESSIVE.match(rest)
    owned = [word.lower() for word in _WORD.findall(rest[own.end() :])][:3] if own else []
    said = {
        "legal_form": LEGAL_TAIL.search(surface) is not None
        or re.match(r",? (?:Inc|Corp|Ltd|LLC|plc|GmbH|AG)\b", rest) is not None,
        "trade_word": " " in surface and is_description(fold(tail)),
        "says": first in VERBS,
        "has": bool(OWN_NOUNS.intersection(owned)),
        "trade_after": not own and rest[:1] == " " and (first in OWN_NOUNS or first in TRADES),
        "explained": re.match(r", (?:an?|the|which (?:makes|sells)) ", rest) is not None
        and bool(TRADES.intersection(after[1:])),
        "trade_before": last in TRADES,
        "bought": last in BUYING or (len(before) == 2 and before[0] in BUYING),
        "owned": last in OWNING,
        "preposition": last in PREPOSITIONS,
        "in_place": last in WHERE,
        "person_before": last.rstrip(".") in PERSON_BEFORE,
        "the": last in {"the", "a", "an"},
        "opens": opens,
        "handle": surface[0] in "@#",
    }
    return sum(1 << place for place, cue in enumerate(CUES) if said[cue])


@lru_cache(maxsize=1)
def _known_places() -> frozenset[str]:
    lines = files("brandhound.mentions.discovery").joinpath("places.txt").read_text(encoding="utf-8")
    return frozenset(lines.splitlines())


SHAPES = (
    "inner_capital",
    "capitals",
    "short_capitals",
    "digit",
    "several_words",
    "long",
    "catalogue",
    "catalogue_wide",
    "place",
    "given_name",
    "given_name_first",
    "common",
    "common_words",
    "rare",
    "place_noun",
    "matter",
    "office",
    "first_name_inside",
    "known_place",
)
"""What a name is by itself, without any sentence."""


@lru_cache(maxsize=50_000)
def shape_of(name: str) -> tuple[float, ...]:
    """What a name is by itself: one number for each of `SHAPES`."""
    bare = name.lstrip("@#")
    folded = fold(bare)
    words = folded.split()
    known = catalogue().named(bare)
    common = commonness(folded)
    said = {
        "inner_capital": _INSIDE.search(bare) is not None,
        "capitals": len(bare) > 1 and bare.isupper(),
        "short_capitals": bare.isupper() and 2 <= len(bare) <= 5 and " " not in bare,
        "digit": any(character.isdigit() for character in bare),
        "several_words": len(words) > 1,
        "long": len(words) > 3,
        "catalogue": any(search_key(entry.name) == search_key(bare) for entry in known),
        "catalogue_wide": any(len(entry.where) > 2 or "001" in entry.where for entry in known),
        "place": is_place(folded),
        "given_name": is_given_name(folded),
        "given_name_first": len(words) > 1 and is_given_name(words[0]),
        "common": common / 7 if len(words) == 1 else 0.0,
        "common_words": len(words) > 1 and all(commonness(word) > 0 for word in words),
        "rare": len(words) == 1 and common == 0,
        "place_noun": len(words) > 1 and words[-1] in PLACE_NOUNS,
        "matter": len(words) > 1 and words[-1] in MATTERS,
        "office": len(words) > 1 and not OFFICES.isdisjoint(words),
        "first_name_inside": any(map(is_first_name, words[:-1])),
        "known_place": folded in _known_places(),
    }
    return tuple(float(said[shape]) for shape in SHAPES)
