"""Feeds that somebody stops following while they are being looked at."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.feeds import polling
from brandhound.feeds.looking import Look
from brandhound.feeds.models import FeedDocument
from brandhound.jobs.models import RunRow
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address
from tests.feeds.test_following import follow
from tests.feeds.test_polling import document_of, poll

pytestmark = pytest.mark.anyio

ANN = {"user": "ann", "password": "pw"}


def leave_during_the_look(monkeypatch: pytest.MonkeyPatch, client: httpx.AsyncClient, feed: dict[str, Any]) -> None:
    """Unfollow a feed between its look and the storing of it."""
    real = polling.look_at

    async def look_and_leave(document: FeedDocument, *rest: Any) -> Look:
        look = await real(document, *rest)
        if document.url == feed["url"]:
            await client.delete(f"/api/feeds/{feed['id']}")
        return look

    monkeypatch.setattr(polling, "look_at", look_and_leave)


async def test_the_other_feeds_of_the_round_are_written_down(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.passwords["/"] = ("ann", "pw")
    site.feeds["/b.xml"] = site.feeds["/feed.xml"]
    urls = [address(news, site), address(news, site, "/b.xml")]
    left, _ = [await follow(client, url, credentials=ANN) for url in urls]
    await run_jobs()
    before = (await document_of(urls[1])).last_checked_at
    leave_during_the_look(monkeypatch, client, left)
    async with system_session() as db:
        # Only these two, since other tests left feeds behind.
        await db.execute(update(FeedDocument).where(FeedDocument.url.not_in(urls)).values(next_check_at=None))
        await db.execute(update(FeedDocument).where(FeedDocument.url.in_(urls)).values(next_check_at=clock.now()))
    await poll(run_jobs)
    async with system_session() as db:
        last = select(RunRow).where(RunRow.job == "feeds.poll").order_by(RunRow.created_at.desc(), RunRow.id.desc())
        run = (await db.scalars(last.limit(1))).one()
        assert (run.state, await db.scalar(select(FeedDocument.id).where(FeedDocument.url == urls[0]))) == (
            "done",
            None,
        )
    after = (await document_of(urls[1])).last_checked_at
    assert before is not None
    assert after is not None
    assert after > before


@pytest.mark.parametrize("credentials", [None, ANN], ids=["shared", "private"])
@pytest.mark.parametrize("looks", ["the first", "a later one"])
async def test_its_own_check_ends_quietly(
    client: httpx.AsyncClient,
    news: NewsServer,
    site: Site,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
    credentials: dict[str, str] | None,
    looks: str,
) -> None:
    feed = await follow(client, address(news, site), credentials=credentials)
    if looks == "a later one":
        await run_jobs()
    run = (await client.post(f"/api/feeds/{feed['id']}/refresh")).json()
    leave_during_the_look(monkeypatch, client, feed)
    await run_jobs()
    ended = (await client.get(f"/api/runs/{run['id']}")).json()
    assert (ended["state"], ended["reason"]) == ("cancelled", "the feed is not followed any more")
    assert (await client.get("/api/notifications")).json()["items"] == []
