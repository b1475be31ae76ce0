"""Addresses of templates, and of how reports look."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Response

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.reports import choosing_looks, composing, templating
from brandhound.reports.blocks import MOST_BLOCKS, STANDARD
from brandhound.reports.document import ReportDocument
from brandhound.reports.html import render_html
from brandhound.reports.placeholders import VARIABLES
from brandhound.reports.presenting import presentation_with
from brandhound.reports.routes.reports import PREVIEWED_MENTIONS, HtmlFile
from brandhound.reports.template_schemas import (
    BrandingIn,
    BrandingOut,
    NewTemplate,
    TemplateChange,
    TemplateLanguage,
    TemplateOut,
    TemplatePreview,
    TemplateSummary,
    TemplateVersionOut,
    VariableOut,
)
from brandhound.tenancy.callers import Admin, Analyst, TenantDb, Viewer

router = APIRouter(prefix="/api/reports", tags=["reports"])

LARGEST_UPLOAD = 4_000_000
"""Bytes of a picture that are looked at at all; most of such are refused with a reason."""


class Picture(Response):
    media_type = "image/png"


@router.get("/templates")
async def list_report_templates(db: TenantDb, _: Viewer) -> list[TemplateSummary]:
    """List the templates of reports, by name."""
    return await templating.templates_by_name(db)


@router.post("/templates", status_code=201)
async def add_report_template(new: NewTemplate, db: TenantDb, caller: Analyst) -> TemplateOut:
    """Keep a new template."""
    return await templating.add_template(db, caller, new.name, new.blocks)


@router.get("/templates/language")
async def read_template_language(_: Viewer) -> TemplateLanguage:
    """What a template is made of: the standard blocks, and the variables that texts may name."""
    return TemplateLanguage(
        standard=list(STANDARD),
        variables=[VariableOut.model_validate(variable) for variable in VARIABLES],
        most_blocks=MOST_BLOCKS,
    )


@router.post("/templates/preview")
async def preview_report_template(preview: TemplatePreview, db: TenantDb, _: Viewer) -> ReportDocument:
    """What a report with these blocks would say, without keeping either. No model is asked for it."""
    return await _previewed(db, preview)


@router.post("/templates/preview.html", response_class=HtmlFile)
async def preview_template_page(preview: TemplatePreview, db: TenantDb, _: Viewer) -> Response:
    """The same as the page that would leave."""
    document = await _previewed(db, preview)
    return HtmlFile(await asyncio.to_thread(render_html, document, indexed=False))


@router.get("/templates/{template_id}")
async def read_report_template(template_id: UUID, db: TenantDb, _: Viewer) -> TemplateOut:
    """Read a template with its newest blocks."""
    return await templating.read_template(db, template_id)


@router.put("/templates/{template_id}")
async def change_report_template(
    template_id: UUID, change: TemplateChange, db: TenantDb, caller: Analyst
) -> TemplateOut:
    """Save a new version. Reports that were made with older ones stay as they are."""
    return await templating.change_template(db, caller, template_id, change.name, change.blocks, change.based_on)


@router.delete("/templates/{template_id}", status_code=204)
async def remove_report_template(template_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Remove a template. Reports that were made with it stay as they are."""
    await templating.remove_template(db, caller, template_id)


@router.get("/templates/{template_id}/versions")
async def list_template_versions(template_id: UUID, db: TenantDb, _: Viewer) -> list[TemplateVersionOut]:
    """List what a template was, newest first."""
    return await templating.versions_of(db, template_id)


@router.post("/templates/{template_id}/versions/{version}/restoration")
async def restore_template_version(
    template_id: UUID, version: Annotated[int, Path(ge=1, le=1_000_000)], db: TenantDb, caller: Analyst
) -> TemplateOut:
    """Make an older version the newest one again, with its blocks and its name. Nothing in between is lost.

    Where another template has that name by now, it stays called as it is.
    """
    return await templating.restore_version(db, caller, template_id, version)


@router.get("/branding")
async def read_report_branding(db: TenantDb, _: Viewer) -> BrandingOut:
    """How reports look."""
    return await choosing_looks.looks_now(db)


@router.put("/branding")
async def change_report_branding(wish: BrandingIn, db: TenantDb, caller: Admin) -> BrandingOut:
    """Choose a colour and words for the foot. It holds for reports that are made from now on."""
    return await choosing_looks.change_looks(db, caller, wish)


@router.delete("/branding")
async def forget_report_branding(db: TenantDb, caller: Admin) -> BrandingOut:
    """Let reports look as they come."""
    return await choosing_looks.forget_looks(db, caller)


@router.get("/branding/logo", response_class=Picture)
async def read_report_logo(db: TenantDb, _: Viewer) -> Response:
    """The logo."""
    data, media_type = await choosing_looks.logo_bytes(db)
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return Picture(data, media_type=media_type, headers=headers)


@router.put("/branding/logo")
async def change_report_logo(
    picture: Annotated[bytes, Body(media_type="application/octet-stream", max_length=LARGEST_UPLOAD)],
    db: TenantDb,
    caller: Admin,
) -> BrandingOut:
    """Put a logo on reports: a PNG or JPEG. It is drawn anew, and nothing else that the file holds is kept."""
    return await choosing_looks.change_logo(db, caller, picture)


@router.delete("/branding/logo")
async def remove_report_logo(db: TenantDb, caller: Admin) -> BrandingOut:
    """Take the logo off reports."""
    return await choosing_looks.remove_logo(db, caller)


async def _previewed(db: Db, preview: TemplatePreview) -> ReportDocument:
    templating.check_blocks(preview.blocks)
    presentation = await presentation_with(db, preview.name, tuple(preview.blocks))
    now = clock.now()
    return await composing.compose_document(db, preview.wish, now, PREVIEWED_MENTIONS, presentation=presentation)
