"""Everyday phrases around a common word: “apple pie”, “shell script”, “visa application”."""

from functools import lru_cache

from brandhound.brands.words import unpacked


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for phrase in unpacked("phrases.txt.gz"):
        for word in phrase.split():
            found.setdefault(word, []).append(phrase)
    return found


def phrases_with(word: str) -> list[str]:
    """The commonest two-word phrases of lower-case words that hold this one, commonest first; at most six."""
    return _phrases().get(word, [])[:6]
