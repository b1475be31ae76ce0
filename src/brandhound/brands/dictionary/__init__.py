"""What words mean, by a dictionary that comes along: WordNet. It stays on the disk; a word is read when it is asked for."""

import json
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from brandhound.brands.folding import fold

_BLOCKS_KEPT = 2
"""Unpacked blocks of some 64 kB in memory: those who ask of a brand's names ask one after another."""


class Sense(NamedTuple):
    """One meaning of a word; `uses` says how often it was met in the texts whose senses were counted."""

    key: str
    """Of all words, such as “amazon.n3”: kind and number as WordNet 3.0 has them."""
    uses: int
    gloss: str
    examples: tuple[str, ...]
    longer: tuple[str, ...]
    """Longer names of the same thing that hold the word: “Amazon River”."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A word with its meanings, the commonest first, and longer names of other things that hold it (“Amazon ant”)."""

    word: str
    senses: tuple[Sense, ...]
    longer: tuple[str, ...]

    @property
    def uses(self) -> int:
        """How often the word was met in any sense."""
        return sum(sense.uses for sense in self.senses)


@lru_cache(maxsize=512)
def look_up(word: str) -> Entry | None:
    """What a lower-case word means; None where the dictionary does not have it. The first time costs a thousandth of a second."""
    first, places = _index()
    at = bisect_right(first, word) - 1
    if at < 0:
        return None
    for line in _block(*places[at]):
        if line.startswith(f'["{word}",'):
            return _entry(json.loads(line))
    return None


def is_word(name: str) -> bool:
    """Whether a name as it is written is a word of the dictionary, which has such as are in use. Of all words at once: the
    first time costs a fifth of a second, and a megabyte is kept."""
    return fold(name).strip() in _words()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    blocks = (_block.__wrapped__(*place) for place in _index()[1])
    return frozenset(line[2 : line.index('"', 2)] for block in blocks for line in block)


def entry_of(name: str) -> Entry | None:
    """What a name means that is a word, however it is written."""
    return look_up(fold(name))


def _entry(line: list[Any]) -> Entry:
    word, senses, longer = line
    return Entry(
        word,
        tuple(
            Sense(f"{word}.{key}", uses, gloss, tuple(examples), tuple(same))
            for key, uses, gloss, examples, same in senses
        ),
        tuple(longer),
    )


def _file() -> Path:
    return Path(str(files(__name__).joinpath("wordnet.bin")))


@lru_cache(maxsize=1)
def _index() -> tuple[list[str], list[tuple[int, int]]]:
    """The first word of each block, and where the block is."""
    with _file().open("rb") as file:
        end = file.seek(-8, 2)
        start = int.from_bytes(file.read(8), "big")
        file.seek(start)
        rows = json.loads(zlib.decompress(file.read(end - start)))
    return [row[0] for row in rows], [(row[1], row[2]) for row in rows]


@lru_cache(maxsize=_BLOCKS_KEPT)
def _block(offset: int, length: int) -> list[str]:
    with _file().open("rb") as file:
        file.seek(offset)
        return zlib.decompress(file.read(length)).decode().split("\n")
