"""Whatever lies at an address, reading it gives a feed or NotAFeed, and never anything else."""

# ruff: noqa: E501  (documents are easier to read in one line)

import random
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brandhound.feeds.autodiscovery import feeds_named
from brandhound.feeds.dates import parse_date
from brandhound.feeds.encoding import decode
from brandhound.feeds.errors import BadOpml
from brandhound.feeds.identity import identify
from brandhound.feeds.links import clean_url, typed_address, unwrap, url_key
from brandhound.feeds.opml import read_opml
from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.reading import NotAFeed, plain_text

URL = "https://paper.example/feed.xml"
SEEDS = [
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    b"<channel><title>P</title><ttl>60</ttl><skipHours><hour>3</hour></skipHours><item><title>A &amp; B</title><link>/a</link>"
    b"<guid>g</guid><pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate><content:encoded><![CDATA[<p>x<img src='y'></p>]]>"
    b"</content:encoded><enclosure url='u' length='x'/><source url='s'>S</source></item></channel></rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://x/'><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
    b"a</div></title><entry><id>i</id><link href='l'/><content type='base64'>aGk=</content><updated>2026-03-04T10:00:00Z</updated>"
    b"<author><name>n</name></author></entry></feed>",
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel/>"
    b"<item rdf:about='a'><title>t</title></item></rdf:RDF>",
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": 1, "content_html": "<p>", "tags": [1],'
    b' "attachments": [{"url": "a", "size_in_bytes": 1e400}], "date_published": "2026-03-04T10:00:00Z"}]}',
    b"<urlset xmlns:news='n'><url><loc>https://x/1</loc><news:news><news:title>t</news:title></news:news></url></urlset>",
    b"<opml version='2.0'><body><outline text='a'><outline xmlUrl='https://x/1'/></outline></body></opml>",
]
PIECES = [
    b"<", b">", b"&", b"</item>", b"<item>", b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"\x00", b"\xff\xfe", b"&#xD800;",
    b"&#99999999999;", b"xmlns:x='y'", b"<x:y>", b"'", b'"', b"<?", b"?>", b"<!--", b"-->", b"\xe2\x80", b"encoding='utf-7'", b"type='base64'",
    b"{", b"[", b"]", b"null", b"1e999", b"<svg>", b"<math>", b"xml:base='//[::1'", b"href='http://[x'", b"<link rel='", b"0000-00-00T99:99:99Z",
]  # fmt: skip


def mutated(seed: bytes, chance: random.Random) -> bytes:
    body = bytearray(seed)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(5):
            case 0:
                del body[at : at + chance.randint(1, 30)]
            case 1:
                body[at:at] = chance.choice(PIECES)
            case 2:
                body[at:at] = body[at : at + chance.randint(1, 60)] * chance.randint(1, 5)
            case 3:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                other = chance.choice(SEEDS)
                body[at:at] = other[chance.randrange(len(other)) :][:80]
    return bytes(body)


def read_everything(body: bytes, content_type: str = "") -> None:
    headers = {"content-type": content_type}
    with suppress(NotAFeed):
        feed = parse_feed(body, URL, headers)
        assert feed.title_text is not None
        for one in identify(feed.entries, URL, "guid"):
            assert len(one.identity) == 64
            _ = (one.entry.title_text, one.entry.summary_text, one.entry.content_text)
    feeds_named(body, URL, headers)
    with suppress(BadOpml):
        read_opml(body)


@pytest.mark.parametrize("seed", range(8))
def test_broken_feeds_break_nothing(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(150):
        body = mutated(chance.choice(SEEDS), chance)
        try:
            read_everything(
                body, chance.choice(["", "text/xml; charset=utf-16", "application/json", "text/html; charset=x-y"])
            )
        except BaseException as error:
            raise AssertionError(f"{error!r} for {body!r}") from error


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_at_all_are_read_or_refused(body: bytes) -> None:
    read_everything(body)
    read_everything(b"<rss version='2.0'><channel><item><description>" + body)
    assert isinstance(decode(body, "text/xml; charset=" + body[:20].decode("latin-1")).text, str)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_an_address_or_none_and_a_cleaned_address_stays_the_same(text: str) -> None:
    for candidate in (text, "https://" + text, "https://x.example/" + text, "https://x.example/?" + text):
        cleaned = clean_url(candidate)
        unwrap(candidate)
        typed_address(candidate)
        if cleaned is not None:
            assert cleaned.isascii()
            assert clean_url(cleaned) == cleaned
            key = url_key(cleaned)
            assert key is not None
            assert url_key(candidate) == key


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none_and_has_words(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is not None
    plain_text(text)
