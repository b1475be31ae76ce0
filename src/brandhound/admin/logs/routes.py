"""Logs over HTTP."""

import json
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from brandhound.admin.logs import following, keeping, saving
from brandhound.admin.logs.errors import SearchTooSlow
from brandhound.admin.logs.schemas import (
    LEVELS,
    LevelName,
    LinesLeftOut,
    LogHistogram,
    LogRecordFull,
    LogRecords,
    LogRetentionIn,
    LogRetentionOut,
    LogSearchOut,
    LogStorage,
    NewLogSearch,
)
from brandhound.admin.logs.searching import count_by_time, each_line, find_lines, line_by_id
from brandhound.admin.logs.wanted import Wanted, window
from brandhound.core import clock
from brandhound.core.db import SYSTEM_ORGANIZATION
from brandhound.core.problems import NotThere, Problem
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.tenancy.asking_again import caller_now
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Admin, Caller, Guest, Operator, TenantDb
from brandhound.tenancy.errors import OperatorsOnly, RoleTooLow
from brandhound.tenancy.roles import Role

router = APIRouter(prefix="/api/logs", tags=["logs"])

Scope = Literal["organization", "installation"]
MOST_EXPORTED = 50_000
CHECK = 30.0
"""Seconds between two looks whether somebody who follows a log may still read it."""


def reader(caller: Guest, scope: Scope = "organization") -> Caller:
    """Who reads: administrators what is their organization's, operators what is the installation's own."""
    if scope == "installation":
        if not caller.operator:
            raise OperatorsOnly
    elif caller.role < Role.ADMIN:
        raise RoleTooLow(Role.ADMIN)
    return caller


Reader = Annotated[Caller, Depends(reader)]


def owner(caller: Reader, scope: Scope = "organization") -> UUID:
    """Whose lines are read."""
    return SYSTEM_ORGANIZATION if scope == "installation" else caller.organization_id


def wanted(
    organization_id: Annotated[UUID, Depends(owner)],
    q: Annotated[
        str | None, Query(max_length=300, description="Words in the text, the facts or the traceback.")
    ] = None,
    level: Annotated[LevelName | None, Query(description="This level and those above.")] = None,
    run_id: UUID | None = None,
    feed_id: UUID | None = None,
    provider: Annotated[str | None, Query(max_length=200)] = None,
    request_id: Annotated[str | None, Query(max_length=200)] = None,
    process: Annotated[Literal["web", "worker", "cli"] | None, Query()] = None,
    logger: Annotated[str | None, Query(max_length=200, description="The beginning of the logger's name.")] = None,
    since: Annotated[datetime | None, Query(description="An hour before `until` unless given.")] = None,
    until: Annotated[datetime | None, Query(description="Now unless given; at most 31 days after `since`.")] = None,
) -> Wanted:
    """The filters of a search."""
    return Wanted(
        organization_id=organization_id,
        window=window(since, until, clock.now()),
        q=q,
        least_level=LEVELS[level] if level else None,
        run_id=run_id,
        feed_id=feed_id,
        provider=provider,
        request_id=request_id,
        process=process,
        logger=logger,
    )


Filters = Annotated[Wanted, Depends(wanted)]


@router.get("")
async def list_log_records(
    filters: Filters, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> LogRecords:
    """Search the log of your organization or, with `scope=installation`, of the installation itself. Newest first."""
    page = await find_lines(filters, cursor, limit)
    return LogRecords(items=page.items, next=page.next, since=filters.window.since, until=filters.window.until)


@router.get("/histogram")
async def count_log_records(filters: Filters) -> LogHistogram:
    """Count what a search finds, over its time."""
    width, buckets = await count_by_time(filters)
    return LogHistogram(
        since=filters.window.since,
        until=filters.window.until,
        bucket_seconds=round(width.total_seconds()),
        complete=buckets is not None,
        buckets=buckets or [],
    )


@router.get(
    "/export.ndjson",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}}},
)
async def export_log_records(filters: Filters) -> StreamingResponse:
    """Download what a search finds, one line of JSON each, newest first; at most 50,000."""
    # The first lines are found before it is answered: a search that is too slow must not be a broken file.
    await find_lines(filters, None, 1)

    async def lines() -> AsyncGenerator[str]:
        async for line in each_line(filters, MOST_EXPORTED):
            yield line.model_dump_json() + "\n"

    name = f"log-{filters.window.since:%Y%m%d-%H%M}.ndjson"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)


@router.get("/stream", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def stream_log_records(
    request: Request, caller: Reader, filters: Filters, last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    """Follow a search as server-sent events: `line`, `skipped` with how many came too fast, and `end`.

    With `Last-Event-ID` it goes on after that line; lines of the ten seconds before may come once more. Until when is looked has
    no meaning here, and since when neither.
    """
    follower = following.follower(filters, _line_id(last_event_id))
    # The first look is before it is answered: a search that is too slow says so.
    first = await follower.look()
    return StreamingResponse(
        _told(request, caller, follower, first),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"},
    )


async def _told(
    request: Request, caller: Caller, follower: following.Follower, first: following.News
) -> AsyncGenerator[str]:
    yield "retry: 3000\n\n"
    for event in _events(first):
        yield event
    checked_at = time.monotonic()
    try:
        async with aclosing(following.news(follower)) as news:
            async for came in news:
                # Who has been signed out, or is no administrator any more, reads no further.
                if time.monotonic() - checked_at > CHECK:
                    checked_at = time.monotonic()
                    if not await _may_still_read(request, caller, follower.wanted.organization_id):
                        break
                for event in _events(came) if came else [": still here\n\n"]:
                    yield event
    except SearchTooSlow as problem:
        yield _event("problem", json.dumps(problem.document(request.url.path)))
    yield _event("end", "{}")


async def _may_still_read(request: Request, caller: Caller, owner_id: UUID) -> bool:
    now = await caller_now(request)
    if now is None:
        return False
    try:
        reader(now, "installation" if owner_id == SYSTEM_ORGANIZATION and caller.operator else "organization")
    except Problem:
        return False
    return owner_id in (now.organization_id, SYSTEM_ORGANIZATION)


def _events(news: following.News) -> Iterator[str]:
    # Before the lines: those left out are older.
    if news.skipped != 0:
        yield _event("skipped", LinesLeftOut(lines=news.skipped).model_dump_json())
    for line in news.lines:
        yield _event("line", line.model_dump_json(), str(line.id))


def _event(kind: str, data: str, number: str | None = None) -> str:
    return f"event: {kind}\n" + (f"id: {number}\n" if number else "") + f"data: {data}\n\n"


def _line_id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@router.get("/searches")
async def list_log_searches(db: TenantDb, caller: Reader) -> list[LogSearchOut]:
    """List the searches that you saved."""
    return [LogSearchOut.model_validate(search) for search in await saving.searches_of(db, caller)]


@router.post("/searches", status_code=201)
async def save_log_search(new: NewLogSearch, db: TenantDb, caller: Reader) -> LogSearchOut:
    """Save a search under a name; one of yours with that name is replaced."""
    return LogSearchOut.model_validate(await saving.save_search(db, caller, new.name, dict(new.query)))


@router.delete("/searches/{log_search_id}", status_code=204)
async def remove_log_search(log_search_id: UUID, db: TenantDb, caller: Reader) -> None:
    """Remove a search that you saved."""
    await saving.forget_search(db, caller, log_search_id)


@router.get("/retention")
async def read_log_retention(db: TenantDb, _: Admin) -> LogRetentionOut:
    """Read for how long your organization's lines are kept."""
    chosen = await saving.retention_of(db)
    days = {f"{level}_days": getattr(chosen, f"{level}_days") if chosen else None for level in LEVELS}
    usual = {f"usual_{level}_days": number for level, number in keeping.usual_days().items()}
    return LogRetentionOut.model_validate({**days, **usual})


@router.put("/retention")
async def change_log_retention(change: LogRetentionIn, db: TenantDb, caller: Admin) -> LogRetentionOut:
    """Choose for how long your organization's lines of each level are kept."""
    await saving.choose_retention(db, {level: getattr(change, f"{level}_days") for level in LEVELS})
    await record(db, caller, "logs.retention-changed", "log_retention", None, change.model_dump())
    return await read_log_retention(db, caller)


@router.get("/storage")
async def read_log_storage(_: Operator) -> LogStorage:
    """Read how much room the log lines of all organizations take."""
    async with system_session() as db:
        found = await keeping.partitions(db)
    oldest = min((one.until - keeping.WEEK for one in found), default=None)
    limit = settings().log_disk_limit_mb * 1_000_000
    return LogStorage(
        used_bytes=sum(one.bytes for one in found),
        limit_bytes=limit or None,
        since=oldest,
        partitions=len(found),
    )


@router.get("/{log_line_id}")
async def get_log_record(log_line_id: UUID, organization_id: Annotated[UUID, Depends(owner)]) -> LogRecordFull:
    """Read one line with its traceback."""
    line = await line_by_id(organization_id, log_line_id)
    if line is None:
        raise NotThere("log line")
    return line
