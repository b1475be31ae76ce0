"""Feed documents of every dialect, age and degree of brokenness, read into one shape."""

# ruff: noqa: E501  (documents are easier to read in one line)

import importlib.util
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.reading import MAX_ENTRIES, NotAFeed, ParsedFeed, plain_text

URL = "https://paper.example/feed.xml"
ROOT = Path(__file__).parents[2]


def parse(body: str | bytes, url: str = URL, **headers: str) -> ParsedFeed:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return parse_feed(body.encode() if isinstance(body, str) else body, url, named)


def rss(items: str, channel: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{channel}{items}</channel></rss>'


def data() -> Path:
    folder = Path(os.environ.get("BRANDHOUND_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "a_feeds" / "feedparser_tests.tar.xz").exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the test data is not at {folder}")
        pytest.skip(f"NOT CHECKED: feedparser's expectations are not at {folder}; set BRANDHOUND_TEST_DATA")
    return folder


def bench() -> Any:
    spec = importlib.util.spec_from_file_location("bench_feeds", ROOT / "bench" / "feeds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_feeds"] = module
    spec.loader.exec_module(module)
    return module


def test_what_feedparser_expects_is_what_we_read() -> None:
    found = bench().conformance(data())
    assert found["expectations"] == 2103
    assert found["expressible"] >= 1380
    assert found["share"] >= 0.995, found["failing"]


def test_real_feeds_are_read_like_feedparser_reads_them() -> None:
    compared = bench().agreement(data())
    assert compared["entries"] > 900
    assert compared["differing"] == [], compared["differing"][:5]


def test_rss_says_it_all() -> None:
    feed = parse(
        rss(
            """<item><title>A &amp;amp; B</title><link>/a?x=1&amp;y=2</link><guid isPermaLink="false">7</guid>
            <pubDate>Wed, 04 Mar 2026 10:00:00 +0100</pubDate><dc:creator>Ann</dc:creator><author>b@x.example (Bob)</author>
            <category>News</category><description>&lt;p&gt;Short&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</description>
            <content:encoded><![CDATA[<p onclick="x()">Long <a href="/b">b</a></p>]]></content:encoded>
            <enclosure url="https://x.example/a.mp3" type="audio/mpeg" length="12"/><source url="https://o.example/">Other</source>
            </item>""".replace("<item>", '<item xmlns:dc="http://purl.org/dc/elements/1.1/" '
                               'xmlns:content="http://purl.org/rss/1.0/modules/content/">'),
            "<link>https://paper.example/</link><language>en-GB</language><ttl>45</ttl>"
            "<skipHours><hour>1</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>",
        )
    )  # fmt: skip
    assert (feed.kind, feed.version, feed.title, feed.link, feed.language) == ("rss", "rss20", "Paper", "https://paper.example/", "en-GB")  # fmt: skip
    assert (feed.ttl, feed.skip_hours, feed.skip_days) == (45, {0, 1}, {6})
    [entry] = feed.entries
    assert (entry.id, entry.title_text, entry.link) == ("7", "A & B", "https://paper.example/a?x=1&y=2")
    assert entry.published == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert set(entry.authors) == {"Ann", "Bob"}
    assert (entry.categories, entry.summary_text) == (("News",), "Short")
    assert entry.content == '<p>Long <a href="https://paper.example/b">b</a></p>'
    assert (entry.enclosures[0].url, entry.enclosures[0].length) == ("https://x.example/a.mp3", 12)
    assert entry.source is not None
    assert (entry.source.title, entry.source.url) == ("Other", "https://o.example/")


def test_atom_entries_inherit_the_feeds_author() -> None:
    feed = parse(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><author><name>Ann</name></author>'
        '<link rel="self" href="https://paper.example/self"/><link rel="hub" href="https://hub.example/"/>'
        '<entry><id>urn:1</id><title type="html">A &amp;lt; B</title><updated>2026-03-04T10:00:00Z</updated>'
        '<link href="/1"/></entry></feed>'
    )
    assert (feed.kind, feed.hub, feed.self_url) == ("atom", "https://hub.example/", "https://paper.example/self")
    [entry] = feed.entries
    assert (entry.authors, entry.title_text, entry.link) == (("Ann",), "A < B", "https://paper.example/1")
    assert entry.published == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_rss_1_and_cdf_are_read() -> None:
    rdf = parse(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>P</title></channel>'
        '<item rdf:about="https://paper.example/1"><title>One</title><dc:date>2026-03-04T10:00:00Z</dc:date></item></rdf:RDF>'
    )
    assert (rdf.kind, rdf.entries[0].id) == ("rdf", "https://paper.example/1")
    cdf = parse('<channel href="https://p.example/"><title>P</title><item href="https://p.example/1"><title>One</title></item></channel>')  # fmt: skip
    assert cdf.entries[0].link == "https://p.example/1"


def test_json_feed_is_read() -> None:
    feed = parse(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "P", "home_page_url": "https://p.example/", "expired": true,'
        '"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "authors": [{"name": "Ann"}], "items": ['
        '{"id": 7, "url": "/seven", "title": "A & B", "content_html": "<p onclick=x>Hi</p>", "tags": ["t", 5],'
        '"date_published": "2026-03-04T10:00:00+01:00", "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}]},'
        '{"title": "no id"}, "no object", {"id": "x", "content_text": "a < b", "author": {"name": "Bob"}}]}'
    )
    assert (feed.kind, feed.version, feed.expired, feed.hub) == ("json", "json11", True, "https://hub.example/")
    first, second = feed.entries
    assert (first.id, first.link, first.title_text, first.authors) == ("7", "https://paper.example/seven", "A & B", ("Ann",))  # fmt: skip
    assert (first.published, first.content) == (datetime(2026, 3, 4, 9, tzinfo=UTC), "<p>Hi</p>")
    assert (second.authors, second.content_text) == (("Bob",), "a < b")


def test_a_news_sitemap_is_a_feed_and_its_images_are_not_pages() -> None:
    feed = parse(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="n" xmlns:image="i"><url>'
        "<image:image><image:loc>https://p.example/i.png</image:loc><image:title>No</image:title></image:image>"
        "<loc>https://p.example/1</loc><news:news><news:publication><news:name>Paper</news:name><news:language>de</news:language>"
        "</news:publication><news:publication_date>2026-03-04</news:publication_date><news:title>Eins</news:title></news:news>"
        "</url><url><loc/></url></urlset>"
    )
    assert (feed.version, feed.title, feed.language, len(feed.entries)) == ("newssitemap", "Paper", "de", 1)
    assert (feed.entries[0].link, feed.entries[0].title) == ("https://p.example/1", "Eins")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\ufeff", "empty"),
        ("<!doctype html><html><body>Hi", "html"),
        ("<div>Hi</div>", "html"),
        ("Hello world", "text"),
        ("42", "text"),
        ('{"a": 1}', "json"),
        ("[1, 2]", "json"),
        ("{broken", "json"),
        ("[" * 100_000, "json"),
        ('{"version": "https://example.com/", "items": 5}', "json"),
        ("<opml version='2.0'><body/></opml>", "xml"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "xml"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(32)) * 8, "binary"),
        (b"%PDF-1.7\n" + bytes(range(8)) * 50, "binary"),
        (b"MZ<x>" + bytes(range(1, 32)) * 30, "binary"),
        (b"/etc/passwd", "text"),
        (b"https://paper.example/feed.xml", "text"),
        (b"file:///etc/passwd", "text"),
    ],
)
def test_what_is_no_feed_is_said_to_be_what_it_is(body: str | bytes, code: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(body)
    assert caught.value.code == code
    assert len(caught.value.beginning) <= 200


def test_a_body_that_names_a_file_or_an_address_opens_neither(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("something was opened")

    secret = tmp_path / "secret.xml"
    secret.write_text(rss("<item><title>secret</title></item>"))
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    for body in (str(secret), secret.as_uri(), "http://paper.example/feed"):
        with pytest.raises(NotAFeed):
            parse(body)
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss version="2.0"><channel><title>a&x;b</title></channel></rss>'
    assert "secret" not in parse(entity).title
    assert "secret" not in parse(f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}">{rss("")}').title


def test_entities_that_multiply_do_not() -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">\n' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?>\n<!DOCTYPE rss [\n<!ENTITY e0 "ha">\n{lines}]>\n<rss version="2.0"><channel><title>&e11;</title></channel></rss>'
    assert len(parse(bomb).title) < 1000
    flat = f'<!DOCTYPE rss [\n<!ENTITY a "{"x" * 50_000}">\n]>' + rss(f"<item><title>{'&a;' * 5000}</title></item>")
    assert all(len(entry.title) < 2_000_000 for entry in parse(flat).entries)


def test_an_undeclared_entity_a_lonely_ampersand_and_a_cut_end_lose_nothing_that_is_whole() -> None:
    body = rss("<item><title>Caf&eacute; &nbsp;R&D</title></item><item><title>Two</title></item><item><title>Thr").removesuffix("</channel></rss>")  # fmt: skip
    feed = parse(body)
    assert feed.repaired
    assert [entry.title_text for entry in feed.entries][:2] == ["Café R&D", "Two"]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Wed, 31 Dec 0000 00:00:00 GMT", None),
        ("0000-00-00T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("9999-12-31T23:59:59-14:00", None),
        ("99999-12-31", None),
        ("Mo, 02 Mär 2026 10:00:00 GMT", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2 février 2026", datetime(2026, 2, 2, tzinfo=UTC)),
        ("yesterday", None),
        ("9" * 5000, None),
    ],
)
def test_dates_from_far_off_are_dates_or_nothing(raw: str, read: datetime | None) -> None:
    [entry] = parse(rss(f"<item><title>x</title><pubDate>{raw}</pubDate></item>")).entries
    assert entry.published == read


def test_right_to_left_and_east_asian_texts_stay_as_they_are() -> None:
    titles = ["شركة تعلن عن منتج", "東京の新製品発表", "한국 브랜드", "\u200fעברית\u200f", "👩‍👩‍👧 emoji", "नमस्ते"]
    feed = parse(rss("".join(f"<item><title>{title}</title></item>" for title in titles)))
    assert [entry.title_text for entry in feed.entries] == titles


def test_control_characters_do_not_get_through() -> None:
    feed = parse(rss("<item><title>a\x00b\x0bc\x1fd&#1;&#0;e</title><guid isPermaLink='false'>\x08g</guid></item>"))
    [entry] = feed.entries
    assert entry.title.startswith("abcd")
    assert entry.id == "g"


def test_items_without_anything_are_items_all_the_same() -> None:
    assert len(parse(rss("<item/><item></item>")).entries) == 2


def test_a_hundred_thousand_items_are_read_as_far_as_ten_thousand() -> None:
    for item in ("<item><title>x</title></item>", "<item><title>R&D</title></item>"):
        feed = parse(rss(item * 100_000))
        assert (len(feed.entries), feed.truncated) == (MAX_ENTRIES, True)


def test_a_megabyte_of_opening_tags_ends_soon() -> None:
    for hostile in (
        "<a>" * 300_000,
        "<" * 300_000,
        "&" * 300_000,
        "<![CDATA[" * 30_000,
        "<!--" * 50_000,
        '<a b="' * 50_000,
    ):
        for body in (
            rss(f"<item><description>{hostile}"),
            rss(f"<item><description><![CDATA[{hostile}]]></description></item>"),
        ):
            parse(body)


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("<rss version='2.0'><channel><title>Märchen</title></channel></rss>".encode(), "text/xml; charset=iso-8859-1", "Märchen"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><title>Mär “x”</title></channel></rss>".encode("cp1252"), "", "Mär “x”"),
        ("<?xml version='1.0' encoding='gb2312'?><rss><channel><title>新产品镕</title></channel></rss>".encode("gb18030"), "", "新产品镕"),
        ("<?xml version='1.0' encoding='shift_jis'?><rss><channel><title>①新製品</title></channel></rss>".encode("cp932"), "", "①新製品"),
        ("<rss><channel><title>Ünïcode</title></channel></rss>".encode("utf-16"), "text/xml", "Ünïcode"),
        ("<?xml version='1.0' encoding='utf-16'?><rss><channel><title>Über</title></channel></rss>".encode("utf-8-sig"), "", "Über"),
        ("<?xml version='1.0' encoding='klingon'?><rss><channel><title>Käse</title></channel></rss>".encode("cp1252"), "", "Käse"),
        ("<rss><channel><title>Российская Федерация сообщает новости дня</title></channel></rss>".encode("koi8-r"), "text/xml; charset=koi8-r", "Российская Федерация сообщает новости дня"),
        (b"\xef\xbb\xbf\n  <?xml version='1.0'?><rss><channel><title>Late</title></channel></rss>", "", "Late"),
        ("<?xml version='1.0' encoding='iso-2022-jp'?><rss><channel><title>日本</title></channel></rss>".encode("iso-2022-jp"), "", "日本"),
    ],
)  # fmt: skip
def test_bytes_become_text_whatever_they_say_of_themselves(body: bytes, content_type: str, title: str) -> None:
    assert parse(body, content_type=content_type).title == title


def test_words_are_taken_out_of_markup() -> None:
    assert (
        plain_text("<p>One</p><p>two &amp; three<br>four</p><script>no()</script><style>no</style><!-- no -->")
        == "One two & three four"
    )
    assert plain_text("a &lt; b <b>c</b>") == "a < b c"
    assert plain_text("broken <a href='") == "broken"
    assert plain_text("") == ""
