"""Syncs that are queued."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from brandhound.ads.events import AdAccountsConnected
from brandhound.ads.job_parameters import OfAccount, about_account
from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.events import FactsCounted
from brandhound.ads.syncing.pruning import forget_old_pages
from brandhound.ads.syncing.queueing import queue_sync, schedule_sync, unschedule_if_over
from brandhound.ads.syncing.replaying import plan_replay, replay_days, replay_wholes
from brandhound.ads.syncing.scope import SyncAccount
from brandhound.ads.syncing.syncing import sync_account
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial
from brandhound.jobs.registry import Run, announce, job
from brandhound.jobs.retrying import StepFailed


class Connected(BaseModel):
    """Accounts that were connected."""

    account_ids: list[UUID]


@job(
    "ads.sync",
    queue="fetch",
    timeout=timedelta(hours=4),
    title="Sync an ad account",
    about=about_account("Sync {}"),
)
async def sync(run: Run, parameters: SyncAccount) -> Outcome:
    """Bring in what an ad account holds and what its ads did. Safe to repeat, and to interrupt at any point."""
    try:
        return await sync_account(run, parameters)
    except StepFailed as failed:
        await _note_failure(run, parameters.ad_account_id, failed)
        if failed.code == "core/not-there":
            return Cancel("the account is not here any more")
        if failed.code == "ads/needs-connection":
            # Whoever has to do something about it was told when it ended; every hour once more would not help.
            async with run.session() as db:
                await unschedule_if_over(db, parameters.ad_account_id)
            return Cancel(failed.detail)
        raise


class ReplayAccount(OfAccount):
    """Whose figures to count again."""


@job(
    "ads.replay",
    queue="analyse",
    timeout=timedelta(hours=2),
    title="Count an ad account's figures again",
    about=about_account("Count figures of {} again"),
)
async def replay(run: Run, parameters: ReplayAccount) -> Outcome:
    """Count figures again from the answers that were kept, without asking anybody. Safe to repeat."""
    account_id = parameters.ad_account_id
    plan = await run.step("answers", plan_replay, run.organization_id, account_id)
    stretches: list[tuple[str, str]] = plan["stretches"]
    all_of_it = {"rows": 0, "added": 0, "changed": 0}
    for place, (since, until) in enumerate(stretches):
        await run.progress(place, len(stretches), f"{since} to {until}")
        told = await run.step(
            f"days {place + 1}", replay_days, run.organization_id, account_id, plan["account"], since, until
        )
        all_of_it = {name: all_of_it[name] + told[name] for name in all_of_it}
    wholes = await run.step("totals and reach", replay_wholes, run.organization_id, account_id, plan["account"])
    await run.log("info", "The account's totals and whom windows reached are counted again", **wholes)
    await run.step("end", _counted_again, run.organization_id, account_id)
    words = (
        f"{count_of(all_of_it['rows'], 'row')} of {count_of(plan['pages'], 'answer')}: {all_of_it['added']:,} new, "
        f"{all_of_it['changed']:,} changed"
    )
    if lost := plan["lost"] + wholes["lost"]:
        return Partial(f"{words}; the files of {lost:,} are gone, and their days stay as they are")
    return Done(words if stretches else "no answer is kept")


@job(
    "ads.forget_pages",
    queue="analyse",
    timeout=timedelta(minutes=30),
    title="Forget old answers of ad platforms",
    every=timedelta(days=1),
)
async def forget_pages(run: Run) -> Outcome:
    """Remove answers that are older than they are kept. Figures stay. Safe to repeat."""
    gone = await run.step("pages", forget_old_pages)
    return Done(f"{count_of(gone, 'answer')} forgotten" if gone else "nothing is old enough")


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
    return Done(count_of(len(parameters.account_ids), "account"))


async def _counted_again(organization_id: UUID, account_id: UUID) -> None:
    async with tenant_session(organization_id) as db:
        await announce(db, FactsCounted(ad_account_id=account_id))
        publish(db, "ad-accounts", account_id)


async def _note_failure(run: Run, account_id: UUID, failed: StepFailed) -> None:
    async with run.session() as db:
        marks = await db.scalar(select(AdSync).where(AdSync.account_id == account_id).with_for_update())
        if marks is not None:
            marks.error_code, marks.error_detail = failed.code, failed.detail[:2000]
            publish(db, "ad-accounts", account_id)
