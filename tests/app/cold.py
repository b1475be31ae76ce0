"""A small cold run for tests: an installation with a server of its own, a publisher, and what must be there at the end."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

import psycopg

from brandhound.app.slices import JOB_MODULES
from brandhound.brands.schemas import NewBrand
from brandhound.brands.watching import watch_brand
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.feeds.following import follow_document
from brandhound.jobs.registry import enqueue
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role
from brandhound.twins.news import NewsServer
from tests.databases import TestDatabase
from tests.factories.people import make_person
from tests.jobs.workers import wait_until

BRANDS = ("Veloray", "Norvella", "Brask")
UNFINISHED = (
    "select count(*) from runs where state in ('scheduled', 'queued', 'running', 'waiting') and job <> 'feeds.poll'"
)
NEWS = "the council of Port Ansel met for the third time this week and spoke at length about the harbour and its price"

# Imported for the jobs that they register.
assert len(JOB_MODULES) > 0


def page_of(number: int, edition: str = "") -> bytes:
    """A page that names one of the brands; no two are alike, nor those of two editions."""
    brand = BRANDS[number % len(BRANDS)]
    words = " ".join(f"In paragraph {number}-{line}{edition} {NEWS}, as {brand} had asked." for line in range(12))
    head = f"<title>{brand} in story number {number}</title>"
    return f"<html lang='en'><head>{head}</head><body><article><p>{words}</p></article></body></html>".encode()


@dataclass(frozen=True)
class ColdRun:
    """An organization that follows all feeds of a publisher and watches three brands."""

    database: TestDatabase
    news: NewsServer
    organization_id: UUID
    feed_ids: list[UUID]
    articles: int

    @classmethod
    async def begin(cls, database: TestDatabase, news: NewsServer) -> "ColdRun":
        """Follow everything, and queue the first look at each feed."""
        organization_id, _, _ = await make_person()
        caller = Caller(organization_id, Role.OWNER, "Europe/Berlin")
        sites = list(news.library.sites.values())
        async with tenant_session(organization_id) as db:
            for name in BRANDS:
                await watch_brand(db, caller, NewBrand(name=name), clock.now())
            feeds = [(await follow_document(db, f"{news.url}/{site.name}/feed.xml", clock.now())).id for site in sites]
            for feed_id in feeds:
                await enqueue(db, "feeds.refresh", {"feed_id": feed_id})
        return cls(database, news, organization_id, feeds, sum(len(site.resources) for site in sites))

    def count(self, query: LiteralString) -> int:
        """One number."""
        return int(self.database.look(query)[0][0])

    def read(self) -> set[str]:
        """The addresses of the articles that are stored by now."""
        return {str(row[0]) for row in self.database.look("select url from articles where state = 'fetched'")}

    async def in_the_middle(self) -> set[str]:
        """Wait until some articles are stored, and far from all; those that are."""
        await asyncio.to_thread(wait_until, lambda: len(self.read()) >= self.articles // 6, 120, "articles are stored")
        return self.read()

    async def completed(self, seconds: float = 240) -> None:
        """Wait until nothing is left to be done."""

        def done() -> bool:
            return self.count("select count(*) from articles") == self.articles and not self.count(UNFINISHED)

        await asyncio.to_thread(wait_until, done, seconds, "the run is complete")

    def busiest(self) -> str:
        """The worker that has the most runs."""
        query = "select worker from runs where state = 'running' group by 1 order by count(*) desc limit 1"
        found: list[str] = []

        def is_found() -> bool:
            found.extend(str(row[0]) for row in self.database.look(query))
            return bool(found)

        wait_until(is_found, 60, "somebody is at work")
        return found[0]

    def asked(self) -> Counter[str]:
        """How often each address was asked for."""
        return Counter(self.news.url + logged.path for logged in self.news.requests())

    def assert_nothing_is_missing_and_nothing_twice(self) -> None:
        wanted = {
            (f"{self.news.url}/{name}{path}", next(brand for brand in BRANDS if brand.encode() in bytes(page.body)))
            for name, site in self.news.library.sites.items()
            for path, page in site.resources.items()
            if isinstance(page.body, bytes)
        }
        assert len(wanted) == self.articles
        with psycopg.connect(self.database.url) as connection:
            entries = connection.execute("select link, count(*) from feed_entries group by link").fetchall()
            articles = connection.execute("select url, state, error_code from articles").fetchall()
            mentions = connection.execute(
                "select m.url, b.name from mentions m join brands b on b.id = m.brand_id"
            ).fetchall()
            told = connection.execute("select article_id, count(*) from story_articles group by article_id").fetchall()
            ends = connection.execute("select job, state, error_detail from runs where state <> 'done'").fetchall()
        assert sorted(entries) == sorted((url, 1) for url, _ in wanted)
        assert sorted(articles) == sorted((url, "fetched", None) for url, _ in wanted)
        assert sorted(mentions) == sorted(wanted)
        assert [count for _, count in told] == [1] * self.articles
        assert [end for end in ends if end[0] != "feeds.poll"] == []
