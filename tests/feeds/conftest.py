"""A publisher on the loopback, and a way to have queued work done."""

import itertools
from collections.abc import Awaitable, Callable, Generator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from brandhound.core import clock
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.news import Item, Library, NewsServer, serve
from brandhound.twins.news.library import Site

RunJobs = Callable[[], Awaitable[list[UUID]]]
_numbers = itertools.count()


@pytest.fixture(scope="session")
def publisher() -> Generator[NewsServer]:
    with serve(Library()) as server:
        yield server


@pytest.fixture
def news(publisher: NewsServer) -> Generator[NewsServer]:
    """A publisher that behaves until it is told otherwise."""
    publisher.clear_faults()
    publisher.set_clock(None)
    publisher.publisher.forget_requests()
    permitted = publisher.library.robots
    yield publisher
    publisher.library.robots = permitted
    publisher.set_clock(None)
    clock.unfreeze()


@pytest.fixture
def site(news: NewsServer) -> Site:
    """A site with a feed of three stories at /feed.xml, under a name that nobody has used before."""
    site = news.library.site(f"site-{uuid4().hex[:10]}")
    for number in range(3):
        publish(site, f"Story {number}", hours_ago=number + 1)
    return site


def publish(site: Site, title: str, *, hours_ago: float = 0.0, feed: str = "/feed.xml") -> Item:
    """One more story on a site, with its page."""
    number = next(_numbers)
    at = clock.now() - timedelta(hours=hours_ago, seconds=1)
    item = Item(title, f"/story-{number}.html", at, f"What {title} is about", guid=f"tag:{site.name},{number}")
    words = f"{title} is told here in full. " * 40
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{words}</p></article></body></html>"
    site.publish(feed, item, page)
    return item


@pytest.fixture
def run_jobs(database: object) -> RunJobs:
    """Do everything that is queued, and what that queues."""
    return run_until_idle


def address(news: NewsServer, site: Site, path: str = "/feed.xml") -> str:
    return f"{news.url}/{site.name}{path}"
