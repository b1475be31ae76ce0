"""No page, however hostile, takes more than its memory or its time, or anybody down with it."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from brandhound.feeds.extraction_pool import (
    FEED,
    MEMORY_LIMIT,
    PAGE,
    TEXT,
    ExtractionFailed,
    ExtractionPool,
    page_result,
)

pytestmark = pytest.mark.anyio
WORDS = [f"word{number}" for number in range(5000)]
SMALL = b"<html><body><p>Acme opens a factory.</p></body></html>"


def prose(paragraphs: int) -> str:
    chance = random.Random(1)
    return "".join(f"<p>{' '.join(chance.choices(WORDS, k=60))}.</p>" for _ in range(paragraphs))


HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "10 MB of prose": lambda: f"<html><body><article>{prose(20_000)}</article></body></html>",
    "one paragraph again and again": lambda: f"<html><body>{prose(1) * 24_000}</body></html>",
    "700,000 table cells": lambda: f"<html><table>{'<tr><td>a</td><td>b</td></tr>' * 350_000}</table></html>",
    "275,000 links": lambda: "<html><body>" + '<a href="/x">some link text</a> ' * 275_000,
    "950,000 nested divs": lambda: "<html><body>" + "<div>" * 950_000,
    "one 10 MB script": lambda: f"<html><script>{'x=1;' * 2_500_000}</script><p>The text is here.</p></html>",
    "45,000 tiny paragraphs": lambda: "<html><body>" + "".join(f"<p>w{n}</p>" for n in range(45_000)),
    "deep linked data": lambda: f'<script type="application/ld+json">{"[" * 500_000}</script><p>x</p>',
    "nothing but brackets": lambda: "<" * 3_000_000,
    "open scripts": lambda: "<html>" + "<script>" * 400_000,
    "random bytes": lambda: random.Random(2).randbytes(5_000_000),
    "HTML, then random bytes": lambda: b"<html><body><p>" + random.Random(3).randbytes(3_000_000),
    "a page with NULs": lambda: b"<ht\0ml><p>Ac\0me</p>\0",
    "nothing": lambda: b"",
    "endless title": lambda: f"<title>{'a - ' * 700_000}</title><h1>{'b' * 100_000}</h1>",
    "endless bylines": lambda: '<span class="byline">By , and </span>' * 45_000,
}


OTHERS: set[int] = set()
"""Processes of the pool that other tests of this process have used before."""


@pytest.fixture(scope="module")
def pool() -> Generator[ExtractionPool]:
    OTHERS.update(child.pid for child in children())
    pool = ExtractionPool(1)
    yield pool
    pool.close()


def children() -> list[psutil.Process]:
    """The reading processes of the tests in this file."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        # One may end while we look.
        with suppress(psutil.Error):
            if child.pid not in OTHERS and "brandhound.core.confining" in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_has_an_end(pool: ExtractionPool, name: str) -> None:
    made = HOSTILE[name]()
    html = made.encode() if isinstance(made, str) else made
    pool.submit(PAGE, SMALL, {}).result()
    (child,) = children()
    coming = pool.submit(PAGE, html, {"url": "https://example.com/x"})
    peak, started = 0, time.monotonic()
    while not coming.done():
        with suppress(psutil.Error):
            peak = max(peak, child.memory_info().vms)
        time.sleep(0.02)
    # Ten seconds, and once more in a fresh process where an old one might have been at fault; and its start.
    assert time.monotonic() - started < 60
    assert peak <= MEMORY_LIMIT
    if error := coming.exception():
        assert isinstance(error, ExtractionFailed)
        assert error.code in {"page-too-slow", "page-too-big", "not-a-page"}
    assert pool.submit(PAGE, SMALL, {}).result()["text"] == "Acme opens a factory."


def test_a_cut_page_says_so_and_keeps_its_article(pool: ExtractionPool) -> None:
    script = f"<script>{'x=1;' * 2_500_000}</script>"
    html = f"<html><head>{script}</head><body><article>{prose(20)}</article></body></html>"
    read = page_result(pool.submit(PAGE, html.encode(), {}).result())
    assert "word" in read.text
    assert "cut" in read.warnings


def test_a_page_that_needs_too_long_or_too_much_is_ended_and_the_next_one_is_read() -> None:
    pool = ExtractionPool(1, wall_limit=30)
    try:
        with pytest.raises(ExtractionFailed) as foreign:
            pool.submit("time:sleep", b"").result()
        assert foreign.value.code == "page-crashed-the-parser"
        pool.wall_limit = 0.5
        attributes = " ".join(f"a{number}=1" for number in range(200_000))
        with pytest.raises(ExtractionFailed) as slow:
            pool.submit(PAGE, f"<html><p {attributes}>x</p></html>".encode(), {}).result()
        assert slow.value.code == "page-too-slow"
        pool.wall_limit = 30
        assert pool.submit(PAGE, SMALL, {}).result()["text"] == "Acme opens a factory."
    finally:
        pool.close()


def test_memory_is_really_limited() -> None:
    pool = ExtractionPool(1, memory_limit=300 * 1024 * 1024)
    try:
        html = f"<html><body><article>{prose(60_000)}</article></body></html>".encode()
        with pytest.raises(ExtractionFailed) as big:
            pool.submit(FEED, b"<rss><channel>" + html * 4, {}).result()
        assert big.value.code in {"page-too-big", "page-crashed-the-parser"}
        assert pool.submit(PAGE, SMALL, {}).result()["text"] == "Acme opens a factory."
    finally:
        pool.close()


async def test_a_process_that_dies_is_replaced(pool: ExtractionPool) -> None:
    await pool.extract(SMALL, "https://example.com/")
    for child in children():
        child.send_signal(signal.SIGSEGV)
        child.wait(60)
    assert (await pool.extract(SMALL, "https://example.com/")).text == "Acme opens a factory."


async def test_pages_are_read_side_by_side_and_from_any_loop(pool: ExtractionPool) -> None:
    read = await asyncio.gather(*(pool.extract(SMALL, f"https://example.com/{number}") for number in range(20)))
    assert [page.url for page in read] == [f"https://example.com/{number}" for number in range(20)]
    other = await asyncio.to_thread(lambda: asyncio.run(pool.extract(SMALL, "https://example.com/other")))
    assert other.url == "https://example.com/other"


def test_a_process_is_replaced_after_so_many_pages_and_all_end_with_the_pool() -> None:
    pool = ExtractionPool(1, recycle_after=2)
    seen: set[int] = set()
    before = {child.pid for child in children()}
    for _ in range(5):
        pool.submit(TEXT, b"Acme").result()
        seen |= {child.pid for child in children()} - before
    assert len(seen) >= 2
    pool.close()
    assert {child.pid for child in children()} <= before
    with pytest.raises(RuntimeError):
        pool.submit(TEXT, b"Acme")


def test_a_reading_process_knows_no_secret_and_dies_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, sys, time\n"
        "from brandhound.feeds.extraction_pool import TEXT, ExtractionPool\n"
        "pool = ExtractionPool(1)\n"
        "pool.submit(TEXT, b'Acme').result()\n"
        "print(os.getpid(), flush=True)\n"
        "time.sleep(60)\n"
    )
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody:secret@localhost/nothing"}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment)
    assert parent.stdout is not None
    parent.stdout.readline()
    (child,) = psutil.Process(parent.pid).children()
    assert "DATABASE_URL" not in child.environ()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    child.wait(60)
    assert not child.is_running()


def test_a_feed_is_read_there_too(pool: ExtractionPool) -> None:
    body = b"<rss version='2.0'><channel><title>News</title><item><title>One</title></item></channel></rss>"
    assert pool.submit(FEED, body, {"url": "https://example.com/feed"}).result()["entries"][0]["title"] == "One"
    with pytest.raises(ExtractionFailed) as caught:
        pool.submit(FEED, SMALL, {}).result()
    assert caught.value.code == "not-a-feed"
