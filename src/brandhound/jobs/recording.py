"""Writes what active runs of this process report, a few times a second and many at once."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core.db import Db, tenant_session
from brandhound.core.live import publish
from brandhound.core.system import system_session
from brandhound.jobs.logs import Line
from brandhound.jobs.models import RunLine, RunRow
from brandhound.jobs.progress import EVERY, Standing
from brandhound.jobs.running import Attempt, Request

BEAT = 15.0
"""Seconds between two signs of life of a run."""

_LINES_AT_ONCE = 2_000
_BEAT = """
update runs set beat_at = now() from unnest(cast(:ids as uuid[]), cast(:numbers as int[])) as here (id, number)
 where runs.id = here.id and attempts = here.number and state = 'running'
"""
_console = logging.getLogger("brandhound.jobs")


class Recorder:
    """Knows the attempts that are active in this event loop."""

    def __init__(self) -> None:
        self._active: dict[UUID, Attempt] = {}
        self._writer: asyncio.Task[None] | None = None
        self._beaten_at = 0.0

    def watch(self, attempt: Attempt) -> None:
        """Begin to write what it reports."""
        self._active[attempt.run_id] = attempt
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_often(), name="run-recorder")

    def forget(self, attempt: Attempt) -> None:
        """It has ended here."""
        if self._active.get(attempt.run_id) is attempt:
            del self._active[attempt.run_id]

    def ask(self, run_id: UUID, request: Request) -> None:
        """Pass on that a run is to stop; nothing if it is not here."""
        if attempt := self._active.get(run_id):
            attempt.ask(request)

    def let_go_on(self, run_id: UUID) -> None:
        """Pass on that a run need not pause any more; nothing if it is not here."""
        if attempt := self._active.get(run_id):
            attempt.let_go_on()

    def close(self) -> None:
        """Nothing more will come."""
        if self._writer is not None:
            self._writer.cancel()

    @property
    def active(self) -> list[UUID]:
        """The runs that are here."""
        return list(self._active)

    async def _write_often(self) -> None:
        # Goes on for a while after the last run, so that many short runs do not each start a task.
        idle = 0
        while idle < 20:
            await asyncio.sleep(EVERY)
            idle = 0 if self._active else idle + 1
            await self.flush()
            await self._beat()

    async def _beat(self) -> None:
        """Say of every run that is here that its event loop still turns. Its worker's own signs of life come from a thread."""
        if not self._active or time.monotonic() - self._beaten_at < BEAT:
            return
        self._beaten_at = time.monotonic()
        attempts = list(self._active.values())
        values = {"ids": [one.run_id for one in attempts], "numbers": [one.number for one in attempts]}
        try:
            async with system_session() as db:
                await db.execute(text(_BEAT), values)
        except Exception as error:
            _console.info("signs of life wait for the database: %s", error)

    async def flush(self) -> None:
        """Write all news, one transaction for each organization."""
        news: defaultdict[UUID, list[Attempt]] = defaultdict(list)
        for attempt in self._active.values():
            if attempt.log.has_news or attempt.progress.has_news:
                news[attempt.organization_id].append(attempt)
        for organization_id, attempts in news.items():
            await self._write(organization_id, attempts)

    async def _write(self, organization_id: UUID, attempts: list[Attempt]) -> None:
        taken: list[tuple[Attempt, Standing | None, list[Line]]] = []
        try:
            for attempt in attempts:
                if attempt.writing.locked():
                    continue
                await attempt.writing.acquire()
                taken.append((attempt, attempt.progress.due(), attempt.log.take(_LINES_AT_ONCE)))
            if not any(standing or lines for _, standing, lines in taken):
                return
            async with tenant_session(organization_id) as db:
                for attempt, standing, _ in taken:
                    if standing:
                        await write_standing(db, attempt, standing)
                await write_lines(db, [(attempt, lines) for attempt, _, lines in taken])
        except Exception as error:
            _console.info("what runs report waits for the database: %s", error)
            for attempt, standing, lines in taken:
                attempt.log.give_back(lines)
                if standing:
                    attempt.progress.give_back(standing)
        finally:
            for attempt, _, _ in taken:
                attempt.writing.release()


async def write_standing(db: Db, attempt: Attempt, standing: Standing) -> None:
    """Write how far a run is, unless another worker has it by now."""
    await db.execute(
        update(RunRow)
        .where(RunRow.id == attempt.run_id, RunRow.attempts == attempt.number)
        .values(
            progress_done=standing.done,
            progress_total=standing.total,
            progress_text=standing.text,
            progress_share=standing.share,
            step=standing.step,
            step_number=standing.number,
            step_count=standing.count,
        )
        .execution_options(synchronize_session=False)
    )
    publish(db, "runs", attempt.run_id)


async def write_lines(db: Db, of_attempts: Sequence[tuple[Attempt, list[Line]]]) -> None:
    """Write log lines. Safe to repeat: a line that is there already is left alone."""
    rows = [
        {
            "run_id": attempt.run_id,
            "organization_id": attempt.organization_id,
            "seq": line.seq,
            "at": line.at,
            "level": line.level,
            "text": line.text,
            "facts": line.facts,
        }
        for attempt, lines in of_attempts
        for line in lines
    ]
    if not rows:
        return
    await db.execute(insert(RunLine).on_conflict_do_nothing(), rows)
    publish(db, "run-log", *(attempt.run_id for attempt, lines in of_attempts if lines))
