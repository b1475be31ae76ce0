"""What is decided of names that nobody knew holds, whoever decides or reads at the same moment."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.mentions.discovery import looking
from brandhound.mentions.discovery.models import BrandCandidate
from tests.mentions.newsroom import Newsroom
from tests.mentions.test_discovery import SAID, look, proposed, told


async def test_a_name_whose_decision_is_taken_back_while_articles_are_read_stays(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(newsroom, SAID)
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None
    await client.put(f"/api/discovery/{found['id']}/ignore")
    read = looking.reread

    async def meanwhile(*given: Any) -> Any:
        (await client.delete(f"/api/discovery/{found['id']}/decision")).raise_for_status()
        return await read(*given)

    monkeypatch.setattr(looking, "reread", meanwhile)
    await look(client, organization_id)
    still = await proposed(client, "Quillox")
    assert still is not None
    assert still["id"] == found["id"]


async def test_a_decision_that_two_take_back_at_once_is_taken_back_once(
    client: httpx.AsyncClient, newsroom: Newsroom, organization_id: UUID
) -> None:
    await told(newsroom, SAID)
    await look(client, organization_id)
    found = await proposed(client, "Quillox")
    assert found is not None
    await client.put(f"/api/discovery/{found['id']}/ignore")
    async with tenant_session(organization_id) as db:
        await db.execute(select(BrandCandidate.id).where(BrandCandidate.id == UUID(found["id"])).with_for_update())
        both = [asyncio.create_task(client.delete(f"/api/discovery/{found['id']}/decision")) for _ in range(2)]
        await asyncio.wait(both, timeout=1)
    assert [answer.status_code for answer in await asyncio.gather(*both)] == [200, 200]
    done = [entry["action"] for entry in (await client.get("/api/audit")).json()["items"]]
    assert done.count("discovery.taken_back") == 1
