"""The demo's publishers: made-up outlets that wrote about made-up brands during the last thirty days."""

import html
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from brandhound.twins.news.library import Feed, FeedFormat, Item, Library, Site

FOLDER = Path(__file__).parent / "library"


@dataclass(frozen=True)
class Article:
    """One article of the demo; `day` counts back from the day on which it is told."""

    slug: str
    outlet: str
    day: int
    hour: int
    title: str
    author: str
    paragraphs: tuple[str, ...]
    copies: str = ""


@dataclass(frozen=True)
class Outlet:
    """One publisher of the demo."""

    name: str
    title: str
    about: str
    language: str
    format: FeedFormat


def demo_library(today: datetime | None = None) -> Library:
    """Six outlets with a feed at `/NAME/feed` each; articles of later than now appear when their hour has come."""
    midnight = (today or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    library = Library()
    for outlet in outlets().values():
        site = Site(outlet.name, title=outlet.title, language=outlet.language)
        site.feeds["/feed"] = Feed(
            outlet.title, format=outlet.format, language=outlet.language, description=outlet.about
        )
        site.put("/", _front_page(outlet))
        library.sites[outlet.name] = site
    for article in articles():
        at = midnight - timedelta(days=article.day) + timedelta(hours=article.hour, minutes=len(article.slug))
        outlet, site = outlets()[article.outlet], library.sites[article.outlet]
        path = f"/{at:%Y/%m/%d}/{article.slug}"
        item = Item(
            article.title, path, at, article.paragraphs[0][:240], guid=article.slug, author=article.author or None
        )
        site.feeds["/feed"].items.append(item)
        site.put(path, _page(outlet, article, at), published_at=at)
    return library


@lru_cache(maxsize=1)
def outlets() -> Mapping[str, Outlet]:
    """The publishers by name."""
    told = tomllib.loads((FOLDER / "outlets.toml").read_text())
    return {n: Outlet(n, o["name"], o["about"], o["language"], o["feed"]) for n, o in told.items()}


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """Every article, with the text of those that copy another one filled in."""
    told = [_read(block) for block in (FOLDER / "articles.txt").read_text().split("\n====\n")]
    by_slug = {article.slug: article for article in told}
    return tuple(_copied(a, by_slug[a.copies]) if a.copies else a for a in told)


def _read(block: str) -> Article:
    lines = [line for line in block.strip().split("\n") if not line.startswith("# ")]
    head, _, body = "\n".join(lines).strip().partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.split("\n"))
    return Article(
        slug=facts["slug"],
        outlet=facts["outlet"],
        day=int(facts["day"]),
        hour=int(facts["hour"]),
        title=facts["title"],
        author=facts.get("author", ""),
        paragraphs=tuple(p.strip() for p in body.split("\n\n") if p.strip()),
        copies=facts.get("copies", ""),
    )


def _copied(copy: Article, original: Article) -> Article:
    """A reprint: the original's words, behind a dateline or below a paragraph of its own."""
    first, *rest = original.paragraphs
    own = copy.paragraphs[0] if copy.paragraphs else ""
    words = (f"{own} {first}", *rest) if own.endswith("-") else (*copy.paragraphs, first, *rest)
    return replace(copy, paragraphs=words)


def _front_page(outlet: Outlet) -> str:
    name = html.escape(outlet.title)
    return (
        f'<!doctype html><html lang="{outlet.language}"><head><meta charset="utf-8"><title>{name}</title>'
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{outlet.name}/feed"></head>'
        f"<body><h1>{name}</h1><p>{html.escape(outlet.about)}.</p></body></html>"
    )


def _page(outlet: Outlet, article: Article, at: datetime) -> str:
    title, name = html.escape(article.title), html.escape(outlet.title)
    author = html.escape(article.author)
    byline = f'<p class="byline">By <a rel="author" href="/staff">{author}</a></p>' if author else ""
    text = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in article.paragraphs)
    return f"""<!doctype html>
<html lang="{outlet.language}">
<head>
<meta charset="utf-8">
<title>{title} | {name}</title>
<meta property="og:title" content="{title}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{name}">
<meta property="article:published_time" content="{at.isoformat()}">
{f'<meta name="author" content="{author}">' if author else ""}
</head>
<body>
<header><nav><a href="/">{name}</a> <a href="/news">News</a> <a href="/about">About us</a></nav></header>
<main><article>
<h1>{title}</h1>
{byline}
<time datetime="{at.isoformat()}">{at:%d %B %Y}</time>
{text}
</article></main>
<footer><p>© {name}. Everything in this publication is made up.</p></footer>
</body>
</html>
"""
