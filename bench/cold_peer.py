"""The peer of the cold run: what somebody writes in an afternoon. Reads every feed and page, keeps mentions in a list.

    python bench/cold_peer.py ADDRESS FEEDS BRANDS.json [--fast]

httpx, feedparser, trafilatura, and spaCy's PhraseMatcher (a trie of words where spaCy is not installed), in one process,
20 requests at once. Nothing is stored; there is no robots.txt, no limit, no tone, no story, and no second chance.
"""

import argparse
import asyncio
import json
import re
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import feedparser  # pyright: ignore[reportMissingTypeStubs]
import httpx
from trafilatura import bare_extraction  # pyright: ignore[reportUnknownVariableType]

AT_ONCE = 20
WORD = re.compile(r"\w+|[^\w\s]")
Found = tuple[str, int, int]
Find = Callable[[str], list[Found]]
_extract = cast("Callable[..., Any]", bare_extraction)
_parse = cast("Callable[[bytes], Any]", feedparser.parse)  # pyright: ignore[reportUnknownMemberType]


def phrase_matcher(names: dict[str, list[str]]) -> tuple[str, Find]:
    """Brand, start and end of each name in a text, by spaCy."""
    try:
        import spacy  # pyright: ignore[reportMissingImports]
        from spacy.matcher import PhraseMatcher  # pyright: ignore[reportMissingImports, reportUnknownVariableType]
    except ImportError:
        return "trie", word_trie(names)
    nlp = cast("Any", spacy).blank("en")
    nlp.max_length = 10_000_000
    matcher = cast("Any", PhraseMatcher)(nlp.vocab)
    for brand, some in names.items():
        matcher.add(brand, [nlp.make_doc(name) for name in some])

    def find(text: str) -> list[Found]:
        spans = cast("Iterator[Any]", matcher(nlp.make_doc(text), as_spans=True))
        return [(span.label_, span.start_char, span.end_char) for span in spans]

    return "spacy PhraseMatcher", find


def word_trie(names: dict[str, list[str]]) -> Find:
    """The same by a trie of words, as flashtext does it."""
    root: dict[str, Any] = {}
    for brand, some in names.items():
        for name in some:
            node = root
            for word in WORD.findall(name):
                node = node.setdefault(word, {})
            node[""] = brand

    def find(text: str) -> list[Found]:
        words = [(match[0], match.start(), match.end()) for match in WORD.finditer(text)]
        found: list[Found] = []
        for first, (_, start, _) in enumerate(words):
            node = root
            for word, _, end in words[first:]:
                node = node.get(word)
                if node is None:
                    break
                if "" in node:
                    found.append((node[""], start, end))
        return found

    return find


def read(html: bytes, url: str, *, fast: bool) -> str:
    document = _extract(html, url=url, with_metadata=True, include_comments=False, fast=fast)
    return str(document.text) if document else ""


async def run(publisher: str, feeds: int, find: Find, *, fast: bool) -> dict[str, Any]:
    mentions: list[tuple[str, Found]] = []
    pages = 0
    links: asyncio.Queue[str] = asyncio.Queue()
    async with httpx.AsyncClient(timeout=30, follow_redirects=True) as client:
        turns = asyncio.Semaphore(AT_ONCE)

        async def feed(url: str) -> None:
            async with turns:
                answer = await client.get(url)
            for entry in _parse(answer.content).entries:
                links.put_nowait(str(entry.link))

        async def page() -> None:
            nonlocal pages
            while not links.empty():
                url = links.get_nowait()
                answer = await client.get(url)
                text = await asyncio.to_thread(read, answer.content, url, fast=fast)
                mentions.extend((url, one) for one in find(text))
                pages += 1

        await asyncio.gather(*(feed(f"{publisher}/site-{number:03d}/feed.xml") for number in range(feeds)))
        await asyncio.gather(*(page() for _ in range(AT_ONCE)))
    return {"pages": pages, "places": len(mentions), "mentions": len({(url, one[0]) for url, one in mentions})}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("publisher")
    options.add_argument("feeds", type=int)
    options.add_argument("brands", type=Path)
    options.add_argument("--fast", action="store_true", help="trafilatura's fast mode")
    chosen = options.parse_args()
    names = {brand: [brand, *more] for brand, more in json.loads(chosen.brands.read_text()).items()}
    matcher, find = phrase_matcher(names)
    # What is loaded on first use is not counted, for us neither.
    _extract("<html><body><p>Some words to begin with.</p></body></html>", with_metadata=True)
    began, cpu = time.perf_counter(), time.process_time()
    facts = asyncio.run(run(chosen.publisher, chosen.feeds, find, fast=chosen.fast))
    facts |= {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu, "matcher": matcher}
    facts["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
