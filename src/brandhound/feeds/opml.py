"""OPML: the list of feeds that readers exchange (OPML 2.0, opml.org/spec2, read 2026-11)."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from brandhound.feeds.encoding import decode, without_controls
from brandhound.feeds.errors import BadOpml
from brandhound.feeds.tolerant import LONELY
from brandhound.feeds.xml_tree import Element, local_name, read_tree

MAX_FEEDS = 20_000
MAX_DEPTH = 50
MAX_BYTES = 20_000_000
_END = re.compile(r"</(?:[\w.-]+:)?opml\s*>", re.IGNORECASE)
# XML knows five by itself; readers write those of HTML, too.
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in an OPML file, with the folders it lies in."""

    url: str
    title: str | None
    site_url: str | None
    folders: tuple[str, ...]


def read_opml(document: bytes) -> list[Outline]:
    """The feeds of an OPML file, each address once, with all folders it lies in. Raises BadOpml, also of half a file."""
    if len(document) > MAX_BYTES:
        raise BadOpml(f"It is larger than {MAX_BYTES // 1_000_000} MB.")
    text = decode(document).text
    if not text.strip():
        raise BadOpml("It is empty.")
    # As they stand in addresses and names, which would be read without what follows them.
    text = LONELY.sub("&amp;", _NAMED.sub(lambda found: html.escape(html.unescape(found.group())), text))
    root = read_tree(text)
    if root is None:
        raise BadOpml("It is not XML.")
    if local_name(root) != "opml":
        raise BadOpml("Its first element is not <opml>.")
    if not _END.search(text) and len(root):
        raise BadOpml("It breaks off before its end, so nothing was taken of it.")
    found: dict[str, Outline] = {}
    for outline in root.iter():
        if local_name(outline) != "outline":
            continue
        given = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        is_feed = given.get("type", "").strip().lower() == "rss"
        url = given.get("xmlurl", "").strip() or (given.get("url", "").strip() if is_feed else "")
        if not url:
            continue
        categories = (part.strip().strip("/").rpartition("/")[2] for part in given.get("category", "").split(","))
        folders = _folders(outline) + tuple(name for part in categories if (name := _name(part)))
        before = found.get(url)
        names = dict.fromkeys([*(before.folders if before else ()), *folders])
        title = _name(given.get("title"), given.get("text")) or (before.title if before else None)
        site_url = given.get("htmlurl") or (before.site_url if before else None)
        found[url] = Outline(url, title, site_url, tuple(names))
        if len(found) > MAX_FEEDS:
            raise BadOpml(f"It names more than {MAX_FEEDS:,} feeds.")
    if not found:
        raise BadOpml("It names no feed (no outline has an xmlUrl).")
    return list(found.values())


def _name(*given: str | None) -> str | None:
    """The first of these that says something, on one line."""
    return next((words for text in given if (words := " ".join(without_controls(text or "").split()))), None)


def _folders(outline: Element) -> tuple[str, ...]:
    names: list[str] = []
    parent, depth = outline.getparent(), 0
    while parent is not None and depth < MAX_DEPTH and local_name(parent) == "outline":
        if name := _name(parent.get("title"), parent.get("text")):
            names.insert(0, name)
        parent, depth = parent.getparent(), depth + 1
    return tuple(names)


def write_opml(outlines: Iterable[Outline], now: datetime) -> str:
    """An OPML 2.0 document. A feed in several folders stands in each."""
    in_folder: dict[str, list[Outline]] = {}
    for outline in outlines:
        for folder in outline.folders or ("",):
            in_folder.setdefault(folder, []).append(outline)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        "    <title>brandhound</title>",
        f"    <dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    for folder, inside in sorted(in_folder.items()):
        indent = "    "
        if folder:
            lines.append(f"    <outline text={_quoted(folder)} title={_quoted(folder)}>")
            indent = "      "
        lines += [indent + _line(outline) for outline in inside]
        if folder:
            lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _line(outline: Outline) -> str:
    title = _quoted(outline.title or outline.url)
    site = f" htmlUrl={_quoted(outline.site_url)}" if outline.site_url else ""
    return f'<outline type="rss" text={title} title={title} xmlUrl={_quoted(outline.url)}{site}/>'


def _quoted(text: str) -> str:
    # Names were taken from many places, and XML cannot hold all that a table can.
    return quoteattr(without_controls(text))
