"""Where `brandhound inspect` gets its documents from: files, standard input, the web. Everything has an end."""

import asyncio
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from brandhound.feeds.encoding import BOMS

Kind = Literal["feed", "page", "text"]

LIMITS: dict[Kind, int] = {"feed": 64_000_000, "page": 64_000_000, "text": 16_000_000}
"""Bytes of one document that are taken."""
LINE_LIMIT = 128_000_000
GROUP = 64
CHUNK = 1 << 20
IN_UTF8 = {"content-type": "text/html; charset=utf-8"}


class CannotRead(Exception):
    """A document could not be had. `code` is for programs, `detail` for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Given:
    """A document's bytes, where it is from, and what was said of it."""

    body: bytes
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    written_as: Literal["file", "words", "markup"] = "file"
    """Whether `body` is as it lay in a file, or was a text in JSON and is UTF-8."""


def read_source(source: str, kind: Kind) -> Given:
    """A file, `-` for standard input, or an address on the web. Raises CannotRead."""
    if source == "-":
        return Given(_not_empty(_up_to(sys.stdin.buffer, LIMITS[kind]), "the input"))
    if source.startswith(("http://", "https://")):
        return asyncio.run(_fetch(source, kind))
    return Given(read_file(source, kind))


def words_of(given: Given) -> str:
    """A text's words: where they stand is counted in them. Raises CannotRead for what is no text."""
    if given.written_as == "words":
        return given.body.decode("utf-8", "replace")
    mark, encoding = next((bom for bom in BOMS if given.body.startswith(bom[0])), (b"", "utf-8"))
    words = given.body[len(mark) :].decode(encoding, "replace")
    if "\0" in words[:4096]:
        raise CannotRead("binary", "this is no text")
    return words


def open_lines(path: str) -> int:
    """The descriptor of a file of lines, or of standard input for `-`. Raises CannotRead."""
    if path == "-":
        return sys.stdin.buffer.fileno()
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise CannotRead("not-found", f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        raise CannotRead("not-readable", f"{path} cannot be read: {error}") from None
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CannotRead("is-a-directory", f"{path} is a directory")
    return descriptor


def read_file(path: str, kind: Kind) -> bytes:
    """The bytes of a file. Raises CannotRead."""
    try:
        with Path(path).open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) and not stat.S_ISFIFO(found.st_mode):
                raise CannotRead("not-a-file", f"{path} is not a file")
            if found.st_size > LIMITS[kind]:
                raise CannotRead("too-large", f"{path} has {found.st_size:,} bytes; {LIMITS[kind]:,} are taken")
            return _not_empty(_up_to(file, LIMITS[kind]), path)
    except FileNotFoundError:
        raise CannotRead("not-found", f"there is no file {path}") from None
    except IsADirectoryError:
        raise CannotRead("is-a-directory", f"{path} is a directory") from None
    except (OSError, ValueError) as error:
        raise CannotRead("not-readable", f"{path} cannot be read: {error}") from None


def given_by_line(line: dict[str, Any], kind: Kind) -> Given:
    """The document that a line of JSON names or holds. Raises CannotRead."""
    url = line.get("url")
    if url is not None and not isinstance(url, str):
        raise CannotRead("bad-line", "url is not a text")
    headers: object = line.get("headers") or {}
    if not isinstance(headers, dict):
        raise CannotRead("bad-line", "headers is not an object")
    said = {name.lower(): str(value) for name, value in cast("dict[str, object]", headers).items()}
    for name in ("path", "html", "text"):
        value = line.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise CannotRead("bad-line", f"{name} is not a text")
        if name == "path":
            return Given(read_file(value, kind), url or "", said)
        # Half a character becomes one sign, so that what stands behind it stays where it is.
        body = value.encode("utf-8", "replace")
        if len(body) > LIMITS[kind]:
            raise CannotRead("too-large", f"{name} has {len(body):,} bytes; {LIMITS[kind]:,} are taken")
        if kind != "text":
            _not_empty(body, name)
            # It was text already, whatever encoding it says it had.
            said = said | (IN_UTF8 if kind == "page" else {})
        return Given(body, url or "", said, "markup" if name == "html" else "words")
    raise CannotRead("bad-line", 'a line needs "path", "text" or "html"')


def line_groups(descriptor: int, most: int) -> Iterator[list[bytes | None]]:
    """The lines that are there, up to `most` at once, without waiting for more; None for a line that is too long."""
    rest = bytearray()
    skipping = False
    while chunk := os.read(descriptor, CHUNK):
        start = 0
        lines: list[bytes | None] = []
        while (end := chunk.find(b"\n", start)) >= 0:
            rest += chunk[start:end]
            lines.append(None if skipping else bytes(rest))
            rest.clear()
            skipping = False
            start = end + 1
        rest += chunk[start:]
        if len(rest) > LINE_LIMIT:
            rest.clear()
            skipping = True
        for at in range(0, len(lines), most):
            yield lines[at : at + most]
    if rest or skipping:
        yield [None if skipping else bytes(rest)]


async def _fetch(url: str, kind: Kind) -> Given:
    from brandhound.core.http.client import FetchFailed, FetchRequest, fetcher

    try:
        answer = await fetcher().fetch(
            FetchRequest(url, purpose="feed" if kind == "feed" else "page", max_bytes=LIMITS[kind])
        )
    except FetchFailed as failed:
        raise CannotRead(failed.code, failed.detail) from None
    finally:
        await fetcher().aclose()
    if answer.status >= 300:
        raise CannotRead(f"http-{answer.status}", f"{answer.final_url} answers with status {answer.status}")
    return Given(_not_empty(answer.body, url), answer.final_url, dict(answer.headers))


def _up_to(file: Any, limit: int) -> bytes:
    body = bytes(file.read(limit + 1))
    if len(body) > limit:
        raise CannotRead("too-large", f"more than {limit:,} bytes")
    return body


def _not_empty(body: bytes, what: str) -> bytes:
    if not body.strip():
        raise CannotRead("empty", f"{what} is empty")
    return body
