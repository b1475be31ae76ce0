"""Addresses of reports that leave by themselves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.core.pages import Page
from brandhound.reports import planning, sendings
from brandhound.reports.rhythms import check_zone, cron_of, in_words, next_times
from brandhound.reports.sending_schemas import (
    NextTimes,
    ReportScheduleIn,
    ReportScheduleOut,
    RhythmPreview,
    SendingOut,
)
from brandhound.tenancy.callers import Admin, Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/reports", tags=["reports"])


@router.get("/schedules")
async def list_report_schedules(db: TenantDb, _: Viewer) -> list[ReportScheduleOut]:
    """List the reports that leave by themselves, by title."""
    return await planning.schedules_by_title(db)


@router.post("/schedules", status_code=201)
async def add_report_schedule(wish: ReportScheduleIn, db: TenantDb, caller: Admin) -> ReportScheduleOut:
    """Send a report by itself from now on."""
    return (await planning.schedules_out(db, [await planning.add_schedule(db, caller, wish)]))[0]


@router.post("/schedules/preview")
async def preview_report_schedule(preview: RhythmPreview, _: Viewer) -> NextTimes:
    """Say when it would be sent, before it is saved."""
    cron = cron_of(preview.rhythm, preview.weekdays, preview.month_day, preview.minute)
    zones = [check_zone(name) for name in preview.time_zones]
    return NextTimes(
        when=in_words(preview.rhythm, preview.weekdays, preview.month_day, preview.minute),
        next_times=next_times(cron, zones, clock.now()),
    )


@router.get("/schedules/{report_schedule_id}")
async def read_report_schedule(report_schedule_id: UUID, db: TenantDb, _: Viewer) -> ReportScheduleOut:
    """Read one, with its recipients and its next five sendings."""
    return (await planning.schedules_out(db, [await planning.schedule_by_id(db, report_schedule_id)]))[0]


@router.put("/schedules/{report_schedule_id}")
async def change_report_schedule(
    report_schedule_id: UUID, wish: ReportScheduleIn, db: TenantDb, caller: Admin
) -> ReportScheduleOut:
    """Change it; it holds from now on. Recipients that are left out get it no more; who unsubscribed stays so."""
    schedule = await planning.change_schedule(db, caller, report_schedule_id, wish)
    return (await planning.schedules_out(db, [schedule]))[0]


@router.delete("/schedules/{report_schedule_id}", status_code=204)
async def remove_report_schedule(report_schedule_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Send it no more. What was sent stays in the list."""
    await planning.remove_schedule(db, caller, report_schedule_id)


@router.put("/schedules/{report_schedule_id}/pause")
async def pause_report_schedule(report_schedule_id: UUID, db: TenantDb, caller: Admin) -> ReportScheduleOut:
    """Keep it at home for now."""
    schedule = await planning.pause_schedule(db, caller, report_schedule_id, paused=True)
    return (await planning.schedules_out(db, [schedule]))[0]


@router.delete("/schedules/{report_schedule_id}/pause")
async def resume_report_schedule(report_schedule_id: UUID, db: TenantDb, caller: Admin) -> ReportScheduleOut:
    """Let it leave again. What came due meanwhile is not made up for."""
    schedule = await planning.pause_schedule(db, caller, report_schedule_id, paused=False)
    return (await planning.schedules_out(db, [schedule]))[0]


@router.put("/schedules/{report_schedule_id}/recipients/{recipient_id}/pause", status_code=204)
async def pause_report_recipient(report_schedule_id: UUID, recipient_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Send one of the recipients nothing for now."""
    await planning.pause_recipient(db, caller, report_schedule_id, recipient_id, paused=True)


@router.delete("/schedules/{report_schedule_id}/recipients/{recipient_id}/pause", status_code=204)
async def resume_report_recipient(report_schedule_id: UUID, recipient_id: UUID, db: TenantDb, caller: Admin) -> None:
    """Send to one of them again, also after their address was refused."""
    await planning.pause_recipient(db, caller, report_schedule_id, recipient_id, paused=False)


@router.post("/schedules/{report_schedule_id}/test", status_code=202)
async def test_report_schedule(report_schedule_id: UUID, db: TenantDb, caller: Analyst) -> SendingOut:
    """Send it to oneself, now, as it would leave next."""
    return await sendings.send_test(db, caller, report_schedule_id)


@router.get("/sendings")
async def list_report_sendings(
    db: TenantDb,
    _: Viewer,
    schedule: Annotated[UUID | None, Query(description="Only of this schedule")] = None,
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Page[SendingOut]:
    """List what was sent, or was not, and why, newest first. Digests of others are left out."""
    return await sendings.page_of_sendings(db, _.user_id, schedule, cursor, limit)


@router.post("/sendings/{sending_id}/resending", status_code=202)
async def resend_report(sending_id: UUID, db: TenantDb, caller: Analyst) -> SendingOut:
    """Send one once more, because a person says so."""
    return await sendings.send_again(db, caller, sending_id)
