"""Feeds in and out as OPML."""

from datetime import datetime

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.secrets import without_password
from brandhound.feeds.errors import BadFeedAddress
from brandhound.feeds.following_many import Wish, follow_many
from brandhound.feeds.links import clean_url, feed_key, typed_address
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.feeds.opml import Outline, read_opml, write_opml
from brandhound.feeds.queries import shown_title
from brandhound.feeds.schemas import OpmlFeed, OpmlFeeds, OpmlRejected, OpmlResult
from brandhound.jobs.registry import enqueue
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

AT_ONCE = 50
"""Feeds read at once after an import; the others follow within the minutes after it, as polling comes to them."""
MOST_TAGS, LONGEST_TAG = 20, 60


async def import_opml(db: Db, caller: Caller, document: bytes, now: datetime) -> OpmlResult:
    """Follow every feed of an OPML file, its folders as tags. Nobody is asked yet: health shows what cannot be read.

    Raises BadOpml.
    """
    wishes: dict[str, Wish] = {}
    rejected: list[OpmlRejected] = []
    outlines = read_opml(document)
    for outline in outlines:
        address = clean_url(typed_address(outline.url) or "")
        key = feed_key(address) if address else None
        if address is None or key is None:
            rejected.append(OpmlRejected(url=without_password(outline.url)[:500], reason=BadFeedAddress.title()))
            continue
        tags = (folder[:LONGEST_TAG] for folder in outline.folders[:MOST_TAGS])
        wishes.setdefault(key, Wish(address, key, (outline.title or "")[:200] or None, tuple(dict.fromkeys(tags))))
    followed = await follow_many(db, list(wishes.values()), now)
    already = len(outlines) - len(rejected) - len(followed)
    for feed_id in followed[:AT_ONCE]:
        # Nobody's run: fifty notices would tell what the list of feeds shows.
        await enqueue(db, "feeds.refresh", {"feed_id": feed_id}, key=str(feed_id))
    facts: dict[str, object] = {"followed": len(followed), "already": already, "rejected": len(rejected)}
    await record(db, caller, "feeds.imported", "feeds", None, facts)
    return OpmlResult(followed=len(followed), already=already, rejected=rejected)


def feeds_named(document: bytes) -> OpmlFeeds:
    """The feeds of an OPML file as it names them. Raises BadOpml."""
    return OpmlFeeds(items=[OpmlFeed(url=outline.url, title=outline.title) for outline in read_opml(document)])


async def export_opml(db: Db, now: datetime) -> str:
    """The followed feeds as OPML 2.0. Feeds with credentials are listed, their credentials are not."""
    rows = await db.execute(
        select(Feed, FeedDocument, shown_title)
        .join(FeedDocument, FeedDocument.id == Feed.document_id)
        .order_by(shown_title, Feed.id)
    )
    outlines = [Outline(document.url, title, document.site_url, tuple(feed.tags)) for feed, document, title in rows]
    return write_opml(outlines, now)
