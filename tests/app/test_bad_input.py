"""Bad input on its whole way: through HTTP and jobs, against a publisher that does everything wrong."""

import asyncio
from datetime import timedelta
from json import dumps
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from brandhound.core import clock
from brandhound.core.http.guard import trusted_context
from brandhound.core.system import system_session
from brandhound.feeds.models import Article, FeedDocument, FeedEntry
from brandhound.twins.news import Library, NewsServer, serve
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address, publish
from tests.feeds.test_following import follow
from tests.feeds.test_polling import poll, refresh, seen

RSS = "application/rss+xml"


def rss(items: str, title: str = "Paper") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


async def documents_at(url: str) -> int:
    """How many feeds are stored whose address begins so."""
    async with system_session() as db:
        query = select(func.count()).select_from(FeedDocument).where(FeedDocument.url.startswith(url, autoescape=True))
        return await db.scalar(query) or 0


@pytest.mark.parametrize(
    ("fault", "code", "reason"),
    [
        ("not-a-feed", "not-a-feed", "web page"),
        ("empty", "not-a-feed", ""),
        ("redirect-loop", "unreachable", "redirects in a circle"),
        ("gzip-bomb", "unreachable", ""),
        ("huge", "unreachable", "MB"),
        ("missing", "unreachable", "404"),
        ("bot-wall", "unreachable", "humans"),
        ("reset", "unreachable", ""),
        ("truncated", "unreachable", ""),
        ("endless-headers", "unreachable", ""),
    ],
)
async def test_what_cannot_be_followed_is_refused_with_the_reason_and_leaves_nothing_behind(
    client: httpx.AsyncClient, news: NewsServer, site: Site, fault: Any, code: str, reason: str
) -> None:
    url = address(news, site)
    news.fault(f"/{site.name}/feed.xml", fault)
    looked = await client.post("/api/feeds/test", json={"url": url})
    assert looked.status_code == 200
    assert looked.json()["problem"]["code"]
    assert reason in looked.json()["problem"]["detail"]
    refused = await client.post("/api/feeds", json={"url": url})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    problem = refused.json()
    assert (problem["code"], problem["type"]) == (f"feeds/{code}", f"/errors/feeds/{code}")
    assert reason in problem["reason"]
    assert await documents_at(url) == 0
    assert (await client.get("/api/feeds")).json()["items"] == []
    assert (await client.get("/api/runs")).json()["items"] == []
    assert (await client.get("/api/audit")).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<!doctype html><html><body><h1>Welcome</h1></body></html>", "web page"),
        ("just some words", "text"),
        ('{"items": 5}', "JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(32)) * 8, ""),
        ("<opml version='2.0'><body/></opml>", "XML"),
    ],
)
async def test_a_document_that_is_no_feed_is_called_what_it_is(
    client: httpx.AsyncClient, news: NewsServer, site: Site, body: str | bytes, what: str
) -> None:
    site.put("/it.xml", body, RSS)
    problem = (await client.post("/api/feeds", json={"url": address(news, site, "/it.xml")})).json()
    assert problem["code"] == "feeds/not-a-feed"
    assert what.lower() in problem["reason"].lower()


@pytest.mark.parametrize(
    ("certificate", "code", "words", "step"),
    [
        ("expired", "tls-expired", "certificate has expired", "Tell the publisher"),
        ("self-signed", "tls", "certificate is not trusted", "Open the address"),
    ],
)
async def test_a_bad_certificate_stops_a_feed_before_it_is_followed_and_after(
    client: httpx.AsyncClient, run_jobs: RunJobs, certificate: Any, code: str, words: str, step: str
) -> None:
    library = Library()
    publish(library.site("bank"), "Rates rise")
    with serve(library, tls=certificate) as bank:
        if certificate == "expired":
            # It is wrong even when its issuer is trusted.
            trusted_context().load_verify_locations(bank.certificate)
        url = f"{bank.url}/bank/feed.xml"
        refused = (await client.post("/api/feeds", json={"url": url})).json()
        assert (refused["code"], refused["reason_code"]) == ("feeds/unreachable", code)
        assert words in refused["reason"]
        # The feeds of a list are taken without a look at each.
        opml = f'<opml version="2.0"><body><outline text="Bank" xmlUrl="{url}"/></body></opml>'
        taken = await client.post("/api/feeds/opml", content=opml, headers={"content-type": "text/xml"})
        assert taken.json()["followed"] == 1
        [feed] = (await client.get("/api/feeds")).json()["items"]
        await run_jobs()
        await refresh(client, feed, run_jobs)
        assert not bank.requests()
    trusted_context.cache_clear()
    [item] = (await client.get("/api/feeds/health")).json()["items"]
    assert (item["state"], item["url"]) == ("failing", url)
    assert words in item["reason"]
    assert step in item["next_step"]
    assert item["next_check_at"] > clock.now().isoformat()


async def test_a_feed_that_goes_bad_is_told_and_tried_and_nothing_is_lost_when_it_is_back(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    url = address(news, site)
    feed = await follow(client, url)
    await run_jobs()
    news.fault(f"/{site.name}/feed.xml", "not-a-feed")
    publish(site, "Printed while nobody could read")
    for hours in (0, 24, 24, 26):
        clock.freeze(clock.now() + timedelta(hours=hours))
        await poll(run_jobs, due=url)
    failing = await seen(client, feed)
    assert (failing["state"], failing["error_code"], failing["entries"]) == ("failing", "not-a-feed", 3)
    assert failing["next_check_at"] > clock.now().isoformat()
    assert "because" in failing["check_reason"]
    assert failing["next_step"]
    notices = (await client.get("/api/notifications")).json()["items"]
    [notice] = [notice for notice in notices if notice["kind"] != "run_done"]
    assert (notice["kind"], notice["href"], notice["read"]) == ("feed_failing", f"/feeds/{feed['id']}", False)
    assert notice["title"].endswith("cannot be read")
    news.clear_faults()
    await poll(run_jobs, due=url)
    back = await seen(client, feed)
    assert (back["state"], back["error_code"], back["next_step"], back["entries"]) == ("active", None, None, 4)
    assert {entry["article_state"] for entry in back["latest"]} == {"fetched"}
    assert (await client.get("/api/feeds/health")).json()["items"] == []
    clock.unfreeze()


async def test_items_without_ids_are_stored_once_however_often_they_are_read(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    items = (
        f"<item><title>A page</title><link>{address(news, site, '/story-x.html')}</link></item>"
        "<item><title>Only words</title><description>No page and no id.</description></item>"
        "<item><description>Not even a title.</description></item><item/><item/>"
    )
    site.put("/bare.xml", rss(items), RSS)
    feed = await follow(client, address(news, site, "/bare.xml"))
    await run_jobs()
    first = (await seen(client, feed))["entries"]
    assert first >= 3
    for number in range(2):
        site.put("/bare.xml", rss(items, title=f"Paper {number}"), RSS)
        assert (await refresh(client, feed, run_jobs))["outcome"] == "nothing new"
    assert (await seen(client, feed))["entries"] == first


async def test_a_feed_of_a_hundred_thousand_items_is_looked_at_and_followed_within_bounds(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    site.put("/long.xml", rss("".join(f"<item><title>{n} of many</title></item>" for n in range(100_000))), RSS)
    url = address(news, site, "/long.xml")
    preview = (await client.post("/api/feeds/test", json={"url": url})).json()
    assert (preview["problem"], preview["entry_count"], len(preview["entries"])) == (None, 10_000, 10)
    feed = await follow(client, url)
    await run_jobs()
    read = await seen(client, feed)
    assert read["notes"] == ["The feed has more than is read at once: the rest of its items was left out."]


async def test_entities_that_multiply_or_name_files_are_words_at_most(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    hostile = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{lines}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    item = "<item><guid>1</guid><title>Laugh &e11; and &file; still</title></item>"
    site.put("/laugh.xml", f"<?xml version='1.0'?>{hostile}<rss version='2.0'><channel>{item}</channel></rss>", RSS)
    feed = await follow(client, address(news, site, "/laugh.xml"))
    await run_jobs()
    [entry] = (await seen(client, feed))["latest"]
    assert entry["title"].startswith("Laugh")
    assert len(entry["title"]) < 1000
    assert "root:" not in entry["title"]


async def test_a_wrong_encoding_does_not_stop_a_feed_and_is_mentioned(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    item = "<item><guid>1</guid><title>Geschäft für Möbel eröffnet – „groß“</title></item>"
    site.put("/de.xml", rss(item).encode("cp1252"), "application/rss+xml; charset=utf-8")
    feed = await follow(client, address(news, site, "/de.xml"))
    await run_jobs()
    read = await seen(client, feed)
    assert read["latest"][0]["title"] == "Geschäft für Möbel eröffnet – „groß“"
    assert (read["state"], len(read["notes"])) == ("active", 1)


async def test_pages_that_do_everything_wrong_are_known_by_their_headline_and_spoil_no_other(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    faults: list[Any] = [
        "gzip-bomb",
        "huge",
        "redirect-loop",
        "reset",
        "missing",
        "bot-wall",
        "empty",
        "endless-headers",
    ]
    brand = (await client.post("/api/brands", json={"name": "Lumara"})).json()
    bad = [publish(site, f"Lumara story {number}", hours_ago=1, feed="/bad.xml") for number in range(len(faults))]
    good = [publish(site, f"Lumara tale {number}", hours_ago=1, feed="/bad.xml") for number in range(2)]
    for item, fault in zip(bad, faults, strict=True):
        news.fault(f"/{site.name}{item.link}", fault)
    feed = await follow(client, address(news, site, "/bad.xml"))
    await run_jobs()
    read = {entry["title"]: entry for entry in (await seen(client, feed))["latest"]}
    assert {read[item.title]["article_state"] for item in good} == {"fetched"}
    assert "fetched" not in {read[item.title]["article_state"] for item in bad}
    # What may heal is tried again later; whatever it comes to, the headline is known in the end.
    clock.freeze(clock.now() + timedelta(days=3))
    await run_jobs()
    clock.unfreeze()
    mentions = (await client.get("/api/mentions", params={"brand": brand["id"], "limit": 100})).json()["items"]
    assert {mention["title"] for mention in mentions} == {item.title for item in [*bad, *good]}
    assert {run["state"] for run in (await client.get("/api/runs")).json()["items"]} == {"done"}


async def test_two_looks_at_one_feed_at_the_same_moment_store_everything_once(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    url = address(news, site)
    mine, theirs = await follow(client, url), await follow(other_client, url)
    for number in range(5):
        publish(site, f"More {number}")
    news.fault(f"/{site.name}/feed.xml", "slow", seconds=0.3)
    asked = await asyncio.gather(
        *(client.post(f"/api/feeds/{mine['id']}/refresh") for _ in range(3)),
        *(other_client.post(f"/api/feeds/{theirs['id']}/refresh") for _ in range(3)),
    )
    assert [answer.status_code for answer in asked] == [202] * 6
    await asyncio.gather(run_jobs(), poll(run_jobs))
    async with system_session() as db:
        pages = select(Article.url).where(Article.url.startswith(f"{news.url}/{site.name}/", autoescape=True))
        entries = select(FeedEntry.link).join(FeedDocument).where(FeedDocument.url == url)
        assert len(list(await db.scalars(pages))) == len(list(await db.scalars(entries))) == 8
    for item in site.feeds["/feed.xml"].items:
        assert len(news.requests(f"/{site.name}{item.link}")) == 1


@pytest.mark.parametrize("bad", ["a\x00b", "half a letter \ud800", "\udfff"])
async def test_letters_that_no_text_can_hold_are_refused_and_never_our_fault(
    client: httpx.AsyncClient, organization_id: UUID, bad: str
) -> None:
    for path, body in (
        ("/api/brands", {"name": bad}),
        ("/api/brands", {"name": "Acme", "names": [{"text": bad}], "context_words": [bad]}),
        ("/api/brands/proposals", {"name_or_website": bad}),
        ("/api/feeds", {"url": f"https://feeds.example/{bad}"}),
        ("/api/feeds/test", {"url": bad + "///"}),
        ("/api/organizations", {"name": bad}),
        ("/api/keys", {"name": bad, "role": "viewer"}),
        ("/api/reports", {"since_on": "2026-01-01", "until_on": "2026-01-02", "title": bad}),
        ("/api/session", {"email": f"{bad}@acme.example", "password": bad}),
    ):
        answer = await client.post(path, content=dumps(body), headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500, f"{path}: {answer.status_code} {answer.text}"
        assert answer.headers["content-type"] == "application/problem+json"
    for path in ("/api/stories", "/api/mentions", "/api/feeds", "/api/brands/suggestions"):
        answer = await client.get(path, params={"q": "a\x00b"})
        assert answer.status_code < 500, f"{path}: {answer.status_code} {answer.text}"
