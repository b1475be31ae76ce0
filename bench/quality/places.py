"""Real sentences with names of many meanings, found again in a folder of open collections by their hashes.

Nothing of the texts is kept here: a label names a text by its SHA-256 and a place in it by an offset.
"""

import gzip
import hashlib
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import lxml.html

HERE = Path(__file__).parent
LABELS = HERE / "disambiguation_labels.jsonl"
BRANDS = HERE / "disambiguation_brands.json"
EACH = 40
CAPITALS = 30
"""Of the places of a name so many have a capital, where there are enough: the others are hardly ever looked at."""

_LINES = {
    "fashion": "c_entities/fashion_brands_reddit_training.jsonl.gz",
    "newsmtsc": "d_sentiment/newsmtsc_train.jsonl.gz",
    "amazon": "d_sentiment/vader_amazon_reviews.jsonl.gz",
    "tweets": "d_sentiment/vader_tweets.jsonl.gz",
    "brand_tweets": "d_sentiment/crowdflower_brand_tweets.jsonl.gz",
    "food": "f_research/amazon_fine_food_reviews.jsonl.gz",
    "cooking": "f_research/reddit_cooking_comments.jsonl.gz",
    "reddit": "f_research/reddit_api_responses.jsonl.gz",
}
_TOKENS = {
    "wnut17": "c_entities/wnut17_train_dev.tar.xz",
    "btc": "c_entities/btc_sections_abeg.tar.xz",
    "wikigold": "c_entities/wikigold.tar.xz",
    "uner": "c_entities/uner_ewt_reviews_dev.tar.xz",
}
_PAGES = {
    "readability": "b_articles/readability_test_pages.tar.xz",
    "trafilatura": "b_articles/trafilatura_eval_subset.tar.xz",
}
_READER: Any = lxml.html
_NO_TEXTS = frozenset(("permalink", "url", "id", "name", "author_fullname"))


@dataclass(frozen=True)
class Brand:
    """A name of many meanings, and what the brand is in one line."""

    name: str
    line: str
    namesakes: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A name in a text, and whether it means the brand."""

    brand: str
    text: str
    start: int
    right: bool
    source: str


def brands() -> list[Brand]:
    """The names with their one-line profiles."""
    return [
        Brand(one["name"], one["profile"], tuple(one["namesakes"])) for one in json.loads(BRANDS.read_text("utf-8"))
    ]


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def texts(data: Path) -> Iterator[tuple[str, str]]:
    """All texts of the collections, each with its source."""
    for source, path in _LINES.items():
        with gzip.open(data / path, "rt", encoding="utf-8") as lines:
            for line in lines:
                for text in _strings(json.loads(line)):
                    yield source, text
    for source, path in _TOKENS.items():
        for _, content in _members(data / path):
            yield from ((source, text) for text in _sentences(content.decode("utf-8", "replace")))
    for source in _PAGES:
        for _, content in _pages_of(data, source):
            yield from ((source, text) for text in _paragraphs(content))


def pages(data: Path) -> Iterator[tuple[str, str]]:
    """Web pages, each by its name in the collections and with its paragraphs as one text."""
    for source in _PAGES:
        for name, content in _pages_of(data, source):
            yield f"{source}/{name}", "\n\n".join(_paragraphs(content))


def _pages_of(data: Path, source: str) -> Iterator[tuple[str, bytes]]:
    for name, content in _members(data / _PAGES[source]):
        if re.search(r"(source|\.)\.?html?$", name) and "expected" not in name:
            yield name, content


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) > 20:
            yield value
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key not in _NO_TEXTS:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _strings(inner)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as opened:
        for member in opened:
            if (file := opened.extractfile(member)) is not None:
                yield member.name, file.read()


def _sentences(content: str) -> Iterator[str]:
    if "# text = " in content:
        yield from (line[9:] for line in content.splitlines() if line.startswith("# text = "))
        return
    for block in content.split("\n\n"):
        tokens = [row.split()[0] for row in block.splitlines() if len(row.split()) >= 2]
        if tokens:
            yield " ".join(tokens)


def _paragraphs(page: bytes) -> Iterator[str]:
    tree: Any = _READER.document_fromstring(page)
    for element in tree.iter("p", "h1", "h2", "h3", "li"):
        text: str = " ".join(element.text_content().split())
        if 30 < len(text) < 5000:
            yield text


def places_of(name: str, text: str) -> Iterator[int]:
    """Where the name stands in the text as a word of its own, in whatever case."""
    for found in re.finditer(rf"(?<![\w@#/.]){re.escape(name)}(?![\w@/])", text, re.IGNORECASE):
        yield found.start()


def chosen(data: Path, names: list[str]) -> dict[str, list[tuple[str, str, int]]]:
    """Forty places a name to be labelled, by chance that anybody can repeat: source, text, offset; one a text."""
    pattern = re.compile(rf"(?<![\w@#/.])(?:{'|'.join(map(re.escape, names))})(?![\w@/])", re.IGNORECASE)
    by_lower = {name.lower(): name for name in names}
    found: dict[str, dict[str, tuple[str, str, int]]] = {name: {} for name in names}
    for source, text in texts(data):
        for place in pattern.finditer(text):
            name = by_lower[place.group().lower()]
            words = text[max(0, place.start() - 40) : place.end() + 40].lower()
            found[name].setdefault(words, (source, text, place.start()))
    return {name: _some(list(of_name.values()), name) for name, of_name in found.items()}


def _some(all_of_them: list[tuple[str, str, int]], name: str) -> list[tuple[str, str, int]]:
    ranked = sorted(all_of_them, key=lambda one: hash_of(f"{name} {hash_of(one[1])} {one[2]}"))
    one_a_text = list({text: (source, text, start) for source, text, start in reversed(ranked)}.values())[::-1]
    capitals = _in_turn([one for one in one_a_text if one[1][one[2]].isupper()])
    small = _in_turn([one for one in one_a_text if not one[1][one[2]].isupper()])
    kept = capitals[: max(CAPITALS, EACH - len(small))]
    return kept + small[: EACH - len(kept)]


def _in_turn(ranked: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """One of each source in turn, so that no collection drowns the others."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, int]] = []
    for at, (source, _, _) in enumerate(ranked):
        turns.append((seen[source], at))
        seen[source] += 1
    return [ranked[at] for _, at in sorted(turns)]


def labelled(data: Path) -> list[Place]:
    """The places that both passes labelled alike, with their texts."""
    wanted: dict[str, list[dict[str, Any]]] = {}
    for line in LABELS.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["first"] == row["second"] and row["first"] != "unclear":
            wanted.setdefault(row["text"], []).append(row)
    found: list[Place] = []
    for source, text in texts(data):
        if rows := wanted.pop(hash_of(text), None):
            found += [Place(row["brand"], text, row["start"], row["first"] == "yes", source) for row in rows]
    return found
