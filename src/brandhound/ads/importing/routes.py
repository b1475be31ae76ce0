"""The doors of imports."""

import asyncio
import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query

from brandhound.ads.importing.accounts import described_account, store_file_account
from brandhound.ads.importing.errors import MappingUnknown
from brandhound.ads.importing.headers import known_measures
from brandhound.ads.importing.schemas import ColumnOut, ImportOut, NewAccountOut, NewFileAccount
from brandhound.ads.importing.storing import Imported, Prepared, import_table, prepare
from brandhound.ads.models import AdAccount
from brandhound.ads.queries import account_by_id
from brandhound.ads.schemas import FaultOut
from brandhound.tenancy.callers import Analyst, TenantDb

router = APIRouter(prefix="/api/ad-accounts", tags=["ad-accounts"])

MOST_BYTES = 100_000_000
_SHOWN = 100

Table = Annotated[bytes, Body(media_type="application/octet-stream", max_length=MOST_BYTES)]
Commit = Annotated[bool, Query(description="Store it; otherwise it is only tried.")]
SkipFaulty = Annotated[bool, Query(description="Leave out rows that cannot be read.")]
FileName = Annotated[str, Query(max_length=300)]
MappingText = Annotated[str | None, Query(max_length=8000, description="JSON: what a column holds → its header.")]


@router.post("/files", status_code=201)
async def make_ad_file_account(new: NewFileAccount, db: TenantDb, caller: Analyst) -> NewAccountOut:
    """Make an account whose numbers come from tables that are imported: no platform need be asked."""
    account = described_account(new.name, new.currency, new.time_zone)
    return NewAccountOut(id=(await store_file_account(db, caller, account, new.brand_id)).id)


@router.post("/files/imports")
async def import_ad_table_into_new_account(
    db: TenantDb,
    caller: Analyst,
    table: Table = b"",
    name: Annotated[str, Query(min_length=1, max_length=200)] = "Imported",
    currency: Annotated[str, Query(min_length=3, max_length=3)] = "EUR",
    time_zone: Annotated[str, Query(max_length=64)] = "UTC",
    brand_id: Annotated[UUID | None, Query(description="The brand it serves, if one does.")] = None,
    commit: Commit = False,
    skip_faulty: SkipFaulty = False,
    file_name: FileName = "table",
    mapping: MappingText = None,
) -> ImportOut:
    """Read a table for an account that is only made when the table is stored: of a trial nothing is left."""
    account = described_account(name, currency, time_zone)
    prepared = await asyncio.to_thread(prepare, account, table, _mapping(mapping))
    if not commit:
        return _shown(prepared, None, account)
    await store_file_account(db, caller, account, brand_id)
    imported = await import_table(db, caller, account.id, prepared, file_name, skip_faulty=skip_faulty)
    return _shown(prepared, imported, account)


@router.post("/{account_id}/imports")
async def import_ad_table(
    account_id: UUID,
    db: TenantDb,
    caller: Analyst,
    table: Table = b"",
    commit: Commit = False,
    skip_faulty: SkipFaulty = False,
    file_name: FileName = "table",
    mapping: MappingText = None,
) -> ImportOut:
    """Read a CSV or Excel table from Ads Manager, with one row for each ad and day, in English or German."""
    account = await account_by_id(db, account_id)
    prepared = await asyncio.to_thread(prepare, account, table, _mapping(mapping))
    imported = None
    if commit:
        imported = await import_table(db, caller, account_id, prepared, file_name, skip_faulty=skip_faulty)
    return _shown(prepared, imported, account)


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


def _shown(prepared: Prepared, imported: Imported | None, account: AdAccount) -> ImportOut:
    read, how = prepared.read, prepared.how
    holds = {at: name for name, at in how.columns.items()}
    return ImportOut(
        committed=imported is not None,
        account_id=account.id if imported else None,
        columns=[ColumnOut(header=header, holds=holds.get(at)) for at, header in enumerate(prepared.table.headers)],
        can_hold=list(known_measures()),
        language="de" if how.is_german else "en",
        decimal=how.decimal,
        day_order=how.day_order,
        day_order_assumed=how.is_order_assumed,
        currency=account.currency,
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
