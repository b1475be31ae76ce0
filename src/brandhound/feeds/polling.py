"""Looking at feeds that are due, many at once."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.exc import DataError

from brandhound.core import clock
from brandhound.core.secrets import without_password
from brandhound.core.wording import count_of
from brandhound.feeds.claiming import Claimed
from brandhound.feeds.deciding import Verdict
from brandhound.feeds.looking import Look, look_at
from brandhound.feeds.reading import NotAFeed
from brandhound.feeds.recording import judge, store_look, store_quiet
from brandhound.feeds.storing import Stored

log = logging.getLogger(__name__)

AT_ONCE = 20
STORED_AT_ONCE = 4
"""Fewer than there are connections: whoever waits too long for one fails."""


@dataclass(slots=True)
class Tally:
    """What a round of looks came to."""

    checked: int = 0
    unchanged: int = 0
    failed: int = 0
    entries: int = 0
    parked: int = 0
    articles: list[UUID] = field(default_factory=list[UUID])

    def words(self) -> str:
        parts = [f"{count_of(self.checked, 'feed')} checked", count_of(self.entries, "new item")]
        if self.failed:
            parts.append(f"{self.failed} could not be read")
        return ", ".join(parts) if self.checked else "no feed was due"


async def _stored(look: Look, verdict: Verdict, organization_id: UUID | None) -> tuple[Verdict, Stored]:
    """A look written down; where what it found cannot be stored, that it cannot."""
    try:
        return verdict, await store_look(look, verdict, organization_id)
    except (ValueError, DataError) as error:
        log.exception("what a feed brought could not be stored: %s", without_password(look.document.url))
        look = replace(look, reading=NotAFeed("unreadable", type(error).__name__), body_sha256=None)
        verdict = judge(look)
        return verdict, await store_look(look, verdict, organization_id)


async def check(claimed: Sequence[Claimed], tally: Tally, *, organization_id: UUID | None = None) -> None:
    """Look at feeds, at most 20 at once, and store each look.

    Looks that found something are stored one by one, so that one bad feed spoils nothing; those that found nothing new
    are written together. Reading the new pages is queued in `organization_id`, else in the installation's own one.
    """
    turns, storing = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(STORED_AT_ONCE)
    quiet: list[tuple[Look, Verdict]] = []

    async def one(each: Claimed) -> None:
        # Held until it is stored, so that no more than twenty feeds are in memory when the database is slow.
        async with turns:
            look = await look_at(each.document, each.validators, each.credentials, clock.now())
            verdict = judge(look)
            # After failures there is something to be settled.
            if verdict.outcome == "unchanged" and not verdict.move_to and each.document.failing_since is None:
                quiet.append((look, verdict))
                tally.unchanged += 1
            else:
                async with storing:
                    verdict, stored = await _stored(look, verdict, organization_id)
                tally.entries += stored.entries
                tally.articles += stored.article_ids
        tally.checked += 1
        tally.failed += not verdict.succeeded

    outcomes = await asyncio.gather(*(one(each) for each in claimed), return_exceptions=True)
    await store_quiet(quiet)
    # Only after the others are stored; the claim of the one that failed runs out, and it is looked at again.
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
