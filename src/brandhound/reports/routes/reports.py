"""Reports over HTTP."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.pages import Page
from brandhound.core.spreadsheets import BOM
from brandhound.reports import composing, exporting, keeping, keeping_files, reading
from brandhound.reports.charts import draw
from brandhound.reports.document import ReportDocument, canonical_json
from brandhound.reports.errors import TooManyRows
from brandhound.reports.html import render_html
from brandhound.reports.listing import ReportFilter
from brandhound.reports.pdf import render_pdf
from brandhound.reports.ranking import MOST_MENTIONS
from brandhound.reports.routes.readers import Reader
from brandhound.reports.schemas import Evidence, ReportOut, ReportSummary, ReportWish
from brandhound.tenancy.callers import Analyst, Guest, TenantDb, Viewer
from brandhound.tenancy.roles import Role

router = APIRouter(prefix="/api/reports", tags=["reports"])

PREVIEWED_MENTIONS = 50
"""Mentions that a preview tells one by one, if nobody says otherwise: a report's five hundred are half of its work."""

AN_OBJECT: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
"""The framework describes as a text whatever is sent as bytes."""

Cursor = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100)]
Words = Annotated[str | None, Query(max_length=200, description="Words of the title, all of them")]
Tags = Annotated[list[str] | None, Query(alias="tag", max_length=20, description="Only reports with all these tags")]
Archived = Annotated[bool | None, Query(description="Only those that are put away, or those that are not; else both")]
Bom = Annotated[bool, Query(description=BOM)]


class Svg(Response):
    media_type = "image/svg+xml"


class JsonFile(Response):
    media_type = "application/json"


class PdfFile(Response):
    media_type = "application/pdf"


class HtmlFile(Response):
    media_type = "text/html; charset=utf-8"


class PptxFile(Response):
    media_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


class CsvFile(Response):
    media_type = "text/csv; charset=utf-8"


class NdjsonFile(Response):
    media_type = "application/x-ndjson"


class XlsxFile(Response):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("")
async def list_reports(
    *,
    db: TenantDb,
    caller: Guest,
    q: Words = None,
    tags: Tags = None,
    archived: Archived = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReportSummary]:
    """Reports, newest first. Guests are told of those that were shared, put away or not, and of no tags."""
    shared = caller.role < Role.VIEWER
    wanted = ReportFilter(q) if shared else ReportFilter(q, tuple(tags or ()), archived)
    return await reading.page_of_reports(db, wanted, cursor, limit, shared=shared)


@router.post("", status_code=201)
async def create_report(wish: ReportWish, db: TenantDb, caller: Analyst) -> ReportOut:
    """Make a report and keep it. A big one is composed by a run; its `state` says so."""
    return await keeping.create_report(db, caller, wish, clock.now())


@router.post("/preview")
async def preview_report(
    wish: ReportWish,
    db: TenantDb,
    _: Viewer,
    mentions: Annotated[
        int, Query(ge=0, le=MOST_MENTIONS, description="How many are told one by one, the newest; all are counted.")
    ] = PREVIEWED_MENTIONS,
) -> ReportDocument:
    """What a report would say, without keeping it."""
    return await composing.compose_document(db, wish, clock.now(), mentions)


@router.get("/{report_id}")
async def read_report(report_id: UUID, db: TenantDb, caller: Reader) -> ReportOut:
    """A report with its document."""
    return await reading.read_report(db, report_id, shared=caller.role < Role.VIEWER)


@router.delete("/{report_id}", status_code=204)
async def delete_report(report_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Remove a report and its evidence; the mentions themselves stay. For 30 days it can be taken back, as a deed."""
    await keeping.delete_report(db, caller, report_id)


@router.get("/{report_id}/evidence")
async def read_report_evidence(
    report_id: UUID,
    db: TenantDb,
    _: Reader,
    figure: Annotated[str, Query(max_length=400, description="The `evidence` key that stands beside the number")],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Evidence:
    """The mentions behind one number, as they were when the report was made."""
    return await reading.read_evidence(db, report_id, figure, cursor, limit)


@router.get("/{report_id}/charts/{name}.svg", response_class=Svg)
async def draw_report_chart(report_id: UUID, name: str, db: TenantDb, _: Reader) -> Response:
    """One of the report's charts as a picture: volume, share, tone or outlets."""
    return Svg(draw(await reading.document_of(db, report_id), name))


@router.get("/{report_id}/export.json", response_class=JsonFile, responses=AN_OBJECT)
async def export_report_json(report_id: UUID, db: TenantDb, _: Reader) -> Response:
    """The document itself, in its canonical form: its SHA-256 is the report's."""
    document = await reading.document_of(db, report_id)
    return JsonFile(canonical_json(document), headers=_named(document, "json"))


@router.get("/{report_id}/export.pdf", response_class=PdfFile)
async def export_report_pdf(report_id: UUID, db: TenantDb, _: Reader) -> Response:
    """The printed report. The same report is the same bytes."""
    document = await reading.document_of(db, report_id)
    return PdfFile(await asyncio.to_thread(render_pdf, document), headers=_named(document, "pdf"))


@router.get("/{report_id}/export.pptx", response_class=PptxFile)
async def export_report_pptx(report_id: UUID, db: TenantDb, _: Reader) -> Response:
    """The report as slides, with charts that can be edited."""
    from brandhound.reports.slides import render_slides

    document = await reading.document_of(db, report_id)
    return PptxFile(await asyncio.to_thread(render_slides, document), headers=_named(document, "pptx"))


@router.get("/{report_id}/export.html", response_class=HtmlFile)
async def export_report_html(report_id: UUID, db: TenantDb, _: Reader) -> Response:
    """The report as one page that needs nothing else."""
    document = await reading.document_of(db, report_id)
    return HtmlFile(await asyncio.to_thread(render_html, document), headers=_named(document, "html"))


@router.get("/{report_id}/export.csv", response_class=CsvFile)
async def export_report_csv(report_id: UUID, db: TenantDb, caller: Reader, bom: Bom = False) -> Response:
    """All mentions that the report counted, as a table; safe to open in a spreadsheet."""
    document = await _small_enough(db, report_id)
    rows = exporting.evidence_rows(caller.organization_id, report_id, document)
    return StreamingResponse(
        exporting.csv_lines(document, rows, bom=bom), media_type=CsvFile.media_type, headers=_named(document, "csv")
    )


@router.get("/{report_id}/export.ndjson", response_class=NdjsonFile)
async def export_report_ndjson(report_id: UUID, db: TenantDb, caller: Reader) -> Response:
    """All mentions that the report counted, one JSON object a line."""
    document = await _small_enough(db, report_id)
    rows = exporting.evidence_rows(caller.organization_id, report_id, document)
    return StreamingResponse(
        exporting.json_lines(document, rows), media_type=NdjsonFile.media_type, headers=_named(document, "ndjson")
    )


@router.get("/{report_id}/export.xlsx", response_class=XlsxFile)
async def export_report_xlsx(report_id: UUID, db: TenantDb, caller: Reader) -> Response:
    """Figures, volume, share, tone, outlets, stories and all mentions as a workbook."""
    document = await _small_enough(db, report_id)
    file = await exporting.write_xlsx(document, exporting.evidence_rows(caller.organization_id, report_id, document))
    return StreamingResponse(exporting.chunks(file), media_type=XlsxFile.media_type, headers=_named(document, "xlsx"))


async def _small_enough(db: Db, report_id: UUID) -> ReportDocument:
    """The document. Raises NotThere, ReportNotReady, or TooManyRows for what only a run may write."""
    document = await reading.document_of(db, report_id)
    if await keeping_files.is_big(db, report_id):
        raise TooManyRows(keeping_files.MOST_AT_ONCE)
    return document


def _named(document: ReportDocument, extension: str) -> dict[str, str]:
    return {"Content-Disposition": exporting.disposition(document, extension)}
