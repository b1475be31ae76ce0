"""A look at an address before following it."""

from collections.abc import Iterable
from uuid import UUID

from brandhound.core.db import tenant_session
from brandhound.feeds.credentials import address_and_credentials, secret_of
from brandhound.feeds.discovering import Discovery, discover
from brandhound.feeds.errors import FeedNotFound, FeedUnreachable
from brandhound.feeds.links import clean_url, feed_key
from brandhound.feeds.queries import followed_keys
from brandhound.feeds.reading import ParsedEntry, forgiven
from brandhound.feeds.schemas import Candidate, Credentials, EntryOut, FeedPreview, FeedProblem

SHOWN = 10


async def preview_address(organization_id: UUID, url: str, credentials: Credentials | None) -> FeedPreview:
    """What lies at an address: the feed with its first items, or the feeds that the site names.

    Raises BadFeedAddress. What goes wrong on the way is part of the answer.
    """
    address, credentials = address_and_credentials(url, credentials)
    found = await discover(address, secret_of(credentials))
    keys = {feed_key(one) or one for one in (found.url, found.final_url, *(one.url for one in found.candidates))}
    async with tenant_session(organization_id) as db:
        followed = await followed_keys(db, keys)
    feed = found.feed
    return FeedPreview(
        final_url=found.final_url,
        kind=feed.kind if feed else None,
        title=feed.title_text if feed else None,
        site_url=feed.link if feed else None,
        language=feed.language if feed else None,
        entries=list(_shown(feed.entries[:SHOWN], found.url)) if feed else [],
        entry_count=len(feed.entries) if feed else 0,
        notes=forgiven(repaired=feed.repaired, truncated=feed.truncated) if feed else [],
        took_ms=found.took_ms,
        candidates=[
            Candidate(
                url=one.url,
                title=one.title,
                kind=one.kind,
                entries=len(one.feed.entries) if one.feed else None,
                followed=feed_key(one.url) in followed,
            )
            for one in found.candidates
        ],
        followed_feed_id=followed.get(feed_key(found.url) or "") or followed.get(feed_key(found.final_url) or ""),
        problem=_problem(found),
    )


def _problem(found: Discovery) -> FeedProblem | None:
    if not found.problem_code:
        return None
    error = FeedUnreachable if found.unreachable else FeedNotFound
    return FeedProblem(code=found.problem_code, detail=found.problem or "", error=error.code)


def _shown(entries: Iterable[ParsedEntry], feed_url: str) -> Iterable[EntryOut]:
    for entry in entries:
        yield EntryOut(
            title=entry.title_text[:300],
            link=clean_url(entry.link, feed_url) if entry.link else None,
            published_at=entry.published,
            authors=list(entry.authors[:10]),
            summary=(entry.summary_text or entry.content_text)[:300],
        )
