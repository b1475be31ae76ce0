"""Having an account synced: now, and by itself from now on."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from brandhound.ads.models import BrandAdAccount
from brandhound.ads.queries import account_by_id
from brandhound.ads.syncing.errors import NotSynced
from brandhound.ads.syncing.scope import SyncAccount
from brandhound.core.db import Db
from brandhound.jobs.models import RunRow, Schedule
from brandhound.jobs.registry import enqueue
from brandhound.jobs.scheduling import add_schedule

SYNC = "ads.sync"


async def queue_sync(db: Db, parameters: SyncAccount, requested_by: UUID | None = None) -> RunRow:
    """Sync an account soon. While a sync of it is queued or at work, that one is meant.

    Raises NotThere, or NotSynced for an account whose numbers come from files.
    """
    account = await account_by_id(db, parameters.ad_account_id)
    if account.platform != "meta":
        raise NotSynced
    return await enqueue(db, SYNC, parameters, key=key_of(account.id), requested_by=requested_by)


async def schedule_sync(db: Db, account_id: UUID) -> Schedule | None:
    """Sync an account by itself, every hour; None when it is already. Raises NotThere."""
    account = await account_by_id(db, account_id)
    if account.platform != "meta":
        return None
    there = select(Schedule.id).where(*_of_account(account_id))
    if await db.scalar(there.limit(1)) is not None:
        return None
    # Not all at the same minute: each account has its own.
    minute = int(sha256(str(account_id).encode()).hexdigest(), 16) % 60
    return await add_schedule(
        db,
        SYNC,
        f"{minute} * * * *",
        account.time_zone,
        parameters={"ad_account_id": str(account_id)},
        jitter=timedelta(minutes=5),
    )


async def unschedule_if_over(db: Db, account_id: UUID) -> None:
    """Sync an account no longer by itself where no connection of it can be well again without being connected anew.

    Whoever connects it anew has it synced by itself again. Safe to repeat.
    """
    alive = select(BrandAdAccount.id).where(
        BrandAdAccount.ad_account_id == account_id, BrandAdAccount.state.in_(("connected", "needs_you"))
    )
    if await db.scalar(alive.limit(1)) is None:
        await db.execute(delete(Schedule).where(*_of_account(account_id)).execution_options(synchronize_session=False))


def _of_account(account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return Schedule.job == SYNC, Schedule.parameters["ad_account_id"].astext == str(account_id)


def key_of(account_id: UUID) -> str:
    """One sync of an account at a time has it."""
    return f"account:{account_id}"
