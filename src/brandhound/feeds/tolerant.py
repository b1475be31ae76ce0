# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUntypedBaseClass=false, reportUnknownParameterType=false, reportAttributeAccessIssue=false
# pyright: reportMissingParameterType=false, reportPrivateUsage=false
"""The tolerant reader: feedparser's state machine, driven by us.

`feedparser.parse` opens a file or a URL when its argument looks like one, guesses encodings byte by byte and cleans
every value twice. We hand it text that is decoded already, stop it at a number of entries and at a time, and spare it
the cleaning of values that hold no markup. Everything else, and so every quirk of twenty years of feeds, is its own.
This is the one module that touches feedparser's insides; it is pinned to 6.0.14.
"""

import io
import re
import xml.sax
import xml.sax.expatreader
import xml.sax.handler
import xml.sax.xmlreader
from contextlib import suppress
from time import thread_time
from types import FunctionType
from typing import Any, cast
from xml.sax.saxutils import escape

from feedparser import mixin
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import _HTMLSanitizer, _sanitize_html, replace_doctype
from feedparser.urls import RelativeURIResolver, make_safe_absolute_uri
from feedparser.util import FeedParserDict

from brandhound.feeds.reading import MAX_ENTRIES, MAX_VALUE, plain_text
from brandhound.feeds.xml_tree import with_true_references

DEADLINE = 20.0
"""Seconds of computing a document may take. Not of waiting: feeds that are read at the same time share one processor."""
MAX_TAGS = 5000
"""Tags in one value from which on only its words are kept."""

# Values without markup and references, which cleaning gives back as they are.
MARKUP = re.compile(r"[<&]")
LONELY = re.compile(r"&(?!#[0-9]+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)")
IN_WORDS = re.compile(r"(<(?:title|description|summary|subtitle|category|name)\b[^<>]{0,500}>)([^<]+)")
ABSOLUTE = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")


# What feedparser's handlers raise on hostile input, in its twenty years of growth.
STUMBLES = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


class Enough(Exception):
    """Stop reading here and keep what was read."""


class _Based(str):
    """Markup with the address that its links are relative to."""

    __slots__ = ("base",)
    base: str


class _OnePass(_HTMLSanitizer):
    """Resolves links and cleans in one go, where feedparser takes the markup apart twice."""

    base = ""

    def unknown_starttag(self: Any, tag: str, attrs: Any) -> None:
        resolved = [
            (name, make_safe_absolute_uri(self.base, value.strip()) or value if (tag, name) in RELATIVE else value)
            for name, value in self.normalize_attrs(attrs)
        ]
        super().unknown_starttag(tag, resolved)


def _with_base(markup: str, base: str, _encoding: str, _type: str) -> str:
    based = _Based(markup)
    based.base = base
    return based


def _cleaned(markup: str, encoding: str, kind: str) -> str:
    if not isinstance(markup, _Based):
        return cast("str", _sanitize_html(markup, encoding, kind))
    processor: Any = _OnePass(encoding, kind)
    processor.base = markup.base
    processor.feed(markup.replace("<![CDATA[", "&lt;![CDATA["))
    return str(processor.output()).strip().replace("\r\n", "\n")


RELATIVE = RelativeURIResolver.relative_uris
# feedparser's own `pop`, letter by letter, with these two functions in the place of its own.
_pop = FunctionType(
    mixin._FeedParserMixin.pop.__code__,
    {**vars(mixin), "resolve_relative_uris": _with_base, "_sanitize_html": _cleaned},
    "pop",
    mixin._FeedParserMixin.pop.__defaults__,
)


class _Bounded:
    """Limits, and the short cut for plain values; mixed into both of feedparser's parsers."""

    truncated = out_of_time = False
    ends_at = 0.0
    keeps_uri = False

    def pop(self: Any, element: str, strip_whitespace: int = 1) -> Any:
        stack = self.elementstack
        if not stack or stack[-1][0] != element:
            return super().pop(element, strip_whitespace)  # type: ignore[misc]  # pyright: ignore
        pieces = stack[-1][2]
        if len(pieces) == 1 and isinstance(pieces[0], str):
            value = pieces[0]
        else:
            value = "".join(piece if isinstance(piece, str) else piece.decode("utf-8", "replace") for piece in pieces)
        if len(value) > MAX_VALUE:
            value = value[:MAX_VALUE]
            stack[-1][2] = [value]
        if len(value) > MAX_TAGS and value.count("<") > MAX_TAGS:
            # Cleaning costs the square of what hostile markup has in tags; words are all that such a value is worth.
            value = escape(plain_text(value))
            stack[-1][2] = [value]
        # An id with a scheme is compared as it is written (RFC 4287, section 4.2.6.1); joining would normalise it.
        self.keeps_uri = element == "id" and ABSOLUTE.match(value) is not None
        # Base64 hides its markup, so it always takes the long way.
        plain = not self.contentparams.get("base64", 0) and MARKUP.search(value) is None
        self.resolve_relative_uris = self.sanitize_html = not plain
        try:
            return _pop(self, element, strip_whitespace)
        finally:
            self.keeps_uri = False

    def resolve_uri(self: Any, uri: str) -> str:
        if self.keeps_uri:
            return uri
        return super().resolve_uri(uri)  # type: ignore[misc]  # pyright: ignore

    def unknown_starttag(self: Any, tag: str, attrs: Any) -> Any:
        if thread_time() > self.ends_at:
            self.truncated = self.out_of_time = True
            if self.inentry and self.entries:
                # Half an item is another one by what is known of it, and would stay beside the whole one.
                self.entries.pop()
            raise Enough
        return super().unknown_starttag(tag, attrs)  # type: ignore[misc]  # pyright: ignore

    def _start_item(self: Any, attrs_d: Any) -> None:
        if len(self.entries) >= MAX_ENTRIES:
            self.truncated = True
            raise Enough
        super()._start_item(attrs_d)  # type: ignore[misc]  # pyright: ignore

    _start_entry = _start_item

    # Publishers say when to come back; feedparser keeps only the last of several <hour> and <day>.
    def _end_hour(self: Any) -> None:
        self.feeddata.setdefault("skip_hours", []).append(self.pop("hour"))

    def _start_hour(self: Any, attrs_d: Any) -> None:
        self.push("hour", 0)

    def _end_day(self: Any) -> None:
        self.feeddata.setdefault("skip_days", []).append(self.pop("day"))

    def _start_day(self: Any, attrs_d: Any) -> None:
        self.push("day", 0)


class _Strict(_Bounded, StrictFeedParser):
    pass


class _Loose(_Bounded, LooseFeedParser):
    def handle_charref(self: Any, ref: str) -> None:
        # Numbers that are no character would stop the reading of all that follows.
        digits = ref[1:] if ref[:1] in "xX" else ref
        try:
            number = int(digits[:8], 16 if ref[:1] in "xX" else 10)
        except ValueError:
            return
        if number > 0x10FFFF or 0xD800 <= number < 0xE000 or (number < 32 and number not in (9, 10, 13)):
            return
        super().handle_charref(ref)  # type: ignore[misc]  # pyright: ignore


class Read:
    """What feedparser understood: its own dictionaries."""

    __slots__ = ("entries", "feed", "out_of_time", "repaired", "truncated", "version")

    def __init__(self, parser: Any, version: str | None, *, repaired: bool) -> None:
        self.feed = cast("dict[str, Any]", parser.feeddata)
        self.entries = cast("list[dict[str, Any]]", parser.entries)
        self.version: str = version or parser.version
        self.truncated: bool = parser.truncated
        self.out_of_time: bool = parser.out_of_time
        self.repaired = repaired


def read_xml(text: str, base_url: str, language: str | None) -> Read:
    """Read an XML feed as feedparser does: strictly first, then whatever can be saved.

    Opens nothing, expands no entity that holds another one, and keeps at most 10,000 entries.
    """
    data = b"<?xml version='1.0' encoding='utf-8'?>\n" + with_true_references(text).encode("utf-8", "replace")
    version, data, entities = replace_doctype(data)
    ends_at = thread_time() + DEADLINE
    parser: Any = _Strict(base_url, language, "utf-8")
    parser.ends_at = ends_at
    try:
        _drive(parser, data)
    except Enough:
        return Read(parser, version, repaired=False)
    except (xml.sax.SAXException, *STUMBLES):
        # Not well-formed, or one of feedparser's handlers stumbled: read it again without expecting XML.
        pass
    else:
        return Read(parser, version, repaired=False)
    parser = _Loose(base_url, language, "utf-8", entities)
    parser.ends_at = ends_at
    parser.resolve_relative_uris = parser.sanitize_html = True
    # What comes before the place that cannot be read is kept.
    with suppress(Enough, *STUMBLES):
        parser.feed(_with_ampersands(data.decode("utf-8", "replace")))
    return Read(parser, version, repaired=True)


def _with_ampersands(text: str) -> str:
    """The text with lonely ampersands in words ("R&D") written as XML wants them. Addresses are mended by feedparser."""
    return IN_WORDS.sub(lambda found: found.group(1) + LONELY.sub("&amp;", found.group(2)), text)


class _Sax(xml.sax.expatreader.ExpatParser):
    """Expat that gives text in one piece, not line by line and reference by reference."""

    def reset(self: Any) -> None:
        super().reset()  # type: ignore[misc]  # pyright: ignore
        self._parser.buffer_text = True
        self._parser.buffer_size = 65_536


def _drive(parser: Any, data: bytes) -> None:
    sax: Any = _Sax()
    sax.setFeature(xml.sax.handler.feature_namespaces, 1)
    sax.setFeature(xml.sax.handler.feature_external_ges, 0)
    sax.setContentHandler(parser)
    sax.setErrorHandler(parser)
    source: Any = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    sax.parse(source)


def values(entry: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of dictionaries under a key, without feedparser's aliases."""
    found = dict.get(entry, key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def raw_value(entry: dict[str, Any], key: str) -> Any:
    return dict.get(entry, key)


def value(entry: dict[str, Any], key: str) -> str | None:
    """A text under a key, without feedparser's aliases."""
    found = dict.get(entry, key)
    return found if isinstance(found, str) and found else None


def detail(entry: dict[str, Any], key: str) -> dict[str, Any]:
    found = dict.get(entry, key)
    return found if isinstance(found, FeedParserDict | dict) else {}


def safe_html(markup: str) -> str:
    """HTML without anything that runs, loads or hides."""
    if MARKUP.search(markup) is None:
        return markup
    try:
        if markup.count("<") > MAX_TAGS:
            return escape(plain_text(markup[:MAX_VALUE]))
        return cast("str", _sanitize_html(markup[:MAX_VALUE], "utf-8", "text/html"))
    except STUMBLES:
        return ""
