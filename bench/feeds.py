"""Feeds: what our parser gets right, and how fast, beside feedparser alone in the same run. Prints JSON.

    python bench/feeds.py [--data ../shared/data] [--rounds 3]

The expectations are feedparser's own (a_feeds/feedparser_tests). Each is a Python expression over feedparser's
result; it is *expressible* if everything it asks is a fact that our normalised model states (title, link, language,
description, entries with id, title, link, dates, authors, summary, content, categories, enclosures, source).
Well-formedness (`bozo`), encoding labels, extensions such as geo or chapters are not part of the model; an expectation
that asks for nothing else is not expressible and is counted apart.
"""

import argparse
import io
import json
import os
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import feedparser

from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.reading import NotAFeed, ParsedEntry, ParsedFeed, Source

ALIASES = {
    "guid": "id",
    "description": "summary",
    "description_detail": "summary_detail",
    "tagline": "subtitle",
    "tagline_detail": "subtitle_detail",
    "url": "href",
    "date_parsed": "updated_parsed",
    "modified_parsed": "updated_parsed",
    "issued": "published",
    "issued_parsed": "published_parsed",
    "items": "entries",
}


class Inexpressible(Exception):
    """The expectation asks for something that the normalised model does not hold."""


class View(Mapping[str, Any]):
    """A feedparser-shaped look at our model: knows its vocabulary, and says so when asked for more."""

    def __init__(self, **facts: Any) -> None:
        self._facts = facts

    def __getitem__(self, key: str) -> Any:
        key = ALIASES.get(key, key)
        if key == "summary" and "subtitle" in self._facts:
            key = "subtitle"
        if key == "summary_detail" and "subtitle_detail" in self._facts:
            key = "subtitle_detail"
        if key not in self._facts:
            raise Inexpressible(key)
        found = self._facts[key]
        if found is None:
            raise KeyError(key)
        return found

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return self[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def has_key(self, key: str) -> bool:
        try:
            self[key]
        except KeyError:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        raise Inexpressible("a whole dictionary")

    __hash__ = None  # type: ignore[assignment]


class Items(list[View]):
    """A list that, asked for an item it does not have, still tells a missing fact from one we never hold."""

    def __init__(self, items: list[View], **vocabulary: None) -> None:
        super().__init__(items)
        self._nothing = View(**vocabulary)

    def __getitem__(self, index: Any) -> Any:
        return cast("View", super().__getitem__(index)) if index < len(self) else self._nothing


def _parts(moment: datetime | None) -> tuple[int, ...] | None:
    return tuple(moment.utctimetuple()) if moment else None


def _detail(value: str | None) -> View | None:
    return View(value=value) if value is not None else None


def _entry(entry: ParsedEntry) -> View:
    updated = entry.updated or entry.published
    source = entry.source or Source()
    return View(
        id=entry.id,
        title=entry.title,
        title_detail=_detail(entry.title),
        link=entry.link,
        summary=entry.summary,
        summary_detail=_detail(entry.summary),
        content=Items([View(value=entry.content)] if entry.content else [], value=None),
        published=entry.published_raw,
        published_parsed=_parts(entry.published),
        updated_parsed=_parts(updated),
        author=entry.authors[0] if entry.authors else None,
        author_detail=View(name=entry.authors[0] if entry.authors else None),
        authors=Items([View(name=name) for name in entry.authors], name=None),
        tags=[View(term=term) for term in entry.categories],
        category=entry.categories[0] if entry.categories else None,
        enclosures=[
            View(href=one.url, type=one.type, length=None if one.length is None else str(one.length))
            for one in entry.enclosures
        ],
        source=View(title=source.title, href=source.url, link=source.url),
    )


def _names(feed: ParsedFeed) -> dict[str, Any]:
    return {
        "bozo": True,
        "version": feed.version,
        "feed": View(
            title=feed.title,
            title_detail=_detail(feed.title),
            link=feed.link,
            language=feed.language,
            id=feed.id,
            subtitle=feed.description,
            subtitle_detail=_detail(feed.description),
        ),
        "entries": [_entry(entry) for entry in feed.entries],
    }


STATES_NOTHING = {"", "1", "True"}


@dataclass(frozen=True)
class Case:
    file: str
    expectation: str
    headers: dict[str, str]
    body: bytes

    @property
    def url(self) -> str:
        """Where feedparser's own tests serve those documents that they fetch; the others have no address."""
        return f"http://127.0.0.1:8097/{self.file}" if self.headers or "/http_" in self.file else ""


def judge(case: Case) -> str:
    """`passes`, `fails`, or why it cannot be stated."""
    rest = re.sub(r"^\(?\s*(?:not )?bozo\s*(?:and|$)", "", case.expectation.strip()).strip()
    if rest in STATES_NOTHING:
        return "states nothing"
    try:
        feed = parse_feed(case.body, case.url, case.headers)
    except NotAFeed:
        return "fails"
    try:
        code = compile(rest, case.file, "eval")
        holds = eval(code, {"__builtins__": {"len": len, "ord": ord, "str": str}}, _names(feed))
    except (Inexpressible, NameError, AttributeError, SyntaxError):
        return "inexpressible"
    except (KeyError, IndexError, TypeError):
        return "fails"
    return "passes" if holds else "fails"


def _headers(listed: list[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in listed)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def cases(data: Path) -> list[Case]:
    with tarfile.open(data / "a_feeds" / "feedparser_tests.tar.xz") as archive:
        bodies = {member.name: _body(archive, member) for member in archive.getmembers() if member.isfile()}
    found: list[Case] = []
    for line in bodies["expect.jsonl"].decode().splitlines():
        expected = cast("dict[str, Any]", json.loads(line))
        if expected.get("expect_py") is not None:
            headers = _headers(cast("list[str]", expected.get("http_headers") or []))
            found.append(Case(expected["file"], str(expected["expect_py"]), headers, bodies[expected["file"]]))
    return found


def _body(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""


def conformance(data: Path) -> dict[str, Any]:
    verdicts = {case.file: judge(case) for case in cases(data)}
    counts = Counter(verdicts.values())
    expressible = counts["passes"] + counts["fails"]
    return {
        "expectations": len(verdicts),
        "expressible": expressible,
        "passes": counts["passes"],
        "share": round(counts["passes"] / expressible, 4) if expressible else 0.0,
        "states_nothing": counts["states nothing"],
        "inexpressible": counts["inexpressible"],
        "failing": sorted(file for file, verdict in verdicts.items() if verdict == "fails"),
    }


def real_documents(data: Path) -> list[bytes]:
    found: list[bytes] = []
    for name, folder in (("rss-parser_tests", "input/"), ("node-feedparser_feeds", ""), ("reader_tests_data", "")):
        with tarfile.open(data / "a_feeds" / f"{name}.tar.xz") as archive:
            found += [
                _body(archive, member)
                for member in archive.getmembers()
                if member.isfile() and member.name.startswith(folder) and re.search(r"\.(xml|rss|atom)$", member.name)
            ]
    return found


def agreement(data: Path) -> dict[str, Any]:
    """Our reading of real feeds beside feedparser's own, value by value.

    Left out is where we differ on purpose: documents that one of us had to repair, other encodings, FeedBurner's original
    links, the choice among several contents, absolute ids.
    """
    entries, differing = 0, list[str]()
    for number, body in enumerate(real_documents(data)):
        url = "https://bench.test/feed"
        try:
            feed = parse_feed(body, url, {})
        except NotAFeed:
            continue
        theirs = _feedparser(body, url)
        if feed.encoding != "utf-8" or feed.repaired or theirs.bozo:
            continue
        if len(theirs.entries) != len(feed.entries):
            differing.append(f"document {number}: {len(feed.entries)} entries, not {len(theirs.entries)}")
        for ours, their in zip(feed.entries, theirs.entries, strict=False):
            entries += 1
            contents: list[Any] = their.get("content") or []
            expected: dict[str, str | None] = {name: their.get(name) for name in ("title", "id", "summary", "link")}
            expected["content"] = contents[0].value if len(contents) == 1 else None
            expected["link"] = None if "feedburner_origlink" in their else expected["link"]
            for name, value in expected.items():
                mine: str = getattr(ours, name) or ""
                if value and mine != value and not (name == "id" and ":" in value):
                    differing.append(f"document {number}: {name}: {mine[:80]!r}, not {value[:80]!r}")
    return {"entries": entries, "differing": differing}


def _feedparser(body: bytes, url: str) -> Any:
    # With the same address to resolve against, so that it does the same work.
    headers = {"content-location": url, "content-type": "application/xml"}
    return cast("Any", feedparser.parse(io.BytesIO(body), response_headers=headers))  # pyright: ignore[reportUnknownMemberType]


def throughput(documents: list[bytes], rounds: int) -> dict[str, Any]:
    """Documents a second of CPU, best of some rounds; ours first or second in turn."""

    def ours() -> None:
        for body in documents:
            try:
                feed = parse_feed(body, "https://bench.test/feed", {})
            except NotAFeed:
                continue
            # What storing looks at is part of normalising.
            for entry in feed.entries:
                _ = entry.title_text

    def theirs() -> None:
        for body in documents:
            _feedparser(body, "https://bench.test/feed")

    best = {"ours": float("inf"), "feedparser": float("inf")}
    for turn in range(rounds):
        for name, run in sorted({"ours": ours, "feedparser": theirs}.items(), reverse=turn % 2 == 0):
            started = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - started)
    return {
        "documents": len(documents),
        "bytes": sum(map(len, documents)),
        "ours_per_second": round(len(documents) / best["ours"], 1),
        "feedparser_per_second": round(len(documents) / best["feedparser"], 1),
        "ratio": round(best["feedparser"] / best["ours"], 2),
    }


def main() -> int:
    reading = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    default = os.environ.get("BRANDHOUND_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data"
    reading.add_argument("--data", type=Path, default=Path(default))
    reading.add_argument("--rounds", type=int, default=3)
    chosen = reading.parse_args()
    tests = [case.body for case in cases(chosen.data)]
    real = real_documents(chosen.data)
    result = {
        "conformance": conformance(chosen.data),
        "agreement": agreement(chosen.data),
        "real_feeds": throughput(real, chosen.rounds),
        "test_documents": throughput(tests, chosen.rounds),
        "all": throughput(tests + real, chosen.rounds),
    }
    print(json.dumps(result, indent=2))
    return 0 if result["conformance"]["share"] >= 0.98 and result["all"]["ratio"] >= 0.8 else 1


if __name__ == "__main__":
    sys.exit(main())
