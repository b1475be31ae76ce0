"""Rows of figures find their ads by key, whatever the connection stored before, and take nothing that they do not tell of."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from brandhound.ads.object_models import Ad
from brandhound.ads.syncing.reading_rows import MEASURES, Fact
from brandhound.ads.syncing.storing_facts import store_facts
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from tests.ad_syncing.test_importing import make_account, send
from tests.ads.test_standing import usual
from tests.factories.ads import UNTIL, make_ads

INDEXES = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")


async def use_indexes(db: Db, said: str) -> None:
    for name in INDEXES:
        await db.execute(text("select set_config(:name, :said, true)"), {"name": name, "said": said})


async def reads_of_all_ads(db: Db) -> int:
    """How often this transaction read through all ads."""
    return await db.scalar(text("select seq_scan from pg_stat_xact_user_tables where relname = 'ads'")) or 0


def facts_of(names: list[str], day: date) -> list[Fact]:
    return [(name, day, *(dict.fromkeys(MEASURES, 0) | {"impressions": 9}).values(), None) for name in names]


async def test_how_a_few_ads_were_looked_for_is_not_how_thousands_are(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, usual(12), days=1)
    async with tenant_session(organization_id) as db:
        ads = {row.external_id: row.id for row in await db.execute(select(Ad.external_id, Ad.id))}
        # As where there are so few that an index is not worth its while.
        await use_indexes(db, "off")
        before = await reads_of_all_ads(db)
        await store_facts(db, board.account_id, facts_of(list(ads), UNTIL - timedelta(days=40)), ads, clock.now())
        read = await reads_of_all_ads(db)
        assert read - before >= len(ads)
        await use_indexes(db, "on")
        # Whoever plans anew would read through so few, too: only what was kept from before may do that now.
        await db.execute(text("select set_config('enable_seqscan', 'off', true)"))
        stored = await store_facts(
            db, board.account_id, facts_of(list(ads), UNTIL - timedelta(days=41)), ads, clock.now()
        )
        assert (stored.added, await reads_of_all_ads(db)) == (len(ads), read)


DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(24)]


async def put_in(client: httpx.AsyncClient, account: str, head: str, row: str, days: int) -> dict[str, Any]:
    """A table of one ad, with a row a day."""
    lines = [f"Day,Ad ID,Ad name,{head}", *(f"{day},1202,Blue bike,{row}" for day in DAYS[:days])]
    answer = await send(client, account, "\n".join(lines), commit="true")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def figures(organization_id: UUID, account: str) -> set[tuple[Any, ...]]:
    """What is there, of whichever day."""
    asked = (
        "select spend_micros, impressions, purchases, attribution_setting from ad_daily_facts where ad_account_id = :id"
    )
    async with tenant_session(organization_id) as db:
        return {tuple(row) for row in await db.execute(text(asked), {"id": UUID(account)})}


@pytest.mark.parametrize("days", [1, 12, 24])
async def test_a_second_table_takes_nothing_that_it_has_no_column_for_however_short_it_is(
    client: httpx.AsyncClient, organization_id: UUID, days: int
) -> None:
    clock.freeze(datetime(2026, 11, 20, 12, tzinfo=UTC))
    try:
        account = await make_account(client)
        await put_in(client, account, "Amount spent (EUR),Impressions,Attribution setting", "20.50,2000,7d_click", days)
        added = await put_in(client, account, "Purchases", "3", days)
        assert (added["changed"], added["added"]) == (days, 0)
        assert await figures(organization_id, account) == {(20_500_000, 2000, 3, "7d_click")}
        # It has the column, and says that there is nothing in it: however long it is, too.
        await put_in(client, account, "Purchases,Impressions", ",2000", days)
        assert await figures(organization_id, account) == {(20_500_000, 2000, None, "7d_click")}
    finally:
        clock.unfreeze()
