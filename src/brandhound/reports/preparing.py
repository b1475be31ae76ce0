"""Makes the report that a moment of a schedule is to tell: once for all its readers, and not at all if there is nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.reports import queries
from brandhound.reports.coming_due import queue_mail
from brandhound.reports.composing import frame_of
from brandhound.reports.drafting import draft_summary, with_draft
from brandhound.reports.errors import NoBrandsToReport, UnknownBrand
from brandhound.reports.keeping import compose_into, new_report
from brandhound.reports.listing import REMOVED, is_there
from brandhound.reports.models import Report
from brandhound.reports.periods import days_of_period
from brandhound.reports.ranges import range_of
from brandhound.reports.schemas import ReportWish
from brandhound.reports.sending_models import Form, ReportRecipient, ReportSchedule, ReportSending, SendingState
from brandhound.reports.template_models import ReportTemplate
from brandhound.reports.wording import day_text

SAME_DAY = timedelta(hours=36)
"""So far apart may readers' mornings lie that are one day: from Kiritimati to Baker Island it is 26 hours."""


HELD = "It waits until the last day that it tells of is over in the organization's time zone."


class NothingToSend(Exception):
    """Nothing is sent, for this reason."""


@dataclass(frozen=True)
class Moment:
    """A moment of a schedule, and the run that was given the mails of those who read then.

    `day` is the date on their clocks, from which the days told are counted back; None: the organization's.
    """

    run_id: UUID
    schedule_id: UUID
    window_at: datetime
    day: date | None


async def held_until(db: Db, moment: Moment, now: datetime) -> datetime | None:
    """When the last day that the report tells of will be over by the organization's calendar; None if it is.

    Where the morning comes before the organization's midnight, the mails wait for that and say so: no day is half told,
    and whoever reads later that day reads the same report.
    """
    schedule = await db.get(ReportSchedule, moment.schedule_id)
    sendings = await waiting_for(db, moment.run_id)
    if schedule is None or not sendings:
        return None
    organization = await queries.organization(db)
    wish = await _wish(db, schedule, moment)
    ends_at = range_of(wish.since_on, wish.until_on, organization.time_zone).ends_at
    if ends_at <= now:
        return None
    for sending in sendings:
        sending.due_at = ends_at
        sending.reason = f"It waits until {day_text(wish.until_on)} is over in {organization.time_zone}."
        publish(db, "reports", sending.id)
    return ends_at


async def let_go(db: Db, run_id: UUID, report_id: UUID, now: datetime) -> int:
    """Queue the mails that wait for this report; how many. Safe to repeat.

    Also of those who came due while its files were made: they read the same.
    """
    told = await db.scalar(
        select(Report.id)
        .where(Report.id == report_id, Report.deleted_at.is_(None))
        .with_for_update(read=True, key_share=True)
    )
    waiting = await waiting_for(db, run_id)
    for sending in waiting:
        sending.report_id = sending.report_id or told
        sending.state, sending.due_at, sending.reason = "pending", now, None
        await queue_mail(db, sending.id)
    return len(waiting)


async def waiting_for(db: Db, run_id: UUID) -> Sequence[ReportSending]:
    """The mails that wait for the report which that run makes."""
    query = select(ReportSending).where(ReportSending.run_id == run_id, ReportSending.state == "waiting")
    return (await db.scalars(query.order_by(ReportSending.id).with_for_update())).all()


async def draft_for(organization_id: UUID, moment: Moment) -> Mapping[str, Any] | None:
    """What a model writes as the summary of that moment's report, as JSON; None where none is to.

    Hold no transaction around it: it may wait for a model. Safe to repeat.
    """
    async with tenant_session(organization_id) as db:
        schedule = await db.get(ReportSchedule, moment.schedule_id)
        sendings = await waiting_for(db, moment.run_id)
        if schedule is None or schedule.template_id is None or not sendings or any(one.report_id for one in sendings):
            return None
        wish = await _wish(db, schedule, moment)
        if await _made_already(db, schedule, wish, moment):
            return None
    return await draft_summary(organization_id, wish, None, clock.now())


async def prepare(
    db: Db, moment: Moment, now: datetime, draft: Mapping[str, Any] | None = None
) -> tuple[UUID, list[Form]] | None:
    """The report of that moment, and in which forms it goes along; None if there is nothing to send.

    Safe to repeat: what has its report keeps it. Mails that are not to be sent say why.
    """
    sendings = await waiting_for(db, moment.run_id)
    schedule = await db.get(ReportSchedule, moment.schedule_id)
    if schedule is None:
        _close(db, sendings, "cancelled", "The schedule was removed.")
        return None
    if not sendings:
        return None
    is_test = all(sending.sort == "test" for sending in sendings)
    if there := next((sending.report_id for sending in sendings if sending.report_id), None):
        if not await is_there(db, there):
            _close(db, sendings, "cancelled", REMOVED)
            return None
        report_id = there
    else:
        try:
            report_id = await _report_of(db, schedule, moment, now, draft, may_be_empty=is_test)
        except NothingToSend as nothing:
            _close(db, sendings, "skipped", str(nothing))
            return None
    for sending in sendings:
        sending.report_id = report_id
    return report_id, list(schedule.attachments)


def _close(db: Db, sendings: Sequence[ReportSending], state: SendingState, reason: str) -> None:
    for sending in sendings:
        sending.state, sending.reason, sending.due_at = state, reason, None
        publish(db, "reports", sending.id)


async def _wish(db: Db, schedule: ReportSchedule, moment: Moment) -> ReportWish:
    since_on, until_on = days_of_period(schedule.period, await _day_of(db, moment))
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
    moment: Moment,
    now: datetime,
    draft: Mapping[str, Any] | None,
    *,
    may_be_empty: bool,
) -> UUID:
    """Raises NothingToSend."""
    # Readers in many zones may have waited for one midnight: whoever comes second reads what the first one's run made.
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"reports.send:{schedule.id}", 0))))
    wish = await _wish(db, schedule, moment)
    if made := await _made_already(db, schedule, wish, moment):
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


async def _made_already(db: Db, schedule: ReportSchedule, wish: ReportWish, moment: Moment) -> UUID | None:
    """The report on the same days that was made for readers in another zone, whose day it is too: all read the same.

    Not if the template is another since: a correction reaches whoever reads after it.
    """
    version = await db.scalar(select(ReportTemplate.version).where(ReportTemplate.id == wish.template_id))
    local_day = func.date(func.timezone(ReportRecipient.time_zone, ReportSending.window_at))
    return await db.scalar(
        select(Report.id)
        .join(ReportSending, ReportSending.report_id == Report.id)
        .join(ReportRecipient, ReportRecipient.id == ReportSending.recipient_id)
        .where(
            ReportSending.schedule_id == schedule.id,
            ReportSending.sort == "report",
            ReportSending.window_at > moment.window_at - SAME_DAY,
            local_day == await _day_of(db, moment),
            ReportSending.created_at >= schedule.updated_at,
            Report.since_on == wish.since_on,
            Report.until_on == wish.until_on,
            Report.template_id.is_not_distinct_from(wish.template_id),
            or_(Report.template_id.is_(None), Report.template_version == version),
            Report.state == "ready",
            Report.deleted_at.is_(None),
        )
        .order_by(Report.created_at.desc())
        .limit(1)
    )


async def _day_of(db: Db, moment: Moment) -> date:
    if moment.day is not None:
        return moment.day
    organization = await queries.organization(db)
    return moment.window_at.astimezone(ZoneInfo(organization.time_zone)).date()
