"""The runs that judge ads: one at a time for an account, each told of by its name."""

from uuid import UUID

import httpx
from sqlalchemy import update

from brandhound.ads.models import AdAccount
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.notifications.sweeping import settle_run_incidents
from tests.ads.test_standing import judged, usual
from tests.factories.ads import make_ads


async def test_an_account_is_judged_by_one_run_at_a_time(client: httpx.AsyncClient, organization_id: UUID) -> None:
    board = await make_ads(organization_id, usual(6))
    for target in (30, 40, 50):
        aims = {"target_cost": target, "naming": None}
        assert (await client.put(f"/api/ad-accounts/{board.account_id}/aims", json=aims)).status_code == 200
    await run_until_idle(organization_id)
    runs = (await client.get("/api/runs")).json()["items"]
    assert [(run["job"], run["state"]) for run in runs] == [("ads.diagnose", "done")] * 3


async def test_accounts_that_cannot_be_judged_or_fetched_are_named_and_told_of_one_by_one(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    boards = [await make_ads(organization_id, usual(2), days=3, name=name) for name in ("Ohio", "Paris")]

    async def live_in(zone: str) -> None:
        async with tenant_session(organization_id) as db:
            await db.execute(update(AdAccount).values(time_zone=zone))

    async def told() -> set[tuple[str, int, bool]]:
        items = (await client.get("/api/notifications")).json()["items"]
        return {(one["title"], one["count"], one["settled_at"] is None) for one in items}

    await live_in("Mars/Plain")
    for board in (*boards, boards[0]):
        await judged(organization_id, board)
    async with tenant_session(organization_id) as db:
        await enqueue(db, "ads.assets", {"ad_account_id": str(boards[1].account_id)})
    await run_until_idle(organization_id)
    assert await told() == {
        ("Judge ads of Ohio failed", 2, True),
        ("Judge ads of Paris failed", 1, True),
        ("Fetch pictures and films of Paris failed", 1, True),
    }
    await live_in("UTC")
    await judged(organization_id, boards[0])
    await settle_run_incidents()
    assert {one for one in await told() if not one[2]} == {("Judge ads of Ohio failed", 2, False)}
