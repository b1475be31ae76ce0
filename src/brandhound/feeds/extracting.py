"""A page's bytes to the text and facts of its article. One parse serves everything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from brandhound.core.clock import now
from brandhound.feeds.ladder import TEXT_LIMIT, article_text
from brandhound.feeds.language import agree_on_language
from brandhound.feeds.metadata import read_metadata
from brandhound.feeds.page_encoding import DecodedPage, cut_page, decode_page
from brandhound.feeds.page_tree import NothingInIt, parse_html

Warning_ = Literal["cut", "encoding-repaired", "no-text", "little-text", "text-cut", "crude-text", "paywalled"]

ANY_TAG = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9]*)[\s>/]", re.IGNORECASE)
FEED = re.compile(
    r"(?>\s++|<\?[^>]{0,300}>|<!--.{0,500}?-->|<!(?i:doctype)\s[^>\[]{0,300}(?:\[[^\]]{0,2000}\]\s*)?>){0,20}+"
    r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]",
    re.DOTALL,
)
JSON_FEED = re.compile(r"\s*\{.{0,2000}?jsonfeed\.org/version/", re.DOTALL)
BINARY = (
    b"%PDF-",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x7fELF",
    b"ID3",
    b"OggS",
)
LITTLE_TEXT = 200


class NotAPage(Exception):
    """The bytes are no HTML: `what` says what they are instead (empty, binary, text, feed)."""

    def __init__(self, what: Literal["empty", "binary", "text", "feed"]) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return _NO_PAGE[self.what]


_NO_PAGE = {
    "empty": "There is nothing in it",
    "binary": "This is no text, and so no web page",
    "text": "This is text without markup, and not a web page",
    "feed": "This is a feed, and not a web page",
}


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """What an article's page says. `warnings` are codes for what may be missing from it."""

    url: str
    canonical_url: str | None
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    modified: datetime | None
    language: str | None
    outlet: str | None
    text: str
    warnings: tuple[Warning_, ...] = ()
    paywalled: bool = False


def extract_page(
    html: bytes, url: str, headers: Mapping[str, str] | None = None, at: datetime | None = None
) -> ExtractedPage:
    """Read an HTML page. `headers` are the answer's, with lower-case names; `at` is when it was fetched.

    Costs what the page makes it cost: strangers' pages belong into the extraction pool, which has limits.
    Raises NotAPage for bytes that are no HTML.
    """
    decoded = decode_page(html, (headers or {}).get("content-type", ""))
    _refuse_other_things(html, decoded)
    text, was_cut = cut_page(decoded.text)
    try:
        tree = parse_html(text)
    except NothingInIt:
        raise NotAPage("empty") from None
    facts = read_metadata(tree, url, at or now())
    read = article_text(tree, facts.linked_body, url)
    warnings: list[Warning_] = []
    if was_cut:
        warnings.append("cut")
    if decoded.repaired:
        warnings.append("encoding-repaired")
    if len(read.text) > TEXT_LIMIT:
        warnings.append("text-cut")
    if read.rung == "paragraphs":
        warnings.append("crude-text")
    if len(read.text) < LITTLE_TEXT:
        warnings.append("little-text" if read.text else "no-text")
    if facts.paywalled:
        warnings.append("paywalled")
    return ExtractedPage(
        url=url,
        canonical_url=facts.canonical_url,
        title=facts.title,
        authors=tuple(facts.authors),
        published=facts.published,
        modified=facts.modified,
        language=agree_on_language(facts.stated_language, read.text or facts.title or ""),
        outlet=facts.outlet,
        text=read.text[:TEXT_LIMIT],
        warnings=tuple(warnings),
        paywalled=facts.paywalled,
    )


def _refuse_other_things(body: bytes, decoded: DecodedPage) -> None:
    text = decoded.text
    if not text.strip():
        raise NotAPage("binary" if body.strip(b"\x00 \t\r\n") else "empty")
    strange = sum(byte < 9 or 13 < byte < 32 for byte in body[:2048])
    is_binary = strange > max(32, len(body[:2048]) // 20) and not decoded.encoding.startswith(("utf-16", "utf-32"))
    if is_binary or body.startswith(BINARY):
        raise NotAPage("binary")
    if FEED.match(text) or JSON_FEED.match(text):
        raise NotAPage("feed")
    if ANY_TAG.search(text) is None:
        raise NotAPage("text")
