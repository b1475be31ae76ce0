"""Which characters make words, and which scripts put no blanks between them."""

import re
import unicodedata

FIRST_IDEOGRAPH_BEYOND = 0x20000
"""Beyond the basic plane only the ideographs are of such a script."""

# Ranges of scripts written without blanks between words, and Korean, whose particles cling to the noun.
_UNPARTED = ((0x0E00, 0x0EFF), (0x0F00, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0xA4CF), (0xA960, 0xA97F),
             (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC), (FIRST_IDEOGRAPH_BEYOND, 0x3FFFF))  # fmt: skip

# Marks that stand on the letter before them, soft hyphens and signs without width: a name is found without them.
INVISIBLE_RANGES = ((0x0300, 0x036F), (0x00AD, 0x00AD), (0x200B, 0x200F), (0x2060, 0x2060), (0xFEFF, 0xFEFF))
INVISIBLE_CHARACTER = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in INVISIBLE_RANGES) + "]")

_MARKED = re.compile("(.)[\u0300-\u036f]+", re.DOTALL)

UNPARTED_CHARACTER = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _UNPARTED) + "]")


def is_word_character(character: str) -> bool:
    """Letters, digits, the underscore and the signs that stand on letters; not those of unparted scripts."""
    if character.isascii():
        return character.isalnum() or character == "_"
    if is_unparted(character):
        return False
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def is_unparted(character: str) -> bool:
    """True for a character of a script that puts no blanks between words."""
    code = ord(character)
    return code >= 0x0E00 and any(first <= code <= last for first, last in _UNPARTED)


def visible(text: str) -> str:
    """Letters with their marks as one character each, without marks that make none, and nothing that cannot be seen."""
    return INVISIBLE_CHARACTER.sub("", _MARKED.sub(lambda found: unicodedata.normalize("NFC", found.group())[0], text))
