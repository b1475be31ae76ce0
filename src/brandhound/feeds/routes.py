"""Feeds over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response

from brandhound.core import clock
from brandhound.feeds import following, importing, packs, previewing
from brandhound.feeds.health import feed_health as read_feed_health
from brandhound.feeds.listing import feed_detail, feed_page
from brandhound.feeds.schemas import (
    FeedChanges,
    FeedDetail,
    FeedHealth,
    FeedPage,
    FeedPreview,
    FeedState,
    FeedTest,
    NewFeed,
    OpmlFeeds,
    OpmlResult,
    PackList,
    RunStarted,
)
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

OpmlFile = Annotated[bytes, Body(media_type="text/xml")]

router = APIRouter(prefix="/api/feeds", tags=["feeds"])


@router.get("")
async def list_feeds(
    db: TenantDb,
    caller: Viewer,
    q: Annotated[str | None, Query(max_length=200)] = None,
    state: FeedState | None = None,
    tag: Annotated[str | None, Query(max_length=60)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> FeedPage:
    """The followed feeds, by title."""
    return await feed_page(db, caller.time_zone, q=q, state=state, tag=tag, cursor=cursor, limit=limit)


@router.post("", status_code=201)
async def follow_feed(new: NewFeed, caller: Analyst) -> FeedDetail:
    """Follow a feed, by its address or its site's; it is looked at before the answer, and read at once."""
    return await following.follow_address(caller, new, clock.now())


@router.post("/test")
async def test_feed(test: FeedTest, caller: Analyst) -> FeedPreview:
    """Look at an address: what a feed there says, or which feeds a site names. Nothing is stored."""
    return await previewing.preview_address(caller.organization_id, test.url, test.credentials)


@router.get("/health")
async def feed_health(db: TenantDb, _: Viewer) -> FeedHealth:
    """Feeds that fail, are gone, silent or paused, with the reason and the next step."""
    return await read_feed_health(db, clock.now())


@router.get("/packs")
async def feed_packs(db: TenantDb, _: Viewer) -> PackList:
    """Feeds by industry, to start from."""
    return await packs.feed_packs(db)


@router.get("/opml", response_class=Response)
async def export_opml(db: TenantDb, _: Viewer) -> Response:
    """The followed feeds as OPML 2.0, for another reader. Credentials are left out."""
    document = await importing.export_opml(db, clock.now())
    name = {"content-disposition": 'attachment; filename="brandhound.opml"'}
    return Response(document, media_type="text/x-opml; charset=utf-8", headers=name)


@router.post("/opml")
async def import_opml(db: TenantDb, caller: Analyst, document: OpmlFile = b"") -> OpmlResult:
    """Follow every feed of an OPML file, with its folders as tags."""
    return await importing.import_opml(db, caller, document, clock.now())


@router.post("/opml/test")
async def look_at_opml(_: Analyst, document: OpmlFile = b"") -> OpmlFeeds:
    """Look at an OPML file: which feeds it names. Nothing is stored, and none of them is asked."""
    return importing.feeds_named(document)


@router.get("/{feed_id}")
async def read_feed(feed_id: UUID, db: TenantDb, caller: Viewer) -> FeedDetail:
    """One followed feed with its latest items."""
    return await feed_detail(db, feed_id, caller.time_zone)


@router.patch("/{feed_id}")
async def update_feed(feed_id: UUID, changes: FeedChanges, db: TenantDb, caller: Analyst) -> FeedDetail:
    """Rename a feed, sort it into folders, or give it other credentials."""
    await following.change_feed(db, caller, feed_id, changes, clock.now())
    return await feed_detail(db, feed_id, caller.time_zone)


@router.delete("/{feed_id}", status_code=204)
async def unfollow_feed(feed_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Stop following a feed. Mentions found in it stay."""
    await following.unfollow(db, caller, feed_id)


@router.post("/{feed_id}/refresh", status_code=202)
async def refresh_feed(feed_id: UUID, db: TenantDb, caller: Analyst) -> RunStarted:
    """Check a feed now."""
    return await following.refresh_now(db, caller, feed_id)


@router.put("/{feed_id}/pause", status_code=204)
async def pause_feed(feed_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Do not listen to a feed for now."""
    await following.pause(db, caller, feed_id)


@router.delete("/{feed_id}/pause", status_code=204)
async def resume_feed(feed_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Listen to a feed again."""
    await following.resume(db, caller, feed_id, clock.now())
