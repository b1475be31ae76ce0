"""One look at a feed on the web: fetched, read, judged. Stores nothing and holds no transaction."""

import asyncio
import hashlib
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from brandhound.core.http.client import FetchFailed, FetchRequest, FetchResult, Validators, fetcher
from brandhound.core.secrets import without_password
from brandhound.feeds.deciding import READ, Reading, Standing
from brandhound.feeds.models import FeedDocument
from brandhound.feeds.moving import Move
from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.reading import NotAFeed

log = logging.getLogger(__name__)

LARGE = 64 * 1024
"""Bodies from this size on are read in a thread, so that the others are not kept waiting."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look gave. `reading` is None for a 304 or a body that is letter by letter the one before."""

    document: FeedDocument
    answer: FetchResult | FetchFailed
    reading: Reading
    body_sha256: str | None
    at: datetime


async def look_at(
    document: FeedDocument,
    validators: Mapping[str, Validators],
    credentials: tuple[str, str] | None,
    now: datetime,
) -> Look:
    """Fetch a feed with what is known of its version, and read it if it is another one. Never raises for the web's sake."""
    request = FetchRequest(
        url=document.url, purpose="feed", obey_robots=False, validators=validators, credentials=credentials
    )
    try:
        answer = await fetcher().fetch(request)
    except FetchFailed as failed:
        return Look(document, failed, None, None, now)
    if answer.status not in READ:
        return Look(document, answer, None, None, now)
    digest = hashlib.sha256(answer.body).hexdigest()
    if answer.body and digest == document.body_sha256 and document.error_code is None:
        return Look(document, answer, None, digest, now)
    return Look(document, answer, await read_answer(answer), digest, now)


async def read_answer(answer: FetchResult) -> Reading:
    """The feed in an answer, or why it is none; an error of our reading is told of and is one of the reasons."""
    try:
        if len(answer.body) < LARGE:
            return parse_feed(answer.body, answer.final_url, answer.headers)
        return await asyncio.to_thread(parse_feed, answer.body, answer.final_url, answer.headers)
    except NotAFeed as none:
        return none
    except Exception as error:
        # What one publisher writes must not keep the feeds of all others from being looked at.
        log.exception("a feed could not be read: %s", without_password(answer.final_url))
        return NotAFeed("unreadable", type(error).__name__)


def standing_of(document: FeedDocument) -> Standing:
    """What is known of a feed before a look."""
    return Standing(
        url=document.url,
        private=document.private,
        rhythm=document.known_rhythm,
        failures=document.failures,
        failing_since=document.failing_since,
        gone_count=document.gone_count,
        gone_since=document.gone_since,
        move=Move(document.moved_to, document.moved_count, document.moved_since),
        ttl_minutes=document.ttl_minutes,
        skip_hours=frozenset(document.skip_hours),
        skip_days=frozenset(document.skip_days),
        searched_at=document.searched_at,
    )


def chance() -> float:
    """Spreads the checks of many feeds over time."""
    return random.random()
