"""Asking again who calls: a stream goes on long after the request that opened it, and so must the question of who may read it."""

from starlette.requests import HTTPConnection

from brandhound.core.problems import Problem
from brandhound.tenancy.callers import current_caller
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role

MEMBERS = "members"
"""The live topic of a change after which somebody may do less than before: streams ask again at once."""


async def caller_now(connection: HTTPConnection) -> Caller | None:
    """Who calls by what the connection was opened with; None if they were signed out, or their key or membership ended."""
    try:
        return await current_caller(connection)
    except Problem:
        return None


async def may_still_read(connection: HTTPConnection, caller: Caller, least: Role = Role.VIEWER) -> bool:
    """Whether who opened a connection still looks at the same organization, with at least that role."""
    now = await caller_now(connection)
    return now is not None and now.organization_id == caller.organization_id and now.role >= least
