# pyright: reportUnknownVariableType=false
"""The article's text out of the parsed page: four ways, each tried only where the one before gave too little.

trafilatura reads most pages best. Where it finds little of a page that has much, readability-lxml often finds the rest
(divs without paragraphs, repeated sentences, formulas); then what the publisher put into the linked data; then whatever
stands in paragraphs. The thresholds are measured: `bench/articles.py` has the figures of each rung.
"""

import html
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

from readability import Document
from trafilatura import baseline
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor
from trafilatura.xml import xmltotxt
from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH

from brandhound.feeds.page_tree import Element, copy_of, count_elements, drop, lines_of, parse_part, tidy_lines

# Neither library has types.
_baseline = cast("Callable[..., Any]", baseline)
_convert_tags = cast("Callable[..., Any]", convert_tags)
_prune = cast("Callable[..., Any]", prune_unwanted_nodes)
_clean_tree = cast("Callable[..., Any]", tree_cleaning)
_extract_content = cast("Callable[..., Any]", extract_content)
_options = cast("Callable[..., Any]", Extractor)
_to_text = cast("Callable[..., Any]", xmltotxt)
_readable = cast("Callable[..., Any]", Document)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("readability").setLevel(logging.CRITICAL)

LITTLE = 1_000
"""Characters below which a text is doubted."""
SHARE = 0.8
"""A text that is at least this share of all there is on the page is not doubted, however short."""
BETTER = 1.5
"""How many times longer another rung's text must be to be believed instead."""
SENTENCE = 100
"""Shorter linked data is a teaser and no text."""
SCRAP = 300
"""Below this, the crudest rung may answer."""
MANY_ELEMENTS = 50_000
"""Pages of more elements get the crudest rung at once: the others need minutes or gigabytes for them."""
# The source's own line breaks inside a paragraph, as some elements keep them: the next line is indented.
CONTINUED = re.compile(r"[ \t\r]*\n[ \t]{2,}")
TEXT_LIMIT = 1_000_000

AROUND = (
    "nav",
    "footer",
    "aside",
    "header",
    "form",
    "script",
    "style",
    "svg",
    "template",
    "noscript",
    "select",
    "iframe",
)
TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadText:
    text: str
    rung: Literal["trafilatura", "readability", "linked-data", "paragraphs"]


def article_text(tree: Element, linked_body: str, url: str) -> ReadText:
    """The article on the page, without what stands around it. Changes the tree."""
    if count_elements(tree) > MANY_ELEMENTS:
        return ReadText(paragraphs_of(tree), "paragraphs")
    text = _by_trafilatura(tree, url)
    if len(text) >= LITTLE:
        return ReadText(text, "trafilatura")
    rough = _plain(_crude(tree)) if len(text) < SCRAP else ""
    # Scripts are of no more use, and the ways below are slow where there are many.
    drop(tree, "script", "style", "svg", "template")
    if text and len(text) >= SHARE * len(" ".join(tree.text_content().split())):
        return ReadText(text, "trafilatura")
    found = ReadText(text, "trafilatura")
    if len(other := _by_readability(tree)) > BETTER * len(found.text):
        found = ReadText(other, "readability")
    if linked_body and len(other := _plain(linked_body)) > BETTER * max(len(found.text), SENTENCE):
        found = ReadText(other, "linked-data")
    if len(found.text) < SCRAP and len(rough) > BETTER * SCRAP:
        found = ReadText(rough, "paragraphs")
    return found


def _by_trafilatura(tree: Element, url: str) -> str:
    """What trafilatura's fast mode gives, by its own steps.

    Its front door would copy the tree once more and, for every third page, measure the whole page to see whether to try
    again with looser rules: a sixth of its time, for what the next rung does better.
    """
    options = _options(output_format="python", fast=True, comments=False)
    try:
        work = _prune(copy_of(tree), RAW_TREE_PRUNE_XPATH)
        work = _prune(work, REMOVE_COMMENTS_AND_LISTS_XPATH)
        work = _convert_tags(_clean_tree(work, options), options, url or None)
        return CONTINUED.sub(" ", str(_to_text(_extract_content(work, options)[0], False))).strip()
    except Exception:
        # It walks strangers' trees with recursion and assumptions; where it stumbles, the next rung may not.
        return ""


def _by_readability(tree: Element) -> str:
    try:
        summary = str(_readable(copy_of(tree)).summary(html_partial=True))
        return lines_of(parse_part(summary)) if summary else ""
    except Exception:
        # As above.
        return ""


def _crude(tree: Element) -> str:
    try:
        return str(_baseline(tree)[1])
    except Exception:
        # As above.
        return ""


def paragraphs_of(tree: Element) -> str:
    """Everything readable on the page except what is marked as navigation, cut at a million characters."""
    drop(tree, *AROUND)
    body = tree.find(".//body")
    return lines_of(tree if body is None else body)[:TEXT_LIMIT]


def _plain(text: str) -> str:
    return tidy_lines(TAG.sub(" ", html.unescape(text)) if "<" in text else text)
