"""A fetched body to a feed: which dialect it is, and what it says in the one shape we keep."""

import re
import zlib
from calendar import timegm
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urljoin

from brandhound.feeds.dates import EARLIEST, is_nonsense, is_plain, parse_date
from brandhound.feeds.encoding import Decoded, decode
from brandhound.feeds.json_feed import parse_json_feed
from brandhound.feeds.reading import Enclosure, Kind, NotAFeed, ParsedEntry, ParsedFeed, Source, plain_text
from brandhound.feeds.sitemaps import parse_sitemap
from brandhound.feeds.tolerant import Read, detail, raw_value, read_xml, value, values

# The first element, after declarations, comments and the document type.
ROOT = re.compile(
    r"(?:\s+|<\?.*?\?>|<!--.*?-->|<![A-Za-z][^\[>]*(?:\[.*?\]\s*)?>)*<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})",
    re.DOTALL,
)
FIRST_TAG = re.compile(r"<([A-Za-z][\w.:-]{0,40})")
FEED_IN_TEXT = re.compile(r"<(?:rss|rdf:RDF|feed|atom:feed|channel|urlset)[\s>]", re.IGNORECASE)
HTML_ROOTS = {"html", "body", "head", "div", "p", "center", "script", "meta", "title", "table", "span", "h1"}
TITLE = re.compile(r"<title\b[^<>]*>([^<]{1,500})", re.IGNORECASE)
HTML_TYPES = {"text/html", "application/xhtml+xml", "html", "xhtml"}
KINDS: tuple[tuple[str, Kind], ...] = (
    ("atom", "atom"), ("rss10", "rdf"), ("rss090", "rdf"), ("rss", "rss"), ("cdf", "cdf"),
)  # fmt: skip
KIND_OF_ROOT: dict[str, Kind] = {"feed": "atom", "rdf": "rdf", "channel": "cdf"}
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GZIP = b"\x1f\x8b"
MAX_UNPACKED = 20 * 1024 * 1024
MOST_MEMBERS = 1000
MAIL_AND_NAME = re.compile(r"[^\s@()]+@[^\s@()]+\s*\(([^()]+)\)")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_feed(body: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed:
    """Read a feed document: RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0, CDF, JSON Feed 1.x, news sitemap.

    `url` is where it was found in the end, `headers` are the answer's, with lower-case names.
    Touches neither files nor the network. Raises NotAFeed, and nothing else, for whatever is no feed.
    """
    if body[:2] == GZIP:
        body = _unpacked(body)
    decoded = decode(body, headers.get("content-type", ""))
    text = decoded.text
    if not text.strip():
        raise NotAFeed("empty", "")
    if text[0] in "{[":
        return _as_decoded(parse_json_feed(text, url), decoded)
    root = _root(text)
    if root is None:
        raise NotAFeed("binary" if _looks_binary(body) else "text", text[:200])
    if root in ("urlset", "sitemapindex"):
        return _as_decoded(parse_sitemap(text, url), decoded)
    if root in HTML_ROOTS:
        title = TITLE.search(text)
        raise NotAFeed("html", plain_text(title[1]) if title else "")
    base = _base(url, headers.get("content-location"))
    read = read_xml(text, base, headers.get("content-language"))
    if not read.version and not read.entries and root not in ("rss", "rdf", "feed", "channel"):
        raise NotAFeed("binary" if _looks_binary(body) else "xml", text[:200])
    return _normalise(read, root, decoded)


def _as_decoded(feed: ParsedFeed, decoded: Decoded) -> ParsedFeed:
    return replace(feed, repaired=feed.repaired or decoded.repaired, encoding=decoded.encoding)


def _unpacked(body: bytes) -> bytes:
    """A feed file that is itself packed (`sitemap.xml.gz`), up to 20 MB of text."""
    text, rest = bytearray(), body
    with suppress(zlib.error):
        # Packed one behind the other they are one file (RFC 1952, section 2.2).
        for _ in range(MOST_MEMBERS):
            if rest[:2] != GZIP or len(text) >= MAX_UNPACKED:
                break
            unpacking = zlib.decompressobj(wbits=31)
            text += unpacking.decompress(rest, MAX_UNPACKED - len(text))
            rest = unpacking.unused_data
    return bytes(text) or body


def _root(text: str) -> str | None:
    """The local name of the first element, lower-case; a feed after some noise counts as a feed."""
    found = ROOT.match(text[:65_536])
    if found is None:
        found = FEED_IN_TEXT.search(text[:65_536]) or FIRST_TAG.search(text[:4096])
        if found is None:
            return None
        return found.group().strip("<> \t\r\n").lower().rpartition(":")[2]
    return found.group(1).lower()


def _looks_binary(body: bytes) -> bool:
    beginning = body[:1024]
    return b"\x00" in beginning or sum(byte < 9 or 13 < byte < 32 for byte in beginning) * 20 > len(beginning)


def _base(url: str, content_location: str | None) -> str:
    if not content_location:
        return url
    try:
        base = urljoin(url, content_location.strip())
    except ValueError:
        return url
    return base if base.startswith(("http://", "https://")) else url


def _normalise(read: Read, root: str, decoded: Decoded) -> ParsedFeed:
    feed = read.feed
    links = values(feed, "links")
    feed_authors = _authors(feed)
    kinds: Iterator[Kind] = (kind for prefix, kind in KINDS if read.version.startswith(prefix))
    kind = next(kinds, None) or KIND_OF_ROOT.get(root, "rss")
    return ParsedFeed(
        kind=kind,
        version=read.version,
        title=value(feed, "title") or "",
        title_is_html=_is_html(feed, "title"),
        link=value(feed, "link"),
        language=value(feed, "language"),
        description=value(feed, "subtitle") or value(feed, "summary") or "",
        id=value(feed, "id"),
        entries=tuple(_entry(entry, feed_authors) for entry in read.entries),
        ttl=_ttl(feed),
        skip_hours=frozenset(_numbers(feed.get("skip_hours"), below=25)),
        skip_days=frozenset(_weekdays(feed.get("skip_days"))),
        hub=_rel(links, "hub"),
        self_url=_rel(links, "self"),
        next_url=_rel(links, "next"),
        truncated=read.truncated,
        out_of_time=read.out_of_time,
        repaired=read.repaired or decoded.repaired,
        encoding=decoded.encoding,
    )


def _entry(entry: dict[str, Any], feed_authors: tuple[str, ...]) -> ParsedEntry:
    links = values(entry, "links")
    enclosures = tuple(_enclosures(links, values(entry, "media_content")))
    published, raw, confidence = _published(entry)
    content, content_type = _content(entry)
    return ParsedEntry(
        id=value(entry, "id"),
        title=value(entry, "title") or "",
        title_is_html=_is_html(entry, "title"),
        link=value(entry, "feedburner_origlink") or _link(entry, links) or (enclosures[0].url if enclosures else None),
        published=published,
        updated=_date(entry, "updated"),
        published_raw=raw,
        published_confidence=confidence,
        authors=_authors(entry) or _authors(detail(entry, "source")) or feed_authors,
        summary=value(entry, "summary") or "",
        summary_is_html=_is_html(entry, "summary")
        or (not detail(entry, "summary_detail") and content_type in HTML_TYPES),
        content=content,
        categories=_terms(entry),
        enclosures=enclosures,
        source=_source(entry),
    )


def _is_html(of: dict[str, Any], key: str) -> bool:
    return detail(of, key + "_detail").get("type") in HTML_TYPES


def _link(entry: dict[str, Any], links: list[dict[str, Any]]) -> str | None:
    link = value(entry, "link")
    if link and not any(other.get("href") == link and other.get("rel") == "enclosure" for other in links):
        return link
    # A link without href that is no alternate has taken the place of the one that is.
    return _rel(links, "alternate") or link


def _rel(links: list[dict[str, Any]], rel: str) -> str | None:
    return next((str(link["href"]) for link in links if link.get("rel") == rel and link.get("href")), None)


def _published(entry: dict[str, Any]) -> tuple[datetime | None, str | None, Literal["stated", "guessed", "missing"]]:
    for key in ("published", "created"):
        if moment := _date(entry, key):
            return moment, value(entry, key), "stated"
    if moment := _date(entry, "updated"):
        # RSS 1.0 and much of RSS 2.0 state one date only, and call it dc:date.
        return moment, value(entry, "updated"), "stated" if not value(entry, "published") else "guessed"
    return None, value(entry, "published") or value(entry, "updated"), "missing"


def _date(entry: dict[str, Any], key: str) -> datetime | None:
    parts, raw = raw_value(entry, key + "_parsed"), value(entry, key)
    if raw is None or is_nonsense(raw):
        return None
    if parts and is_plain(raw):
        # It is read already. Of other texts feedparser makes dates that are not in them, and does not know their zones.
        try:
            moment = EPOCH + timedelta(seconds=timegm(parts))
        except (ValueError, OverflowError, TypeError):
            return None
        return moment if moment >= EARLIEST else None
    return parse_date(raw)


def _authors(of: dict[str, Any]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for author in values(of, "authors"):
        name = author.get("name") or author.get("email")
        if isinstance(name, str) and name.strip():
            names[" ".join(name.split())] = None
    author = value(of, "author") or ""
    if found := MAIL_AND_NAME.fullmatch(author.strip()):
        # RSS writes an address with the name behind it. feedparser knows only top-level domains of up to four letters.
        if names:
            names.popitem()
        names[" ".join(found.group(1).split())] = None
    elif not names and author.strip():
        names[" ".join(author.split())] = None
    return tuple(names)


def _content(entry: dict[str, Any]) -> tuple[str, str]:
    contents = [item for item in values(entry, "content") if item.get("value")]
    best = next((item for item in contents if item.get("type") in HTML_TYPES), contents[0] if contents else None)
    return (str(best["value"]), str(best.get("type") or "")) if best else ("", "")


def _terms(entry: dict[str, Any]) -> tuple[str, ...]:
    terms = (tag.get("term") or tag.get("label") for tag in values(entry, "tags"))
    return tuple(dict.fromkeys(term.strip() for term in terms if isinstance(term, str) and term.strip()))


def _enclosures(links: list[dict[str, Any]], media: list[dict[str, Any]]) -> Iterable[Enclosure]:
    seen: set[str] = set()
    found = [(link, link.get("href"), link.get("length")) for link in links if link.get("rel") == "enclosure"]
    found += [(item, item.get("url"), item.get("filesize")) for item in media]
    for item, url, length in found[:50]:
        if isinstance(url, str) and url and url not in seen:
            seen.add(url)
            kind = item.get("type")
            yield Enclosure(url, kind if isinstance(kind, str) else None, _number(length))


def _source(entry: dict[str, Any]) -> Source | None:
    source = detail(entry, "source")
    title, url = value(source, "title"), value(source, "href") or value(source, "link")
    return Source(title, url) if title or url else None


def _ttl(feed: dict[str, Any]) -> int | None:
    """Minutes: the larger of RSS's ttl and the syndication module's period."""
    found: list[int] = []
    if (ttl := _number(feed.get("ttl"))) is not None and 0 < ttl <= 525_600:
        found.append(ttl)
    period = str(raw_value(feed, "sy_updateperiod") or "").strip().lower()
    frequency = _number(raw_value(feed, "sy_updatefrequency"))
    if period in PERIODS or frequency is not None:
        found.append(PERIODS.get(period, PERIODS["daily"]) // max(1, frequency or 1))
    return max(found, default=None)


def _number(raw: object) -> int | None:
    with suppress(ValueError):
        number = int(str(raw).strip()[:12]) if raw is not None else None
        return number if number is None or number >= 0 else None
    return None


def _numbers(raw: object, *, below: int) -> Iterable[int]:
    for item in raw if isinstance(raw, list) else []:  # pyright: ignore[reportUnknownVariableType]
        if (number := _number(item)) is not None and number < below:  # pyright: ignore[reportUnknownArgumentType]
            # Some write 24 for midnight, as UserLand's own page once did.
            yield number % 24


def _weekdays(raw: object) -> Iterable[int]:
    for item in raw if isinstance(raw, list) else []:  # pyright: ignore[reportUnknownVariableType]
        name = str(item).strip().lower()  # pyright: ignore[reportUnknownArgumentType]
        if name in WEEKDAYS:
            yield WEEKDAYS.index(name)
