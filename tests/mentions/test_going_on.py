"""Matching that is interrupted goes on after the batches that it has finished."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from brandhound.core.db import tenant_session
from brandhound.feeds.events import ArticlesStored
from brandhound.jobs.bookkeeping import Bookkeeper, Ticket
from brandhound.jobs.models import RunRow
from brandhound.jobs.performing import Performer
from brandhound.jobs.recording import Recorder
from brandhound.jobs.registry import announce
from brandhound.mentions.jobs import BATCH
from brandhound.mentions.models import Mention
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio


class Memory:
    """What the engine remembers of the steps of one run, in order; the worker dies before a given one."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, Any]] = []
        self.at = 0
        self.dies_before: int | None = None
        self.died = asyncio.Event()

    async def remember(self, step: str, do: Callable[[], Awaitable[Any]]) -> Any:
        if self.at == self.dies_before:
            self.died.set()
            await asyncio.Event().wait()
        if self.at == len(self.kept):
            self.kept.append((step, await do()))
        name, result = self.kept[self.at]
        assert name == step
        self.at += 1
        return result

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))


async def test_batches_that_were_finished_are_not_looked_through_again(
    client: httpx.AsyncClient, organization_id: UUID, newsroom: Newsroom
) -> None:
    await watch(client, "Tolva")
    ids = [
        await newsroom.write(f"Tolva opens shop {number}", f"Tolva opened its shop number {number} in town {number}.")
        for number in range(BATCH + 5)
    ]
    async with tenant_session(organization_id) as db:
        await announce(db, ArticlesStored(article_ids=ids))
        run = (await db.scalars(select(RunRow).where(RunRow.job == "mentions.match"))).one()
    memory, recorder = Memory(), Recorder()
    performer, ticket = Performer(recorder, Bookkeeper("inline")), Ticket(run.id, organization_id, run.round)
    memory.dies_before = 1
    first = asyncio.create_task(performer.perform(ticket, memory))
    async with asyncio.timeout(120):
        await memory.died.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with tenant_session(organization_id) as db:
        found = list(await db.scalars(select(Mention.article_id)))
        assert len(found) == BATCH
        # Whoever takes these away sees whether they are looked for again.
        await db.execute(text("delete from mentions"))
    memory.at, memory.dies_before = 0, None
    assert await performer.perform(ticket, memory) == "done"
    async with tenant_session(organization_id) as db:
        assert set(await db.scalars(select(Mention.article_id))) == set(ids) - set(found)
        outcome = await db.scalar(select(RunRow.outcome).where(RunRow.id == run.id))
    assert str(outcome).startswith(f"{BATCH + 5} mentions in {BATCH + 5} articles")
    recorder.close()
