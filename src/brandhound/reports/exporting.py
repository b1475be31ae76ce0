"""Reports as files for other programs: JSON, CSV and XLSX, row by row where there may be many."""

import asyncio
import json
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import IO
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_

from brandhound.core.db import tenant_session
from brandhound.core.spreadsheets import csv_text
from brandhound.reports.blocks import MentionListBlock
from brandhound.reports.document import ReportDocument
from brandhound.reports.models import ReportMention
from brandhound.reports.spreadsheet import Sheets, sheets_told

Cell = str | int | float | None
Rows = Sequence[ReportMention]
AT_ONCE = 2000
COLUMNS = (
    "published_at", "brand", "kind", "subject", "title", "url", "outlet", "site", "language", "salience", "tone",
    "quote", "confidence", "judgement", "reprint", "reasons", "story_id", "mention_id", "body_sha256",
)  # fmt: skip


# Characters that Windows takes in no name (learn.microsoft.com/windows/win32/fileio/naming-a-file), and controls.
_NOT_IN_NAMES = {**dict.fromkeys(range(32), " "), **dict.fromkeys(map(ord, '<>:"/\\|?*'), "-")}


async def evidence_rows(
    organization_id: UUID, report_id: UUID, document: ReportDocument | None = None
) -> AsyncGenerator[Sequence[ReportMention]]:
    """All mentions that the report counted in its range, newest first, some thousand at a time.

    Of a document with a template only those that one of its lists lets through, if it has any: however many each shows.
    Each part is read in a transaction of its own: none is open while a slow reader takes what he was given.
    """
    lists = lists_of(document) if document else []
    after: tuple[datetime, UUID] | None = None
    while True:
        query = (
            select(ReportMention)
            .where(ReportMention.report_id == report_id, ReportMention.period == "range")
            .order_by(ReportMention.published_at.desc(), ReportMention.mention_id.desc())
            .limit(AT_ONCE)
        )
        if after:
            query = query.where(tuple_(ReportMention.published_at, ReportMention.mention_id) < after)
        async with tenant_session(organization_id) as db:
            rows = (await db.scalars(query)).all()
        if told := [row for row in rows if _is_told(row, lists)]:
            yield told
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1].published_at, rows[-1].mention_id)


def lists_of(document: ReportDocument) -> list[MentionListBlock]:
    """The lists of mentions that a template has; the standard one lets all through."""
    presentation = document.presentation
    if presentation is None or presentation.template is None:
        return []
    return [block for block in presentation.blocks if isinstance(block, MentionListBlock)]


def _is_told(row: ReportMention, lists: Sequence[MentionListBlock]) -> bool:
    return not lists or any(
        block.lets_through(is_subject=row.subject, tone=row.tone, is_copy=row.reprint) for block in lists
    )


async def csv_lines(
    document: ReportDocument, parts: AsyncIterator[Sequence[ReportMention]], *, bom: bool = False
) -> AsyncGenerator[bytes]:
    """The mentions as CSV (RFC 4180, UTF-8)."""
    zone = ZoneInfo(document.time_zone)
    yield csv_text([COLUMNS], bom=bom)
    async for rows in parts:
        yield csv_text([cells(row, zone) for row in rows])


async def json_lines(document: ReportDocument, parts: AsyncIterator[Rows]) -> AsyncGenerator[bytes]:
    """The mentions as NDJSON: one JSON object a line, with what the table has, and reasons and places as lists."""
    zone = ZoneInfo(document.time_zone)
    async for rows in parts:
        yield "".join(_json_line(row, zone) for row in rows).encode()


def _json_line(row: ReportMention, zone: ZoneInfo) -> str:
    told = dict(zip(COLUMNS, cells(row, zone), strict=True)) | {
        "subject": row.subject,
        "judgement": row.judgement,
        "reprint": row.reprint,
        "reasons": row.reasons,
        "evidence": row.evidence,
        "quote": row.quote or None,
        "language": row.language or None,
        "story_id": str(row.story_id) if row.story_id else None,
        "body_sha256": row.body_sha256,
        "text_sha256": row.text_sha256,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def cells(row: ReportMention, zone: ZoneInfo) -> tuple[Cell, ...]:
    """One mention as a row of a table; times are the organization's, with their offset."""
    return (
        row.published_at.astimezone(zone).isoformat(),
        row.brand_name,
        row.brand_kind,
        "yes" if row.subject else "",
        row.title,
        row.url,
        row.outlet,
        row.site,
        row.language,
        row.salience,
        row.tone,
        row.quote,
        round(row.confidence, 4),
        row.judgement or "",
        "yes" if row.reprint else "",
        "; ".join(str(reason.get("text", "")) for reason in row.reasons),
        str(row.story_id or ""),
        str(row.mention_id),
        row.body_sha256 or "",
    )


async def write_xlsx(document: ReportDocument, parts: AsyncIterator[Sequence[ReportMention]]) -> IO[bytes]:
    """A workbook in a file without a name, at its beginning: it is gone when it is closed, whatever happens before.

    Memory does not grow with the rows.
    """
    zone = ZoneInfo(document.time_zone)
    file = await asyncio.to_thread(tempfile.TemporaryFile)
    try:
        sheets = Sheets(file, document)
        await asyncio.to_thread(sheets.write_figures)
        if "Mentions" in sheets_told(document):
            sheets.begin_mentions(COLUMNS)
            async for rows in parts:
                told = [(row.published_at, *cells(row, zone)[1:]) for row in rows]
                await asyncio.to_thread(sheets.add_mentions, told)
        await asyncio.to_thread(sheets.close)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file bit by bit; closed at the end."""
    with file:
        while chunk := file.read(1 << 16):
            yield chunk


def disposition(document: ReportDocument, extension: str) -> str:
    """A name for the file that the browser saves, in both spellings (RFC 6266)."""
    name = file_name(document, extension)
    plain = "".join(char if char.isascii() and (char.isalnum() or char in " .-_") else "_" for char in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def file_name(document: ReportDocument, extension: str) -> str:
    """Which brands and days, in a name that every file system takes."""
    days = f"{document.range.since_on.isoformat()}-{document.range.until_on.isoformat()}"
    # A file whose name begins with a dot is hidden.
    brands = "-".join(brand.name for brand in document.brands if brand.subject)[:60].lstrip(". ")
    return " ".join(f"{brands} {days}.{extension}".translate(_NOT_IN_NAMES).split())
