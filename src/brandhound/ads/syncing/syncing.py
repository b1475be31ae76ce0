"""A sync from its beginning to its end, step by step. Every step is safe to repeat, and what is finished is not done again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.counting import (
    AT_ONCE,
    Begun,
    PutOff,
    Wave,
    count_wave,
    put_off_older,
    slices_of,
    summed,
    without,
)
from brandhound.ads.syncing.counting_wholes import Reached, count_account, count_reach
from brandhound.ads.syncing.describing import (
    describe_activities,
    describe_ad_sets,
    describe_ads,
    describe_campaigns,
    refresh_standings,
)
from brandhound.ads.syncing.events import AdsSynced
from brandhound.ads.syncing.leaving import Left, Slice, still_left
from brandhound.ads.syncing.rhythm import noted
from brandhound.ads.syncing.scope import OTHERS, Scope, SyncAccount, oldest_day, open_scope
from brandhound.ads.syncing.storing_objects import newest_change
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.core.live import publish
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Done, Outcome, Partial, Snooze
from brandhound.jobs.registry import Run, announce
from brandhound.providers.parking import Parked

REACH = ((7, 0), (28, 0), (7, 7))
"""Windows for which people reached are asked, as days and how many days before the last whole one they end: frequency of a
week, of four, and of the week before, so that one that rises is seen in the first sync."""
A_WEEK = timedelta(days=7)
"""They are asked for when at least so much is read again, which is once a day: a window of whole days moves no faster."""
_WHOSE = {"brand": "the brand's own token", "installation": "the token of the installation's system user"}

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
    if scope.token_source:
        await run.log("info", f"Read with {_WHOSE[scope.token_source]}", token_source=scope.token_source)
    if scope.clamped:
        await run.log("warning", f"Meta keeps nothing from before {scope.since}: it begins there")
    await run.progress(0, None, f"Reading what {scope.name} holds")
    await run.step("campaigns", describe_campaigns, scope)
    await run.step("ad sets", describe_ad_sets, scope)
    ads = await run.step("ads", describe_ads, scope)
    standings = await run.step("standings", refresh_standings, scope)
    await run.log(
        "info", f"{count_of(ads['told'], 'ad')} told, {standings['told']} in all", **ads, gone=standings["gone"]
    )
    waves, left = await _count(run, scope, max(scope.ads, ads["told"], standings["told"]))
    if left and scope.near:
        scope = scope.model_copy(update={"since": max(scope.since, scope.near)})
    await run.step("totals", count_account, scope)
    asks_reach = scope.until - scope.since >= A_WEEK or scope.reach_is_due
    if asks_reach:
        reached = await run.step_as(Reached, "reach", count_reach, scope, REACH)
        for one in reached.left[:1]:
            await run.log("info", f"Whom windows reached is asked for after {_at(one, scope)}: {one.why}")
        left += reached.left
    await run.step("activities", describe_activities, scope)
    unreadable = [one for wave in waves for one in wave.unreadable]
    read = without([one for wave in waves for one in wave.done], [one.as_slice() for one in unreadable])
    counted = summed(waves)
    await run.log("info", "Numbers are in", **counted)
    await run.step("end", _end, scope, parameters, read, [*unreadable, *left], asks_reach)
    # `ads` are only those that changed since; the figures are of all of them.
    there = max(ads["told"], standings["told"])
    words = (
        f"{count_of(counted['rows'], 'row')} of {count_of(there, 'ad')}, "
        f"{counted['added']:,} new, {counted['changed']:,} changed"
    )
    for one in left:
        if one.what == "older":
            words = f"{words}; older days wait until {_at(one, scope)}"
    if unreadable:
        return Partial(f"{words}; could not be read: {_in_words(unreadable)[:500]}")
    return Done(words)


async def _count(run: Run, scope: Scope, ads: int) -> tuple[list[Wave], list[Left]]:
    """Today and the days before it first, and then older ones, unless the limit is nearly used: those wait, and are told."""
    near, older = slices_of(scope, ads)
    total, waves = len(near) + len(older), list[Wave]()
    await _count_all(run, scope, near, waves, total)
    if older:
        put_off = await run.step_as(PutOff, "numbers of older days", put_off_older, scope, older)
        if put_off.left:
            for one in put_off.left:
                words = f"Older days, {one.since} to {one.until}, wait until {_at(one, scope)}: {one.why}"
                await run.log("info", words)
            return waves, put_off.left
        await _count_all(run, scope, older, waves, total)
    await run.progress(total, total, "Numbers are in")
    return waves, []


async def _count_all(run: Run, scope: Scope, slices: Sequence[Slice], waves: list[Wave], total: int) -> None:
    """Wave after wave, until every slice is in. Where a limit ends one, the run waits, and goes on with what is left."""
    left, begun = list(slices), list[Begun]()
    there = sum(len(wave.done) for wave in waves) + len(left)
    while left:
        await run.progress(there - len(left), total, f"Numbers from {left[0].until} back")
        wave = await run.step_as(Wave, f"numbers {len(waves) + 1}", count_wave, scope, left[:AT_ONCE], begun)
        waves.append(wave)
        left, begun = without(left, wave.done), wave.begun
        if wave.wait_until is not None and wave.wait_until > clock.now():
            raise Parked("meta", wave.wait_reason, wave.wait_until)


async def _begin(organization_id: UUID, run_id: UUID, parameters: SyncAccount) -> dict[str, Any]:
    async with tenant_session(organization_id) as db:
        scope = await open_scope(db, run_id, parameters)
        publish(db, "ad-accounts", parameters.ad_account_id)
        return scope.model_dump(mode="json")


async def _end(
    scope: Scope, parameters: SyncAccount, read: Sequence[Slice], left: Sequence[Left], asked_reach: bool
) -> None:
    """Move the marks, and tell those who wait for new numbers.

    What could not be read is remembered by its days, and tried again later: all others are known, and are not read every hour
    because of it.
    """
    async with tenant_session(scope.organization_id) as db:
        marks = await db.scalar(select(AdSync).where(AdSync.account_id == scope.account_id).with_for_update())
        if marks is None:
            return
        marks.ads_updated_until = await newest_change(db, scope.account_id)
        marks.facts_since = min(scope.since, marks.facts_since or scope.since)
        # One that was paused may end after one that began later.
        marks.facts_until = max(scope.until, marks.facts_until or scope.until)
        marks.read_back = noted(marks.read_back, (scope.until - scope.since).days, scope.began_at)
        # What was asked for this time and came to nothing is told anew.
        settled = {"reach": asked_reach, "older": not scope.older_wait, "unreadable": False}
        before = [one for one in map(Left.model_validate, marks.left_days) if not settled[one.what]]
        still = still_left(before, read, left, oldest_day(scope.until))
        marks.left_days = [one.model_dump(mode="json") for one in still]
        if unreadable := [one for one in left if one.what == "unreadable"]:
            marks.error_code, marks.error_detail = "ads/too-much-data", _in_words(unreadable)[:2000]
        else:
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


def _at(left: Left, scope: Scope) -> str:
    """When it is tried again, by the account's clock."""
    return f"{left.again_at.astimezone(ZoneInfo(scope.time_zone)):%H:%M} ({scope.time_zone})"


def _in_words(left: Sequence[Left]) -> str:
    return "; ".join(f"{one.since} to {one.until}: {one.why}" for one in left)
