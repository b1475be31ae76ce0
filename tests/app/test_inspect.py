"""`brandhound inspect` shows what the parser, the extractor and the matcher see, to people and to programs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import pytest

from brandhound.twins.news import Library, serve
from tests import forks
from tests.commands import CLI

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News &amp; more</title><link>https://example.com/</link>
<language>en</language><item><title>Acme opens</title><link>https://example.com/a</link><guid>1</guid>
<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate><description>Short</description><category>Food</category>
<enclosure url="https://example.com/a.mp3" type="audio/mpeg" length="5"/></item></channel></rss>"""
WORDS = "Acme opens its third factory in the north, and four hundred people will work there from the spring on. " * 5
PAGE = (
    '<html lang="en"><head><title>Acme opens | The Example</title><meta property="og:site_name" content="The Example">'
    '<meta name="author" content="By Jane Doe"><meta name="date" content="2026-02-27T10:00:00+01:00"></head>'
    f"<body><article><h1>Acme opens</h1><p>{WORDS}</p></article></body></html>"
)
BRANDS = [
    {"name": "Acme", "aliases": ["Acme Corp."], "context": ["rockets"], "not": ["Acme Street"]},
    {"name": "Globex"},
]
ENVIRONMENT = {**os.environ, "BRANDHOUND_TONE_ENGINE": "lexicon", "BRANDHOUND_PRIVATE_NETWORKS": "127.0.0.0/8"}


def inspect(*words: str, given: bytes = b"", code: int = 0) -> tuple[str, str]:
    """What the command prints to both of its outputs."""
    done = forks.run(CLI, ["inspect", *words], ENVIRONMENT, given)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode(), done.stderr.decode()


def answers(kind: str, lines: list[Any], *words: str) -> list[dict[str, Any]]:
    given = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    out, _ = inspect(kind, "--jsonl", *words, given=given.encode())
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def brands(tmp_path: Path) -> str:
    path = tmp_path / "brands.json"
    path.write_text(json.dumps(BRANDS))
    return str(path)


def test_a_feed_is_shown_as_json(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(FEED)
    out, _ = inspect("feed", str(path), "--json")
    entry = {
        "id": "1",
        "title": "Acme opens",
        "link": "https://example.com/a",
        "published": "2026-03-02T09:00:00+00:00",
        "updated": None,
        "authors": [],
        "summary": "Short",
        "content": "",
        "categories": ["Food"],
        "enclosures": [{"url": "https://example.com/a.mp3", "type": "audio/mpeg", "length": 5}],
    }
    found = json.loads(out)
    assert list(found) == ["title", "link", "language", "entries"]
    assert html_free(found["title"]) == "News & more"
    assert (found["link"], found["language"], found["entries"]) == ("https://example.com/", "en", [entry])
    assert inspect("feed", "--json", str(path)) == (out, "")


def html_free(title: str) -> str:
    return title.replace("&amp;", "&")


def test_a_page_is_shown_to_people_and_as_json_from_standard_input() -> None:
    out, _ = inspect("page", "-", "--json", given=PAGE.encode())
    found = json.loads(out)
    parts = "url canonical_url title authors published modified language outlet text"
    assert list(found) == parts.split()
    assert list(answers("page", [{"id": 1, "html": PAGE}])[0]["result"]) == parts.split()
    assert found["title"] == "Acme opens"
    assert found["authors"] == ["Jane Doe"]
    assert datetime.fromisoformat(found["published"]).isoformat() == "2026-02-27T10:00:00+01:00"
    assert (found["modified"], found["language"], found["outlet"]) == (None, "en", "The Example")
    assert "Acme opens its third factory" in found["text"]
    people, _ = inspect("page", "-", given=PAGE.encode())
    assert "Jane Doe" in people
    assert "The Example" in people


def test_mentions_are_shown_with_offsets_of_python_strings(tmp_path: Path, brands: str) -> None:
    text = "🦊 Globex is terrible, says Acme Corp. about its rockets. Nobody on Acme Street likes Globex."
    path = tmp_path / "text.txt"
    path.write_text(text)
    found = json.loads(inspect("text", str(path), "--json", "--brands", brands)[0])
    assert [match["surface"] for match in found] == ["Globex", "Acme Corp.", "Globex"]
    for match in found:
        assert text[match["start"] : match["end"]] == match["surface"]
        assert 0 <= match["confidence"] <= 1
        assert match["reasons"]
        assert match["tone"] in {"positive", "neutral", "negative", "mixed", "unclear"}
    assert "Acme Corp." in inspect("text", str(path), "--brands", brands)[0]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_line_in_is_a_line_out_in_order_and_a_bad_line_is_no_stop(tmp_path: Path, workers: str) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "page.html").write_text(PAGE)
    lines = [
        {"id": 1, "path": str(tmp_path / "page.html"), "url": "https://example.com/a"},
        "this is no JSON",
        {"id": "two"},
        {"id": 3, "path": str(tmp_path / "missing")},
        {"id": 4, "path": str(tmp_path)},
        {"id": 5, "path": "/dev/zero"},
        {"id": 6, "path": str(tmp_path / "empty")},
        {"id": 7, "html": "%PDF-1.7 is no page"},
        {"id": 8, "html": 8},
        "[1, 2]",
        '{"id": NaN, "html": "x"}',
        '{"id": [1e999], "html": "x"}',
        *({"id": number, "html": PAGE.replace("Acme opens", f"Story {number} of Acme")} for number in range(100, 120)),
    ]
    found = answers("page", lines, "--workers", workers)
    assert [line["id"] for line in found] == [1, None, "two", 3, 4, 5, 6, 7, 8, None, None, None, *range(100, 120)]
    assert [line.get("error", {}).get("code") for line in found[:12]] == [
        None,
        "bad-line",
        "bad-line",
        "not-found",
        "is-a-directory",
        "not-a-file",
        "empty",
        "not-a-page",
        *["bad-line"] * 4,
    ]
    assert found[0]["result"]["url"] == "https://example.com/a"
    assert [line["result"]["title"] for line in found[12:]] == [f"Story {number} of Acme" for number in range(100, 120)]


def test_feeds_and_texts_are_filtered_too(tmp_path: Path, brands: str) -> None:
    (tmp_path / "feed.xml").write_text(FEED)
    feeds = answers(
        "feed", [{"id": 1, "text": FEED}, {"id": 2, "path": str(tmp_path / "feed.xml")}, {"id": 3, "text": PAGE}]
    )
    assert feeds[0]["result"] == feeds[1]["result"]
    assert feeds[2]["error"]["code"] == "not-a-feed"
    texts = answers(
        "text", [{"id": 1, "text": "Globex."}, {"id": 2, "text": ""}, "{", {"id": 4, "text": "x"}], "--brands", brands
    )
    assert [line["id"] for line in texts] == [1, 2, None, 4]
    assert [match["brand"] for match in texts[0]["result"]] == ["Globex"]
    assert texts[1]["result"] == []


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def filtering(tmp_path: Path) -> Generator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", CLI, "inspect", "feed", "--jsonl"]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=ENVIRONMENT,
            # What a shell runs in the background ignores Ctrl-C and hands that on. No thread of ours holds a lock here.
            preexec_fn=_heed_ctrl_c,  # noqa: PLW1509
        )
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        cast("IO[bytes]", pipe).close()


def test_a_filter_answers_each_line_at_once_and_stays_up(filtering: subprocess.Popen[bytes]) -> None:
    to, out = cast("IO[bytes]", filtering.stdin), cast("IO[bytes]", filtering.stdout)
    for number in range(3):
        to.write(json.dumps({"id": number, "text": FEED}).encode() + b"\n")
        to.flush()
        assert json.loads(out.readline())["id"] == number
    to.close()
    assert filtering.wait(90) == 0


def test_a_filter_that_is_stopped_by_ctrl_c_has_answered_and_says_so_without_a_trace(
    filtering: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    to, out = cast("IO[bytes]", filtering.stdin), cast("IO[bytes]", filtering.stdout)
    to.write(json.dumps({"id": 1, "text": FEED}).encode() + b"\n")
    to.flush()
    assert json.loads(out.readline())["id"] == 1
    filtering.send_signal(signal.SIGINT)

    assert filtering.wait(90) == 130
    assert (tmp_path / "said").read_text() == "brandhound: stopped\n"


@pytest.mark.parametrize(
    ("words", "given", "said", "code"),
    [
        (["page", "/nowhere/at/all"], b"", "not-found", 1),
        (["page", "/"], b"", "is-a-directory", 1),
        (["feed", "-"], b"", "empty", 1),
        (["feed", "http://10.1.2.3/"], b"", "unless BRANDHOUND_PRIVATE_NETWORKS names them", 1),
        (["feed", "-"], PAGE.encode(), "not-a-feed", 1),
        (["page", "-"], bytes(range(256)) * 50, "This is no text, and so no web page (not-a-page)", 1),
        (["feed", "-"], bytes(range(3, 256)) * 50, "This is neither text nor a feed (not-a-feed)", 1),
        (["text", "-"], b"Acme", "--brands", 2),
        (["text", "-", "--brands", "/nowhere"], b"Acme", "/nowhere: no such file or directory (bad-brands)", 2),
        (["text", "-", "--brands", __file__], b"Acme", "test_inspect.py is no JSON", 2),
        (["nonsense"], b"", "invalid choice", 2),
        (["page", "--workers", "0"], b"", "between 1 and 64", 2),
        (["page", "--workers", "two"], b"", "--workers: between 1 and 64", 2),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(words: list[str], given: bytes, said: str, code: int) -> None:
    _, errors = inspect(*words, given=given, code=code)
    assert said in errors
    assert "Traceback" not in errors


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    _, errors = inspect("feed", str(path), code=1)
    assert "1,000,000,000 bytes" in errors


def test_an_address_is_fetched_through_the_guard() -> None:
    library = Library()
    library.site("example").put("/a.html", PAGE)
    with serve(library) as news:
        found = json.loads(inspect("page", f"{news.url}/example/a.html", "--json")[0])
        assert found["url"] == f"{news.url}/example/a.html"
        assert found["title"] == "Acme opens"
        _, errors = inspect("page", f"{news.url}/example/missing.html", code=1)
        assert "http-404" in errors
    _, errors = inspect("page", "http://10.0.0.1/", code=1)
    assert "private-address" in errors


@pytest.mark.parametrize(
    ("streams", "code", "said"),
    [
        ("<lines >/dev/full", 1, "No space left on device"),
        ("<lines >&-", 0, ""),
        ("<&-", 0, ""),
        ("</dev/null", 0, ""),
    ],
)
def test_a_filter_whose_streams_are_closed_or_full_ends_and_says_so(
    tmp_path: Path, streams: str, code: int, said: str
) -> None:
    (tmp_path / "lines").write_text('{"id": 1, "html": "<rss/>"}\n' * 100)
    command = f"exec {sys.executable} -m {CLI} inspect feed --jsonl {streams}"

    done = subprocess.run(
        command, shell=True, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, timeout=120, check=False
    )

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
