"""Bodies are decoded by ourselves, piece by piece, so that no small download becomes a large memory."""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

from brandhound.core.http.answers import FetchFailed

PIECE = 64 * 1024
RATIO = 100
RATIO_APPLIES_FROM = 1024 * 1024
MOST_CODINGS = 2
_GZIP_START = b"\x1f\x8b"


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def is_complete(self) -> bool: ...


class _Zlib:
    """gzip (also several members in a row) and deflate, with its header or, as old servers send it, without."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding == "gzip"
        self._inflate = zlib.decompressobj(31) if self._gzip else None
        self._has_seen_end = False
        self._is_over = False
        self._head: bytes = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return
            has_header = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._inflate = zlib.decompressobj(15 if has_header else -15)
        is_more_waiting = False
        while data or is_more_waiting:
            if self._inflate.eof:
                data, self._head = self._head + data, b""
                if not self._gzip or self._is_over or not data.startswith(_GZIP_START[: len(data)]):
                    self._is_over = True  # rubbish behind the end: every browser ignores it
                    return
                if len(data) < len(_GZIP_START):
                    self._head = data
                    return
                self._inflate, self._has_seen_end = zlib.decompressobj(31), False
            piece = self._inflate.decompress(data, PIECE)
            if piece:
                yield piece
            is_more_waiting = len(piece) == PIECE and not self._inflate.eof
            if self._inflate.eof:
                self._has_seen_end = True
                data = self._inflate.unused_data
            else:
                data = self._inflate.unconsumed_tail

    @property
    def is_complete(self) -> bool:
        return self._has_seen_end


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        # `can_accept_more_data` says nothing of output that still waits: only an empty piece is the end of it.
        while not self._decompressor.is_finished():
            piece = self._decompressor.process(data, output_buffer_limit=PIECE)
            data = b""
            if not piece:
                return
            yield piece

    @property
    def is_complete(self) -> bool:
        return self._decompressor.is_finished()


def _decoder(coding: str) -> _Decoder:
    if coding in ("gzip", "x-gzip"):
        return _Zlib("gzip")
    if coding == "deflate":
        return _Zlib("deflate")
    if coding == "br":
        return _Brotli()
    raise FetchFailed("bad-encoding", f"we never asked for the encoding {coding[:40]!r}")


class Body:
    """A body as it comes in. Feed it what was received; it keeps what that decodes to.

    Raises FetchFailed with `too-large` beyond `max_bytes` decoded bytes (unless `is_cut`: then the rest is left out and
    `is_full` says so), with `ratio` when the first megabyte decoded from less than a hundredth of it, and with
    `bad-encoding` when it is not what it claims to be.
    """

    def __init__(self, encoding: str, max_bytes: int, is_cut: bool = False) -> None:
        codings = [coding.strip() for coding in encoding.lower().split(",")]
        codings = [coding for coding in codings if coding and coding != "identity"]
        if len(codings) > MOST_CODINGS:
            raise FetchFailed("bad-encoding", f"encoded {len(codings)} times over")
        self._decoders = [_decoder(coding) for coding in reversed(codings)]
        self._max_bytes = max_bytes
        self._is_cut = is_cut
        self._pieces: list[bytes] = []
        self._decoded = 0
        self._received = 0
        self.is_full = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the network."""
        self._received += len(data)
        if not self._decoders:
            self._keep(data)
            return
        try:
            for piece in self._decode(data, 0):
                self._keep(piece)
                if self.is_full:
                    return
        except (zlib.error, brotli.error) as error:
            raise FetchFailed("bad-encoding", f"the body is not encoded as it says: {error}") from error

    def _decode(self, data: bytes, stage: int) -> Iterator[bytes]:
        for piece in self._decoders[stage].feed(data):
            if stage + 1 < len(self._decoders):
                yield from self._decode(piece, stage + 1)
            else:
                yield piece

    def _keep(self, piece: bytes) -> None:
        self._decoded += len(piece)
        if self._decoded > self._max_bytes:
            if not self._is_cut:
                raise FetchFailed("too-large", f"larger than {self._max_bytes} bytes")
            piece = piece[: len(piece) - (self._decoded - self._max_bytes)]
            self.is_full = True
        elif self._decoders and self._decoded > max(RATIO_APPLIES_FROM, RATIO * self._received):
            raise FetchFailed("ratio", f"{self._received} bytes unpack to more than {self._decoded}")
        self._pieces.append(piece)

    def finish(self) -> bytes:
        """The whole body. Raises `bad-encoding` when the encoded stream ended too early."""
        if self._received and not self.is_full and not all(decoder.is_complete for decoder in self._decoders):
            raise FetchFailed("bad-encoding", "the encoded body ends too early")
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)


def unpack(data: bytes, max_bytes: int) -> bytes:
    """A file that is itself gzipped (sitemap.xml.gz), with the same limits; anything else as it is."""
    if not data.startswith(_GZIP_START):
        return data
    body = Body("gzip", max_bytes)
    body.feed(data)
    return body.finish()
