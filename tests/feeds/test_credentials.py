"""Users and passwords of feeds: understood wherever they are given, told to nobody else, and followed once."""

from collections.abc import Generator
from datetime import timedelta

import httpx
import pytest

from brandhound.core import clock
from brandhound.twins.news import Library, NewsServer, serve
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address, publish
from tests.feeds.test_following import follow
from tests.feeds.test_polling import refresh, seen

pytestmark = pytest.mark.anyio

ANN = {"user": "ann", "password": "s3cret-canary"}
XML = {"content-type": "text/xml"}


@pytest.fixture
def elsewhere(site: Site) -> Generator[NewsServer]:
    """Another origin with the same feed."""
    with serve(Library()) as other:
        other.library.site(site.name).feeds["/feed.xml"] = site.feeds["/feed.xml"]
        yield other


def passwords_told(server: NewsServer) -> list[str]:
    return [told for request in server.requests() if (told := request.headers.get("authorization"))]


async def test_a_move_to_another_origin_takes_no_password_along(
    client: httpx.AsyncClient, news: NewsServer, site: Site, elsewhere: NewsServer, run_jobs: RunJobs
) -> None:
    news.fault(f"/{site.name}/feed.xml", "moved", location=f"{elsewhere.url}/{site.name}/feed.xml")
    feed = await follow(client, address(news, site), credentials=ANN)
    await run_jobs()
    assert (feed["url"], passwords_told(elsewhere)) == (address(news, site), [])
    for hours in (0, 25, 25, 2):
        clock.freeze(clock.now() + timedelta(hours=hours))
        publish(site, f"After {hours}")
        await refresh(client, feed, run_jobs)
    assert ((await seen(client, feed))["url"], passwords_told(elsewhere)) == (address(news, site), [])


async def test_a_move_within_an_origin_is_believed_with_a_password_too(
    client: httpx.AsyncClient, news: NewsServer, site: Site
) -> None:
    site.passwords["/"] = ("ann", "s3cret-canary")
    site.feeds["/moved.xml"] = site.feeds["/feed.xml"]
    news.fault(f"/{site.name}/feed.xml", "moved", location=f"/{site.name}/moved.xml")
    assert (await follow(client, address(news, site), credentials=ANN))["url"] == address(news, site, "/moved.xml")


async def test_a_feed_that_a_site_names_elsewhere_is_followed_without_the_sites_password(
    client: httpx.AsyncClient, news: NewsServer, site: Site, elsewhere: NewsServer, run_jobs: RunJobs
) -> None:
    there = f"{elsewhere.url}/{site.name}/feed.xml"
    site.passwords["/"] = ("ann", "s3cret-canary")
    site.put("/index.html", f"<link rel='alternate' type='application/rss+xml' href='{there}'>")
    feed = await follow(client, address(news, site, "/index.html"), credentials=ANN)
    await run_jobs()
    assert (feed["url"], feed["has_credentials"], passwords_told(elsewhere)) == (there, False, [])


@pytest.mark.parametrize(
    ("written", "user", "password"),
    [
        ("ann:pw@", "ann", "pw"),
        ("me%40paper.example:p%40ss%3A@", "me@paper.example", "p@ss:"),
        ("me@paper.example:p@ss@", "me@paper.example", "p@ss"),
        ("token:@", "token", ""),
    ],
)
async def test_user_and_password_inside_an_address_are_understood_wherever_one_may_be_given(
    client: httpx.AsyncClient,
    other_client: httpx.AsyncClient,
    news: NewsServer,
    site: Site,
    run_jobs: RunJobs,
    written: str,
    user: str,
    password: str,
) -> None:
    site.passwords["/"] = (user, password)
    inside = address(news, site).replace("http://", f"http://{written}")
    looked = (await client.post("/api/feeds/test", json={"url": inside})).json()
    assert (looked["problem"], looked["entry_count"]) == (None, 3)
    feed = await follow(client, inside)
    assert (feed["url"], feed["has_credentials"]) == (address(news, site), True)
    document = f'<opml><body><outline text="x" xmlUrl="{inside}"/></body></opml>'
    named = (await other_client.post("/api/feeds/opml/test", content=document, headers=XML)).json()
    assert named["items"] == [{"url": address(news, site), "title": "x"}]
    brought = (await other_client.post("/api/feeds/opml", content=document, headers=XML)).json()
    assert brought == {"followed": 1, "already": 0, "rejected": []}
    await run_jobs()
    [theirs] = (await other_client.get("/api/feeds")).json()["items"]
    assert (theirs["has_credentials"], theirs["state"], theirs["entries"]) == (True, "active", 3)


@pytest.mark.parametrize("written", [":pw@", f"{'u' * 201}:pw@"])
async def test_a_user_that_cannot_be_one_is_refused_and_not_dropped(client: httpx.AsyncClient, written: str) -> None:
    inside = f"https://{written}paper.example/feed"
    for path in ("/api/feeds", "/api/feeds/test"):
        answer = await client.post(path, json={"url": inside})
        assert (answer.status_code, answer.json()["code"]) == (422, "feeds/bad-address")
    document = f'<opml><body><outline text="x" xmlUrl="{inside}"/></body></opml>'
    brought = (await client.post("/api/feeds/opml", content=document, headers=XML)).json()
    assert (brought["followed"], [one["url"] for one in brought["rejected"]]) == (0, ["https://paper.example/feed"])


async def test_ones_own_list_doubles_no_feed_with_credentials(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    site.passwords["/"] = ("ann", "s3cret-canary")
    feed = await follow(client, address(news, site), credentials=ANN)
    await run_jobs()
    exported = (await client.get("/api/feeds/opml")).content
    assert b"canary" not in exported
    result = (await client.post("/api/feeds/opml", content=exported, headers=XML)).json()
    assert result == {"followed": 0, "already": 1, "rejected": []}
    assert [one["id"] for one in (await client.get("/api/feeds")).json()["items"]] == [feed["id"]]
    looked = (await client.post("/api/feeds/test", json={"url": address(news, site), "credentials": ANN})).json()
    assert looked["followed_feed_id"] == feed["id"]
    again = await client.post("/api/feeds", json={"url": address(news, site), "credentials": ANN})
    assert (again.status_code, again.json()["feed_id"]) == (409, feed["id"])
