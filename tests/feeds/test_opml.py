"""Lists of feeds as other readers write them: folders, names and spellings."""

import httpx
import pytest

from brandhound.feeds.opml import read_opml

pytestmark = pytest.mark.anyio


def listed(outlines: str) -> list[tuple[str, str | None, tuple[str, ...]]]:
    document = f'<opml version="2.0"><body>{outlines}</body></opml>'
    return [(one.url, one.title, one.folders) for one in read_opml(document.encode())]


async def test_two_spellings_of_one_address_in_two_folders_are_one_feed_in_both(client: httpx.AsyncClient) -> None:
    document = """<opml><body>
    <outline text="Press"><outline text="Paper" xmlUrl="http://spelt.example/f"/></outline>
    <outline text="Tech"><outline xmlUrl="https://spelt.example/f"/></outline></body></opml>"""
    result = await client.post("/api/feeds/opml", content=document, headers={"content-type": "text/xml"})
    assert result.json() == {"followed": 1, "already": 0, "rejected": []}
    [feed] = (await client.get("/api/feeds")).json()["items"]
    assert (feed["title"], feed["tags"]) == ("Paper", ["Press", "Tech"])


def test_a_feed_that_is_named_once_keeps_its_name() -> None:
    folders = '<outline text="A"><outline {} xmlUrl="https://a.example/f"/></outline><outline text="B"><outline {} xmlUrl="https://a.example/f"/></outline>'
    for given in (('text="Name"', ""), ("", 'text="Name"')):
        assert listed(folders.format(*given)) == [("https://a.example/f", "Name", ("A", "B"))]


def test_blank_names_are_none() -> None:
    outlines = """<outline text=" "><outline title=" " text="Name" xmlUrl="https://a.example/f"/></outline>
    <outline text="  " xmlUrl="https://b.example/f" category=" ,/,/x/y "/>"""
    assert listed(outlines) == [("https://a.example/f", "Name", ()), ("https://b.example/f", None, ("y",))]


def test_kinds_are_read_in_capitals_too() -> None:
    assert listed('<outline type="RSS" text="x" url="https://a.example/f"/>') == [("https://a.example/f", "x", ())]


def test_a_feed_that_is_named_twice_keeps_the_site_that_one_of_them_names() -> None:
    of = '<outline text="x" xmlUrl="https://a.example/f" {}/>'
    for given in (('htmlUrl="https://a.example/"', ""), ("", 'htmlUrl="https://a.example/"')):
        document = f'<opml version="2.0"><body>{"".join(of.format(one) for one in given)}</body></opml>'
        assert [one.site_url for one in read_opml(document.encode())] == ["https://a.example/"]
