"""The doors of imports."""

import asyncio
import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query

from brandhound.ads.importing.accounts import make_file_account
from brandhound.ads.importing.errors import MappingUnknown
from brandhound.ads.importing.schemas import ColumnOut, FaultOut, ImportOut, NewAccountOut, NewFileAccount
from brandhound.ads.importing.storing import Imported, Prepared, import_table, prepare
from brandhound.ads.importing.understanding import known_measures
from brandhound.ads.queries import account_by_id
from brandhound.tenancy.callers import Analyst, TenantDb

router = APIRouter(prefix="/api/ad-accounts", tags=["ad-accounts"])

MOST_BYTES = 100_000_000
_SHOWN = 100


@router.post("/files", status_code=201)
async def make_ad_file_account(new: NewFileAccount, db: TenantDb, caller: Analyst) -> NewAccountOut:
    """Make an account whose numbers come from tables that are imported: no platform need be asked."""
    account = await make_file_account(db, caller, new.name, new.currency, new.time_zone, new.brand_id)
    return NewAccountOut(id=account.id)


@router.post("/{account_id}/imports")
async def import_ad_table(
    account_id: UUID,
    db: TenantDb,
    caller: Analyst,
    table: Annotated[bytes, Body(media_type="application/octet-stream", max_length=MOST_BYTES)] = b"",
    commit: Annotated[bool, Query(description="Store it; otherwise it is only tried.")] = False,
    skip_faulty: Annotated[bool, Query(description="Leave out rows that cannot be read.")] = False,
    file_name: Annotated[str, Query(max_length=300)] = "table",
    mapping: Annotated[
        str | None, Query(max_length=8000, description="JSON: what a column holds → its header.")
    ] = None,
) -> ImportOut:
    """Read a CSV or Excel table from Ads Manager, with one row for each ad and day, in English or German."""
    account = await account_by_id(db, account_id)
    prepared = await asyncio.to_thread(prepare, account, table, _mapping(mapping))
    imported = None
    if commit:
        imported = await import_table(db, caller, account_id, prepared, file_name, skip_faulty=skip_faulty)
    return _shown(prepared, imported, account.currency)


def _mapping(text: str | None) -> dict[str, str] | None:
    """Raises MappingUnknown."""
    if not text:
        return None
    try:
        found: object = json.loads(text)
    except ValueError:
        raise MappingUnknown([text[:100]], known_measures()) from None
    if not isinstance(found, dict):
        raise MappingUnknown([text[:100]], known_measures())
    return {str(name): str(header or "") for name, header in found.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _shown(prepared: Prepared, imported: Imported | None, currency: str) -> ImportOut:
    read, how = prepared.read, prepared.how
    holds = {at: name for name, at in how.columns.items()}
    return ImportOut(
        committed=imported is not None,
        columns=[ColumnOut(header=header, holds=holds.get(at)) for at, header in enumerate(prepared.table.headers)],
        can_hold=list(known_measures()),
        language="de" if how.is_german else "en",
        decimal=how.decimal,
        day_order=how.day_order,
        day_order_assumed=how.is_order_assumed,
        currency=currency,
        rows=len(prepared.table.rows),
        good_rows=len(read.facts),
        faulty_rows=read.faulty_rows,
        totals_left_out=read.totals_left_out,
        ads=len(read.ads),
        since=read.since,
        until=read.until,
        spend_micros=read.spend_micros,
        faults=[FaultOut.model_validate(one, from_attributes=True) for one in read.faults[:_SHOWN]],
        added=imported.stored.added if imported else None,
        changed=imported.stored.changed if imported else None,
        unchanged=imported.stored.same if imported else None,
        left_to_platform=imported.kept_from_platform if imported else None,
    )
