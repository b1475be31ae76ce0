"""Health, processes, queues, database, feeds: looking without touching."""

from typing import Annotated

from fastapi import APIRouter, Query

from brandhound import __version__
from brandhound.admin import feeds_ill, growth, health, server
from brandhound.admin.processes import processes
from brandhound.admin.pulsing import KEPT_DAYS
from brandhound.admin.queues import failures_by_class, queue_standings, queues_by_organization
from brandhound.admin.reading import looking, looking_at_server
from brandhound.admin.schemas.looking import (
    DatabaseOut,
    FeedHealthOut,
    HealthOut,
    HealthPart,
    ProcessesOut,
    QueuesOut,
)
from brandhound.core import clock
from brandhound.tenancy.callers import Operator

router = APIRouter(prefix="/api/admin")


@router.get("/health")
async def read_installation_health(_: Operator) -> HealthOut:
    """How every part of the installation is, and what to do about what is not well."""
    parts = await health.health()
    return HealthOut(
        state=health.worst(parts),
        version=__version__,
        checked_at=clock.now(),
        parts=[HealthPart.model_validate(part) for part in parts],
    )


@router.get("/processes")
async def list_processes(_: Operator, days: Annotated[int, Query(ge=0, le=KEPT_DAYS)] = 7) -> ProcessesOut:
    """List the processes that live, with the runs they have, and those that ended in the last days."""
    async with looking() as db:
        return ProcessesOut.model_validate({"items": await processes(db, days)})


@router.get("/queues")
async def list_queues(_: Operator, hours: Annotated[int, Query(ge=1, le=168)] = 24) -> QueuesOut:
    """List the queues with depth, waits and failures, by class and by organization."""
    async with looking() as db:
        return QueuesOut.model_validate(
            {
                "queues": await queue_standings(db),
                "failures": await failures_by_class(db, hours),
                "organizations": await queues_by_organization(db),
            }
        )


@router.get("/database")
async def read_database(_: Operator) -> DatabaseOut:
    """What the database server says of itself: sizes and growth, slow and blocked statements, unused indexes."""
    async with looking_at_server() as db:
        tables = await server.table_sizes(db)
        told = {
            **await server.summary(db),
            "slow_now": await server.slow_now(db),
            "slow_ever": await server.slow_ever(db),
            "blocked": await server.blocked(db),
            "unused_indexes": await server.unused_indexes(db),
        }
    async with looking() as db:
        told |= {"tables": await growth.grown(db, tables), **await growth.migrations(db)}
    return DatabaseOut.model_validate(told)


@router.get("/feeds")
async def read_feeds_across(_: Operator) -> FeedHealthOut:
    """How the feeds of all organizations do: by state, by reason, and the ones that most people miss."""
    async with looking() as db:
        return FeedHealthOut.model_validate(await feeds_ill.feeds_across(db))
