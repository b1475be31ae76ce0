# pyright: reportAttributeAccessIssue=false, reportUnknownVariableType=false, reportUnknownMemberType=false
"""XML to a tree, with nothing resolved, fetched or expanded."""

import re
from typing import Any

from lxml import etree

Element = Any
"""An lxml element; the package carries no types."""
FATAL: int = etree.ErrorLevels.FATAL
# What XML may hold (XML 1.0, section 2.2), by number.
CHARACTERS = ((0x9, 0x9), (0xA, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
# UTF-16 written in references: what programs make of an emoji that think in halves of characters.
HALVES = re.compile(
    r"&#(?:[xX]0*([dD][89abAB][0-9a-fA-F]{2})|0*(5[5-6][0-9]{3}));&#(?:[xX]0*([dD][c-fC-F][0-9a-fA-F]{2})|0*(5[6-7][0-9]{3}));"
)


def with_true_references(text: str) -> str:
    """The text with references to halves of a character joined, and without those that name no character of XML."""
    if "&#" not in text:
        return text
    return REFERENCE.sub(_if_character, HALVES.sub(_joined, text))


def _joined(found: re.Match[str]) -> str:
    high, low = (_number(found[at], found[at + 1]) for at in (1, 3))
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return found.group()
    return f"&#{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)};"


def _if_character(found: re.Match[str]) -> str:
    number = _number(found[1], found[2])
    return found.group() if any(first <= number <= last for first, last in CHARACTERS) else ""


def _number(hexadecimal: str | None, decimal: str | None) -> int:
    return int(hexadecimal, 16) if hexadecimal else int(decimal or 0)


def read_tree(text: str) -> Element | None:
    """The root of a document, as much of it as can be read; None if there is none.

    No document type is loaded, no entity resolved, nothing fetched; libxml2's own limits on depth and size stay on.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(with_true_references(text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def is_repaired(root: Element) -> bool:
    """Whether the document of this root is not well-formed: cut off in the middle, say."""
    errors: list[Any] = [*root.getroottree().parser.error_log]
    return any(int(error.level) == FATAL for error in errors)


def local_name(element: Element) -> str:
    """The name without its namespace, lower-case; empty for comments and instructions."""
    tag: object = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
