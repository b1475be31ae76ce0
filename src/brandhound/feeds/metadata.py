"""What a page says about itself: title, persons, dates, outlet, address. One pass over the tree that was parsed."""

import html
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import urljoin, urlsplit

from htmldate import find_date

from brandhound.feeds.bylines import persons_of
from brandhound.feeds.dates import parse_date
from brandhound.feeds.linked_data import LinkedArticle, read_linked_data
from brandhound.feeds.page_tree import Element, finder
from brandhound.feeds.sites import same_site

_find_date = cast("Callable[..., str | None]", find_date)

TITLES = (
    "og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "sailthru.title", "parsely-title", "headline",
)  # fmt: skip
AUTHORS = (
    "article:author", "author", "authors", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "dc:creator", "citation_author", "og:article:author", "og:author", "article:author_name", "rbauthors",
    "shareaholic:article_author_name", "byline", "creator", "dcsext.author", "cxenseparse:author",
)  # fmt: skip
PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date", "datepublished",
    "sailthru.date", "publish-date", "publish_date", "publishdate", "pubdate", "publication_date", "article.published",
    "published-date", "citation_publication_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dcterms.date", "dc.date", "date", "created", "cxenseparse:recs:publishtime", "rnews:datepublished", "article:created",
    "shareaholic:article_published_time", "bt:pubdate", "pub_date", "last-publish-date", "datecreated", "dcsext.published",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "revised", "article.updated", "modified", "updated_time", "dcsext.modified",
)  # fmt: skip
OUTLETS = (
    "og:site_name",
    "application-name",
    "dc.publisher",
    "dcterms.publisher",
    "citation_journal_title",
    "cre",
    "source",
)
TIER = {"locked": True, "metered": True, "premium": True, "paid": True, "free": False}
# One look at every element, in C; the few that match are told apart below. "uthor" is in author and in newsAuthor.
AUTHOR_MARKS = finder(
    './/*[@itemprop="author" or @itemprop="name" or @rel="author" or contains(@class, "uthor") or contains(@class, "yline")]'
)
DATE_MARKS = finder(
    './/*[@itemprop="datePublished" or self::time or contains(@class, "date") or contains(@class, "ublished")'
    ' or contains(@class, "meta") or contains(@class, "timestamp")]'
)
PERSON_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline(?:[\s_-]*(?:name|author))?|author[\s_-]?name|post-author|entry-author|article-author|author)(?:$|[\s_-])"
)
DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date-?published|published(?:-?date)?|pub-?date|publish-?date|(?:entry|post|article|story)[_-]?date|date-?line|date"
    r"|timestamp|(?:post|entry|article)-?meta)(?:$|[\s_-])"
)
IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:[/_-]|$|\D)")
IN_TEXT = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b[^\W\d]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.|º|er)?\s+(?:de\s+|of\s+)?[^\W\d]{3,10}\.?,?\s+(?:de\s+|del\s+)?(?:19|20)\d\d\b"
    r"|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b|\b(?:19|20)\d\d/\d\d/\d\d\b|\b\d{1,2}/\d{1,2}/(?:19|20)\d\d\b"
)
MONTH_FIRST = re.compile(r"([^\W\d]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|º|er)\b|\bof\s", re.IGNORECASE)
DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})$")
SLASHED = re.compile(r"(\d{4})/(\d\d)/(\d\d)$")
EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?$")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
FUTURE = timedelta(hours=24)
TITLE_PARTS = re.compile(r"\s+[|–—·•»«:-]+\s+|\s*[|]\s*")
SPACE = re.compile(r"\s+")
MAX_TITLE = 500


@dataclass(slots=True)
class PageMetadata:
    """What the page says about itself, cleaned; None or empty where it says nothing believable."""

    title: str | None = None
    authors: list[str] = field(default_factory=list[str])
    published: datetime | None = None
    modified: datetime | None = None
    stated_language: str | None = None
    outlet: str | None = None
    canonical_url: str | None = None
    paywalled: bool = False
    linked_body: str = ""


def read_metadata(tree: Element, url: str, now: datetime) -> PageMetadata:
    """Read JSON-LD, OpenGraph, meta tags, `<time>` and the visible byline, in this order of trust."""
    tags = _meta_tags(tree)
    linked = read_linked_data(tree)
    canonical = _canonical(tree, tags, linked, url)
    outlet = _outlet(tags, linked, url)
    stated = [linked.published, *_said(tags, PUBLISHED)]
    return PageMetadata(
        title=_title(tree, tags, linked, [outlet or "", urlsplit(url or canonical or "").hostname or ""]),
        authors=_authors(tree, tags, linked, outlet),
        published=_published(tree, stated, url or canonical or "", now),
        modified=_first_date([linked.modified, *_said(tags, MODIFIED)], now),
        stated_language=_language(tree, tags, linked),
        outlet=outlet,
        canonical_url=canonical,
        paywalled=_is_paywalled(tags, linked),
        linked_body=linked.body,
    )


def _meta_tags(tree: Element) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        if not content:
            continue
        names = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        # Several properties may stand in one attribute (RDFa).
        for name in names.lower().split():
            tags.setdefault(name, []).append(content)
    return tags


def _said(tags: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in tags.get(name, ())]


def _clean(text: str | None) -> str:
    return SPACE.sub(" ", html.unescape(text or "")).strip()


def _text(element: Element) -> str:
    return _clean(" ".join(part for part in element.itertext() if part))


def _title(tree: Element, tags: dict[str, list[str]], linked: LinkedArticle, outlets: list[str]) -> str | None:
    element = tree.find(".//title")
    page = _text(element) if element is not None else ""
    headings = [text for heading in tree.iter("h1") if (text := _text(heading))]
    said = [_clean(title) for title in [*tags.get("og:title", ()), linked.headline, *_said(tags, TITLES)]]
    said = [title for title in said if title and not any(_is_outlet(title, outlet) for outlet in outlets)]
    # A heading that the page's own title repeats is the headline as readers see it.
    for heading in headings[:5]:
        repeated = len(heading) > 8 and any(title.lower().startswith(heading.lower()) for title in [page, *said])
        if repeated and not any(_is_outlet(heading, outlet) for outlet in outlets):
            return heading[:MAX_TITLE]
    title = next(iter(said), "")
    if not title and len(headings) == 1 and not any(_is_outlet(headings[0], outlet) for outlet in outlets):
        title = headings[0]
    title = title or page or next(iter(headings), "")
    for outlet in outlets:
        title = _without_outlet(title, outlet)
    return title[:MAX_TITLE] or None


def _without_outlet(title: str, outlet: str) -> str:
    """ "Headline | Example News" without the outlet's name, where it is the outlet's name."""
    parts = list(TITLE_PARTS.finditer(title))
    if not outlet or not parts:
        return title
    first, last = parts[0], parts[-1]
    if last.start() and _is_outlet(title[last.end() :], outlet):
        return title[: last.start()].strip()
    if title[first.end() :] and _is_outlet(title[: first.start()], outlet):
        return title[first.end() :].strip()
    return title


def _is_outlet(text: str, outlet: str) -> bool:
    """Whether a text is the outlet's name or, where that is a host name, the part of it that names."""
    said, key = _folded(text), _folded(outlet)
    if len(said) < 2 or not key:
        return False
    labels = [_folded(label) for label in outlet.removeprefix("www.").split(".")[:-1]] if "." in outlet else []
    return said == key or said == key + "com" or said in labels


def _folded(text: str) -> str:
    return "".join(
        character for character in text.lower().removeprefix("the ").removeprefix("www.") if character.isalnum()
    )


def _authors(tree: Element, tags: dict[str, list[str]], linked: LinkedArticle, outlet: str | None) -> list[str]:
    name = outlet or ""
    if linked.authors and (persons := persons_of(linked.authors, name, loose=True)):
        return persons
    said = [value for value in _said(tags, AUTHORS) if not value.lower().startswith(("http:", "https:", "//", "@"))]
    if said and (persons := persons_of(said[:20], name, loose=True)):
        return persons
    for group in _marked_as_author(AUTHOR_MARKS(tree)):
        found = [text for element in group if 2 < len(text := _stated(element)) < 200 and not _is_in_comments(element)]
        if found and (persons := persons_of(found[:4], name)):
            return persons
    return []


def _marked_as_author(marked: Sequence[Element]) -> Iterator[list[Element]]:
    """The elements that may hold a byline, the surest kind first."""
    authors = [element for element in marked if element.get("itemprop") == "author"]
    yield [
        e
        for e in marked
        if e.get("itemprop") == "name" and any(a.get("itemprop") == "author" for a in e.iterancestors())
    ][:6]
    yield authors[:6]
    yield [element for element in marked if element.get("rel") == "author"][:6]
    yield [element for element in marked if PERSON_CLASS.search(_kind(element))][:6]


def _kind(element: Element) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", f"{element.get('class') or ''} {element.get('id') or ''}").lower()


def _stated(element: Element) -> str:
    return (element.get("content") or "").strip() or _text(element)


def _is_in_comments(element: Element) -> bool:
    for ancestor in element.iterancestors():
        kind = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}".lower()
        if "comment" in kind or "related" in kind or "sidebar" in kind:
            return True
    return False


def _published(tree: Element, stated: list[str], url: str, now: datetime) -> datetime | None:
    if found := _first_date(stated, now):
        return found
    marked = DATE_MARKS(tree)
    said = [e for e in marked if e.get("itemprop") == "datePublished" or e.get("pubdate") is not None]
    dated = [e for e in marked if e.tag != "time" and DATE_CLASS.search(_kind(e))]
    times = [e for e in marked if e.tag == "time"]
    for element in [*said[:4], *times[:4], *dated[:6]]:
        if _is_in_comments(element):
            continue
        values = [element.get("content"), element.get("datetime"), element.get("title")]
        if found := _first_date([value for value in values if value], now) or _date_in(_text(element)[:300], now):
            return found
    if (match := IN_URL.search(url)) and (found := page_date("-".join(part.zfill(2) for part in match.groups()), now)):
        return found
    heading = tree.find(".//h1")
    for element in itertools.islice(heading.itersiblings(), 6) if heading is not None else ():
        if (text := _text(element)) and len(text) < 120 and (found := _date_in(text, now)):
            return found
    # A date that was stated and not believed would only be found again.
    return None if any(stated) else _searched_date(tree, url, now)


def _searched_date(tree: Element, url: str, now: datetime) -> datetime | None:
    """What htmldate finds where nobody marked anything: the last resort, since it takes time and guesses."""
    try:
        found = _find_date(tree, url=url or None, original_date=True, extensive_search=False)
    except Exception:
        # It reads strangers' pages with hundreds of expressions; no date is an ordinary answer.
        return None
    return page_date(str(found), now) if found else None


def _first_date(values: list[str], now: datetime) -> datetime | None:
    return next((found for value in values if value and (found := page_date(value, now))), None)


def _date_in(text: str, now: datetime) -> datetime | None:
    match = IN_TEXT.search(text)
    return page_date(match.group(), now) if match else None


def page_date(raw: str, now: datetime) -> datetime | None:
    """A date of a page in the zone that it states, else UTC.

    None for what is no date, lies before the web, or more than a day ahead of now.
    """
    raw = _clean(raw)[:120]
    if EPOCH.match(raw):
        found: datetime | None = datetime.fromtimestamp(int(raw[:10]), UTC)
    else:
        found = _iso(raw) or parse_date(_rearranged(raw))
    if found is None or found < EARLIEST or found > now + FUTURE:
        return None
    return found


def _iso(raw: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(raw.replace(" UTC", "+00:00").replace(" GMT", "+00:00"))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _rearranged(raw: str) -> str:
    """Written-out dates in the order that the readers of feed dates know: day, month, year."""
    if match := SLASHED.match(raw):
        return "-".join(match.groups())
    if match := DOTTED.match(raw):
        first, second, year = match.groups()
        # With dots the day comes first; with strokes it is American unless it cannot be.
        day, month = (second, first) if "/" in raw and int(first) <= 12 else (first, second)
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    if match := MONTH_FIRST.search(raw):
        month, day, year = match.groups()
        return f"{day} {month[:3]} {year}"
    return ORDINAL.sub(r"\1 ", raw).replace("  ", " ").strip()


def _language(tree: Element, tags: dict[str, list[str]], linked: LinkedArticle) -> str | None:
    root = tree if tree.tag == "html" else tree.find(".//html")
    stated = [(root.get("lang") or root.get("xml:lang")) if root is not None else None]
    stated += [*tags.get("content-language", ()), linked.language, *tags.get("og:locale", ())]
    for value in stated:
        code = re.split(r"[-_,; ]", (value or "").strip().lower(), maxsplit=1)[0]
        if 2 <= len(code) <= 3 and code.isascii() and code.isalpha():
            return code
    return None


def _outlet(tags: dict[str, list[str]], linked: LinkedArticle, url: str) -> str | None:
    for value in [*tags.get("og:site_name", ()), linked.publisher, *_said(tags, OUTLETS[1:])]:
        name = _clean(value).lstrip("@")
        if 1 < len(name) <= 100 and not name.lower().startswith("http"):
            return name
    host = urlsplit(url).hostname if url else None
    return host.removeprefix("www.") if host else None


def _canonical(tree: Element, tags: dict[str, list[str]], linked: LinkedArticle, url: str) -> str | None:
    """The address the page gives itself. Another site's address is a hint at a reprint, not ours to follow."""
    stated = [
        link.get("href") or "" for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for value in [*stated, *tags.get("og:url", ()), linked.url]:
        try:
            absolute = urljoin(url, value.strip())
            parts = urlsplit(absolute)
        except ValueError:
            continue
        if not value.strip() or parts.scheme not in ("http", "https") or not parts.hostname or len(absolute) > 2000:
            continue
        if not url or same_site(absolute, url):
            # A canonical address that is just the front page is a mistake of the template.
            if parts.path in ("", "/") and not parts.query and url and urlsplit(url).path not in ("", "/"):
                continue
            return absolute.partition("#")[0] if "#!" not in absolute else absolute
    return None


def _is_paywalled(tags: dict[str, list[str]], linked: LinkedArticle) -> bool:
    if linked.free is False:
        return True
    return any(
        TIER.get(value.lower(), False)
        for value in _said(tags, ("article:content_tier", "content_tier", "cxenseparse:paywall"))
    )
