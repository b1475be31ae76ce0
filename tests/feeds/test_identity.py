"""What makes an item the same item, and an address the same address."""

# ruff: noqa: E501  (documents are easier to read in one line)

from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from brandhound.feeds.autodiscovery import feeds_named
from brandhound.feeds.errors import BadOpml
from brandhound.feeds.identity import Identified, Known, churns, identify, recognise, seen_before
from brandhound.feeds.links import clean_url, feed_key, typed_address, url_key
from brandhound.feeds.opml import Outline, read_opml, write_opml
from brandhound.feeds.reading import ParsedEntry
from brandhound.feeds.sites import site_of

FEED = "https://paper.example/feed.xml"
SITE = "https://paper.example/"


def entry(guid: str | None = None, link: str | None = None, title: str = "T") -> ParsedEntry:
    return ParsedEntry(guid, title, link)


def stored(entries: list[Identified]) -> dict[str, Known]:
    """These entries as rows, by the names under which they are stored."""
    return {one.identity: Known(uuid4(), one.identity, one.link_key, one.words) for one in entries}


def before(entries: list[Identified], earlier: list[Identified]) -> dict[str, Known]:
    """Which of these entries were there earlier under other ids."""
    rows = stored(earlier)
    at_pages: dict[str, list[Known]] = {}
    for row in rows.values():
        at_pages.setdefault(row.page or "", []).append(row)
    return seen_before(entries, recognise(entries, rows), at_pages)


def test_an_item_is_the_same_by_guid_whatever_its_title_and_page_become() -> None:
    before = identify([entry("g", SITE + "a", "Old")], FEED, "guid")
    after = identify([entry("g", SITE + "b", "New")], FEED, "guid")
    assert before[0].identity == after[0].identity


def test_items_that_share_a_guid_are_told_apart_by_their_pages() -> None:
    found = identify([entry("g", SITE + "a"), entry("g", SITE + "b"), entry("g", SITE + "a")], FEED, "guid")
    assert len({one.identity for one in found}) == len(found) == 2
    # An old reading of one of them, when nothing else had its guid, is still known; and so the other way round.
    alone = identify([entry("g", SITE + "a")], FEED, "guid")
    assert list(recognise(found, stored(alone))) == [found[0].identity]
    assert list(recognise(alone, stored(found))) == [alone[0].identity]


def test_items_that_share_page_and_guid_are_told_apart_by_their_titles() -> None:
    for guid in ("g", None):
        found = identify([entry(guid, SITE + "a", "One"), entry(guid, SITE + "a", "Two")], FEED, "guid")
        alone = identify([entry(guid, SITE + "a", "One")], FEED, "guid")
        assert len({one.identity for one in found}) == 2
        assert list(recognise(found, stored(alone))) == [found[0].identity]


def test_items_without_pages_are_told_apart_too() -> None:
    found = identify([entry("g", title="One"), entry("g", title="Two"), entry("g", title="One")], FEED, "guid")
    alone = identify([entry("g", title="One")], FEED, "guid")
    assert list(recognise(found, stored(alone))) == [found[0].identity]


def test_without_a_guid_the_page_counts_and_without_a_page_the_words() -> None:
    assert identify([entry(link=SITE + "a?utm_source=x")], FEED, "guid")[0].identity == identify([entry(link=SITE + "a")], FEED, "guid")[0].identity  # fmt: skip
    assert len(identify([entry(title="A"), entry(title="B"), entry(title="A")], FEED, "guid")) == 2


def test_guids_that_are_session_ids_are_recognised() -> None:
    first = identify([entry(f"1-{n}", f"{SITE}{n}") for n in range(5)], FEED, "guid")
    again = identify([entry(f"2-{n}", f"{SITE}{n}") for n in range(5)], FEED, "guid")
    assert churns(again, {}, before(again, first))
    assert not churns(first, {}, before(first, first))
    assert not churns(again, {}, before(again, []))
    # A changelog that was exchanged whole: other items with ids of their own, all on the page that is known.
    changes = [identify([entry(f"v{n}", f"{SITE}log#v{n}", f"Release {n}") for n in range(at, at + 5)], FEED, "guid") for at in (0, 5)]  # fmt: skip
    assert not churns(changes[1], {}, before(changes[1], changes[0]))
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
    encoded = ["https://paper.example/caf%C3%A9/%7Eann?x=%c3%a9", "https://paper.example/caf%c3%a9/~ann?x=é", "https://paper.example/café/%7eann?x=%C3%A9"]  # fmt: skip
    assert len({url_key(spelling) for spelling in encoded}) == 1
    assert url_key("https://paper.example/a%2Fb") != url_key("https://paper.example/a/b")
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
