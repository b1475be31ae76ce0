"""Fetching the pages that feeds lead to, reading them, and keeping what they say."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.files import files
from brandhound.core.http.client import FetchFailed, FetchRequest, FetchResult, fetcher
from brandhound.core.problems import StorageFull
from brandhound.feeds.encoding import without_controls
from brandhound.feeds.extraction_pool import TEXT, ExtractionFailed, PageResult, extraction_pool
from brandhound.feeds.models import Article, FeedEntry
from brandhound.feeds.page_verdicts import (
    PATIENCE,
    PageVerdict,
    verdict_of_answer,
    verdict_of_failure,
    verdict_of_page,
)
from brandhound.feeds.sites import site_of
from brandhound.jobs.running import Run

AT_ONCE = 6
"""Pages that one run holds at the same time. A worker has dozens of such runs, and one host allows two at once."""
MAX_PAGE_BYTES = 10_000_000
GROUP = 10
"""Articles stored in one transaction."""
GROUP_SECONDS = 1.0
"""After this long a smaller group is stored, so that a crash costs little."""
LONGEST = {"title": 1000, "outlet": 200, "canonical_url": 2000}


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as those read it who look for brands in it. `text` is empty where none could be had."""

    id: UUID
    url: str
    title: str | None
    text: str
    language: str | None
    outlet: str | None
    site: str
    published_at: datetime | None
    authors: tuple[str, ...]
    body_sha256: str | None
    text_sha256: str | None
    minhash: bytes | None


@dataclass(slots=True)
class FetchTally:
    """What became of the articles. Those `pending` can be tried again later, after `retry_after` seconds if that is set."""

    fetched: int = 0
    failed: int = 0
    blocked: int = 0
    pending: int = 0
    already: int = 0
    """Had been read before."""
    retry_after: float | None = None
    storage_full: bool = False
    codes: dict[str, int] = field(default_factory=dict[str, int])
    """How often each reason was given for a page that could not be read in full."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An article to be read, with what the feed says of it."""

    id: UUID
    url: str
    first_seen_at: datetime
    title: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    outlet: str | None
    summary: str


async def fetch_articles(run: Run, article_ids: Sequence[UUID]) -> FetchTally:
    """Read the pages of those articles that are still pending, and store what they say.

    Safe to repeat, also after a crash: what is stored is not fetched again. No transaction is open while the network or
    the extraction waits. A page that cannot be read keeps the feed's title, date, authors and summary as its text.
    """
    async with run.session() as db:
        wanted = await _wanted(db, article_ids)
    tally = FetchTally(already=len(set(article_ids)) - len(wanted))
    outbox = _Outbox(run, tally, len(wanted))
    waiting = iter(wanted)

    async def work() -> None:
        # Each of these holds one page at a time, so that slow extraction slows the fetching down.
        for one in waiting:
            if tally.storage_full:
                return
            await outbox.put(one, *await _read(one, tally))

    workers = [asyncio.create_task(work()) for _ in range(min(AT_ONCE, len(wanted)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await outbox.flush()
    return tally


async def article_texts(db: Db, ids: Sequence[UUID]) -> list[ArticleText]:
    """The articles that there are among these, in the given order, with their texts from disk."""
    rows = {row.id: row for row in await db.scalars(select(Article).where(Article.id.in_(ids)))}
    found = [rows[article_id] for article_id in dict.fromkeys(ids) if article_id in rows]
    texts = await asyncio.to_thread(lambda: [_text(row.text_sha256) for row in found])
    return [
        ArticleText(
            id=row.id,
            url=row.url,
            title=row.title,
            text=text,
            language=row.language,
            outlet=row.outlet,
            site=row.site,
            published_at=row.published_at,
            authors=tuple(row.authors),
            body_sha256=row.body_sha256,
            text_sha256=row.text_sha256,
            minhash=row.minhash,
        )
        for row, text in zip(found, texts, strict=True)
    ]


def _text(sha256: str | None) -> str:
    if sha256 is None:
        return ""
    try:
        return files().get(sha256).decode("utf-8", "replace")
    except FileNotFoundError:
        # A restored database with an older folder of files: the article is there, its text has to be read again.
        return ""


async def _wanted(db: Db, article_ids: Sequence[UUID]) -> list[_Wanted]:
    rows = await db.scalars(select(Article).where(Article.id.in_(article_ids), Article.state == "pending"))
    articles = {row.id: row for row in rows}
    entries: dict[UUID, FeedEntry] = {}
    for entry in await db.scalars(select(FeedEntry).where(FeedEntry.article_id.in_(list(articles)))):
        # Several feeds may name one page: the one that says most of it is heard.
        if entry.article_id and len(entry.summary) >= len(entries.get(entry.article_id, entry).summary):
            entries[entry.article_id] = entry
    return [
        _Wanted(
            id=row.id,
            url=row.url,
            first_seen_at=row.first_seen_at,
            title=row.title or (entry.title if entry else None),
            authors=tuple(row.authors or (entry.authors if entry else ())),
            published_at=row.published_at,
            outlet=row.outlet,
            summary=entry.summary if entry else "",
        )
        for article_id in dict.fromkeys(article_ids)
        if (row := articles.get(article_id)) is not None
        for entry in (entries.get(article_id),)
    ]


async def _read(one: _Wanted, tally: FetchTally) -> tuple[PageVerdict, dict[str, Any]]:
    """Fetch and read one page: what becomes of the article, and the columns to set. Nothing here is stored in tables."""
    answer: FetchResult | None = None
    try:
        answer = await fetcher().fetch(FetchRequest(one.url, max_bytes=MAX_PAGE_BYTES, purpose="page"))
        verdict = verdict_of_answer(answer)
        wait = answer.retry_after
    except FetchFailed as failed:
        verdict, wait = verdict_of_failure(failed), failed.retry_after
    if verdict.state == "pending":
        if clock.now() - one.first_seen_at < PATIENCE:
            tally.retry_after = max(tally.retry_after or 0, wait or 0) or None
            return verdict, {}
        verdict = PageVerdict("failed", verdict.code)
    try:
        if answer is not None and verdict.has_page:
            return await _read_page(one, answer)
        return verdict, await _from_feed(one)
    except StorageFull as full:
        tally.storage_full = True
        return PageVerdict("pending", full.code), {}


async def _read_page(one: _Wanted, answer: FetchResult) -> tuple[PageVerdict, dict[str, Any]]:
    at = clock.now()
    stored: dict[str, Any] = {"body_sha256": await _keep(answer.body), "fetched_at": at}
    try:
        page = await extraction_pool().extract(answer.body, answer.final_url, answer.headers, at)
    except ExtractionFailed as failed:
        return PageVerdict("failed", failed.code), stored | await _from_feed(one)
    verdict = verdict_of_page(answer, page)
    if not verdict.has_page:
        return verdict, stored | await _from_feed(one)
    said = _from_page(one, answer, page)
    if not page.text:
        return PageVerdict(verdict.state, verdict.code or "no-text"), stored | said | await _from_feed(one)
    await _keep(page.text.encode("utf-8", "replace"))
    said |= {"text_sha256": page.text_sha256, "text_length": len(page.text), "minhash": page.minhash}
    return verdict, stored | said


def _from_page(one: _Wanted, answer: FetchResult, page: PageResult) -> dict[str, Any]:
    """What the page says of itself; where it is silent, the feed's word stands."""
    said = {
        "canonical_url": page.canonical_url,
        "title": page.title or one.title,
        "outlet": page.outlet or one.outlet,
    }
    return {
        **{name: without_controls(value)[: LONGEST[name]] if value else None for name, value in said.items()},
        "site": site_of(answer.final_url) or "",
        "authors": [without_controls(name)[:200] for name in page.authors or one.authors][:20],
        "published_at": page.published or one.published_at,
        "modified_at": page.modified,
        "language": page.language,
    }


async def _from_feed(one: _Wanted) -> dict[str, Any]:
    """The feed's summary in the place of a text that could not be had; `error_code` says that it is not the page's."""
    text = one.summary.strip()
    if not text:
        return {}
    data = text.encode("utf-8", "replace")
    await _keep(data)
    read = await extraction_pool().run(TEXT, data)
    return {
        "text_sha256": read["text_sha256"],
        "text_length": len(text),
        "minhash": bytes.fromhex(read["minhash"]) if read["minhash"] else None,
        "language": read["language"],
    }


async def _keep(data: bytes) -> str:
    return await asyncio.to_thread(files().put, data)


class _Outbox:
    """Stores articles in small groups as they come."""

    def __init__(self, run: Run, tally: FetchTally, total: int) -> None:
        self._run = run
        self._tally = tally
        self._total = total
        self._done = 0
        self._rows: list[dict[str, Any]] = []
        self._since = monotonic()
        self._lock = asyncio.Lock()

    async def put(self, one: _Wanted, verdict: PageVerdict, columns: dict[str, Any]) -> None:
        self._rows.append({**columns, "id": one.id, "state": verdict.state, "error_code": verdict.code})
        setattr(self._tally, verdict.state, getattr(self._tally, verdict.state) + 1)
        if verdict.code:
            self._tally.codes[verdict.code] = self._tally.codes.get(verdict.code, 0) + 1
        self._done += 1
        if len(self._rows) >= GROUP or monotonic() - self._since > GROUP_SECONDS:
            await self.flush()
        await self._run.progress(self._done, self._total, "Fetching articles")

    async def flush(self) -> None:
        async with self._lock:
            rows, self._rows = self._rows, []
            self._since = monotonic()
            if not rows:
                return
            # In one order, so that two runs over the same articles do not wait for each other in a circle.
            async with self._run.session() as db:
                for row in sorted(rows, key=lambda row: row["id"]):
                    values = {name: value for name, value in row.items() if name != "id"}
                    await db.execute(
                        update(Article)
                        .where(Article.id == row["id"], Article.state == "pending")
                        .values(values)
                        .execution_options(synchronize_session=False)
                    )
