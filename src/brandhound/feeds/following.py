"""Following feeds, and ending it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.db import Db, tenant_session
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.feeds.credentials import address_and_credentials, sealed_credentials, secret_of
from brandhound.feeds.discovering import Discovery, Offered, discover
from brandhound.feeds.errors import BadFeedAddress, FeedAlreadyFollowed, FeedNotFound, FeedPaused, FeedUnreachable
from brandhound.feeds.events import ArticlesStored
from brandhound.feeds.links import clean_url, feed_key
from brandhound.feeds.listing import feed_detail
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.feeds.moving import same_origin
from brandhound.feeds.queries import articles_at_hand, feed_by_id, followed_keys
from brandhound.feeds.reading import ParsedFeed
from brandhound.feeds.schemas import Credentials, FeedChanges, FeedDetail, NewFeed, RunStarted
from brandhound.jobs.registry import announce, enqueue
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

AT_HAND = timedelta(days=30)
"""Pages read before for others that a new follower gets at once, so that the first report is not empty."""
TOLD_AT_ONCE = 200


async def follow_address(caller: Caller, new: NewFeed, now: datetime) -> FeedDetail:
    """Follow the feed at an address, or the first one that the site there names, and read it soon.

    Raises BadFeedAddress, FeedAlreadyFollowed, FeedUnreachable or FeedNotFound.
    """
    address, credentials = address_and_credentials(new.url, new.credentials)
    key = feed_key(address)
    if key is None:
        raise BadFeedAddress(new.url)
    async with tenant_session(caller.organization_id) as db:
        if followed := await followed_keys(db, [key]):
            raise FeedAlreadyFollowed(followed[key])
        known = None if credentials else await _known_document(db, key)
    found = None if known else await _discovered(new.url, address, credentials)
    if found and not same_origin(found.url, address):
        # They were given for the site that was typed. What it names elsewhere was read without them.
        credentials = None
    async with tenant_session(caller.organization_id) as db:
        if found and (followed := await followed_keys(db, [feed_key(found.url) or ""])):
            raise FeedAlreadyFollowed(next(iter(followed.values())))
        feed = await follow_document(
            db,
            found.url if found else address,
            now,
            title=new.title,
            tags=new.tags,
            credentials=credentials,
            parsed=found.feed if found else None,
        )
        await record(db, caller, "feeds.followed", "feed", feed.id, {"url": found.url if found else address})
        # Nobody waits for its notice: the new feed's first entries are seen where it was followed.
        await _read_soon(db, feed, requested_by=None)
        return await feed_detail(db, feed.id, caller.time_zone)


async def _known_document(db: Db, key: str) -> FeedDocument | None:
    """A document that others follow and that was read well: it need not be looked at again."""
    return await db.scalar(
        select(FeedDocument).where(
            FeedDocument.url_key == key, FeedDocument.kind.is_not(None), FeedDocument.state == "active"
        )
    )


async def _discovered(typed: str, address: str, credentials: Credentials | None) -> Discovery:
    """The feed to follow. Raises FeedUnreachable or FeedNotFound."""
    found = await discover(address, secret_of(credentials))
    if found.feed is not None:
        return found
    if found.unreachable:
        raise FeedUnreachable(typed, found.problem or "", found.problem_code or "")
    offered = next((one for one in found.candidates if one.feed is not None), None)
    if offered is None:
        raise FeedNotFound(typed, found.problem or "", [one.url for one in found.candidates])
    return _as_discovery(offered)


def _as_discovery(offered: Offered) -> Discovery:
    return Discovery(offered.url, offered.url, feed=offered.feed)


async def follow_document(
    db: Db,
    url: str,
    now: datetime,
    *,
    title: str | None = None,
    tags: list[str] | None = None,
    credentials: Credentials | None = None,
    parsed: ParsedFeed | None = None,
) -> Feed:
    """Follow the feed at exactly this address; nobody is asked. Raises FeedAlreadyFollowed or BadFeedAddress."""
    feed_id = uuid7()
    url = clean_url(url) or ""
    key = f"private:{feed_id}" if credentials else feed_key(url)
    if key is None:
        raise BadFeedAddress(url)
    document_id = await _document(db, url, key, parsed, now, private=credentials is not None)
    values = {
        "id": feed_id,
        "document_id": document_id,
        "title": title or None,
        "tags": list(dict.fromkeys(tags or [])),
        "paused": False,
        "credentials_sealed": sealed_credentials(credentials) if credentials else None,
        "created_at": now,
    }
    added = insert(Feed).values(values).on_conflict_do_nothing(index_elements=["organization_id", "document_id"])
    feed = await db.scalar(added.returning(Feed))
    if feed is None:
        there = await db.scalar(select(Feed.id).where(Feed.document_id == document_id))
        raise FeedAlreadyFollowed(there or feed_id)
    publish(db, "feeds", feed.id)
    await tell_of_articles_at_hand(db, document_id, now)
    return feed


async def tell_of_articles_at_hand(db: Db, document_id: UUID, now: datetime) -> None:
    """Let a new follower have what was read of the feed for others."""
    at_hand = await articles_at_hand(db, document_id, now - AT_HAND)
    for start in range(0, len(at_hand), TOLD_AT_ONCE):
        await announce(db, ArticlesStored(article_ids=at_hand[start : start + TOLD_AT_ONCE]))


async def _document(db: Db, url: str, key: str, parsed: ParsedFeed | None, now: datetime, *, private: bool) -> UUID:
    """The shared row of the feed at an address, made or woken up."""
    values = {
        "id": uuid7(),
        "url": url,
        "url_key": key,
        "private": private,
        "title": (parsed.title_text[:300] or None) if parsed else None,
        "site_url": (parsed.link or "")[:2000] or None if parsed else None,
        "kind": parsed.kind if parsed else None,
        "state": "active",
        "next_check_at": now,
        "check_reason": "it is new here",
        "created_at": now,
    }
    made = insert(FeedDocument).values(values).on_conflict_do_nothing(index_elements=["url_key"])
    if document_id := await db.scalar(made.returning(FeedDocument.id)):
        return document_id
    # Parked since its last follower left, or given up long ago: somebody wants it again.
    await db.execute(
        update(FeedDocument)
        .where(FeedDocument.url_key == key, FeedDocument.next_check_at.is_(None))
        .values(state="active", next_check_at=now, check_reason="it is followed again", gone_count=0, gone_since=None)
    )
    return (await db.execute(select(FeedDocument.id).where(FeedDocument.url_key == key))).scalar_one()


async def change_feed(db: Db, caller: Caller, feed_id: UUID, changes: FeedChanges, now: datetime) -> None:
    """Give a feed another name, folders or credentials. Raises NotThere.

    With its first credentials a feed becomes a private one: from then on it is fetched for this organization alone.
    """
    feed, document = await feed_by_id(db, feed_id)
    given = changes.model_fields_set
    if "title" in given:
        feed.title = changes.title or None
    if "tags" in given and changes.tags is not None:
        feed.tags = list(dict.fromkeys(changes.tags))
    if "timeout_seconds" in given:
        feed.timeout_seconds = changes.timeout_seconds
    if changes.credentials is not None:
        feed.credentials_sealed = sealed_credentials(changes.credentials)
        if not document.private:
            feed.document_id = await _document(db, document.url, f"private:{feed.id}", None, now, private=True)
        else:
            document.next_check_at = now
        await _read_soon(db, feed, requested_by=caller.user_id)
    await db.flush()
    publish(db, "feeds", feed.id)
    # What changed is noted, never the secret itself.
    await record(db, caller, "feeds.changed", "feed", feed.id, {"changed": sorted(given)})


async def unfollow(db: Db, caller: Caller, feed_id: UUID) -> None:
    """Stop following. A private document goes too; a shared one is parked once nobody follows it. Raises NotThere."""
    feed, document = await feed_by_id(db, feed_id)
    await db.execute(delete(Feed).where(Feed.id == feed.id))
    if document.private:
        await db.execute(delete(FeedDocument).where(FeedDocument.id == document.id))
    publish(db, "feeds", feed_id)
    await record(db, caller, "feeds.unfollowed", "feed", feed_id, {"url": document.url})


async def pause(db: Db, caller: Caller, feed_id: UUID) -> None:
    """Do not listen for now. Twice is once. Raises NotThere."""
    feed, _ = await feed_by_id(db, feed_id)
    if not feed.paused:
        feed.paused = True
        publish(db, "feeds", feed_id)
        await record(db, caller, "feeds.paused", "feed", feed_id, {})


async def resume(db: Db, caller: Caller, feed_id: UUID, now: datetime) -> None:
    """Listen again, beginning soon. Raises NotThere."""
    feed, document = await feed_by_id(db, feed_id)
    if feed.paused:
        feed.paused = False
        await db.execute(
            update(FeedDocument)
            .where(
                FeedDocument.id == document.id,
                or_(FeedDocument.state == "parked", FeedDocument.next_check_at.is_(None)),
                FeedDocument.state != "gone",
            )
            .values(state="active", next_check_at=now, check_reason="it is followed again")
        )
        publish(db, "feeds", feed_id)
        await record(db, caller, "feeds.resumed", "feed", feed_id, {})


async def refresh_now(db: Db, caller: Caller, feed_id: UUID) -> RunStarted:
    """Check a feed now. Asked twice, it is one run. Raises NotThere or FeedPaused."""
    feed, _ = await feed_by_id(db, feed_id)
    if feed.paused:
        raise FeedPaused
    return await _read_soon(db, feed, requested_by=caller.user_id)


async def _read_soon(db: Db, feed: Feed, *, requested_by: UUID | None) -> RunStarted:
    limit = timedelta(seconds=feed.timeout_seconds) if feed.timeout_seconds else None
    run = await enqueue(
        db,
        "feeds.refresh",
        {"feed_id": feed.id},
        key=str(feed.id),
        requested_by=requested_by,
        time_limit=limit,
        # Asked to stop a little before it is stopped, so that it can still say how far it came.
        soft_limit=limit * 0.8 if limit else None,
        limit_from="feed",
    )
    return RunStarted(id=run.id, job=run.job, title=run.title, state=run.state)
