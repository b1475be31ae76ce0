"""How far accounts are synced, for a list of them: two questions however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.queueing import SYNC, key_of
from brandhound.core.db import Db
from brandhound.jobs.models import RunRow
from brandhound.jobs.states import ACTIVE


@dataclass(frozen=True)
class Synced:
    """How far an account is."""

    last_ok_at: datetime | None = None
    error: str | None = None
    facts_until: date | None = None
    run_id: UUID | None = None
    """The run that syncs it now."""


async def synced_of(db: Db, account_ids: Sequence[UUID]) -> dict[UUID, Synced]:
    """How far accounts are; one that was never synced, and is not being synced, is not among them."""
    marks = {
        mark.account_id: mark for mark in await db.scalars(select(AdSync).where(AdSync.account_id.in_(account_ids)))
    }
    keys = {key_of(account_id): account_id for account_id in account_ids}
    rows = await db.execute(
        select(RunRow.key, RunRow.id).where(RunRow.job == SYNC, RunRow.state.in_(ACTIVE), RunRow.key.in_(keys))
    )
    runs = {keys[key]: run_id for key, run_id in rows if key in keys}
    return {
        account_id: Synced(
            mark.last_ok_at if mark else None,
            mark.error_detail if mark else None,
            mark.facts_until if mark else None,
            runs.get(account_id),
        )
        for account_id in account_ids
        if (mark := marks.get(account_id)) is not None or account_id in runs
    }
