"""People who are signed in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache
from uuid import UUID, uuid4

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

PASSWORD = "correct horse battery"


@lru_cache(maxsize=1)
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def make_person(
    organization_id: UUID | None = None, role: str = "owner", *, operator: bool = False
) -> tuple[UUID, str, str]:
    """A user with a role in an organization (a fresh one by default): the organization, the e-mail address, a cookie."""
    from brandhound.core.db import SYSTEM_ORGANIZATION
    from brandhound.core.system import system_session
    from brandhound.identity.models import User
    from brandhound.identity.signing_in import open_session
    from brandhound.tenancy.models import Member, Organization

    async with system_session() as db:
        if organization_id is None:
            organization = Organization(name="Acme", time_zone="Europe/Berlin")
            db.add(organization)
            await db.flush()
            organization_id = organization.id
        email = f"{uuid4().hex}@acme.example"
        user = User(email=email, email_key=email, name="Ada", password_hash=_password_hash())
        db.add(user)
        await db.flush()
        db.add(Member(organization_id=organization_id, user_id=user.id, role=role))
        if operator and organization_id != SYSTEM_ORGANIZATION:
            db.add(Member(organization_id=SYSTEM_ORGANIZATION, user_id=user.id, role="owner"))
        await db.flush()
        return (
            organization_id,
            email,
            await open_session(db, user.id, user_agent="test", organization_id=organization_id),
        )


@asynccontextmanager
async def signed_in(
    app: FastAPI, organization_id: UUID | None = None, role: str = "owner", *, operator: bool = False
) -> AsyncGenerator[tuple[httpx.AsyncClient, str]]:
    """A client whose user has that role, and the user's e-mail address."""
    organization_id, email, cookie = await make_person(organization_id, role, operator=operator)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://brandhound.test",
        cookies={"brandhound_session": cookie},
        headers={"x-organization": str(organization_id)},
    ) as client:
        yield client, email
