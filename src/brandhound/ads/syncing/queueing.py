"""Having an account synced: now, and by itself from now on."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.models import BrandAdAccount
from brandhound.ads.queries import account_by_id
from brandhound.ads.syncing.errors import NotSynced
from brandhound.ads.syncing.scope import SyncAccount
from brandhound.core.db import Db
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.registry import enqueue
from brandhound.jobs.scheduling import add_schedule, pause_schedule, remove_schedule

SYNC = "ads.sync"
_UNCONNECTED = "No connection of the account is left"
"""Why schedules of it are paused, until it is connected anew."""


async def queue_sync(db: Db, parameters: SyncAccount, requested_by: UUID | None = None) -> RunRow:
    """Sync an account soon. While a sync of it is queued or at work, that one is meant.

    Raises NotThere, or NotSynced for an account whose numbers come from files.
    """
    account = await account_by_id(db, parameters.ad_account_id)
    if account.platform != "meta":
        raise NotSynced
    return await enqueue(db, SYNC, parameters, key=key_of(account.id), requested_by=requested_by)


async def schedule_sync(db: Db, account_id: UUID) -> Schedule | None:
    """Sync an account by itself, every hour; None when it is already, or is again as it was before its connection was lost.

    Raises NotThere.
    """
    account = await account_by_id(db, account_id)
    if account.platform != "meta":
        return None
    there = await _schedules_of(db, account_id)
    for schedule in there:
        if schedule.paused and schedule.paused_because == _UNCONNECTED:
            await pause_schedule(db, schedule, paused=False)
    if there:
        return None
    return await add_schedule(
        db,
        SYNC,
        _cron_of(account_id),
        account.time_zone,
        parameters={"ad_account_id": str(account_id)},
        jitter=timedelta(minutes=5),
    )


async def unschedule_if_over(db: Db, account_id: UUID) -> None:
    """Sync an account no longer by itself where no connection of it can be well again without being connected anew.

    Whoever connects it anew has it synced by itself again: what a person made or changed is only paused until then, and what
    stands beside it. Safe to repeat.
    """
    alive = select(BrandAdAccount.id).where(
        BrandAdAccount.ad_account_id == account_id, BrandAdAccount.state.in_(("connected", "needs_you"))
    )
    if await db.scalar(alive.limit(1)) is not None:
        return
    match await _schedules_of(db, account_id):
        case [only] if _is_own(only, account_id):
            await remove_schedule(db, only)
        case several:
            for schedule in several:
                if not schedule.paused:
                    schedule.paused_because = _UNCONNECTED
                    await pause_schedule(db, schedule, paused=True)


async def _schedules_of(db: Db, account_id: UUID) -> Sequence[Schedule]:
    of_account = Schedule.job == SYNC, Schedule.parameters["ad_account_id"].astext == str(account_id)
    return (await db.scalars(select(Schedule).where(*of_account).order_by(Schedule.id).with_for_update())).all()


def _is_own(schedule: Schedule, account_id: UUID) -> bool:
    """Whether the product made it, and nobody has paused or changed it since: it can be made again as it is."""
    made = SyncAccount.model_validate({"ad_account_id": account_id}).model_dump(mode="json")
    is_as_made = {**made, **schedule.parameters} == made and schedule.cron == _cron_of(account_id)
    return is_as_made and schedule.created_by is None and not schedule.paused


def _cron_of(account_id: UUID) -> str:
    """Every hour. Not all at the same minute: each account has its own."""
    return f"{int(sha256(str(account_id).encode()).hexdigest(), 16) % 60} * * * *"


def key_of(account_id: UUID) -> str:
    """One sync of an account at a time has it."""
    return f"account:{account_id}"
