"""Text with its accents, case and typographic signs levelled, character for character.

Every function here keeps the length: position i of the result speaks of position i of the text.
"""

import unicodedata
from functools import lru_cache

_SIGNS = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "ʹ": "'", "＇": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹘": "-", "－": "-",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\n": " ", "\r": " ",
    "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "ß": "s", "æ": "a", "œ": "o",
}  # fmt: skip


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """One character in, one character out."""
    if sign := _SIGNS.get(character):
        return sign
    decomposed = unicodedata.normalize("NFKD", character)[:1] or character
    return decomposed.lower()[:1] or character


class FoldTable(dict[int, str]):
    """A table for str.translate that learns a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


FOLDED = FoldTable()


def fold(text: str) -> str:
    """Lower case, no accents, plain quotes and dashes, plain blanks. As long as the text."""
    return text.translate(FOLDED)
