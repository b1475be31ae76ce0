"""Rows of figures find their ads by key, whatever the connection stored before."""

from datetime import date, timedelta
from uuid import UUID

import httpx
from sqlalchemy import select, text

from brandhound.ads.object_models import Ad
from brandhound.ads.syncing.reading_rows import MEASURES, Fact
from brandhound.ads.syncing.storing_facts import store_facts
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
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
