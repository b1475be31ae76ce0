"""What a parsed feed is: the same shape for every dialect."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["rss", "rdf", "atom", "cdf", "json", "sitemap"]
MAX_ENTRIES = 10_000
MAX_VALUE = 500_000
"""Characters kept of one value."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The original publisher of an entry that an aggregator passes on."""

    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One item. `title`, `summary` and `content` are safe HTML, as feedparser would give them; see `plain_text`."""

    id: str | None
    title: str
    link: str | None
    published: datetime | None = None
    updated: datetime | None = None
    published_raw: str | None = None
    published_confidence: Literal["stated", "guessed", "missing"] = "missing"
    authors: tuple[str, ...] = ()
    summary: str = ""
    content: str = ""
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    source: Source | None = None
    title_is_html: bool = False
    summary_is_html: bool = True

    @property
    def title_text(self) -> str:
        """The title as words: one line, no markup, entities resolved."""
        return plain_text(self.title) if self.title_is_html else " ".join(self.title.split())

    @property
    def summary_text(self) -> str:
        return plain_text(self.summary) if self.summary_is_html else " ".join(self.summary.split())

    @property
    def content_text(self) -> str:
        return plain_text(self.content)


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, read. Entries stand in the document's order."""

    kind: Kind
    version: str
    title: str
    link: str | None
    language: str | None
    entries: tuple[ParsedEntry, ...]
    description: str = ""
    id: str | None = None
    ttl: int | None = None
    """Minutes the publisher asks us to wait between two looks (ttl, sy:updatePeriod)."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, UTC, in which the publisher says nothing new comes."""
    skip_days: frozenset[int] = frozenset()
    """Weekdays, Monday is 0, in which nothing new comes."""
    hub: str | None = None
    self_url: str | None = None
    next_url: str | None = None
    expired: bool = False
    truncated: bool = False
    """There is more than is read at once: more than 10,000 entries, or it took too long."""
    out_of_time: bool = False
    """It took too long, so that another time more of the same document may be read."""
    repaired: bool = False
    """The document was not well-formed or its encoding was wrong; what could be saved was saved."""
    encoding: str = "utf-8"
    title_is_html: bool = False

    @property
    def title_text(self) -> str:
        return plain_text(self.title) if self.title_is_html else " ".join(self.title.split())


def forgiven(*, repaired: bool, truncated: bool) -> list[str]:
    """What was forgiven while a feed was read, in sentences."""
    notes: list[str] = []
    if repaired:
        notes.append("The feed is not well-formed or wrongly encoded; what could be read was read.")
    if truncated:
        notes.append("The feed has more than is read at once: the rest of its items was left out.")
    return notes


class NotAFeed(Exception):
    """The body is no feed: `code` says what it seems to be, `beginning` its first 200 characters, or a page's title.

    `unreadable` is what our reading stumbled over, and `beginning` over what.
    """

    def __init__(
        self, code: Literal["empty", "html", "json", "xml", "binary", "text", "unreadable"], beginning: str
    ) -> None:
        super().__init__(code, beginning)
        self.code = code
        self.beginning = beginning[:200]

    def __str__(self) -> str:
        what = WHAT_IT_IS[self.code]
        return f"{what}: “{' '.join(self.beginning.split())}”" if self.beginning and self.code != "binary" else what


WHAT_IT_IS = {
    "empty": "The answer was empty",
    "html": "This is a web page, not a feed",
    "json": "This is JSON, but not a JSON Feed",
    "xml": "This is XML, but not a feed",
    "binary": "This is neither text nor a feed",
    "text": "This is text, but not a feed",
    "unreadable": "Reading it failed",
}

HIDDEN = re.compile(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Words on both sides of these stand apart in print, so they must in text.
BREAKING = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|tr|td|th|blockquote|pre|section|article|figure|figcaption|img)\b[^<>]*>",
    re.IGNORECASE,
)
TAG = re.compile(r"</?[A-Za-z!?][^<>]*(?:>|\Z)")


def plain_text(markup: str) -> str:
    """HTML to words on one line. Markup that is only half there is dropped, not shown."""
    if "<" in markup:
        markup = COMMENT.sub(" ", HIDDEN.sub(" ", markup))
        markup = TAG.sub("", BREAKING.sub(" ", markup))
    if "&" in markup:
        markup = html.unescape(markup)
    return " ".join(markup.split())
