"""The book of deeds says who did what to whom, also of people who have left."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.factories.people import signed_in

pytestmark = pytest.mark.anyio


async def book(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """The newest entry of each sort."""
    entries = (await client.get("/api/audit")).json()["items"]
    return {entry["action"]: entry for entry in reversed(entries)}


async def test_who_had_which_role_before_and_who_was_taken_out_can_be_read_later(
    app: FastAPI, client: httpx.AsyncClient, organization_id: Any
) -> None:
    async with signed_in(app, organization_id, "admin") as (person, email):
        user_id = (await person.get("/api/session")).json()["user"]["id"]
        await person.post("/api/brands", json={"name": "Nordwind"})
        found = (await client.get("/api/members")).json()
        address = next(f"/api/members/{one['id']}" for one in found if one["email"] == email)
        assert (await client.patch(address, json={"role": "viewer"})).status_code == 204
        assert (await client.delete(address)).status_code == 204
    entries = await book(client)
    who = {"user_id": user_id, "email": email, "role": "viewer"}
    assert entries["members.role-changed"]["facts"] == {**who, "role_before": "admin"}
    assert entries["members.removed"]["facts"] == who
    # Whoever has left is still named in what they did.
    assert entries["brands.watched"]["user_name"] == "Ada"


async def test_an_organization_s_book_begins_with_who_made_it(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/organizations", json={"name": "Client GmbH"})).json()
    assert "organization.made" not in await book(client)
    assert (await client.put("/api/session/organization", json={"organization_id": made["id"]})).status_code == 200
    (entry,) = (await client.get("/api/audit")).json()["items"]
    assert (entry["action"], entry["user_name"], entry["facts"]["name"]) == ("organization.made", "Ada", "Client GmbH")


async def test_an_ended_key_and_a_withdrawn_invitation_keep_their_names(client: httpx.AsyncClient) -> None:
    key = (await client.post("/api/keys", json={"name": "Dashboard"})).json()
    assert (await client.delete(f"/api/keys/{key['id']}")).status_code == 204
    invitation = (await client.post("/api/invitations", json={"email": "b@acme.example", "role": "viewer"})).json()
    assert (await client.delete(f"/api/invitations/{invitation['id']}")).status_code == 204
    entries = await book(client)
    assert entries["keys.removed"]["facts"] == {"name": "Dashboard", "role": "viewer", "scopes": ["*:read"]}
    assert entries["members.invitation-withdrawn"]["facts"] == {"email": "b@acme.example", "role": "viewer"}
