"""Fetching pictures and films, as work that is queued."""

from datetime import timedelta
from uuid import UUID

from brandhound.ads.assets.fetching import A_STEP, Brought, Wanted, bring, choose
from brandhound.ads.assets.missing import why_missing
from brandhound.ads.job_parameters import HowMuch, OfAccount, about_account
from brandhound.ads.syncing.events import AdsSynced, ClassificationWanted
from brandhound.ads.syncing.scope import Scope, assets_scope
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial
from brandhound.jobs.registry import Run, announce, job
from brandhound.jobs.retrying import StepFailed


class FetchAssets(HowMuch, OfAccount):
    """Whose pictures and films to fetch, and how much of them."""


@job(
    "ads.assets",
    queue="fetch",
    timeout=timedelta(hours=2),
    title="Fetch pictures and films of ads",
    on=AdsSynced,
    startable=True,
    about=about_account("Fetch pictures and films of {}"),
)
async def assets(run: Run, parameters: FetchAssets) -> Outcome:
    """Fetch what ads show, what most is spent on first. Safe to repeat: what is here is not fetched again."""
    try:
        return await _fetch(run, parameters)
    except StepFailed as failed:
        if failed.code == "core/not-there":
            return Cancel("the account is not here any more")
        if failed.code == "ads/needs-connection":
            # As with a sync: whoever has to do something about it was told when it ended.
            return Cancel(failed.detail)
        raise


async def _fetch(run: Run, parameters: FetchAssets) -> Outcome:
    told = await run.step_as(Scope, "account", assets_scope, run.organization_id, run.id, parameters.ad_account_id)
    budget, all_of_it = parameters.max_megabytes * 1_000_000, Brought()
    chosen = await run.step("choose", choose, told, parameters.max_images, parameters.max_videos, budget)
    wanted = [Wanted.model_validate(one) for one in chosen]
    for start in range(0, len(wanted), A_STEP):
        some = wanted[start : start + A_STEP]
        await run.progress(start, len(wanted), "Fetching pictures and films")
        brought = await run.step_as(Brought, f"fetch {start // A_STEP + 1}", bring, told, some, budget)
        budget -= brought.bytes
        all_of_it = _together(all_of_it, brought)
    await run.progress(len(wanted), len(wanted), "Fetched")
    await run.step("end", _after_assets, run.organization_id, parameters)
    words = f"{all_of_it.downloaded} fetched"
    if all_of_it.known:
        words += f", {all_of_it.known} of them known by their bytes"
    missing = all_of_it.failed + all_of_it.not_downloadable
    if missing:
        # In words: this stands in a notice.
        why = ", ".join(f"{why_missing(reason)} ({count})" for reason, count in sorted(all_of_it.reasons.items()))
        return Partial(f"{words}; {missing} could not be had: {why}")
    return Done(words if wanted else "nothing new")


def _together(first: Brought, second: Brought) -> Brought:
    names = ("downloaded", "known", "failed", "not_downloadable", "bytes", "calls")
    reasons = {
        reason: first.reasons.get(reason, 0) + second.reasons.get(reason, 0)
        for reason in first.reasons.keys() | second.reasons.keys()
    }
    return Brought(reasons=reasons, **{name: getattr(first, name) + getattr(second, name) for name in names})


async def _after_assets(organization_id: UUID, parameters: FetchAssets) -> None:
    async with tenant_session(organization_id) as db:
        publish(db, "ad-accounts", parameters.ad_account_id)
        if parameters.auto_classify:
            await announce(db, ClassificationWanted(ad_account_id=parameters.ad_account_id))
