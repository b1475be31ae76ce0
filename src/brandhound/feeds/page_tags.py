"""The small parts of a page: its meta tags, the words of an element, what an element calls itself."""

import html
import re

from brandhound.feeds.page_tree import Element

SPACE = re.compile(r"\s+")
OTHERS = {"citation", "comment", "review", "reviews", "haspart", "isrelatedto", "relatedlink", "mentions", "publisher"}
"""Properties whose item is another thing than the page's article: their authors and dates are not its own."""
ASIDE = re.compile(
    r"comment|related|(?:^|[\s_-])(?:sidebar|side-bar|(?<!post-)(?<!entry-)(?<!article-)footer|reply|replies|forum|teasers?|recommend\w*|popular|most-?read|"
    r"trending|newsletter|promo)(?=$|[\s_-])"
)


def meta_tags(tree: Element) -> dict[str, list[str]]:
    """The contents of the meta tags by name, in lower case; not of those that describe another thing in the page."""
    tags: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        if not content:
            continue
        names = meta.get("property") or meta.get("name")
        if not names and (names := meta.get("itemprop")) and is_of_another(meta):
            continue
        # Several properties may stand in one attribute (RDFa).
        for name in (names or meta.get("http-equiv") or "").lower().split():
            tags.setdefault(name, []).append(content)
    return tags


def values_of(tags: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    """What the tags of these names say, the first name's first."""
    return [value for name in names for value in tags.get(name, ())]


def clean(text: str | None) -> str:
    return SPACE.sub(" ", html.unescape(text or "")).strip()


def words_of(element: Element) -> str:
    """All text in an element on one line."""
    return clean(" ".join(part for part in element.itertext() if part))


def kind_of(element: Element) -> str:
    """An element's class and id as words in lower case: "storyDate" is "story-date"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", f"{element.get('class') or ''} {element.get('id') or ''}").lower()


def is_of_another(element: Element) -> bool:
    """Whether microdata says that the element belongs to a reference, a comment, a related thing."""
    return any((ancestor.get("itemprop") or "").lower() in OTHERS for ancestor in element.iterancestors())


def is_aside(element: Element) -> bool:
    """Whether an element stands among comments, related articles or the like.

    What holds the heading as well tells nothing: "two-sidebars" is a class of the whole page.
    """
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("body", "html"):
            return False
        beside = ancestor.tag in ("aside", "nav") or _is_foot_of_page(ancestor) or ASIDE.search(kind_of(ancestor))
        if beside and ancestor.find(".//h1") is None:
            return True
    return False


def _is_foot_of_page(element: Element) -> bool:
    # The foot of an article names its author.
    return element.tag == "footer" and not any(ancestor.tag == "article" for ancestor in element.iterancestors())
