"""`brandhound inspect`: what the parser, the extractor and the matcher see in a document."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brandhound.app.inspection_input import CannotRead, Given, Kind, read_source
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
    if kind == "text":
        if options.brands is None:
            return _fail("bad-use", "inspect text needs --brands FILE.json", options, code=2)
        if problem := _problem_with(options.brands):
            return _fail("bad-brands", problem, options, code=2)
        facts["brands"] = str(options.brands.resolve())
    pool = _pool(kind, options.workers)
    try:
        if options.jsonl:
            _filter(kind, pool, facts)
            return 0
        return _inspect_one(kind, pool, facts, options)
    finally:
        pool.close()


def _inspect_one(kind: Kind, pool: ExtractionPool, facts: dict[str, Any], options: argparse.Namespace) -> int:
    try:
        given = read_source(options.source, kind)
        found = _do(kind, pool, facts | {"notes": not options.json}, given)
    except (CannotRead, ExtractionFailed) as error:
        return _fail(error.code, error.detail, options, code=1)
    if options.json:
        _print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        from brandhound.app.inspection_view import show

        show(kind, found)
    return 0


def _do(kind: Kind, pool: ExtractionPool, facts: dict[str, Any], given: Given) -> Any:
    if kind != "text":
        said = {**facts, "url": given.url, "headers": given.headers}
        return pool.submit(FEED if kind == "feed" else PAGE, given.body, said).result()
    text = given.body.decode("utf-8-sig", "replace")
    if given.url:
        # An address leads to a page: its text is what is looked at.
        page = pool.submit(PAGE, given.body, {"url": given.url, "headers": given.headers}).result()
        text = page["text"]
    elif "\0" in text[:4096]:
        raise CannotRead("binary", "this is no text")
    return pool.submit(TEXTS, json.dumps([text]).encode(), facts).result()[0]


def _filter(kind: Kind, pool: ExtractionPool, facts: dict[str, Any]) -> None:
    from brandhound.app.inspection_stream import filter_lines

    filter_lines(kind, pool, facts, _print)


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


def _problem_with(brands: Path) -> str | None:
    from brandhound.brands.names import load_brands_file

    try:
        load_brands_file(json.loads(brands.read_text("utf-8")))
    except OSError as error:
        return f"{brands}: {(error.strerror or str(error)).lower()}"
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        return f"{brands} is no JSON: {error}"
    except ValueError as error:
        return f"{brands}: {error}"
    return None


def _print(line: str) -> None:
    """One line out, at once, whatever the terminal's encoding."""
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
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
    parser.add_argument("source", nargs="?", default="-", help="a file, an address, or - for standard input")
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
