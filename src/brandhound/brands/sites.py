"""What a brand's own site says of itself, read from one page."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]

from brandhound.brands.folding import fold
from brandhound.brands.hosts import PROFILE_HOSTS, host_of, page_of_many, stem_of
from brandhound.brands.names import one_line

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_ORGANIZATIONS = re.compile(r"Organization|Corporation|Brand|Store|Business|Restaurant|Airline|Hotel")
_PARTS = re.compile(r"\s+[|\-–—·•:»]\s+|\s*[|·•»]\s*")
_NO_HANDLES = frozenset({"p", "reel", "reels", "explore", "hashtag", "search", "share", "intent", "i", "home"})
"""What stands there instead of a handle in the address of a post or of a list."""
_OFFICIAL = re.compile(r"\b(?:official (?:web)?site|home ?page|home|welcome to)\b", re.IGNORECASE)
_HALVES = re.compile(r"[\ud800-\udfff\x00]")


@dataclass(slots=True)
class SiteSays:
    """The site's words; empty where it has none. `feeds` are pairs of address and title."""

    name: str = ""
    legal_name: str = ""
    other_names: list[str] = field(default_factory=list[str])
    description: str = ""
    handles: list[str] = field(default_factory=list[str])
    ticker: str = ""
    feeds: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def read_site(body: bytes, url: str) -> SiteSays:
    """Reads a home page as it was fetched. Never fails: a page that says nothing gives the name of its host.

    On a site that holds pages of many, what the site says of itself is left out.
    """
    said = SiteSays()
    page = _page(body)
    of_many = page_of_many(url)
    platform = stem_of(host_of(url)) if of_many else ""
    if page is not None:
        meta = _meta(page)
        title = " ".join(_text(page, ".//title").split())
        for organization in _organizations(page):
            if platform and fold(_one(organization.get("name"))) == platform:
                continue
            said.name = said.name or _one(organization.get("name"))
            said.legal_name = said.legal_name or _one(organization.get("legalName"))
            said.other_names += _many(organization.get("alternateName"))
            said.description = said.description or _one(organization.get("description"))
            said.handles += _handles(_many(organization.get("sameAs")))
            said.ticker = said.ticker or _one(organization.get("tickerSymbol"))
        if of_many:
            # “Rosenhof Bakery | Facebook”: the part that is not the site's.
            said.name = said.name or _beside_platform(meta.get("og:title", "") or title, platform)
        said.name = said.name or ("" if of_many else meta.get("og:site_name", "") or name_from_title(title, url))
        said.description = said.description or meta.get("description", "") or meta.get("og:description", "")
        if not of_many:
            said.handles += [handle for handle in (meta.get("twitter:site", ""),) if handle.startswith("@")]
        said.feeds = _feeds(page, url)
    said.handles += _handles([url])
    said.name = one_line(said.name)[:200] or _host_name(url)
    said.description = " ".join(said.description.split())[:500]
    said.handles = list(dict.fromkeys(handle for handle in said.handles if len(handle) > 2))
    said.other_names = [name for name in dict.fromkeys(said.other_names) if fold(name) != fold(said.name)][:20]
    return said


def name_from_title(title: str, url: str) -> str:
    """The part of a page title that is the brand: the one like the host, or the shortest."""
    parts = [part for part in (_OFFICIAL.sub("", piece).strip(" -,:") for piece in _PARTS.split(title)) if part]
    stem = re.sub(r"[^a-z0-9]", "", _host_name(url).lower())
    like_host = [
        part for part in parts if re.sub(r"[^a-z0-9]", "", fold(part)) in stem or stem in fold(part).replace(" ", "")
    ]
    return min(like_host or parts, key=len, default="")


def _beside_platform(title: str, platform: str) -> str:
    parts = [part.strip() for part in _PARTS.split(title)]
    return next((part for part in parts if part and platform not in fold(part).replace(" ", "")), "")


def _host_name(url: str) -> str:
    of_many = page_of_many(url)
    return (of_many[-1].lstrip("@") if of_many else stem_of(host_of(url))).capitalize()


def _page(body: bytes) -> Any:
    if not body.strip():
        return None
    # lxml has no types of its own; nothing of it leaves this module.
    parser = html.HTMLParser(encoding=_encoding(body), recover=True, no_network=True)
    try:
        return cast("Any", html).document_fromstring(body, parser=parser)
    except (ValueError, etree.LxmlError):  # pyright: ignore[reportUnknownMemberType]
        return None


def _encoding(body: bytes) -> str | None:
    try:
        body.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _text(page: Any, path: str) -> str:
    found = page.find(path)
    return str(found.text_content()) if found is not None else ""


def _meta(page: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        key = element.get("property") or element.get("name")
        if key and element.get("content"):
            found.setdefault(str(key).lower(), str(element.get("content")).strip())
    return found


def _feeds(page: Any, url: str) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for element in page.iter("link"):
        kind = str(element.get("type") or "").lower()
        if "alternate" in str(element.get("rel") or "").lower().split() and kind in _FEED_TYPES and element.get("href"):
            try:
                address = urljoin(url, str(element.get("href")).strip())
                scheme = urlsplit(address).scheme
            except ValueError:
                continue
            if scheme in {"http", "https"}:
                found.setdefault(address, str(element.get("title") or "").strip())
    return list(found.items())[:20]


def _organizations(page: Any) -> Iterator[dict[str, Any]]:
    for element in page.iter("script"):
        if str(element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            document = json.loads(str(element.text_content()))
        except (ValueError, RecursionError):
            continue
        yield from (
            thing for thing in _things(document, 0) if _ORGANIZATIONS.search(" ".join(_many(thing.get("@type"))))
        )


def _things(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        thing = cast("dict[str, Any]", value)
        yield thing
        for part in ("@graph", "publisher", "mainEntity", "isPartOf", "brand"):
            yield from _things(thing.get(part), depth + 1)


def _one(value: object) -> str:
    found = _many(value)
    return found[0] if found else ""


def _many(value: object) -> list[str]:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    # Escapes of JSON can make what no text holds: halves of a character, and the byte zero.
    return [text for text in (_HALVES.sub("", item).strip() for item in values if isinstance(item, str)) if text]


def _handles(addresses: list[str]) -> list[str]:
    found: list[str] = []
    for address in addresses:
        path = page_of_many(address)
        if path and host_of(address) in PROFILE_HOSTS and path[0] not in _NO_HANDLES:
            found.append("@" + path[0].removeprefix("@"))
    return found
