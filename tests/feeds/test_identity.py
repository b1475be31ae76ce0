"""What makes an item the same item, and an address the same address."""

# ruff: noqa: E501  (documents are easier to read in one line)

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from brandhound.feeds.autodiscovery import feeds_named
from brandhound.feeds.errors import BadOpml
from brandhound.feeds.identity import churns, identify
from brandhound.feeds.links import clean_url, feed_key, typed_address, url_key
from brandhound.feeds.opml import Outline, read_opml, write_opml
from brandhound.feeds.reading import ParsedEntry
from brandhound.feeds.sites import site_of

FEED = "https://paper.example/feed.xml"
SITE = "https://paper.example/"


def entry(guid: str | None = None, link: str | None = None, title: str = "T") -> ParsedEntry:
    return ParsedEntry(guid, title, link)


def test_an_item_is_the_same_by_guid_whatever_its_title_and_page_become() -> None:
    before = identify([entry("g", SITE + "a", "Old")], FEED, "guid")
    after = identify([entry("g", SITE + "b", "New")], FEED, "guid")
    assert before[0].identity == after[0].identity


def test_items_that_share_a_guid_are_told_apart_by_their_pages() -> None:
    found = identify([entry("g", SITE + "a"), entry("g", SITE + "b"), entry("g", SITE + "a")], FEED, "guid")
    assert len({one.identity for one in found}) == len(found) == 2
    # The first keeps the plain guid, so that an old reading of it is still known.
    assert found[0].identity == identify([entry("g", SITE + "a")], FEED, "guid")[0].identity


def test_without_a_guid_the_page_counts_and_without_a_page_the_words() -> None:
    assert identify([entry(link=SITE + "a?utm_source=x")], FEED, "guid")[0].identity == identify([entry(link=SITE + "a")], FEED, "guid")[0].identity  # fmt: skip
    assert len(identify([entry(title="A"), entry(title="B"), entry(title="A")], FEED, "guid")) == 2


def test_guids_that_are_session_ids_are_recognised() -> None:
    first = identify([entry(f"1-{n}", f"{SITE}{n}") for n in range(5)], FEED, "guid")
    again = identify([entry(f"2-{n}", f"{SITE}{n}") for n in range(5)], FEED, "guid")
    known, pages = frozenset(one.identity for one in first), frozenset(one.link_key or "" for one in first)
    assert churns(again, known, pages)
    assert not churns(first, known, pages)
    assert not churns(again, known, frozenset())
    by_page = [one.identity for one in identify([entry("3-0", SITE + "0")], FEED, "url")]
    assert by_page == [one.identity for one in identify([entry("4-0", SITE + "0")], FEED, "url")]


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("HTTPS://Paper.Example:443/a#part", "https://paper.example/a"),
        ("https://paper.example/a?utm_source=x&id=1&fbclid=y", "https://paper.example/a?id=1"),
        ("https://paper.example/a?ref=paper.example", "https://paper.example/a"),
        ("https://paper.example/a?ref=other.example", "https://paper.example/a?ref=other.example"),
        ("https://paper.example/#!/a", "https://paper.example/#!/a"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("https://www.google.com/url?q=https://paper.example/a&sa=t", "https://paper.example/a"),
        ("https://paper-example.cdn.ampproject.org/c/s/paper.example/a", "https://paper.example/a"),
        ("  https://paper.example  ", "https://paper.example/"),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("//paper.example/a", None),
        ("https://[::1", None),
        ("https://paper.example/" + "a" * 3000, None),
    ],
)
def test_addresses_are_freed_of_what_only_tracks(url: str, cleaned: str | None) -> None:
    assert clean_url(url, FEED) == cleaned


def test_spellings_of_one_page_are_one_page() -> None:
    spellings = ["https://paper.example/a/?b=2&a=1", "http://www.paper.example/a?a=1&b=2", "https://paper.example/a/amp?b=2&a=1&amp=1"]  # fmt: skip
    assert len({url_key(spelling) for spelling in spellings}) == 1
    assert url_key("https://paper.example/a") != url_key("https://paper.example/b")
    assert feed_key("https://paper.example/feed/") != feed_key("https://paper.example/feed")
    assert feed_key("http://paper.example/feed") == feed_key("https://paper.example/feed")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("paper.example", "https://paper.example/"),
        ("feed:https://paper.example/f", "https://paper.example/f"),
        ("feed://paper.example/f", "https://paper.example/f"),
        ("http://localhost:8000/f", "http://localhost:8000/f"),
        ("a brand name", None),
        ("", None),
    ],
)
def test_what_people_type_is_understood(typed: str, address: str | None) -> None:
    assert typed_address(typed) == address


def test_a_site_is_its_registrable_domain() -> None:
    assert site_of("https://www.news.paper.co.uk/a") == "paper.co.uk"


def test_a_page_names_its_feeds_in_header_head_and_body_the_comments_last() -> None:
    page = """<html><head><base href="/base/"><link rel="alternate" type="application/rss+xml" title="Comments" href="c.xml">
    <link rel=alternate type=application/atom+xml href="a.xml"><link rel="stylesheet" href="s.css">
    <link rel="alternate" type="text/html" hreflang="de" href="de"></head><body><a href="/rss.xml">RSS</a><a href="/x">x</a>"""
    header = {"link": '<https://paper.example/h.json>; rel="alternate"; type="application/feed+json", <x>; rel=next'}
    found = [one.url for one in feeds_named(page.encode(), SITE, header)]
    assert found == [SITE + "h.json", SITE + "base/a.xml", SITE + "rss.xml", SITE + "base/c.xml"]


@pytest.mark.parametrize(
    ("url", "page", "feed"),
    [
        ("https://www.youtube.com/@x", '{"externalId":"UC0123456789012345678901"}', "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789012345678901"),
        ("https://www.reddit.com/r/python/", "", "https://www.reddit.com/r/python.rss"),
        ("https://github.com/a/b", "", "https://github.com/a/b/releases.atom"),
    ],
)  # fmt: skip
def test_places_that_do_not_name_their_feeds_have_them_all_the_same(url: str, page: str, feed: str) -> None:
    assert feed in [one.url for one in feeds_named(page.encode(), url, {})]


def test_opml_comes_back_as_it_went() -> None:
    outlines = [Outline("https://a.example/?x=1&y=<2>", 'A "quoted" & <b>', "https://a.example/", ("F & G",)), Outline("https://b.example/", None, None, ())]  # fmt: skip
    document = write_opml(outlines, datetime(2026, 3, 4, tzinfo=UTC))
    again = {outline.url: outline for outline in read_opml(document.encode())}
    assert again["https://a.example/?x=1&y=<2>"] == outlines[0]
    assert again["https://b.example/"].folders == ()


def test_opml_opens_nothing_and_multiplies_nothing() -> None:
    bomb = '<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><opml><body><outline text="&b;" xmlUrl="https://a.example/"/></body></opml>'
    [outline] = read_opml(bomb.encode())
    assert len(outline.title or "") < 100
    deep = "<outline text='x'>" * 300 + "<outline xmlUrl='https://a.example/'/>"
    # As far as it can be read, or refused: never an error of ours.
    with suppress(BadOpml):
        assert [one.url for one in read_opml(f"<opml><body>{deep}".encode())] == ["https://a.example/"]
