"""What a page says about itself: title, persons, dates, outlet, address. One pass over the tree that was parsed."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from brandhound.feeds.linked_data import LinkedArticle, read_linked_data
from brandhound.feeds.page_dates import modified_of_page, published_of_page, reader_of_dates
from brandhound.feeds.page_persons import persons_of_page
from brandhound.feeds.page_tags import clean, meta_tags, values_of, words_of
from brandhound.feeds.page_tree import Element
from brandhound.feeds.sites import same_site

TITLES = (
    "og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "sailthru.title", "parsely-title", "headline",
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
TITLE_PARTS = re.compile(r"\s+[|–—·•»«:-]+\s+|\s*[|]\s*")
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
    tags = meta_tags(tree)
    linked = read_linked_data(tree)
    canonical = _canonical(tree, tags, linked, url)
    # A file has no address but the one that it gives itself.
    address = url or canonical or ""
    outlet = _outlet(tags, linked, address)
    locale = _locale(tree, tags, linked)
    dates = reader_of_dates(now, urlsplit(address).hostname or "", locale)
    return PageMetadata(
        title=_title(tree, tags, linked, [outlet or "", urlsplit(address).hostname or ""]),
        authors=persons_of_page(tree, tags, linked, outlet or ""),
        published=published_of_page(tree, tags, linked, address, dates),
        modified=modified_of_page(tags, linked, dates),
        stated_language=re.split(r"[-_,; ]", locale, maxsplit=1)[0] or None,
        outlet=outlet,
        canonical_url=canonical,
        paywalled=_is_paywalled(tags, linked),
        linked_body=linked.body,
    )


def _title(tree: Element, tags: dict[str, list[str]], linked: LinkedArticle, outlets: list[str]) -> str | None:
    element = tree.find(".//title")
    page = words_of(element) if element is not None else ""
    headings = [text for heading in tree.iter("h1") if (text := words_of(heading))]
    said = [clean(title) for title in [*tags.get("og:title", ()), linked.headline, *values_of(tags, TITLES)]]
    said = [title for title in said if title and not any(_is_outlet(title, outlet) for outlet in outlets)]
    # A heading that the page's own title repeats is the headline as readers see it.
    for heading in headings[:5]:
        repeated = len(heading) > 8 and any(title.lower().startswith(heading.lower()) for title in [page, *said])
        if repeated and not any(_is_outlet(heading, outlet) for outlet in outlets):
            return heading[:MAX_TITLE]
    title = next(iter(said), "")
    if not title and len(headings) == 1 and not any(_is_outlet(headings[0], outlet) for outlet in outlets):
        title = headings[0]
    title = _whole(title, [*headings[:5], page]) or page or next(iter(headings), "")
    for outlet in outlets:
        title = _without_outlet(title, outlet)
    return title[:MAX_TITLE] or None


def _whole(title: str, texts: list[str]) -> str:
    """A title that stops where it has a quotation mark, which ended the attribute that it stood in: the text that goes on."""
    goes_on = (text for text in texts if text.startswith(title) and text[len(title) :].lstrip()[:1] in ('"', "'"))
    return next(goes_on, title) if title else title


def _without_outlet(title: str, outlet: str) -> str:
    """ "Headline | Example News" without the outlet's name, where it is the outlet's name."""
    parts = list(TITLE_PARTS.finditer(title))
    if not outlet or not parts:
        return title
    # An outlet's name may have such a sign in it, too: "Headline | Example - News".
    for part in parts:
        if part.start() and _is_outlet(title[part.end() :], outlet):
            return title[: part.start()].strip()
    for part in reversed(parts):
        if title[part.end() :] and _is_outlet(title[: part.start()], outlet):
            return title[part.end() :].strip()
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


def _locale(tree: Element, tags: dict[str, list[str]], linked: LinkedArticle) -> str:
    """The first stated language that is one, with its country if it names it: "en-gb". Empty where none is stated."""
    root = tree if tree.tag == "html" else tree.find(".//html")
    stated = [(root.get("lang") or root.get("xml:lang")) if root is not None else None]
    stated += [*tags.get("content-language", ()), linked.language, *tags.get("og:locale", ())]
    for value in stated:
        locale = (value or "").strip().lower()
        code = re.split(r"[-_,; ]", locale, maxsplit=1)[0]
        if 2 <= len(code) <= 3 and code.isascii() and code.isalpha():
            return locale
    return ""


def _outlet(tags: dict[str, list[str]], linked: LinkedArticle, url: str) -> str | None:
    for value in [*tags.get("og:site_name", ()), linked.publisher, *values_of(tags, OUTLETS[1:])]:
        name = clean(value).lstrip("@")
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
        for value in values_of(tags, ("article:content_tier", "content_tier", "cxenseparse:paywall"))
    )
