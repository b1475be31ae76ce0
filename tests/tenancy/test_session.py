"""Signing in and out, setting up, keys, invitations."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import clock
from tests.factories.people import PASSWORD, make_person, signed_in


async def test_whoever_is_not_signed_in_is_told_so(anonymous: httpx.AsyncClient) -> None:
    response = await anonymous.get("/api/session")

    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/errors/identity/not-signed-in"


async def test_a_session_says_who_and_where(client: httpx.AsyncClient) -> None:
    session = (await client.get("/api/session")).json()

    assert session["user"]["name"] == "Ada"
    assert session["organization"]["role"] == "owner"
    assert session["organization"]["time_zone"] == "Europe/Berlin"


async def test_signing_in_sets_a_cookie_that_scripts_cannot_read(anonymous: httpx.AsyncClient) -> None:
    _, email, _ = await make_person()
    response = await anonymous.post("/api/session", json={"email": email.upper(), "password": PASSWORD})

    assert response.status_code == 201
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await anonymous.get("/api/session")).status_code == 200
    await anonymous.delete("/api/session")
    assert (await anonymous.get("/api/session")).status_code == 401


async def test_guessing_is_slowed_down_and_then_forgiven(anonymous: httpx.AsyncClient) -> None:
    _, email, _ = await make_person()
    clock.freeze(datetime.now(UTC))
    try:
        answers = [
            (await anonymous.post("/api/session", json={"email": email, "password": "wrong"})).status_code
            for _ in range(6)
        ]
        blocked = await anonymous.post("/api/session", json={"email": email, "password": PASSWORD})
        clock.advance(timedelta(minutes=20))
        later = await anonymous.post("/api/session", json={"email": email, "password": PASSWORD})
    finally:
        clock.unfreeze()

    assert answers == [401] * 5 + [429]
    assert blocked.status_code == 429
    assert int(blocked.headers["retry-after"]) >= 1
    assert later.status_code == 201


async def test_another_site_cannot_act_in_a_visitors_name(client: httpx.AsyncClient) -> None:
    evil = await client.post("/api/organizations", json={"name": "X"}, headers={"origin": "https://evil.example"})
    fetched = await client.post("/api/organizations", json={"name": "X"}, headers={"sec-fetch-site": "cross-site"})
    own = await client.post("/api/organizations", json={"name": "X"}, headers={"origin": "http://brandhound.test"})

    assert [evil.status_code, fetched.status_code, own.status_code] == [403, 403, 201]


async def test_a_key_works_within_its_scopes_and_is_shown_once(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    made = await client.post("/api/keys", json={"name": "export", "role": "viewer", "scopes": ["members:read"]})
    headers = {"authorization": f"Bearer {made.json()['secret']}"}

    assert (await anonymous.get("/api/members", headers=headers)).status_code == 200
    assert (await anonymous.get("/api/audit", headers=headers)).json()["code"] == "tenancy/out-of-scope"
    listed = (await client.get("/api/keys")).json()
    assert listed[0]["prefix"] == made.json()["secret"][:9]
    assert "secret" not in listed[0]
    await client.delete(f"/api/keys/{made.json()['id']}")
    assert (await anonymous.get("/api/members", headers=headers)).json()["code"] == "identity/bad-key"


async def test_a_key_whose_time_is_over_is_told_apart_from_one_that_never_was(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    clock.freeze(datetime.now(UTC))
    try:
        tomorrow = (clock.now() + timedelta(days=1)).isoformat()
        made = (await client.post("/api/keys", json={"name": "trial", "expires_at": tomorrow})).json()
        headers = {"authorization": f"Bearer {made['secret']}"}
        before = await anonymous.get("/api/members", headers=headers)
        clock.advance(timedelta(days=1))
        after = await anonymous.get("/api/members", headers=headers)
        unknown = await anonymous.get("/api/members", headers={"authorization": f"Bearer {made['secret']}x"})
        late = await client.post("/api/keys", json={"name": "late", "expires_at": tomorrow})
    finally:
        clock.unfreeze()
    without_zone = await client.post("/api/keys", json={"name": "where?", "expires_at": "2999-01-01T00:00:00"})

    assert before.status_code == 200
    assert (after.status_code, after.json()["code"]) == (401, "identity/key-has-ended")
    assert after.json()["expires_at"] == made["expires_at"].replace("Z", "+00:00")
    assert (unknown.status_code, unknown.json()["code"]) == (401, "identity/bad-key")
    assert [one.headers["www-authenticate"] for one in (after, unknown)] == ["Bearer", "Bearer"]
    assert (late.status_code, late.json()["code"]) == (422, "tenancy/ends-before-it-begins")
    assert (without_zone.status_code, without_zone.json()["errors"][0]["loc"]) == (422, ["body", "expires_at"])


async def test_a_scope_names_a_part_that_there_is(client: httpx.AsyncClient) -> None:
    parts = (await client.get("/api/keys/parts")).json()
    every = [f"{part}:{verb}" for part in ("*", *parts[:15]) for verb in ("read", "write")]
    made = await client.post("/api/keys", json={"name": "all", "scopes": every})
    refused = {
        scope: (await client.post("/api/keys", json={"name": "none", "scopes": [scope]})).json().get("code")
        for scope in ("nonsense:read", "Feeds:read", "feeds:delete", "feeds", ":read", "", "health:read", "admin:read")
    }

    assert {"feeds", "alerts", "ad-accounts", "topics", "logs", "runs"} < set(parts)
    assert made.status_code == 201
    assert set(refused.values()) == {"tenancy/unknown-scope"}


async def test_guesses_made_at_once_are_counted_like_guesses_one_by_one(anonymous: httpx.AsyncClient) -> None:
    _, email, _ = await make_person()
    guesses = [anonymous.post("/api/session", json={"email": email, "password": f"guess {n}"}) for n in range(12)]
    answers = [response.status_code for response in await asyncio.gather(*guesses)]

    assert sorted(answers) == [401] * 5 + [429] * 7


async def test_an_invitation_is_no_way_around_the_limits_of_guessing(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    _, email, _ = await make_person()
    made = (await client.post("/api/invitations", json={"email": email, "role": "viewer"})).json()
    address = f"/api/invitations/by-token/{made['link'].rsplit('/', 1)[1]}/acceptance"
    answers = [
        (await anonymous.post(address, json={"name": "", "password": f"guess {n}"})).status_code for n in range(6)
    ]

    assert answers == [401] * 5 + [429]
    assert (await anonymous.post("/api/session", json={"email": email, "password": PASSWORD})).status_code == 429


async def test_an_invitation_makes_a_member_once(client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    made = (
        await client.post("/api/invitations", json={"email": f"{uuid4().hex}@acme.example", "role": "analyst"})
    ).json()
    token = made["link"].rsplit("/", 1)[1]
    preview = (await anonymous.get(f"/api/invitations/by-token/{token}")).json()
    accepted = await anonymous.post(
        f"/api/invitations/by-token/{token}/acceptance", json={"name": "Bo", "password": "a long enough one"}
    )
    again = await anonymous.post(
        f"/api/invitations/by-token/{token}/acceptance", json={"name": "Bo", "password": "a long enough one"}
    )

    assert preview["role"] == "analyst"
    assert accepted.json()["organization"]["role"] == "analyst"
    assert again.json()["code"] == "tenancy/bad-invitation"
    assert {m["name"] for m in (await client.get("/api/members")).json()} == {"Ada", "Bo"}
    book = [(entry["action"], entry["user_name"]) for entry in (await client.get("/api/audit")).json()["items"]]
    assert book == [("members.joined", "Bo"), ("members.invited", "Ada")]


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("analyst", 403), ("admin", 201)])
async def test_only_administrators_invite(app: FastAPI, role: str, status: int) -> None:
    async with signed_in(app, role=role) as (client, _):
        answer = await client.post("/api/invitations", json={"email": "x@acme.example", "role": "viewer"})
    assert answer.status_code == status


async def test_the_last_owner_stays(client: httpx.AsyncClient) -> None:
    me = (await client.get("/api/members")).json()[0]
    assert (await client.patch(f"/api/members/{me['id']}", json={"role": "viewer"})).json()[
        "code"
    ] == "tenancy/last-owner"
    assert (await client.delete(f"/api/members/{me['id']}")).json()["code"] == "tenancy/last-owner"


async def test_the_deeds_are_in_the_book(client: httpx.AsyncClient) -> None:
    await client.patch("/api/organization", json={"name": "Acme Ltd"})
    entries = (await client.get("/api/audit")).json()["items"]
    assert [(e["action"], e["user_name"]) for e in entries] == [("organization.changed", "Ada")]


async def test_an_unknown_zone_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/api/organization", json={"time_zone": "Mars/Olympus"})
    assert answer.json()["code"] == "tenancy/unknown-time-zone"
