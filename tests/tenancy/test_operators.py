"""Operators are the owners and administrators of the installation's own organization: invited, and taken out, like members."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, select, text

from brandhound.admin.telling import Told, operators, settle_for_operators, tell_operators
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.system import system_session
from brandhound.notifications.models import Notification
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


async def test_what_an_operator_was_told_is_over_with_its_cause_also_once_they_are_none_any_more(
    app: FastAPI, organization_id: UUID
) -> None:
    about = Told("system_problem", "The disk is full", "", "/admin", "critical", f"disk:{organization_id}")
    async with signed_in(app, organization_id, "viewer", operator=True) as (person, _):
        user_id = await me(person)
        async with system_session() as db:
            await tell_operators(db, about)
            await db.execute(
                delete(Member).where(Member.user_id == user_id, Member.organization_id == SYSTEM_ORGANIZATION)
            )
            await settle_for_operators(db, about.key)
            mine = select(Notification.settled_at).where(Notification.user_id == user_id)
            assert await db.scalar(mine.where(Notification.title == about.title)) is not None


async def test_the_release_before_signs_people_in_while_machines_are_updated_one_after_the_other(
    app: FastAPI, organization_id: UUID
) -> None:
    async with signed_in(app, organization_id) as (person, _), system_session() as db:
        user_id = await me(person)
        found = await db.execute(text("select operator from users where id = :user"), {"user": user_id})
        assert found.scalar_one() is False
        signs_in = (
            "insert into sign_ins (id, user_id, token_hash, expires_at) values (gen_random_uuid(), :user, :hash, now())"
        )
        await db.execute(text(signs_in), {"user": user_id, "hash": str(user_id)})
