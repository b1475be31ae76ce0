"""Jobs of reports."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.jobs.outcomes import Cancel, Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.notifications.notifying import notify
from brandhound.reports import queries
from brandhound.reports.composing import frame_of
from brandhound.reports.errors import NoBrandsToReport, UnknownBrand
from brandhound.reports.keeping import ComposeReport, compose_into, new_report
from brandhound.reports.models import Report
from brandhound.reports.periods import Period, days_of_period
from brandhound.reports.schemas import ReportWish
from brandhound.reports.wording import count_of


class MakeReport(BaseModel):
    """What a report that is made again and again covers."""

    model_config = ConfigDict(extra="forbid")

    period: Period = Field(default="last_7_days", description="Counted back from the day it is made.")
    brand_ids: list[UUID] = Field(default=[], max_length=30, description="Brands to report on; empty: all.")
    compare: bool = Field(default=True, description="Whether to set the figures against the range before.")


@job("reports.compose", queue="report", timeout=timedelta(minutes=15), title="Compose a big report", startable=False)
async def compose(run: Run, parameters: ComposeReport) -> Outcome:
    """Count a report that is too big for a request. Safe to repeat: it is ready at once or not at all."""
    async with run.session() as db:
        report = await db.scalar(select(Report).where(Report.id == parameters.report_id).with_for_update())
        if report is None:
            return Cancel("the report was removed")
        if report.state == "ready":
            return Done("it was composed already")
        try:
            frame = await frame_of(db, parameters.wish, clock.now())
        except (UnknownBrand, NoBrandsToReport):
            report.state = "failed"
            return Cancel("its brands were removed")
        document = await compose_into(db, report, frame)
    return Done(count_of(document.mentions_in_all, "mention"))


@job("reports.make", queue="report", timeout=timedelta(minutes=15), title="Make a report")
async def make(run: Run, parameters: MakeReport) -> Outcome:
    """Make a report on the days just past, and say when it is there. Safe to repeat: a run makes one report."""
    async with run.session() as db:
        if await db.scalar(select(Report.id).where(Report.run_id == run.id)):
            return Done("it was made already")
        now = clock.now()
        organization = await queries.organization(db)
        since_on, until_on = days_of_period(parameters.period, clock.today(organization.time_zone))
        wish = ReportWish(
            since_on=since_on, until_on=until_on, brand_ids=parameters.brand_ids, compare=parameters.compare
        )
        try:
            frame = await frame_of(db, wish, now)
        except (UnknownBrand, NoBrandsToReport) as problem:
            return Cancel(problem.title())
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
    )
