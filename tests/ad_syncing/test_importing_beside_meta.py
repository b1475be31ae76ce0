"""A table may fill in what Meta no longer tells of an account, and never counts twice or takes the place of what it tells."""

import asyncio
from datetime import date

from brandhound.ads.object_models import Ad
from brandhound.ads.syncing.reading_rows import MEASURES
from brandhound.ads.syncing.storing_facts import store_facts
from brandhound.ads.syncing.storing_objects import ids_of
from brandhound.core import clock
from brandhound.core.db import tenant_session
from tests.ad_syncing.accounts import Connected, facts, rows, sync
from tests.ad_syncing.test_importing import send

HEAD = "Day,Ad ID,Ad name,Amount spent (EUR)"


async def test_ads_without_their_ids_are_refused_where_the_platform_tells_of_the_account(
    shop: Connected, quick: None
) -> None:
    await sync(shop)
    before = await facts(shop)
    told = await rows(
        shop,
        "select f.day, a.name, f.spend_micros / 1e6 from ad_daily_facts f join ads a on a.id = f.ad_id"
        " where f.ad_account_id = :account and f.day between '2026-11-10' and '2026-11-12'",
    )
    by_name = "\n".join(
        ["Day,Ad name,Amount spent (EUR)", *(f'{day},"{name}",{spent:.2f}' for day, name, spent in told)]
    )
    # Excel has made numbers of the IDs.
    mangled = "\n".join([HEAD, *(f'{day},1.202E+17,"{name}",{spent:.2f}' for day, name, spent in told)])
    for table in (by_name, mangled):
        for how in ({}, {"commit": "true"}, {"commit": "true", "skip_faulty": "true"}):
            refused = await send(shop.client, str(shop.id), table, **how)
            assert (refused.status_code, refused.json()["code"]) == (422, "ads/ad-ids-missing")
            assert set(refused.json()["ads"]) <= {name for _, name, _ in told}
            assert "export again with the column “Ad ID”" in refused.json()["why"]
    assert await facts(shop) == before


async def test_what_a_sync_stores_in_the_same_moment_is_left_to_the_platform(shop: Connected, quick: None) -> None:
    await sync(shop)
    day = date(2026, 8, 1)
    async with tenant_session(shop.organization_id) as db:
        ads = await ids_of(db, Ad, shop.id)
    ad = min(ads)
    table = f"{HEAD}\n{day},{ad},Ad,1.00"
    waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    async with tenant_session(shop.organization_id) as syncing:
        fact = (ad, day, 99_000_000, *([None] * (len(MEASURES) - 1)), None)
        await store_facts(syncing, shop.id, [fact], ads, clock.now())
        importing = asyncio.create_task(send(shop.client, str(shop.id), table, commit="true"))
        async with asyncio.timeout(30):
            while await rows(shop, waits) == [(0,)]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    answer = await importing
    assert (answer.json()["added"], answer.json()["changed"], answer.json()["left_to_platform"]) == (0, 0, 1)
    kept = "select spend_micros, source from ad_daily_facts where ad_account_id = :account and day = :day"
    assert await rows(shop, kept, day=day) == [(99_000_000, "meta")]
