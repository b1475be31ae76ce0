"""Pages to texts: how right and how fast ours is, beside trafilatura alone in the same run. Prints JSON.

    python -m bench.articles [--data ../shared/data] [--rounds 2]

`ours` is everything that is stored of a page: text, title, persons, dates, outlet, address, language. `trafilatura_fast`
and `trafilatura` are the library's text alone, in its fast and in its default mode. Each page is read by all in turn, so
that a busy machine slows them alike; seconds are CPU seconds.
"""

import argparse
import json
import logging
import os
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from trafilatura import bare_extraction  # pyright: ignore[reportUnknownVariableType]

from brandhound.feeds.extracting import NotAPage, extract_page
from brandhound.feeds.extraction_pool import ExtractionPool
from tests.feeds.article_gold import SegmentPage, TextPage, likeness, score_segments, segment_pages, text_pages

Extractor = Callable[[bytes, str], str]
_library = cast("Callable[..., Any]", bare_extraction)


def ours(html: bytes, url: str) -> str:
    try:
        return extract_page(html, url, {}).text
    except NotAPage:
        return ""


def trafilatura_fast(html: bytes, url: str) -> str:
    found = _library(html, url=url or None, fast=True, include_comments=False)
    return str(found.text) if found else ""


def trafilatura(html: bytes, url: str) -> str:
    found = _library(html, url=url or None, include_comments=False)
    return str(found.text) if found else ""


EXTRACTORS: Mapping[str, Extractor] = {
    "ours": ours,
    "trafilatura_fast": trafilatura_fast,
    "trafilatura": trafilatura,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("BRANDHOUND_TEST_DATA") or Path(__file__).parents[2] / "shared/data"
    options.add_argument("--data", type=Path, default=Path(default))
    options.add_argument("--rounds", type=int, default=2)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    texts, segments = text_pages(chosen.data), segment_pages(chosen.data)
    for extract in EXTRACTORS.values():
        extract(texts[0].html, "")
    result = {
        "readability_test_pages": measure_texts(texts, chosen.rounds),
        "trafilatura_eval_subset": measure_segments(segments, chosen.rounds),
        "metadata": measure_metadata(segments),
        "pool": measure_pool(segments[:100]),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(result, indent=1))


def measure_texts(pages: Sequence[TextPage], rounds: int) -> dict[str, Any]:
    found, seconds = _read([(page.html, "") for page in pages], rounds)
    scores = {
        name: {"f1": round(statistics.fmean(likeness(t, p.text) for t, p in zip(texts, pages, strict=True)), 4)}
        for name, texts in found.items()
    }
    return _with_speed(scores, seconds, len(pages) * rounds)


def measure_segments(pages: Sequence[SegmentPage], rounds: int) -> dict[str, Any]:
    found, seconds = _read([(page.html, page.url) for page in pages], rounds)
    scores: dict[str, dict[str, float]] = {}
    for name, texts in found.items():
        score = score_segments(zip(pages, texts, strict=True))
        scores[name] = {
            "f1": round(score.f1, 4),
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
        }
    return _with_speed(scores, seconds, len(pages) * rounds)


def measure_metadata(pages: Sequence[SegmentPage]) -> dict[str, Any]:
    """How many of the stated titles, dates and lists of authors are found: to the letter, to the day, to the last name."""
    right: defaultdict[str, int] = defaultdict(int)
    stated: defaultdict[str, int] = defaultdict(int)
    for page in pages:
        read = extract_page(page.html, page.url, {}, datetime.now(UTC))
        theirs = _library(page.html, url=page.url, fast=True, with_metadata=True)
        if page.title:
            stated["title"] += 1
            right["title"] += _folded(read.title) == _folded(page.title)
            right["trafilatura_title"] += _folded(theirs.title if theirs else "") == _folded(page.title)
        if page.date:
            stated["date"] += 1
            right["date"] += bool(read.published and read.published.date().isoformat() == page.date)
            right["trafilatura_date"] += bool(theirs and theirs.date == page.date)
        if page.authors:
            stated["authors"] += 1
            right["authors"] += _same_names(read.authors, page.authors)
            right["trafilatura_authors"] += _same_names(
                (theirs.author or "").split(";") if theirs else (), page.authors
            )
    return {"stated": dict(stated), "right": dict(right)}


def measure_pool(pages: Sequence[SegmentPage]) -> dict[str, Any]:
    """What handing a page to a process costs beyond reading it, in milliseconds a page."""
    with_pool = without = 0.0
    pool = ExtractionPool(1)
    try:
        pool.submit("brandhound.feeds.page_work:text", b"to start it").result()
        for page in pages:
            started = time.perf_counter()
            pool.submit("brandhound.feeds.page_work:page", page.html, {"url": page.url}).result()
            middle = time.perf_counter()
            extract_page(page.html, page.url, {})
            with_pool += middle - started
            without += time.perf_counter() - middle
    finally:
        pool.close()
    return {"overhead_ms": round((with_pool - without) / len(pages) * 1000, 2), "includes": "fingerprints of the text"}


def _read(pages: Sequence[tuple[bytes, str]], rounds: int) -> tuple[dict[str, list[str]], dict[str, float]]:
    found: dict[str, list[str]] = {name: [] for name in EXTRACTORS}
    seconds = dict.fromkeys(EXTRACTORS, 0.0)
    for round_ in range(rounds):
        for number, (html, url) in enumerate(pages):
            # In turns also within a page: whoever comes second finds it in the cache.
            names = list(EXTRACTORS)
            turn = (number + round_) % len(names)
            for name in names[turn:] + names[:turn]:
                started = time.process_time()
                text = EXTRACTORS[name](html, url)
                seconds[name] += time.process_time() - started
                if round_ == 0:
                    found[name].append(text)
    return found, seconds


def _with_speed(scores: Mapping[str, Mapping[str, float]], seconds: Mapping[str, float], pages: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        name: {**score, "pages_per_cpu_second": round(pages / seconds[name], 1)} for name, score in scores.items()
    }
    for peer in ("trafilatura_fast", "trafilatura"):
        result[f"speed_to_{peer}"] = round(seconds[peer] / seconds["ours"], 3)
        result[f"f1_above_{peer}"] = round(scores["ours"]["f1"] - scores[peer]["f1"], 4)
    return result


def _same_names(found: Sequence[str], gold: Sequence[str]) -> bool:
    return sorted(_folded(name) for name in found) == sorted(_folded(name) for name in gold)


def _folded(text: str | None) -> str:
    return "".join(character for character in (text or "").lower() if character.isalnum())


if __name__ == "__main__":
    main()
