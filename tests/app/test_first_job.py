"""The main job through HTTP: follow feeds, read their articles, find the brands in them, make a report to trust."""

import hashlib
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from brandhound.app.demo import BRANDS
from brandhound.core import clock
from brandhound.core.files import files
from brandhound.twins.news import NewsServer, serve
from brandhound.twins.news.telling import Article, articles, demo_library, outlets
from tests.feeds.conftest import RunJobs

CLEAR = ("Veloray", "Brask", "Kettle & Spoke")
"""Brands of the demo whose names mean nothing else."""


@pytest.fixture
def world() -> Generator[NewsServer]:
    """The demo's publishers, under an address that nobody has used before; nothing more is published meanwhile."""
    with serve(demo_library()) as server:
        server.set_clock(clock.now())
        yield server


def told_by_now(world: NewsServer, outlet: str) -> dict[str, Article]:
    """Path → article of what that outlet has published up to this moment."""
    by_slug = {article.slug: article for article in articles()}
    items = world.library.sites[outlet].feeds["/feed"].items
    return {item.link: by_slug[item.guid or ""] for item in items if item.published_at <= world.publisher.clock()}


def naming(name: str, world: NewsServer) -> set[str]:
    """Addresses of the articles in which a name stands."""
    return {
        f"{world.url}/{outlet}{path}"
        for outlet in outlets()
        for path, article in told_by_now(world, outlet).items()
        if name in " ".join((article.title, *article.paragraphs))
    }


async def start(client: httpx.AsyncClient, world: NewsServer) -> dict[str, str]:
    """Watch the demo's brands and follow its feeds; the brands' identifiers by name."""
    brands: dict[str, str] = {}
    for brand in BRANDS:
        made = await client.post("/api/brands", json=brand)
        assert made.status_code == 201, made.text
        brands[str(brand["name"])] = made.json()["id"]
    for outlet in outlets():
        followed = await client.post("/api/feeds", json={"url": f"{world.url}/{outlet}/feed"})
        assert followed.status_code == 201, followed.text
    return brands


async def all_of(client: httpx.AsyncClient, path: str, **wanted: Any) -> list[dict[str, Any]]:
    """Every item of a list, over all its pages."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = await client.get(path, params={**wanted, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


async def last_thirty_days(client: httpx.AsyncClient) -> dict[str, Any]:
    today = clock.today("Europe/Berlin")
    span = {"since_on": str(today - timedelta(days=30)), "until_on": str(today), "compare": False}
    made = await client.post("/api/reports", json=span)
    assert made.status_code == 201, made.text
    report: dict[str, Any] = made.json()
    assert report["state"] == "ready"
    return report


@pytest.mark.slow
async def test_from_feeds_to_a_report_and_once_for_everybody(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, world: NewsServer, run_jobs: RunJobs
) -> None:
    brands = await start(client, world)
    await run_jobs()
    await every_article_is_read_once(client, world)
    await the_brands_are_found_where_they_stand(client, world, brands)
    await the_evidence_is_what_was_fetched(client, world)
    await copies_are_told_from_originals(client, world)
    await the_report_adds_up_and_is_the_same_bytes_twice(client, brands)

    # Another organization is served with the same articles; nobody is asked for a page again.
    asked_before = len(world.requests())
    await start(other_client, world)
    await run_jobs()
    pages = {f"/{outlet}{path}" for outlet in outlets() for path in told_by_now(world, outlet)}
    assert [request.path for request in world.requests()[asked_before:] if request.path in pages] == []
    mine, theirs = await all_of(client, "/api/mentions"), await all_of(other_client, "/api/mentions")
    same = ("url", "text_sha256", "confidence", "tone", "salience", "evidence", "published_at")
    assert sorted(str([one[key] for key in same]) for one in mine) == sorted(
        str([one[key] for key in same]) for one in theirs
    )
    assert {one["id"] for one in mine}.isdisjoint({one["id"] for one in theirs})


async def every_article_is_read_once(client: httpx.AsyncClient, world: NewsServer) -> None:
    feeds = await all_of(client, "/api/feeds")
    assert {feed["title"] for feed in feeds} == {outlet.title for outlet in outlets().values()}
    for feed in feeds:
        told = told_by_now(world, feed["url"].removeprefix(world.url).split("/")[1])
        assert (feed["state"], feed["entries"]) == ("active", len(told)), feed
        latest = (await client.get(f"/api/feeds/{feed['id']}")).json()["latest"]
        assert {entry["article_state"] for entry in latest} == {"fetched"}
    for outlet in outlets():
        for path in told_by_now(world, outlet):
            assert len(world.requests(f"/{outlet}{path}")) == 1
    ended = {run["state"] for run in await all_of(client, "/api/runs")}
    assert ended == {"done"}


async def the_brands_are_found_where_they_stand(
    client: httpx.AsyncClient, world: NewsServer, brands: dict[str, str]
) -> None:
    for name in CLEAR:
        found = await all_of(client, "/api/mentions", brand=brands[name], standing="accepted")
        assert {mention["url"] for mention in found} == naming(name, world), name
    own = await all_of(client, "/api/mentions", brand=brands["Tallow"], standing="accepted")
    assert len(own) >= 15
    # What is rendered and fried in is not the maker of bicycles.
    kitchen = f"{world.url}/kitchen-table/"
    candles = next(url for url in naming("tallow", world) if url.endswith("/tallow-candles"))
    assert candles.startswith(kitchen)
    assert candles not in {mention["url"] for mention in own}


async def the_evidence_is_what_was_fetched(client: httpx.AsyncClient, world: NewsServer) -> None:
    mentions = await all_of(client, "/api/mentions")
    assert all(0 <= mention["confidence"] <= 1 and mention["reasons"] for mention in mentions)
    for mention in mentions:
        article = (await client.get(f"/api/articles/{mention['article_id']}")).json()
        for place in [*mention["evidence"], *([mention["quote"]] if mention["quote"] else [])]:
            source = article["title"] if place["field"] == "title" else article["text"]
            assert source[place["start"] : place["end"]] == (place.get("surface") or place["text"])
        assert hashlib.sha256(article["text"].encode()).hexdigest() == mention["text_sha256"]
        _, outlet, path = mention["url"].removeprefix(world.url).split("/", 2)
        served = world.library.sites[outlet].resources[f"/{path}"].body
        assert isinstance(served, bytes)
        assert hashlib.sha256(served).hexdigest() == mention["body_sha256"]
        assert files().get(mention["body_sha256"]) == served


async def copies_are_told_from_originals(client: httpx.AsyncClient, world: NewsServer) -> None:
    copies = {
        f"{world.url}/{outlet}{path}"
        for outlet in outlets()
        for path, article in told_by_now(world, outlet).items()
        if article.copies
    }
    found = {mention["url"] for mention in await all_of(client, "/api/mentions") if mention["reprint_of"]}
    named = {mention["url"] for mention in await all_of(client, "/api/mentions")}
    assert found == copies & named
    assert found
    assert sum(story["reprints"] for story in await all_of(client, "/api/stories")) == len(found)


async def the_report_adds_up_and_is_the_same_bytes_twice(client: httpx.AsyncClient, brands: dict[str, str]) -> None:
    report = await last_thirty_days(client)
    document = report["document"]
    counted = {name: await all_of(client, "/api/mentions", brand=brands[name], standing="accepted") for name in brands}
    for series in document["volume"]["series"]:
        name = next(name for name, brand_id in brands.items() if brand_id == series["brand_id"])
        assert sum(series["mentions"]) == len(counted[name]), name
    subject = [brand["name"] for brand in document["brands"] if brand["subject"]]
    assert document["headline"]["mentions"]["value"] == sum(len(counted[name]) for name in subject)
    for figure in document["headline"].values():
        if figure["unit"] == "count":
            behind = (
                await client.get(f"/api/reports/{report['id']}/evidence", params={"figure": figure["evidence"]})
            ).json()
            assert behind["total"] >= figure["value"] > 0
            assert all(item["body_sha256"] and item["sentence"] for item in behind["items"])
    exported = await client.get(f"/api/reports/{report['id']}/export.json")
    assert hashlib.sha256(exported.content).hexdigest() == report["document_sha256"]
    for kind in ("pdf", "html", "csv", "json"):
        first, second = [await client.get(f"/api/reports/{report['id']}/export.{kind}") for _ in range(2)]
        assert first.status_code == 200
        assert first.content == second.content
    assert (await client.get(f"/api/reports/{report['id']}/export.pdf")).content.startswith(b"%PDF-")
    # A person's word changes the next report and never this one.
    mention = counted["Tallow"][0]
    await client.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": "no"})
    assert (await client.get(f"/api/reports/{report['id']}")).json()["document_sha256"] == report["document_sha256"]
    after = (await last_thirty_days(client))["document"]["headline"]["mentions"]["value"]
    assert after == document["headline"]["mentions"]["value"] - 1
    await client.delete(f"/api/mentions/{mention['id']}/judgement")
