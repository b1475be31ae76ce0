# pyright: reportUnknownVariableType=false, reportAttributeAccessIssue=false
"""The parsed page. lxml has no types, so what we use of it is said here once."""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, cast

from lxml import etree
from lxml.html import HTMLParser, document_fromstring, fromstring

# As libxml2 wants it: a "/" inside the document type or at the end of <html …/> would end the document there.
DOCTYPE = re.compile(r"^\s*<\s*!\s*doctype[^>]*/[^<>]*>", re.IGNORECASE)
CLOSED_HTML = re.compile(r"(<html[^>]{0,500}?)\s*/>", re.IGNORECASE)
# What neither XML nor a screen can hold. Taken from the bytes, where it costs next to nothing.
CONTROLS = bytes(byte for byte in (*range(32), 127) if byte not in b"\t\n\r")
BEGINNING = 4096
BLOCKS = (
    "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "tr", "blockquote", "pre", "section", "article", "figure",
    "figcaption", "ul", "ol", "table", "dd", "dt", "td", "th",
)  # fmt: skip
WORDLESS = ("script", "style", "noscript", "template", "option", "title", "textarea")


class Element(Protocol):
    """An element of a page, as lxml.html gives it."""

    tag: str
    text: str | None
    tail: str | None

    def get(self, name: str) -> str | None: ...
    def find(self, path: str) -> "Element | None": ...
    def iter(self, *tags: str) -> "Iterator[Element]": ...
    def iterancestors(self) -> "Iterator[Element]": ...
    def itersiblings(self) -> "Iterator[Element]": ...
    def itertext(self) -> Iterator[str]: ...
    def text_content(self) -> str: ...


_parse = cast("Callable[..., Element]", document_fromstring)
_parse_part = cast("Callable[..., Element]", fromstring)
_parser = cast("Callable[..., Any]", HTMLParser)
_xpath = cast("Callable[[str], Callable[[Element], Any]]", etree.XPath)
_strip = cast("Callable[..., None]", etree.strip_elements)
_parser_error = cast("type[Exception]", etree.LxmlError)
_count = _xpath("count(.//*)")


class NothingInIt(Exception):
    """The parser found no element at all."""


def parse_html(text: str) -> Element:
    """The tree of a page, without comments and processing instructions. Raises NothingInIt."""
    beginning = CLOSED_HTML.sub(r"\1>", DOCTYPE.sub("", text[:BEGINNING]), count=1)
    body = (beginning + text[BEGINNING:]).encode("utf-8", "replace").translate(None, CONTROLS)
    parser = _parser(collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return _parse(body, parser=parser)
    except _parser_error:
        raise NothingInIt from None


def parse_part(markup: str) -> Element:
    """The tree of a fragment that a library has written."""
    return _parse_part(markup)


def finder(path: str) -> Callable[[Element], Sequence[Element]]:
    """A compiled XPath for elements: it walks in C, so that only what it finds costs anything."""
    return _xpath(path)


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text as it stands between two tags, and the element it stands in."""

    text: str
    element: Element


def parts_below(tree: Element, most: int) -> Iterator[Element | Line]:
    """The elements that follow the first heading, and the pieces of text between them, in the order of the page.

    All from the beginning where there is no heading; at most so many elements.
    """
    start = tree.find(".//h1")
    if start is None:
        start = tree.find(".//body") if tree.tag != "body" else tree
        following = start.iter() if start is not None else tree.iter()
    else:
        following = _following(start)
    for element in islice(following, most):
        yield element
        if element.text and element.tag not in WORDLESS and not element.text.isspace():
            yield Line(element.text, element)
        if element.tail and not element.tail.isspace() and (around := next(element.iterancestors(), None)) is not None:
            yield Line(element.tail, around)


def _following(element: Element) -> Iterator[Element]:
    for level in (element, *element.iterancestors()):
        for sibling in level.itersiblings():
            yield from sibling.iter()


def count_elements(tree: Element) -> int:
    return int(_count(tree))


def drop(tree: Element, *tags: str) -> None:
    """Remove all elements of these kinds with what is in them."""
    _strip(tree, *tags, with_tail=False)


def copy_of(tree: Element) -> Element:
    return copy(tree)


def lines_of(tree: Element) -> str:
    """The text of a tree, one line for each block. Changes the tree."""
    for element in tree.iter(*BLOCKS):
        element.text = f"\n{element.text}" if element.text else "\n"
        element.tail = f"\n{element.tail}" if element.tail else "\n"
    return tidy_lines(tree.text_content())


def tidy_lines(text: str) -> str:
    """Single spaces inside lines, no empty lines."""
    return "\n".join(line for raw in text.split("\n") if (line := " ".join(raw.split())))
