"""The address at which one run is followed: its standing and its log as they change, until it is over or gone."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from brandhound.core.db import tenant_session
from brandhound.core.problems import NotThere
from brandhound.jobs import queries
from brandhound.jobs.models import LEVELS, Level, RunLine
from brandhound.jobs.presenting import line_out, run_out
from brandhound.jobs.schemas import RunOut
from brandhound.jobs.states import ACTIVE
from brandhound.tenancy.asking_again import may_still_read
from brandhound.tenancy.callers import TenantDb, Viewer
from brandhound.tenancy.people import Caller

LOOK = 5.0
"""Seconds between two looks of its own: for a row that vanished nobody tells a change."""

EVERY = 0.25
"""Seconds between two updates at the least."""

LINES = 50
"""Lines in one update at the most: 200 a second. What comes faster is counted and skipped; the whole log can be read."""

router = APIRouter(tags=["jobs"])


class _Hub(Protocol):
    def screen(self, organization_id: UUID) -> AbstractContextManager[asyncio.Queue[Any]]: ...


class RunEnd(BaseModel):
    """The last thing on the stream; without a state the run is gone."""

    state: str | None


class LinesSkipped(BaseModel):
    """So many lines came too fast."""

    lines: int


@router.get(
    "/api/runs/{run_id}/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def stream_run(
    run_id: UUID,
    request: Request,
    db: TenantDb,
    caller: Viewer,
    level: Annotated[Level, Query(description="Log lines of this level and above")] = "info",
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Follow a run as server-sent events: `run`, `line`, `skipped`, and `end` after which the stream ends.

    Lines are numbered: with `Last-Event-ID` it goes on after that line. It ends without `end` once the caller may not read it
    any more.
    """
    await queries.run_by_id(db, run_id)
    after = int(last_event_id) if last_event_id and re.fullmatch("[0-9]{1,18}", last_event_id) else 0
    return StreamingResponse(
        _follow(request, caller, run_id, LEVELS[level], after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"},
    )


async def _follow(request: Request, caller: Caller, run_id: UUID, level: int, after: int) -> AsyncGenerator[str]:
    yield "retry: 3000\n\n"
    hub: _Hub = request.app.state.hub
    owner = caller.organization_id
    told: RunOut | None = None
    with hub.screen(owner) as changes:
        while True:
            looked_at = time.monotonic()
            # Each time: what follows is the run itself, and its log.
            if not await may_still_read(request, caller):
                return
            run, lines, skipped = await _look(owner, run_id, level, after)
            for line in lines:
                after = line.seq
                yield _event("line", line_out(line), str(line.seq))
            if skipped:
                after, count = skipped
                yield _event("skipped", LinesSkipped(lines=count), str(after))
            if run is None:
                yield _event("end", RunEnd(state=None))
                return
            if run != told:
                told = run
                yield _event("run", run)
            if run.state not in ACTIVE:
                yield _event("end", RunEnd(state=run.state))
                return
            if not await _changed(changes, run_id):
                yield ": still here\n\n"
            await asyncio.sleep(max(0.0, looked_at + EVERY - time.monotonic()))


async def _look(
    owner: UUID, run_id: UUID, level: int, after: int
) -> tuple[RunOut | None, Sequence[RunLine], tuple[int, int] | None]:
    """The run, its next lines, and if there are too many the number of the last and how many are skipped."""
    async with tenant_session(owner) as db:
        try:
            # Before its lines: when it is over, none can follow.
            run = await run_out(db, await queries.run_by_id(db, run_id))
        except NotThere:
            return None, [], None
        lines = await queries.lines_after(db, run_id, after, level, LINES)
        if len(lines) <= LINES:
            return run, lines, None
        return run, lines[:LINES], await queries.skipped_after(db, run_id, lines[LINES - 1].seq, level)


async def _changed(changes: asyncio.Queue[Any], run_id: UUID) -> bool:
    """Wait for news of this run; false when none came for a while."""
    try:
        async with asyncio.timeout(LOOK):
            while True:
                change = await changes.get()
                # None: numbers began anew, and anything may have changed.
                if change is None or (change.key == str(run_id) and change.topic in ("runs", "run-log")):
                    break
    except TimeoutError:
        return False
    while not changes.empty():
        changes.get_nowait()
    return True


def _event(kind: str, data: BaseModel, number: str | None = None) -> str:
    numbered = f"id: {number}\n" if number else ""
    return f"event: {kind}\n{numbered}data: {data.model_dump_json()}\n\n"
