"""The doors of syncs: starting one, how far an account is, and how our numbers compare."""

import tempfile
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from brandhound.ads.queries import account_by_id
from brandhound.ads.syncing import exporting, reconciling, restating, showing_syncs
from brandhound.ads.syncing.errors import DaysReversed
from brandhound.ads.syncing.queueing import queue_sync
from brandhound.ads.syncing.schemas import (
    AdMovedOut,
    DayComparedOut,
    DayMovedOut,
    DayRestated,
    MeasureCompared,
    Metric,
    PointOut,
    Reconciliation,
    Restatements,
    StartedSync,
    SyncOut,
    WantedSync,
)
from brandhound.ads.syncing.scope import SyncAccount, oldest_day
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.spreadsheets import BOM
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

Bom = Annotated[bool, Query(description=BOM)]
ShowIn = Annotated[
    str | None,
    Query(pattern="^[A-Z]{3}$", description="Money in this currency, too, by the daily rates that were put in"),
]

router = APIRouter(prefix="/api/ad-accounts", tags=["ad-accounts"])

Since = Annotated[date | None, Query(description="First day, in the account's time zone; 28 days back without it.")]
Until = Annotated[date | None, Query(description="Last day; today without it.")]


@router.get("/{account_id}/sync")
async def read_ad_sync(account_id: UUID, db: TenantDb, _: Viewer) -> SyncOut:
    """How far an account is synced, with its last runs."""
    return await showing_syncs.shown_sync(db, account_id)


@router.post("/{account_id}/sync", status_code=202)
async def start_ad_sync(account_id: UUID, wanted: WantedSync, db: TenantDb, caller: Analyst) -> StartedSync:
    """Sync an account now. While a sync of it is under way, that one is meant."""
    parameters = SyncAccount(ad_account_id=account_id, **wanted.model_dump())
    return StartedSync(run_id=(await queue_sync(db, parameters, caller.user_id)).id)


@router.get("/{account_id}/reconciliation")
async def reconcile_ad_account(
    account_id: UUID, db: TenantDb, _: Viewer, since: Since = None, until: Until = None, show_in: ShowIn = None
) -> Reconciliation:
    """Our totals against the platform's own, by day, with what explains a difference.

    They are compared in the account's own currency; with `show_in`, each day says what that was worth in another one.
    """
    account = await account_by_id(db, account_id)
    first, last = _kept_days(account.time_zone, since, until)
    days = await reconciling.compare_days(db, account, first, last)
    rates = await exporting.shown_in(db, show_in, account.currency, first, last) if show_in else None
    shown = [
        DayComparedOut(
            day=one.day,
            ads=one.ads,
            cause=one.cause,
            words=one.words,
            measures=[MeasureCompared.model_validate(measure, from_attributes=True) for measure in one.measures],
            ours_at=one.ours_at,
            source_at=one.source_at,
            rate=rates.rate(account.currency, one.day) if rates else None,
        )
        for one in days
    ]
    return Reconciliation(
        currency=account.currency,
        show_in=show_in,
        time_zone=account.time_zone,
        since=first,
        until=last,
        days=shown,
        equal_days=sum(one.cause in ("equal", "rounding") for one in days),
    )


@router.get("/{account_id}/restatements")
async def list_ad_restatements(
    account_id: UUID,
    db: TenantDb,
    _: Viewer,
    metric: Metric = "purchases",
    since: Since = None,
    until: Until = None,
    ad_id: UUID | None = None,
) -> Restatements:
    """How a number of past days moved."""
    account = await account_by_id(db, account_id)
    first, last = _kept_days(account.time_zone, since, until)
    days = await restating.moved_days(db, account_id, metric, first, last, ad_id)
    shown = [
        DayMovedOut(
            day=one.day,
            first=one.first,
            now=one.now,
            moves=one.moves,
            ads=one.ads,
            points=[PointOut(at=point.at, value=point.value) for point in one.points],
        )
        for one in days
    ]
    return Restatements(metric=metric, currency=account.currency, time_zone=account.time_zone, days=shown)


@router.get("/{account_id}/restatements/{day}")
async def read_ad_restatement(
    account_id: UUID, day: date, db: TenantDb, _: Viewer, metric: Metric = "purchases"
) -> DayRestated:
    """Which ads moved a past day's number."""
    await account_by_id(db, account_id)
    changes = await restating.moved_ads(db, account_id, metric, day)
    names = await showing_syncs.ad_names(db, [one.ad_id for one in changes])
    return DayRestated(
        metric=metric,
        day=day,
        changes=[
            AdMovedOut(ad_id=one.ad_id, ad=names.get(one.ad_id, ""), old=one.old, new=one.new, at=one.at)
            for one in changes
        ],
    )


@router.get("/{account_id}/facts.csv", response_class=StreamingResponse)
async def export_ad_facts_csv(
    account_id: UUID,
    db: TenantDb,
    caller: Viewer,
    since: Since = None,
    until: Until = None,
    show_in: ShowIn = None,
    bom: Bom = False,
) -> StreamingResponse:
    """Every row of an account in a span of days, as CSV; safe to open in a spreadsheet."""
    account = await account_by_id(db, account_id)
    first, last = _days(account.time_zone, since, until)
    shown = await exporting.shown_in(db, show_in, account.currency, first, last) if show_in else None
    pieces = _csv(caller.organization_id, account_id, first, last, shown, bom=bom)
    return _file(pieces, "text/csv; charset=utf-8", f"{account.external_id}-{first}-{last}.csv")


@router.get("/{account_id}/facts.parquet", response_class=StreamingResponse)
async def export_ad_facts_parquet(
    account_id: UUID, db: TenantDb, caller: Viewer, since: Since = None, until: Until = None, show_in: ShowIn = None
) -> StreamingResponse:
    """Every row of an account in a span of days, as Parquet."""
    account = await account_by_id(db, account_id)
    first, last = _days(account.time_zone, since, until)
    shown = await exporting.shown_in(db, show_in, account.currency, first, last) if show_in else None
    pieces = _parquet(caller.organization_id, account_id, first, last, shown)
    return _file(pieces, "application/vnd.apache.parquet", f"{account.external_id}-{first}-{last}.parquet")


def _file(pieces: AsyncGenerator[bytes], kind: str, name: str) -> StreamingResponse:
    # What an account is called may have any letter in it.
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    headers = {"content-disposition": f'attachment; filename="{safe}"'}
    return StreamingResponse(pieces, media_type=kind, headers=headers)


async def _csv(
    organization_id: UUID, account_id: UUID, since: date, until: date, shown: exporting.ShownIn | None, *, bom: bool
) -> AsyncGenerator[bytes]:
    async with tenant_session(organization_id) as db:
        async for piece in exporting.csv_of(db, account_id, since, until, shown, bom=bom):
            yield piece


async def _parquet(
    organization_id: UUID, account_id: UUID, since: date, until: date, shown: exporting.ShownIn | None
) -> AsyncGenerator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.parquet"
        async with tenant_session(organization_id) as db:
            await exporting.write_parquet(db, account_id, since, until, path, shown)
        with path.open("rb") as file:
            while piece := file.read(256 * 1024):
                yield piece


def _days(time_zone: str, since: date | None, until: date | None) -> tuple[date, date]:
    """Raises DaysReversed."""
    last = until or clock.today(time_zone)
    # Not before the first day that there is.
    first = since or max(last, date.min + timedelta(days=27)) - timedelta(days=27)
    if first > last:
        raise DaysReversed
    return first, last


def _kept_days(time_zone: str, since: date | None, until: date | None) -> tuple[date, date]:
    """The same, no further back than the platform keeps anything to compare with. Raises DaysReversed."""
    first, last = _days(time_zone, since, until)
    return min(max(first, oldest_day(clock.today(time_zone))), last), last
