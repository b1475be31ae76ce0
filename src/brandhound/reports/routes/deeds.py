"""Addresses of what people do to many reports at once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.core.pages import Page
from brandhound.reports.deeds import marking, telling
from brandhound.reports.deeds.schemas import (
    MatchingReports,
    NewReportDeed,
    ReportCount,
    ReportDeedDetail,
    ReportDeedOut,
    ReportTagList,
)
from brandhound.reports.deeds.tags import tags_in_use
from brandhound.reports.listing import count_matching
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/reports", tags=["reports"])


@router.get("/tags")
async def list_report_tags(db: TenantDb, _: Viewer) -> ReportTagList:
    """The tags of reports, the most used first."""
    return ReportTagList.of(await tags_in_use(db))


@router.post("/matching")
async def count_matching_reports(matching: MatchingReports, db: TenantDb, _: Viewer) -> ReportCount:
    """How many reports match these filters."""
    return ReportCount(reports=await count_matching(db, matching.as_filter()))


@router.get("/deeds")
async def list_report_deeds(
    db: TenantDb, _: Viewer, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 30
) -> Page[ReportDeedOut]:
    """What people did to reports, the latest first."""
    return await telling.page_of_deeds(db, cursor, limit)


@router.post("/deeds", status_code=201)
async def mark_reports(new: NewReportDeed, db: TenantDb, caller: Analyst) -> ReportDeedOut:
    """Tag, archive or delete reports: some by name, or all that match."""
    matching = new.matching.as_filter() if new.matching else None
    deed = await marking.mark_reports(
        db, caller, new.kind, clock.now(), tag=new.tag, report_ids=new.reports, matching=matching
    )
    return await telling.in_words(db, deed)


@router.get("/deeds/{deed_id}")
async def read_report_deed(deed_id: UUID, db: TenantDb, _: Viewer) -> ReportDeedDetail:
    """What was done, and what it could not be done to."""
    return await telling.deed_in_detail(db, deed_id)


@router.put("/deeds/{deed_id}/undoing")
async def undo_report_deed(deed_id: UUID, db: TenantDb, caller: Analyst) -> ReportDeedOut:
    """Take a deed back. Of a deletion for 30 days, of all else for ever."""
    return await telling.in_words(db, await marking.undo_deed(db, caller, deed_id, clock.now()))
