"""Operators are the owners and administrators of the installation's own organization: invited, and taken out, like members."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.admin.telling import operators
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.tenancy.models import Member
from tests.factories.people import signed_in

pytestmark = pytest.mark.anyio

ADDRESS = "/api/admin/organizations"


async def told() -> dict[UUID, UUID]:
    """Who is told of what is wrong with the installation, and where."""
    async with system_session() as db:
        return dict(await operators(db))


async def me(client: httpx.AsyncClient) -> UUID:
    return UUID((await client.get("/api/session")).json()["user"]["id"])


@pytest.mark.parametrize(("role", "runs_it"), [("owner", True), ("admin", True), ("analyst", False), ("viewer", False)])
async def test_whoever_owns_or_administers_the_installation_s_organization_is_an_operator(
    app: FastAPI, role: str, runs_it: bool
) -> None:
    async with signed_in(app, SYSTEM_ORGANIZATION, role) as (person, _):
        assert (await person.get(ADDRESS)).status_code == (200 if runs_it else 403)
        assert (await person.get("/api/session")).json()["user"]["operator"] is runs_it
        assert ((await me(person)) in await told()) is runs_it


async def test_whoever_is_taken_out_of_it_is_no_operator_any_more_and_stays_where_else_they_belong(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    async with (
        signed_in(app, organization_id, "viewer", operator=True) as (leaving, email),
        signed_in(app, SYSTEM_ORGANIZATION) as (staying, _),
    ):
        user_id = await me(leaving)
        assert (await leaving.get(ADDRESS)).status_code == 200
        assert (await told())[user_id] == organization_id
        members = (await staying.get("/api/members")).json()
        member = next(one["id"] for one in members if one["email"] == email)
        assert (await staying.delete(f"/api/members/{member}")).status_code == 204
        assert (await leaving.get(ADDRESS)).status_code == 403
        assert (await leaving.get("/api/brands")).status_code == 200
        assert user_id not in await told()


async def test_an_operator_is_told_where_they_may_read_it(app: FastAPI, organization_id: UUID) -> None:
    async with signed_in(app, SYSTEM_ORGANIZATION) as (person, _):
        user_id = await me(person)
        async with system_session() as db:
            db.add(Member(organization_id=organization_id, user_id=user_id, role="guest"))
        assert (await told())[user_id] == SYSTEM_ORGANIZATION
