"""Copies told from what only looks like one, on real articles and on made-up ones. Prints JSON.

    python -m bench.quality.reprints [--data ../shared/data] [--seed 7] [--rounds 3] [--each 4]

From each article copies are made the way outlets copy (`tests/mentions/copying.py`): cut, reordered, abridged, edited, framed
by own words, with another headline, dateline or quotation marks. Among them stand articles that quote two sentences of
another one, and results of companies as machines write them. Candidates are taken and judged as matching does it. The
articles of publishers are read where they lie and never shipped; the same is done with made-up ones.
"""

import argparse
import json
import logging
import os
import time
from pathlib import Path
from typing import Any

from bench.articles import ours
from tests.feeds.article_gold import segment_pages, text_pages
from tests.mentions.copying import FEWEST_SENTENCES, Board, invented, measured, sentences_of

SAID_BEFORE = 0.2
"""Share of an article's sentences that stood in one before: then it is a copy itself."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("BRANDHOUND_TEST_DATA") or Path(__file__).parents[3] / "shared/data"
    options.add_argument("--data", type=Path, default=Path(default))
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--rounds", type=int, default=3, help="as many seeds from the first on")
    options.add_argument("--each", type=int, default=4, help="copies of each article")
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    seeds = range(chosen.seed, chosen.seed + chosen.rounds)
    result: dict[str, Any] = {"made_up": [_told(measured(invented(300, seed), seed, chosen.each)) for seed in seeds]}
    if (chosen.data / "b_articles").is_dir():
        articles = real_articles(chosen.data)
        started = time.process_time()
        result["real"] = [_told(measured(articles, seed, chosen.each)) for seed in seeds]
        texts = chosen.rounds * len(articles) * (chosen.each + 3)
        result["texts_a_cpu_second"] = round(texts / (time.process_time() - started))
    print(json.dumps(result, indent=1))


def real_articles(data: Path) -> list[tuple[str, str]]:
    """Texts of pages as the product reads them, each once; without those that are too short, filler, or copies themselves."""
    found: dict[str, str] = {}
    for page in text_pages(data):
        found.setdefault(page.text, "")
    for page in segment_pages(data):
        if text := ours(page.html, page.url):
            found.setdefault(text, "")
    kept: list[tuple[str, str]] = []
    known: set[str] = set()
    for text in found:
        sentences = sentences_of(text)
        again = sum(sentence in known for sentence in sentences)
        # Pages made for tests are filled with the same Latin, and some articles are there twice: they are no originals.
        if len(sentences) < FEWEST_SENTENCES or "consectetur" in text or "sadipscing" in text:
            continue
        if again >= 3 and again >= SAID_BEFORE * len(sentences):
            continue
        known.update(sentences)
        kept.append((sentences[0], text))
    return kept


def _told(board: Board) -> dict[str, Any]:
    return {
        "originals": board.originals,
        "copies": board.copies,
        "recall": round(board.recall, 4),
        "precision": round(board.precision, 4),
        "by_kind": board.by_kind,
        "wrong_in": board.wrong_kinds,
    }


if __name__ == "__main__":
    main()
