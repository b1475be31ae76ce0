"""A key that makes keys gives no more than it has, and no longer."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import clock
from tests.factories.people import signed_in

pytestmark = pytest.mark.anyio


async def key(client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    made = await client.post("/api/keys", json={"name": "rotator", "role": "owner", **more})
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_key_makes_only_keys_within_its_own_scopes(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    secret = (await key(client, scopes=["keys:write", "feeds:read"]))["secret"]
    headers = {"authorization": f"Bearer {secret}"}
    for wanted, status in (
        ("*:write", 403),
        ("*:read", 403),
        ("feeds:write", 403),
        ("feeds:read", 201),
        ("keys:read", 201),
    ):
        answer = await anonymous.post("/api/keys", headers=headers, json={"name": "x", "scopes": [wanted]})
        assert answer.status_code == status, (wanted, answer.text)
        if status == 403:
            assert (answer.json()["code"], answer.json()["needed"]) == ("tenancy/out-of-scope", wanted)
    # A person gives what their role allows.
    assert (await key(client, scopes=["*:write"]))["scopes"] == ["*:write"]


async def test_a_key_makes_no_key_that_outlives_it(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    until = clock.now() + timedelta(days=7)
    own = await key(client, scopes=["*:write"], expires_at=until.isoformat())
    headers = {"authorization": f"Bearer {own['secret']}"}
    later = (until + timedelta(seconds=1)).isoformat()
    for wish, status in (({}, 422), ({"expires_at": later}, 422), ({"expires_at": until.isoformat()}, 201)):
        answer = await anonymous.post("/api/keys", headers=headers, json={"name": "x", **wish})
        assert answer.status_code == status, (wish, answer.text)
        assert status == 201 or answer.json()["code"] == "tenancy/outlives-its-maker"


async def test_a_key_says_who_made_it_even_if_they_have_left(
    app: FastAPI, client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: Any
) -> None:
    async with signed_in(app, organization_id, "admin") as (person, email):
        theirs = (
            await person.post("/api/keys", json={"name": "theirs", "scopes": ["keys:write"], "role": "admin"})
        ).json()
        assert theirs["made_by"] == "Ada"
        headers = {"authorization": f"Bearer {theirs['secret']}"}
        await anonymous.post("/api/keys", headers=headers, json={"name": "by a key", "scopes": ["keys:read"]})
        members = (await client.get("/api/members")).json()
        member = next(one["id"] for one in members if one["email"] == email)
        assert (await client.delete(f"/api/members/{member}")).status_code == 204
    makers = {one["name"]: one["made_by"] for one in (await client.get("/api/keys")).json()}
    assert makers == {"theirs": "Ada", "by a key": None}
