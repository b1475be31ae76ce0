"""A sync from its beginning to its end, step by step. Every step is safe to repeat, and what is finished is not done again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.counting import (
    AT_ONCE,
    Begun,
    Wave,
    count_account,
    count_reach,
    count_wave,
    slices_of,
    summed,
    without,
)
from brandhound.ads.syncing.describing import (
    describe_activities,
    describe_ad_sets,
    describe_ads,
    describe_campaigns,
    refresh_standings,
)
from brandhound.ads.syncing.events import AdsSynced
from brandhound.ads.syncing.rhythm import noted
from brandhound.ads.syncing.scope import Scope, SyncAccount, open_scope
from brandhound.ads.syncing.storing_objects import newest_change
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.jobs.outcomes import Done, Outcome, Partial, Snooze
from brandhound.jobs.registry import Run, announce
from brandhound.providers.parking import Parked

OTHERS = timedelta(seconds=20)
"""After that long we look again whether the other sync of the account is over."""
REACH = ((7, 0), (28, 0), (7, 7))
"""Windows for which people reached are asked, as days and how many days before the last whole one they end: frequency of a
week, of four, and of the week before, so that one that rises is seen in the first sync."""
A_WEEK = timedelta(days=7)
"""They are asked for when at least so much is read again, which is once a day: a window of whole days moves no faster."""

_PLAN = (
    ("account", 1.0),
    ("campaigns", 2.0),
    ("ad sets", 3.0),
    ("ads", 15.0),
    ("standings", 4.0),
    ("numbers", 60.0),
    ("totals", 2.0),
    ("reach", 6.0),
    ("activities", 2.0),
    ("end", 1.0),
)


async def sync_account(run: Run, parameters: SyncAccount) -> Outcome:
    """Bring one account up to date."""
    run.plan(_PLAN)
    begun = await run.step("account", _begin, run.organization_id, run.id, parameters)
    if "busy" in begun:
        return Snooze(OTHERS, "Another run is bringing this account in")
    scope = Scope.model_validate(begun)
    if scope.clamped:
        await run.log("warning", f"Meta keeps nothing from before {scope.since}: it begins there")
    await run.progress(0, None, f"Reading what {scope.name} holds")
    await run.step("campaigns", describe_campaigns, scope)
    await run.step("ad sets", describe_ad_sets, scope)
    ads = await run.step("ads", describe_ads, scope)
    standings = await run.step("standings", refresh_standings, scope)
    await run.log("info", f"{ads['told']} ads told, {standings['told']} in all", **ads, gone=standings["gone"])
    waves = await _count(run, scope, max(scope.ads, ads["told"], standings["told"]))
    await run.step("totals", count_account, scope)
    if scope.until - scope.since >= A_WEEK:
        await run.step("reach", count_reach, scope, REACH)
    await run.step("activities", describe_activities, scope)
    failed = [one for wave in waves for one in wave.failed]
    counted = summed(waves)
    await run.log("info", "Numbers are in", **counted)
    await run.step("end", _end, scope, parameters, failed)
    words = f"{counted['rows']} rows of {ads['told'] or standings['told']} ads, {counted['added']} new, " \
            f"{counted['changed']} changed"  # fmt: skip
    if failed:
        return Partial(f"{words}; could not be read: {'; '.join(failed)[:500]}")
    return Done(words)


async def _count(run: Run, scope: Scope, ads: int) -> list[Wave]:
    """Wave after wave, until every slice is in. Where a limit ends one, the run waits, and goes on with what is left."""
    left, begun = slices_of(scope, ads), list[Begun]()
    total, waves = len(left), list[Wave]()
    while left:
        await run.progress(total - len(left), total, f"Numbers from {left[0].until} back")
        wave = await run.step_as(Wave, f"numbers {len(waves) + 1}", count_wave, scope, left[:AT_ONCE], begun)
        waves.append(wave)
        left, begun = without(left, wave.done), wave.begun
        if wave.wait_until is not None and wave.wait_until > clock.now():
            raise Parked("meta", wave.wait_reason, wave.wait_until)
    await run.progress(total, total, "Numbers are in")
    return waves


async def _begin(organization_id: UUID, run_id: UUID, parameters: SyncAccount) -> dict[str, Any]:
    async with tenant_session(organization_id) as db:
        scope = await open_scope(db, run_id, parameters)
        publish(db, "ad-accounts", parameters.ad_account_id)
        return scope.model_dump(mode="json")


async def _end(scope: Scope, parameters: SyncAccount, failed: list[str]) -> None:
    """Move the marks, and tell those who wait for new numbers."""
    async with tenant_session(scope.organization_id) as db:
        marks = await db.scalar(select(AdSync).where(AdSync.account_id == scope.account_id).with_for_update())
        if marks is None:
            return
        marks.ads_updated_until = await newest_change(db, scope.account_id)
        if failed:
            marks.error_code, marks.error_detail = "ads/too-much-data", "; ".join(failed)[:2000]
        else:
            marks.facts_since = min(scope.since, marks.facts_since or scope.since)
            marks.facts_until = scope.until
            marks.read_back = noted(marks.read_back, (scope.until - scope.since).days, scope.began_at)
            marks.last_ok_at, marks.error_code, marks.error_detail = clock.now(), None, None
        await announce(
            db,
            AdsSynced(
                ad_account_id=scope.account_id,
                since=scope.since,
                until=scope.until,
                max_videos=parameters.max_videos,
                max_images=parameters.max_images,
                max_megabytes=parameters.max_megabytes,
                auto_classify=parameters.auto_classify,
            ),
        )
        publish(db, "ad-accounts", scope.account_id)
