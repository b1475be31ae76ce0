"""Sitemaps: a news sitemap is read as a feed, a plain one as a list of pages, an index as a list of sitemaps."""

from collections.abc import Iterable, Iterator

from brandhound.feeds.dates import parse_date
from brandhound.feeds.reading import MAX_ENTRIES, NotAFeed, ParsedEntry, ParsedFeed
from brandhound.feeds.xml_tree import Element, is_repaired, local_name, read_tree


def parse_sitemap(text: str, url: str) -> ParsedFeed:
    """Read a urlset or a sitemapindex. The entries of an index are the sitemaps it names (version `sitemapindex`)."""
    root = read_tree(text)
    if root is None or local_name(root) not in ("urlset", "sitemapindex"):
        raise NotAFeed("xml", text[:200])
    entries: list[ParsedEntry] = []
    titles: dict[str, None] = {}
    languages: dict[str, None] = {}
    truncated = False
    for place in root:
        if local_name(place) not in ("url", "sitemap"):
            continue
        if len(entries) >= MAX_ENTRIES:
            truncated = True
            break
        facts = dict(_facts(place))
        if entry := _entry(facts):
            entries.append(entry)
        if name := facts.get("name"):
            titles[name] = None
        if language := facts.get("language"):
            languages[language] = None
    is_news = any(entry.title for entry in entries)
    version = "sitemapindex" if local_name(root) == "sitemapindex" else "newssitemap" if is_news else "sitemap"
    return ParsedFeed(
        kind="sitemap",
        version=version,
        title=next(iter(titles), ""),
        link=None,
        language=next(iter(languages)) if len(languages) == 1 else None,
        entries=tuple(entries),
        self_url=url,
        truncated=truncated,
        repaired=is_repaired(root),
    )


def news_first(urls: Iterable[str]) -> list[str]:
    """These addresses of sitemaps, each once, with those whose names speak of news before the others."""
    return sorted(
        dict.fromkeys(urls), key=lambda url: "news" not in url.partition("?")[0].rstrip("/").rpartition("/")[2].lower()
    )


def _facts(place: Element) -> Iterator[tuple[str, str]]:
    """The texts below one place, by local name; the first of a name is kept by reading backwards."""
    # An image's loc and title are not the page's.
    parts = [part for part in place if local_name(part) not in ("image", "video")]
    elements = [element for part in parts for element in part.iter()]
    found = [(name, str(element.text or "").strip()) for element in elements if (name := local_name(element))]
    yield from reversed(found)


def _entry(facts: dict[str, str]) -> ParsedEntry | None:
    link = facts.get("loc")
    if not link:
        return None
    raw = facts.get("publication_date") or facts.get("lastmod")
    published = parse_date(raw) if raw else None
    stated = bool(facts.get("publication_date"))
    keywords = (word.strip() for word in facts.get("keywords", "").split(","))
    return ParsedEntry(
        id=link,
        title=facts.get("title", ""),
        link=link,
        published=published,
        updated=parse_date(facts["lastmod"]) if facts.get("lastmod") else None,
        published_raw=raw,
        published_confidence="missing" if published is None else "stated" if stated else "guessed",
        categories=tuple(word for word in keywords if word),
        summary_is_html=False,
    )
