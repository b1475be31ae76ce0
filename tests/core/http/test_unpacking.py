"""Bodies are unpacked however they were packed, within their limits, and those that lie are refused."""

import gzip
import zlib

import brotli
import pytest

from brandhound.core.http.client import FetchFailed
from brandhound.core.http.decoding import Body, unpack

PAGE = b"<html><body><p>" + b"Acme buys Bolt. " * 500 + b"</p></body></html>"


def pack(data: bytes) -> bytes:
    # Without a time in it: names of tests are made of it.
    return gzip.compress(data, mtime=0)


def decode(encoding: str, packed: bytes) -> bytes:
    body = Body(encoding, 1_000_000)
    body.feed(packed)
    return body.finish()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("", PAGE),
        ("identity", PAGE),
        ("gzip", pack(PAGE)),
        ("x-gzip", pack(PAGE)),
        ("GZIP", pack(PAGE[:100]) + pack(PAGE[100:])),
        ("gzip", pack(PAGE) + b"\0\0rubbish"),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("gzip, br", brotli.compress(pack(PAGE))),
    ],
)
def test_a_body_is_the_same_however_it_was_packed(encoding: str, packed: bytes, size: int) -> None:
    body = Body(encoding, 1_000_000)
    for start in range(0, len(packed), size):
        body.feed(packed[start : start + size])
    assert body.finish() == PAGE


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", PAGE),
        ("gzip", pack(PAGE)[:-20]),
        ("gzip", pack(PAGE) + pack(PAGE)[:-20]),
        ("br", brotli.compress(PAGE)[:-3]),
        ("br", b"\xff" * 100),
        ("deflate", b"\xff" * 100),
        ("zstd", b""),
        ("gzip, gzip, gzip", b""),
    ],
)
def test_a_body_that_lies_about_its_packing_is_refused(encoding: str, packed: bytes) -> None:
    with pytest.raises(FetchFailed) as failed:
        decode(encoding, packed)
    assert failed.value.code == "bad-encoding"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("br", brotli.compress(bytes(5_000_000))), ("gzip", pack(bytes(5_000_000)))],
    ids=["br", "gzip"],
)
def test_no_packing_gets_around_the_ratio(encoding: str, packed: bytes) -> None:
    with pytest.raises(FetchFailed) as failed:
        Body(encoding, 100_000_000).feed(packed)
    assert failed.value.code == "ratio"


def test_a_small_file_may_be_packed_as_tightly_as_it_likes() -> None:
    body = Body("gzip", 2_000_000)
    body.feed(pack(bytes(900_000)))
    assert len(body.finish()) == 900_000


def test_a_few_bytes_may_become_a_page() -> None:
    body = Body("br", 2_000_000)
    body.feed(brotli.compress(bytes(900_000)))
    assert len(body.finish()) == 900_000


def test_an_empty_body_is_no_mistake_whatever_its_encoding() -> None:
    assert Body("gzip", 100).finish() == b""


def test_a_packed_sitemap_is_unpacked_within_limits() -> None:
    assert unpack(pack(PAGE), 100_000) == PAGE
    assert unpack(PAGE, 10) == PAGE
    with pytest.raises(FetchFailed):
        unpack(pack(PAGE), 100)
