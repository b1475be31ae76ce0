"""What is synced by itself is what can be read; and with whose token it was read is said."""

from brandhound.ads.syncing.queueing import SYNC, schedule_sync
from brandhound.core.db import tenant_session
from brandhound.jobs.scheduling import add_schedule
from tests.ad_syncing.accounts import Connected, rows, sync


async def scheduled(shop: Connected) -> int:
    there = "select count(*) from schedules where parameters->>'ad_account_id' = :name"
    return (await rows(shop, there, name=str(shop.id)))[0][0]


async def test_an_account_that_serves_no_brand_any_more_is_tried_once_more_and_then_not_by_itself(
    shop: Connected,
) -> None:
    async with tenant_session(shop.organization_id) as db:
        await schedule_sync(db, shop.id)
    brand_id = (await rows(shop, "select brand_id from brand_ad_accounts where ad_account_id = :account"))[0][0]
    assert (await shop.client.delete(f"/api/ad-accounts/{shop.id}/brands/{brand_id}")).status_code == 204
    run = await sync(shop)
    assert run.state == "cancelled"
    assert await scheduled(shop) == 0


async def test_an_account_that_waits_for_somebody_is_tried_by_itself_until_it_is_well(shop: Connected) -> None:
    async with tenant_session(shop.organization_id) as db:
        await schedule_sync(db, shop.id)
    waits = "update brand_ad_accounts set state = 'needs_you', state_reason = 'checkpoint' returning 1"
    await rows(shop, waits)
    assert (await sync(shop)).state == "cancelled"
    assert await scheduled(shop) == 1


async def test_the_log_of_a_sync_says_whose_token_read_the_account(shop: Connected) -> None:
    run = await sync(shop)
    log = (await shop.client.get(f"/api/runs/{run.id}/log.txt")).text
    assert "Read with the brand's own token" in log


async def test_schedules_that_a_person_made_wait_until_the_account_is_connected_anew(shop: Connected) -> None:
    async with tenant_session(shop.organization_id) as db:
        await schedule_sync(db, shop.id)
        for days_back, paused in ((90, False), (400, True)):
            parameters = {"ad_account_id": str(shop.id), "days_back": days_back}
            await add_schedule(db, SYNC, "0 3 * * 0", "UTC", parameters=parameters, paused=paused)
    brand_id = (await rows(shop, "select brand_id from brand_ad_accounts where ad_account_id = :account"))[0][0]
    assert (await shop.client.delete(f"/api/ad-accounts/{shop.id}/brands/{brand_id}")).status_code == 204
    await sync(shop)
    standing = (
        "select (parameters->>'days_back')::int as days, paused, paused_because from schedules "
        "where parameters->>'ad_account_id' = cast(:name as text) order by days nulls first"
    )
    why = "No connection of the account is left"
    lost = [(None, True, why), (90, True, why), (400, True, None)]
    assert await rows(shop, standing, name=str(shop.id)) == lost
    async with tenant_session(shop.organization_id) as db:
        await schedule_sync(db, shop.id)
    again = [(None, False, None), (90, False, None), (400, True, None)]
    assert await rows(shop, standing, name=str(shop.id)) == again
