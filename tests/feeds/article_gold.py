"""Real pages with what people say is their text, and how near to it an extraction comes.

The pages belong to their publishers: they are read where they lie and never copied.
"""

import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from brandhound.feeds.page_tree import lines_of, parse_html

WORD = re.compile(r"\w+")
BETWEEN_NAMES = re.compile(r"\s*[;,/]\s*|\s+and\s+", re.IGNORECASE)
DEGREE = re.compile(r",?\s+(?:PhD|MD)\b")


@dataclass(frozen=True, slots=True)
class TextPage:
    """A page of mozilla/readability's tests with the article's whole text."""

    name: str
    html: bytes
    text: str


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """A page of trafilatura's evaluation with segments that must and must not be in the text; other facts if known."""

    name: str
    html: bytes
    url: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    title: str | None
    date: str | None
    authors: tuple[str, ...]


def text_pages(data: Path) -> list[TextPage]:
    members = _members(data / "b_articles/readability_test_pages.tar.xz")
    folders = sorted(name.removesuffix("/source.html") for name in members if name.endswith("/source.html"))
    return [
        TextPage(folder, members[f"{folder}/source.html"], _gold_text(members[f"{folder}/expected.html"]))
        for folder in folders
    ]


def segment_pages(data: Path) -> list[SegmentPage]:
    members = _members(data / "b_articles/trafilatura_eval_subset.tar.xz")
    pages: list[SegmentPage] = []
    for line in members["gold.jsonl"].decode().splitlines():
        gold = json.loads(line)
        html = members[f"html/{gold['file']}"]
        wanted, unwanted = tuple(gold["with"]), tuple(gold["without"])
        title, date = gold.get("title") or None, gold.get("date") or None
        authors = _gold_authors(gold.get("author") or [])
        pages.append(SegmentPage(gold["file"], html, gold["url"], wanted, unwanted, title, date, authors))
    return pages


def likeness(found: str, gold: str, words: int = 4) -> float:
    """F1 over runs of four words, each counted as often as it occurs."""
    ours, theirs = _runs(found, words), _runs(gold, words)
    if not ours or not theirs:
        return float(ours == theirs)
    common = sum((ours & theirs).values())
    return 2 * common / (ours.total() + theirs.total())


@dataclass(frozen=True, slots=True)
class SegmentScore:
    precision: float
    recall: float
    f1: float


def score_segments(found: Iterable[tuple[SegmentPage, str]]) -> SegmentScore:
    """Wanted segments that are there against unwanted ones that are there too, over all pages together."""
    right = missed = wrong = 0
    for page, text in found:
        right += sum(segment in text for segment in page.wanted)
        missed += sum(segment not in text for segment in page.wanted)
        wrong += sum(segment in text for segment in page.unwanted)
    precision, recall = right / (right + wrong), right / (right + missed)
    return SegmentScore(precision, recall, 2 * precision * recall / (precision + recall))


def _members(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) is not None:
                found[member.name.removeprefix("./")] = file.read()
    return found


def _gold_authors(stated: str | list[str]) -> tuple[str, ...]:
    """Names one by one: several stand in one text as often as in a list, with and without degrees."""
    texts = [stated] if isinstance(stated, str) else stated
    names = [DEGREE.sub("", name).strip() for text in texts for name in BETWEEN_NAMES.split(DEGREE.sub("", text))]
    return tuple(name for name in names if name)


def _gold_text(html: bytes) -> str:
    return lines_of(parse_html(html.decode("utf-8", "replace"))) if html.strip() else ""


def _runs(text: str, length: int) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    if len(words) < length:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
