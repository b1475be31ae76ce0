"""From a site to its feeds: what its pages and headers name, then the addresses where feeds usually lie."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from brandhound.feeds.encoding import decode
from brandhound.feeds.links import joined

FEED_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
    "application/rdf+xml": "rdf",
    "application/json": "json",
    "text/xml": "rss",
    "application/xml": "rss",
}
USUAL_PLACES = (
    "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json", "/?feed=rss2", "/blog/feed",
    "/news/rss",
)  # fmt: skip
MAX_FOUND = 20
LINK_HEADER = re.compile(r"<([^>]{1,2000})>((?:\s*;\s*[\w*]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)")
PARAMETER = re.compile(r"([\w*]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")
FEEDISH = re.compile(
    r"(?:/|\b)(?:rss|atom|feed|feeds)(?:\.(?:xml|json|php|aspx))?/?$|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
YOUTUBE_CHANNEL = re.compile(r"\"(?:externalId|channelId)\":\"(UC[\w-]{22})\"")


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that a site names, best guess first."""

    url: str
    title: str | None
    kind: str | None


class _Links(HTMLParser):
    """The head's alternates and the body's links that look like feeds. Stops by itself on large pages."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base: str | None = None
        self.alternates: list[tuple[str, str | None, str]] = []
        self.anchors: list[str] = []
        self.title: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and self.base is None:
            self.base = given.get("href")
        elif tag == "link" and "href" in given:
            rels = given.get("rel", "").lower().split()
            kind = given.get("type", "").partition(";")[0].strip().lower()
            if ("alternate" in rels and kind in FEED_TYPES) or "feed" in rels:
                self.alternates.append((given["href"], given.get("title") or None, FEED_TYPES.get(kind, "")))
        elif tag == "a" and FEEDISH.search(given.get("href", "").partition("#")[0].partition("?")[0]):
            self.anchors.append(given["href"])
        elif tag == "title" and not self.title:
            self._in_title = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)


def feeds_named(body: bytes, url: str, headers: Mapping[str, str]) -> list[Found]:
    """The feeds that a page names: in its `Link:` header, in its head, then links in it that look like feeds.

    Comment feeds come last. Never fails, whatever the page is.
    """
    text = decode(body[:1_500_000], headers.get("content-type", "")).text
    links = _Links()
    # html.parser gives up on a few kinds of broken declarations.
    with suppress(AssertionError, ValueError):
        links.feed(text)
    base = (joined(url, links.base) if links.base else None) or url
    named = [
        *_in_header(headers.get("link", "")),
        *links.alternates,
        *((link, None, "") for link in _special(url, text)),
        *((link, None, "") for link in links.anchors),
    ]
    found: dict[str, Found] = {}
    for link, title, kind in named:
        address = joined(base, link)
        if address and address not in found:
            found[address] = Found(address, " ".join(title.split())[:200] if title else None, kind or None)
    return sorted(found.values(), key=_is_about_comments)[:MAX_FOUND]


def _is_about_comments(found: Found) -> bool:
    words = f"{found.title or ''} {urlsplit(found.url).path}".lower()
    return any(word in words for word in ("comment", "kommentar", "commentaire", "comentario"))


def _in_header(header: str) -> Iterator[tuple[str, str | None, str]]:
    for found in LINK_HEADER.finditer(header[:8000]):
        facts = {name.lower(): quoted or plain for name, quoted, plain in PARAMETER.findall(found.group(2))}
        kind = facts.get("type", "").lower()
        if "alternate" in facts.get("rel", "").lower().split() and kind in FEED_TYPES:
            yield found.group(1), facts.get("title"), FEED_TYPES[kind]


def _special(url: str, text: str) -> Iterator[str]:
    """Feeds of places whose pages do not name them."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    if host == "youtube.com":
        channel = re.match(r"/channel/(UC[\w-]{22})", path)
        identifier = channel.group(1) if channel else next(iter(YOUTUBE_CHANNEL.findall(text[:1_000_000])), None)
        if identifier:
            yield f"https://www.youtube.com/feeds/videos.xml?channel_id={identifier}"
    elif host in ("reddit.com", "old.reddit.com") and path.startswith(("/r/", "/user/")):
        yield f"https://www.reddit.com{path}.rss"
    elif host == "github.com" and re.fullmatch(r"/[\w.-]+/[\w.-]+", path):
        yield f"https://github.com{path}/releases.atom"
    elif re.fullmatch(r"/@[\w.]+", path) and 'content="Mastodon' in text[:20_000]:
        yield f"{parts.scheme}://{parts.netloc}{path}.rss"


def usual_places(url: str) -> list[str]:
    """Addresses where a site's feed may lie although no page names it."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}{place}" for place in USUAL_PLACES]
