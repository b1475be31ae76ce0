"""Reports for the screen, and the evidence behind their figures."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, Text, any_, func, literal, select, tuple_
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import JSONPATH

from brandhound.core.db import Db
from brandhound.core.pages import Page, from_cursor, page_of
from brandhound.core.problems import NotThere
from brandhound.jobs.models import RunRow
from brandhound.reports.document import Reason, ReportBrand, ReportDocument
from brandhound.reports.errors import ReportNotReady
from brandhound.reports.figures import Selection, selection_of
from brandhound.reports.keeping import report_out
from brandhound.reports.listing import ReportFilter, matches, tags_of_reports
from brandhound.reports.models import Report, ReportMention
from brandhound.reports.schemas import Evidence, EvidenceMention, ReportOut, ReportSummary
from brandhound.reports.sentences import sentence_of, stored_text
from brandhound.reports.sharing import is_shared
from brandhound.reports.wording import day_text

_TITLE = "$.stories[*] ? (@.id == $id).title"
_BRANDS = TypeAdapter(tuple[ReportBrand, ...])


@dataclass(frozen=True)
class _Told:
    """What a report calls its brands, and one of its stories."""

    brands: tuple[ReportBrand, ...]
    story: str | None


async def page_of_reports(
    db: Db, wanted: ReportFilter, cursor: str | None, limit: int, *, shared: bool = False
) -> Page[ReportSummary]:
    """Newest first, without their documents; all, or those that are shared. Of the latter no tags are told."""
    query = select(Report).where(*matches(wanted)).order_by(Report.created_at.desc(), Report.id.desc()).limit(limit + 1)
    if shared:
        query = query.where(is_shared(Report.id))
    if cursor:
        created_at, id_ = cast("tuple[datetime, UUID]", from_cursor(cursor, datetime, UUID))
        query = query.where(tuple_(Report.created_at, Report.id) < (created_at, id_))
    reports = [ReportSummary.model_validate(report) for report in (await db.scalars(query)).all()]
    await _note_failures(db, reports)
    if not shared:
        await _note_tags(db, reports)
    return page_of(reports, limit, lambda report: (report.created_at, report.id))


async def read_report(db: Db, report_id: UUID, *, shared: bool = False) -> ReportOut:
    """A report with its document, for one to whom it is shared without its tags. Raises NotThere."""
    report, text = await _report(db, report_id)
    shown = report_out(report, _document(report, text) if text is not None else None)
    await _note_failures(db, [shown])
    if not shared:
        await _note_tags(db, [shown])
    return shown


async def document_of(db: Db, report_id: UUID) -> ReportDocument:
    """The document of a report. Raises NotThere or ReportNotReady."""
    return _document(*await _report(db, report_id))


async def read_evidence(db: Db, report_id: UUID, figure: str, cursor: str | None, limit: int) -> Evidence:
    """The mentions behind one figure, newest first. Raises NotThere, ReportNotReady or UnknownFigure."""
    selection = selection_of(figure)
    told = await _told_of(db, report_id, selection.story_id)
    chosen = _chosen(report_id, selection)
    total, stories, outlets = (await db.execute(_sizes().where(*chosen))).one()
    query = (
        select(ReportMention)
        .where(*chosen)
        .order_by(ReportMention.published_at.desc(), ReportMention.mention_id.desc())
        .limit(limit + 1)
    )
    if cursor:
        published_at, id_ = cast("tuple[datetime, UUID]", from_cursor(cursor, datetime, UUID))
        query = query.where(tuple_(ReportMention.published_at, ReportMention.mention_id) < (published_at, id_))
    page = page_of((await db.scalars(query)).all(), limit, lambda row: (row.published_at, row.mention_id))
    return Evidence(
        figure=figure,
        label=_label_of(told, selection),
        total=total,
        stories=stories,
        outlets=outlets,
        items=await asyncio.to_thread(_shown, page.items),
        next=page.next,
    )


def _sizes() -> Select[int, int, int]:
    """How many mentions, stories and outlets there are: the figures on top of a report count all three."""
    return select(
        func.count(),
        func.count(ReportMention.story_id.distinct()),
        func.count(ReportMention.outlet.distinct()),
    ).select_from(ReportMention)


def _label_of(told: _Told, selection: Selection) -> str:
    """What a selection is, in words."""
    names = {brand.id: brand.name for brand in told.brands}
    subject = " and ".join(brand.name for brand in told.brands if brand.subject)
    who = names.get(selection.brand_id, "a brand") if selection.brand_id else subject if selection.subject else ""
    kind = f"{selection.tone} mentions" if selection.tone else selection.counted
    joint = {"mentions": "of", "stories": "about", "outlets": "that wrote about"}[selection.counted]
    words = [f"{kind} {joint} {who}" if who else kind]
    if selection.mention_id:
        words = ["one mention"]
    if selection.story_id:
        words.append(f"in the story “{told.story}”" if told.story else "in one story")
    if selection.topic_id:
        words.append("about the topic")
    if selection.outlet:
        words.append(f"in {selection.outlet}")
    if selection.day_on:
        words.append(f"on {day_text(selection.day_on)}")
    if selection.originals:
        words.append("without copies")
    if selection.copies:
        words.append("that are copies")
    if selection.period == "before":
        words.append("in the range before")
    label = " ".join(words)
    return label[0].upper() + label[1:]


def _chosen(report_id: UUID, selection: Selection) -> Sequence[ColumnElement[bool]]:
    row = ReportMention
    chosen: list[ColumnElement[bool]] = [row.report_id == report_id, row.period == selection.period]
    if selection.subject:
        chosen.append(row.subject.is_(True))
    if selection.originals:
        chosen.append(row.reprint.is_(False))
    if selection.copies:
        chosen.append(row.reprint.is_(True))
    if selection.topic_id:
        chosen.append(literal(selection.topic_id) == any_(row.topic_ids))
    if selection.clear:
        chosen.append(row.tone != "unclear")
    wanted = (
        (row.brand_id, selection.brand_id),
        (row.day_on, selection.day_on),
        (row.tone, selection.tone),
        (row.outlet, selection.outlet),
        (row.story_id, selection.story_id),
        (row.mention_id, selection.mention_id),
    )
    chosen += [column == value for column, value in wanted if value is not None]
    return chosen


def _shown(rows: Sequence[ReportMention]) -> list[EvidenceMention]:
    return [
        EvidenceMention(
            mention_id=row.mention_id,
            brand_id=row.brand_id,
            brand_name=row.brand_name,
            brand_kind=row.brand_kind,
            story_id=row.story_id,
            article_id=row.article_id,
            title=row.title,
            url=row.url,
            outlet=row.outlet,
            site=row.site,
            language=row.language,
            published_at=row.published_at,
            salience=row.salience,
            tone=row.tone,
            quote=row.quote or None,
            sentence=sentence_of(row.evidence, row.title, stored_text(row.text_sha256)),
            confidence=row.confidence,
            judgement=row.judgement,
            reprint=row.reprint,
            reasons=[Reason.model_validate(reason) for reason in row.reasons],
            body_sha256=row.body_sha256,
        )
        for row in rows
    ]


async def _note_failures(db: Db, reports: Sequence[ReportSummary]) -> None:
    """A report whose run has ended without composing it failed: whatever ended it, it does not look busy for ever."""
    busy = {report.run_id: report for report in reports if report.state == "composing" and report.run_id}
    for run_id in await ended_badly(db, busy):
        busy[run_id].state = "failed"


async def _note_tags(db: Db, reports: Sequence[ReportSummary]) -> None:
    bears = await tags_of_reports(db, [report.id for report in reports])
    for report in reports:
        report.tags = sorted(bears[report.id])


async def ended_badly(db: Db, run_ids: Collection[UUID]) -> Sequence[UUID]:
    """Those of these runs that have ended without doing what they were for."""
    if not run_ids:
        return ()
    ended = RunRow.state.in_(("failed", "timed_out", "cancelled", "lost", "dead"))
    return (await db.scalars(select(RunRow.id).where(RunRow.id.in_(run_ids), ended))).all()


async def _report(db: Db, report_id: UUID) -> tuple[Report, str | None]:
    """The report and the text of its document, which is parsed once and not twice."""
    found = (
        await db.execute(
            select(Report, as_type(Report.document, Text)).where(Report.id == report_id, Report.deleted_at.is_(None))
        )
    ).one_or_none()
    if found is None:
        raise NotThere("report")
    return found[0], found[1]


def _document(report: Report, text: str | None) -> ReportDocument:
    if text is None:
        raise ReportNotReady(report.id)
    return ReportDocument.model_validate_json(text)


async def _told_of(db: Db, report_id: UUID, story_id: UUID | None) -> _Told:
    """Of the document only what names a figure: it is long, and evidence is asked for often."""
    title = func.jsonb_path_query_first(
        Report.document, as_type(_TITLE, JSONPATH), func.jsonb_build_object("id", str(story_id))
    )
    found = (
        await db.execute(
            select(Report.document.is_not(None), Report.document["brands"], title).where(
                Report.id == report_id, Report.deleted_at.is_(None)
            )
        )
    ).one_or_none()
    if found is None:
        raise NotThere("report")
    if not found[0]:
        raise ReportNotReady(report_id)
    return _Told(_BRANDS.validate_python(found[1]), found[2])
