"""Following feeds over HTTP, against a real database and a publisher on the loopback."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, delete, event

from brandhound.core.db import tenant_session
from brandhound.feeds.models import Feed
from brandhound.twins.news import NewsServer
from brandhound.twins.news.faults import FaultKind
from brandhound.twins.news.library import Site
from tests.databases import TestDatabase
from tests.feeds.conftest import RunJobs, address, publish
from tests.jobs.test_races import somebody_waits_for_a_lock

pytestmark = pytest.mark.anyio


@contextmanager
def counted() -> Generator[list[str]]:
    """The statements that reach the database."""
    statements: list[str] = []

    def note(_1: Any, _2: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


async def follow(client: httpx.AsyncClient, url: str, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/feeds", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_followed_feed_is_read_at_once_with_its_pages(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await follow(client, address(news, site), tags=["press"])
    assert feed["state"] == "new"
    await run_jobs()
    read = (await client.get(f"/api/feeds/{feed['id']}")).json()
    assert read["state"] == "active"
    assert read["entries"] == 3
    assert [entry["title"] for entry in read["latest"]] == ["Story 0", "Story 1", "Story 2"]
    assert {entry["article_state"] for entry in read["latest"]} == {"fetched"}
    assert read["check_reason"].startswith("next check ")
    assert " because " in read["check_reason"]
    assert read["tags"] == ["press"]


@pytest.mark.parametrize("deed", ["title", "pause"])
async def test_a_feed_that_somebody_removes_while_it_is_changed_was_not_there(
    client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase, news: NewsServer, site: Site, deed: str
) -> None:
    path = f"/api/feeds/{(await follow(client, address(news, site)))['id']}"
    async with tenant_session(organization_id) as db:
        await db.execute(delete(Feed).where(Feed.id == UUID(path.rpartition("/")[2])))
        doing = client.patch(path, json={"title": "New"}) if deed == "title" else client.put(f"{path}/pause")
        change = asyncio.create_task(doing)
        async with somebody_waits_for_a_lock(database):
            pass
    answer = await change
    assert (answer.status_code, answer.json()["code"], answer.json()["kind"]) == (404, "core/not-there", "feed")


async def test_following_twice_is_refused_and_names_the_feed(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    feed = await follow(client, address(news, site))
    again = await client.post("/api/feeds", json={"url": address(news, site)})
    assert again.status_code == 409
    assert again.json()["code"] == "feeds/already-followed"
    assert again.json()["feed_id"] == feed["id"]


async def test_the_address_of_a_site_is_enough(client: httpx.AsyncClient, news: NewsServer, site: Site) -> None:
    link = f'<link rel="alternate" type="application/rss+xml" title="News" href="/{site.name}/feed.xml">'
    site.put("/index.html", f"<html><head>{link}</head><body>Welcome</body></html>")
    feed = await follow(client, address(news, site, "/index.html"))
    assert feed["url"] == address(news, site)


async def test_a_page_without_a_feed_is_refused_with_the_reason(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    site.put("/about.html", "<html><body>About us</body></html>")
    answer = await client.post("/api/feeds", json={"url": address(news, site, "/about.html")})
    assert answer.status_code == 422
    assert answer.json()["code"] == "feeds/not-a-feed"
    assert "web page" in answer.json()["reason"]


@pytest.mark.parametrize("url", ["ftp://example.com/feed", "not an address", "javascript:alert(1)", "http://", "???"])
async def test_what_is_no_address_is_refused(client: httpx.AsyncClient, url: str) -> None:
    answer = await client.post("/api/feeds", json={"url": url})
    assert answer.status_code == 422
    assert answer.json()["code"] == "feeds/bad-address"


async def test_one_fetch_serves_two_organizations(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    await follow(client, address(news, site))
    await run_jobs()
    news.publisher.forget_requests()
    theirs = await follow(other_client, address(news, site))
    assert news.requests() == []
    read = (await other_client.get(f"/api/feeds/{theirs['id']}")).json()
    assert read["entries"] == 3


async def test_another_organization_does_not_see_my_feed(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    feed = await follow(client, address(news, site))
    assert (await other_client.get(f"/api/feeds/{feed['id']}")).status_code == 404
    assert (await other_client.delete(f"/api/feeds/{feed['id']}")).status_code == 404
    assert (await other_client.get("/api/feeds")).json() == {"items": [], "next": None}


async def test_a_feed_with_credentials_is_read_with_them_and_shared_with_nobody(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    site.passwords["/"] = ("ann", "s3cret-canary")
    refused = await client.post("/api/feeds", json={"url": address(news, site)})
    assert refused.json()["code"] == "feeds/unreachable"
    secret = {"user": "ann", "password": "s3cret-canary"}
    feed = await follow(client, address(news, site), credentials=secret)
    await run_jobs()
    answer = await client.get(f"/api/feeds/{feed['id']}")
    assert answer.json()["entries"] == 3
    assert answer.json()["has_credentials"] is True
    assert "canary" not in answer.text
    theirs = await other_client.post("/api/feeds", json={"url": address(news, site)})
    assert theirs.status_code == 422


async def test_a_paused_feed_is_not_checked_and_a_resumed_one_is(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    feed = await follow(client, address(news, site))
    await run_jobs()
    assert (await client.put(f"/api/feeds/{feed['id']}/pause")).status_code == 204
    assert (await client.put(f"/api/feeds/{feed['id']}/pause")).status_code == 204
    paused = (await client.get(f"/api/feeds/{feed['id']}")).json()
    assert (paused["state"], paused["check_reason"]) == ("paused", "not checked while it is paused")
    assert (await client.post(f"/api/feeds/{feed['id']}/refresh")).json()["code"] == "feeds/paused"
    assert (await client.delete(f"/api/feeds/{feed['id']}/pause")).status_code == 204
    publish(site, "Later")
    run = (await client.post(f"/api/feeds/{feed['id']}/refresh")).json()
    await run_jobs()
    assert (await client.get(f"/api/runs/{run['id']}")).json()["outcome"] == "1 new item"


async def test_an_unfollowed_feed_is_gone_from_the_list(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    feed = await follow(client, address(news, site))
    assert (await client.delete(f"/api/feeds/{feed['id']}")).status_code == 204
    assert (await client.get("/api/feeds")).json()["items"] == []
    assert (await client.delete(f"/api/feeds/{feed['id']}")).status_code == 404


async def test_feeds_are_listed_by_title_in_pages_and_found_by_words_state_and_folder(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    for name in ("b", "a", "c"):
        publish(site, "Story", feed=f"/{name}.xml")
        await follow(client, address(news, site, f"/{name}.xml"), title=f"Feed {name}", tags=[name])
    first = (await client.get("/api/feeds", params={"limit": 2})).json()
    rest = (await client.get("/api/feeds", params={"limit": 2, "cursor": first["next"]})).json()
    assert [feed["title"] for feed in [*first["items"], *rest["items"]]] == ["Feed a", "Feed b", "Feed c"]
    assert rest["next"] is None
    for query, titles in (
        ({"q": "feed B"}, ["Feed b"]),
        ({"tag": "c"}, ["Feed c"]),
        ({"state": "failing"}, []),
        ({"q": "100%_"}, []),
    ):
        found = (await client.get("/api/feeds", params=query)).json()
        assert [feed["title"] for feed in found["items"]] == titles


async def test_a_feed_can_be_renamed_and_sorted_into_folders(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    feed = await follow(client, address(news, site))
    changed = await client.patch(f"/api/feeds/{feed['id']}", json={"title": "Mine", "tags": ["x", "x", "y"]})
    assert (changed.json()["title"], changed.json()["tags"]) == ("Mine", ["x", "y"])
    back = await client.patch(f"/api/feeds/{feed['id']}", json={"title": None})
    assert back.json()["title"] != "Mine"


async def test_a_look_at_an_address_shows_what_is_there_and_stores_nothing(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site)})).json()
    assert (preview["kind"], preview["entry_count"], preview["problem"]) == ("rss", 3, None)
    assert [entry["title"] for entry in preview["entries"]] == ["Story 0", "Story 1", "Story 2"]
    assert (await client.get("/api/feeds")).json()["items"] == []
    feed = await follow(client, address(news, site))
    again = (await client.post("/api/feeds/test", json={"url": address(news, site)})).json()
    assert again["followed_feed_id"] == feed["id"]


async def test_a_look_at_a_site_lists_its_feeds_with_the_number_of_their_items(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/{site.name}/{name}.xml">' for name in ("feed", "none")
    )
    site.put("/", f"<html><head>{links}</head></html>")
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site, "/")})).json()
    assert preview["problem"]["code"] == "not-a-feed"
    assert preview["problem"]["error"] == "feeds/not-a-feed"
    assert [(one["url"], one["entries"]) for one in preview["candidates"]] == [(address(news, site), 3)]


async def test_a_bot_wall_is_called_by_its_name(client: httpx.AsyncClient, news: NewsServer, site: Site) -> None:
    news.fault(f"/{site.name}/feed.xml", "bot-wall")
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site)})).json()
    assert preview["problem"]["code"] == "bot-wall"
    assert preview["problem"]["error"] == "feeds/unreachable"


async def test_a_look_at_more_items_than_are_read_at_once_says_so(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    items = "".join(f"<item><guid>{number}</guid><title>Story {number}</title></item>" for number in range(10_001))
    site.put("/endless.xml", f"<rss version='2.0'><channel><title>Endless</title>{items}</channel></rss>")
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site, "/endless.xml")})).json()
    assert preview["entry_count"] == 10_000
    assert preview["notes"] == ["The feed has more than is read at once: the rest of its items was left out."]


async def test_feeds_go_out_as_opml_and_come_in_again(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    await follow(client, address(news, site), title='Press & "more"', tags=["a", "b"])
    exported = await client.get("/api/feeds/opml")
    assert exported.status_code == 200
    headers = {"content-type": "text/xml"}
    result = await other_client.post("/api/feeds/opml", content=exported.content, headers=headers)
    assert result.json() == {"followed": 1, "already": 0, "rejected": []}
    again = await other_client.post("/api/feeds/opml", content=exported.content, headers=headers)
    assert again.json() == {"followed": 0, "already": 1, "rejected": []}
    await run_jobs()
    [feed] = (await other_client.get("/api/feeds")).json()["items"]
    assert (feed["title"], feed["tags"], feed["entries"]) == ('Press & "more"', ["a", "b"], 3)


async def test_opml_with_something_wrong_in_it_is_taken_as_far_as_it_goes(client: httpx.AsyncClient) -> None:
    document = """<opml version="1.0"><body><outline text="F"><outline xmlUrl="mailto:x" text="no"/>
    <outline xmlUrl="https://feeds.example/a.xml" text="yes"/></outline></body></opml>"""
    result = await client.post("/api/feeds/opml", content=document, headers={"content-type": "text/xml"})
    assert (result.json()["followed"], [one["url"] for one in result.json()["rejected"]]) == (1, ["mailto:x"])
    for bad in ("", "<html/>", "<opml><body/></opml>", "%PDF-1.4"):
        refused = await client.post("/api/feeds/opml", content=bad or " ", headers={"content-type": "text/xml"})
        assert refused.status_code == 422, bad


OPML = """<opml version="1.0"><body><outline text="Zürich">
<outline text="R&D &eacute;té &QUOT;A&LT;B" xmlUrl="{url}"/></outline></body></opml>"""


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "It is empty."),
        (b" \n", "It is empty."),
        (b"http://feeds.example/a", "It is not XML."),
        (b"<opml><body><outline text='F' xmlUrl='https://feeds.example/a'/><outline text='G' xml", "It breaks off"),
        (b"<opml><body/></opml>" + b" " * 20_000_000, "It is larger than 20 MB."),
    ],
)
async def test_a_file_that_is_no_whole_list_is_not_taken_at_all(
    client: httpx.AsyncClient, document: bytes, reason: str
) -> None:
    for path in ("/api/feeds/opml", "/api/feeds/opml/test"):
        refused = await client.post(path, content=document, headers={"content-type": "text/xml"})

        assert (refused.status_code, refused.json()["code"]) == (422, "feeds/bad-opml")
        assert refused.json()["reason"].startswith(reason)
    assert (await client.get("/api/feeds")).json()["items"] == []


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
async def test_names_and_addresses_of_a_list_are_read_as_they_were_meant(
    client: httpx.AsyncClient, encoding: str
) -> None:
    document, headers = (
        OPML.format(url="https://feeds.example/q?a=1&b=2").encode(encoding),
        {"content-type": "text/xml"},
    )

    looked = await client.post("/api/feeds/opml/test", content=document, headers=headers)
    assert looked.json() == {"items": [{"url": "https://feeds.example/q?a=1&b=2", "title": 'R&D été "A<B'}]}
    assert (await client.get("/api/feeds")).json()["items"] == []
    await client.post("/api/feeds/opml", content=document, headers=headers)
    [feed] = (await client.get("/api/feeds")).json()["items"]
    assert (feed["url"], feed["title"], feed["tags"]) == ("https://feeds.example/q?a=1&b=2", 'R&D été "A<B', ["Zürich"])


async def test_a_list_of_thousands_is_followed_in_seconds(client: httpx.AsyncClient) -> None:
    outlines = "".join(f'<outline text="F{n}" xmlUrl="https://feeds.example/{n}.xml"/>' for n in range(6_000))
    document = f'<opml version="2.0"><body><outline text="Press">{outlines}{outlines[:200]}</outline></body></opml>'
    headers = {"content-type": "text/xml"}
    with counted() as statements:
        result = await client.post("/api/feeds/opml", content=document, headers=headers)
    assert result.json() == {"followed": 6_000, "already": 0, "rejected": []}
    # Five for every five hundred, and what it costs to have fifty of them read at once.
    assert len(statements) < 600
    [feed] = (await client.get("/api/feeds", params={"q": "F5999"})).json()["items"]
    assert (feed["title"], feed["tags"]) == ("F5999", ["Press"])
    again = await client.post("/api/feeds/opml", content=document, headers=headers)
    assert again.json() == {"followed": 0, "already": 6_000, "rejected": []}


async def test_a_list_of_feeds_that_cannot_be_read_makes_no_heap_of_notices(
    client: httpx.AsyncClient, news: NewsServer, run_jobs: RunJobs
) -> None:
    outlines = "".join(f'<outline text="F{n}" xmlUrl="{news.url}/nothing/{n}.xml"/>' for n in range(5))
    document = f'<opml version="2.0"><body>{outlines}</body></opml>'
    await client.post("/api/feeds/opml", content=document, headers={"content-type": "text/xml"})
    await run_jobs()
    assert len((await client.get("/api/feeds/health")).json()["items"]) == 5
    assert (await client.get("/api/notifications")).json()["items"] == []


async def test_packs_can_be_followed_and_say_what_is_followed(client: httpx.AsyncClient) -> None:
    packs = (await client.get("/api/feeds/packs")).json()["items"]
    assert len(packs) >= 5
    assert all(feed["url"].startswith("https://") for pack in packs for feed in pack["feeds"])


async def test_a_feed_may_have_a_time_limit_of_its_own(client: httpx.AsyncClient, news: NewsServer, site: Site) -> None:
    feed = await follow(client, address(news, site))
    changed = await client.patch(f"/api/feeds/{feed['id']}", json={"timeout_seconds": 20})
    refused = await client.patch(f"/api/feeds/{feed['id']}", json={"timeout_seconds": 1})

    assert changed.json()["timeout_seconds"] == 20
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("missing", "There is nothing at its address: answer 404"),
        ("gone", "What was there is gone for good: answer 410"),
        ("forbidden", "The server refuses to give it to us: answer 403"),
        ("too-many-requests", "The server says that we ask too often: answer 429"),
        ("unavailable", "The server says that it is busy: answer 503"),
        ("bot-wall", "The publisher keeps programs out with a check for humans."),
        ("not-a-feed", "This is a web page, not a feed: “We value your privacy”"),
    ],
)
async def test_a_look_at_what_cannot_be_followed_says_in_words_what_lies_there(
    client: httpx.AsyncClient, news: NewsServer, site: Site, fault: FaultKind, words: str
) -> None:
    news.fault(f"/{site.name}/feed.xml", fault)
    preview = (await client.post("/api/feeds/test", json={"url": address(news, site)})).json()
    assert preview["problem"]["detail"] == words


async def test_a_server_that_does_not_encrypt_is_not_said_to_have_a_bad_certificate(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    url = address(news, site).replace("http:", "https:")
    problem = (await client.post("/api/feeds/test", json={"url": url})).json()["problem"]
    assert problem["code"] == "tls"
    assert "does not speak TLS" in problem["detail"]
    assert "certificate" not in problem["detail"]
