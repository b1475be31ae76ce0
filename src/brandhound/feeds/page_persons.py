"""Who wrote a page: persons in its linked data, its meta tags, its marked and its plain byline."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from brandhound.feeds.bylines import OPENING, persons_of
from brandhound.feeds.linked_data import LinkedArticle
from brandhound.feeds.page_tags import clean, is_aside, is_of_another, kind_of, values_of, words_of
from brandhound.feeds.page_tree import Element, Line, finder, parts_below

AUTHORS = (
    "article:author", "author", "authors", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "dc:creator", "citation_author", "og:article:author", "og:author", "article:author_name", "rbauthors",
    "shareaholic:article_author_name", "byline", "creator", "dcsext.author", "cxenseparse:author",
)  # fmt: skip
# One look at the attributes, in C; the few elements that match are told apart below. "uth" is in author and in newsAuthor.
AUTHOR_MARKS = finder(
    './/@class[contains(., "uth") or contains(., "yline")]/.. | .//@rel[.="author"]/..'
    ' | .//@itemprop[.="author" or .="name"]/..'
)
PERSON_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline(?:[\s_-]*(?:name|author))?|author[\s_-]?(?:name|link)|auth[\s_-]name"
    r"|(?:post|entry|article|story|news|meta)[\s_-]author|author)(?:$|[\s_-])"
)
# "By" and its like at the beginning of a line; the name may follow in a link.
LABEL = re.compile(
    r"(?:\||[^\W\d]+\s+(?:on|am|le|el)\s[^|]{6,30}?\s)?\s*(?:(?:written|posted|published|words|text|story|article|ein artikel|"
    r"un article)\s+)?(?:by|von|par|por|autor(?:in)?|auteur|author|redaktion|text)\b\s*:?\s*(?P<name>.*)",
    re.IGNORECASE,
)
ENDING = re.compile(r"\s[|·•@–—-]\s|\s(?:on|am|le|el)\s+\d|\(|\n")
ALL_OF = re.compile(
    r"^.{0,30}\b(?:posts|articles|stories|beiträge|artikel|posteos|articoli)\s+(?:by|von|par|por|de|di)\s", re.I
)
MOST_LOOKED_AT = 200
LONGEST_BYLINE = 200


def persons_of_page(tree: Element, tags: dict[str, list[str]], linked: LinkedArticle, outlet: str) -> list[str]:
    """The persons who wrote the page, as the surest of its statements names them; no outlets and agencies."""
    if linked.authors and (persons := persons_of(linked.authors, outlet, loose=True)):
        return persons
    stated = [
        value for value in values_of(tags, AUTHORS) if not value.lower().startswith(("http:", "https:", "//", "@"))
    ]
    if stated and (persons := persons_of(stated[:20], outlet, loose=True)):
        return persons
    for group, loose in _marked_as_author(AUTHOR_MARKS(tree)):
        found = [e for e in group if not is_aside(e) and not is_of_another(e) and 2 < len(_stated(e)) < LONGEST_BYLINE]
        if persons := _of_first_byline(found, outlet, loose=loose):
            return persons
    return _plain_byline(tree, outlet)


def _marked_as_author(marked: Sequence[Element]) -> Iterator[tuple[list[Element], bool]]:
    """The elements that may hold a byline, the surest kind first, and whether they are meant for names alone."""
    yield (
        [
            e
            for e in marked
            if e.get("itemprop") == "name" and any(a.get("itemprop") == "author" for a in e.iterancestors())
        ][:6],
        True,
    )
    yield [element for element in marked if element.get("itemprop") == "author"][:6], True
    yield [element for element in marked if element.get("rel") == "author"][:6], True
    yield [element for element in marked if PERSON_CLASS.search(kind_of(element))][:6], False


def _of_first_byline(elements: Sequence[Element], outlet: str, *, loose: bool) -> list[str]:
    """The persons of the first element that names any, and of those that stand right beside it."""
    for at, element in enumerate(elements):
        if not persons_of([_stated(element)], outlet, loose=loose):
            continue
        near = _near(element)
        beside = [other for other in elements[at:] if other is element or near & _near(other)]
        return persons_of([_stated(other) for other in beside][:6], outlet, loose=loose)
    return []


def _near(element: Element) -> set[Element]:
    """The two elements around an element, as far as they hold less than the whole page."""
    return {
        around for around in islice(element.iterancestors(), 2) if around.tag not in ("body", "html", "article", "main")
    }


def _plain_byline(tree: Element, outlet: str) -> list[str]:
    """A line below the heading that begins with "By" in one of several languages and goes on with a name."""
    for part in parts_below(tree, MOST_LOOKED_AT):
        if not isinstance(part, Line) or len(part.text) > LONGEST_BYLINE:
            continue
        if (match := LABEL.fullmatch(clean(part.text))) is None or is_aside(part.element):
            continue
        name = match["name"] or _what_follows(part)
        name = ENDING.split(name, maxsplit=1)[0].strip()
        if 2 < len(name) < 60 and (persons := persons_of([name], outlet)):
            return persons
    return []


def _what_follows(line: Line) -> str:
    """The text right after a "By" that stands alone."""
    for around in (line.element, *islice(line.element.iterancestors(), 2)):
        text = words_of(around)
        if len(text) > LONGEST_BYLINE:
            return ""
        at = text.find(clean(line.text))
        if at >= 0 and (rest := text[at + len(clean(line.text)) :].strip(" :|")):
            return rest
    return ""


def _stated(element: Element) -> str:
    text = ALL_OF.sub("", (element.get("content") or "").strip() or words_of(element))
    # "29 June 2017, 23:39 · by Jane Doe": what stands before the "by" is no name.
    return text if OPENING.match(text) else re.sub(r"^.*\d.*?\s(?=(?:by|von|par|por)\s)", "", text)
