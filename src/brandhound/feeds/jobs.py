"""Work on feeds that is queued."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel

from brandhound.core.db import tenant_session
from brandhound.core.http.dates import clamp_wait
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.feeds.articles import fetch_articles
from brandhound.feeds.backfilling import backfill
from brandhound.feeds.catching_up import queue_forgotten_articles
from brandhound.feeds.claiming import claim_due, claim_one, distrust_the_future, is_free
from brandhound.feeds.polling import Tally, check
from brandhound.feeds.queries import feed_by_id
from brandhound.feeds.queueing import queue_pending
from brandhound.feeds.telling import announce_to_followers
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial, Snooze
from brandhound.jobs.registry import Run, job

A_BATCH = 200
POLL_FOR = 240.0
AGAIN_AFTER = timedelta(minutes=10)
WAIT_FOR_OTHERS = 90.0


class RefreshFeed(BaseModel):
    """Which followed feed to check."""

    feed_id: UUID


class FetchArticles(BaseModel):
    """Pages to read, and the feed whose followers are told."""

    document_id: UUID
    article_ids: list[UUID]


class BackfillFeed(BaseModel):
    """The feed document whose history is looked for."""

    document_id: UUID


@job("feeds.refresh", queue="fetch", timeout=timedelta(minutes=5), title="Check a feed")
async def refresh(run: Run, parameters: RefreshFeed) -> Outcome:
    """Fetch one feed now and store what is new. Safe to repeat."""
    try:
        async with run.session() as db:
            feed, document = await feed_by_id(db, parameters.feed_id)
    except NotThere:
        return Cancel("the feed is not followed any more")
    if feed.paused:
        return Cancel("the feed is paused")
    await run.progress(0, 1, "Fetching the feed")
    claimed = await claim_one(document.id)
    if claimed is None:
        return await _await_other(run, document.id)
    tally = Tally()
    await check([claimed], tally, organization_id=run.organization_id)
    try:
        async with run.session() as db:
            _, after = await feed_by_id(db, parameters.feed_id)
    except NotThere:
        return Cancel("the feed is not followed any more")
    await run.progress(1, 1, "Checked")
    if tally.failed:
        return Partial(after.error_detail or "The feed could not be read.")
    return Done(count_of(tally.entries, "new item") if tally.entries else "nothing new")


async def _await_other(run: Run, document_id: UUID) -> Outcome:
    """Another run is looking at the same feed: its result is ours."""
    ends = time.monotonic() + WAIT_FOR_OTHERS
    await run.log("info", "Another run is checking this feed; waiting for it")
    while time.monotonic() < ends:
        await run.check()
        await asyncio.sleep(0.25)
        if await is_free(document_id):
            return Done("checked by another run at the same time")
    return Partial("another run has been checking this feed for too long; it is tried again by itself")


@job("feeds.poll", queue="fetch", timeout=timedelta(minutes=6), title="Check due feeds", every=timedelta(minutes=1))
async def poll(run: Run) -> Outcome:
    """Fetch all shared feeds that are due, each once for everybody who follows it. Safe to repeat and to run twice."""
    tally, ends = Tally(), time.monotonic() + POLL_FOR
    await queue_forgotten_articles()
    await distrust_the_future()
    while time.monotonic() < ends:
        claimed, parked = await claim_due(A_BATCH)
        tally.parked += parked
        if not claimed and not parked:
            break
        await check(claimed, tally)
        await run.progress(tally.checked, None, tally.words())
    return Done(tally.words())


@job("feeds.fetch_articles", queue="fetch", timeout=timedelta(minutes=30), title="Read pages", startable=False)
async def read_articles(run: Run, parameters: FetchArticles) -> Outcome:
    """Fetch the pages that a feed's new items lead to, and tell everybody who follows it. Safe to repeat."""
    tally = await fetch_articles(run, parameters.article_ids)
    if tally.storage_full:
        return Snooze(timedelta(minutes=5), "the disk is full; nothing is lost, and it goes on by itself")
    told = await run.step("tell", announce_to_followers, parameters.document_id, parameters.article_ids)
    words = f"{count_of(tally.fetched + tally.already, 'page')} read, {count_of(told, 'organization')} told"
    if unread := tally.failed + tally.blocked:
        words += f"; {unread} known by their headline only"
    if tally.pending:
        wait = max(AGAIN_AFTER, timedelta(seconds=clamp_wait(tally.retry_after or 0)))
        waiting = await run.step(
            "again", again, run.organization_id, parameters.document_id, parameters.article_ids, wait
        )
        words += f"; {waiting} are tried again later"
    return Done(words)


async def again(organization_id: UUID, document_id: UUID, article_ids: list[UUID], wait: timedelta) -> int:
    async with tenant_session(organization_id) as db:
        return await queue_pending(db, document_id, article_ids, organization_id, wait)


@job("feeds.backfill", queue="fetch", timeout=timedelta(minutes=5), title="Look for older articles", startable=False)
async def backfill_feed(run: Run, parameters: BackfillFeed) -> Outcome:
    """Read a site's news sitemap for what its feed no longer shows. Done once a feed; safe to repeat."""
    added = await backfill(parameters.document_id, run.organization_id)
    return Done(f"{count_of(added, 'older article')} found" if added else "the site has no news sitemap with more")
