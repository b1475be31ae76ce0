"""Does queued runs in this very process, without workers: for tests, and for a command that waits for its result."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.system import system_session
from brandhound.jobs.bookkeeping import Bookkeeper, Ticket
from brandhound.jobs.models import RunRow
from brandhound.jobs.performing import Performer
from brandhound.jobs.recording import Recorder
from brandhound.jobs.waiting import queue_what_is_due


class StillBusy(TimeoutError):
    """Runs went on queuing runs until the time was up."""


class InMemory:
    """Remembers nothing beyond this process, and so does every step; waits are real."""

    def __init__(self, longest_sleep: float | None = None) -> None:
        self._longest = longest_sleep

    async def remember(self, step: str, do: Callable[[], Awaitable[Any]]) -> Any:
        """Just do it."""
        return await do()

    async def sleep(self, seconds: float) -> None:
        """Wait, though not longer than this process likes to."""
        await asyncio.sleep(seconds if self._longest is None else min(seconds, self._longest))


async def run_until_idle(
    organization_id: UUID | None = None,
    *,
    seconds: float = 300.0,
    at_once: int = 8,
    longest_sleep: float | None = 0.05,
    jobs: Collection[str] | None = None,
) -> list[UUID]:
    """Do queued runs, and what they queue, until none is left that is due; the ids in the order in which they began.

    With `jobs`, runs of those alone; others stay where they are.
    Put-off runs are done too once the clock says so. Back-off waits are cut to `longest_sleep` seconds.

    Raises StillBusy when the time is up.
    """
    recorder = Recorder()
    performer = Performer(recorder, Bookkeeper("inline"))
    deadline = time.monotonic() + seconds
    began: list[UUID] = []
    while waiting := await _waiting(organization_id, at_once, jobs):
        if time.monotonic() > deadline:
            raise StillBusy(f"{len(began)} runs were done in {seconds:g} s, and there are more")
        began += [run_id for run_id, _, _ in waiting]
        await asyncio.gather(*(performer.perform(Ticket(*one), InMemory(longest_sleep)) for one in waiting))
    recorder.close()
    return began


async def _waiting(
    organization_id: UUID | None, limit: int, jobs: Collection[str] | None
) -> list[tuple[UUID, UUID, int]]:
    await queue_what_is_due(_soon())
    query = (
        select(RunRow.id, RunRow.organization_id, RunRow.round)
        .where(RunRow.state == "queued", RunRow.admitted)
        .order_by(RunRow.created_at, RunRow.id)
        .limit(limit)
    )
    if organization_id is not None:
        query = query.where(RunRow.organization_id == organization_id)
    if jobs is not None:
        query = query.where(RunRow.job.in_(jobs))
    async with system_session() as db:
        return [(run_id, owner, round_) for run_id, owner, round_ in await db.execute(query)]


def _soon() -> datetime:
    return clock.now() + timedelta(milliseconds=1)
