"""Linked data of a page (JSON-LD): the article it describes, in whichever of its many shapes."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from brandhound.feeds.page_tree import Element

Node = dict[str, Any]
MAX_SCRIPT = 1_000_000
"""Characters of one script that are read."""
MAX_DEPTH = 12
MAX_NODES = 2_000

ARTICLES = {
    "article", "newsarticle", "blogposting", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
    "reviewnewsarticle", "backgroundnewsarticle", "askpublicnewsarticle", "satiricalarticle", "report", "techarticle",
    "scholarlyarticle", "medicalscholarlyarticle", "advertisercontentarticle", "liveblogposting", "socialmediaposting",
    "discussionforumposting", "review",
}  # fmt: skip
CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
ALSO_PAGES = {"webpage", "itempage", "recipe", "videoobject", "podcastepisode"}
WRAPPER = re.compile(
    r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:(?://\s*)?(?:-->|\]\]>)|/\*\s*\]\]>\s*\*/)\s*$"
)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
# What can still be read of a script that is no JSON at all.
BROKEN = {
    "headline": re.compile(r'"headline"\s*:\s*"((?:[^"\\\n]|\\.){1,400})"'),
    "datePublished": re.compile(r'"datePublished"\s*:\s*"([^"\n]{4,60})"'),
    "dateModified": re.compile(r'"dateModified"\s*:\s*"([^"\n]{4,60})"'),
    "author": re.compile(r'"author"\s*:\s*\[?\s*\{[^{}]{0,400}?"name"\s*:\s*"((?:[^"\\\n]|\\.){1,200})"'),
    "publisher": re.compile(r'"publisher"\s*:\s*\{[^{}]{0,400}?"name"\s*:\s*"((?:[^"\\\n]|\\.){1,200})"'),
}


@dataclass(slots=True)
class LinkedArticle:
    """What the publisher says about the article, as it stands there. Empty where nothing is said."""

    headline: str = ""
    published: str = ""
    modified: str = ""
    authors: list[str] = field(default_factory=list[str])
    organizations: list[str] = field(default_factory=list[str])
    """Authors that are no persons."""
    publisher: str = ""
    language: str = ""
    url: str = ""
    body: str = ""
    free: bool | None = None
    """Whether it can be read without paying; None if nothing is said."""


def read_linked_data(tree: Element) -> LinkedArticle:
    """The article a page describes in its JSON-LD: graphs, arrays, references and broken scripts alike."""
    nodes: list[Node] = []
    salvaged = LinkedArticle()
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "")[:MAX_SCRIPT]
        documents = _documents(text)
        if documents:
            for document in documents:
                nodes.extend(_walk(document, 0))
        elif text.strip():
            _salvage(text, salvaged)
    if not nodes:
        return salvaged
    return _article(nodes, salvaged)


def _documents(text: str) -> list[Any]:
    text = WRAPPER.sub("", text.strip()).strip()
    if not text:
        return []
    for repair in (_as_it_is, _without_trailing_commas):
        try:
            # Real pages carry raw line breaks and tabs inside their strings: strict=False takes them.
            return [json.loads(repair(text), strict=False)]
        except (ValueError, RecursionError):
            continue
    found: list[Any] = []
    at = 0
    decoder = json.JSONDecoder(strict=False)
    # Several documents one after the other.
    while at < len(text) and len(found) < 50:
        try:
            document, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(document)
        at = end
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1
    return found


def _as_it_is(text: str) -> str:
    return text


def _without_trailing_commas(text: str) -> str:
    return TRAILING_COMMA.sub(r"\1", text).rstrip("; \n")


def _walk(value: Any, depth: int) -> Iterator[Node]:
    """Every node that may describe the page: in arrays, graphs, main entities; a bounded number of them."""
    pending: list[tuple[Any, int]] = [(value, depth)]
    seen = 0
    while pending and seen < MAX_NODES:
        item, level = pending.pop(0)
        if isinstance(item, list):
            pending.extend((part, level) for part in cast("list[Any]", item)[:MAX_NODES])
        elif isinstance(item, dict) and level < MAX_DEPTH:
            node = cast("Node", item)
            seen += 1
            yield node
            pending.extend((node[key], level + 1) for key in CONTAINERS if key in node)


def _types(node: Node) -> set[str]:
    return {kind.rpartition("/")[2].lower() for kind in _strings(node.get("@type"))}


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [text for part in cast("list[Any]", value)[:50] for text in _strings(part)]
    if isinstance(value, dict):
        node = cast("Node", value)
        return _strings(node.get("@value")) or _strings(node.get("name")) or _strings(node.get("@id"))
    return []


def _first(value: Any) -> str:
    return next(iter(_strings(value)), "")


def _article(nodes: list[Node], salvaged: LinkedArticle) -> LinkedArticle:
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}

    def resolve(value: Any) -> Any:
        if isinstance(value, dict) and "name" not in value:
            return named.get(str(cast("Node", value).get("@id", "")), cast("Node", value))
        return cast("Any", value)

    articles = [node for node in nodes if _types(node) & ARTICLES]
    pages = [node for node in nodes if _types(node) & ALSO_PAGES]
    # The fullest description is the page's own article; teasers of others are shorter.
    articles.sort(
        key=lambda node: -sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody"))
    )
    chosen = articles[:1] + pages
    found = LinkedArticle()
    for node in chosen:
        found.headline = (
            found.headline or _first(node.get("headline")) or (_first(node.get("name")) if node in articles else "")
        )
        found.published = found.published or _first(node.get("datePublished")) or _first(node.get("dateCreated"))
        found.modified = found.modified or _first(node.get("dateModified"))
        found.language = found.language or _first(node.get("inLanguage"))
        found.body = found.body or _text(node.get("articleBody")) or _text(node.get("reviewBody"))
        if node in articles:
            found.url = found.url or _first(node.get("url")) or _first(node.get("mainEntityOfPage"))
        found.publisher = found.publisher or _name(resolve(node.get("publisher")))
        if found.free is None:
            found.free = _truth(node.get("isAccessibleForFree"))
        if not found.authors and not found.organizations:
            _read_authors(node.get("author") or node.get("creator"), resolve, found)
    if not found.publisher:
        publishers = [n for n in nodes if _types(n) & {"newsmediaorganization", "organization", "website"}]
        found.publisher = next((name for n in publishers if (name := _name(n))), "")
    found.headline = found.headline or salvaged.headline
    found.published = found.published or salvaged.published
    found.authors = found.authors or salvaged.authors
    return found


def _read_authors(value: Any, resolve: Callable[[Any], Any], found: LinkedArticle) -> None:
    for author in _each(value):
        whole = resolve(author)
        if isinstance(whole, dict) and _types(cast("Node", whole)) & {
            "organization",
            "newsmediaorganization",
            "corporation",
        }:
            found.organizations.extend(_strings(cast("Node", whole).get("name")))
            continue
        found.authors.extend(_names(whole))


def _each(value: Any) -> Iterable[Any]:
    return cast("list[Any]", value)[:50] if isinstance(value, list) else [] if value is None else [value]


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        node = cast("Node", value)
        parts = [_first(node.get(key)) for key in ("givenName", "additionalName", "familyName")]
        return [text for text in _strings(node.get("name")) if not text.startswith("http")] or [
            whole for whole in (" ".join(part for part in parts if part),) if whole
        ]
    return [text for text in _strings(value) if not text.startswith("http")]


def _name(value: Any) -> str:
    return next(iter(_names(value)), "") if isinstance(value, dict | str) else _first(value)


def _text(value: Any) -> str:
    return "\n".join(part for part in _strings(value) if len(part) > 1)


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    said = _first(value).strip().lower().rpartition("/")[2]
    return {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}.get(said)


def _salvage(text: str, found: LinkedArticle) -> None:
    """Read single values out of a script that is not JSON."""

    def value(name: str) -> str:
        match = BROKEN[name].search(text)
        if match is None:
            return ""
        try:
            return str(json.loads(f'"{match.group(1)}"', strict=False))
        except ValueError:
            return match.group(1)

    found.headline = found.headline or value("headline")
    found.published = found.published or value("datePublished")
    found.modified = found.modified or value("dateModified")
    found.publisher = found.publisher or value("publisher")
    if not found.authors and (author := value("author")):
        found.authors = [author]
