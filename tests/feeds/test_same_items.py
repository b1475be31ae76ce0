"""Feeds whose ids, pages or titles are shared by several items: each is stored once, and none is missed."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from brandhound.core.system import system_session
from brandhound.feeds.models import FeedDocument, FeedEntry
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address
from tests.feeds.test_following import follow
from tests.feeds.test_polling import document_of, refresh, seen

pytestmark = pytest.mark.anyio


def item(title: str, page: str, guid: str | None = None) -> str:
    identity = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<item>{identity}<link>{page}</link><title>{title}</title></item>"


def write(site: Site, items: Iterable[str], path: str = "/log.xml") -> None:
    site.put(path, f"<rss version='2.0'><channel><title>Log</title>{''.join(items)}</channel></rss>")


async def read_again(client: httpx.AsyncClient, feed: dict[str, Any], run_jobs: RunJobs) -> tuple[str, dict[str, Any]]:
    return (await refresh(client, feed, run_jobs))["outcome"], await seen(client, feed)


def releases(news: NewsServer, site: Site, numbers: Iterable[int], *, guids: bool = True) -> list[str]:
    page = f"{news.url}/{site.name}/changelog.html"
    return [item(f"Release {n}", f"{page}#v{n}", f"v{n}" if guids else None) for n in numbers]


async def test_a_changelog_on_one_page_goes_on_after_all_its_items_were_replaced(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    write(site, releases(news, site, range(5)))
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    for first in (5, 10, 15):
        write(site, releases(news, site, range(first, first + 5)))
        outcome, read = await read_again(client, feed, run_jobs)
        assert (outcome, read["entries"], read["notes"]) == ("5 new items", first + 5, [])
    write(site, releases(news, site, range(16, 21)))
    assert (await read_again(client, feed, run_jobs))[0] == "1 new item"


async def test_a_changelog_whose_ids_were_not_believed_is_heard_again(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    write(site, releases(news, site, range(5)))
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    url = address(news, site, "/log.xml")
    async with system_session() as db:
        judged = {"identity_rule": "url", "churned": 2}
        await db.execute(update(FeedDocument).where(FeedDocument.url == url).values(judged))
    write(site, releases(news, site, range(3, 8)))
    outcome, read = await read_again(client, feed, run_jobs)
    assert (outcome, read["entries"]) == ("3 new items", 8)


async def test_items_without_ids_on_one_page_are_items_of_their_own(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    write(site, releases(news, site, range(4), guids=False))
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    assert (await seen(client, feed))["entries"] == 4
    write(site, releases(news, site, range(2, 6), guids=False))
    outcome, read = await read_again(client, feed, run_jobs)
    assert outcome == "2 new items"
    assert {entry["title"] for entry in read["latest"]} == {f"Release {n}" for n in range(6)}


async def test_the_same_id_on_every_item_mixes_nothing_and_misses_nothing(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    def stories(count: int) -> list[str]:
        return [item(f"Story {n}", f"{news.url}/{site.name}/p{n}.html", "site") for n in range(count)][::-1]

    write(site, stories(1))
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    for count in (2, 3, 4):
        write(site, stories(count))
        outcome, read = await read_again(client, feed, run_jobs)
        pages = {entry["title"]: entry["link"].rpartition("/")[2] for entry in read["latest"]}
        assert (outcome, pages) == ("1 new item", {f"Story {n}": f"p{n}.html" for n in range(count)})


async def test_headline_and_page_that_were_mixed_are_put_right(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    pages = [f"{news.url}/{site.name}/p{n}.html" for n in range(3)]
    write(site, [item("Story 1", pages[1], "site")])
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    document = await document_of(address(news, site, "/log.xml"))
    async with system_session() as db:
        mixed = update(FeedEntry).where(FeedEntry.document_id == document.id).values(title="Story 2")
        await db.execute(mixed)
    write(site, [item("Story 2", pages[2], "site"), item("Story 1", pages[1], "site")])
    outcome, read = await read_again(client, feed, run_jobs)
    assert outcome == "1 new item"
    assert {(entry["title"], entry["link"]) for entry in read["latest"]} == {
        ("Story 1", pages[1]),
        ("Story 2", pages[2]),
    }


def numbered(news: NewsServer, site: Site, scheme: str, numbers: Iterable[int]) -> list[str]:
    """Items with pages of their own and ids that begin with that scheme."""
    return [item(f"Q{n}", f"{news.url}/{site.name}/q{n}.html", f"{scheme}://x.example/?p={n}") for n in numbers]


async def test_ids_that_were_exchanged_once_are_believed_from_then_on(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    stories = partial(numbered, news, site)
    write(site, stories("http", range(5)))
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    for numbers, outcome in ((range(5), "nothing new"), (range(1, 6), "1 new item"), (range(2, 7), "1 new item")):
        write(site, stories("https", numbers))
        assert (await read_again(client, feed, run_jobs))[0] == outcome
    read = await seen(client, feed)
    assert (read["entries"], read["notes"]) == (7, [])


async def test_ids_that_were_exchanged_while_much_was_new_store_nothing_twice(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    stories = partial(numbered, news, site)
    write(site, stories("http", range(10)))
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    for first, outcome in ((4, "4 new items"), (5, "1 new item")):
        write(site, stories("https", range(first, first + 10)))
        assert (await read_again(client, feed, run_jobs))[0] == outcome
    read = await seen(client, feed)
    assert (read["entries"], read["notes"]) == (15, [])


async def test_a_page_is_the_same_however_its_address_is_encoded(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    place = f"{news.url}/{site.name}"
    pages = [[f"{place}/caf%C3%A9.html", f"{place}/~ann.html"], [f"{place}/caf%c3%a9.html", f"{place}/%7eann.html"]]
    write(site, [item(f"T{n}", page) for n, page in enumerate(pages[0])])
    feed = await follow(client, address(news, site, "/log.xml"))
    await run_jobs()
    write(site, [item(f"T{n}", page) for n, page in enumerate([*pages[1], f"{place}/%C3%89.html"])])
    outcome, read = await read_again(client, feed, run_jobs)
    assert (outcome, read["entries"]) == ("1 new item", 3)
