"""Following a log: new lines as they are stored, at most as many as somebody can read, and the number of those left out."""

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
import structlog

from brandhound.admin.logs.schemas import LogRecordOut
from brandhound.admin.logs.searching import count_lines, find_lines
from brandhound.admin.logs.wanted import Wanted, Window
from brandhound.core import clock
from brandhound.core.addresses import database_url
from brandhound.core.logs.lines import time_of
from brandhound.core.logs.shipping import CHANNEL

LOOK_BACK = timedelta(seconds=10)
"""Processes write in batches, and their clocks differ: what is so much older may still arrive."""

FARTHEST = timedelta(minutes=15)
"""Who comes back after a longer time goes on here: what was said before is found by a search."""

LOOK = 5.0
"""Seconds between two looks of its own, should a word of new lines be lost."""

EVERY = 0.5
"""Seconds between two updates at the least."""

LINES = 200
"""Lines in one update at the most. What comes faster is counted and left out; all of it can be searched for."""

_AT_ONCE = 1_000
_log = structlog.get_logger("brandhound.logs")


@dataclass(frozen=True)
class News:
    """Lines that came, oldest first, and how many came beside them that are not shown; None: too many to be counted."""

    lines: list[LogRecordOut]
    skipped: int | None = 0


@dataclass
class Follower:
    """What somebody has been shown of a search so far."""

    wanted: Wanted
    since: datetime
    _known: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])

    async def look(self) -> News:
        """What came since the last look. Raises SearchTooSlow."""
        now = clock.now()
        wanted = replace(self.wanted, window=Window(self.since, now + timedelta(minutes=1)))
        page = await find_lines(wanted, None, _AT_ONCE)
        fresh = [line for line in page.items if line.id not in self._known]
        over = max(0, len(fresh) - LINES)
        skipped: int | None = over
        self._known |= {line.id: line.at for line in fresh}
        self.since = max(self.since, now - LOOK_BACK)
        if page.next is not None:
            oldest = page.items[-1].at
            shown_before = sum(at < oldest for at in self._known.values())
            total = await count_lines(replace(wanted, window=Window(wanted.window.since, oldest)))
            skipped = None if total is None else over + max(0, total - shown_before)
            # What lies before has been counted.
            self.since = max(self.since, oldest)
        self._known = {known: at for known, at in self._known.items() if at >= self.since}
        return News(fresh[:LINES][::-1], skipped)


def follower(wanted: Wanted, after: UUID | None) -> Follower:
    """Somebody who follows a search from now on, or goes on after the line that they had last."""
    now = clock.now()
    since = now - LOOK_BACK
    if after is not None and (at := time_of(after)) is not None:
        since = min(since, max(at - LOOK_BACK, now - FARTHEST))
    return Follower(wanted, since)


async def news(follower: Follower) -> AsyncGenerator[News | None]:
    """What comes, and None when nothing did for a while. Holds no connection while it waits. Raises SearchTooSlow."""
    with ear().listening(follower.wanted.organization_id) as called:
        while True:
            called.clear()
            came = await follower.look()
            if came.lines or came.skipped != 0:
                yield came
                # More slowly to who reads slowly: what comes meanwhile is gathered, or counted.
                await asyncio.sleep(EVERY)
            try:
                await asyncio.wait_for(called.wait(), LOOK)
            except TimeoutError:
                yield None


class Ear:
    """Hears from PostgreSQL whose lines are new: one connection for all who follow in this process, while there are any."""

    def __init__(self) -> None:
        self._events: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def listening(self, owner: UUID) -> Generator[asyncio.Event]:
        """An event that is set whenever there are new lines of this owner."""
        event = asyncio.Event()
        self._events[owner].add(event)
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen_on(), name="log-followers")
        try:
            yield event
        finally:
            self._events[owner].discard(event)
            if not self._events[owner]:
                del self._events[owner]
            if not self._events:
                self._listening.cancel()
                self._listening = None

    async def _listen_on(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                _log.info("who follows the log looks by the clock until the database calls again", error=str(error))
            await asyncio.sleep(random.uniform(0.5, 2.0))

    async def _listen(self) -> None:
        # Never through a transaction pooler: LISTEN belongs to a connection.
        async with await psycopg.AsyncConnection.connect(
            database_url("system"), autocommit=True, keepalives_idle=15, application_name="brandhound-log-followers"
        ) as connection:
            await connection.execute(f"listen {CHANNEL}")
            self._call(None)
            async for notification in connection.notifies():
                told = notification.payload
                self._call(None if told == "*" else [UUID(owner) for owner in told.split(",")])

    def _call(self, owners: list[UUID] | None) -> None:
        for owner in list(self._events) if owners is None else owners:
            for event in self._events.get(owner, ()):
                event.set()


_ears: WeakKeyDictionary[asyncio.AbstractEventLoop, Ear] = WeakKeyDictionary()


def ear() -> Ear:
    """That of the running event loop."""
    return _ears.setdefault(asyncio.get_running_loop(), Ear())
