"""How far an account is synced, as screens show it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from brandhound.ads.asset_models import AdAsset
from brandhound.ads.object_models import Ad
from brandhound.ads.queries import account_by_id
from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.queueing import SYNC, key_of
from brandhound.ads.syncing.schemas import LeftDays, SyncOut, SyncRun, SyncTrouble, UnknownField
from brandhound.ads.syncing.stopping_short import kind_of
from brandhound.core.db import Db
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.states import ACTIVE

_RUNS = 10


async def shown_sync(db: Db, account_id: UUID) -> SyncOut:
    """Raises NotThere."""
    await account_by_id(db, account_id)
    marks = await db.scalar(select(AdSync).where(AdSync.account_id == account_id))
    name = RunRow.parameters["ad_account_id"].astext == str(account_id)
    runs = list(
        await db.scalars(
            select(RunRow)
            .where(RunRow.job == SYNC, or_(RunRow.key == key_of(account_id), name))
            .order_by(RunRow.created_at.desc())
            .limit(_RUNS)
        )
    )
    schedule = await db.scalar(
        select(Schedule).where(Schedule.job == SYNC, Schedule.parameters["ad_account_id"].astext == str(account_id))
    )
    assets = await db.execute(
        select(AdAsset.state, func.count().label("assets"))
        .where(AdAsset.account_id == account_id)
        .group_by(AdAsset.state)
    )
    unknown = marks.unknown_fields if marks else {}
    return SyncOut(
        account_id=account_id,
        facts_since=marks.facts_since if marks else None,
        facts_until=marks.facts_until if marks else None,
        last_ok_at=marks.last_ok_at if marks else None,
        last_started_at=marks.last_started_at if marks else None,
        error_code=marks.error_code if marks else None,
        error_detail=marks.error_detail if marks else None,
        trouble=_trouble(marks) if marks else None,
        api_version=marks.api_version if marks else None,
        unknown_fields=[
            UnknownField(name=name, first_seen_at=datetime.fromisoformat(at)) for name, at in sorted(unknown.items())
        ],
        ads=await db.scalar(select(func.count()).where(Ad.account_id == account_id)) or 0,
        assets={row.state: row.assets for row in assets},
        active_run_id=next((run.id for run in runs if run.state in ACTIVE), None),
        next_at=schedule.next_at if schedule and not schedule.paused else None,
        left=[LeftDays.model_validate(one) for one in marks.left_days] if marks else [],
        runs=[SyncRun.model_validate(run, from_attributes=True) for run in runs],
    )


def _trouble(marks: AdSync) -> SyncTrouble | None:
    if not marks.error_code:
        return None
    kind, said = kind_of(marks.error_code), marks.error_detail or ""
    return SyncTrouble(
        code=kind.code, says=kind.title(), what_to_do=kind.what_to_do, said="" if said == kind.title() else said
    )


async def ad_names(db: Db, ad_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What ads are called."""
    rows = await db.execute(select(Ad.id, Ad.name).where(Ad.id.in_(set(ad_ids))))
    return {row.id: row.name for row in rows}
