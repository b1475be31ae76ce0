"""The publishers that the benchmarks read: real pages on loopback, served by a process of its own.

The pages belong to their publishers: they are read where they lie, served to this machine alone, and never copied.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from brandhound.twins.news import make_library, serve_forever
from tests.feeds.article_gold import segment_pages, text_pages

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("BRANDHOUND_TEST_DATA") or ROOT.parent / "shared/data")

BRANDS: dict[str, tuple[str, ...]] = {
    # Names that are words as well come first: they are found by case and by the words around them.
    "Apple": ("Apple Inc.", "iPhone", "iPad", "MacBook", "Siri"),
    "Amazon": ("Amazon.com", "Alexa", "Kindle"),
    "Target": ("Target Corporation",),
    "Orange": ("Orange S.A.",),
    "Shell": ("Royal Dutch Shell",),
    "Meta": ("Meta Platforms",),
    "Gap": ("Gap Inc.",),
    "Visa": ("Visa Inc.",),
    "Time": ("Time magazine",),
    "Oracle": (),
    "Uber": (),
    "Signal": ("Signal Messenger",),
    "Slack": (),
    "Square": ("Block, Inc.",),
    "Nest": (),
    "Dove": (),
    "Subway": (),
    "Sprint": (),
    "Polo": (),
    "Puma": (),
    # And names that are hardly anything else.
    "Google": ("Android", "Gmail", "Chrome"),
    "Facebook": ("WhatsApp", "Instagram"),
    "Microsoft": ("Windows", "Xbox", "Skype"),
    "Twitter": (),
    "YouTube": (),
    "Wikipedia": ("Wikimedia",),
    "Mozilla": ("Firefox",),
    "Netflix": (),
    "Samsung": ("Galaxy Note",),
    "Sony": ("PlayStation",),
    "Nintendo": (),
    "Intel": (),
    "AMD": (),
    "IBM": (),
    "Tesla": ("Elon Musk",),
    "Volkswagen": ("VW",),
    "BMW": (),
    "Toyota": (),
    "Boeing": (),
    "Airbus": (),
    "NASA": (),
    "BBC": (),
    "CNN": (),
    "The New York Times": ("New York Times", "NYT"),
    "The Guardian": ("Guardian",),
    "Reuters": (),
    "Deutsche Bank": (),
    "Siemens": (),
    "Nestlé": ("Nestle", "Nespresso"),
    "Coca-Cola": ("Coke",),
}
"""Fifty brands as somebody would watch them."""


def pages(data: Path) -> list[bytes]:
    """Every real page there is, in one order."""
    return [page.html for page in text_pages(data)] + [page.html for page in segment_pages(data)]


@contextmanager
def publishers(feeds: int, pages_per_feed: int, data: Path = DATA, *, heads: bool = False) -> Generator[str]:
    """The address of so many sites, each with /site-NNN/feed.xml, in a process of their own until the block ends.

    `heads` keeps only the heads of the pages: the feeds are the same, and ten thousands of pages fit into memory.
    """
    command = [sys.executable, "-m", "bench.newsroom", str(feeds), str(pages_per_feed), "--data", str(data)]
    command += ["--heads"] if heads else []
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def addresses(publisher: str, feeds: int) -> list[str]:
    return [f"{publisher}/site-{number:03d}/feed.xml" for number in range(feeds)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("feeds", type=int)
    options.add_argument("pages", type=int)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--heads", action="store_true")
    chosen = options.parse_args()
    some = pages(chosen.data)
    if chosen.heads:
        some = [page[: page.lower().find(b"<body") + 5][:5000] for page in some]
    serve_forever(make_library(some, chosen.feeds, chosen.pages))


if __name__ == "__main__":
    main()
