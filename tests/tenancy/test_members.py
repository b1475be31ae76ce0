"""Members: owners who leave at once, and people who are invited though they are in."""

import asyncio
from uuid import UUID, uuid4

import httpx
import psycopg
from fastapi import FastAPI

from tests.databases import TestDatabase
from tests.factories.people import PASSWORD, signed_in
from tests.tenancy.people import member_id


async def test_of_two_owners_who_step_down_at_the_same_moment_one_stays(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID, database: TestDatabase
) -> None:
    async with signed_in(app, organization_id, "owner") as (other, email):
        second = await member_id(client, email)
        first = next(one["id"] for one in (await client.get("/api/members")).json() if one["id"] != second)
        async with await psycopg.AsyncConnection.connect(database.url) as held:
            # Both wait here, and go on together.
            await held.execute(
                "select id from members where organization_id = %s order by id for update", (organization_id,)
            )
            leaving = [
                asyncio.create_task(client.patch(f"/api/members/{first}", json={"role": "viewer"})),
                asyncio.create_task(other.delete(f"/api/members/{second}")),
            ]
            await asyncio.sleep(0.5)
        answers = [await one for one in leaving]
        roles = [one["role"] for one in (await (client if answers[1].is_success else other).get("/api/members")).json()]

    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert [answer.json()["code"] for answer in answers if answer.is_error] == ["tenancy/last-owner"]
    assert roles.count("owner") == 1


async def test_whoever_is_a_member_is_not_invited_with_another_role(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with signed_in(app, organization_id, "viewer") as (_, email):
        refused = await client.post("/api/invitations", json={"email": f" {email.upper()}", "role": "admin"})

    assert (refused.status_code, refused.json()["code"]) == (409, "tenancy/already-member")
    assert refused.json()["role"] == "viewer"
    assert (await client.get("/api/invitations")).json() == []


async def test_an_invitation_to_somebody_who_became_a_member_since_says_so_and_is_not_used_up(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    email = f"{uuid4().hex}@acme.example"
    made = [
        (await client.post("/api/invitations", json={"email": email, "role": role})).json()
        for role in ("viewer", "admin")
    ]
    doors = [f"/api/invitations/by-token/{one['link'].rsplit('/', 1)[1]}/acceptance" for one in made]
    joined = await anonymous.post(doors[0], json={"name": "Bo", "password": PASSWORD})
    again = [
        await anonymous.post(doors[1], json={"name": "", "password": PASSWORD}),
        await anonymous.put(doors[1]),
    ]

    assert joined.json()["organization"]["role"] == "viewer"
    assert [(one.status_code, one.json()["code"], one.json()["role"]) for one in again] == [
        (409, "tenancy/already-member", "viewer")
    ] * 2
    assert [one["id"] for one in (await client.get("/api/invitations")).json()] == [made[1]["id"]]
    assert [one["role"] for one in (await client.get("/api/members")).json() if one["email"] == email] == ["viewer"]
