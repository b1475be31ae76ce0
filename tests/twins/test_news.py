"""The news twin behaves like a publisher, and misbehaves when it is asked to."""

import os
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest

from brandhound.twins.news import Feed, Item, Library, NewsServer, make_library, serve

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = "<html><head><title>Acme &amp; Sons</title></head><body><p>" + "Acme buys Bolt. " * 60 + "</p></body></html>"


@pytest.fixture(scope="module")
def running() -> Generator[NewsServer]:
    with serve(Library()) as server:
        yield server


@pytest.fixture
def news(running: NewsServer) -> NewsServer:
    running.library.sites.clear()
    running.clear_faults()
    running.set_clock(NOON)
    running.publisher.forget_requests()
    site = running.library.site("daily-planet")
    for hour in range(3):
        item = Item(f"Story {hour}", f"/story-{hour}.html", NOON + timedelta(hours=hour), "A & B", author="Ann")
        site.publish("/feed.xml", item, PAGE)
    return running


@pytest.fixture
def client(news: NewsServer) -> Generator[httpx.Client]:
    with httpx.Client(base_url=news.url, timeout=10) as client:
        yield client


reader: Any = feedparser


def entries(body: bytes) -> list[Any]:
    parsed = reader.parse(body)
    assert not parsed.bozo
    return parsed.entries


def test_items_and_pages_appear_when_their_time_has_come(news: NewsServer, client: httpx.Client) -> None:
    first = client.get("/daily-planet/feed.xml")
    assert [entry.title for entry in entries(first.content)] == ["Story 0"]
    assert client.get("/daily-planet/story-1.html").status_code == 404
    client.post("/_control/clock", json={"advance_seconds": 3600}).raise_for_status()
    later = client.get("/daily-planet/feed.xml")
    assert [entry.title for entry in entries(later.content)] == ["Story 1", "Story 0"]
    assert client.get("/daily-planet/story-1.html").status_code == 200
    assert first.headers["etag"] != later.headers["etag"]
    client.post("/_control/clock", json={"now": "2026-03-02T00:00:00+00:00"}).raise_for_status()
    assert len(entries(client.get("/daily-planet/feed.xml").content)) == 3
    assert client.post("/_control/clock", json={"now": "2026-03-02T00:00:00"}).status_code == 422


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_a_feed_carries_all_that_readers_look_for(format: Any, news: NewsServer, client: httpx.Client) -> None:
    news.library.site("daily-planet").feeds["/feed.xml"].format = format
    entry = entries(client.get("/daily-planet/feed.xml").content)[0]
    assert entry.link == f"{news.url}/daily-planet/story-0.html"
    assert entry.id == entry.link
    assert (entry.summary, entry.author) == ("A & B", "Ann")
    assert entry.published_parsed[:5] == (2026, 3, 1, 12, 0)


def test_a_json_feed_is_one(news: NewsServer, client: httpx.Client) -> None:
    news.library.site("daily-planet").feeds["/feed.xml"].format = "json"
    response = client.get("/daily-planet/feed.xml")
    assert response.headers["content-type"] == "application/feed+json"
    assert response.json()["items"][0]["url"] == f"{news.url}/daily-planet/story-0.html"


def test_an_unchanged_document_is_a_304(client: httpx.Client) -> None:
    for path in ("/daily-planet/feed.xml", "/daily-planet/story-0.html"):
        first = client.get(path)
        for header, value in (
            ("If-None-Match", first.headers["etag"]),
            ("If-Modified-Since", first.headers["last-modified"]),
        ):
            again = client.get(path, headers={header: value})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_page_is_packed_for_those_who_can_unpack(client: httpx.Client) -> None:
    packed = client.get("/daily-planet/story-0.html")
    plain = client.get("/daily-planet/story-0.html", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == PAGE
    assert packed.headers["etag"] != plain.headers["etag"]


def test_a_site_is_reached_by_its_path_and_by_its_name(news: NewsServer, client: httpx.Client) -> None:
    news.library.site("daily-planet").hosts = ("news.example",)
    for host in ("daily-planet.test", "news.example"):
        response = client.get("/feed.xml", headers={"Host": host})
        assert entries(response.content)[0].link == f"http://{host}/story-0.html"
    assert client.get("/feed.xml").status_code == 404


def test_a_site_has_robots_a_sitemap_and_a_front_page_that_names_its_feed(
    news: NewsServer, client: httpx.Client
) -> None:
    assert "Allow: /" in client.get("/robots.txt").text
    own = client.get("/robots.txt", headers={"Host": "daily-planet.test"}).text
    assert "Sitemap: http://daily-planet.test/sitemap.xml" in own
    news.library.site("daily-planet").robots = "User-agent: *\nDisallow: /\n"
    assert "Disallow: /" in client.get("/robots.txt", headers={"Host": "daily-planet.test"}).text
    sitemap = client.get("/daily-planet/sitemap.xml").text
    assert f"<loc>{news.url}/daily-planet/story-0.html</loc>" in sitemap
    assert "story-1" not in sitemap
    front = client.get("/daily-planet/").text
    assert f'type="application/rss+xml" title="Daily Planet" href="{news.url}/daily-planet/feed.xml"' in front


def test_a_password_is_asked_for(news: NewsServer, client: httpx.Client) -> None:
    news.library.site("daily-planet").passwords["/feed"] = ("ann", "secret")
    assert client.get("/daily-planet/feed.xml").status_code == 401
    assert client.get("/daily-planet/feed.xml", auth=("ann", "wrong")).status_code == 401
    assert client.get("/daily-planet/feed.xml", auth=("ann", "secret")).status_code == 200
    assert client.get("/daily-planet/story-0.html").status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("gone", 410),
        ("missing", 404),
        ("forbidden", 403),
        ("payment", 402),
        ("moved", 301),
        ("moved-308", 308),
        ("moved-temporarily", 302),
        ("too-many-requests", 429),
        ("unavailable", 503),
        ("error", 500),
        ("bot-wall", 403),
        ("not-a-feed", 200),
        ("empty", 200),
        ("redirect-loop", 302),
    ],
)
def test_a_fault_happens_as_often_as_it_was_asked_for(kind: str, status: int, client: httpx.Client) -> None:
    fault = {"path": "/daily-planet/feed.xml", "kind": kind, "times": 2, "location": "/new", "retry_after": 60}
    client.post("/_control/faults", json=fault).raise_for_status()
    answers = [client.get("/daily-planet/feed.xml") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    if status in (429, 503):
        assert answers[0].headers["retry-after"] == "60"
    if kind.startswith("moved"):
        assert answers[0].headers["location"] == "/new"
    assert client.get("/_control/faults").json() == []


def test_a_fault_can_be_taken_back(client: httpx.Client) -> None:
    client.post("/_control/faults", json=[{"path": "/daily-planet/*", "kind": "gone"}]).raise_for_status()
    assert client.get("/daily-planet/story-0.html").status_code == 410
    client.delete("/_control/faults").raise_for_status()
    assert client.get("/daily-planet/story-0.html").status_code == 200
    assert client.post("/_control/faults", json={"nonsense": 1}).status_code == 422


def test_a_broken_feed_is_not_well_formed(news: NewsServer, client: httpx.Client) -> None:
    news.fault("/daily-planet/feed.xml", "broken")
    parsed = reader.parse(client.get("/daily-planet/feed.xml").content)
    assert parsed.bozo


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", httpx.RemoteProtocolError),
        ("truncated", httpx.RemoteProtocolError),
        ("wrong-encoding", httpx.DecodingError),
        ("hang", httpx.ReadTimeout),
    ],
)
def test_a_connection_breaks_on_demand(
    kind: Any, error: type[Exception], news: NewsServer, client: httpx.Client
) -> None:
    news.fault("/daily-planet/story-0.html", kind)
    with pytest.raises(error):
        client.get("/daily-planet/story-0.html", timeout=0.3 if kind == "hang" else 10)


def test_an_endless_page_ends_when_nobody_listens(news: NewsServer, client: httpx.Client) -> None:
    news.fault("/daily-planet/story-0.html", "huge")
    with client.stream("GET", "/daily-planet/story-0.html") as response:
        received = 0
        for piece in response.iter_raw():
            received += len(piece)
            if received > 3_000_000:
                break
    news.clear_faults()
    assert client.get("/daily-planet/story-0.html").status_code == 200


def test_every_request_is_remembered(client: httpx.Client) -> None:
    for _ in range(3):
        client.get("/daily-planet/feed.xml", headers={"User-Agent": "reader"})
    client.get("/daily-planet/nothing")
    log = client.get("/_control/requests", params={"path": "/daily-planet/feed.xml"}).json()
    assert log["count"] == 3
    assert log["requests"][0]["headers"]["user-agent"] == "reader"
    assert log["requests"][0]["status"] == 200
    assert client.get("/_control/counters").json()["paths"] == {"/daily-planet/feed.xml": 3, "/daily-planet/nothing": 1}
    client.delete("/_control/requests")
    assert client.get("/_control/requests").json()["count"] == 0


def test_a_story_can_be_published_while_it_runs(client: httpx.Client) -> None:
    story = {"site": "evening", "title": "Late", "link": "/late.html", "page": "<p>late</p>"}
    client.post("/_control/items", json=story).raise_for_status()
    assert [entry.title for entry in entries(client.get("/evening/feed.xml").content)] == ["Late"]
    page = {"site": "evening", "path": "/x.txt", "body": "x", "content_type": "text/plain", "headers": {"X-A": "b"}}
    client.post("/_control/pages", json=page).raise_for_status()
    response = client.get("/evening/x.txt")
    assert (response.text, response.headers["x-a"], response.headers["content-type"]) == ("x", "b", "text/plain")
    client.post("/_control/pages", json={**page, "body": "y"}).raise_for_status()
    assert client.get("/evening/x.txt").text == "y"


def test_a_changed_feed_is_served_as_it_is_now(news: NewsServer, client: httpx.Client) -> None:
    feed = news.library.site("daily-planet").feeds["/feed.xml"]
    client.get("/daily-planet/feed.xml")
    feed.items[0] = Item("Corrected", "/story-0.html", NOON)
    assert [entry.title for entry in entries(client.get("/daily-planet/feed.xml").content)] == ["Corrected"]


def test_any_folder_becomes_sites(tmp_path: Path) -> None:
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog/one.html").write_text(PAGE)
    (tmp_path / "blog/.hidden").write_text("x")
    (tmp_path / "paper/news").mkdir(parents=True)
    (tmp_path / "paper/index.xml").write_text("<rss/>")
    (tmp_path / "paper/news/two.html").write_text(PAGE)
    (tmp_path / "paper/robots.txt").write_text("User-agent: *\nDisallow: /x\n")
    (tmp_path / "top.txt").write_text("hello")
    with serve(tmp_path) as server, httpx.Client(base_url=server.url) as client:
        entry = entries(client.get("/blog/feed.xml").content)[0]
        assert (entry.title, entry.link) == ("Acme & Sons", f"{server.url}/blog/one.html")
        assert client.get("/blog/.hidden").status_code == 404
        assert client.get("/paper/index.xml").text == "<rss/>"
        assert client.get("/paper/feed.xml").status_code == 404
        assert client.get("/paper/news/two.html").text == PAGE
        assert client.get("/robots.txt", headers={"Host": "paper.test"}).text.endswith("/x\n")
        assert client.get("/top.txt").text == "hello"
        assert client.get("/blog/../../etc/passwd").status_code == 404
        (tmp_path / "top.txt").write_text("changed")
        os.utime(tmp_path / "top.txt", (1, 1))
        assert client.get("/top.txt").text == "changed"
        assert client.head("/top.txt").headers["content-length"] == "7"


@pytest.mark.parametrize("mixed", [False, True])
def test_a_few_pages_become_many_feeds(mixed: bool) -> None:
    pages = [PAGE.encode(), PAGE.replace("Acme", "Bolt").encode()]
    library = make_library(pages, feeds=4, pages_per_feed=5, newest_at=NOON, mixed_formats=mixed)
    bodies: set[bytes] = set()
    with serve(library) as server, httpx.Client() as client:
        server.set_clock(NOON)
        for number in range(4):
            feed = client.get(f"{server.url}/site-{number:03d}/feed.xml")
            if feed.headers["content-type"] == "application/feed+json":
                links = [item["url"] for item in feed.json()["items"]]
            else:
                listed = entries(feed.content)
                links = [entry.link for entry in listed]
                assert {entry.title for entry in listed} == {"Acme & Sons", "Bolt & Sons"}
                assert all(entry.summary.startswith(("Acme buys", "Bolt buys")) for entry in listed)
            assert len(set(links)) == 5
            bodies.update(client.get(link).raise_for_status().content for link in links)
    assert len(bodies) == 20


def test_a_feed_shows_no_more_than_its_window(news: NewsServer, client: httpx.Client) -> None:
    items = [Item(f"n{number}", f"/{number}", NOON - timedelta(minutes=number)) for number in range(10)]
    news.library.site("daily-planet").feeds["/short.xml"] = Feed("Short", items, window=4)
    titles = [entry.title for entry in entries(client.get("/daily-planet/short.xml").content)]
    assert titles == ["n0", "n1", "n2", "n3"]
