"""Changes on their way to open screens: one listening connection a process, a bounded queue a screen."""

import asyncio
import contextlib
import json
import random
import time
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import func, select, text

from brandhound.core.addresses import database_url
from brandhound.core.db import Db, tenant_session
from brandhound.core.live import CHANNEL, heard, listening
from brandhound.core.models import LiveEvent
from brandhound.core.system import system_session

KEPT = 512
_SLACK = 2.0
_log = structlog.get_logger("brandhound.live")


@dataclass(frozen=True)
class LiveChange:
    """One change. `id` orders all changes of the installation."""

    id: int
    topic: str
    key: str


Screen = asyncio.Queue[LiveChange | None]
"""The changes on their way to a screen. None: the numbers began anew, and whoever listens has to ask where it stands."""


class Hub:
    """Hears of changes from PostgreSQL and hands each to the screens of its organization."""

    def __init__(self) -> None:
        self._screens: defaultdict[UUID, set[Screen]] = defaultdict(set)
        self._last = 0
        self._first_screen_at: float | None = None
        self.ready = asyncio.Event()

    @property
    def screens(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._screens.values()))

    async def run(self) -> None:
        """Listen for ever, reconnecting; what happened in between is read from the table."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                _log.info("live listener reconnects", error=str(error))
            await asyncio.sleep(random.uniform(0.2, 1.0))

    async def _listen(self) -> None:
        # Never through a transaction pooler: LISTEN belongs to a connection.
        async with await psycopg.AsyncConnection.connect(
            database_url("system"), autocommit=True, keepalives_idle=15, application_name="brandhound-listen"
        ) as connection:
            await connection.execute(f"listen {CHANNEL}")
            with listening():
                await self._catch_up()
                self.ready.set()
                async for notification in connection.notifies():
                    for number, organization_id, topic, key in json.loads(notification.payload):
                        heard(topic, key)
                        self._hand_out(UUID(organization_id), LiveChange(number, topic, key))

    async def _catch_up(self) -> None:
        async with system_session() as db:
            if self._last > await _last_given(db):
                self._begin_anew()
            elif self._last == 0:
                self._last = await self._before_the_first_screen(db)
            for row in await db.scalars(select(LiveEvent).where(LiveEvent.id > self._last).order_by(LiveEvent.id)):
                self._hand_out(row.organization_id, LiveChange(row.id, row.topic, row.key))

    def _begin_anew(self) -> None:
        """Another database is at the same address, such as one brought back from a backup: its numbers are lower."""
        self._last = 0
        for queue in [queue for queues in self._screens.values() for queue in queues]:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)

    async def _before_the_first_screen(self, db: Db) -> int:
        """The number after which screens have to be told: those that opened before anybody listened have missed something.

        Some seconds more than that, because the numbers are given a moment after what they tell of.
        """
        known = select(func.max(LiveEvent.id))
        if self._first_screen_at is not None:
            seconds = time.monotonic() - self._first_screen_at + _SLACK
            known = known.where(LiveEvent.at < text("now() - make_interval(secs => :seconds)"))
            return await db.scalar(known, {"seconds": seconds}) or 0
        return await db.scalar(known) or 0

    def _hand_out(self, organization_id: UUID, change: LiveChange) -> None:
        if change.id <= self._last:
            return
        self._last = change.id
        for queue in self._screens.get(organization_id, ()):
            if queue.full():
                queue.get_nowait()  # A slow screen loses the oldest; it is told so by the gap in the numbers.
            queue.put_nowait(change)

    @contextlib.contextmanager
    def screen(self, organization_id: UUID) -> Generator[Screen]:
        """The changes of an organization, from now on."""
        if self._first_screen_at is None:
            self._first_screen_at = time.monotonic()
        queue: Screen = asyncio.Queue(KEPT)
        self._screens[organization_id].add(queue)
        try:
            yield queue
        finally:
            self._screens[organization_id].discard(queue)
            if not self._screens[organization_id]:
                del self._screens[organization_id]


async def changes_since(organization_id: UUID, after: int, limit: int = KEPT) -> list[LiveChange]:
    """What changed after a number, oldest first, as far back as an hour."""
    async with tenant_session(organization_id) as db:
        rows = await db.scalars(select(LiveEvent).where(LiveEvent.id > after).order_by(LiveEvent.id).limit(limit))
        return [LiveChange(row.id, row.topic, row.key) for row in rows]


async def newest(organization_id: UUID) -> int:
    """The number of the organization's last change, 0 if there is none."""
    async with tenant_session(organization_id) as db:
        return await db.scalar(select(func.max(LiveEvent.id))) or 0


@dataclass(frozen=True)
class Kept:
    """The numbers of the changes that can be told still: all after `after`, up to `until`, the last that was given away."""

    after: int
    until: int

    def tells_all_since(self, number: int) -> bool:
        """Whether whoever has heard up to this number can be told everything since.

        Not after more than an hour, nor when the number is of a time that this database does not know, since it was brought
        back from a backup.
        """
        return self.after <= number <= self.until

    def start(self, number: int) -> int:
        """After which number to go on: a number that was never given here would wait for ever."""
        return number if number <= self.until else 0


async def kept() -> Kept:
    """Which numbers there are, of all organizations together."""
    async with system_session() as db:
        given = await _last_given(db)
        oldest = await db.scalar(select(func.min(LiveEvent.id)))
        return Kept(given if oldest is None else oldest - 1, given)


async def _last_given(db: Db) -> int:
    return await db.scalar(text("select case when is_called then last_value else 0 end from live_events_id_seq")) or 0
