"""Steps that learn what an account holds: campaigns, ad sets, ads with their creatives, and who changed what.

Only what changed since the last time is asked for in full. How every ad stands is asked for every time, deleted and archived
ones too: a campaign that is paused changes how its ads stand, and not when they were changed.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.batching import batch
from brandhound.ads.meta.facts_of_meta import fields, limits
from brandhound.ads.meta.failing import MetaFailed
from brandhound.ads.meta.governing import LeftOut
from brandhound.ads.meta.money import Unreadable, moment
from brandhound.ads.meta.paging import Page, pages
from brandhound.ads.meta.together import together
from brandhound.ads.object_models import Ad, AdActivity, AdSet
from brandhound.ads.sync_models import AdSync
from brandhound.ads.syncing.creatives import read_creative
from brandhound.ads.syncing.errors import AnswerUnreadable
from brandhound.ads.syncing.keeping_pages import KeptPage, keep_page, note_pages
from brandhound.ads.syncing.reading_rows import check_fields
from brandhound.ads.syncing.scope import Scope, asking
from brandhound.ads.syncing.storing_objects import (
    mark_refused,
    part,
    store_ad_sets,
    store_ads,
    store_campaigns,
    store_creatives,
    store_standings,
)
from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.ids import uuid7

_OVERLAP = timedelta(minutes=10)
"""Clocks differ, and lists are not the truth of one moment."""
_MOST_PARTS, _SETS_A_PART = 5, 60
"""Lists of ads that are read at once at first, and ad sets that make one worth while."""
_POSTER = "1080"
"""Pixels of the still that is asked for: the one picture of a film that can always be had."""


async def describe_campaigns(scope: Scope) -> dict[str, int]:
    """Every campaign, deleted and archived ones too."""
    return await _describe(scope, "campaigns", "every_status_of_campaigns")


async def describe_ad_sets(scope: Scope) -> dict[str, int]:
    """Every ad set, deleted and archived ones too."""
    return await _describe(scope, "adsets", "every_status_of_adsets")


async def _describe(scope: Scope, kind: str, statuses: str) -> dict[str, int]:
    told = changed = 0
    async with asking(scope) as asker:
        params = {"fields": ",".join(fields()[kind]), "filtering": _filters(statuses)}
        async for page in pages(asker, f"{scope.external_id}/{kind}", params, limits()["page"][kind]):
            unknown = _checked(kind, page)
            async with tenant_session(scope.organization_id) as db:
                try:
                    store = store_campaigns if kind == "campaigns" else store_ad_sets
                    changed += await store(db, scope.account_id, scope.currency, page.things, clock.now())
                except Unreadable as error:
                    raise AnswerUnreadable(kind, "a field", str(error)) from error
                await _note(db, scope, kind, page, unknown)
            told += len(page.things)
    return {"told": told, "changed": changed, "calls": asker.tally.calls}


async def describe_ads(scope: Scope) -> dict[str, int]:
    """Ads that changed since the last time, with what they show; all of them at first, several lists at once."""
    async with asking(scope) as asker:
        parts = await _parts(scope)
        try:
            told = await _describe_ads(scope, asker, parts)
        except MetaFailed as failed:
            if failed.policy != "permanent" or len(parts) == 1:
                raise
            # Whatever it has against being asked in parts: one list has everything.
            told = await _describe_ads(scope, asker, [_filters("every_status")])
    return {"told": sum(one for one, _ in told), "changed": sum(one for _, one in told), "calls": asker.tally.calls}


async def _parts(scope: Scope) -> list[str]:
    """What filters the lists of ads that are read at once: by when they were changed, as it is with their ad sets."""
    if scope.ads_updated_until is not None:
        return [_filters("every_status", scope.ads_updated_until - _OVERLAP)]
    async with tenant_session(scope.organization_id) as db:
        changed = select(AdSet.updated_time).where(
            AdSet.account_id == scope.account_id, AdSet.updated_time.is_not(None)
        )
        times = [time for time in await db.scalars(changed.order_by(AdSet.updated_time)) if time is not None]
    count = max(1, min(_MOST_PARTS, len(times) // _SETS_A_PART))
    edges = [None, *(times[len(times) * part // count] for part in range(1, count)), None]
    return [
        _filters("every_status", since, until) for since, until in pairwise(edges) if since is None or since != until
    ]


async def _describe_ads(scope: Scope, asker: Asker, parts: Sequence[str]) -> list[tuple[int, int]]:
    # Ads of different lists share what they show: two pages at once would wait for each other's rows.
    storing = asyncio.Lock()
    return await together(*(_describe_part(scope, asker, filters, storing) for filters in parts))


async def _describe_part(scope: Scope, asker: Asker, filters: str, storing: asyncio.Lock) -> tuple[int, int]:
    told = changed = 0
    creative = ",".join(fields()["creative"])
    params = {
        "fields": ",".join(fields()["ads"]) + f",creative{{{creative}}}",
        "filtering": filters,
        "thumbnail_width": _POSTER,
        "thumbnail_height": _POSTER,
    }
    async for page in pages(asker, f"{scope.external_id}/ads", params, limits()["page"]["ads"]):
        unknown = await asyncio.to_thread(_checked, "ads", page)
        creatives = [read_creative(one["creative"]) for one in page.things if part(one, "creative").get("id")]
        async with storing, tenant_session(scope.organization_id) as db:
            now = clock.now()
            try:
                ids = await store_creatives(db, scope.account_id, creatives, now)
                changed += await store_ads(db, scope.account_id, page.things, ids, now)
            except Unreadable as error:
                raise AnswerUnreadable("ads", "a field", str(error)) from error
            await _note(db, scope, "ads", page, unknown)
        told += len(page.things)
    return told, changed


async def refresh_standings(scope: Scope) -> dict[str, int]:
    """How every ad stands now, in the window or not; and which of ours are not shown any more.

    Left out at first: all of them have just been listed, with how they stand.
    """
    if scope.ads_updated_until is None:
        return {"told": 0, "changed": 0, "gone": 0, "calls": 0}
    listed: set[str] = set()
    changed = 0
    async with asking(scope) as asker:
        params = {"fields": ",".join(fields()["standing"]), "filtering": _filters("every_status")}
        async for page in pages(asker, f"{scope.external_id}/ads", params, limits()["page"]["standing"]):
            check_fields("standing", page.things)
            listed |= {str(one["id"]) for one in page.things}
            async with tenant_session(scope.organization_id) as db:
                changed += await store_standings(db, scope.account_id, page.things, clock.now())
        async with tenant_session(scope.organization_id) as db:
            ours = await db.scalars(
                select(Ad.external_id).where(Ad.account_id == scope.account_id, Ad.refused.is_(None))
            )
            missing = sorted(set(ours) - listed)
        gone = await _look_for(asker, scope, missing) if missing else 0
    return {"told": len(listed), "changed": changed, "gone": gone, "calls": asker.tally.calls}


async def _look_for(asker: Asker, scope: Scope, external_ids: list[str]) -> int:
    """Ask for each ad that no list names, by itself; how many are not shown any more."""
    params = {"fields": ",".join(fields()["ads"])}
    answers = await batch(asker, [(one, params) for one in external_ids])
    found = [answer for answer in answers if not isinstance(answer, MetaFailed) and "id" in answer]
    gone = [
        name
        for name, answer in zip(external_ids, answers, strict=True)
        if isinstance(answer, MetaFailed) and answer.policy in ("gone", "permission")
    ]
    async with tenant_session(scope.organization_id) as db:
        await store_standings(db, scope.account_id, found, clock.now())
        await mark_refused(db, scope.account_id, gone, "not_accessible")
    return len(gone)


async def describe_activities(scope: Scope) -> dict[str, int]:
    """Who changed what since the last time: left out when the limit is nearly used."""
    told = 0
    newest = scope.activities_until
    since = newest - _OVERLAP if newest else scope.began_at - timedelta(days=28)
    try:
        async with asking(scope) as asker:
            params = {"fields": ",".join(fields()["activities"]), "since": str(int(since.timestamp()))}
            path = f"{scope.external_id}/activities"
            async for page in pages(asker, path, params, limits()["page"]["activities"], essential=False):
                unknown = _checked("activities", page)
                values = [_activity(scope, one) for one in page.things]
                async with tenant_session(scope.organization_id) as db:
                    if values:
                        await db.execute(insert(AdActivity).values(values).on_conflict_do_nothing())
                    await _note(db, scope, "activities", page, unknown)
                told += len(values)
                newest = max([newest or since, *(one["happened_at"] for one in values)])
    except LeftOut:
        return {"told": told, "left_out": 1}
    async with tenant_session(scope.organization_id) as db:
        marks = await db.scalar(select(AdSync).where(AdSync.account_id == scope.account_id).with_for_update())
        if marks is not None and newest is not None and told:
            marks.activities_until = newest
    return {"told": told}


def _activity(scope: Scope, told: Mapping[str, Any]) -> dict[str, Any]:
    try:
        at = moment(told["event_time"])
    except Unreadable as error:
        raise AnswerUnreadable("activities", "event_time", str(error)) from error
    extra: object = told.get("extra_data")
    if isinstance(extra, str):
        try:
            extra = json.loads(extra)
        except ValueError:
            extra = {"text": extra}
    return {
        "id": uuid7(),
        "account_id": scope.account_id,
        "content_hash": hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
        "happened_at": at,
        "event_type": str(told["event_type"]),
        "object_external_id": told.get("object_id"),
        "object_name": told.get("object_name"),
        "actor_name": told.get("actor_name"),
        "extra": extra if isinstance(extra, dict) else {"value": extra},
    }


def _filters(statuses: str, since: datetime | None = None, until: datetime | None = None) -> str:
    """Ads that were changed `since` then and before `until`. Without saying so, deleted and archived ones are not told."""
    filters: list[dict[str, Any]] = [{"field": "effective_status", "operator": "IN", "value": fields()[statuses]}]
    if since is not None:
        at = int(since.timestamp()) - 1
        filters.append({"field": "ad.updated_time", "operator": "GREATER_THAN", "value": at})
    if until is not None:
        filters.append({"field": "ad.updated_time", "operator": "LESS_THAN", "value": int(until.timestamp())})
    return json.dumps(filters)


def _checked(kind: str, page: Page) -> tuple[KeptPage, set[str]]:
    """The page is kept before anything is made of it, so that what cannot be read can be looked at."""
    kept = keep_page(kind, page.asked, page.reply.raw, len(page.things))
    return kept, check_fields(kind, page.things)


async def _note(db: Db, scope: Scope, kind: str, page: Page, checked: tuple[KeptPage, set[str]]) -> None:
    kept, unknown = checked
    await note_pages(db, scope.account_id, scope.run_id, [kept])
    await note_shape(db, scope, kind, unknown, page.reply.version)


async def note_shape(db: Db, scope: Scope, kind: str, unknown: set[str], version: str | None) -> None:
    """Write down which fields came that nobody knows, and the version that answered."""
    marks = await db.scalar(select(AdSync).where(AdSync.account_id == scope.account_id).with_for_update())
    if marks is None:
        return
    new = {f"{kind}.{name}" for name in unknown} - marks.unknown_fields.keys()
    if new:
        marks.unknown_fields = marks.unknown_fields | dict.fromkeys(sorted(new), clock.now().isoformat())
    if version is not None and marks.api_version != version:
        marks.api_version = version
