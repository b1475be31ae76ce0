"""People of several organizations, and of none: where they are, and that nothing lands where it was not meant to."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import delete, select

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.identity.models import SignIn, User
from tests.databases import TestDatabase
from tests.factories.people import PASSWORD, signed_in
from tests.jobs.test_races import somebody_waits_for_a_lock
from tests.tenancy.people import belong, take_out

SHOWN = "brandhound-organization"


async def brands(client: httpx.AsyncClient) -> list[str]:
    return [brand["name"] for brand in (await client.get("/api/brands")).json()["items"]]


async def test_what_was_typed_for_one_organization_lands_in_no_other_after_a_removal(
    app: FastAPI,
    client: httpx.AsyncClient,
    organization_id: UUID,
    other_client: httpx.AsyncClient,
    other_organization_id: UUID,
) -> None:
    async with signed_in(app, organization_id, "analyst") as (person, email):
        await belong(person, other_organization_id)
        await take_out(client, email)
        refused = [
            await person.post("/api/brands", json={"name": "Secret launch"}),
            await person.get("/api/brands"),
        ]
        moved = (await person.get("/api/session")).json()
        late = await person.post("/api/brands", json={"name": "Secret launch"}, headers={SHOWN: str(organization_id)})
        meant = await person.post("/api/brands", json={"name": "Meant for here"})

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "tenancy/organization-left")] * 2
    assert moved["organization"]["id"] == str(other_organization_id)
    assert late.json()["code"] == "tenancy/organization-left"
    assert meant.status_code == 201
    assert await brands(other_client) == ["Meant for here"]


async def test_a_tab_that_shows_another_organization_than_was_chosen_since_is_refused(
    app: FastAPI,
    client: httpx.AsyncClient,
    organization_id: UUID,
    other_client: httpx.AsyncClient,
    other_organization_id: UUID,
) -> None:
    made = (await client.post("/api/keys", json={"name": "export", "scopes": ["*:read"]})).json()
    async with signed_in(app, organization_id, "analyst") as (person, _):
        await belong(person, other_organization_id)
        await person.put("/api/session/organization", json={"organization_id": str(other_organization_id)})
        tab = {SHOWN: str(organization_id)}
        stale = [
            await person.post("/api/brands", json={"name": "Typed before"}, headers=tab),
            await person.get("/api/stories", headers=tab),
            await person.get("/api/session", headers=tab),
        ]
        fresh = await person.get("/api/brands", headers={SHOWN: str(other_organization_id).upper()})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://brandhound.test") as program:
        program.headers["authorization"] = f"Bearer {made['secret']}"
        keyed = [
            (await program.get("/api/brands", headers=headers)).status_code
            for headers in ({}, tab, {SHOWN: str(other_organization_id)})
        ]

    assert [(one.status_code, one.json()["code"]) for one in stale] == [(409, "tenancy/organization-left")] * 3
    assert fresh.status_code == 200
    assert keyed == [200, 200, 409]
    assert await brands(other_client) == []


async def test_whoever_signs_in_again_is_where_they_were(
    app: FastAPI, organization_id: UUID, other_client: httpx.AsyncClient, other_organization_id: UUID
) -> None:
    await other_client.patch("/api/organization", json={"name": "Zeta client"})
    async with signed_in(app, organization_id, "analyst") as (person, email):
        await belong(person, other_organization_id)
        await person.put("/api/session/organization", json={"organization_id": str(other_organization_id)})
        await person.delete("/api/session")
        again = await person.post("/api/session", json={"email": email, "password": PASSWORD})
        await take_out(other_client, email)
        await person.delete("/api/session")
        without = await person.post("/api/session", json={"email": email, "password": PASSWORD})

    assert again.json()["organization"]["name"] == "Zeta client"
    assert without.json()["organization"]["id"] == str(organization_id)


async def test_an_organization_that_one_does_not_belong_to_cannot_be_chosen(
    client: httpx.AsyncClient, organization_id: UUID, other_organization_id: UUID
) -> None:
    refused = await client.put("/api/session/organization", json={"organization_id": str(other_organization_id)})

    assert (refused.status_code, refused.json()["code"]) == (404, "core/not-there")
    assert (await client.get("/api/session")).json()["organization"]["id"] == str(organization_id)


async def test_whoever_belongs_to_no_organization_signs_in_and_accepts_an_invitation(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, other_client: httpx.AsyncClient
) -> None:
    async with signed_in(app, organization_id, "analyst") as (person, email):
        await take_out(client, email)
        nowhere = (await person.get("/api/session")).json()
        refused = await person.post("/api/organizations", json={"name": "Mine"})
        await person.delete("/api/session")
        signed = await person.post("/api/session", json={"email": email, "password": PASSWORD})
        invitation = (await other_client.post("/api/invitations", json={"email": email, "role": "viewer"})).json()
        token = invitation["link"].rsplit("/", 1)[1]
        accepted = await person.put(f"/api/invitations/by-token/{token}/acceptance")
        seen = await person.get("/api/brands")

    assert (nowhere["organization"], nowhere["organizations"]) == (None, [])
    assert (refused.status_code, refused.json()["code"]) == (403, "tenancy/no-organization")
    assert (signed.status_code, signed.json()["organization"]) == (201, None)
    assert accepted.json()["organization"]["role"] == "viewer"
    assert seen.status_code == 200


async def test_a_session_that_is_used_does_not_end_in_the_browser_before_it_ends_here(
    client: httpx.AsyncClient,
) -> None:
    clock.freeze(datetime.now(UTC))
    try:
        clock.advance(timedelta(days=20))
        # Whatever asks first moves the end on, and the browser does not hear of it.
        await client.get("/api/brands")
        answer = await client.get("/api/session")
        again = await client.get("/api/session")
        clock.advance(timedelta(days=20))
        later = await client.get("/api/session")
    finally:
        clock.unfreeze()

    assert "set-cookie" not in again.headers
    assert (later.status_code, "set-cookie" in later.headers) == (200, True)
    cookie = answer.headers["set-cookie"]
    assert cookie.split(";")[0] in answer.request.headers["cookie"].split("; ")
    assert "Max-Age=2592000" in cookie
    assert "HttpOnly" in cookie


async def test_going_elsewhere_and_a_new_password_at_the_same_moment_do_not_wait_for_each_other(
    app: FastAPI, organization_id: UUID, other_organization_id: UUID, database: TestDatabase
) -> None:
    async with signed_in(app, organization_id, "analyst") as (person, email):
        await belong(person, other_organization_id)
        async with system_session() as db:
            # As a new password does: the person first, and then their sessions.
            user_id = await db.scalar(select(User.id).where(User.email_key == email.lower()).with_for_update())
            there = {"organization_id": str(other_organization_id)}
            going = asyncio.create_task(person.put("/api/session/organization", json=there))
            async with somebody_waits_for_a_lock(database):
                await db.execute(delete(SignIn).where(SignIn.user_id == user_id))
        assert (await going).status_code == 401
