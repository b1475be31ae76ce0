"""What was told is not told again, goes on for as long as it lasts, and is about what was asked for."""

from datetime import timedelta
from uuid import UUID

import httpx
import numpy as np
from sqlalchemy import update

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import enqueue
from tests.mentions.alerts.conftest import NOW, Press
from tests.mentions.alerts.test_alerts import checked, notices


async def alert(client: httpx.AsyncClient, brand_id: UUID, **wish: object) -> str:
    answer = await client.post("/api/alerts", json={"brand_id": str(brand_id), **wish})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def incidents(client: httpx.AsyncClient, alert_id: str) -> list[dict[str, object]]:
    return (await client.get(f"/api/alerts/{alert_id}/incidents")).json()


async def test_a_spike_at_the_edge_of_the_usual_is_told_once_however_often_it_is_looked_for(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    chance = np.random.default_rng(1)
    begins = NOW.replace(minute=0) - timedelta(days=74)
    hours = [begins + timedelta(hours=hour) for hour in range(74 * 24)]
    busy = [1.5 if 7 <= at.hour < 19 else 0.4 for at in hours]
    rates = np.array(busy) / sum(busy) * 3 * 74
    await press.writes(
        acme, [at + timedelta(minutes=5) for at, n in zip(hours, chance.poisson(rates), strict=True) for _ in range(n)]
    )
    made = await alert(client, acme)
    await checked(organization_id)
    earlier = len(await notices(client))
    for hour in range(30):
        if hour in (1, 2, 3, 5, 6):
            await press.writes(acme, [clock.now() - timedelta(minutes=40)], title=f"Acme news {hour}")
        clock.advance(timedelta(hours=1))
        await checked(organization_id)
    told = await notices(client)
    open_now = [one for one in await incidents(client, made) if one["closed_at"] is None]
    assert len(told) - earlier <= 1
    assert len(open_now) <= 1


async def test_another_spike_is_told_although_one_was_just_over(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 60)
    await alert(client, acme)
    morning = NOW - timedelta(hours=2)
    await press.writes(acme, [morning + timedelta(minutes=n) for n in range(8)], title="Acme recalls")
    await checked(organization_id)
    clock.advance(timedelta(days=3))
    await checked(organization_id)
    await press.writes(acme, [clock.now() - timedelta(minutes=60 + n) for n in range(12)], title="Acme burns")
    await checked(organization_id)
    assert len(await notices(client)) == 2


async def test_an_alert_that_is_given_another_brand_tells_of_that_one_and_leaves_nothing_open(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme, rival = await press.brand(), await press.brand("Rival")
    for brand in (acme, rival):
        await press.writes_as_usual(brand, 60)
        morning = NOW - timedelta(hours=2)
        await press.writes(brand, [morning + timedelta(minutes=n) for n in range(9)], title="A recall")
    made = await alert(client, acme)
    await checked(organization_id)
    assert len(await notices(client)) == 1
    await client.put(f"/api/alerts/{made}", json={"brand_id": str(rival)})
    await checked(organization_id)
    assert {str(one["title"]).split(":")[0] for one in await notices(client)} == {"Acme", "Rival"}
    closed = [one["closed_at"] is not None for one in await incidents(client, made)]
    assert sorted(closed) == [False, True]


async def test_a_silence_rings_for_as_long_as_it_lasts_and_not_when_nobody_listens(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.feed()
    await press.writes_as_usual(acme, 70, a_day=6)
    made = await alert(client, acme, kind="silence", hours=48)
    for _ in range(20):
        clock.advance(timedelta(days=1))
        await checked(organization_id)
    (silence,) = await incidents(client, made)
    assert silence["closed_at"] is None
    wish = {"brand_id": str(acme), "kind": "silence", "hours": 48}
    await client.put(f"/api/alerts/{made}", json={**wish, "enabled": False})
    (listed,) = (await client.get("/api/alerts")).json()["items"]
    assert not listed["is_open"]


async def test_a_silence_is_told_once_although_an_article_of_it_came_late(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.feed()
    await press.writes_as_usual(acme, 70, a_day=12)
    made = await alert(client, acme, kind="silence", hours=48)
    while not await incidents(client, made):
        clock.advance(timedelta(hours=2))
        await checked(organization_id)
    clock.advance(timedelta(hours=12))
    # It lay in the hours that were told of as silent: with it the silence could be known later, but it is the same.
    await press.writes(acme, [clock.now() - timedelta(hours=20)], title="Acme found late")
    await checked(organization_id)
    clock.advance(timedelta(hours=2))
    await press.writes(acme, [clock.now() - timedelta(minutes=n) for n in range(61, 100)], title="Acme is back")
    for _ in range(2):
        await checked(organization_id)
        clock.advance(timedelta(hours=1))
    assert len(await incidents(client, made)) == 1


async def test_what_is_only_a_part_of_the_news_is_called_that(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.feed()
    end = NOW.replace(hour=0, minute=0)
    times = [end - timedelta(days=day) + timedelta(hours=9 + n) for day in range(3, 70) for n in range(6)]
    await press.writes(acme, sorted(times), tone="positive")
    await press.writes(acme, [NOW - timedelta(hours=n) for n in range(2, 50)], tone="negative")
    answer = await client.post(
        "/api/alerts", json={"brand_id": str(acme), "kind": "silence", "hours": 48, "tones": ["positive"]}
    )
    assert answer.json()["title"] == "Silence around Acme: positive stories"
    await checked(organization_id)
    (told,) = await notices(client, "brand_silence")
    assert str(told["title"]).startswith("Hardly any positive story about Acme for")
    assert "No positive story in 48 hours" in str(told["body"]) or "No positive story in 2 days" in str(told["body"])
    assert "really quiet" not in str(told["body"])


async def paused(client: httpx.AsyncClient, press: Press) -> UUID:
    """A brand that is spoken of every day, with an alert of its silence, and paused."""
    acme = await press.brand()
    await press.feed()
    await press.writes_as_usual(acme, 70, a_day=6)
    await alert(client, acme, kind="silence", hours=48)
    await client.patch(f"/api/brands/{acme}", json={"paused": True})
    return acme


async def ringing(client: httpx.AsyncClient, press: Press, organization_id: UUID) -> UUID:
    """A brand whose alert has just told of a spike."""
    acme = await press.brand()
    await press.writes_as_usual(acme, 60)
    await press.writes(acme, [NOW - timedelta(hours=2, minutes=n) for n in range(9)], title="Acme recalls")
    await alert(client, acme)
    await checked(organization_id)
    return acme


async def test_a_paused_brand_is_not_called_quiet(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    await paused(client, press)
    for _ in range(5):
        clock.advance(timedelta(days=1))
        await checked(organization_id)
    assert await notices(client, "brand_silence") == []


async def test_a_brand_that_is_resumed_is_not_called_quiet_before_its_pause_was_looked_through(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await paused(client, press)
    await run_until_idle(organization_id)
    clock.advance(timedelta(hours=54))
    await client.patch(f"/api/brands/{acme}", json={"paused": False})
    async with tenant_session(organization_id) as db:
        later = {"state": "scheduled", "due_at": clock.now() + timedelta(hours=1)}
        await db.execute(update(RunRow).where(RunRow.job == "mentions.rematch", RunRow.state == "queued").values(later))
    await checked(organization_id)
    assert await notices(client, "brand_silence") == []
    clock.advance(timedelta(hours=2))
    await run_until_idle(organization_id)
    await checked(organization_id)
    assert len(await notices(client, "brand_silence")) == 1


async def test_an_alert_does_not_ring_while_its_brand_is_paused_and_goes_on_afterwards_untold(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await ringing(client, press, organization_id)
    for paused, rings in ((False, True), (True, False), (False, True), (True, False)):
        await client.patch(f"/api/brands/{acme}", json={"paused": paused})
        await run_until_idle(organization_id)
        clock.advance(timedelta(hours=1))
        await checked(organization_id)
        (listed,) = (await client.get("/api/alerts")).json()["items"]
        assert (listed["is_open"], listed["incidents"]) == (rings, 1)
    assert len(await notices(client)) == 1


async def test_what_rings_rings_on_while_its_brand_is_looked_for_again(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await ringing(client, press, organization_id)
    async with tenant_session(organization_id) as db:
        later = clock.now() + timedelta(hours=1)
        await enqueue(db, "mentions.rematch", {"brand_id": str(acme)}, due_at=later)
    await checked(organization_id)
    (listed,) = (await client.get("/api/alerts")).json()["items"]
    assert listed["is_open"]
