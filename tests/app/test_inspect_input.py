"""`brandhound inspect` takes documents, lines and brands as they come, and tells what it made of them."""

import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast

import pytest

from brandhound.app.inspection_stream import filter_lines
from brandhound.feeds.extraction_pool import ExtractionFailed, ExtractionPool
from tests.app.test_inspect import BRANDS, FEED, PAGE, answers, inspect


@pytest.fixture
def brands(tmp_path: Path) -> str:
    path = tmp_path / "brands.json"
    path.write_text(json.dumps(BRANDS))
    return str(path)


def test_lines_are_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps({"id": 7, "text": FEED}) + "\n")
    out, _ = inspect("feed", str(lines), "--jsonl")
    assert [line["id"] for line in map(json.loads, out.splitlines())] == [7]
    for words, said, code in (
        ([str(tmp_path / "nowhere")], "not-found", 1),
        ([str(tmp_path)], "is-a-directory", 1),
        (["https://example.com/lines"], "not an address (bad-use)", 2),
    ):
        assert said in inspect("feed", "--jsonl", *words, code=code)[1]


def test_what_is_left_out_of_a_feed_is_told_to_people_and_beside_what_a_program_gets(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    items = "<item><title>Big &amp;lt;b&amp;gt; &amp;amp; small</title></item>" * 10_001
    path.write_text(f"<rss version='2.0'><channel><title>R&amp;amp;D</title>{items}</channel></rss>")
    note = "The feed has more than is read at once: the rest of its items was left out."
    out, beside = inspect("feed", str(path), "--json")
    assert len(json.loads(out)["entries"]) == 10_000
    assert list(json.loads(out)) == ["title", "link", "language", "entries"]
    assert beside == f"brandhound inspect: {note}\n"
    people, beside = inspect("feed", str(path))
    assert note in " ".join(people.split())
    assert people.startswith("R&D\n")
    assert beside == ""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_brands_are_taken_from_what_can_be_read_only_once(tmp_path: Path, mark: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_text, args=(mark + json.dumps(BRANDS), "utf-8"))
    writing.start()
    found = json.loads(inspect("text", "-", "--json", "--brands", str(pipe), given=b"Globex grows.")[0])
    writing.join()
    assert [match["surface"] for match in found] == ["Globex"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_one_file_of_text_gives_the_same_by_itself_and_in_a_line(tmp_path: Path, brands: str, encoding: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Die Möbel von Globex.", encoding)
    alone = json.loads(inspect("text", str(path), "--json", "--brands", brands)[0])
    [line] = answers("text", [{"id": 1, "path": str(path)}], "--brands", brands)
    assert [(match["surface"], match["start"]) for match in alone] == [("Globex", 14)]
    assert line["result"] == alone


def test_a_file_that_is_no_text_is_refused_in_a_line_too(tmp_path: Path, brands: str) -> None:
    (tmp_path / "text").write_bytes("Globex".encode("utf-16-le"))
    [line] = answers("text", [{"id": 1, "path": str(tmp_path / "text")}], "--brands", brands)
    assert line["error"]["code"] == "binary"
    assert "binary" in inspect("text", str(tmp_path / "text"), "--brands", brands, code=1)[1]


def test_markup_is_looked_at_as_the_page_that_it_is(brands: str) -> None:
    page = PAGE.replace("<body>", "<body><script>var it = 'Globex';</script>")
    hidden, bad = answers("text", [{"id": 1, "html": page}, {"id": 2, "html": "%PDF-1.7"}], "--brands", brands)
    assert {match["brand"] for match in hidden["result"]} == {"Acme"}
    assert bad["error"]["code"] == "not-a-page"


def test_an_answer_has_the_id_of_its_line_whatever_else_is_wrong_with_it() -> None:
    given = b'{"id": 1, "text": "caf\xe9"}\n{"id": "caf\xe9", "text": "x"}\n\xef\xbb\xbf{"id": 3}\n' + (
        b'{"id": "\\ud83d", "text": "no feed"}\n'
    )
    out, _ = inspect("feed", "--jsonl", given=given)
    found = [json.loads(line) for line in out.splitlines()]
    assert [line["id"] for line in found] == [1, None, 3, "\ud83d"]
    assert [line["error"]["code"] for line in found] == ["bad-line"] * 3 + ["not-a-feed"]


class Reader:
    """A reader that one text kills."""

    processes = 1

    def submit(self, _: str, body: bytes, __: Any) -> "Future[Any]":
        coming: Future[Any] = Future()
        texts = json.loads(body)
        if "deadly" in texts:
            coming.set_exception(ExtractionFailed("page-crashed-the-parser", "It died."))
        else:
            coming.set_result([[text] for text in texts])
        return coming


def test_one_text_that_kills_the_reader_spoils_no_other(tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    texts: list[dict[str, Any]] = [
        {"id": 1, "text": "a"}, {"id": 2}, {"id": 3, "text": "deadly"}, {"id": 4, "text": "b"}
    ]  # fmt: skip
    lines.write_text("".join(json.dumps(text) + "\n" for text in texts))
    out: list[str] = []
    write: Callable[[str], None] = out.append
    with lines.open("rb") as given:
        filter_lines("text", cast("ExtractionPool", Reader()), {}, given.fileno(), write)
    found = [json.loads(line) for line in out]
    assert [line.get("result") or line["error"]["code"] for line in found] == [
        ["a"],
        "bad-line",
        "page-crashed-the-parser",
        ["b"],
    ]
