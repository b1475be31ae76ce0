"""People of several organizations."""

from uuid import UUID

import httpx


async def belong(person: httpx.AsyncClient, organization_id: UUID, role: str = "analyst") -> None:
    """Let them belong to that organization too."""
    from brandhound.core.system import system_session
    from brandhound.tenancy.models import Member

    user_id = UUID((await person.get("/api/session")).json()["user"]["id"])
    async with system_session() as db:
        db.add(Member(organization_id=organization_id, user_id=user_id, role=role))


async def member_id(client: httpx.AsyncClient, email: str) -> str:
    """The member with that address, as `client` sees them."""
    return next(one["id"] for one in (await client.get("/api/members")).json() if one["email"] == email)


async def take_out(client: httpx.AsyncClient, email: str) -> None:
    (await client.delete(f"/api/members/{await member_id(client, email)}")).raise_for_status()
