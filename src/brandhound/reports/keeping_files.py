"""Reports as files in the data folder: made once, kept for a week, gone with their report."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db, organization_of, tenant_session
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.jobs.registry import current_run, enqueue
from brandhound.reports import exporting
from brandhound.reports.document import ReportDocument, canonical_json
from brandhound.reports.errors import FileNotReady
from brandhound.reports.listing import KEPT_FOR, check_there, is_there
from brandhound.reports.models import ReportMention
from brandhound.reports.pdf import render_pdf
from brandhound.reports.reading import document_of, ended_badly
from brandhound.reports.sending_models import Form, ReportFile
from brandhound.reports.sending_schemas import FileOut

MAKE = "reports.make_file"
KEPT = timedelta(days=7)

MOST_AT_ONCE = 100_000
"""Rows that are written while a browser waits; more are made into a file by a run."""


async def is_big(db: Db, report_id: UUID) -> bool:
    """Whether a report has more mentions than are written while a browser waits. Raises NotThere."""
    await check_there(db, report_id)
    row = (
        select(ReportMention.id)
        .where(ReportMention.report_id == report_id, ReportMention.period == "range")
        .offset(MOST_AT_ONCE)
        .limit(1)
    )
    return await db.scalar(row) is not None


async def ask_for_file(db: Db, report_id: UUID, form: Form, user_id: UUID | None) -> ReportFile:
    """Have a run make it, unless it is there or being made. Raises NotThere or ReportNotReady."""
    document = await document_of(db, report_id)
    file = await _row(db, report_id, form)
    if file.state == "failed" or (file.state == "ready" and not path_of(file).exists()):
        file.state, file.run_id = "making", None
    if file.state == "making":
        run = await enqueue(
            db,
            MAKE,
            {"report_id": str(report_id), "form": form},
            key=f"{report_id}:{form}",
            title=f"Make {form.upper()} of {document.title}"[:200],
            requested_by=user_id,
        )
        file.run_id = run.id
    file.expires_at = clock.now() + KEPT
    await db.flush()
    publish(db, "reports", report_id)
    return file


async def files_of(db: Db, report_id: UUID) -> list[FileOut]:
    """The files of a report that are there or being made; one whose run has ended without writing it failed. Raises NotThere."""
    await check_there(db, report_id)
    query = select(ReportFile).where(ReportFile.report_id == report_id).order_by(ReportFile.form)
    files = [FileOut.model_validate(file) for file in await db.scalars(query)]
    making = {file.run_id: file for file in files if file.state == "making" and file.run_id}
    for run_id in await ended_badly(db, making):
        making[run_id].state = "failed"
    return files


async def ready_file(db: Db, report_id: UUID, form: Form) -> Path:
    """Where the file lies. Raises NotThere or FileNotReady."""
    await check_there(db, report_id)
    file = await db.scalar(select(ReportFile).where(ReportFile.report_id == report_id, ReportFile.form == form))
    if file is None:
        raise NotThere("file")
    if file.state != "ready" or not path_of(file).exists():
        raise FileNotReady(file.state)
    return path_of(file)


async def make_file(organization_id: UUID, report_id: UUID, form: Form) -> int:
    """Write the file; its size in bytes. Safe to repeat. Raises NotThere or ReportNotReady."""
    async with tenant_session(organization_id) as db:
        document = await document_of(db, report_id)
        file = await _row(db, report_id, form)
        if file.state == "ready" and file.size is not None and path_of(file).exists():
            return file.size
        # Should this process die, the end of its run tells that the file is being written no more.
        file.state, file.run_id = "making", _own_run(organization_id) or file.run_id
    rows = exporting.evidence_rows(organization_id, report_id, document)
    try:
        size = await _write(path_of(file), _parts(document, rows, form))
    except Exception:
        async with tenant_session(organization_id) as db:
            (await _row(db, report_id, form)).state = "failed"
            publish(db, "reports", report_id)
        raise
    async with tenant_session(organization_id) as db:
        file = await _row(db, report_id, form)
        file.state, file.size, file.expires_at = "ready", size, clock.now() + KEPT
        if not await is_there(db, report_id):
            # Deleted meanwhile: it stays as long as the report can be brought back.
            file.expires_at += KEPT_FOR
        publish(db, "reports", report_id)
    return size


async def remove_old_files() -> int:
    """Remove files whose time is over or whose report is gone; how many."""
    now = clock.now()
    async with system_session() as db:
        for file in await db.scalars(select(ReportFile).where(ReportFile.expires_at < now).limit(1000)):
            await db.delete(file)
    async with system_session() as db:
        kept = {str(file_id) for file_id in await db.scalars(select(ReportFile.id))}
    return await asyncio.to_thread(_sweep, kept)


async def path_of_form(organization_id: UUID, report_id: UUID, form: Form) -> Path:
    """Where a file lies that was just made. Raises NotThere or FileNotReady."""
    async with tenant_session(organization_id) as db:
        return await ready_file(db, report_id, form)


def _own_run(organization_id: UUID) -> UUID | None:
    """The run of the organization that this is part of, if any."""
    owner, run_id = current_run.get() or (None, None)
    return run_id if owner == organization_id else None


def path_of(file: ReportFile) -> Path:
    return _folder() / str(file.id)


def _folder() -> Path:
    return settings().data_dir / "report_files"


def _sweep(kept: set[str]) -> int:
    oldest = clock.now().timestamp() - timedelta(hours=6).total_seconds()
    removed = 0
    for path in _folder().glob("*"):
        # One that was begun a moment ago may not have its row in what was read.
        with suppress(FileNotFoundError):
            if path.name not in kept and path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
    return removed


async def _row(db: Db, report_id: UUID, form: Form) -> ReportFile:
    now = clock.now()
    new = insert(ReportFile).values(
        id=uuid7(),
        organization_id=organization_of(db),
        report_id=report_id,
        form=form,
        state="making",
        created_at=now,
        expires_at=now + KEPT,
    )
    await db.execute(new.on_conflict_do_nothing())
    query = select(ReportFile).where(ReportFile.report_id == report_id, ReportFile.form == form).with_for_update()
    return (await db.scalars(query)).one()


async def _parts(document: ReportDocument, rows: AsyncIterator[exporting.Rows], form: Form) -> AsyncIterator[bytes]:
    match form:
        case "pdf":
            yield await asyncio.to_thread(render_pdf, document)
        case "pptx":
            # Loading it takes longer than all else that a process needs of reports, and few ask for slides.
            from brandhound.reports.slides import render_slides

            yield await asyncio.to_thread(render_slides, document)
        case "json":
            yield canonical_json(document)
        case "csv":
            # It is downloaded or mailed, and opened by hand.
            async for part in exporting.csv_lines(document, rows, bom=True):
                yield part
        case "ndjson":
            async for part in exporting.json_lines(document, rows):
                yield part
        case "xlsx":
            for part in exporting.chunks(await exporting.write_xlsx(document, rows)):
                yield part


async def _write(path: Path, parts: AsyncIterator[bytes]) -> int:
    """A reader never sees half a file."""
    temporary = await asyncio.to_thread(_begun, path.parent)
    try:
        with temporary.open("wb") as file:
            async for part in parts:
                await asyncio.to_thread(file.write, part)
            size = file.tell()
        await asyncio.to_thread(temporary.replace, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return size


def _begun(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix="unfinished-")
    os.close(descriptor)
    return Path(name)
