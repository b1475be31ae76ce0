"""Brands that are merged, and the connections of their ad accounts."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
import psycopg
import pytest

from brandhound.ads.access import access_of_account
from brandhound.ads.errors import NeedsConnection
from brandhound.core.db import tenant_session
from brandhound.twins.meta import MetaTwin
from tests.ads.conftest import account, choose, connect, connection, later, log_in, make_brand
from tests.databases import TestDatabase


async def test_connections_of_a_merged_brand_are_the_other_brands(client: httpx.AsyncClient, meta: MetaTwin) -> None:
    connected = await connect(client, meta, "tallow-eu", brand="Tallow Bikes")
    kept_id = await make_brand(client, "Tallow")
    gone_id = connected["brands"][0]["brand_id"]
    merged = await client.post("/api/brand-merges", json={"kept_id": kept_id, "gone_id": gone_id})
    assert merged.status_code == 201, merged.text
    link = await connection(client, connected["id"])
    assert (link["brand_name"], link["brand_id"]) == ("Tallow", kept_id)
    assert (await client.delete(f"/api/ad-accounts/{connected['id']}/brands/{kept_id}")).status_code == 204
    assert (await account(client, connected["id"]))["brands"] == []


async def test_reconnecting_an_account_of_a_merged_brand_renews_what_is_there_and_makes_no_second_connection(
    client: httpx.AsyncClient, meta: MetaTwin, database: TestDatabase, organization_id: UUID
) -> None:
    connected = await connect(client, meta, "tallow-eu", brand="Tallow Bikes")
    act, gone_id = connected["external_id"], connected["brands"][0]["brand_id"]
    kept_id = await make_brand(client, "Tallow")
    under_way = await log_in(client, gone_id)
    merged = await client.post("/api/brand-merges", json={"kept_id": kept_id, "gone_id": gone_id})
    assert merged.status_code == 201, merged.text
    later(meta, timedelta(minutes=20))
    # A login that was begun before the merge serves the brand that stays.
    shown = (await client.get(f"/api/ad-accounts/logins/{under_way['id']}")).json()
    assert (shown["brand_id"], shown["brand_name"]) == (kept_id, "Tallow")
    assert next(one["brand_ids"] for one in shown["accounts"] if one["external_id"] == act) == [kept_id]
    await choose(client, under_way, act, brand_ids=[gone_id])
    later(meta, timedelta(days=1))
    again = (await choose(client, await log_in(client, kept_id), act))[act]
    link = connected["brands"][0]["id"]
    assert [(one["id"], one["brand_id"], one["is_primary"]) for one in again["brands"]] == [(link, kept_id, True)]
    with psycopg.connect(database.url) as owner:
        rows = owner.execute(
            "select brand_id::text, connected_at from brand_ad_accounts where organization_id = %s", [organization_id]
        ).fetchall()
    assert [brand_id for brand_id, _ in rows] == [gone_id]
    assert rows[0][1] == datetime.fromisoformat(again["brands"][0]["connected_at"])
    async with tenant_session(organization_id) as db:
        assert (await access_of_account(db, UUID(again["id"]), UUID(kept_id))).link_id == UUID(link)
    assert (await client.delete(f"/api/brand-merges/{merged.json()['id']}")).status_code == 200
    assert [one["brand_name"] for one in (await account(client, again["id"]))["brands"]] == ["Tallow Bikes"]


async def test_two_merged_brands_with_the_same_account_have_it_once_and_lose_it_together(
    client: httpx.AsyncClient, meta: MetaTwin, database: TestDatabase, organization_id: UUID
) -> None:
    first = await connect(client, meta, "tallow-eu", brand="Tallow Bikes")
    act, gone_id = first["external_id"], first["brands"][0]["brand_id"]
    second_id, last_id = await make_brand(client, "Tallow"), await make_brand(client, "Tallow Group")
    await choose(client, await log_in(client, second_id), act)
    for kept_id, merged_id in ((second_id, gone_id), (last_id, second_id)):
        merge = await client.post("/api/brand-merges", json={"kept_id": kept_id, "gone_id": merged_id})
        assert merge.status_code == 201, merge.text
    assert [one["brand_name"] for one in (await account(client, first["id"]))["brands"]] == ["Tallow Group"]
    later(meta, timedelta(days=1))
    shown = (await choose(client, await log_in(client, last_id), act))[act]["brands"]
    assert [one["brand_name"] for one in shown] == ["Tallow Group"]
    with psycopg.connect(database.url) as owner:
        prints = owner.execute(
            "select token_fingerprint from brand_ad_accounts where organization_id = %s", [organization_id]
        ).fetchall()
    # Both have the new token, and neither will ask for another by itself.
    assert len(prints) == 2
    assert len(set(prints)) == 1
    ended = await client.delete(f"/api/ad-accounts/connections/{shown[0]['id']}")
    assert [one["status"] for one in ended.json()["brands"]] == ["disconnected"]
    async with tenant_session(organization_id) as db:
        with pytest.raises(NeedsConnection):
            await access_of_account(db, UUID(first["id"]))
