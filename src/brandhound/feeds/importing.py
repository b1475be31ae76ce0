"""Feeds in and out as OPML."""

from datetime import datetime

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.secrets import without_password
from brandhound.feeds.credentials import address_and_credentials
from brandhound.feeds.errors import BadFeedAddress
from brandhound.feeds.following import follow_document
from brandhound.feeds.following_many import MOST_TAGS, Wish, follow_many
from brandhound.feeds.links import feed_key
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.feeds.opml import Outline, read_opml, write_opml
from brandhound.feeds.queries import followed_keys, shown_title
from brandhound.feeds.schemas import OpmlFeed, OpmlFeeds, OpmlRejected, OpmlResult
from brandhound.jobs.registry import enqueue
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

AT_ONCE = 50
"""Feeds read at once after an import; the others follow within the minutes after it, as polling comes to them."""
LONGEST_TAG = 60


async def import_opml(db: Db, caller: Caller, document: bytes, now: datetime) -> OpmlResult:
    """Follow every feed of an OPML file, its folders as tags. Nobody is asked yet: health shows what cannot be read.

    Users and passwords inside addresses are sealed, as if they had been given beside them. Raises BadOpml.
    """
    wishes: dict[str, Wish] = {}
    rejected: list[OpmlRejected] = []
    for outline in read_opml(document):
        try:
            wish = _wish(outline)
        except BadFeedAddress:
            rejected.append(OpmlRejected(url=without_password(outline.url)[:500], reason=BadFeedAddress.title()))
            continue
        before = wishes.get(wish.key)
        # Two spellings of one address, each in a folder of its own, are one feed in both.
        wishes[wish.key] = wish if before is None else before.joined(wish)
    there = await followed_keys(db, wishes)
    wanted = [wish for wish in wishes.values() if wish.key not in there]
    followed = await follow_many(db, [wish for wish in wanted if wish.credentials is None], now)
    for wish in (wish for wish in wanted if wish.credentials is not None):
        feed = await follow_document(
            db, wish.url, now, title=wish.title, tags=list(wish.tags), credentials=wish.credentials
        )
        followed.append(feed.id)
    already = len(wishes) - len(followed)
    for feed_id in followed[:AT_ONCE]:
        # Nobody's run: fifty notices would tell what the list of feeds shows.
        await enqueue(db, "feeds.refresh", {"feed_id": feed_id}, key=str(feed_id))
    facts: dict[str, object] = {"followed": len(followed), "already": already, "rejected": len(rejected)}
    await record(db, caller, "feeds.imported", "feeds", None, facts)
    return OpmlResult(followed=len(followed), already=already, rejected=rejected)


def _wish(outline: Outline) -> Wish:
    """What to follow of an outline. Raises BadFeedAddress."""
    address, credentials = address_and_credentials(outline.url)
    key = feed_key(address)
    if key is None:
        raise BadFeedAddress(outline.url)
    tags = dict.fromkeys(folder[:LONGEST_TAG].strip() for folder in outline.folders)
    return Wish(address, key, (outline.title or "")[:200] or None, tuple(tags)[:MOST_TAGS], credentials)


def feeds_named(document: bytes) -> OpmlFeeds:
    """The feeds of an OPML file as it names them. Raises BadOpml."""
    return OpmlFeeds(
        items=[OpmlFeed(url=without_password(outline.url), title=outline.title) for outline in read_opml(document)]
    )


async def export_opml(db: Db, now: datetime) -> str:
    """The followed feeds as OPML 2.0. Feeds with credentials are listed, their credentials are not."""
    rows = await db.execute(
        select(Feed, FeedDocument, shown_title)
        .join(FeedDocument, FeedDocument.id == Feed.document_id)
        .order_by(shown_title, Feed.id)
    )
    outlines = [Outline(document.url, title, document.site_url, tuple(feed.tags)) for feed, document, title in rows]
    return write_opml(outlines, now)
