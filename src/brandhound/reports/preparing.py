"""Makes the report that a moment of a schedule is to tell: once for all its readers, and not at all if there is nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.reports import queries
from brandhound.reports.composing import frame_of
from brandhound.reports.drafting import draft_summary, with_draft
from brandhound.reports.errors import NoBrandsToReport, UnknownBrand
from brandhound.reports.keeping import compose_into, new_report
from brandhound.reports.models import Report
from brandhound.reports.periods import days_of_period
from brandhound.reports.schemas import ReportWish
from brandhound.reports.sending_models import Form, ReportRecipient, ReportSchedule, ReportSending
from brandhound.reports.template_models import ReportTemplate

SAME_DAY = timedelta(hours=36)
"""So far apart may readers' mornings lie that are one day: from Kiritimati to Baker Island it is 26 hours."""


class NothingToSend(Exception):
    """Nothing is sent, for this reason."""


async def waiting_for(db: Db, schedule_id: UUID, window_at: datetime) -> Sequence[ReportSending]:
    """The mails of this moment that wait for their report."""
    return (
        await db.scalars(
            select(ReportSending)
            .where(
                ReportSending.schedule_id == schedule_id,
                ReportSending.window_at == window_at,
                ReportSending.state == "waiting",
            )
            .with_for_update()
        )
    ).all()


async def draft_for(organization_id: UUID, schedule_id: UUID, window_at: datetime) -> Mapping[str, Any] | None:
    """What a model writes as the summary of that moment's report, as JSON; None where none is to.

    Hold no transaction around it: it may wait for a model. Safe to repeat.
    """
    async with tenant_session(organization_id) as db:
        schedule = await db.get(ReportSchedule, schedule_id)
        sendings = await waiting_for(db, schedule_id, window_at)
        if schedule is None or schedule.template_id is None or not sendings or any(one.report_id for one in sendings):
            return None
        wish = await _wish(db, schedule, window_at)
        if await _made_already(db, schedule, wish, window_at):
            return None
    return await draft_summary(organization_id, wish, None, clock.now())


async def prepare(
    db: Db, schedule_id: UUID, window_at: datetime, now: datetime, draft: Mapping[str, Any] | None = None
) -> tuple[UUID, list[Form]] | None:
    """The report of that moment, and in which forms it goes along; None if there is nothing to send.

    Safe to repeat: what has its report keeps it. Mails that are not to be sent say why.
    """
    sendings = await waiting_for(db, schedule_id, window_at)
    schedule = await db.get(ReportSchedule, schedule_id)
    if not sendings or schedule is None:
        return None
    is_test = all(sending.sort == "test" for sending in sendings)
    if there := next((sending.report_id for sending in sendings if sending.report_id), None):
        report_id = there
    else:
        try:
            report_id = await _report_of(db, schedule, window_at, now, draft, may_be_empty=is_test)
        except NothingToSend as nothing:
            for sending in sendings:
                sending.state, sending.reason = "skipped", str(nothing)
                publish(db, "reports", sending.id)
            return None
    for sending in sendings:
        sending.report_id = report_id
    return report_id, list(schedule.attachments)


async def _wish(db: Db, schedule: ReportSchedule, window_at: datetime) -> ReportWish:
    organization = await queries.organization(db)
    today = window_at.astimezone(ZoneInfo(organization.time_zone)).date()
    since_on, until_on = days_of_period(schedule.period, today)
    return ReportWish(
        since_on=since_on,
        until_on=until_on,
        brand_ids=schedule.brand_ids,
        compare=schedule.compare,
        against=schedule.against,
        template_id=schedule.template_id,
        min_confidence=schedule.min_confidence,
    )


async def _report_of(
    db: Db,
    schedule: ReportSchedule,
    window_at: datetime,
    now: datetime,
    draft: Mapping[str, Any] | None,
    *,
    may_be_empty: bool,
) -> UUID:
    """Raises NothingToSend."""
    wish = await _wish(db, schedule, window_at)
    if made := await _made_already(db, schedule, wish, window_at):
        return made
    try:
        frame = await frame_of(db, wish, now)
    except (UnknownBrand, NoBrandsToReport) as problem:
        raise NothingToSend(problem.title()) from problem
    if schedule.skip_if_empty and not may_be_empty:
        subject = [brand for brand in frame.brands if brand.subject]
        if not await queries.count_mentions(db, frame.range, subject, frame.min_confidence):
            raise NothingToSend("There was no mention in these days.")
    report = new_report(wish, frame, None, now)
    db.add(report)
    await db.flush()
    await compose_into(db, report, with_draft(frame, draft))
    return report.id


async def _made_already(db: Db, schedule: ReportSchedule, wish: ReportWish, window_at: datetime) -> UUID | None:
    """The report on the same days that was made for readers in another zone, whose day it is too: all read the same.

    Not if the template is another since: a correction reaches whoever reads after it.
    """
    version = await db.scalar(select(ReportTemplate.version).where(ReportTemplate.id == wish.template_id))
    local_day = func.date(func.timezone(ReportRecipient.time_zone, ReportSending.window_at))
    of_schedule = (
        select(local_day)
        .select_from(ReportSending)
        .join(ReportRecipient, ReportRecipient.id == ReportSending.recipient_id)
        .where(ReportSending.schedule_id == schedule.id)
    )
    days = set(await db.scalars(of_schedule.where(ReportSending.window_at == window_at)))
    if not days:
        organization = await queries.organization(db)
        days = {window_at.astimezone(ZoneInfo(organization.time_zone)).date()}
    return await db.scalar(
        select(Report.id)
        .join(ReportSending, ReportSending.report_id == Report.id)
        .join(ReportRecipient, ReportRecipient.id == ReportSending.recipient_id)
        .where(
            ReportSending.schedule_id == schedule.id,
            ReportSending.sort == "report",
            ReportSending.window_at > window_at - SAME_DAY,
            local_day.in_(days),
            ReportSending.created_at >= schedule.updated_at,
            Report.since_on == wish.since_on,
            Report.until_on == wish.until_on,
            Report.template_id.is_not_distinct_from(wish.template_id),
            or_(Report.template_id.is_(None), Report.template_version == version),
            Report.state == "ready",
        )
        .order_by(Report.created_at.desc())
        .limit(1)
    )
