"""What can go wrong at a publisher, on demand."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

FaultKind = Literal[
    "gone",
    "missing",
    "forbidden",
    "payment",
    "moved",
    "moved-308",
    "moved-temporarily",
    "too-many-requests",
    "unavailable",
    "error",
    "slow",
    "drip",
    "hang",
    "broken",
    "truncated",
    "reset",
    "not-a-feed",
    "bot-wall",
    "redirect-loop",
    "redirect-chain",
    "gzip-bomb",
    "huge",
    "wrong-encoding",
    "wrong-charset",
    "empty",
    "no-validators",
    "endless-headers",
]

STATUSES: dict[str, int] = {
    "gone": 410,
    "missing": 404,
    "forbidden": 403,
    "payment": 402,
    "too-many-requests": 429,
    "unavailable": 503,
    "error": 500,
}
REDIRECTS: dict[str, int] = {"moved": 301, "moved-308": 308, "moved-temporarily": 302}

NOT_A_FEED = (
    b"<!doctype html><html><head><title>We value your privacy</title></head><body><p>Accept all?</p></body></html>"
)
BOT_WALL = (
    b"<!doctype html><html><head><title>Just a moment...</title></head>"
    b"<body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>"
)
PIECE = 256 * 1024


@dataclass(slots=True)
class Fault:
    """One fault at one path. `path` is `/SITE/PATH`; a `*` at its end stands for anything.

    `times` is how often it happens, None for ever. `seconds` is the delay of `slow`, `drip` and `hang`, `size` the bytes
    of `huge` and of an unpacked `gzip-bomb`, or the hops of `redirect-chain`.
    """

    path: str
    kind: FaultKind
    times: int | None = None
    location: str | None = None
    retry_after: str | int | None = None
    seconds: float = 5.0
    size: int | None = None

    def concerns(self, path: str) -> bool:
        """Whether this fault happens to a request for `path`."""
        return path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path


@lru_cache(maxsize=4)
def gzip_bomb(size: int) -> bytes:
    """A small gzip file that unpacks to `size` zeros."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1024 * 1024)
    packed = b"".join(packer.compress(zeros) for _ in range(size // len(zeros)))
    return packed + packer.compress(zeros[: size % len(zeros)]) + packer.flush()


def huge_pieces(size: int) -> Iterator[bytes]:
    """`size` bytes of a page that does not end."""
    piece = (b"<p>And there is more.</p>\n" * (PIECE // 26 + 1))[:PIECE]
    for _ in range(size // PIECE):
        yield piece
    yield piece[: size % PIECE]


def break_markup(body: bytes) -> bytes:
    """The same document with an unclosed element and a naked ampersand in it, cut off in the middle of a tag."""
    middle = len(body) * 2 // 3
    cut = body.rfind(b"<", 0, middle)
    kept = body[: cut if cut > 0 else middle]
    head, separator, tail = kept.partition(b"<title>")
    return (head + separator + b"Q&A <b>" + tail if separator else kept) + b"<ite"
