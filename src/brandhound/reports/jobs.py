"""Jobs of reports."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.jobs.models import RunRow
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Snooze
from brandhound.jobs.registry import Run, job
from brandhound.notifications.notifying import notify
from brandhound.reports import coming_due, keeping_files, queries
from brandhound.reports.bringing import bring as bring_mail
from brandhound.reports.coming_due import BRING, PREPARE
from brandhound.reports.composing import frame_of
from brandhound.reports.deeds.marking import FORGET, forget_deleted
from brandhound.reports.drafting import draft_summary, with_draft
from brandhound.reports.errors import NoBrandsToReport, UnknownBrand
from brandhound.reports.keeping import ComposeReport, compose_into, new_report
from brandhound.reports.models import Report
from brandhound.reports.periods import Period, days_of_period
from brandhound.reports.preparing import HELD, Moment, draft_for, held_until, let_go, prepare
from brandhound.reports.schemas import ReportWish
from brandhound.reports.sending_models import Form

FORGOTTEN_AT_ONCE = 20
"""Reports that go in one transaction: each takes up to some hundred thousand mentions along."""


class MakeReport(BaseModel):
    """What a report that is made again and again covers."""

    model_config = ConfigDict(extra="forbid")

    period: Period = Field(default="last_7_days", description="Counted back from the day it is made.")
    brand_ids: list[UUID] = Field(default=[], max_length=30, description="Brands to report on; empty: all.")
    compare: bool = Field(default=True, description="Whether to set the figures against the range before.")
    template_id: UUID | None = Field(default=None, description="Template it is made with; empty: the standard report.")


class SendReport(BaseModel):
    """Which schedule, for which moment, and which day that is to its readers; a test's is the organization's."""

    schedule_id: UUID
    window_at: datetime
    day: date | None = None


class BringReport(BaseModel):
    """Which mail."""

    sending_id: UUID


class MakeReportFile(BaseModel):
    """Which report, in which form."""

    report_id: UUID
    form: Form


@job("reports.compose", queue="report", timeout=timedelta(minutes=15), title="Compose a big report", startable=False)
async def compose(run: Run, parameters: ComposeReport) -> Outcome:
    """Count a report that is too big for a request, or has its summary written. Safe to repeat: it is ready or not."""
    async with run.session() as db:
        version = await db.scalar(select(Report.template_version).where(Report.id == parameters.report_id))
    draft = await run.step("summary", draft_summary, run.organization_id, parameters.wish, version, clock.now())
    async with run.session() as db:
        report = await db.scalar(select(Report).where(Report.id == parameters.report_id).with_for_update())
        if report is None:
            return Cancel("the report was removed")
        if report.state == "ready":
            return Done("it was composed already")
        try:
            frame = await frame_of(db, parameters.wish, clock.now(), report.template_version)
        except (UnknownBrand, NoBrandsToReport):
            report.state = "failed"
            return Cancel("its brands were removed")
        except NotThere:
            report.state = "failed"
            return Cancel("its template was removed")
        document = await compose_into(db, report, with_draft(frame, draft))
        if report.created_by is not None and report.deleted_at is None:
            await _tell(db, report)
    return Done(count_of(document.mentions_in_all, "mention"))


@job("reports.make", queue="report", timeout=timedelta(minutes=15), title="Make a report")
async def make(run: Run, parameters: MakeReport) -> Outcome:
    """Make a report on the days just past, and say when it is there. Safe to repeat: a run makes one report."""
    now = clock.now()
    async with run.session() as db:
        organization = await queries.organization(db)
    since_on, until_on = days_of_period(parameters.period, clock.today(organization.time_zone))
    wish = ReportWish(
        since_on=since_on,
        until_on=until_on,
        brand_ids=parameters.brand_ids,
        compare=parameters.compare,
        template_id=parameters.template_id,
    )
    draft = await run.step("summary", draft_summary, run.organization_id, wish, None, now)
    async with run.session() as db:
        if await db.scalar(select(Report.id).where(Report.run_id == run.id)):
            return Done("it was made already")
        try:
            frame = with_draft(await frame_of(db, wish, now), draft)
        except (UnknownBrand, NoBrandsToReport) as problem:
            return Cancel(problem.title())
        except NotThere:
            return Cancel("its template was removed")
        report = new_report(wish, frame, None, now)
        report.run_id = run.id
        db.add(report)
        await db.flush()
        document = await compose_into(db, report, frame)
        await _tell(db, report)
    return Done(count_of(document.mentions_in_all, "mention"))


async def _tell(db: Db, report: Report) -> None:
    await notify(
        db,
        "report_ready",
        f"Report ready: {report.title}",
        count_of(report.mentions or 0, "mention"),
        href=f"/reports/{report.id}",
        key=f"report:{report.id}",
        user_id=report.created_by,
    )


@job(
    "reports.due",
    queue="report",
    timeout=timedelta(minutes=5),
    title="See what is due to leave",
    every=timedelta(minutes=1),
)
async def see_due(run: Run) -> Outcome:
    """Queue the reports and digests whose moment has come, each once however late it is. Safe to repeat."""
    reports = await run.step("reports", coming_due.queue_due_reports)
    digests = await run.step("digests", coming_due.queue_due_digests)
    taken_up = await run.step("forgotten", coming_due.take_up_forgotten)
    return Done(f"{count_of(reports, 'report')}, {count_of(digests, 'digest')}, {taken_up} taken up")


@job(PREPARE, queue="report", timeout=timedelta(minutes=30), title="Send a report", startable=False)
async def send(run: Run, parameters: SendReport) -> Outcome:
    """Make the report of a moment, once for all who get it then, and queue their mails. Safe to repeat."""
    moment = Moment(run.id, parameters.schedule_id, parameters.window_at, parameters.day)
    async with run.session() as db:
        until = await held_until(db, moment, clock.now())
    if until is not None:
        return Snooze(until - clock.now(), HELD)
    draft = await run.step("summary", draft_for, run.organization_id, moment)
    async with run.session() as db:
        prepared = await prepare(db, moment, clock.now(), draft)
    if prepared is None:
        return Done("Nothing is sent; the list of sendings says why.")
    report_id, forms = prepared
    for form in forms:
        await run.step(f"file {form}", keeping_files.make_file, run.organization_id, report_id, form)
    async with run.session() as db:
        mails = await let_go(db, run.id, report_id, clock.now())
    return Done(f"{count_of(mails, 'mail')} on the way")


@job(BRING, queue="report", timeout=timedelta(minutes=5), title="Bring a report", startable=False)
async def bring(run: Run, parameters: BringReport) -> Outcome:
    """Bring one report or digest to one reader, for a day if need be. Safe to repeat: nobody gets it twice."""
    words, wait = await bring_mail(run, parameters.sending_id)
    return Done(words) if wait is None else Snooze(wait, words)


@job(keeping_files.MAKE, queue="report", timeout=timedelta(hours=1), title="Make a report's file", startable=False)
async def make_file(run: Run, parameters: MakeReportFile) -> Outcome:
    """Write a report in one form into a file, however many rows it has. Safe to repeat."""
    try:
        size = await keeping_files.make_file(run.organization_id, parameters.report_id, parameters.form)
    except NotThere:
        return Cancel("the report was removed")
    words = f"{size / 1_000_000:,.1f} MB"
    async with run.session() as db:
        who = await db.scalar(select(RunRow.requested_by).where(RunRow.id == run.id))
        report = await db.get(Report, parameters.report_id)
        if who is not None and report is not None and report.deleted_at is None:
            await notify(
                db,
                "report_ready",
                f"{parameters.form.upper()} ready: {report.title}",
                f"{words}. It is under Download, for a week.",
                href=f"/reports/{report.id}",
                key=f"report-file:{report.id}:{parameters.form}",
                user_id=who,
            )
    return Done(words)


@job(
    "reports.tidy",
    queue="report",
    timeout=timedelta(minutes=10),
    title="Remove old report files",
    every=timedelta(hours=6),
)
async def tidy(run: Run) -> Outcome:
    """Remove files whose week is over, and what no run forgot in time of deleted reports. Safe to repeat."""
    async with run.session() as db:
        await forget_deleted(db, clock.now(), FORGOTTEN_AT_ONCE)
    return Done(f"{await run.step('files', keeping_files.remove_old_files)} removed")


@job(FORGET, queue="report", timeout=timedelta(minutes=30), title="Forget deleted reports", startable=False)
async def forget(run: Run) -> Outcome:
    """Let go of reports that were deleted more than 30 days ago, with their evidence. Safe to repeat."""
    forgotten = 0
    while True:
        await run.check()
        async with run.session() as db:
            portion = await forget_deleted(db, clock.now(), FORGOTTEN_AT_ONCE)
        forgotten += portion
        if portion == 0:
            return Done(f"{count_of(forgotten, 'report')} deleted more than 30 days ago gone for good")
