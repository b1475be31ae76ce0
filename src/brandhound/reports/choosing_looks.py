"""Choosing how an organization's reports look."""

import asyncio

from sqlalchemy import delete, select

from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.files import files
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.reports.branding import COLOR, check_color, contrast_of, read_logo
from brandhound.reports.template_models import ReportBranding
from brandhound.reports.template_schemas import BrandingIn, BrandingOut
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller


async def looks_now(db: Db) -> BrandingOut:
    """How reports look from now on."""
    row = await db.scalar(select(ReportBranding))
    color = row.color if row else COLOR
    return BrandingOut(
        is_set=row is not None,
        color=color,
        contrast=contrast_of(color),
        footer=row.footer if row else "",
        logo_sha256=row.logo_sha256 if row else None,
        logo_width=row.logo_width if row else None,
        logo_height=row.logo_height if row else None,
    )


async def change_looks(db: Db, caller: Caller, wish: BrandingIn) -> BrandingOut:
    """Another colour or other words at the foot. Reports that were made stay as they are. Raises ColorTooPale."""
    check_color(wish.color)
    row = await _row(db)
    row.color, row.footer = wish.color, wish.footer
    await _note(db, caller, row, {"color": wish.color})
    return await looks_now(db)


async def change_logo(db: Db, caller: Caller, data: bytes) -> BrandingOut:
    """Another logo. Raises LogoTooLarge, LogoUnreadable or LogoNotPlain."""
    logo = await asyncio.to_thread(read_logo, data)
    row = await _row(db)
    row.logo_sha256 = await asyncio.to_thread(files().put, logo.data)
    row.logo_type, row.logo_width, row.logo_height = logo.media_type, logo.width, logo.height
    await _note(db, caller, row, {"logo": row.logo_sha256})
    return await looks_now(db)


async def remove_logo(db: Db, caller: Caller) -> BrandingOut:
    """No logo any more."""
    row = await _row(db)
    row.logo_sha256 = row.logo_type = row.logo_width = row.logo_height = None
    await _note(db, caller, row, {"logo": ""})
    return await looks_now(db)


async def forget_looks(db: Db, caller: Caller) -> BrandingOut:
    """As reports come."""
    await db.execute(delete(ReportBranding))
    await record(db, caller, "reports.looks-forgotten", "report_branding", organization_of(db), {})
    publish(db, "reports", organization_of(db))
    return await looks_now(db)


async def logo_bytes(db: Db) -> tuple[bytes, str]:
    """The logo and its media type. Raises NotThere."""
    row = await db.scalar(select(ReportBranding))
    if row is None or row.logo_sha256 is None or row.logo_type is None:
        raise NotThere("logo")
    try:
        return await asyncio.to_thread(files().get, row.logo_sha256), row.logo_type
    except FileNotFoundError as error:
        raise NotThere("logo") from error


async def _row(db: Db) -> ReportBranding:
    row = await db.scalar(select(ReportBranding).with_for_update())
    if row is None:
        row = ReportBranding(color=COLOR, footer="")
        db.add(row)
        await db.flush()
    return row


async def _note(db: Db, caller: Caller, row: ReportBranding, facts: dict[str, object]) -> None:
    row.updated_by, row.updated_at = caller.user_id, clock.now()
    await db.flush()
    await record(db, caller, "reports.looks-changed", "report_branding", row.id, facts)
    publish(db, "reports", row.id)
