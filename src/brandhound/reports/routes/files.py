"""Addresses of reports as files that a run makes."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import FileResponse

from brandhound.reports import keeping_files
from brandhound.reports.exporting import disposition
from brandhound.reports.reading import document_of
from brandhound.reports.routes.readers import Reader
from brandhound.reports.sending_models import Form
from brandhound.reports.sending_schemas import FileOut, NewFile
from brandhound.tenancy.callers import TenantDb, Viewer

router = APIRouter(prefix="/api/reports", tags=["reports"])

_MEDIA: dict[Form, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@router.get("/{report_id}/files")
async def list_report_files(report_id: UUID, db: TenantDb, _: Reader) -> list[FileOut]:
    """List the files of a report that are there or being made."""
    return await keeping_files.files_of(db, report_id)


@router.post("/{report_id}/files", status_code=202)
async def make_report_file(report_id: UUID, wish: NewFile, db: TenantDb, caller: Viewer) -> FileOut:
    """Have a run write the report into a file, however many mentions it has. It stays for a week."""
    return FileOut.model_validate(await keeping_files.ask_for_file(db, report_id, wish.form, caller.user_id))


@router.get("/{report_id}/files/{form}", response_class=FileResponse)
async def download_report_file(report_id: UUID, form: Form, db: TenantDb, _: Reader) -> FileResponse:
    """Download a file that was made."""
    path = await keeping_files.ready_file(db, report_id, form)
    named = {"Content-Disposition": disposition(await document_of(db, report_id), form)}
    return FileResponse(path, media_type=_MEDIA[form], headers=named)
