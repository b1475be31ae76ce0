"""A story that spreads is told once, also where it, or its brand, was merged into another one since."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.db import tenant_session
from tests.mentions.alerts.conftest import NOW, Press
from tests.mentions.alerts.test_alerts import checked, notices
from tests.mentions.alerts.test_telling_once import alert, incidents
from tests.mentions.test_merging import merge as merge_brands
from tests.mentions.test_regrouping import merge

HOUR = timedelta(hours=1)


async def told_by_articles(organization_id: UUID) -> None:
    """Give the stories of the press the articles that they are told by."""
    async with tenant_session(organization_id) as db:
        await db.execute(
            text(
                "insert into story_articles"
                " (id, story_id, article_id, published_at, title, url, outlet, site, relation)"
                " select gen_random_uuid(), story_id, article_id, published_at, title, url, outlet, site, 'related'"
                " from mentions on conflict do nothing"
            )
        )


@pytest.mark.parametrize("hops", [1, 2])
async def test_a_story_that_was_told_is_not_told_again_where_it_was_merged_into_another_one(
    client: httpx.AsyncClient, press: Press, organization_id: UUID, hops: int
) -> None:
    acme = await press.brand()
    await alert(client, acme, kind="story", least_outlets=3)
    (told,) = await press.writes(acme, [NOW - 3 * HOUR], title="Acme recalls", outlets=4)
    others = await press.writes(acme, [NOW - (4 + n) * HOUR for n in range(hops)], title="Acme kettles")
    await told_by_articles(organization_id)
    await checked(organization_id)
    assert len(await notices(client, "brand_story")) == 1
    for into in others:
        await merge(client, str(into), str(told))
        told = into
        clock.advance(HOUR)
        await checked(organization_id)
    assert len(await notices(client, "brand_story")) == 1


async def test_another_story_is_told_though_one_that_was_told_was_merged(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await alert(client, acme, kind="story", least_outlets=3)
    (told,) = await press.writes(acme, [NOW - 3 * HOUR], title="Acme recalls", outlets=4)
    (into,) = await press.writes(acme, [NOW - 4 * HOUR], title="Acme kettles")
    await told_by_articles(organization_id)
    await checked(organization_id)
    await merge(client, str(into), str(told))
    await press.writes(acme, [NOW - HOUR], title="Acme opens in Ghent", outlets=3)
    await checked(organization_id)
    assert len(await notices(client, "brand_story")) == 2


@pytest.mark.parametrize(("least", "number"), [(3, 1), (4, 1), (5, 2)])
async def test_a_story_that_was_told_of_a_brand_is_not_told_again_of_the_one_that_it_was_merged_into(
    client: httpx.AsyncClient, press: Press, organization_id: UUID, least: int, number: int
) -> None:
    acme, rival = await press.brand(), await press.brand("Rival")
    await alert(client, acme, kind="story", least_outlets=least)
    await alert(client, rival, kind="story", least_outlets=4)
    await press.writes(rival, [NOW - 3 * HOUR], title="Rival recalls", outlets=6)
    await told_by_articles(organization_id)
    await checked(organization_id)
    assert len(await notices(client, "brand_story")) == 1
    await merge_brands(client, str(acme), str(rival))
    clock.advance(HOUR)
    await checked(organization_id)
    assert len(await notices(client, "brand_story")) == number


async def test_brands_are_merged_though_one_alert_told_of_the_same_hour_of_both(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme, old = await press.brand(), await press.brand("Acme Corp")
    for brand in (acme, old):
        await press.writes_as_usual(brand, 60)
        await press.writes(brand, [NOW - 2 * HOUR + timedelta(minutes=n) for n in range(9)], title="A recall")
    made = await alert(client, old)
    await told_by_articles(organization_id)
    await checked(organization_id)
    await client.put(f"/api/alerts/{made}", json={"brand_id": str(acme)})
    await checked(organization_id)
    assert len({one["opened_at"] for one in await incidents(client, made)}) == 1
    for _ in range(2):
        merged = await merge_brands(client, str(acme), str(old))
        await checked(organization_id)
        assert len(await notices(client)) == 2
        assert (await client.delete(f"/api/brand-merges/{merged['id']}")).status_code == 200
    told = {str(one["brand_id"]) for one in await incidents(client, made)}
    assert told == {str(acme), str(old)}


@pytest.mark.parametrize("kind", ["story", "spike"])
async def test_what_was_told_while_a_brand_was_merged_is_not_told_again_after_that_was_taken_back(
    client: httpx.AsyncClient, press: Press, organization_id: UUID, kind: str
) -> None:
    acme, rival = await press.brand(), await press.brand("Rival")
    made = await alert(client, rival, kind=kind, least_outlets=3)
    await press.writes_as_usual(rival, 60)
    await press.writes(rival, [NOW - 3 * HOUR + timedelta(minutes=n) for n in range(9)], title="Rival recalls")
    await press.writes(rival, [NOW - 3 * HOUR], title="Rival burns", outlets=4)
    await told_by_articles(organization_id)
    for _ in range(2):
        merged = await merge_brands(client, str(acme), str(rival))
        await checked(organization_id)
        assert len(await notices(client, f"brand_{kind}")) == 1
        assert (await client.delete(f"/api/brand-merges/{merged['id']}")).status_code == 200
        clock.advance(HOUR)
        await checked(organization_id)
        assert len(await notices(client, f"brand_{kind}")) == 1
    assert [one["brand_id"] for one in await incidents(client, made)] == [str(rival)]
