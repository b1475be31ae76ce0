"""Logs over HTTP."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from brandhound.admin.logs import keeping, saving
from brandhound.admin.logs.schemas import (
    LEVELS,
    LevelName,
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
from brandhound.core.problems import NotThere
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.tenancy.audit import record
from brandhound.tenancy.callers import Admin, Caller, Guest, Operator, TenantDb
from brandhound.tenancy.errors import OperatorsOnly, RoleTooLow
from brandhound.tenancy.roles import Role

router = APIRouter(prefix="/api/logs", tags=["logs"])

Scope = Literal["organization", "installation"]
MOST_EXPORTED = 50_000


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
    return LogRetentionOut(
        detail_days=chosen.detail_days if chosen else None,
        trouble_days=chosen.trouble_days if chosen else None,
        usual_detail_days=settings().log_days,
        usual_trouble_days=settings().log_days_troubles,
    )


@router.put("/retention")
async def change_log_retention(change: LogRetentionIn, db: TenantDb, caller: Admin) -> LogRetentionOut:
    """Choose for how long your organization's lines are kept."""
    await saving.choose_retention(db, change.detail_days, change.trouble_days)
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
