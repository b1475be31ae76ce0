"""What else a name means, by the dictionary that comes along, so that nobody has to tell the product. Thinking only."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from brandhound.brands.dictionary import Entry, Sense, entry_of
from brandhound.mentions.learning import sights
from brandhound.mentions.learning.fitting import Floats
from brandhound.mentions.learning.sights import Sight
from brandhound.providers.embedding import Embedder

LIKE_THE_BRAND = 0.4
"""From this likeness to the brand's own line on, a meaning is the brand or what it makes: “a popular brand of jeans”.

Set by hand with sixty brands that the bench does not know, and the thirteen names that all else was chosen with. From .41 on
lay what is the brand or its founder (Java, Colt); some such lay lower (Caterpillar's tractor, .32), for people to switch off."""
MOST_LINES = 40
_LIVED = re.compile(r"\((?:\d{3,4}-\d{3,4}|born(?: in)? \d{4})\)")
_KEPT = 256


class Meanings(NamedTuple):
    """What else a word means: lines with their vectors, what each is from in words, and longer names that hold the word."""

    lines: tuple[str, ...]
    vectors: Floats
    said: tuple[str, ...]
    longer: tuple[tuple[str, int], ...]
    """In lower case, each with the place of the word in it."""


class Meaning(NamedTuple):
    """A sense of a name as it is shown, and whether it is taken for the brand itself."""

    name: str
    sense: Sense
    is_brand: bool


def meanings_of_names(names: Iterable[str], line: str) -> list[Meaning]:
    """All senses of those names that are words, name by name, the commonest first; by its line some are the brand itself."""
    model = sights.sentence_model()
    found: dict[str, Meaning] = {}
    for name in names:
        if (entry := entry_of(name)) is not None:
            own = _own_senses(entry, _without_name(line, entry.word), model)
            for sense in entry.senses:
                found.setdefault(sense.key, Meaning(name, sense, sense.key in own))
    return list(found.values())


def meanings_at(sight: Sight, line: str, off: frozenset[str]) -> Meanings | None:
    """What the name means besides, where it stands; None where it is no word, or all that it means is the brand."""
    entry = entry_of(sight.words[sight.start : sight.end])
    if entry is None:
        return None
    model = sights.sentence_model()
    return _besides(entry, line, off, model) if model is not None else None


def longer_name_at(sight: Sight, meanings: Meanings) -> str:
    """The longest name of another thing that stands there around the name (“Supreme Court”); empty where there is none."""
    text = sight.words.lower()
    best = ""
    for name, place in meanings.longer:
        start = sight.start - place
        end = start + len(name)
        if (
            len(name) > len(best)
            and start >= 0
            and text.startswith(name, start)
            and not (start and text[start - 1].isalnum())
            and not text[end : end + 1].isalnum()
        ):
            best = sight.words[start:end]
    return best


@lru_cache(maxsize=_KEPT)
def _besides(entry: Entry, line: str, off: frozenset[str], model: Embedder) -> Meanings | None:
    own = _own_senses(entry, _without_name(line, entry.word), model) | off
    senses = [sense for sense in entry.senses if sense.key not in own]
    # Glosses come first, so that no meaning is lost where there are too many lines.
    lines = [(sense.gloss, sense.gloss) for sense in senses]
    lines += [(example, sense.gloss) for sense in senses for example in sense.examples]
    kept = dict(lines[:MOST_LINES])
    if any(_LIVED.search(sense.gloss) for sense in senses):
        person = f"a person called {entry.word.capitalize()}"
        kept[person] = person
    if not kept:
        return None
    names = [name for sense in senses for name in sense.longer] + list(entry.longer)
    low = line.lower()
    return Meanings(
        tuple(kept),
        model.encode(tuple(kept)).astype(np.float64),
        tuple(kept.values()),
        tuple(
            (name.lower(), place) for name in names if name.lower() not in low for place in _places(entry.word, name)
        ),
    )


def _places(word: str, name: str) -> list[int]:
    return [found.start() for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", name.lower())]


@lru_cache(maxsize=_KEPT)
def _own_senses(entry: Entry, about: str, model: Embedder | None) -> frozenset[str]:
    """The senses that are the brand itself."""
    if model is None or not about:
        return frozenset()
    line, *glosses = model.encode([about, *(sense.gloss for sense in entry.senses)])
    return frozenset(
        sense.key for sense, gloss in zip(entry.senses, glosses, strict=True) if float(gloss @ line) >= LIKE_THE_BRAND
    )


def _without_name(line: str, word: str) -> str:
    """What the line says of the brand, without its name: that would make it like whatever holds the name."""
    return " ".join(re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)[:,]?", "", line).split())
