# pyright: reportAttributeAccessIssue=false, reportUnknownVariableType=false, reportUnknownMemberType=false
"""XML to a tree, with nothing resolved, fetched or expanded."""

from typing import Any

from lxml import etree

Element = Any
"""An lxml element; the package carries no types."""


def read_tree(text: str) -> Element | None:
    """The root of a document, as much of it as can be read; None if there is none.

    No document type is loaded, no entity resolved, nothing fetched; libxml2's own limits on depth and size stay on.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(element: Element) -> str:
    """The name without its namespace, lower-case; empty for comments and instructions."""
    tag: object = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
