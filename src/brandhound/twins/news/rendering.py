"""Feeds and sitemaps as publishers write them."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from brandhound.twins.news.library import Feed, Item


def visible_items(feed: Feed, now: datetime) -> list[Item]:
    """What the feed shows at this time, newest first."""
    shown = sorted((item for item in feed.items if item.published_at <= now), key=lambda item: item.published_at)
    return shown[::-1][: feed.window]


def render_feed(feed: Feed, items: Sequence[Item], base: str, own_url: str) -> bytes:
    """The feed's document; `base` is put before links that are paths."""
    return {"rss": _rss, "atom": _atom, "json": _json}[feed.format](feed, items, base, own_url)


def _absolute(base: str, link: str) -> str:
    return base + link if link.startswith("/") else link


def _rss(feed: Feed, items: Sequence[Item], base: str, own_url: str) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">',
        f"<channel><title>{escape(feed.title)}</title><link>{escape(base)}/</link>",
        f"<description>{escape(feed.description or feed.title)}</description><language>{feed.language}</language>",
        f'<atom:link href={quoteattr(own_url)} rel="self" type="application/rss+xml"/>',
    ]
    if items:
        lines.append(f"<lastBuildDate>{format_datetime(items[0].published_at)}</lastBuildDate>")
    for item in items:
        link = _absolute(base, item.link)
        is_link = item.guid is None
        lines.append(
            f"<item><title>{escape(item.title)}</title><link>{escape(link)}</link>"
            f'<guid isPermaLink="{str(is_link).lower()}">{escape(item.guid or link)}</guid>'
            f"<pubDate>{format_datetime(item.published_at)}</pubDate>"
            f"<description>{escape(item.description)}</description>"
            + (f"<dc:creator>{escape(item.author)}</dc:creator>" if item.author else "")
            + (f"<content:encoded>{escape(item.content)}</content:encoded>" if item.content else "")
            + "</item>"
        )
    lines.append("</channel></rss>\n")
    return "\n".join(lines).encode()


def _atom(feed: Feed, items: Sequence[Item], base: str, own_url: str) -> bytes:
    updated = items[0].published_at.isoformat() if items else "1970-01-01T00:00:00+00:00"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>',
        f"<title>{escape(feed.title)}</title><id>{escape(own_url)}</id><updated>{updated}</updated>",
        f'<link rel="alternate" href={quoteattr(base + "/")}/><link rel="self" href={quoteattr(own_url)}/>',
    ]
    for item in items:
        link = _absolute(base, item.link)
        author = f"<author><name>{escape(item.author)}</name></author>" if item.author else ""
        content = f'<content type="html">{escape(item.content)}</content>' if item.content else ""
        lines.append(
            f"<entry><title>{escape(item.title)}</title><link href={quoteattr(link)}/><id>{escape(item.guid or link)}</id>"
            f"<published>{item.published_at.isoformat()}</published><updated>{item.published_at.isoformat()}</updated>"
            f"<summary>{escape(item.description)}</summary>{author}{content}</entry>"
        )
    lines.append("</feed>\n")
    return "\n".join(lines).encode()


def _json(feed: Feed, items: Sequence[Item], base: str, own_url: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": base + "/",
        "feed_url": own_url,
        "language": feed.language,
        "items": [
            {
                "id": item.guid or _absolute(base, item.link),
                "url": _absolute(base, item.link),
                "title": item.title,
                "summary": item.description,
                "date_published": item.published_at.isoformat(),
                **({"authors": [{"name": item.author}]} if item.author else {}),
                **({"content_html": item.content} if item.content else {"content_text": item.description}),
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def render_sitemap(base: str, entries: Iterable[tuple[str, datetime | None]]) -> bytes:
    """A sitemap of paths and the times they changed."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ]
    for path, changed_at in entries:
        changed = f"<lastmod>{changed_at.isoformat()}</lastmod>" if changed_at else ""
        lines.append(f"<url><loc>{escape(base + path)}</loc>{changed}</url>")
    lines.append("</urlset>\n")
    return "\n".join(lines).encode()
