"""Documents over which programs stumble: half an emoji, characters that no document may hold, errors of our own."""

import gzip
from typing import Any
from xml.dom import minidom

import httpx
import pytest
from sqlalchemy import update

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.feeds import looking
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.feeds.opml import read_opml
from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.xml_tree import with_true_references
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address, publish
from tests.feeds.test_following import follow
from tests.feeds.test_polling import document_of, poll, refresh, seen

pytestmark = pytest.mark.anyio

XML = {"content-type": "text/xml"}
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
HALVES = "&#55357;&#56832;"


def sitemap(news: NewsServer, site: Site, title: str) -> str:
    return (
        f"<urlset {NAMES}><url><loc>{news.url}/{site.name}/{len(title)}.html</loc><news:news><news:publication><news:name>P"
        f"</news:name><news:language>en</news:language></news:publication><news:publication_date>{clock.now().isoformat()}"
        f"</news:publication_date><news:title>{title}</news:title></news:news></url></urlset>"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (HALVES, "&#128512;"),
        ("&#xD83D;&#xDE00;", "&#128512;"),
        ("&#x0d83d;&#056832;", "&#128512;"),
        ("&#55357;", ""),
        ("&#56832;&#55357;", ""),
        ("a&#0;b&#8;c&#x1F;d&#xFFFE;e&#1114112;f&#99999999999;", "abcdef&#99999999999;"),
        ("&#10;&#xE9;&#128512; &amp; R&D &#;", "&#10;&#xE9;&#128512; &amp; R&D &#;"),
    ],
)
def test_references_name_whole_characters_or_nothing(written: str, meant: str) -> None:
    assert with_true_references(written) == meant


def test_an_emoji_in_two_halves_is_one_in_a_feed() -> None:
    document = f"<rss version='2.0'><channel><title>S</title><item><title>Fun {HALVES}</title></item></channel></rss>"
    assert parse_feed(document.encode(), "https://paper.example/f", {}).entries[0].title_text == "Fun 😀"


@pytest.mark.parametrize("reference", [HALVES, "&#0;", "&#xD800;", "&#xFFFE;", "&#x1F;", "&#x8;", "&#1114112;"])
async def test_a_list_of_feeds_is_taken_whole_whatever_its_names_hold(
    client: httpx.AsyncClient, reference: str
) -> None:
    outlines = "".join(
        f'<outline text="{name}" xmlUrl="https://hard.example/{n}"/>'
        for n, name in enumerate(("One", f"Bad{reference}Name", "Three"))
    )
    document = f'<opml><body><outline text="F{reference}">{outlines}</outline></body></opml>'.encode()
    result = await client.post("/api/feeds/opml", content=document, headers=XML)
    assert result.json() == {"followed": 3, "already": 0, "rejected": []}
    listed = (await client.get("/api/feeds")).json()["items"]
    joined = "😀" if reference == HALVES else ""
    assert {feed["title"] for feed in listed} == {"One", f"Bad{joined}Name", "Three"}
    assert {tag for feed in listed for tag in feed["tags"]} == {f"F{joined}"}


async def test_what_goes_out_is_xml_whatever_names_were_given(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    feed = await follow(client, address(news, site), title="Bad\x1fName")
    assert feed["title"] == "BadName"
    async with system_session() as db:
        # As it was stored before.
        await db.execute(update(Feed).where(Feed.id == feed["id"]).values(title="Bad\x08Name", tags=["F\x1f"]))
    exported = (await client.get("/api/feeds/opml")).content
    assert minidom.parseString(exported)
    assert [(one.title, one.folders) for one in read_opml(exported)] == [("BadName", ("F",))]


async def test_a_name_of_spaces_is_none(client: httpx.AsyncClient, news: NewsServer, site: Site) -> None:
    feed = await follow(client, address(news, site), title="Mine")
    blank = await client.patch(f"/api/feeds/{feed['id']}", json={"title": "  "})
    assert blank.json()["title"] == (await document_of(address(news, site))).title


async def test_an_emoji_in_two_halves_keeps_no_feed_from_being_read(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    url = address(news, site, "/sm.xml")
    site.put("/sm.xml", sitemap(news, site, "Plain"), "application/xml")
    feed = await follow(client, url)
    await run_jobs()
    site.put("/sm.xml", sitemap(news, site, f"Emoji {HALVES}"), "application/xml")
    await poll(run_jobs, due=url)
    read = await seen(client, feed)
    assert (read["state"], {entry["title"] for entry in read["latest"]}) == ("active", {"Plain", "Emoji 😀"})


async def test_a_feed_over_which_reading_stumbles_is_told_of_and_the_others_are_read(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [address(news, site), address(news, site, "/good.xml")]
    publish(site, "Good", feed="/good.xml")
    bad, good = [await follow(client, url) for url in urls]
    await run_jobs()
    publish(site, "More")
    publish(site, "Better", feed="/good.xml")
    real = looking.parse_feed

    def stumbles(body: bytes, url: str, *rest: Any) -> Any:
        if url == urls[0]:
            raise KeyError("a surprise")
        return real(body, url, *rest)

    monkeypatch.setattr(looking, "parse_feed", stumbles)
    async with system_session() as db:
        # Only these two, since other tests left feeds behind.
        await db.execute(update(FeedDocument).where(FeedDocument.url.not_in(urls)).values(next_check_at=None))
        await db.execute(update(FeedDocument).where(FeedDocument.url.in_(urls)).values(next_check_at=clock.now()))
    await poll(run_jobs)
    failed, read = await seen(client, bad), await seen(client, good)
    assert (failed["failures"], failed["error_code"], failed["entries"]) == (1, "unreadable", 3)
    assert "KeyError" in failed["error_detail"]
    assert "Better" in [entry["title"] for entry in read["latest"]]
    monkeypatch.undo()
    assert (await refresh(client, bad, run_jobs))["outcome"] == "1 new item"


async def test_a_sitemap_that_breaks_off_or_lies_about_its_letters_is_read_and_that_is_told(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    note = "The feed is not well-formed or wrongly encoded; what could be read was read."
    whole = sitemap(news, site, "Möbel")
    for body, notes in (
        (whole, []),
        (whole.replace("</urlset>", "<url><loc>https://pa"), [note]),
        (f"<?xml version='1.0' encoding='iso-8859-1'?>{whole}", [note]),
    ):
        site.put("/news.xml", body.encode(), "application/xml")
        preview = (await client.post("/api/feeds/test", json={"url": address(news, site, "/news.xml")})).json()
        assert (preview["problem"], preview["entries"][0]["title"], preview["notes"]) == (None, "Möbel", notes)


async def test_a_feed_file_that_was_packed_in_several_pieces_is_read_to_its_end(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    items = "".join(f"<item><guid>{number}</guid><title>Story {number}</title></item>" for number in range(40))
    text = f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>".encode()
    packed = b"".join(gzip.compress(text[at : at + 500]) for at in range(0, len(text), 500))
    site.put("/feed.xml.gz", packed, "application/gzip")
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site, "/feed.xml.gz")})).json()
    assert (preview["problem"], preview["entry_count"], preview["notes"]) == (None, 40, [])
