"""`brandhound inspect`: what the parser, the extractor and the matcher see in a document."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brandhound.app.inspection_input import CannotRead, Given, Kind, open_lines, read_source, words_of
from brandhound.app.inspection_work import FEED, PAGE, READY, READY_FOR_PAGES, TEXTS
from brandhound.feeds.extraction_pool import MEMORY_LIMIT, WALL_LIMIT, ExtractionFailed, ExtractionPool

FEED_SECONDS = 60.0
FEED_MEMORY = 2 * 1024 * 1024 * 1024
"""For a feed of a hundred thousand items that somebody wants to see whole."""
TEXT_SECONDS = 600.0
NO_LIMIT = -1


def inspect_main(argv: Sequence[str]) -> int:
    """Run the command; the exit code is 0 if something was found, 1 for a document that cannot be read, 2 for bad use."""
    options = _parser().parse_intermixed_args(argv)
    kind: Kind = options.kind
    facts: dict[str, Any] = {}
    if kind == "text" and options.brands is None:
        return _fail("bad-use", "inspect text needs --brands FILE.json", options, code=2)
    if options.jsonl and options.source.startswith(("http://", "https://")):
        return _fail(
            "bad-use", "--jsonl reads lines from a file or from standard input, not an address", options, code=2
        )
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="brandhound-brands-", suffix=".json") as brands:
        if kind == "text":
            try:
                # Read once and handed on as it was: what is there only once (`<(…)`) can be given, and all use the same.
                brands.write(_brands(options.brands))
            except BadBrands as bad:
                return _fail("bad-brands", str(bad), options, code=2)
            brands.flush()
            facts["brands"] = brands.name
        return _inspect(kind, facts, options)


def _inspect(kind: Kind, facts: dict[str, Any], options: argparse.Namespace) -> int:
    try:
        lines = open_lines(options.source) if options.jsonl else None
    except CannotRead as error:
        return _fail(error.code, error.detail, options, code=1)
    pool = _pool(kind, options.workers)
    try:
        if lines is not None:
            _filter(kind, pool, facts, lines)
            return 0
        return _inspect_one(kind, pool, facts, options)
    finally:
        pool.close()


def _inspect_one(kind: Kind, pool: ExtractionPool, facts: dict[str, Any], options: argparse.Namespace) -> int:
    try:
        given = read_source(options.source, kind)
        for_people = {"notes": kind == "feed" or not options.json, "words": not options.json}
        found = _do(kind, pool, facts | for_people, given)
    except (CannotRead, ExtractionFailed) as error:
        return _fail(error.code, error.detail, options, code=1)
    if options.json:
        # A program can rely on the shape; who started it is told beside it.
        for note in found.pop("notes", ()) if kind == "feed" else ():
            print(f"brandhound inspect: {note}", file=sys.stderr)
        _print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        from brandhound.app.inspection_view import show

        show(kind, found)
    return 0


def _do(kind: Kind, pool: ExtractionPool, facts: dict[str, Any], given: Given) -> Any:
    if kind != "text":
        said = {**facts, "url": given.url, "headers": given.headers}
        return pool.submit(FEED if kind == "feed" else PAGE, given.body, said).result()
    if given.url:
        # An address leads to a page: its text is what is looked at.
        page = pool.submit(PAGE, given.body, {"url": given.url, "headers": given.headers}).result()
        text = page["text"]
    else:
        text = words_of(given)
    return pool.submit(TEXTS, json.dumps([text]).encode(), facts).result()[0]


def _filter(kind: Kind, pool: ExtractionPool, facts: dict[str, Any], lines: int) -> None:
    from brandhound.app.inspection_stream import filter_lines

    filter_lines(kind, pool, facts, lines, _print)


def _pool(kind: Kind, workers: int) -> ExtractionPool:
    if kind == "page":
        return ExtractionPool(workers, wall_limit=WALL_LIMIT, memory_limit=MEMORY_LIMIT, prepare=READY_FOR_PAGES)
    if kind == "feed":
        return ExtractionPool(workers, wall_limit=FEED_SECONDS, memory_limit=FEED_MEMORY, prepare=READY)
    # Our own matcher on the operator's own texts: it needs the settings, and the model of tone its memory.
    environment = dict(os.environ)
    return ExtractionPool(
        workers, wall_limit=TEXT_SECONDS, memory_limit=NO_LIMIT, prepare=READY, environment=environment
    )


class BadBrands(Exception):
    """The file of brands cannot be used; the text says why."""


def _brands(path: Path) -> str:
    """What stands in a file of brands. Raises BadBrands."""
    from brandhound.brands.names import load_brands_file

    try:
        text = path.read_text("utf-8-sig")
        load_brands_file(json.loads(text))
    except OSError as error:
        raise BadBrands(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadBrands(f"{path} is no JSON: {error}") from None
    except ValueError as error:
        raise BadBrands(f"{path}: {error}") from None
    return text


def _print(line: str) -> None:
    """One line out, at once, whatever the terminal's encoding."""
    # All of it is JSON, in which half a character is written as the escape that comes of it here.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _fail(code_name: str, detail: str, options: argparse.Namespace, *, code: int) -> int:
    if options.json:
        _print(json.dumps({"error": {"code": code_name, "detail": detail}}, ensure_ascii=False))
    print(f"brandhound inspect: {detail} ({code_name})", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="brandhound inspect",
        description="Show what the feed parser, the extractor or the matcher sees in a document.",
    )
    parser.add_argument("kind", choices=["feed", "page", "text"])
    parser.add_argument(
        "source", nargs="?", default="-", help="a file, an address, or - for standard input (with --jsonl, of lines)"
    )
    parser.add_argument("--json", action="store_true", help="for programs: one JSON document")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='a filter: a line {"id", "path"|"text"|"html", "url"?} in, a line {"id", "result"|"error"} out, in order',
    )
    parser.add_argument("--workers", type=_positive, default=1, help="processes that work at the same time")
    parser.add_argument("--brands", type=Path, help="for text: a JSON list of {name, aliases, context, not}")
    return parser


def _positive(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 64:
        raise argparse.ArgumentTypeError("between 1 and 64")
    return int(value)
