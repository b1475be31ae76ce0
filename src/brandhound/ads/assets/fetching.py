"""Steps that fetch what creatives show: what most money is spent on first, within the limits that were given."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, func, or_, select, update

from brandhound.ads.asset_models import AdAsset, AdCreativeAsset
from brandhound.ads.assets.addresses import Address, image_addresses, video_addresses
from brandhound.ads.assets.downloading import Budget, Expired, OverBudget, download
from brandhound.ads.assets.looking import NotReadable
from brandhound.ads.assets.media_pool import look_at_image, look_at_video
from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.meta.asking import Asker
from brandhound.ads.object_models import Ad
from brandhound.ads.syncing.scope import Scope, asking
from brandhound.core import clock
from brandhound.core.confining.pool import WorkFailed
from brandhound.core.db import Db, tenant_session
from brandhound.core.files import files
from brandhound.core.http.answers import FetchFailed

A_STEP = 12
AT_ONCE = 4
MOST_TRIES = 5
AGAIN_AFTER = timedelta(hours=20)
"""What could not be had is asked for again no sooner."""


class Wanted(BaseModel):
    """One picture or film that is to be fetched."""

    id: UUID
    kind: str
    external_id: str


class Brought(BaseModel):
    """What became of a few of them."""

    downloaded: int = 0
    known: int = 0
    """Their bytes were here already, under another name."""
    failed: int = 0
    not_downloadable: int = 0
    bytes: int = 0
    calls: int = 0
    reasons: dict[str, int] = {}


async def choose(scope: Scope, max_images: int, max_videos: int, budget: int) -> list[Wanted]:
    """What is fetched this time, with so many bytes at most: of what most was spent on lately first."""
    async with tenant_session(scope.organization_id) as db:
        images = await _chosen(db, scope, "image", max_images, budget)
        return images + await _chosen(db, scope, "video", max_videos, budget)


async def _chosen(db: Db, scope: Scope, kind: str, most: int, budget: int) -> list[Wanted]:
    if not most:
        return []
    spent = (
        select(AdCreativeAsset.asset_id, func.sum(AdDailyFact.spend_micros).label("spent"))
        .join(Ad, Ad.creative_id == AdCreativeAsset.creative_id)
        .join(AdDailyFact, and_(AdDailyFact.ad_id == Ad.id, AdDailyFact.day >= scope.until - timedelta(days=28)))
        .where(Ad.account_id == scope.account_id)
        .group_by(AdCreativeAsset.asset_id)
        .subquery()
    )
    late = or_(AdAsset.checked_at.is_(None), AdAsset.checked_at < clock.now() - AGAIN_AFTER)
    again = and_(AdAsset.state != "downloaded", late, AdAsset.attempts < MOST_TRIES)
    # Nothing was wrong with it but its size, which is known.
    fits = and_(AdAsset.reason == "over_budget", AdAsset.bytes <= budget)
    rows = await db.execute(
        select(AdAsset.id, AdAsset.kind, AdAsset.external_id)
        .outerjoin(spent, spent.c.asset_id == AdAsset.id)
        .where(
            AdAsset.account_id == scope.account_id, AdAsset.kind == kind, or_(AdAsset.state == "wanted", again, fits)
        )
        .order_by(func.coalesce(spent.c.spent, 0).desc(), AdAsset.id.desc())
        .limit(most)
    )
    return [Wanted(id=row.id, kind=row.kind, external_id=row.external_id) for row in rows]


async def bring(scope: Scope, wanted: Sequence[Wanted], budget: int) -> Brought:
    """Fetch a few of them, with so many bytes at most. Safe to repeat: what is here is not fetched again."""
    brought = Brought()
    left = Budget(budget)
    async with asking(scope) as asker:
        addresses = await _addresses(asker, scope, wanted)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(asset: Wanted) -> None:
            async with gate:
                facts = await _bring(asker, scope, asset, addresses[asset.kind, asset.external_id], left)
                await _store(scope, asset, facts, brought)

        await asyncio.gather(*map(one, wanted))
        brought.calls = asker.tally.calls
    brought.bytes = budget - left.left
    return brought


async def _addresses(asker: Asker, scope: Scope, wanted: Sequence[Wanted]) -> dict[tuple[str, str], Address]:
    images = [one.external_id for one in wanted if one.kind == "image"]
    videos = [one.external_id for one in wanted if one.kind == "video"]
    found: dict[tuple[str, str], Address] = {}
    if images:
        found |= {("image", name): at for name, at in (await image_addresses(asker, scope.external_id, images)).items()}
    if videos:
        found |= {("video", name): at for name, at in (await video_addresses(asker, videos)).items()}
    return found


async def _bring(asker: Asker, scope: Scope, asset: Wanted, at: Address, left: Budget) -> dict[str, Any]:
    """The columns that fetching one comes to."""
    look = _image if asset.kind == "image" else _film
    try:
        if at.url is None:
            poster = await _poster(at, left) if asset.kind == "video" else {}
            return {"state": "not_downloadable", "reason": at.reason or "no_address", **poster}
        try:
            fetched = await download(at.url, left, look)
        except Expired:
            # Once: whoever refuses a fresh address refuses us.
            at = (await _addresses(asker, scope, [asset]))[asset.kind, asset.external_id]
            if at.url is None:
                return {"state": "not_downloadable", "reason": at.reason or "no_address"}
            fetched = await download(at.url, left, look)
        known = {"state": "downloaded", "reason": None, "sha256": fetched.sha256, "bytes": fetched.bytes}
        return known | fetched.facts
    except Expired:
        return {"state": "failed", "reason": "expired"}
    except OverBudget as over:
        # Not this time; with a larger budget it may be.
        return {"state": "failed", "reason": "over_budget", "bytes": over.bytes_told}
    except NotReadable:
        return {"state": "failed", "reason": "not_readable"}
    except (FetchFailed, WorkFailed) as failed:
        return {"state": "failed", "reason": failed.code.replace("-", "_")}


async def _image(path: Path) -> dict[str, Any]:
    look = await look_at_image(path)
    return {
        "width": look.width,
        "height": look.height,
        "phash": look.phash,
        "dhash": look.dhash,
        "content_type": look.content_type,
    }


async def _film(path: Path) -> dict[str, Any]:
    film = await look_at_video(path)
    return {
        "width": film.width,
        "height": film.height,
        "seconds": film.seconds,
        "phash": film.poster_look.phash,
        "dhash": film.poster_look.dhash,
        "poster_sha256": files().put(film.poster),
        "content_type": film.content_type,
    }


async def _poster(at: Address, left: Budget) -> dict[str, Any]:
    """Of a film that cannot be had its still, where that can."""
    if at.poster is None:
        return {}
    try:
        fetched = await download(at.poster, left, _image)
    except (Expired, OverBudget, FetchFailed, NotReadable, WorkFailed):
        return {}
    return {"poster_sha256": fetched.sha256} | {name: fetched.facts[name] for name in ("phash", "dhash")}


async def _store(scope: Scope, asset: Wanted, facts: dict[str, Any], brought: Brought) -> None:
    async with tenant_session(scope.organization_id) as db:
        if sha256 := facts.get("sha256"):
            others = select(AdAsset.id).where(AdAsset.sha256 == sha256, AdAsset.id != asset.id).limit(1)
            brought.known += await db.scalar(others) is not None
        values = facts | {"attempts": AdAsset.attempts + 1, "checked_at": clock.now()}
        await db.execute(update(AdAsset).where(AdAsset.id == asset.id).values(values))
    match facts["state"]:
        case "downloaded":
            brought.downloaded += 1
        case "failed":
            brought.failed += 1
        case _:
            brought.not_downloadable += 1
    if reason := facts.get("reason"):
        brought.reasons[reason] = brought.reasons.get(reason, 0) + 1
