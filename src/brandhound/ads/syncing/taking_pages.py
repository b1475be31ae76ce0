"""Pages of insights on their way into the tables: read and stored while the next ones are fetched.

One page is read at a time, a hundred rows in one go, so that nobody else in this process waits for long; and one is stored at a
time, since an account's facts have one writer. A few may wait; then the fetching waits as well, and memory stays what it is.
"""

import asyncio
from types import TracebackType
from typing import Self
from uuid import UUID

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.reports import Portion
from brandhound.ads.syncing.describing import note_shape
from brandhound.ads.syncing.keeping_pages import KeptPage, keep_page, note_pages
from brandhound.ads.syncing.reading_rows import Rows, read_rows
from brandhound.ads.syncing.scope import Scope
from brandhound.ads.syncing.storing_facts import Stored, store_actions, store_facts
from brandhound.ads.syncing.storing_objects import name_ads
from brandhound.core import clock
from brandhound.core.db import tenant_session

WAITING = 3
"""Pages that are fetched and not stored yet."""
IN_ONE_GO = 100
"""Rows that are read before somebody else has a turn. A thread would be in the way of every piece that comes from the network."""


class Intake:
    """Takes pages of one account in. `ids` are our identifiers of the ads that are known."""

    def __init__(self, scope: Scope, asker: Asker, ids: dict[str, UUID]) -> None:
        self.scope = scope
        self.ids = ids
        self._asker = asker
        self._noted: set[str | None] = set()
        self._room = asyncio.Semaphore(WAITING)
        self._reading = asyncio.Lock()
        self._storing = asyncio.Lock()

    def counter(self, *, is_known: bool) -> "Counter":
        """Who takes the pages of one question. `is_known` when its days were read before."""
        return Counter(self, is_known)

    async def room(self) -> asyncio.Semaphore:
        """Wait until one more page may be in memory."""
        await self._room.acquire()
        return self._room

    async def take_in(self, portion: Portion, *, is_known: bool) -> Stored:
        """Store one portion, with its answers. Its rows are gone afterwards. Safe to repeat with others of the same."""
        scope = self.scope
        # The answers are kept before anything is made of them, so that what cannot be read can be looked at.
        kept = await asyncio.to_thread(_keep, portion)
        async with self._reading:
            read = await _read(portion, scope.external_id)
        new = {external: row for external, row in read.ads.items() if external not in self.ids}
        # What was read is much smaller than what it was read from.
        portion.rows.clear()
        read.ads.clear()
        async with self._storing, tenant_session(scope.organization_id) as db:
            now, version = clock.now(), self._asker.version
            ids = self.ids | await name_ads(db, scope.account_id, new, now) if new else self.ids
            stored = await store_facts(
                db,
                scope.account_id,
                read.facts,
                ids,
                now,
                known_since=scope.known_since,
                known_until=scope.known_until if is_known else None,
                today=scope.growing,
            )
            await store_actions(db, scope.account_id, read.actions, ids)
            await note_pages(db, scope.account_id, scope.run_id, kept)
            if not self._noted >= (shape := {*read.unknown, version}):
                await note_shape(db, scope, "insights", read.unknown, version)
        self.ids = ids
        self._noted |= shape
        return stored


class Counter:
    """The pages of one question, and what storing them came to.

    Behind an `async with` all that was handed over is stored, or what went wrong is raised.
    """

    def __init__(self, intake: Intake, is_known: bool) -> None:
        self.stored = Stored()
        self._is_known = is_known
        self._intake = intake
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for task in self._tasks:
            task.result()

    async def take(self, portion: Portion) -> None:
        """Have it stored soon. Raises what went wrong with an earlier one."""
        for task in self._tasks:
            if task.done():
                task.result()
        room = await self._intake.room()
        self._tasks.append(asyncio.create_task(self._store(portion, room)))

    async def _store(self, portion: Portion, room: asyncio.Semaphore) -> None:
        try:
            stored = await self._intake.take_in(portion, is_known=self._is_known)
            self.stored += stored
        finally:
            room.release()


def _keep(portion: Portion) -> list[KeptPage]:
    return [keep_page("insights", answer.asked, answer.raw, answer.rows) for answer in portion.answers]


async def _read(portion: Portion, account: str) -> Rows:
    found = Rows()
    for start in range(0, len(portion.rows), IN_ONE_GO):
        found.add(read_rows(portion.rows[start : start + IN_ONE_GO], account))
        await asyncio.sleep(0)
    return found
