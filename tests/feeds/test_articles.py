"""The pages that feeds lead to are fetched once, read, and kept; what cannot be read is told apart."""

import errno
import os
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.files import files
from brandhound.core.http.client import fetcher
from brandhound.core.ids import uuid7
from brandhound.feeds.articles import ArticleText, article_texts
from brandhound.feeds.models import Article, FeedDocument, FeedEntry
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site

pytestmark = pytest.mark.anyio
WORDS = "Acme opens its third factory in the north, and four hundred people will work there from the spring on. " * 12
Read = Callable[..., Awaitable[list[Article]]]


def page(title: str = "Acme opens a factory", head: str = "", body: str = f"<p>{WORDS}</p>") -> bytes:
    return f"<html lang='en'><head><title>{title}</title>{head}</head><body><article>{body}</article></body></html>".encode()


@pytest.fixture
def read(organization_id: UUID, news: NewsServer, site: Site) -> Read:
    """Let the product read pages of the site, given as path to what its feed says of it; the articles after it."""

    async def read(*paths: str, **said: Any) -> list[Article]:
        ids = await name_in_feed(organization_id, [f"{news.url}/{site.name}{path}" for path in paths], **said)
        return await read_again(organization_id, ids)

    return read


async def name_in_feed(organization_id: UUID, urls: list[str], **said: Any) -> list[UUID]:
    now = clock.now()
    entry = {
        "title": "What the feed calls it",
        "summary": "Acme is said to build something.",
        "authors": ["Feed Author"],
    }
    entry |= {"published_at": now - timedelta(hours=1), "published_confidence": "stated", "first_seen_at": now} | said
    async with tenant_session(organization_id) as db:
        document = uuid7()
        url = f"https://feeds.example/{document}"
        await db.execute(insert(FeedDocument).values(id=document, url=url, url_key=url, state="active"))
        ids: list[UUID] = []
        for url in urls:
            article = uuid7()
            ids.append(article)
            facts = {
                "url": url,
                "url_key": f"{url}#{article}",
                "site": "feeds.example",
                "first_seen_at": entry["first_seen_at"],
            }
            await db.execute(insert(Article).values(id=article, state="pending", title=entry["title"], **facts))
            await db.execute(
                insert(FeedEntry).values(
                    id=uuid7(), document_id=document, identity=str(article), article_id=article, **entry
                )
            )
    return ids


async def read_again(organization_id: UUID, ids: list[UUID]) -> list[Article]:
    async with tenant_session(organization_id) as db:
        document = await db.scalar(select(FeedEntry.document_id).where(FeedEntry.article_id == ids[0]))
        parameters = {"document_id": str(document), "article_ids": [str(article_id) for article_id in ids]}
        run = await enqueue(db, "feeds.fetch_articles", parameters, key=str(uuid4()))
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        ended = (await db.scalars(select(RunRow).where(RunRow.id == run.id))).one()
        assert ended.error_code is None, ended.error_detail
        rows = {row.id: row for row in await db.scalars(select(Article).where(Article.id.in_(ids)))}
    return [rows[article_id] for article_id in ids]


async def texts(organization_id: UUID, *articles: Article) -> list[ArticleText]:
    async with tenant_session(organization_id) as db:
        return await article_texts(db, [article.id for article in articles])


async def test_a_page_is_fetched_read_and_kept(read: Read, site: Site, organization_id: UUID) -> None:
    head = (
        '<meta property="og:site_name" content="The Example"><meta name="author" content="By Jane Doe and John Roe">'
        '<meta property="article:published_time" content="2026-02-27T10:00:00+01:00">'
    )
    site.put("/a.html", page(head=head))
    (article,) = await read("/a.html")
    assert (article.state, article.error_code) == ("fetched", None)
    assert article.title == "Acme opens a factory"
    assert article.outlet == "The Example"
    assert article.authors == ["Jane Doe", "John Roe"]
    assert article.published_at == datetime(2026, 2, 27, 9, tzinfo=UTC)
    assert article.language == "en"
    assert article.fetched_at is not None
    assert article.body_sha256 is not None
    assert files().get(article.body_sha256) == page(head=head)
    (text,) = await texts(organization_id, article)
    assert text.text.startswith("Acme opens its third factory")
    assert article.text_length == len(text.text)
    assert len(text.minhash or b"") == 512


async def test_the_feed_speaks_where_the_page_is_silent(read: Read, site: Site) -> None:
    site.put("/a.html", page(title=""))
    (article,) = await read("/a.html")
    assert article.state == "fetched"
    assert article.title == "What the feed calls it"
    assert article.authors == ["Feed Author"]


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ("missing", "failed", "not-found"),
        ("gone", "failed", "gone"),
        ("forbidden", "blocked", "forbidden"),
        ("payment", "blocked", "paywall"),
        ("bot-wall", "blocked", "bot-wall"),
        ("error", "pending", "http-500"),
        ("too-many-requests", "pending", "rate-limited"),
        ("redirect-loop", "failed", "redirect-loop"),
        ("reset", "pending", "connection"),
        ("gzip-bomb", "failed", "ratio"),
        ("empty", "failed", "not-a-page"),
    ],
)
async def test_each_refusal_is_called_by_its_name(
    read: Read, news: NewsServer, site: Site, fault: Any, state: str, code: str, organization_id: UUID
) -> None:
    site.put("/a.html", page())
    news.fault(f"/{site.name}/a.html", fault)
    (article,) = await read("/a.html")
    assert (article.state, article.error_code) == (state, code)
    # The summary stands in for the page, unless the page is tried again.
    (text,) = await texts(organization_id, article)
    assert text.text == ("" if state == "pending" else "Acme is said to build something.")


@pytest.mark.parametrize(
    ("html", "state", "code"),
    [
        (page("404 - Page not found", body="<p>We are sorry.</p>"), "failed", "soft-404"),
        (page("Seite nicht gefunden", body="<p>Das tut uns leid.</p>"), "failed", "soft-404"),
        (page("Just a moment...", body="<p>Enable JavaScript and cookies to continue</p>"), "blocked", "bot-wall"),
        (page(head='<meta name="article:content_tier" content="locked">', body="<p>Acme.</p>"), "blocked", "paywall"),
        (page(head='<meta name="article:content_tier" content="metered">'), "fetched", "paywalled"),
        (page(head="<script src='https://www.google.com/g-recaptcha.js'></script>"), "fetched", None),
        (page(body=""), "fetched", "no-text"),
        (b"%PDF-1.7 " + bytes(2000), "failed", "not-a-page"),
        (b"", "failed", "not-a-page"),
    ],
)
async def test_what_stands_in_an_articles_place_is_recognised(
    read: Read, site: Site, html: bytes, state: str, code: str | None
) -> None:
    site.put("/a.html", html)
    (article,) = await read("/a.html")
    assert (article.state, article.error_code) == (state, code)
    assert article.text_length


async def test_other_kinds_of_files_are_no_articles(read: Read, site: Site) -> None:
    site.put("/a.pdf", b"%PDF-1.7", content_type="application/pdf")
    (article,) = await read("/a.pdf")
    assert (article.state, article.error_code) == ("failed", "not-a-page")


async def test_a_page_that_robots_may_not_read_is_left_alone(read: Read, news: NewsServer, site: Site) -> None:
    site.put("/secret.html", page())
    news.library.robots = f"User-agent: *\nDisallow: /{site.name}/secret"
    fetcher().forget_robots()
    try:
        (article,) = await read("/secret.html")
    finally:
        news.library.robots = "User-agent: *\nAllow: /\n"
        fetcher().forget_robots()
    assert (article.state, article.error_code) == ("blocked", "robots")
    assert news.requests(f"/{site.name}/secret.html") == []


async def test_a_page_that_was_read_is_not_fetched_again(
    read: Read, news: NewsServer, site: Site, organization_id: UUID
) -> None:
    for number in range(30):
        site.put(f"/{number}.html", page(f"Story number {number} of Acme"))
    articles = await read(*(f"/{number}.html" for number in range(30)))
    assert {article.state for article in articles} == {"fetched"}
    assert [article.title for article in articles] == [f"Story number {number} of Acme" for number in range(30)]
    asked = len(news.requests())
    await read_again(organization_id, [article.id for article in articles])
    assert len(news.requests()) == asked


async def test_a_failure_is_believed_after_two_days(read: Read, news: NewsServer, site: Site) -> None:
    news.fault(f"/{site.name}/a.html", "error")
    (article,) = await read("/a.html", first_seen_at=clock.now() - timedelta(days=3))
    assert (article.state, article.error_code) == ("failed", "http-500")


async def test_a_full_disk_loses_nothing(
    read: Read, site: Site, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    site.put("/a.html", page(str(uuid4())))
    with monkeypatch.context() as disk:
        disk.setattr(tempfile, "mkstemp", full)
        (article,) = await read("/a.html")
        assert (article.state, article.error_code) == ("pending", "core/storage-full")
        assert article.body_sha256 is None
    (article,) = await read_again(organization_id, [article.id])
    assert (article.state, article.error_code) == ("fetched", None)


async def test_a_text_whose_file_is_gone_is_empty_and_not_an_error(
    read: Read, site: Site, organization_id: UUID
) -> None:
    site.put("/a.html", page(body=f"<p>{uuid4()} {WORDS}</p>"))
    (article,) = await read("/a.html")
    assert article.text_sha256 is not None
    files().path(article.text_sha256).unlink()
    (text,) = await texts(organization_id, article)
    assert text.text == ""


async def test_texts_come_in_the_order_they_are_asked_for(read: Read, site: Site, organization_id: UUID) -> None:
    site.put("/a.html", page("First story of Acme"))
    site.put("/b.html", page("Second story of Acme"))
    first, second = await read("/a.html", "/b.html")
    found = await texts(organization_id, second, first)
    assert [text.title for text in found] == ["Second story of Acme", "First story of Acme"]
