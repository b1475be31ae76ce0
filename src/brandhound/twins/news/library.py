"""What a publisher has: sites, the resources under their paths, and the feeds that list them."""

import html
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

FeedFormat = Literal["rss", "atom", "json"]

FEED_TYPES: dict[FeedFormat, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}
_TYPES_BY_ENDING = {
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".rss": FEED_TYPES["rss"],
    ".atom": FEED_TYPES["atom"],
    ".xml": "application/xml",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_PAGE_ENDINGS = (".html", ".htm")
_FEED_ENDINGS = (".xml", ".rss", ".atom")
_TITLE = re.compile(
    r"<meta[^>]+property=[\"']og:title[\"'][^>]+content=(?:\"([^\"]*)\"|'([^']*)')|<title[^>]*>(.*?)</title>",
    re.I | re.S,
)
_DESCRIPTION = re.compile(r"<meta[^>]+name=[\"']description[\"'][^>]+content=(?:\"([^\"]*)\"|'([^']*)')", re.I)
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.I | re.S)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Resource:
    """One document. A body that is a path is read from disk, again whenever the file has changed.

    Before `published_at`, by the publisher's clock, it is not there.
    """

    body: bytes | Path
    content_type: str = "text/html; charset=utf-8"
    published_at: datetime | None = None
    modified_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed. `link` is a path of the same site, or an address elsewhere."""

    title: str
    link: str
    published_at: datetime
    description: str = ""
    guid: str | None = None
    author: str | None = None
    content: str | None = None


@dataclass(slots=True)
class Feed:
    """A feed that is written anew for every reader: its items appear when their time has come, newest first."""

    title: str
    items: list[Item] = field(default_factory=list[Item])
    format: FeedFormat = "rss"
    language: str = "en"
    description: str = ""
    window: int = 100
    """Entries that the feed shows at most."""


@dataclass(slots=True)
class Site:
    """One publisher. Reached under `/NAME/…`, and at the root when asked with its name or one of its hosts as Host."""

    name: str
    title: str = ""
    language: str = "en"
    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    feeds: dict[str, Feed] = field(default_factory=dict[str, Feed])
    robots: str | None = None
    hosts: tuple[str, ...] = ()
    passwords: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Path prefix -> user and password (HTTP basic)."""

    def put(
        self,
        path: str,
        body: bytes | str | Path,
        content_type: str = "text/html; charset=utf-8",
        published_at: datetime | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Publish a document at `path`, in place of what was there."""
        data = body.encode() if isinstance(body, str) else body
        self.resources[path] = Resource(data, content_type, published_at, headers=dict(headers or {}))

    def publish(self, feed_path: str, item: Item, page: bytes | str | None = None) -> None:
        """Add an entry to a feed (made when it is not there), together with its page."""
        feed = self.feeds.setdefault(feed_path, Feed(self.title or self.name, language=self.language))
        feed.items.append(item)
        if page is not None:
            self.put(item.link, page, published_at=item.published_at)


@dataclass(slots=True)
class Library:
    """All sites of one server. The site with the empty name stands at the root."""

    sites: dict[str, Site] = field(default_factory=dict[str, Site])
    robots: str = "User-agent: *\nAllow: /\n"
    """What the whole server says at its root."""

    def site(self, name: str) -> Site:
        """The site of that name; made when it is not there."""
        return self.sites.setdefault(name, Site(name, title=name.replace("-", " ").title()))


def content_type_of(path: Path) -> str:
    """The content type that a plain web server would send for a file."""
    return _TYPES_BY_ENDING.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def library_of_folder(folder: Path) -> Library:
    """Every folder in `folder` is a site, files beside them stand at the root.

    A site with pages and without a feed gets one at `/feed.xml`, by the files' own times.
    """
    library = Library()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        parts = path.relative_to(folder).parts
        name = parts[0] if len(parts) > 1 else ""
        at = "/" + "/".join(parts[1:] if name else parts)
        if at == "/robots.txt":
            text = path.read_text(errors="replace")
            if name:
                library.site(name).robots = text
            else:
                library.robots = text
            continue
        modified_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        site = library.site(name)
        site.resources[at] = Resource(path, content_type_of(path), modified_at=modified_at)
        if path.name == "index.html":
            site.resources[at.removesuffix("index.html")] = site.resources[at]
    for site in library.sites.values():
        _add_feed(site)
    return library


def _add_feed(site: Site) -> None:
    if any(path.endswith(_FEED_ENDINGS) for path in site.resources):
        return
    items: list[Item] = []
    for path, resource in site.resources.items():
        if path.endswith(_PAGE_ENDINGS) and not path.endswith("index.html") and isinstance(resource.body, Path):
            page = resource.body.read_bytes()
            published_at = resource.modified_at or datetime.now(UTC)
            items.append(Item(title_of(page), path, published_at, description_of(page)))
    if items:
        site.feeds["/feed.xml"] = Feed(site.title or "News", items, language=site.language)


def title_of(page: bytes) -> str:
    """A page's title as its own head gives it."""
    match = _TITLE.search(page[:200_000].decode("utf-8", "replace"))
    return _plain(next((group for group in match.groups() if group), "")) if match else "Untitled"


def description_of(page: bytes) -> str:
    """A page's description, or the start of its first long paragraph."""
    text = page[:400_000].decode("utf-8", "replace")
    if (match := _DESCRIPTION.search(text)) and (said := _plain(match[1] or match[2] or "")):
        return said
    for paragraph in _PARAGRAPH.finditer(text):
        said = _plain(paragraph[1])
        if len(said) > 80:
            return said[:300]
    return ""


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
