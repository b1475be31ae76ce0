"""Makes reports and keeps them: small ones at once, big ones by a run."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.live import publish
from brandhound.jobs.registry import enqueue
from brandhound.reports import queries
from brandhound.reports.building import Frame
from brandhound.reports.composing import about_what, document_from, frame_of, gather
from brandhound.reports.deeds.marking import mark_reports
from brandhound.reports.document import ReportDocument, document_sha256
from brandhound.reports.drafting import is_chosen, wants_summary
from brandhound.reports.freezing import freeze_evidence
from brandhound.reports.models import Report
from brandhound.reports.schemas import ReportOut, ReportSummary, ReportWish
from brandhound.reports.wording import range_text
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

BIG = 10_000  # Mentions that take about a second to count and keep.


class ComposeReport(BaseModel):
    """Which report to compose, and what was asked for."""

    report_id: UUID
    wish: ReportWish


async def create_report(db: Db, caller: Caller, wish: ReportWish, now: datetime) -> ReportOut:
    """Make a report and keep it, or have a run do so if it is a big one or a model is to write its summary.

    Raises the problems of `frame_of`.
    """
    frame = await frame_of(db, wish, now)
    report = new_report(wish, frame, caller.user_id, now)
    db.add(report)
    await db.flush()
    size = await queries.count_mentions(db, frame.range, frame.brands, frame.min_confidence)
    is_written = bool(wants_summary(frame.presentation)) and await is_chosen(organization_of(db))
    if size > BIG or is_written:
        run = await enqueue(
            db,
            "reports.compose",
            ComposeReport(report_id=report.id, wish=wish),
            key=str(report.id),
            title=f"Compose {report.title}",
            requested_by=caller.user_id,
        )
        report.run_id = run.id
        document = None
        publish(db, "reports", report.id)
    else:
        document = await compose_into(db, report, frame)
    await record(db, caller, "reports.created", "report", report.id, {"title": report.title})
    await db.flush()
    return report_out(report, document)


def new_report(wish: ReportWish, frame: Frame, user_id: UUID | None, now: datetime) -> Report:
    return Report(
        title=wish.title or f"Report on {range_text(frame.range)}",
        since_on=wish.since_on,
        until_on=wish.until_on,
        brand_ids=list(dict.fromkeys(wish.brand_ids)),
        compare=wish.compare,
        template_id=wish.template_id,
        template_version=frame.presentation.version if frame.presentation else None,
        min_confidence=frame.min_confidence,
        state="composing",
        created_by=user_id,
        created_at=now,
    )


async def compose_into(db: Db, report: Report, frame: Frame) -> ReportDocument:
    """Count, and freeze both the document and its evidence in the caller's transaction."""
    counts = await gather(db, frame)
    about = await about_what(db, frame, counts)
    # The evidence first: what is counted is what can be looked at.
    rows = await freeze_evidence(db, report.id, "range", counts.rows, frame.brands, about.about if about else None)
    before = await freeze_evidence(db, report.id, "before", counts.rows_before or [], frame.brands)
    counts = replace(counts, rows=rows, rows_before=None if counts.rows_before is None else before)
    document = await document_from(db, frame, counts, about=about)
    report.title = document.title
    report.mentions = document.mentions_in_all
    report.stories = int(document.headline.stories.value or 0)
    report.document = document.model_dump(mode="json")
    report.document_sha256 = document_sha256(document)
    report.state = "ready"
    await db.flush()
    publish(db, "reports", report.id)
    return document


async def delete_report(db: Db, caller: Caller, report_id: UUID) -> None:
    """Remove a report with its evidence; for 30 days that can be taken back, as what is done to many. Raises NotThere."""
    await mark_reports(db, caller, "delete", clock.now(), report_ids=[report_id])
    publish(db, "reports", report_id)


def report_out(report: Report, document: ReportDocument | None) -> ReportOut:
    summary = ReportSummary.model_validate(report)
    return ReportOut(**summary.model_dump(), document=document)
