"""“How days moved” tells of figures that were whole and are others now, and of nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from brandhound.twins.meta import MetaTwin
from tests.ad_syncing.accounts import Connected, connect, rows, sync
from tests.ad_syncing.conftest import at, later, small


async def test_what_the_day_that_was_going_on_has_grown_by_is_no_move(
    meta: MetaTwin, shop: Connected, quick: None
) -> None:
    moved = (
        "select day, count(*) from ad_restatements where ad_account_id = :account and day >= '2026-11-20' group by 1"
    )
    grown = "select sum(impressions) from ad_daily_facts where ad_account_id = :account and day = '2026-11-20'"
    at(meta, datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    await sync(shop)
    at_nine = await rows(shop, grown)
    # In Berlin it is the next day by then.
    at(meta, datetime(2026, 11, 21, 0, 30, tzinfo=UTC))
    await sync(shop, days_back=3)
    assert (await rows(shop, grown))[0][0] > at_nine[0][0]
    assert await rows(shop, moved) == []
    # From now on that day was whole when it was read, and what becomes of it is one.
    later(meta, timedelta(days=1))
    await sync(shop, days_back=3)
    assert [str(day) for day, _ in await rows(shop, moved)] == ["2026-11-20"]


async def test_days_that_are_read_for_the_first_time_have_not_moved(
    meta: MetaTwin, client: httpx.AsyncClient, organization_id: UUID, quick: None
) -> None:
    shop = await connect(meta, client, organization_id, small(meta, days=150))
    await sync(shop)
    since = (await rows(shop, "select facts_since from ad_syncs where account_id = :account"))[0][0]
    later(meta, timedelta(minutes=5))
    await sync(shop, days_back=140)
    assert (await rows(shop, "select min(day) from ad_daily_facts where ad_account_id = :account"))[0][0] < since
    assert await rows(shop, "select count(*) from ad_restatements where ad_account_id = :account") == [(0,)]
