"""Syncs that are queued."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from brandhound.ads.events import AdAccountsConnected
from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.queueing import queue_sync, schedule_sync
from brandhound.ads.syncing.scope import SyncAccount
from brandhound.ads.syncing.syncing import sync_account
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.outcomes import Cancel, Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.jobs.retrying import StepFailed


class Connected(BaseModel):
    """Accounts that were connected."""

    account_ids: list[UUID]


@job("ads.sync", queue="fetch", timeout=timedelta(hours=4), title="Sync an ad account")
async def sync(run: Run, parameters: SyncAccount) -> Outcome:
    """Bring in what an ad account holds and what its ads did. Safe to repeat, and to interrupt at any point."""
    try:
        return await sync_account(run, parameters)
    except StepFailed as failed:
        await _note_failure(run, parameters.ad_account_id, failed)
        if failed.code == "core/not-there":
            return Cancel("the account is not here any more")
        if failed.code == "ads/needs-connection":
            # Whoever has to do something about it was told when it ended; every six hours once more would not help.
            return Cancel(failed.detail)
        raise


@job(
    "ads.begin",
    queue="interactive",
    timeout=timedelta(minutes=1),
    title="Begin to sync ad accounts",
    on=AdAccountsConnected,
)
async def begin(run: Run, parameters: Connected) -> Outcome:
    """Sync accounts that were connected, and see to it that they are from now on. Safe to repeat."""
    for account_id in parameters.account_ids:
        async with run.session() as db:
            try:
                await schedule_sync(db, account_id)
                await queue_sync(db, SyncAccount.model_validate({"ad_account_id": account_id}))
            except NotThere:
                continue
    return Done(f"{len(parameters.account_ids)} accounts")


async def _note_failure(run: Run, account_id: UUID, failed: StepFailed) -> None:
    async with run.session() as db:
        marks = await db.scalar(select(AdSync).where(AdSync.account_id == account_id).with_for_update())
        if marks is not None:
            marks.error_code, marks.error_detail = failed.code, failed.detail[:2000]
            publish(db, "ad-accounts", account_id)
