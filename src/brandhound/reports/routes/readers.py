"""Who may read one report: everybody in the organization who reads, and its guests if it was shared."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy import select

from brandhound.core.problems import NotThere
from brandhound.reports.sharing import is_shared
from brandhound.tenancy.callers import Caller, Guest, TenantDb
from brandhound.tenancy.roles import Role


async def reader(report_id: UUID, db: TenantDb, caller: Guest) -> Caller:
    """For a guest a report that was not shared is not there."""
    if caller.role < Role.VIEWER and not await db.scalar(select(is_shared(report_id))):
        raise NotThere("report")
    return caller


Reader = Annotated[Caller, Depends(reader)]
