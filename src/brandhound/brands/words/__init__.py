"""How easily a word means something else: common English words, given names, places."""

import gzip
from functools import lru_cache
from importlib.resources import files

ADDED_COMMONNESS = 3.0
EVERYDAY_COMMONNESS = 5.5


@lru_cache(maxsize=1)
def _added() -> dict[str, frozenset[str]]:
    lines = files(__name__).joinpath("added.txt").read_text(encoding="utf-8").splitlines()
    classes = (line.split() for line in lines if line and not line.startswith("#"))
    return {head: frozenset(word.replace("_", " ") for word in words) for head, *words in classes}


def unpacked(name: str) -> list[str]:
    """The lines of one of the packed lists."""
    packed = files(__name__).joinpath(name).read_bytes()
    return gzip.decompress(packed).decode().split("\n")[:-1]


@lru_cache(maxsize=1)
def _common() -> dict[str, float]:
    counted = (line.split("\t") for line in unpacked("common.tsv.gz"))
    words = dict.fromkeys(_added()["common"], ADDED_COMMONNESS)
    words.update(dict.fromkeys(_added()["everyday"], EVERYDAY_COMMONNESS))
    words.update((word, float(commonness)) for word, commonness in counted)
    return {word: value for word, value in words.items() if word not in _added()["brand"]}


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    return _added()["name"].union(unpacked("given_names.txt.gz"))


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return _added()["place"].union(unpacked("places.txt.gz"))


def commonness(word: str) -> float:
    """From 2 (rare) to 7.7 (“the”): the logarithm of a lower-case word's count in a thousand million; else 0."""
    return _common().get(word, 0.0)


def is_given_name(word: str) -> bool:
    """True for a lower-case first name or family name of people."""
    return word in _given_names()


@lru_cache(maxsize=1)
def _first_names() -> frozenset[str]:
    return frozenset(files(__name__).joinpath("first_names.txt").read_text(encoding="utf-8").split())


def is_first_name(word: str) -> bool:
    """Whether a lower-case word is a first name, and hardly anything else."""
    return word in _first_names()


def is_place(name: str) -> bool:
    """True for the lower-case name of a country, a region or a city."""
    return name in _places()
