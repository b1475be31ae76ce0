"""A sync may be stopped at any point: what follows goes on, and comes to the same."""

import asyncio
from contextlib import suppress
from uuid import UUID

from sqlalchemy import text

from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.meta import MetaTwin
from tests.ad_syncing.accounts import Connected, facts, rows, run_of, sync


async def test_a_sync_that_is_killed_in_the_middle_comes_to_the_same_afterwards(
    meta: MetaTwin, shop: Connected, quick: None
) -> None:
    meta.kept.delay = 0.05
    try:
        begun = asyncio.create_task(sync(shop))
        async with asyncio.timeout(60):
            while not await facts(shop):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        begun.cancel()
        with suppress(asyncio.CancelledError):
            await begun
    finally:
        meta.kept.delay = 0.0
    # What the sweeper does with a run whose worker is gone.
    again = "update runs set state = 'queued', admitted = true where job = 'ads.sync' returning id"
    run_id: UUID = (await rows(shop, again))[0][0]
    await run_until_idle(shop.organization_id, longest_sleep=0.2)
    assert (await run_of(shop, run_id)).state == "done"
    ours = "select sum(spend_micros), sum(impressions) from ad_daily_facts where ad_account_id = :account"
    theirs = "select sum(spend_micros), sum(impressions) from ad_account_days where account_id = :account"
    assert await rows(shop, ours) == await rows(shop, theirs)
    assert await rows(shop, "select count(*) from ad_restatements") == [(0,)]


async def test_a_second_sync_of_an_account_waits_for_the_first(meta: MetaTwin, shop: Connected) -> None:
    """However it was started: the key of a run started by hand is not the schedule's."""
    async with tenant_session(shop.organization_id) as db:
        other = uuid7()
        statement = (
            "insert into runs (id, job, title, queue, parameters, state, timeout_seconds) "
            "values (:id, 'ads.sync', 'Other', 'fetch', '{}', 'running', 60)"
        )
        await db.execute(text(statement), {"id": other})
        await db.execute(
            text("insert into ad_syncs (id, account_id, last_run_id) values (:id, :account, :other)"),
            {"id": uuid7(), "account": shop.id, "other": other},
        )
    run = await sync(shop)
    assert run.state in ("waiting", "scheduled")
    assert "Another run" in (run.reason or "")
    assert await facts(shop) == []
