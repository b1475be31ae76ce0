"""Fetching pictures and films, as work that is queued."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, Field

from brandhound.ads.assets.fetching import A_STEP, Brought, Wanted, bring, choose
from brandhound.ads.syncing.events import AdsSynced, ClassificationWanted
from brandhound.ads.syncing.scope import Scope, assets_scope
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial
from brandhound.jobs.registry import Run, announce, job
from brandhound.jobs.retrying import StepFailed

IN_WORDS = {
    "no_page_role": "the page's owner lets nobody download it",
    "over_budget": "larger than the limit",
    "no_address": "Meta tells no address",
    "not_told": "Meta does not tell of it",
    "not_accessible": "not ours to see",
    "not_readable": "no film or picture that can be read",
}
"""Why a picture or a film could not be had."""


class FetchAssets(BaseModel):
    """Whose pictures and films to fetch, and how much of them."""

    ad_account_id: UUID = Field(description="The account.")
    max_videos: int = Field(20, ge=0, le=10_000, description="Films that are fetched at most.")
    max_images: int = Field(40, ge=0, le=100_000, description="Pictures that are fetched at most.")
    max_megabytes: int = Field(500, ge=1, le=100_000, description="Megabytes that are fetched at most.")
    auto_classify: bool = Field(False, description="Have what is new classified afterwards, where that is set up.")


@job(
    "ads.assets",
    queue="fetch",
    timeout=timedelta(hours=2),
    title="Fetch pictures and films of ads",
    on=AdsSynced,
    startable=True,
)
async def assets(run: Run, parameters: FetchAssets) -> Outcome:
    """Fetch what ads show, what most is spent on first. Safe to repeat: what is here is not fetched again."""
    try:
        told = await run.step_as(Scope, "account", assets_scope, run.organization_id, run.id, parameters.ad_account_id)
    except StepFailed as failed:
        if failed.code == "core/not-there":
            return Cancel("the account is not here any more")
        raise
    chosen = await run.step("choose", choose, told, parameters.max_images, parameters.max_videos)
    wanted = [Wanted.model_validate(one) for one in chosen]
    budget, all_of_it = parameters.max_megabytes * 1_000_000, Brought()
    for start in range(0, len(wanted), A_STEP):
        some = wanted[start : start + A_STEP]
        await run.progress(start, len(wanted), "Fetching pictures and films")
        brought = await run.step_as(Brought, f"fetch {start // A_STEP + 1}", bring, told, some, budget)
        budget -= brought.bytes
        all_of_it = _together(all_of_it, brought)
    await run.progress(len(wanted), len(wanted), "Fetched")
    await run.step("end", _after_assets, run.organization_id, parameters)
    words = f"{all_of_it.downloaded} fetched, {all_of_it.known} of them known by their bytes"
    missing = all_of_it.failed + all_of_it.not_downloadable
    if missing:
        # In words: this stands in a notice.
        why = ", ".join(
            f"{IN_WORDS.get(reason, reason.replace('_', ' '))} ({count})"
            for reason, count in sorted(all_of_it.reasons.items())
        )
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
