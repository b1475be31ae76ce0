"""JSON Feed 1.0 and 1.1 (jsonfeed.org, read 2026-11)."""

import json
from typing import Any, cast
from urllib.parse import urljoin

from brandhound.feeds.dates import parse_date
from brandhound.feeds.encoding import without_controls
from brandhound.feeds.reading import MAX_ENTRIES, MAX_VALUE, Enclosure, NotAFeed, ParsedEntry, ParsedFeed, plain_text
from brandhound.feeds.tolerant import safe_html


def parse_json_feed(text: str, url: str) -> ParsedFeed:
    """Read a JSON Feed. A missing version is forgiven when there are items; an item without an id is dropped.

    Raises NotAFeed for other JSON.
    """
    document = _load(text)
    version = _text(document.get("version"))
    items: object = document.get("items")
    found = _dictionaries(items)
    if "jsonfeed.org/version/" not in version and not (found and "title" in document):
        raise NotAFeed("json", text[:200])
    feed_authors = _authors(document)
    feed_url = _text(document.get("feed_url")) or url
    entries = [_entry(item, feed_url, feed_authors) for item in found[:MAX_ENTRIES]]
    hubs = [_text(hub.get("url")) for hub in _dictionaries(document.get("hubs"))]
    return ParsedFeed(
        kind="json",
        version="json11" if version.rstrip("/").endswith("/1.1") else "json1",
        title=_text(document.get("title")),
        link=_absolute(feed_url, _text(document.get("home_page_url"))),
        language=_text(document.get("language")) or None,
        description=_text(document.get("description")),
        id=_text(document.get("feed_url")) or None,
        entries=tuple(entry for entry in entries if entry is not None),
        hub=next(filter(None, hubs), None),
        self_url=_text(document.get("feed_url")) or None,
        next_url=_absolute(feed_url, _text(document.get("next_url"))),
        expired=document.get("expired") is True,
        truncated=len(found) > MAX_ENTRIES,
    )


def _load(text: str) -> dict[str, Any]:
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAFeed("json", text[:200]) from None
    if not isinstance(document, dict):
        raise NotAFeed("json", text[:200])
    return cast("dict[str, Any]", document)


def _entry(item: dict[str, Any], base: str, feed_authors: tuple[str, ...]) -> ParsedEntry | None:
    identity = _text(item.get("id")) or _text(item.get("url"))
    if not identity:
        return None
    content_html, content_text = _text(item.get("content_html")), _text(item.get("content_text"))
    raw = _text(item.get("date_published"))
    updated = parse_date(_text(item.get("date_modified")))
    published = parse_date(raw) or updated
    summary = _text(item.get("summary"))
    link = _absolute(base, _text(item.get("url"))) or _absolute(base, _text(item.get("external_url")))
    if link is None and identity.startswith(("http://", "https://")):
        link = identity
    tags = item.get("tags")
    return ParsedEntry(
        id=identity,
        title=_text(item.get("title")),
        link=link,
        published=published,
        updated=updated,
        published_raw=raw or None,
        published_confidence="stated" if published else "missing",
        authors=_authors(item) or feed_authors,
        summary=summary or (content_text if not content_html else plain_text(content_html)),
        summary_is_html=False,
        content=safe_html(content_html) if content_html else _escape(content_text),
        categories=tuple(filter(None, map(_text, cast("list[object]", tags)))) if isinstance(tags, list) else (),
        enclosures=tuple(_enclosures(item, base)),
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _enclosures(item: dict[str, Any], base: str) -> list[Enclosure]:
    found: list[Enclosure] = []
    for attachment in _dictionaries(item.get("attachments"))[:50]:
        url, size = _absolute(base, _text(attachment.get("url"))), attachment.get("size_in_bytes")
        if url:
            length = int(size) if isinstance(size, int | float) and 0 <= size < 2**53 else None
            found.append(Enclosure(url, _text(attachment.get("mime_type")) or None, length))
    return found


def _authors(of: dict[str, Any]) -> tuple[str, ...]:
    authors = _dictionaries(of.get("authors")) or _dictionaries([of.get("author")])
    return tuple(filter(None, (_text(author.get("name")) or _text(author.get("url")) for author in authors)))


def _dictionaries(found: object) -> list[dict[str, Any]]:
    items = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", item) for item in items if isinstance(item, dict)]


def _text(found: object) -> str:
    """A JSON value as text; numbers are ids often enough, the rest is nothing."""
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    try:
        return without_controls(str(found)[:MAX_VALUE]).strip()
    except ValueError:  # an integer with thousands of digits
        return ""


def _absolute(base: str, url: str) -> str | None:
    try:
        return urljoin(base, url) if url else None
    except ValueError:
        return None
