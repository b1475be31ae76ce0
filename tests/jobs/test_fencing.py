"""A worker that has lost its run writes nothing more, whichever session it has opened."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import select, text

from brandhound.core.db import tenant_session
from brandhound.core.system import system_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.models import Schedule
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.jobs.scheduling import add_schedule
from tests.jobs.test_runs import run_of, start

pytestmark = pytest.mark.anyio


class Gate:
    """Holds a step between its writing and its commit."""

    reached: ClassVar[asyncio.Event]
    opened: ClassVar[asyncio.Event]


class Writing(BaseModel):
    into: UUID


@job("samples.write_by_itself", timeout=timedelta(seconds=60))
async def write_by_itself(run: Run, parameters: Writing) -> Outcome:
    await run.step("write", _write, str(parameters.into))
    return Done("written")


async def _write(into: str) -> None:
    """What steps of other packages do: they open a session of their own."""
    async with tenant_session(UUID(into)) as db:
        await add_schedule(db, "samples.short", "0 8 * * *", "UTC", title="By a step")
        Gate.reached.set()
        await Gate.opened.wait()


@asynccontextmanager
async def held_before_its_commit(organization_id: UUID, into: UUID) -> AsyncGenerator[UUID]:
    """A run whose step has written and not committed; it goes on when the block ends."""
    Gate.reached, Gate.opened = asyncio.Event(), asyncio.Event()
    run_id = await start(organization_id, "samples.write_by_itself", Writing(into=into))
    work = asyncio.create_task(run_until_idle(organization_id))
    async with asyncio.timeout(60):
        await Gate.reached.wait()
    yield run_id
    Gate.opened.set()
    await work


async def written(organization_id: UUID) -> list[str]:
    async with tenant_session(organization_id) as db:
        return list(await db.scalars(select(Schedule.title).where(Schedule.title == "By a step")))


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_step_of_a_run_that_was_taken_writes_nothing(
    organization_id: UUID, other_organization_id: UUID, elsewhere: bool
) -> None:
    into = other_organization_id if elsewhere else organization_id
    async with held_before_its_commit(organization_id, into) as run_id, system_session() as db:
        await db.execute(text("update runs set attempts = attempts + 1 where id = :id"), {"id": run_id})
    assert await written(into) == []
    assert (await run_of(organization_id, run_id)).state == "running"
    async with system_session() as db:
        await db.execute(text("delete from runs where id = :id"), {"id": run_id})


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_step_of_a_run_that_is_its_own_writes(
    organization_id: UUID, other_organization_id: UUID, elsewhere: bool
) -> None:
    into = other_organization_id if elsewhere else organization_id
    async with held_before_its_commit(organization_id, into) as run_id:
        pass
    assert await written(into) == ["By a step"]
    assert (await run_of(organization_id, run_id)).outcome == "written"
